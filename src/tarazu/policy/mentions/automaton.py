"""The entries as arrays that compiled kernels walk: a trie over skeletons without repeated letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tarazu.policy.mentions.entries import Entry

_CODES = 0x110000


class Trie(NamedTuple):
    """A trie: `roots` by first step, further edges in a hash table, the values at each node as a linked list."""

    steps: NDArray[np.uint16]  # by code point: the number of the step; 0 where no word of the trie has it
    roots: NDArray[np.int32]
    keys: NDArray[np.int64]  # node << 16 | step; -1: free
    values: NDArray[np.int32]
    heads: NDArray[np.int32]  # by node: first place in `nexts` and `owners`, or -1
    nexts: NDArray[np.int32]
    owners: NDArray[np.int32]


class Names(NamedTuple):
    """The letters of all entries, one after the other; entry i is start[i] to start[i + 1]."""

    start: NDArray[np.int64]
    flag: NDArray[np.uint8]  # of the entry
    letter: NDArray[np.int32]
    step: NDArray[np.uint16]
    gap: NDArray[np.uint8]
    letter_flag: NDArray[np.uint8]


def trie_of(words: Sequence[tuple[tuple[int, ...], int]]) -> Trie:
    """Build a trie of (code points, owner); equal neighbours among the code points count once."""
    number: dict[int, int] = {}
    edges: dict[int, int] = {}
    owners_of: dict[int, list[int]] = {}
    nodes = 1
    for word, owner in words:
        node, last = 0, -1
        for code in word:
            if code == last:
                continue
            last = code
            step = number.setdefault(code, len(number) + 1)
            key = node << 16 | step
            after = edges.get(key)
            if after is None:
                after = edges[key] = nodes
                nodes += 1
            node = after
        if node:
            owners_of.setdefault(node, []).append(owner)
    steps = np.zeros(_CODES, np.uint16)
    for code, step in number.items():
        steps[code] = step
    roots = np.full(len(number) + 1, -1, np.int32)
    for step in number.values():
        roots[step] = edges.get(step, -1)
    heads = np.full(nodes, -1, np.int32)
    nexts: list[int] = []
    owners: list[int] = []
    for node, several in owners_of.items():
        for owner in several:
            nexts.append(int(heads[node]))
            heads[node] = len(owners)
            owners.append(owner)
    keys, values = _hashed(edges)
    return Trie(
        steps,
        roots,
        keys,
        values,
        heads,
        np.array(nexts or [-1], np.int32),
        np.array(owners or [-1], np.int32),
    )


def names_of(entries: Sequence[Entry], steps: NDArray[np.uint16]) -> Names:
    """Lay the entries out for comparison."""
    start = np.concatenate([[0], np.cumsum([len(entry.letters) for entry in entries])]).astype(np.int64)
    looks = np.array([look for entry in entries for look in entry.looks] or [0], np.int32)
    return Names(
        start,
        np.array([entry.kind for entry in entries] or [0], np.uint8),
        np.array([letter for entry in entries for letter in entry.letters] or [0], np.int32),
        steps[looks],
        np.array([edge for entry in entries for edge in entry.edges] or [0], np.uint8),
        np.array([flag for entry in entries for flag in entry.flags] or [0], np.uint8),
    )


def _hashed(edges: dict[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Open addressing with steps of one, at most half full; the kernels' `_child` reads it."""
    size = 1 << max(4, (2 * len(edges)).bit_length())
    keys, values = np.full(size, -1, np.int64), np.zeros(size, np.int32)
    key = np.fromiter(edges.keys(), np.int64, len(edges))
    value = np.fromiter(edges.values(), np.int32, len(edges))
    slot = ((key.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)).astype(np.int64) & (
        size - 1
    )
    while key.size:
        free = np.flatnonzero(keys[slot] == -1)
        _, one = np.unique(slot[free], return_index=True)
        chosen = free[one]
        keys[slot[chosen]], values[slot[chosen]] = key[chosen], value[chosen]
        rest = np.ones(key.size, bool)
        rest[chosen] = False
        key, value, slot = key[rest], value[rest], (slot[rest] + 1) & (size - 1)
    return keys, values
