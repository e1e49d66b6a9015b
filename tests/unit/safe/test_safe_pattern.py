"""Typed-in patterns: what RE2 cannot do is explained, and nothing that it does takes long (promise 9)."""

from __future__ import annotations

import time

import evil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.safe import tree
from tarazu.safe.faults import Faults
from tarazu.safe.pattern import MOST, Pattern, compile_pattern

EVIL, BYTES, LIMIT = 1000, 100_000, 0.1  # patterns, bytes of each text, seconds


def compiled(text: str) -> tuple[Pattern | None, list[str]]:
    faults = Faults()
    pattern = compile_pattern(text, tree.parse("\n- x", "p.yaml", faults).items()[0])
    return pattern, list(faults)


def fastest(pattern: Pattern, text: str) -> float:
    """Seconds of a search; a slow one is repeated, since another process may have been the cause."""
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        pattern.found(text)
        taken.append(time.perf_counter() - begun)
        if taken[-1] <= LIMIT:
            break
    return min(taken)


def test_no_evil_pattern_takes_long() -> None:
    offered = [compiled(text)[0] for text in evil.patterns(2 * EVIL, seed=1)]
    kept = [pattern for pattern in offered if pattern is not None][:EVIL]
    assert len(kept) == EVIL and None in offered  # some are refused, the rest is run
    texts = evil.texts(BYTES, seed=2)
    slow = [
        (pattern.text, took)
        for at, pattern in enumerate(kept)
        if (took := fastest(pattern, texts[at % len(texts)])) > LIMIT
    ]
    assert not slow


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"(a)\1", "a backreference"),
        ("a(?=b)", "looking ahead or behind"),
        ("(?<!a)b", "looking ahead or behind"),
        ("(?>a)", "possessive or atomic"),
        ("a++", "possessive or atomic"),
        (r"a\Z", r"\Z"),
        ("(a", "this is no pattern (missing )"),
        ("[z-a]", "this is no pattern (invalid character class range"),
        ("a{101}", "more than 100 signs"),
        ("((a{5}){5}){5}", "more than 100 signs"),
        ("." * 101, "more than 100 signs"),
        ("a" * 501, "a pattern of 501 characters"),
    ],
)
def test_what_cannot_be_used_is_explained_with_its_place(text: str, said: str) -> None:
    pattern, faults = compiled(text)
    assert pattern is None and len(faults) == 1
    assert faults[0].startswith("p.yaml:2:3: ") and said in faults[0]


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_one_fault(text: str) -> None:
    pattern, faults = compiled(text)
    assert (pattern is None) == (len(faults) == 1)


def test_places_are_code_points_and_limited() -> None:
    pattern, _ = compiled("گروه|x")
    assert pattern is not None
    assert pattern.spans("👥 گروه X") == ((2, 6), (7, 8))
    assert len(pattern.spans("x" * (MOST + 5))) == MOST
    assert not pattern.found("y")
