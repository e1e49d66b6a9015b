"""Tarazu: find coordinated networks of accounts, with evidence for every edge and a controlled error rate.

>>> import tarazu
>>> reading = tarazu.read("posts.parquet")
>>> result = tarazu.networks(reading, fdr=0.01)
>>> result.write("report")
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tarazu.errors import TarazuError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from tarazu.progress import Progress
    from tarazu.report.result import Result
    from tarazu.sources import Reading

__all__ = ["TarazuError", "networks", "read"]


def read(
    *paths: str | Path,
    accounts: str | Path | None = None,
    reports: str | Path | None = None,
    map: Mapping[str, str] | None = None,
    layout: str | None = None,
    assume_utc: bool = False,
    progress: Progress | None = None,
) -> Reading:
    """Read posts (and accounts, and reports) from files of any known layout; see `tarazu.sources.read`."""
    from tarazu import sources

    return sources.read(
        *paths,
        accounts=accounts,
        reports=reports,
        map=map,
        layout=layout,
        assume_utc=assume_utc,
        progress=progress,
    )


def networks(
    posts: Reading | pl.DataFrame,
    accounts: pl.DataFrame | None = None,
    *,
    reports: pl.DataFrame | None = None,
    fdr: float = 0.01,
    windows: Sequence[int] = (10, 60, 300, 1800),
    traces: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Result:
    """Find coordinated networks in `posts`: a `Reading`, or a frame with the columns of `tarazu.records.POSTS`.

    `fdr` is the promised share of false accounts among the accounts named, `windows` are seconds, `traces` the kinds
    of joint action to look at (default: all that the data allow). Returns Polars frames, the networks, a health
    statement, and `write(folder)`. Raises `TarazuError` with what to do next.
    """
    from tarazu.coordination.run import networks as find
    from tarazu.progress import SILENT
    from tarazu.report.result import Result
    from tarazu.sources import Reading

    if isinstance(posts, Reading):
        accounts = posts.accounts if accounts is None else accounts
        reports = posts.reports if reports is None else reports
        posts = posts.posts
    return Result.of(find(posts, accounts, reports, fdr, windows, traces, progress or SILENT))
