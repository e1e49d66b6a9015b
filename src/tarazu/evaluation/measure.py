"""Measure one world: us, counts with the best threshold, TF-IDF with the best percentile."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from tarazu.coordination.run import networks
from tarazu.evaluation import baselines
from tarazu.evaluation.scores import Score, best_threshold, leaks, score
from tarazu.evaluation.worlds import Members, World
from tarazu.findings import Label, Network

OURS = "Tarazu"
COUNTS = "counts, best threshold"  # reposts, links and tags added, as the toolkits' users do
CHANNEL = "counts, best channel"  # the channel, images and copied texts too, chosen with the truth as well
COSINE = "TF-IDF, best percentile"
SINGLE = ("co_repost", "co_url", "co_hashtag", "co_mention", "co_media", "co_reply", "co_text")
FIXED = ((60, 2), (60, 5), (3600, 10))  # thresholds that people take without knowing the truth


def measure(world: World) -> dict[str, Any]:
    """Scores of all methods on the world, as plain data."""
    started = perf_counter()
    found = networks(world.posts, world.accounts, world.reports)
    seconds = perf_counter() - started
    memory = _peak()
    named = [_members(n) for n in found.networks if n.label is Label.COORDINATED]
    feeds = [_members(n) for n in found.networks if n.label is Label.SAME_FEED]
    rows = [score(OURS, named, world)]
    result: dict[str, Any] = {
        "world": world.name,
        "note": world.note,
        "accounts": world.size,
        "posts": world.posts.height,
        "seconds": round(seconds, 2),
        "peak_megabytes": memory,
        "healthy": found.health.ok,
        "health": [line.line for line in found.health.lines if not line.ok],
        "same_feed_networks": len(feeds),
        "same_feed_accounts": len(frozenset[str]().union(*feeds)),
        "with_same_feed": score("all networks", [*named, *feeds], world).row(),
        "groups": _groups(world, named, feeds),
        "campaigns": {
            name: _campaign(members, [n - world.others for n in (*named, *feeds)])
            for name, members in world.truth.items()
        },
    }
    if not world.truth or world.name == "sample":
        result["listed"] = [_listed(n, world) for n in found.networks]
    candidates = count_candidates(world)
    cosine = cosine_candidates(world)
    if world.truth:
        added = {name: groups for name, groups in candidates.items() if name.startswith("all,")}
        for label, options in ((COUNTS, added), (CHANNEL, candidates), (COSINE, cosine)):
            best = best_threshold(options, world)
            rows.append(Score(**{**best.row(), "method": f"{label} ({best.method})"}))  # type: ignore[arg-type]
    for window, weight in FIXED:
        name = f"all, {window} s, w >= {weight}"
        rows.append(score(name, candidates[name], world))
    name = f"cosine above percentile {baselines.PERCENTILES[-2]}"
    rows.append(score(name, cosine[name], world))
    result["scores"] = [row.row() for row in rows]
    if world.truth:
        result["leaks"] = {k: round(v, 3) for k, v in leaks(world).items()}
    return result


def count_candidates(world: World) -> dict[str, list[Members]]:
    """Networks of every channel, window and weight; "all" adds reposts, links and tags."""
    out: dict[str, list[Members]] = {}
    for window in baselines.WINDOWS:
        choices = {"all": baselines.CHANNELS} | {c: (c,) for c in SINGLE}
        for name, channels in choices.items():
            graph = baselines.counts(world.posts, channels, window, most=4_000_000)
            for weight in baselines.WEIGHTS:
                out[f"{name}, {window} s, w >= {weight}"] = graph.networks(weight)
    return out


def cosine_candidates(world: World) -> dict[str, list[Members]]:
    """Networks of the fused similarity at every percentile."""
    graph = baselines.similarity(world.posts)
    return {f"cosine above percentile {p}": baselines.pruned(graph, p) for p in baselines.PERCENTILES}


def measure_null(world: World) -> dict[str, Any]:
    """What is found where nothing is to be found: edges, members of any network, and what the health line says."""
    found = networks(world.posts, world.accounts, world.reports)
    return {
        "world": world.name,
        "note": world.note,
        "accounts": world.size,
        "posts": world.posts.height,
        "edges": found.edges.select("source", "target").unique().height,
        "members": found.accounts.height,
        "networks": len(found.networks),
        "healthy": found.health.ok,
    }


def _listed(network: Network, world: World) -> dict[str, object]:
    """A network in one row: for worlds where not everything is labelled, and a reader must judge."""
    return {
        "id": network.id,
        "label": str(network.label),
        "accounts": len(network.members),
        "known": len(_members(network) & frozenset[str]().union(*world.truth.values())),
        "trace": max(network.traces, key=lambda t: network.traces[t], default=""),
        "reason": network.reason,
    }


def _peak() -> int | None:
    """The largest memory this process has had, MB; None where the system does not say."""
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return None
    most = getrusage(RUSAGE_SELF).ru_maxrss
    return round(most / (1e6 if sys.platform == "darwin" else 1e3))


def _members(network: Network) -> Members:
    return frozenset(m.account_id for m in network.members)


def _groups(world: World, named: list[Members], feeds: list[Members]) -> dict[str, dict[str, object]]:
    """What became of each benign and each same-feed group."""
    wrong = frozenset[str]().union(*named)
    right = frozenset[str]().union(*feeds)
    kinds: Mapping[str, Mapping[str, Members]] = {"benign": world.benign, "same feed": world.same_feed}
    return {
        name: {
            "expected": expected,
            "accounts": len(members),
            "coordinated": len(members & wrong),
            "same_feed": len(members & right),
        }
        for expected, groups in kinds.items()
        for name, members in groups.items()
    }


def _campaign(members: Members, named: list[Members]) -> dict[str, float]:
    """The best single network for a campaign: its recall and its precision."""
    best = max(named, key=lambda n: len(n & members), default=frozenset[str]())
    hit = len(best & members)
    return {
        "members": len(members),
        "recall": hit / len(members),
        "precision": hit / len(best) if best else 1.0,
        "networks": sum(bool(n & members) for n in named),
    }
