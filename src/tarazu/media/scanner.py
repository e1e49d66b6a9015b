"""Looks at the media of posts: opens, hashes, compares with banks, reads the words. It never acts and never judges.

A reference is a name below one folder, or a PDQ hash of 64 digits. References come out of posts, so they are hostile
too: a name that leads out of the folder is refused, and nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from tarazu.media import pdq
from tarazu.media.files import within
from tarazu.media.studio import Studio, Study
from tarazu.sightings import MediaHash, MediaMatch, PictureHash, PictureText, Sighting

if TYPE_CHECKING:
    from tarazu.media.bank import Bank
    from tarazu.media.bank.seen import Seen
    from tarazu.media.local.index import LocalIndex

HASH = re.compile(r"[0-9a-fA-F]{64}")
LOCAL = "points.1"  # how parts of pictures are found
KEPT = 100_000  # sightings remembered, so that a picture that is posted again is looked at once


class Known(Protocol):
    """Known pictures that a scanner compares with: a bank, the emblems of an entity list."""

    def match_frames(
        self,
        hashes: NDArray[np.uint64] | None = None,
        quality: Sequence[int] | NDArray[np.int64] | int = 100,
        *,
        sha256: str | None = None,
        md5: str | None = None,
        distance: int | None = None,
    ) -> list[MediaMatch]:
        """Return the known pictures within the distance."""
        ...


class Scanner:
    """Looks at files and hashes. Close it, or use it as a context."""

    def __init__(
        self,
        banks: Sequence[Bank] = (),
        *,
        known: Sequence[Known] = (),
        folder: Path | None = None,
        distance: int | None = None,
        words: bool = True,
        parts: bool = True,
        counting: bool = False,
        seen: Seen | None = None,
        workers: int = 2,
    ) -> None:
        """Compare with `banks` and other `known` pictures; references are names below `folder`.

        `distance` replaces the banks' own; `words` reads the words in pictures, where the reader is installed;
        `parts` also finds cropped and framed copies of bank pictures that keep local features; `counting` counts
        every file in the banks, for their flood guard; `seen` remembers what was looked at.
        """
        from tarazu.media import ocr

        self.banks, self.known, self.folder, self.distance = tuple(banks), tuple(known), folder, distance
        self.counting, self.seen, self.workers = counting, seen, workers
        self.reading = words and bool(ocr.available())
        # What is missing is said even where the other languages are read.
        self.unread = ocr.missing() if words else "Words in pictures were not asked for."
        self.parts = parts and any(True for bank in self.banks for _ in bank.features())
        self._looked: dict[str, Sighting] = {}

    @cached_property
    def studio(self) -> Studio:
        """Where files are opened."""
        return Studio(workers=self.workers, turned=True, words=self.reading, features=self.parts)

    @cached_property
    def threads(self) -> ThreadPoolExecutor:
        """Where words are read, one picture a thread."""
        return ThreadPoolExecutor(self.workers)

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """What a sighting depends on: how pictures are hashed, the state of each bank, the reader of words."""
        from tarazu.media import ocr

        return {
            "media": "pdq.1",
            "parts": LOCAL if self.parts else "none",
            **{f"bank:{bank.about.name}": bank.version for bank in self.banks},
            "words": ocr.version() if self.reading else "none",
        }

    def look(self, media: Sequence[str]) -> dict[str, Sighting]:
        """Return what is seen in each reference. One that is neither a hash nor a name in the folder is left out."""
        found: dict[str, Sighting] = {}
        files: list[str] = []
        for reference in media:
            if reference in self._looked:
                found[reference] = self._looked[reference]
            elif HASH.fullmatch(reference):
                found[reference] = self.of_hash(reference)
            elif self.folder is not None:
                files.append(reference)
        for reference, sighting in zip(files, self.of_files(files), strict=True):
            if sighting is not None:
                found[reference] = sighting
        if len(self._looked) + len(found) > KEPT:
            self._looked.clear()
        self._looked.update(found)
        return found

    def of_hash(self, reference: str) -> Sighting:
        """Return what is known of a picture of which only the upright hash is at hand."""
        hashed = MediaHash(
            path=reference,
            sha256="",
            md5="",
            frames=(PictureHash(pdq=reference.lower(), quality=100),),
        )
        matches = self.matches(hashed, pdq.one(reference.lower())[None, None, :], None)
        return Sighting(hash=hashed, matches=matches, unread="Only the hash of the picture is known.")

    def of_files(self, references: Sequence[str]) -> Iterator[Sighting | None]:
        """Yield what is seen in files below the folder, in order; None for a name that is no file there."""
        places = [self.place(reference) for reference in references]
        sightings = self.scan(
            (place, reference)
            for place, reference in zip(places, references, strict=True)
            if place is not None
        )
        for place in places:
            yield next(sightings) if place is not None else None

    def place(self, reference: str) -> Path | None:
        """Return the file that a reference names, if it lies in the folder."""
        return within(self.folder, reference) if self.folder is not None else None

    def scan(self, sources: Iterable[tuple[Path | bytes, str | None]]) -> Iterator[Sighting]:
        """Yield what is seen in files, in order; each may have a name of its own."""
        waiting: deque[Future[Sighting]] = deque()
        try:
            for study in self.studio.map(sources):
                waiting.append(self.threads.submit(self.sighting, study))
                if len(waiting) > 2 * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()

    def sighting(self, study: Study) -> Sighting:
        """Return what is seen in a file that was studied."""
        hashed = study.hash
        if hashed.rejected is not None:
            exact = self.exact(hashed)
            return Sighting(hash=hashed, matches=exact, unread=None)
        matches = self.matches(hashed, study.turned, study.features)
        if self.counting:
            for bank in self.banks:
                bank.count_upload(matches)
        if self.seen is not None:
            self.seen.remember(hashed.frames, hashed.path, datetime.now(UTC))
        return Sighting(hash=hashed, matches=matches, text=self.words(study), unread=self.unread)

    def matches(
        self, hashed: MediaHash, words: NDArray[np.uint64], features: bytes | None
    ) -> tuple[MediaMatch, ...]:
        """Return the known pictures that a file shows, those that decide and the nearest first."""
        quality = [frame.quality for frame in hashed.frames]
        found: list[MediaMatch] = []
        for known in (*self.banks, *self.known):
            found += known.match_frames(
                words,
                quality,
                sha256=hashed.sha256 or None,
                md5=hashed.md5 or None,
                distance=self.distance,
            )
        if features is not None:
            there = {(match.bank, match.entry) for match in found}
            found += [match for match in self.of_parts(features) if (match.bank, match.entry) not in there]
        return tuple(
            sorted(found, key=lambda m: (not m.negative, not m.decides, m.distance, m.bank, m.entry))
        )

    def of_parts(self, features: bytes) -> list[MediaMatch]:
        """Return the known pictures of which a file shows a part, or which lie inside it."""
        from tarazu.media.local.features import Features

        seen = Features.from_bytes(features)
        found = []
        for bank, index in self.local:
            within = bank.about.distance if self.distance is None else self.distance
            for hit in index.search(seen):
                if hit.distance <= within and (match := bank.match_of(hit.id, hit.distance)) is not None:
                    found.append(match)
        return found

    @cached_property
    def local(self) -> list[tuple[Bank, LocalIndex]]:
        """Each bank with the local features of its pictures, as they were when first asked for."""
        from tarazu.media.local.features import Features
        from tarazu.media.local.index import LocalIndex

        found = []
        for bank in self.banks:
            index = LocalIndex()
            for key, data in bank.features():
                index.add(key, Features.from_bytes(data))
            if len(index):
                found.append((bank, index))
        return found

    def exact(self, hashed: MediaHash) -> tuple[MediaMatch, ...]:
        """Return the known files of the same bytes: even one that cannot be opened may be known."""
        if not hashed.sha256:
            return ()
        return tuple(
            match
            for bank in self.banks
            for match in bank.match_frames(sha256=hashed.sha256, md5=hashed.md5 or None)
        )

    def words(self, study: Study) -> tuple[PictureText, ...]:
        """Return the words read in a file, each text once."""
        from tarazu.media import ocr

        found: dict[tuple[str, str], PictureText] = {}
        for pixels in study.readable:
            for text in ocr.read(pixels):
                found.setdefault((text.lang, text.text), text)
        return tuple(found.values())

    def close(self) -> None:
        """End the children and threads; the banks stay open."""
        if "studio" in self.__dict__:
            self.studio.close()
        if "threads" in self.__dict__:
            self.threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
