from __future__ import annotations

import numpy as np
import pytest
from brute_force import brute, flipped, random_hashes, triples
from hypothesis import given, settings
from hypothesis import strategies as st

from tarazu.coordination.kernels import kernels_ready
from tarazu.media.index import KERNELS, HammingIndex
from tarazu.media.index.chunk import CHUNKS, MOST_ROWS, STARTS, WIDTHS, bucket_bits, probes, row_bits


@given(st.integers(1, MOST_ROWS), st.integers(0, 63))
def test_a_plan_misses_nothing_and_its_postings_fit(rows: int, distance: int) -> None:
    assert row_bits(rows) + WIDTHS.max() - bucket_bits(rows) <= 32
    assert 1 << row_bits(rows) >= rows
    way = probes(rows, distance)
    if way is not None:
        assert (way.thresholds + 1).sum() == distance + 1  # fewer bits than that cannot exceed all thresholds
        assert len(way.flips) == len(set(way.flips.tolist())) == way.until[-1]


def test_chunks_are_disjoint_and_cover_the_hash() -> None:
    bits = [bit for start, width in zip(STARTS, WIDTHS, strict=True) for bit in range(start, start + width)]
    assert bits == list(range(256))
    assert len(WIDTHS) == CHUNKS


@pytest.mark.parametrize("distance", [0, 1, 10, 22, 31, 35, 44, 63])
@pytest.mark.parametrize(
    "crowd", [1.0, 0.1, 0.001]
)  # pictures a row: all different, ten near each other, 20,000
def test_a_large_segment_finds_what_comparing_with_all_finds(distance: int, crowd: float) -> None:
    random = np.random.default_rng([distance, int(crowd * 1000)])
    pictures = random_hashes(max(1, int(20_000 * crowd)), random)
    hashes = pictures[random.integers(0, len(pictures), 20_000)]
    hashes = flipped(hashes, random.integers(0, 20, len(hashes)) * random.integers(0, 2, len(hashes)), random)
    ids = random.permutation(20_000) // 2  # two hashes an id, in no order
    queries = flipped(hashes[random.integers(0, 20_000, 60)], random.integers(0, 64, 60), random)
    found = HammingIndex(hashes, ids).search(queries, distance)
    assert triples(found) == brute(queries, hashes, ids, distance)
    if distance <= 31:
        assert probes(20_000, distance) is not None  # by buckets, then


def test_crowded_buckets_without_a_near_hash() -> None:
    """Everything shares nine of the eleven chunks, so each bucket holds all; the rest differs."""
    random = np.random.default_rng(3)
    hashes = np.zeros((50_000, 4), dtype=np.uint64)
    hashes[:, 3] = random.integers(0, 1 << 46, 50_000, dtype=np.uint64) << np.uint64(18)
    queries = flipped(hashes[:20], np.full(20, 12), random)
    index = HammingIndex(hashes)
    for distance in (8, 12, 31):
        assert triples(index.search(queries, distance)) == brute(queries, hashes, np.arange(50_000), distance)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_threads_and_one_by_one_agree(data: st.DataObject) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 1 << 32)))
    hashes = random_hashes(500, random)
    queries = flipped(hashes[:300], random.integers(0, 50, 300), random)
    index = HammingIndex(hashes, tail_rows=data.draw(st.sampled_from([16, 100, 1000])))
    together = triples(index.search(queries, 31))
    assert triples(index.search(queries, 31, threads=4)) == together
    single = [(row, *hit[1:]) for row in range(300) for hit in triples(index.search(queries[row], 31))]
    assert single == together == brute(queries, hashes, np.arange(500), 31)


def test_nothing_in_it_and_nothing_asked() -> None:
    empty = HammingIndex()
    assert len(empty) == 0
    assert len(empty.search(np.zeros((3, 4), np.uint64), 256)) == 0
    full = HammingIndex(np.zeros((3, 4), np.uint64))
    assert len(full.search(np.zeros((0, 4), np.uint64))) == 0
    assert triples(full.search(np.full((1, 4), (1 << 64) - 1, np.uint64), 256)) == [
        (0, row, 256) for row in range(3)
    ]


def test_the_callers_arrays_stay_his_and_may_be_read_only() -> None:
    hashes = random_hashes(100, np.random.default_rng(1))
    hashes.flags.writeable = False
    index = HammingIndex(hashes, tail_rows=10)
    assert triples(index.search(hashes, 0)) == [(row, row, 0) for row in range(100)]
    changing = hashes.copy()
    other = HammingIndex(changing, tail_rows=10)
    changing[:] = 0
    assert triples(other.search(hashes, 0)) == [(row, row, 0) for row in range(100)]


def test_wrong_shapes_and_distances_are_refused() -> None:
    index = HammingIndex()
    with pytest.raises(ValueError, match="n x 4 words"):
        index.search(np.zeros((2, 3), np.uint64))
    with pytest.raises(ValueError, match="give an id for each hash"):
        index.add(np.zeros((2, 4), np.uint64), [1])
    with pytest.raises(ValueError, match="0 to 256"):
        index.search(np.zeros((1, 4), np.uint64), 257)


def test_the_compiled_kernels_are_those_that_are_announced() -> None:
    hashes = random_hashes(20_000, np.random.default_rng(2))
    HammingIndex(hashes).search(hashes[:2], 31)
    HammingIndex(hashes[:10]).search(hashes[:2], 31)
    assert kernels_ready(KERNELS)
