"""Ways to find a known picture in a changed one, side by side behind one small protocol."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tarazu.media import pdq

SIDE = 512  # pixels: the longest side that pictures have once they are decoded (tarazu.safe.decode)
PLAIN, TURNS, LOCAL, UPSTREAM, TOGETHER = "PDQ", "PDQ, 8 turns", "local", "pdqhash", "8 turns or local"


class Finder(Protocol):
    """One way to find known pictures. Once pictures are added, `find` may be called from several threads."""

    name: str

    def add(self, number: int, picture: Image.Image) -> None:
        """Learn a known picture."""

    def find(self, picture: Image.Image) -> set[int]:
        """Return the numbers of the known pictures that it takes this one for."""


def seen(picture: Image.Image) -> NDArray[np.uint8]:
    """Return the pixels as the decoder gives them: RGB, the longest side at most 512."""
    from tarazu.safe.still import shrunk

    return shrunk(picture, SIDE)


class _Hashes:
    """Known hashes and the numbers of their pictures; unrelated ones have the number -1 and below."""

    def __init__(self, others: NDArray[np.uint64] | None) -> None:
        self._numbers: list[int] = []
        self._rows: list[NDArray[np.uint64]] = []
        self._others = np.zeros((0, pdq.WORDS), np.uint64) if others is None else others
        self._made: tuple[NDArray[np.int64], NDArray[np.uint64]] | None = None

    def add(self, number: int, words: NDArray[np.uint64]) -> None:
        self._numbers.append(number)
        self._rows.append(words)
        self._made = None

    def near(self, queries: NDArray[np.uint64]) -> set[int]:
        """Return the numbers of all hashes within the distance of any query, by comparing with every one."""
        if self._made is None:
            numbers = np.r_[self._numbers, -1 - np.arange(len(self._others))].astype(np.int64)
            self._made = (
                numbers,
                np.concatenate([np.reshape(self._rows, (-1, pdq.WORDS)), self._others]).astype(np.uint64),
            )
        numbers, rows = self._made
        found: set[int] = set()
        for query in queries:
            apart = np.bitwise_count(rows[:, 0] ^ query[0]).astype(np.int16)
            for word in range(1, pdq.WORDS):
                apart += np.bitwise_count(rows[:, word] ^ query[word])
            found.update(numbers[apart <= pdq.SAME].tolist())
        return found


class Pdq:
    """PDQ hashes within 31 bits; with `turns`, of the picture at hand turned and mirrored in all eight ways."""

    def __init__(self, *, turns: bool, others: NDArray[np.uint64] | None = None) -> None:
        self.name = TURNS if turns else PLAIN
        self._turns = turns
        self._hashes = _Hashes(others)

    def add(self, number: int, picture: Image.Image) -> None:
        """Learn a known picture."""
        self._hashes.add(number, pdq.of_pixels(seen(picture))[0])

    def find(self, picture: Image.Image) -> set[int]:
        """Return the numbers of the known pictures within the distance, and of unrelated hashes as -1 and below."""
        pixels = seen(picture)
        return self._hashes.near(pdq.turned(pixels)[0] if self._turns else pdq.of_pixels(pixels)[0][None])


class Upstream:
    """The reference: pdqhash of the whole picture at its full size, within 31 bits."""

    name = UPSTREAM

    def __init__(self, others: NDArray[np.uint64] | None = None) -> None:
        self._hashes = _Hashes(others)

    def add(self, number: int, picture: Image.Image) -> None:
        """Learn a known picture."""
        self._hashes.add(number, self._hash(picture)[0])

    def find(self, picture: Image.Image) -> set[int]:
        """Return the numbers of the known pictures within the distance, and of unrelated hashes as -1 and below."""
        return self._hashes.near(self._hash(picture))

    @staticmethod
    def _hash(picture: Image.Image) -> NDArray[np.uint64]:
        import pdqhash

        bits, _ = pdqhash.compute(np.asarray(picture.convert("RGB")))
        return np.packbits(bits).view(">u8").astype(np.uint64)[None]


class Local:
    """Local features: finds cropped and framed copies (tarazu.media.local)."""

    name = LOCAL

    def __init__(self) -> None:
        from tarazu.media.local.features import features
        from tarazu.media.local.index import LocalIndex

        self._features: Any = features
        self._index: Any = LocalIndex()

    def add(self, number: int, picture: Image.Image) -> None:
        """Learn a known picture."""
        self._index.add(number, self._features(seen(picture)))

    def find(self, picture: Image.Image) -> set[int]:
        """Return the numbers of the known pictures of which it shows a part, or that it lies in."""
        return {int(hit.id) for hit in self._index.search(self._features(seen(picture)))}


def every(others: NDArray[np.uint64] | None = None) -> list[Finder]:
    """Return all finders; those that compare hashes also hold `others` (n x 4 words) as unrelated ones."""
    return [Pdq(turns=False, others=others), Pdq(turns=True, others=others), Upstream(others), Local()]
