from __future__ import annotations

import numpy as np

from tarazu.coordination.traces.rhythm import describe

DAY = 86_400_000


def test_an_office_in_another_zone() -> None:
    random = np.random.default_rng(1)
    days = random.integers(0, 140, 6_000) + 4  # day 4 of 1970 was a Monday
    days = days[(days - 4) % 7 < 5]
    clock = random.uniform(9, 18, days.size)
    keep = (clock < 13) | (clock > 13.5)
    local = days * DAY + clock * DAY / 24
    found = describe((local - 3 * DAY / 24)[keep].astype(np.int64))
    assert found is not None
    assert found.utc_offset == 3
    assert (found.start, found.end) == (9 * 60, 18 * 60)
    assert found.pause == 13 * 60
    assert found.weekend_share == 0
    assert found.fit > 0.9
    assert "09:00 and 18:00" in found.sentence


def test_too_few_posts_have_no_rhythm() -> None:
    assert describe(np.arange(10)) is None
