"""Adds, removals, saves, openings and searches in any order, against a plain list."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from brute_force import brute, flipped, triples
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tarazu.media.index import HammingIndex

TAIL = 8  # so that tails fill, segments form and merge


class Index(RuleBasedStateMachine):
    @initialize(seed=st.integers(0, 1 << 32))
    def start(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.pictures = self.random.integers(0, 1 << 64, (4, 4), dtype=np.uint64)
        self.index = HammingIndex(tail_rows=TAIL)
        self.hashes, self.ids = np.zeros((0, 4), np.uint64), np.zeros(0, np.int64)
        self.scratch = tempfile.TemporaryDirectory()

    def near(self, count: int) -> np.ndarray:
        """Hashes up to 40 bits from one of four pictures."""
        chosen = self.pictures[self.random.integers(0, 4, count)]
        return flipped(chosen, self.random.integers(0, 41, count), self.random)

    @rule(ids=st.lists(st.integers(-3, 30), min_size=1, max_size=30))
    def add(self, ids: list[int]) -> None:
        hashes = self.near(len(ids))
        self.index.add(hashes, ids)
        self.hashes, self.ids = np.concatenate([self.hashes, hashes]), np.concatenate([self.ids, ids])

    @rule(ids=st.lists(st.integers(-3, 30), min_size=1, max_size=12))
    def remove(self, ids: list[int]) -> None:
        gone = np.isin(self.ids, ids)
        assert self.index.remove(ids) == gone.sum()
        self.hashes, self.ids = self.hashes[~gone], self.ids[~gone]

    @rule(mmap=st.booleans())
    def save_and_open(self, mmap: bool) -> None:
        self.index.save(Path(self.scratch.name))
        self.index = HammingIndex.open(self.scratch.name, mmap, tail_rows=TAIL)

    @rule(distance=st.integers(0, 70))
    def search(self, distance: int) -> None:
        queries = self.near(5)
        assert triples(self.index.search(queries, distance)) == brute(
            queries, self.hashes, self.ids, distance
        )

    @invariant()
    def counts(self) -> None:
        assert len(self.index) == len(self.ids)

    def teardown(self) -> None:
        if hasattr(self, "scratch"):
            self.scratch.cleanup()


TestIndex = Index.TestCase
TestIndex.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
