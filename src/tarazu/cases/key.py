"""Keys: by which a further item finds the case it belongs to.

Equal items have equal keys, whoever comes first: folded words (spelling, script variants, addressing and links taken
away), the pages linked to, and, for words so short that strangers say them by chance, the author. Near-duplicates
meet in a band of a MinHash signature, and the exact Jaccard of their shingles decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.cases import clean
from tarazu.cases.item import Item, ItemKind
from tarazu.ledger import canonical

ALIKE = 0.8  # Jaccard of shingles from which two posts may be one case
SHORT = 12  # folded characters; equal words this short are one case only for one author
NEAR = 25  # shorter texts have too few shingles to be called near-duplicates
LENGTH = 5  # characters in a shingle
BANDS, ROWS = 8, 4  # meet at Jaccard 0.8 with probability 0.985, at 0.9 with 0.9999

_random = np.random.default_rng(20261123)
_FACTORS = _random.integers(1, 1 << 62, BANDS * ROWS).astype(np.uint64) * np.uint64(2) + np.uint64(1)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, kw_only=True)
class Key:
    """What an item is compared by."""

    exact: str  # 64 hex digits
    words: str  # folded
    links: tuple[str, ...]  # canonical
    pictures: tuple[str, ...]  # PDQ, 64 hex digits
    media: str  # digest of all its media

    @property
    def near(self) -> bool:
        """Whether its words are many enough to be called nearly the same as others."""
        return len(self.words) >= NEAR

    @cached_property
    def shingles(self) -> NDArray[np.uint64]:
        """The pieces of its words."""
        return shingles(self.words)

    @cached_property
    def bands(self) -> tuple[int, ...]:
        """Signed 64-bit numbers; two texts that share one may be near-duplicates."""
        return bands(self.shingles) if self.near else ()


def keys(items: Sequence[Item]) -> list[Key]:
    """The keys of items; many at once cost little more than one."""
    from tarazu.text.links import canonical as page
    from tarazu.text.normalise import folded

    words = folded(pl.Series([clean.text(item.text or "") for item in items], dtype=pl.String)).to_list()
    return [
        _key(item, text, tuple(sorted({page(one) for one in item.links})))
        for item, text in zip(items, words, strict=True)
    ]


def _key(item: Item, words: str, links: tuple[str, ...]) -> Key:
    seen = sorted({one.identity for one in item.media})
    subject: list[object] = [words, list(links)]
    if item.kind != ItemKind.POST or not (words or seen):
        subject = [item.kind, item.platform, item.external_id]  # only it is like itself
    elif len(words) < SHORT:
        subject += [item.platform, item.author_id or item.external_id] if words else seen
    return Key(
        exact=canonical.digest(clean.value(subject)),
        words=words,
        links=links,
        pictures=tuple(sorted({one.pdq for one in item.media if one.pdq})),
        media=hashlib.sha256("\n".join(clean.value(seen)).encode()).hexdigest(),
    )


def shingles(words: str) -> NDArray[np.uint64]:
    """The distinct hashed 5-character pieces of folded words."""
    letters = np.frombuffer(words.encode("utf-32-le"), np.uint32).astype(np.uint64)
    if letters.size < LENGTH:
        return np.zeros(0, np.uint64)
    count = letters.size - LENGTH + 1
    mixed = np.zeros(count, np.uint64)
    for at in range(LENGTH):
        mixed = mixed * np.uint64(0x9E3779B1) + letters[at : at + count]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX
    return np.unique(mixed ^ (mixed >> np.uint64(32)))


def bands(found: NDArray[np.uint64]) -> tuple[int, ...]:
    """The bands of the MinHash signature of a set of shingles."""
    if not found.size:
        return ()
    minima = ((found[:, None] * _FACTORS[None, :]) >> np.uint64(32)).min(axis=0).reshape(BANDS, ROWS)
    value = np.arange(1, BANDS + 1, dtype=np.uint64)  # equal minima in different bands do not meet
    for column in range(ROWS):
        value = value * np.uint64(0x9E3779B97F4A7C15) + minima[:, column]
    return tuple(value.view(np.int64).tolist())


def alike(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """The Jaccard similarity of two sets of shingles, 0 to 1."""
    both = int(np.isin(one, other, assume_unique=True).sum())
    total = one.size + other.size - both
    return both / total if total else 0.0


def same_pictures(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each picture of either is found in the other (PDQ, 31 bits)."""
    if not one or not other:
        return not one and not other
    from tarazu.media.pdq import SAME, distance, parse

    apart = distance(parse(pl.Series(one))[:, None, :], parse(pl.Series(other))[None, :, :])
    return bool((apart.min(axis=0) <= SAME).all() and (apart.min(axis=1) <= SAME).all())
