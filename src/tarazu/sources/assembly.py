"""What was taken from all files -> one table of each kind, its keys unique."""

from __future__ import annotations

import polars as pl

from tarazu.sources import duplicates
from tarazu.sources.shape import POSITION, complete
from tarazu.sources.sourcefile import SourceFile

_KEYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "posts": ("post_id", ("account_id", "created_at")),
    "accounts": ("account_id", ()),
    "reports": ("report_id", ("reporter_id", "subject", "created_at")),
}


def table_of(files: list[SourceFile], table: str) -> pl.DataFrame | None:
    """All rows of one table; repeated keys are settled, and the counts of their files with them."""
    mine = [(index, one) for index, one in enumerate(files) if one.table == table]
    frames = [
        frame.with_columns(pl.lit(index, dtype=pl.Int32).alias(duplicates.FILE))
        for index, one in mine
        for frame in one.frames
    ]
    for _, one in mine:
        one.frames = []
    whole: pl.DataFrame | None = None
    if frames:
        key, same = _KEYS[table]
        settled = duplicates.settle(pl.concat(frames, how="diagonal"), key, same)
        for index, one in mine:
            again = settled.refused.filter(pl.col(duplicates.FILE) == index)
            if again.height:
                one.rejects.add_many(
                    again[POSITION],
                    pl.Series(
                        [f"duplicate {key}: an earlier row has it with another {' or '.join(same)}"]
                    ).new_from_index(0, again.height),
                    again[key],
                )
            one.merged += int(settled.merged.filter(pl.col(duplicates.FILE) == index)["len"].sum())
        whole = complete(settled.frame, table)
    if table == "accounts":
        seen = [complete(frame, "accounts") for one in files for frame in one.accounts]
        if seen:  # a table of its own knows better than the rows of posts
            whole = latest(pl.concat([*seen, *([whole] if whole is not None else [])]))
    return whole


def latest(about: pl.DataFrame) -> pl.DataFrame:
    """One row an account: of each field the last value that is known."""
    if about["account_id"].n_unique() == about.height:
        return about
    return (
        about.group_by("account_id", maintain_order=True)
        .agg(pl.exclude("account_id").drop_nulls().last())
        .select(about.columns)
    )


def nothing_left(files: list[SourceFile]) -> str:
    """Why no row of `files` is left, as a message."""
    names = ", ".join(str(one.path) for one in files[:3]) + (" ..." if len(files) > 3 else "")
    total = sum(one.read for one in files)
    if not total:
        if all(one.path.stat().st_size == 0 for one in files):
            return f"{names} is empty. Check that the export or the download finished."
        return f"{names} has no rows, only a header or blank lines. Check that the export finished."
    rejected = pl.concat([one.rejects.frame() for one in files])
    if not rejected.height:
        return f"{names} has {total} rows, but none that can be used."
    top = rejected.group_by("reason").agg(pl.len(), pl.col("position").first()).sort("len", descending=True)
    reason, count, position = top.row(0)
    return (
        f"None of the {total} rows of {names} can be used. "
        f"Most often ({count} rows, first at {position}): {reason}."
    )
