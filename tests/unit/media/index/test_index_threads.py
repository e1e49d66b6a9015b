from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
from brute_force import random_hashes

from tarazu.media.index import HammingIndex


def test_readers_miss_nothing_that_was_there_and_see_nothing_that_was_gone() -> None:
    random = np.random.default_rng(11)
    hashes = random_hashes(6_000, random)
    index = HammingIndex(hashes[:1_000], tail_rows=64)
    there, removed, done = (
        [1_000],
        [0],
        Event(),
    )  # rows below `there` were added, rows below `removed` are gone

    def write() -> None:
        for at in range(1_000, 6_000, 20):
            index.add(hashes[at : at + 20], np.arange(at, at + 20))
            there[0] = at + 20
            if at % 100 == 0:
                index.remove(np.arange(removed[0], removed[0] + 50))
                removed[0] += 50
        done.set()

    def read(seed: int) -> int:
        random, searches = np.random.default_rng(seed), 0
        while not done.is_set() or searches < 50:
            present, gone = there[0], removed[0]
            rows = random.integers(0, present, 30)
            hits = index.search(hashes[rows], 31)
            gone_now = removed[0] + 50  # the writer may be removing these
            must = set(np.flatnonzero(rows >= gone_now).tolist())
            found = set(hits.query.tolist())
            assert must <= found
            assert not found & set(np.flatnonzero(rows < gone).tolist())
            assert (hits.id == rows[hits.query]).all()
            searches += 1
        return searches

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, seed) for seed in range(3)]
        pool.submit(write).result()
        assert all(reader.result() >= 50 for reader in readers)
    assert len(index) == 6_000 - removed[0]


def test_a_save_beside_writers_is_one_moment() -> None:
    """Ids are added in pairs and removed in pairs, so a saved index that holds one holds the other."""
    import tempfile

    hashes = random_hashes(4_000, np.random.default_rng(12))
    index = HammingIndex(tail_rows=32)
    done = Event()

    def write() -> None:
        for at in range(0, 4_000, 2):
            index.add(hashes[at : at + 2], [at // 2, at // 2])
            if at % 10 == 0:
                index.remove(at // 4)
        done.set()

    with ThreadPoolExecutor(1) as pool, tempfile.TemporaryDirectory() as folder:
        writer = pool.submit(write)
        saves = 0
        while not done.is_set() or not saves:
            index.save(folder)
            ids = HammingIndex.open(folder).search(hashes, 0).id
            assert (np.unique(ids, return_counts=True)[1] == 2).all()
            saves += 1
        writer.result()
