"""An index of 256-bit hashes: exact search within a Hamming distance, while others add and remove.

New hashes go to a short tail; a full tail becomes a segment, and small segments are merged into larger ones, so that
there are few (a log-structured merge tree). One writer at a time works on copies and then shows a new view; a reader
takes the view there is and waits for nobody.
"""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tarazu.media.index.chunk import BITS, MOST_ROWS
from tarazu.media.index.hits import Hits
from tarazu.media.index.segment import Segment
from tarazu.media.index.tail import Tail

SAME = 31  # the distance that PDQ's makers recommend
_RATIO = 3  # a segment is left alone while it is so many times as large as all after it
_A_THREAD = 64  # queries that are worth a thread of their own


@dataclass(frozen=True, kw_only=True, eq=False)
class _View:
    """What a reader sees. Never changed, only replaced."""

    segments: tuple[Segment, ...]
    tail: Tail
    count: int  # rows of the tail that are there


class HammingIndex:
    """Hashes (n x 4 words of 64 bits) under ids of the caller's choice; one id may have many hashes.

    Every method may be called from any thread. A search sees what was added before it began, and of what is added or
    removed meanwhile some, all or nothing; it never waits. Writers wait for each other, and now and then for a merge
    (about 0.3 s a million rows).
    """

    def __init__(
        self,
        hashes: ArrayLike | None = None,
        ids: ArrayLike | None = None,
        *,
        tail_rows: int = 4096,
    ):
        """Build an index of `hashes` (copied); without `ids` they are numbered from 0."""
        self._tail_rows = tail_rows
        self._writing, self._saving = Lock(), Lock()
        self._view = _View(segments=(), tail=Tail(tail_rows), count=0)
        if hashes is not None:
            words = _words(hashes)
            self._take(words, np.arange(len(words)) if ids is None else _numbers(ids))

    def __len__(self) -> int:
        """Return how many hashes are there."""
        view = self._view
        in_tail = view.count - int(np.count_nonzero(view.tail.dead[: view.count]))
        return sum(segment.living for segment in view.segments) + in_tail

    def add(self, hashes: ArrayLike, ids: ArrayLike) -> None:
        """Add hashes (n x 4 words) with an id each; an id that is there already gets them as well.

        Raises ValueError for arrays of another shape.
        """
        self._take(_words(hashes), _numbers(ids))

    def _take(self, words: NDArray[np.uint64], numbers: NDArray[np.int64]) -> None:
        if numbers.shape != (len(words),):
            raise ValueError(
                f"There are {len(words):,} hashes and {numbers.size:,} ids; give an id for each hash."
            )
        with self._writing:
            view = self._view
            if view.count + len(words) <= self._tail_rows:
                count = view.tail.write(view.count, words, numbers)
                self._view = _View(segments=view.segments, tail=view.tail, count=count)
                return
            if len(words) <= self._tail_rows:
                self._freeze()
                tail = self._view.tail
                count = tail.write(0, words, numbers)
                self._view = _View(segments=self._view.segments, tail=tail, count=count)
                return
            for start in range(0, len(words), MOST_ROWS):
                some = slice(start, start + MOST_ROWS)
                segment = Segment.build(_name(), words[some], numbers[some])
                view = self._view
                self._show((*view.segments, segment), view.tail, view.count)

    def remove(self, ids: ArrayLike) -> int:
        """Remove every hash of these ids; return how many there were. Ids that are not there are passed over."""
        wanted = np.unique(_numbers(ids))
        with self._writing:
            view = self._view
            removed, thin = 0, False
            for segment in view.segments:
                rows = segment.rows_of(wanted)
                segment.dead[rows] = 1
                removed += len(rows)
                thin = thin or (len(rows) > 0 and segment.living * 2 < len(segment))
            _, numbers, dead = view.tail.parts(view.count)
            rows = np.flatnonzero((dead == 0) & np.isin(numbers, wanted))
            dead[rows] = 1
            if thin:
                self._show(view.segments, view.tail, view.count)
            return removed + len(rows)

    def search(self, queries: ArrayLike, distance: int = SAME, *, threads: int = 1) -> Hits:
        """Return every pair of a query (m x 4 words) and a hash at most `distance` bits (0 to 256) apart.

        Up to 43 bits or so buckets are looked up; beyond, and for few hashes, each query is compared with all.
        Raises ValueError for another shape or distance.
        """
        if not 0 <= distance <= BITS:
            raise ValueError(f"A distance of {distance} bits makes no sense; use 0 to {BITS}.")
        words = _words(queries)
        view = self._view
        share = max(_A_THREAD, -(-len(words) // max(1, threads)))
        if len(words) <= share:
            return _search(view, words, distance)
        starts = range(0, len(words), share)
        with ThreadPoolExecutor(len(starts)) as pool:
            found = list(
                pool.map(lambda start: _search(view, words[start : start + share], distance), starts)
            )
        return Hits(
            np.concatenate([part.query + start for part, start in zip(found, starts, strict=True)]),
            np.concatenate([part.id for part in found]),
            np.concatenate([part.distance for part in found]),
        )

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the index into a folder, whole or not at all; what is there already is not written again.

        Raises OutputError where it cannot be written.
        """
        from tarazu.media.index.folder import write

        with self._saving:
            with self._writing:
                if self._view.count:
                    self._freeze()
                segments = self._view.segments
                dead = [segment.dead.copy() for segment in segments]
            write(Path(folder), segments, dead)

    @classmethod
    def open(
        cls, folder: str | os.PathLike[str], mmap: bool = True, *, tail_rows: int = 4096
    ) -> HammingIndex:
        """Return the index that was saved in a folder; with `mmap` its rows stay on disk until they are needed.

        Sizes, header and bucket tables are checked; without `mmap` every byte is. Raises NotReadable for a folder
        that holds no index, or a damaged one.
        """
        from tarazu.media.index.folder import read

        index = cls(tail_rows=tail_rows)
        index._view = _View(segments=read(Path(folder), mmap), tail=index._view.tail, count=0)
        return index

    def _freeze(self) -> None:
        """Make a segment of the tail. The writer's lock is held."""
        view = self._view
        segment = Segment.merge(_name(), [view.tail.parts(view.count)])
        self._show((*view.segments, segment), Tail(self._tail_rows), 0)

    def _show(self, segments: tuple[Segment, ...], tail: Tail, count: int) -> None:
        """Merge what should be merged, and let readers see it. The writer's lock is held.

        From the last segment back: one that is smaller than `_RATIO` times all after it joins them, so sizes fall
        geometrically. One of which most is dead is built anew.
        """
        kept = [one for one in segments if one.living]
        for place, one in enumerate(kept):
            if one.living * 2 < len(one):
                kept[place] = Segment.merge(_name(), [(one.hashes, one.ids, one.dead)])
        first, rows = len(kept), 0
        for place in range(len(kept) - 1, -1, -1):
            if rows and (len(kept[place]) >= _RATIO * rows or rows + len(kept[place]) > MOST_ROWS):
                break
            first, rows = place, rows + len(kept[place])
        if len(kept) - first > 1:
            parts = [(one.hashes, one.ids, one.dead) for one in kept[first:]]
            kept[first:] = [Segment.merge(_name(), parts)]
        self._view = _View(segments=tuple(kept), tail=tail, count=count)


def _search(view: _View, words: NDArray[np.uint64], distance: int) -> Hits:
    parts = [segment.search(words, distance) for segment in view.segments]
    if view.count or not parts:
        parts.append(view.tail.search(words, distance, view.count))
    return Hits.sorted(parts)


def _words(hashes: ArrayLike) -> NDArray[np.uint64]:
    """Return a copy, n x 4 words; compiled code takes one layout only."""
    words = np.array(hashes, dtype=np.uint64, order="C", ndmin=2)
    if words.size == 0:
        return words.reshape(0, 4)
    if words.ndim != 2 or words.shape[1] != 4:
        raise ValueError(f"Hashes are n x 4 words of 64 bits; these have the shape {words.shape}.")
    return words


def _numbers(ids: ArrayLike) -> NDArray[np.int64]:
    return np.array(ids, dtype=np.int64, ndmin=1)


def _name() -> str:
    return secrets.token_hex(8)
