"""Networks in words and tables: members and roles, objects, moments, timeline, why, and what argues against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.coordination.events import Actors
from tarazu.coordination.multiplicity import simes
from tarazu.coordination.speed import speed_p
from tarazu.coordination.traces import rhythm
from tarazu.findings import Act, Label, Member, Moment, Network, Role, SharedObject, Timeline

if TYPE_CHECKING:
    from tarazu.coordination.run import TraceRun

_OBJECTS = 50
_MOMENTS = 8
_ACTS = 40
_BINS = 240
_BIN_SECONDS = (60, 300, 900, 3600, 10_800, 21_600, 86_400, 604_800, 2_592_000)
# Mean rank (0 first, 1 last) on joint objects that makes a role, and objects needed to have one.
_EARLY, _LATE, _ENOUGH = 0.35, 0.65, 3
# Share of a network's objects that come from one site or author: from here on the reader is told, and the network is
# called one feed if reaction times explain it too.
_ONE_SOURCE = 0.8
# Links of one site alone are a feed however punctual: pollers of one clock are synchronous beyond their speed.
_ONLY_SOURCE = 0.95
# Hosts that stand for every site: a short link says nothing of its source.
_SHORTENERS = frozenset(
    {"t.co", "bit.ly", "goo.gl", "ow.ly", "buff.ly", "dlvr.it", "ift.tt", "is.gd", "lnkd.in", "tinyurl.com", "fb.me",
     "youtu.be", "wp.me", "trib.al", "j.mp", "shar.es", "amzn.to", "t.me", "cutt.ly", "rb.gy"}
)  # fmt: skip

# Traces without a shared object: shown as moments or days, and only where there is nothing better to show.
OBJECTLESS = ("synchrony", "birth")

# Fit to office hours from which on posts are said to have a working day, and the longest day (minutes) worth saying.
_SHIFT = 0.35
_LONGEST = 720

VERBS = {
    "co_repost": "reposted the same posts",
    "fast_repost": "reposted the same posts within a minute of their birth",
    "co_url": "posted the same links",
    "co_hashtag": "used the same hashtags",
    "co_mention": "mentioned the same accounts",
    "co_reply": "replied to the same posts",
    "co_text": "posted the same or nearly the same texts",
    "co_media": "posted the same pictures",
    "co_report": "reported the same posts or accounts",
    "synchrony": "posted at the same moments",
    "birth": "were created in one burst with the same pattern",
}


def describe(
    posts: pl.DataFrame,
    accounts: pl.DataFrame | None,
    actors: Actors,
    label: NDArray[np.int32],
    core: NDArray[np.bool_],
    p: NDArray[np.float64],
    edges: pl.DataFrame,
    evidence: pl.DataFrame,
    runs: Sequence[TraceRun],
) -> tuple[Network, ...]:
    """Describe every network; `label` gives each account's network, `p` its p-value."""
    count = int(label.max(initial=-1)) + 1
    if not count:
        return ()
    member_of = pl.DataFrame(
        {"account_id": actors.ids.gather(np.flatnonzero(label >= 0)), "net": label[label >= 0]},
        schema_overrides={"net": pl.Int32},
    )
    everyone = np.bincount(actors.of_post, minlength=actors.count)
    # Reports and births have times too: without a post they are the clock.
    clock = _Clock(
        pl.concat([posts["created_at"], evidence["source_time"].rename("created_at")]), posts["created_at"]
    )
    mine = (
        posts.lazy()
        .with_row_index("row")
        .select("row", "account_id", "post_id", "created_at", "text", "lang", "repost_of_account")
        .join(member_of.lazy(), on="account_id")
        .collect()
    )
    acts = _joint_acts(evidence)
    roles = _roles(acts)
    outside = _outside(runs, label, count)
    inside_edges = (
        edges.join(member_of.rename({"account_id": "source", "net": "a"}), on="source")
        .join(member_of.rename({"account_id": "target", "net": "b"}), on="target")
        .filter(pl.col("a") == pl.col("b"))
    )
    profile = _profiles(accounts)
    found: list[Network] = []
    for net in range(count):
        codes = np.flatnonzero(label == net)
        here = mine.filter(pl.col("net") == net)
        name = f"N{net + 1}"
        ours = acts.filter(pl.col("network_id") == name)
        its_edges = inside_edges.filter(pl.col("a") == net)
        degree = _degrees(its_edges)
        joint = dict(ours.group_by("account_id").agg(pl.struct("trace", "object").n_unique()).iter_rows())
        ids = actors.ids.gather(codes).to_list()
        members = tuple(
            sorted(
                (
                    Member(
                        account_id=account,
                        role=roles.get((name, account), Role.BOTH),
                        score=float(min(-np.log10(max(p[code], 1e-300)), 300.0)),
                        posts=int(everyone[code]),
                        edges=degree.get(account, 0),
                        joint=joint.get(account, 0),
                        core=bool(core[code]),
                        handle=profile.get(account, (None, None))[0],
                        name=profile.get(account, (None, None))[1],
                    )
                    for account, code in zip(ids, codes.tolist(), strict=True)
                ),
                key=lambda m: (-m.score, -m.edges, m.account_id),
            )
        )
        objects = _objects(ours, outside.get(net, {}))
        traces = dict(
            its_edges.group_by("trace").len().sort(["len", "trace"], descending=[True, False]).iter_rows()
        )
        shown = evidence.filter(pl.col("network_id") == name)
        source, share = _one_source(ours, here)
        quick = speed_p(runs, its_edges, actors)
        one_site = share >= _ONLY_SOURCE and set(ours["trace"].unique()) <= {"co_url", "synchrony"}
        one_feed = one_site or (quick is not None and quick > 0.05 and share >= _ONE_SOURCE)
        times = here["created_at"]
        first = (ours["time"].min() if ours.height else times.min()) or clock.moment(clock.start)
        last = (ours["time"].max() if ours.height else times.max()) or clock.moment(clock.end)
        found.append(
            Network(
                id=name,
                label=Label.SAME_FEED if one_feed else Label.COORDINATED,
                reason=_reason(
                    len(members),
                    ours,
                    shown,
                    its_edges,
                    first,
                    last,
                ),
                against=_against(one_feed, source, share, quick, objects, members, outside.get(net, {})),
                p_value=float(simes(np.zeros(codes.size, np.int64), p[codes])[1][0]),
                traces={k: int(v) for k, v in traces.items()},
                members=members,
                objects=objects,
                moments=_moments(ours, mine.filter(pl.col("net") == net)),
                timeline=clock.timeline(here["created_at"]),
                first=_time(first),
                last=_time(last),
                rhythm=_rhythm(here["created_at"]),
            )
        )
    return tuple(found)


def _time(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value


def _rhythm(times: pl.Series) -> str | None:
    """Describe the members' common working day, if their posts show one."""
    found = rhythm.describe(times.dt.epoch("ms").to_numpy())
    if found is None or found.fit < _SHIFT or (found.end - found.start) % 1440 > _LONGEST:
        return None
    return found.sentence


class _Clock:
    """One axis of time for all timelines of a report."""

    def __init__(self, times: pl.Series, posted: pl.Series) -> None:
        seconds = (posted if len(posted) else times).dt.epoch("s").to_numpy()
        low, high = (int(seconds.min()), int(seconds.max())) if seconds.size else (0, 0)
        self.bin = next((b for b in _BIN_SECONDS if (high - low) / b <= _BINS), _BIN_SECONDS[-1])
        self.start = low // self.bin * self.bin
        self.bins = (high - self.start) // self.bin + 1
        self.everyone = tuple(self._count(posted.dt.epoch("s").to_numpy()))
        self.end = high

    def _count(self, seconds: NDArray[np.int64]) -> list[int]:
        return [int(n) for n in np.bincount((seconds - self.start) // self.bin, minlength=self.bins)]

    @staticmethod
    def moment(seconds: int) -> datetime:
        """Return seconds since 1970 as a time."""
        return _time(pl.Series([seconds * 1000]).cast(pl.Datetime("ms", "UTC"))[0])

    def timeline(self, times: pl.Series) -> Timeline:
        return Timeline(
            start=self.moment(self.start),
            bin_seconds=self.bin,
            members=tuple(self._count(times.dt.epoch("s").to_numpy())),
            everyone=self.everyone,
        )


def _profiles(accounts: pl.DataFrame | None) -> dict[str, tuple[str | None, str | None]]:
    if accounts is None:
        return {}
    return {a: (h, n) for a, h, n in accounts.select("account_id", "handle", "display_name").iter_rows()}


def _joint_acts(evidence: pl.DataFrame) -> pl.DataFrame:
    """Return one row a member and joint act: network_id, trace, object, account_id, post_id, time."""
    common = ("network_id", "trace", "object")
    sides = [
        evidence.select(
            *common,
            pl.col(side).alias("account_id"),
            pl.col(f"{side}_post").alias("post_id"),
            pl.col(f"{side}_time").alias("time"),
        )
        for side in ("source", "target")
    ]
    return (
        pl.concat(sides)
        .unique(maintain_order=True)
        .sort("network_id", "trace", "object", "time", "account_id")
    )


def _roles(acts: pl.DataFrame) -> dict[tuple[str, str], Role]:
    """Read roles from who is first: the mean rank of a member among the network's members on their joint objects."""
    ranks = (
        acts.group_by("network_id", "trace", "object", "account_id")
        .agg(pl.col("time").min())
        .with_columns(
            rank=(pl.col("time").rank("average").over("network_id", "trace", "object") - 1)
            / (pl.len().over("network_id", "trace", "object") - 1)
        )
        .filter(pl.col("rank").is_finite())
        .group_by("network_id", "account_id")
        .agg(pl.col("rank").mean(), pl.len())
    )
    out: dict[tuple[str, str], Role] = {}
    for network, account, rank, objects in ranks.iter_rows():
        if objects >= _ENOUGH and rank <= _EARLY:
            out[network, account] = Role.STARTS
        elif objects >= _ENOUGH and rank >= _LATE:
            out[network, account] = Role.AMPLIFIES
    return out


def _degrees(edges: pl.DataFrame) -> dict[str, int]:
    pairs = edges.select("source", "target").unique()
    ends = pl.concat([pairs["source"], pairs["target"].rename("source")])
    return dict(ends.value_counts().iter_rows())


def _outside(
    runs: Sequence[TraceRun], label: NDArray[np.int32], count: int
) -> dict[int, dict[tuple[str, str], int]]:
    """Count, for every object a network touched, the accounts outside it that acted on the object."""
    out: dict[int, dict[tuple[str, str], int]] = {net: {} for net in range(count)}
    for run in runs:
        acts = np.unique((run.events.object.astype(np.int64) << 32) | run.events.account)
        obj, net = acts >> 32, label[acts & 0xFFFFFFFF]
        actors = np.bincount(obj)
        has = net >= 0
        touched, n = np.unique((net[has].astype(np.int64) << 32) | obj[has], return_counts=True)
        keys = run.events.keys.gather(touched & 0xFFFFFFFF).to_list()
        for where, o, members, key in zip(touched >> 32, touched & 0xFFFFFFFF, n, keys, strict=True):
            if members >= 2:
                out[int(where)][run.name, key] = int(actors[o] - members)
    return out


def _objects(acts: pl.DataFrame, outside: dict[tuple[str, str], int]) -> tuple[SharedObject, ...]:
    top = (
        _plain(acts)
        .group_by("trace", "object")
        .agg(
            members=pl.col("account_id").n_unique(),
            first=pl.col("time").min(),
            span=(pl.col("time").max() - pl.col("time").min()).dt.total_milliseconds(),
        )
        .sort(["members", "span", "trace", "object"], descending=[True, False, False, False])
        .head(_OBJECTS)
    )
    return tuple(
        SharedObject(
            trace=r["trace"],
            key=r["object"],
            members=r["members"],
            others=outside.get((r["trace"], r["object"]), 0),
            first=r["first"],
            span_seconds=r["span"] / 1000.0,
        )
        for r in top.iter_rows(named=True)
    )


def _plain(acts: pl.DataFrame) -> pl.DataFrame:
    """Leave out what says the same twice: a reworded text posted as a copy too, moments beside the objects in them."""
    things = acts.filter(~pl.col("trace").is_in(OBJECTLESS))
    acts = things if things.height else acts
    loose = pl.col("object").str.starts_with("reworded: ")
    copies = acts.filter((pl.col("trace") == "co_text") & ~loose).select("post_id").unique()
    return acts.filter(~loose | ~pl.col("post_id").is_in(copies["post_id"].implode()))


def _moments(acts: pl.DataFrame, posts: pl.DataFrame) -> tuple[Moment, ...]:
    """Pick the moments with most members close together: acts on one object, cut where half an hour passes."""
    if not acts.height:
        return ()
    cut = (
        _plain(acts)
        .sort("trace", "object", "time")
        .with_columns(
            part=((pl.col("time") - pl.col("time").shift(1)).dt.total_seconds() > 1800)
            .fill_null(False)
            .cum_sum()
            .over("trace", "object")
        )
    )
    best = (
        cut.group_by("trace", "object", "part")
        .agg(
            members=pl.col("account_id").n_unique(),
            span=(pl.col("time").max() - pl.col("time").min()).dt.total_milliseconds(),
            first=pl.col("time").min(),
        )
        .filter(pl.col("members") >= 2)
        .sort(["members", "span", "first", "trace", "object"], descending=[True, False, False, False, False])
        .unique(["first", "members"], keep="first", maintain_order=True)
        .head(_MOMENTS)
    )
    texts = {r[0]: (r[1], r[2]) for r in posts.select("post_id", "text", "lang").iter_rows()}
    out: list[Moment] = []
    for row in best.iter_rows(named=True):
        rows = cut.filter(
            (pl.col("trace") == row["trace"])
            & (pl.col("object") == row["object"])
            & (pl.col("part") == row["part"])
        ).sort("time", "account_id")
        chosen = tuple(
            Act(
                account_id=r["account_id"],
                post_id=r["post_id"] or "",
                time=r["time"],
                text=texts.get(r["post_id"], (None, None))[0],
                lang=texts.get(r["post_id"], (None, None))[1],
            )
            for r in rows.head(_ACTS).iter_rows(named=True)
        )
        out.append(Moment(trace=row["trace"], key=row["object"], acts=chosen))
    return tuple(out)


def _one_source(acts: pl.DataFrame, posts: pl.DataFrame) -> tuple[str | None, float]:
    """Return the site or author that most joint links and reposts come from, and its share of all of them."""
    objects = acts.select("trace", "object", "post_id").unique(["trace", "object"])
    authors = dict(posts.select("post_id", "repost_of_account").drop_nulls().iter_rows())
    counts: dict[str, int] = {}
    every = 0
    for trace, key, post in objects.iter_rows():
        if trace == "co_url":
            source = urlsplit(key if "//" in key else f"//{key}").hostname
            source = None if source in _SHORTENERS else source
        elif trace in ("co_repost", "fast_repost"):
            source = authors.get(post)
        else:
            continue
        every += 1
        if source:
            counts[source] = counts.get(source, 0) + 1
    if not counts:
        return None, 0.0
    top = max(sorted(counts), key=lambda s: counts[s])
    return top, counts[top] / every


def _span(seconds: float) -> str:
    if seconds < 1:
        return "1 second"
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {name}s"
    return f"{seconds:.0f} second{'' if round(seconds) == 1 else 's'}"


def _day(value: object) -> str:
    moment = _time(value)
    return f"{moment.day} {moment:%B %Y}"


def _reason(
    members: int, acts: pl.DataFrame, evidence: pl.DataFrame, edges: pl.DataFrame, first: object, last: object
) -> str:
    """One sentence a reviewer can read aloud."""
    days = f"on {_day(first)}" if _day(first) == _day(last) else f"between {_day(first)} and {_day(last)}"
    counts = edges.group_by("trace").len().sort(["len", "trace"], descending=[True, False])["trace"].to_list()
    if not counts:
        counts = acts["trace"].value_counts().sort(["count", "trace"], descending=[True, False])[
            "trace"
        ].to_list() or ["synchrony"]
    main = next((t for t in counts if t not in OBJECTLESS), counts[0])
    objects = acts.filter(pl.col("trace") == main)["object"].n_unique()
    typical = evidence.filter(pl.col("trace") == main)["delta_seconds"].abs().median()
    what = f"{members} accounts {VERBS[main]}"
    if main == "birth":
        many = ""
    elif main in OBJECTLESS:
        many = f", {objects} times" if objects else ""
    else:
        many = f" ({objects} of them)"
    close = (
        f", typically within {_span(float(typical))} of each other"
        if isinstance(typical, int | float)
        else ""
    )
    pair = edges.filter(pl.col("trace") == main).select(
        pl.col("weight").median(), pl.col("expected").median()
    )
    chance = ""
    if pair.height and pair["weight"][0] is not None:
        chance = (
            f": a typical pair {pair['weight'][0]:.0f} times where chance predicts {pair['expected'][0]:.2g}"
        )
    also = [VERBS[t] for t in counts if t != main][:2]
    tail = f"; they also {' and '.join(also)}" if also else ""
    return f"{what}{many}{close}, {days}{chance}{tail}."


def _against(
    one_feed: bool,
    source: str | None,
    share: float,
    quick: float | None,
    objects: tuple[SharedObject, ...],
    members: tuple[Member, ...],
    outside: dict[tuple[str, str], int],
) -> tuple[str, ...]:
    """Say what argues against reading the network as one hidden hand."""
    lines: list[str] = []
    if one_feed:
        lines.append(
            f"{share:.0%} of what they share comes from one source, {source}: a publisher's own pages, feed readers or "
            "a scheduler would look the same."
        )
    elif source is not None and share >= _ONE_SOURCE:
        lines.append(
            f"{share:.0%} of what they share comes from one source, {source}: it may be its own accounts."
        )
    if not one_feed and quick is not None and quick > 0.05:
        lines.append(
            "They act about equally soon after each object appears, so quick followers of one source, or accounts that "
            "publish these objects first, cannot be told apart from times alone."
        )
    shared = sum(1 for n in outside.values() if n > 0)
    if outside and shared:
        lines.append(
            f"Others outside the network also acted on {shared} of the {len(outside)} objects that its members share."
        )
    joined = sum(not m.core for m in members)
    if joined:
        lines.append(
            f"{joined} of the {len(members)} accounts joined by acting near the group, without an edge of their own; "
            "look at these first."
        )
    if len(objects) and max(o.members for o in objects) < len(members) / 2:
        lines.append("No single object was shared by half of the members.")
    lines.append(
        "Coordination can be open and legitimate: a party, a newsroom, a campaign that says who it is."
    )
    return tuple(lines)
