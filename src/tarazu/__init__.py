"""Tarazu: judge posts by a written policy, and find coordinated networks of accounts, with the evidence for each.

>>> import tarazu
>>> reading = tarazu.read("posts.parquet")
>>> result = tarazu.networks(reading, fdr=0.01)
>>> result.write("report")
>>> judgement = tarazu.judge(reading, entities="entities.yaml", policy="policy.yaml")
>>> judgement.write("verdicts.jsonl")
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tarazu.errors import TarazuError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from tarazu.policy.clause import Policy
    from tarazu.policy.designations import EntityList
    from tarazu.policy.judgement import Judgement
    from tarazu.policy.stance.model import StanceModel
    from tarazu.progress import Progress
    from tarazu.report.result import Result
    from tarazu.sources import Reading

__all__ = ["TarazuError", "judge", "networks", "read"]


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


def judge(
    posts: Reading | pl.DataFrame,
    *,
    entities: EntityList | str | Path | Sequence[str | Path],
    policy: Policy | str | Path,
    model: StanceModel | str | Path | None = None,
    highlight: bool = True,
    progress: Progress | None = None,
) -> Judgement:
    """Judge `posts` (a `Reading`, or a frame with the columns of `tarazu.records.POSTS`) by a written policy.

    `entities` and `policy` are files or what `tarazu.policy` read from them; `model` is the bundled one, a folder with
    another, or any `StanceModel`; `highlight` looks for the words that decided. Returns one verdict a post. Raises
    `TarazuError` with what to do next.
    """
    from pathlib import Path as Folder

    from tarazu.policy.designations import EntityList, read_entities
    from tarazu.policy.judge import Judge
    from tarazu.policy.judgement import Judgement
    from tarazu.policy.policy_file import read_policy
    from tarazu.policy.stance.model import OnnxStance
    from tarazu.progress import SILENT
    from tarazu.records import conform
    from tarazu.sources import Reading

    frame = posts.posts if isinstance(posts, Reading) else conform(posts)
    if isinstance(entities, str | Folder):
        entities = [entities]
    listed = entities if isinstance(entities, EntityList) else read_entities(*entities)
    written = read_policy(policy) if isinstance(policy, str | Folder) else policy
    chosen = OnnxStance(Folder(model)) if isinstance(model, str | Folder) else model
    judging = Judge(listed, written, chosen, highlight=highlight)
    return Judgement(tuple(judging.verdicts(frame, progress or SILENT)))
