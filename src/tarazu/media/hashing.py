"""Files to hashes: `hash` for one, `hash_all` for many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tarazu.sightings import MediaHash


def hash(path: Path | str) -> MediaHash:
    """Return the hashes of a picture or video: SHA-256, MD5, and PDQ of the picture or about a frame a second.

    A file that cannot be opened safely has `rejected` set to the reason, in one sentence.
    """
    return next(hash_all([path], workers=1))


def hash_all(paths: Iterable[Path | str], workers: int = 2) -> Iterator[MediaHash]:
    """Yield the hashes of files, in order; `workers` children open them."""
    from tarazu.media.studio import Studio

    with Studio(workers=workers) as studio:
        for study in studio.map((Path(path), str(path)) for path in paths):
            yield study.hash
