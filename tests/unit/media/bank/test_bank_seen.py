"""A new entry finds the uploads of the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from bank_parts import flipped, words

from tarazu.errors import InputError, NotReadable
from tarazu.media.bank import Bank, Seen
from tarazu.sightings import PictureHash, Transform

KNOWN = "0f1e2d3c4b5a6978" * 4
DAY = datetime(2030, 1, 1, tzinfo=UTC)


def frame(pdq: str, quality: int = 90) -> list[PictureHash]:
    return [PictureHash(pdq=pdq, quality=quality)]


def test_the_past_is_found_by_distance_and_turn(tmp_path: Path) -> None:
    with Seen(tmp_path / "seen.db") as seen, Seen(tmp_path / "seen.db") as other:
        assert other.matching(words(KNOWN)) == []
        seen.remember_many(
            [
                (frame(flipped(KNOWN, 31)), "near", DAY),
                (frame(flipped(KNOWN, 32)), "far", DAY),
                (frame(KNOWN, quality=49), "poor", DAY),
                (frame("a5" * 32), "turned", DAY + timedelta(days=1)),
                (frame(KNOWN) + frame(flipped(KNOWN, 5)), "video", DAY),
            ]
        )
        seen.remember(frame(KNOWN), "video", DAY + timedelta(days=9))  # the first time stays
        turned = np.repeat(words(KNOWN), 8, axis=0)
        turned[4] = words("a5" * 32)
        found = [(one.reference, one.distance, one.transform, one.at) for one in other.matching(turned)]
        assert found == [
            ("turned", 0, Transform.FLIPPED, DAY + timedelta(days=1)),
            ("video", 0, Transform.UPRIGHT, DAY),
            ("near", 31, Transform.UPRIGHT, DAY),
        ]
        assert [one.reference for one in other.matching(words(KNOWN), 30)] == ["video"]


def test_what_is_forgotten_is_gone_from_the_disk(tmp_path: Path) -> None:
    with Seen(tmp_path / "seen.db") as seen, Seen(tmp_path / "seen.db") as other:
        seen.remember(frame(KNOWN), "a-secret-reference", DAY)
        seen.remember(frame("a5" * 32), "later", DAY + timedelta(days=1))
        assert other.matching(words(KNOWN))
        assert seen.forget(DAY + timedelta(days=1)) == 1
        assert not other.matching(words(KNOWN))
        assert not seen.matching(words(KNOWN))
        assert len(seen) == 1
        left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"a-secret-reference" not in left
        assert bytes.fromhex(KNOWN) not in left


def test_other_files_and_nameless_uploads_are_refused(tmp_path: Path) -> None:
    Bank.create(tmp_path / "a.bank", owner="o", reason="r").close()
    with pytest.raises(NotReadable, match="no file of seen uploads"):
        Seen(tmp_path / "a.bank")
    with Seen(tmp_path / "seen.db") as seen, pytest.raises(InputError, match="reference"):
        seen.remember(frame(KNOWN), "", DAY)
