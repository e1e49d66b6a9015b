from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tarazu.sources import times
from tarazu.sources.times import Clock, parse

FIRST, LAST = datetime(1990, 1, 2), datetime(2099, 12, 30)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(FIRST, LAST, timezones=offsets)


def _ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _parse(values: Sequence[object], clock: Clock | None = None) -> tuple[list[int | None], list[str | None]]:
    got, why = parse(pl.Series(list(values)), clock or Clock())
    return got.to_physical().to_list(), why.to_list()


@given(st.lists(moments, min_size=1, max_size=20), st.sampled_from(["T", " ", "t"]), st.booleans())
def test_iso_with_an_offset_is_read_as_python_reads_it(
    values: list[datetime], mark: str, colon: bool
) -> None:
    texts = [value.isoformat(sep=mark) for value in values]
    if not colon:
        texts = [text[:-3] + text[-2:] for text in texts]
    assert _parse(texts) == ([_ms(value) for value in values], [None] * len(values))


@given(st.lists(st.text(alphabet="0123456789-:.TtZ+ UTCe", max_size=32), min_size=1, max_size=50))
@settings(max_examples=300)
def test_nothing_is_read_that_is_not_exactly_a_time(texts: list[str]) -> None:
    got, why = _parse(texts)
    for text, time, reason in zip(texts, got, why, strict=True):
        assert (time is None) == (reason is not None)
        if time is not None and text.strip()[4:5] == "-":
            iso = text.strip().replace("UTC", "Z").replace(" Z", "Z").replace(" +", "+").replace("t", "T")
            assert _ms(datetime.fromisoformat(iso.upper())) == time


@given(st.lists(st.datetimes(FIRST, LAST), min_size=1), st.sampled_from([1, 1000, 1_000_000]), st.booleans())
def test_the_unit_of_epoch_numbers_is_found(values: list[datetime], per: int, as_text: bool) -> None:
    whole = [value.replace(microsecond=0, tzinfo=UTC) for value in values]
    numbers = [int(value.timestamp()) * per for value in whole]
    given_as: list[object] = [f"{number}.0" if as_text and per == 1 else number for number in numbers]
    assert _parse(given_as) == ([_ms(value) for value in whole], [None] * len(whole))


def test_naive_times_need_leave() -> None:
    naive: list[object] = ["2016-10-09 08:07", "2016-10-09T08:07:00.5"]
    assert _parse(naive) == ([None, None], [times.NAIVE] * 2)
    assert _parse(naive, Clock(naive_is_utc=True))[0] == [1476000420000, 1476000420500]
    real, why = parse(pl.Series([datetime(2016, 10, 9, 8, 7), None]), Clock())
    assert (real.null_count(), why.to_list()) == (2, [times.NAIVE, times.MISSING])


def test_what_is_no_time_has_its_reason() -> None:
    cases = {
        "": times.MISSING,
        "   ": times.MISSING,
        "yesterday": times.UNREADABLE,
        "2021-02-29T00:00:00Z": times.UNREADABLE,
        "2021-13-01T00:00:00Z": times.UNREADABLE,
        "2021-01-01T24:00:00Z": times.UNREADABLE,
        "2021-01-01T00:00:00+99:00": times.UNREADABLE,
        "1.6e9": times.UNREADABLE,
        "۲۰۲۱-01-01T00:00:00Z": times.UNREADABLE,
        "2021-01-01": times.NO_CLOCK,
        "30000-01-01T00:00:00Z": times.OUTSIDE,
        "1989-12-31T23:59:59Z": times.OUTSIDE,
        "1969-12-31T23:59:59Z": times.OUTSIDE,
        "0001-01-01T00:00:00Z": times.OUTSIDE,
        "2100-01-01T00:00:00Z": times.OUTSIDE,
        "-5": times.OUTSIDE,
        "0": times.OUTSIDE,
    }
    assert dict(zip(cases, _parse(list(cases))[1], strict=True)) == cases


def test_a_legacy_twitter_time_and_a_date_of_an_account_are_read() -> None:
    assert _parse(["Wed Oct 10 20:19:24 +0000 2018"])[0] == [1539202764000]
    assert _parse(["2014-05-06"], Clock(naive_is_utc=True, dates=True))[0] == [1399334400000]


def test_a_file_keeps_its_unit() -> None:
    clock = Clock()
    assert _parse([1_600_000_000, 1_600_000_001], clock)[1] == [None, None]
    assert _parse([1_600_000_000_000], clock)[1] == [times.OUTSIDE]
