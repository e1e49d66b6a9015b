"""One operation alone: how much of it is covered, and how well its parts are told apart.

Every account belongs to the operation, so precision says nothing here. A method names some accounts (coverage)
and divides them into networks; the division is compared with categories coded by hand (NMI). Our accounts are
ranked by their p-value and cut at a coverage; thresholds are cut at a weight and divided by the same library
(Leiden).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import graspologic_native
import numpy as np

from tarazu.coordination.run import networks, partition
from tarazu.evaluation import baselines
from tarazu.evaluation.scores import Purity, purity
from tarazu.evaluation.worlds import Members, World

OURS = "Tarazu"
STUDY = "published threshold"
# A study of plain thresholds on the same set, with another community algorithm (PLM): coverage, NMI.
PUBLISHED = {
    "reposts, links and tags within 1 h, once": (0.834, 0.729),
    "reposts, links and tags within 1 h, ten times": (0.503, 0.815),
    "reposts within 1 h, ten times": (0.440, 0.851),
}
WEIGHTS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 40)
THRESHOLDS: dict[str, tuple[tuple[str, ...], int]] = {
    "reposts within 1 h": (("co_repost",), 3600),
    "reposts, links and tags within 60 s": (baselines.CHANNELS, 60),
    "reposts, links and tags within 1 h": (baselines.CHANNELS, 3600),
}
# 1 is plain modularity; .3 is what our own networks are formed with.
RESOLUTIONS = (1.0, 0.3)


def measure(world: World) -> dict[str, Any]:
    """Our curve and the thresholds', as plain data."""
    everybody = world.size
    found = networks(world.posts)
    default = [frozenset(m.account_id for m in n.members) for n in found.networks]
    rows = [_row(OURS, "networks of a run, rate 0.01", purity(OURS, default, world.truth, everybody))]
    plain: list[dict[str, Any]] = []
    for method, (channels, window) in THRESHOLDS.items():
        graph = baselines.counts(world.posts, channels, window)
        for weight in WEIGHTS:
            for resolution in RESOLUTIONS:
                parts = leiden(graph, weight, resolution)
                point = purity(method, parts, world.truth, everybody)
                name = f"{method}, Leiden resolution {resolution:g}"
                plain.append(_row(name, f"{method}, {weight} times", point))
    if world.name == "ira":
        plain += [
            {"method": STUDY, "cut": name, "networks": 0, "coverage": c, "nmi": v}
            for name, (c, v) in PUBLISHED.items()
        ]
    ranked = found.scores["account_id"].to_list()
    wanted = {round(c * everybody) for c in np.arange(0.1, 1.0, 0.1)} | {len(ranked)}
    wanted |= {round(p["coverage"] * everybody) for p in envelope(plain)}
    for count in sorted(n for n in wanted if 2 < n <= len(ranked)):
        division = partition(world.posts, ranked[:count])
        groups = [frozenset(m) for m in division.group_by("community").agg("account_id")["account_id"]]
        rows.append(_row(f"{OURS}, ranked", f"first {count}", purity(OURS, groups, world.truth, everybody)))
    return {
        "world": world.name,
        "note": world.note,
        "accounts": everybody,
        "posts": world.posts.height,
        "tested": len(ranked),
        "labels": {name: len(members) for name, members in world.truth.items()},
        "purity": rows + plain,
    }


def leiden(graph: baselines.Graph, least: float, resolution: float) -> list[Members]:
    """Leiden communities of the edges of at least this weight, weighted."""
    keep = graph.weight >= least
    if not keep.any():
        return []
    edges = [
        (str(a), str(b), float(w))
        for a, b, w in zip(graph.left[keep], graph.right[keep], graph.weight[keep], strict=True)
    ]
    _, found = graspologic_native.leiden(edges, resolution=resolution, seed=1, trials=3)
    names = graph.ids.to_list()
    groups: dict[int, set[str]] = {}
    for node, community in found.items():
        groups.setdefault(community, set()).add(names[int(node)])
    return [frozenset(members) for members in groups.values()]


def ours_at(rows: Sequence[Mapping[str, Any]], coverage: float) -> float | None:
    """Our NMI at a coverage, between the two nearest points of our ranked curve; None beyond its end."""
    points = sorted((r["coverage"], r["nmi"]) for r in rows if r["method"] == f"{OURS}, ranked")
    if not points or coverage > points[-1][0] + 0.003:
        return None
    return float(np.interp(coverage, [p[0] for p in points], [p[1] for p in points]))


def envelope(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Thresholds that no other one beats in both coverage and NMI."""
    plain = [r for r in rows if not str(r["method"]).startswith(OURS) and r["networks"] != 1]
    best = [
        r
        for r in plain
        if not any(
            o["coverage"] >= r["coverage"] and o["nmi"] >= r["nmi"] and o is not r
            and (o["coverage"], o["nmi"]) != (r["coverage"], r["nmi"])
            for o in plain
        )
    ]  # fmt: skip
    unique = {(round(r["coverage"], 3), round(r["nmi"], 3)): r for r in reversed(best)}
    return sorted(unique.values(), key=lambda r: float(r["coverage"]))


def _row(method: str, cut: str, point: Purity) -> dict[str, Any]:
    return {
        "method": method,
        "cut": cut,
        "networks": point.networks,
        "coverage": point.coverage,
        "nmi": point.nmi,
    }
