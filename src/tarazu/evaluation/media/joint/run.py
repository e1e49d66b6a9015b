"""The drawn posts before a judge: pictures and bank on disk, a table of posts, one verdict each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from tarazu.evaluation.media.joint.cases import Case, Known, cases, known
from tarazu.evaluation.media.joint.draw import write, write_known
from tarazu.evaluation.media.joint.figures import JointFigures, Judged
from tarazu.progress import SILENT, Progress
from tarazu.records import conform
from tarazu.verdicts import Verdict

WHEN = datetime(2026, 11, 14, 12, tzinfo=UTC)
# posts (columns of tarazu.records.POSTS; `media` holds names of files), the folder of those files, the bank
Judging = Callable[[pl.DataFrame, Path, Path], Sequence[Verdict]]
# Makes a bank of the known pictures (each with its file) at a path.
Banking = Callable[[Sequence[tuple[Known, Path]], Path], None]


def run(
    judging: Judging,
    banking: Banking,
    chosen: Sequence[Case] | None = None,
    *,
    folder: Path | None = None,
    progress: Progress = SILENT,
) -> JointFigures:
    """Draw the posts and the bank, have them judged, and return the figures; the posts of `test` if none are given.

    Pictures go into `folder` and stay there, or into one that is removed at the end.
    """
    if folder is None:
        with TemporaryDirectory() as made:
            return run(judging, banking, chosen, folder=Path(made), progress=progress)
    chosen = cases("test") if chosen is None else chosen
    media, shelf, bank = folder / "media", folder / "known", folder / "known.bank"
    media.mkdir(parents=True, exist_ok=True)
    shelf.mkdir(parents=True, exist_ok=True)
    held = known(chosen)
    with progress.stage("Drawing pictures", len(chosen) + len(held)) as stage:
        pictures = []
        for one in held:
            pictures.append((one, write_known(one, shelf)))
            stage.advance(1)
        names = []
        for case in chosen:
            names.append(write(case, media))
            stage.advance(1)
    banking(pictures, bank)
    verdicts = judging(posts(chosen, names), media, bank)
    return JointFigures(
        judged=tuple(
            Judged(case=case, verdict=verdict) for case, verdict in zip(chosen, verdicts, strict=True)
        )
    )


def posts(chosen: Sequence[Case], names: Sequence[str]) -> pl.DataFrame:
    """Return the table of posts; a post without a caption has no text."""
    return conform(
        pl.DataFrame(
            {
                "post_id": [case.id for case in chosen],
                "account_id": ["drawn"] * len(chosen),
                "created_at": [WHEN] * len(chosen),
                "text": [case.caption or None for case in chosen],
                "lang": [case.lang for case in chosen],
                "media": [[name] for name in names],
            },
            schema_overrides={"text": pl.String},
        )
    )
