"""References to files in a table of posts, as what the files are: so that two names of one picture are one picture."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tarazu.media.files import within
from tarazu.media.pdq import LEAST_QUALITY
from tarazu.media.studio import Studio, Study
from tarazu.progress import SILENT, Progress

HASH = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, kw_only=True)
class Referenced:
    """Posts with their media as hashes."""

    posts: pl.DataFrame
    hashed: int = 0  # files
    rejected: dict[str, str] = field(default_factory=dict)  # reference -> reason
    absent: int = 0  # references that are no file in the folder, and no hash
    thumbnails: dict[str, bytes] = field(default_factory=dict)  # what stands in `media` -> JPEG


def referenced(
    posts: pl.DataFrame, folder: Path, *, progress: Progress = SILENT, workers: int = 2
) -> Referenced:
    """Return the posts with every reference to a file below `folder` replaced by what the file shows.

    That is the PDQ of the picture, of the first frame of a video that has enough in it, or else the file's SHA-256
    marked as such. What cannot be opened, or is no file there, stays as it is.
    """
    references = (
        posts["media"].explode(empty_as_null=False, keep_nulls=False).drop_nulls().unique(maintain_order=True)
    )
    files = [
        (path, one)
        for one in references.to_list()
        if not HASH.fullmatch(one) and (path := within(folder, one)) is not None
    ]
    table: dict[str, str] = {}
    rejected: dict[str, str] = {}
    thumbnails: dict[str, bytes] = {}
    with (
        progress.stage("Hashing pictures", len(files)) as stage,
        Studio(workers=workers, thumbnails=True) as studio,
    ):
        for study in studio.map(files):
            stage.advance(1)
            if study.hash.rejected is not None:
                rejected[study.hash.path] = study.hash.rejected
                continue
            key = key_of(study)
            table[study.hash.path] = key
            if study.thumbnail is not None:
                thumbnails.setdefault(key, study.thumbnail)
    plain = sum(1 for one in references.to_list() if not HASH.fullmatch(one))
    keys = pl.col("media").list.eval(pl.element().replace(list(table), list(table.values())))
    return Referenced(
        posts=posts.with_columns(keys) if table else posts,
        hashed=len(table),
        rejected=rejected,
        absent=plain - len(files),
        thumbnails=thumbnails,
    )


def key_of(study: Study) -> str:
    """Return what stands for a file among others: its picture where it has one, its bytes otherwise."""
    good = next((frame for frame in study.hash.frames if frame.quality >= LEAST_QUALITY), None)
    return good.pdq if good is not None else f"sha256:{study.hash.sha256}"
