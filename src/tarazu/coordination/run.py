"""From posts to coordinated networks: the whole way, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.coordination.cells import Cells, make_cells
from tarazu.coordination.communities import communities, renumber
from tarazu.coordination.describe import describe
from tarazu.coordination.events import Actors, Events, PairTests
from tarazu.coordination.evidence import evidence, own_evidence
from tarazu.coordination.fuse import Fused, fuse
from tarazu.coordination.groups import coordinated_groups
from tarazu.coordination.health import assess, survivors
from tarazu.coordination.membership import Membership, examine_members
from tarazu.coordination.multiplicity import q_values, select
from tarazu.coordination.timing import Null, examine_pairs, learn
from tarazu.coordination.traces import OWN_TESTS, TRACES
from tarazu.coordination.traces.co_report import CoReport
from tarazu.errors import OptionError
from tarazu.findings import Health, Network
from tarazu.progress import SILENT, Progress
from tarazu.records import conform

WINDOWS = (10, 60, 300, 1800)
NULL = "timing.v1"
# A network has at least this many accounts; lone pairs stay in the edge list.
MIN_MEMBERS = 3
# Rounds of growth by the membership test; each may bring in accounts that only the grown group can reach.
_ROUNDS = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """A finished run: what was found, on what evidence, under which promise."""

    networks: tuple[Network, ...]
    accounts: pl.DataFrame  # account_id, network_id, score, role; members only
    edges: pl.DataFrame  # source, target, trace, window (s), weight, expected, p_value, q_value
    evidence: pl.DataFrame  # one row a pair of acts behind an edge
    health: Health
    parameters: Mapping[str, object]
    versions: Mapping[str, str]
    counts: Mapping[str, int]
    posts: pl.DataFrame
    scores: (
        pl.DataFrame
    )  # account_id, p_value of every account that was tested, member or not; smallest first


@dataclass(frozen=True, kw_only=True, eq=False)
class TraceRun:
    """One trace with shared objects: its facts and what its test said."""

    name: str
    events: Events
    cells: Cells
    null: Null
    tests: PairTests


def networks(
    posts: pl.DataFrame,
    accounts: pl.DataFrame | None = None,
    reports: pl.DataFrame | None = None,
    fdr: float = 0.01,
    windows: Sequence[int] = WINDOWS,
    traces: Sequence[str] | None = None,
    progress: Progress = SILENT,
) -> Run:
    """Find coordinated networks.

    `posts`, `accounts`, `reports` have the schemas of `tarazu.records`. `fdr` is the promised share of false accounts
    among the accounts named; `windows` are seconds; `traces` are names from `traces.TRACES` and `traces.OWN_TESTS`
    (default: all whose channel is present).
    """
    _check(fdr, windows, traces)
    posts = conform(posts)
    accounts = None if accounts is None else conform(accounts, "accounts")
    reports = None if reports is None else conform(reports, "reports")
    actors = number(posts, accounts, reports)
    milliseconds = np.array(sorted(windows), np.int64) * 1000
    runs: list[TraceRun] = []
    tests: list[PairTests] = []
    versions = {"tarazu": _version(), "null": NULL}
    for trace in TRACES:
        if traces is not None and trace.name not in traces:
            continue
        with progress.stage(f"{trace.name}: who acted on what"):
            events = (
                trace.events(posts, actors, reports)
                if isinstance(trace, CoReport)
                else trace.events(posts, actors)
            )
        if events is None or not len(events):
            continue
        with progress.stage(f"{trace.name}: testing pairs"):
            run = run_trace(trace.name, events, actors.count, milliseconds)
        versions[trace.name] = trace.version
        runs.append(run)
        tests.append(run.tests)
    for own in OWN_TESTS:
        if traces is not None and own.name not in traces:
            continue
        with progress.stage(f"{own.name}: testing pairs"):
            found = own.tests(posts, accounts, actors, sorted(windows))
        if found is not None and len(found):
            versions[own.name] = own.version
            tests.append(found)
    with progress.stage("Fusing traces and forming networks"):
        fused = fuse(tests)
        keep, tested_accounts, account_p = select(fused.source, fused.target, fused.p, fdr)
        score = np.ones(actors.count)
        score[tested_accounts] = account_p
        label, core, score = form(runs, fused, keep, score, actors.count, fdr)
    with progress.stage("Collecting evidence"):
        edges = edge_table(tests, fused, keep, actors)
        keys = evidence_keys(fused, keep, label, core)
        shown = evidence(
            keys, label, [(r.name, r.events, r.cells) for r in runs], sorted(windows), actors, posts
        )
        moments = own_evidence(edges, label, sorted(windows), actors, posts, accounts)
        shown = pl.concat([shown, moments]).sort(
            "network_id", "source", "target", "source_time", "trace", "object"
        )
        found_networks = describe(posts, accounts, actors, label, core, score, edges, shown, runs)
    with progress.stage("Checking the promise"):
        health = assess(posts, runs, fused, survivors(runs, actors.count, milliseconds, fdr))
    members = [
        {"account_id": m.account_id, "network_id": n.id, "score": m.score, "role": str(m.role)}
        for n in found_networks
        for m in n.members
    ]
    return Run(
        networks=found_networks,
        accounts=pl.DataFrame(
            members,
            schema={"account_id": pl.String, "network_id": pl.String, "score": pl.Float64, "role": pl.String},
        ),
        edges=edges,
        evidence=shown,
        health=health,
        parameters={
            "fdr": fdr,
            "windows": sorted(windows),
            "traces": [t.trace for t in tests],
        },
        versions=versions,
        counts={
            "posts": posts.height,
            "accounts": posts["account_id"].n_unique(),
            "tested_pairs": len(fused),
            "edges": int(keep.sum()),
            "members": len(members),
            "networks": len(found_networks),
        },
        posts=posts,
        scores=_scores(actors, fused, label, score),
    )


def _scores(actors: Actors, fused: Fused, label: NDArray[np.int32], p: NDArray[np.float64]) -> pl.DataFrame:
    """List every account that some test looked at, the least likely by chance first."""
    seen = label >= 0
    seen[fused.source] = True
    seen[fused.target] = True
    who = np.flatnonzero(seen)
    return pl.DataFrame({"account_id": actors.ids.gather(who), "p_value": p[who]}).sort(
        "p_value", "account_id"
    )


def partition(posts: pl.DataFrame, flagged: Sequence[str]) -> pl.DataFrame:
    """Form communities of the given accounts as a run would: account_id, community. For evaluation of the ranking."""
    posts = conform(posts)
    actors = number(posts)
    found = [t.events(posts, actors) for t in TRACES if t.name != "co_report"]
    chosen = actors.ids.is_in(pl.Series(list(flagged), dtype=pl.String).implode()).to_numpy()
    nobody = np.zeros(0, np.int32)
    everybody = np.arange(actors.count, dtype=np.int32)
    anchor = np.full(actors.count, int(np.argmax(chosen)), np.int32)
    label = communities(
        [e for e in found if e is not None], chosen, (nobody, nobody, np.zeros(0)), (anchor, everybody)
    )
    return pl.DataFrame({"account_id": actors.ids, "community": label}).filter(pl.col("community") >= 0)


def _check(fdr: float, windows: Sequence[int], traces: Sequence[str] | None) -> None:
    if not 0.0 < fdr < 1.0:
        raise OptionError(
            f"--fdr is {fdr}; it is a share of false accounts between 0 and 1, for example 0.01."
        )
    if not windows or min(windows) < 1:
        raise OptionError("--window needs one or more whole numbers of seconds, each at least 1.")
    known = [t.name for t in TRACES] + [t.name for t in OWN_TESTS]
    for name in traces or ():
        if name not in known:
            raise OptionError(f"There is no trace {name!r}; choose from {', '.join(known)}.")


def _version() -> str:
    try:
        return version("tarazu")
    except PackageNotFoundError:
        return "unknown"


def number(
    posts: pl.DataFrame, accounts: pl.DataFrame | None = None, reports: pl.DataFrame | None = None
) -> Actors:
    """Number everybody who posted, reported or has a profile."""
    ids = [posts["account_id"].unique()]
    if accounts is not None:
        ids.append(accounts["account_id"].unique())
    if reports is not None:
        ids.append(reports["reporter_id"].unique().rename("account_id"))
    every = pl.concat(ids).unique().sort()
    codes = (
        posts.lazy()
        .select("account_id")
        .join(
            pl.LazyFrame({"account_id": every}).with_row_index("code"),
            on="account_id",
            how="left",
            maintain_order="left",
        )
        .collect()["code"]
    )
    return Actors(ids=every, of_post=codes.cast(pl.Int32).to_numpy())


def run_trace(name: str, events: Events, accounts: int, windows: NDArray[np.int64]) -> TraceRun:
    """Test all pairs of one trace."""
    cells = make_cells(events, accounts)
    null, keys = learn(cells, windows)
    tested = examine_pairs(null, keys)
    best = tested.p.argmin(axis=1) if len(keys) else np.zeros(0, np.int64)
    row = np.arange(len(keys))
    return TraceRun(
        name=name,
        events=events,
        cells=cells,
        null=null,
        tests=PairTests(
            trace=name,
            source=(keys >> 32).astype(np.int32),
            target=(keys & 0xFFFFFFFF).astype(np.int32),
            window=(windows[best] // 1000).astype(np.int32),
            weight=tested.weight[row, best],
            expected=tested.expected[row, best],
            shared=tested.shared,
            p=tested.combined,
            tested=len(keys),
        ),
    )


def form(
    runs: Sequence[TraceRun],
    fused: Fused,
    keep: NDArray[np.bool_],
    score: NDArray[np.float64],
    accounts: int,
    fdr: float,
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.float64]]:
    """Form networks: significant edges, thin groups, growth. Returns labels, core members, and accounts' p-values."""
    nulls = [r.null for r in runs]
    label = pieces(accounts, fused.source[keep], fused.target[keep])
    core = label >= 0
    if nulls:
        label = coordinated_groups(nulls, label, fdr)
        label, score = grow(nulls, label, score, fdr)
    strength = -np.log10(np.maximum(fused.p[keep], 1e-300))
    flagged = label >= 0
    out = communities(
        [r.events for r in runs],
        flagged,
        (fused.source[keep], fused.target[keep], strength),
        (fused.source, fused.target),
    )
    # An account that nothing ties to the rest of its piece keeps the piece it was found in.
    loose = flagged & (out < 0)
    out[loose] = label[loose] + out.max(initial=-1) + 1
    size = np.bincount(out[out >= 0], minlength=1)
    out[(out >= 0) & (size[np.maximum(out, 0)] < MIN_MEMBERS)] = -1
    return renumber(out), core, score


def pieces(accounts: int, source: NDArray[np.int32], target: NDArray[np.int32]) -> NDArray[np.int32]:
    """Label the connected pieces of a graph, 0.. by size; -1 for accounts without an edge."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    label = np.full(accounts, -1, np.int32)
    if not source.size:
        return label
    graph = coo_array((np.ones(source.size), (source, target)), shape=(accounts, accounts))
    _, found = connected_components(graph, directed=False)
    ends = np.unique(np.r_[source, target])
    label[ends] = found[ends]
    return renumber(label)


def grow(
    nulls: Sequence[Null], label: NDArray[np.int32], score: NDArray[np.float64], fdr: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Let accounts join the group they act near more often than strangers do, at rate `fdr` over all who are tested."""
    label, score = label.copy(), score.copy()
    for _ in range(_ROUNDS):
        if label.max(initial=-1) < 0:
            break
        found: Membership = examine_members(nulls, label)
        outside = label[found.account] < 0
        passes = outside.copy()
        passes[outside] = q_values(found.p[outside]) <= fdr
        if not passes.any():
            break
        order = np.argsort(-found.p[passes], kind="stable")  # the best group is written last
        who = found.account[passes][order]
        label[who] = found.group[passes][order]
        score[who] = found.p[passes][order]
    return label, score


def edge_table(
    tests: Sequence[PairTests], fused: Fused, keep: NDArray[np.bool_], actors: Actors
) -> pl.DataFrame:
    """Build the edge list: a row for each kept pair and each trace that speaks for it (at least the best one).

    p_value is the trace's own, q_value that of the pair over all tested pairs.
    """
    q = q_values(fused.p, fused.tested)
    kept = (fused.source[keep].astype(np.int64) << 32) | fused.target[keep]
    parts: list[pl.DataFrame] = []
    for test in tests:
        keys = (test.source.astype(np.int64) << 32) | test.target
        mine = np.isin(keys, kept)
        at = np.searchsorted(kept, keys[mine])
        parts.append(
            pl.DataFrame(
                {
                    "key": keys[mine],
                    "trace": pl.repeat(test.trace, int(mine.sum()), dtype=pl.String, eager=True),
                    "window": test.window[mine],
                    "weight": test.weight[mine],
                    "expected": test.expected[mine],
                    "p_value": test.p[mine],
                    "q_value": q[keep][at],
                },
                schema_overrides={"window": pl.Int32, "weight": pl.Int32},
            )
        )
    if not parts:
        return pl.DataFrame(schema=EDGES)
    table = pl.concat(parts)
    speaks = (pl.col("p_value") <= 0.05) | (pl.col("p_value") == pl.col("p_value").min().over("key"))
    table = table.filter(speaks).sort("key", "p_value", "trace")
    key = table["key"].to_numpy()
    return table.select(
        actors.ids.gather(key >> 32).alias("source"),
        actors.ids.gather(key & 0xFFFFFFFF).alias("target"),
        *[pl.col(c) for c in list(EDGES)[2:]],
    )


EDGES: dict[str, pl.DataType] = {
    "source": pl.String(),
    "target": pl.String(),
    "trace": pl.String(),
    "window": pl.Int32(),
    "weight": pl.Int32(),
    "expected": pl.Float64(),
    "p_value": pl.Float64(),
    "q_value": pl.Float64(),
}

# Pairs through which a member without an edge of its own is shown next to its network.
_SHOWN_PER_MEMBER = 3


def evidence_keys(
    fused: Fused, keep: NDArray[np.bool_], label: NDArray[np.int32], core: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Choose the pairs whose posts are shown: edges inside networks, and the best pairs of members without an edge."""
    inside = (label[fused.source] >= 0) & (label[fused.source] == label[fused.target])
    chosen = inside & keep
    joined = inside & ~keep & ~(core[fused.source] & core[fused.target])
    rows = np.flatnonzero(joined)
    if rows.size:
        ends = np.r_[fused.source[rows], fused.target[rows]]
        both = np.r_[rows, rows]
        new = ~core[ends]
        ends, both = ends[new], both[new]
        order = np.lexsort((fused.p[both], ends))
        ends, both = ends[order], both[order]
        start = np.flatnonzero(np.r_[True, ends[1:] != ends[:-1]])
        rank = np.arange(ends.size) - np.repeat(start, np.diff(np.r_[start, ends.size]))
        chosen[both[rank < _SHOWN_PER_MEMBER]] = True
    return np.sort((fused.source[chosen].astype(np.int64) << 32) | fused.target[chosen])
