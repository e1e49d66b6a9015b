"""Where files are studied: children open them, the hashes are made here from their pixels, several files at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tarazu.errors import InputError
from tarazu.media import pdq
from tarazu.media.local.features import Features
from tarazu.media.study import TASK
from tarazu.safe.children import Children
from tarazu.safe.content import content
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused
from tarazu.sightings import MediaHash, PictureHash

READABLE = 1600  # pixels of the longest side, to read words in
SHOWN = 320  # pixels of the longest side, to show people
CHUNK = 1 << 20

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """What was found out about one file."""

    hash: MediaHash
    turned: NDArray[
        np.uint64
    ]  # frames x 8 x 4 words in the order of Transform; 1 instead of 8 when only upright
    readable: tuple[Pixels, ...] = ()  # pixels to read words in
    features: bytes | None = None
    thumbnail: bytes | None = None  # JPEG


class Studio:
    """Studies files. May be used by several threads; close it, or use it as a context."""

    def __init__(
        self,
        *,
        workers: int = 2,
        limits: Limits | None = None,
        turned: bool = False,
        words: bool = False,
        features: bool = False,
        thumbnails: bool = False,
    ) -> None:
        """`turned` also hashes still pictures turned and mirrored; the rest says what to give besides hashes."""
        self.turned = turned
        self._children = Children(TASK, workers, limits)
        self._header: dict[str, Any] = {
            "limits": self._children.limits.to_dict(),
            "words": READABLE if words else 0,
            "features": features,
            "thumbnail": SHOWN if thumbnails else 0,
        }

    def study(self, source: Path | bytes, name: str | None = None) -> Study:
        """Study one file, or the bytes of one; a file that is refused gives its reason, never an error."""
        return next(self.map([(source, name)]))

    def map(self, sources: Iterable[tuple[Path | bytes, str | None]]) -> Iterator[Study]:
        """Study files in order, each with the name it has in its hash (its path when None)."""
        from collections import deque
        from concurrent.futures import Future, ThreadPoolExecutor

        waiting: deque[Future[Study]] = deque()
        with ThreadPoolExecutor(2 * self._children.workers) as threads:
            try:
                for source, name in sources:
                    waiting.append(threads.submit(self._study, source, name))
                    if len(waiting) > 4 * self._children.workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for one in waiting:
                    one.cancel()

    def close(self) -> None:
        """End the children."""
        self._children.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _study(self, source: Path | bytes, name: str | None) -> Study:
        path = name if name is not None else str(source) if isinstance(source, Path) else ""
        sha256 = md5 = ""
        try:
            sha256, md5, data = digests(source, self._children.limits)
            given, parts = self._children.run(self._header, data)
            return self._finished(path, sha256, md5, given, parts)
        except Refused as refused:
            return Study(
                hash=MediaHash(path=path, sha256=sha256, md5=md5, rejected=str(refused)),
                turned=np.empty((0, 8 if self.turned else 1, 4), np.uint64),
            )

    def _finished(self, path: str, sha256: str, md5: str, given: dict[str, Any], parts: list[bytes]) -> Study:
        """Make the hashes. What comes from the child is checked: it has seen hostile bytes."""
        try:
            left = iter(parts)
            frames = [(pixels(next(left), height, width), float(at)) for height, width, at in given["frames"]]
            readable = tuple(pixels(next(left), height, width) for height, width in given["words"])
            sketch = Features.from_bytes(next(left)) if given["features"] else None
            thumbnail = next(left) if given["thumbnail"] else None
            format_, width, height = str(given["format"]), int(given["width"]), int(given["height"])
            seconds = float(given["seconds"])
            if not frames:
                raise ValueError("no frame")
        except (InputError, KeyError, TypeError, ValueError, StopIteration) as error:
            raise Refused("The reader gave no sensible answer about this file.") from error
        still = not seconds
        hashed = [pdq.turned(frame) if self.turned and still else upright(frame) for frame, _ in frames]
        texts = pdq.text(np.stack([words[0] for words, _ in hashed]))
        return Study(
            hash=MediaHash(
                path=path,
                sha256=sha256,
                md5=md5,
                format=format_,
                width=width,
                height=height,
                seconds=seconds,
                frames=tuple(
                    PictureHash(pdq=text, quality=quality, at=at)
                    for text, (_, quality), (_, at) in zip(texts, hashed, frames, strict=True)
                ),
            ),
            turned=np.stack([words for words, _ in hashed]),
            readable=readable,
            features=sketch.hashed(frames[0][0]).to_bytes() if sketch is not None else None,
            thumbnail=thumbnail,
        )


def digests(source: Path | bytes, limits: Limits) -> tuple[str, str, bytes]:
    """Return SHA-256, MD5 and the bytes of a file. Raises Refused for what is no readable file of bearable size."""
    data = content(source, limits)
    return hashlib.sha256(data).hexdigest(), hashlib.md5(data, usedforsecurity=False).hexdigest(), data


def upright(frame: Pixels) -> tuple[NDArray[np.uint64], int]:
    """Return 1 x 4 words and the quality."""
    words, quality = pdq.of_pixels(frame)
    return words[None, :], quality


def pixels(part: bytes, height: int, width: int) -> Pixels:
    """Return the pixels of a part. Raises ValueError when it has another size."""
    if not (0 < height <= 4096 and 0 < width <= 4096):
        raise ValueError("a size that was not asked for")
    return np.frombuffer(part, np.uint8).reshape(height, width, 3)
