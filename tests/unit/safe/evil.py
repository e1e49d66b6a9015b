"""Patterns made to take for ever, and texts that let them."""

from __future__ import annotations

import random

ATOMS = [
    "a",
    "b",
    "x",
    r"\w",
    ".",
    "[a-z]",
    "(a|b)",
    "[^y]",
    "ی",
    r"\S",
    r"(?:\w\s?)",
    r"\p{L}",
    "(a|ab|b)",
    "a?",
]
COUNTS = [2, 5, 10, 20, 30, 40, 50, 90, 100, 300, 1000]
SHAPES = [
    "({a}+)+y$", "({a}*)*y", "({a}|{a}{a})+y", "({a}?){{{n}}}{a}{{{n}}}", "(.*{a}){{{m}}}y", "{a}.{{{n}}}y",
    "[ab]*a[ab]{{{n}}}y", "({a}{{1,{m}}}){{1,{m}}}y", "^(({a}+)*)+$", ".*.*.*{a}=.*", "({a}{{0,{n}}}){{0,{m}}}",
    "(x+x+)+y", "a.{{0,{m}}}b.{{0,{n}}}c", "(a|b|ab)*c{{{m}}}", r"\b{a}{{{n}}}\b",
    "(?:a.{{{n}}}|b.{{{m}}}|.{{{m}}}a)z", "([ab]{{{m}}}){{{m}}}y", "[ab]*a{many}y", "({a}+{a}+)+{a}*y", "{a}*" * 40,
    r"(?i)({a}+)+\1", "(?={a}+)+y", r"(?:{a}|{b})*{a}{b}{{{n}}}y",
]  # fmt: skip


def patterns(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return [
        draw.choice(SHAPES).format(
            a=draw.choice(ATOMS),
            b=draw.choice(ATOMS),
            n=draw.choice(COUNTS),
            m=draw.choice([2, 3, 8, 20]),
            many="[ab]" * draw.choice([10, 60, 110]),
        )
        for _ in range(count)
    ]


def texts(size: int, seed: int) -> list[str]:
    """Texts of that many bytes: of one letter, of two, of many scripts."""
    draw = random.Random(seed)
    mixed = "".join(draw.choices("abx yیک ", k=size)).encode()[:size].decode(errors="ignore")
    return ["a" * size, "".join(draw.choices("ab", k=size)), mixed]
