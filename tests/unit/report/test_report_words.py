"""Scores are said as words with a number, never as a bare fraction."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tarazu.report import words


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (2.5e-5, "very unlikely by chance, 1 in 40,000"),
        (0.004, "unlikely by chance, 1 in 250"),
        (0.3, "could be chance, 1 in 3"),
        (1.0, "could be chance, 1 in 1"),
        (0.0, "next to impossible by chance, less than 1 in a billion"),
        (1e-300, "next to impossible by chance, less than 1 in a billion"),
        (float("nan"), "unlikely by chance, less than 1 in a billion"),
    ],
)
def test_chance(p: float, said: str) -> None:
    if p == p:
        assert words.chance(p) == said
    else:
        assert "1 in" in words.chance(p)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (0.4, "0.4 s"), (9, "9 s"), (59.6, "60 s"), (300, "5 min"), (7200, "2 h"), (1e6, "12 days")],
)
def test_span(seconds: float, said: str) -> None:
    assert words.span(seconds) == said


def test_times_are_utc_and_the_same_everywhere() -> None:
    assert words.clock(datetime(2016, 11, 9, 3, 4, 5, tzinfo=UTC)) == "9 Nov 2016, 03:04:05"


def test_a_share_is_never_a_false_zero() -> None:
    assert words.share(1, 1_000_000) == "under 0.1 %"
