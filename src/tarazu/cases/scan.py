"""From posts to cases: judged one by one, looked at together, filed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from tarazu.cases import verdict_found
from tarazu.cases.filing import Became
from tarazu.cases.finding import Found, Opened
from tarazu.cases.intake import CHUNK, Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.networks import plain
from tarazu.cases.priority import reach_of
from tarazu.progress import SILENT, Progress
from tarazu.verdicts import Verdict

if TYPE_CHECKING:
    from tarazu.coordination.run import Run
    from tarazu.policy.judge import Judge
    from tarazu.sources import Reading

EDGES = 2_000  # edges of a network that are frozen with it, the strongest first
TEXTS = 400  # characters of a text in a network's evidence


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """What a scan came to."""

    posts: Opened = field(default_factory=Opened)
    networks: Opened = field(default_factory=Opened)
    outcomes: Mapping[str, int] = field(default_factory=dict)  # posts by outcome


def judged(
    intake: Intake,
    reading: Reading,
    judge: Judge,
    progress: Progress = SILENT,
    keep: Callable[[Item], None] | None = None,
) -> Scanned:
    """Judge every post; those that violate, or that a person has to read, become cases.

    `keep` is called with each of these before its case is opened: it keeps the originals of pictures.
    """
    posts, accounts = reading.posts, by_account(reading.accounts)
    shared = reposts(posts)
    outcomes: dict[str, int] = {}
    whole = Opened()

    def waiting() -> Iterator[Found]:
        verdicts = judge.verdicts(posts, progress)
        for post, verdict in zip(posts.iter_rows(named=True), verdicts, strict=True):
            outcomes[verdict.outcome] = outcomes.get(verdict.outcome, 0) + 1
            one = found(post, verdict, accounts.get(post["account_id"], {}), shared.get(post["post_id"], 0))
            if one is not None:
                if keep is not None:
                    keep(one.item)
                yield one

    chunk: list[Found] = []
    for one in waiting():
        chunk.append(one)
        if len(chunk) == CHUNK:
            whole += intake.findings(chunk)
            chunk = []
    whole += intake.findings(chunk)
    return Scanned(posts=whole, outcomes=outcomes)


def found(post: Mapping[str, Any], verdict: Verdict, author: Mapping[str, Any], shares: int) -> Found | None:
    """One judged post as a finding."""
    item = verdict_found.item_of(post, verdict.media, author)
    return verdict_found.found(verdict, item, reach_of((author.get("followers") or 0) + shares))


def reposts(posts: pl.DataFrame) -> dict[str, int]:
    """How often each post is repeated in the table."""
    counted = posts.filter(pl.col("repost_of").is_not_null()).group_by("repost_of").len()
    return dict(counted.iter_rows())


def by_account(accounts: pl.DataFrame | None) -> dict[str, dict[str, Any]]:
    """The rows of the accounts table by id."""
    if accounts is None:
        return {}
    return {row["account_id"]: row for row in accounts.iter_rows(named=True)}


def networks(
    intake: Intake, run: Run, accounts: pl.DataFrame | None = None, progress: Progress = SILENT
) -> Opened:
    """Open one case a network, with its accounts as members and its evidence frozen."""
    about, whole = by_account(accounts), Opened()
    platforms = run.posts.group_by("account_id").agg(pl.col("platform").drop_nulls().mode().first())
    platform = {account: name or "" for account, name in platforms.iter_rows()}
    with progress.stage("Opening cases of networks", len(run.networks)) as stage:
        for network in run.networks:
            members = [member(m.account_id, platform, about, plain_member(m)) for m in network.members]
            names = [one.platform for one in members]
            case_id, became = intake.network_filed(
                network,
                members,
                evidence(run, network.id, {m.account_id for m in network.members}),
                platform=max(set(names), key=lambda name: (names.count(name), name)),
                versions=dict(run.versions),
                reach=reach_of(sum(1 + _followers(about, m.account_id) for m in network.members)),
            )
            whole += Opened(
                found=1,
                opened=int(became == Became.OPENED),
                joined=int(became == Became.JOINED),
                known=int(became == Became.KNOWN),
                case_ids=(case_id,) if became == Became.OPENED else (),
            )
            stage.advance(1)
    return whole


def member(
    account_id: str, platform: Mapping[str, str], about: Mapping[str, Mapping[str, Any]], role: object
) -> Item:
    """An account as an item."""
    row = about.get(account_id, {})
    return Item(
        kind=ItemKind.ACCOUNT,
        external_id=account_id,
        platform=platform.get(account_id) or row.get("platform") or "",
        author_id=account_id,
        author_name=row.get("display_name") or row.get("handle"),
        text=row.get("description"),
        created_at=row.get("created_at"),
        context={
            "member": role,
            **{name: row[name] for name in ("handle", "followers", "following", "kind") if row.get(name)},
        },
    )


def plain_member(one: Any) -> dict[str, object]:
    """What a member does in its network."""
    return {
        "role": str(one.role),
        "score": one.score,
        "posts": one.posts,
        "joint": one.joint,
        "core": one.core,
    }


def evidence(run: Run, network_id: str, members: Sequence[str] | set[str]) -> dict[str, object]:
    """What stands behind a network: its edges, their summary a trace, the parameters and health of the run."""
    inside = pl.col("source").is_in(list(members)) & pl.col("target").is_in(list(members))
    edges = run.edges.filter(inside).sort("p_value", "source", "target", "trace")
    summary = (
        edges.group_by("trace")
        .agg(
            pl.len().alias("edges"),
            pl.col("weight").sum().alias("acts"),
            pl.col("expected").sum().round(2).alias("expected"),
            pl.col("p_value").min().alias("p_value"),
        )
        .sort("trace")
    )
    frozen: dict[str, object] = plain(
        {
            "run_id": network_id,  # its number in the run
            "edges": edges.head(EDGES).to_dicts(),
            "edges_in_all": edges.height,
            "summary": summary.to_dicts(),
            "parameters": dict(run.parameters),
            "health": [{"ok": line.ok, "line": line.line} for line in run.health.lines],
            "counts": dict(run.counts),
        }
    )
    return frozen


def _followers(about: Mapping[str, Mapping[str, Any]], account_id: str) -> int:
    return int(about.get(account_id, {}).get("followers") or 0)
