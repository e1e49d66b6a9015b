"""What was promised, and whether it holds in a run of the evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from tarazu.evaluation import curve
from tarazu.evaluation.measure import CHANNEL, COUNTS, OURS
from tarazu.evaluation.scores import PRECISE

Record = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One promise and what was measured of it."""

    name: str
    measured: str
    holds: bool


def goals(records: Sequence[Record]) -> list[Goal]:
    """All goals for which something was measured."""
    by_suite = {name: list(group) for name, group in _by(records, lambda r: str(r["suite"]))}
    out: list[Goal] = []
    for suite, make in (
        ("nulls", _nulls),
        ("controls", _controls),
        ("purity", _purity),
        ("operations", _operations),
        ("planted", _planted),
        ("evasive", _evasive),
        ("news", _news),
    ):
        if by_suite.get(suite):
            out += make(by_suite[suite])
    return out


def _nulls(records: Sequence[Record]) -> list[Goal]:
    out = []
    for data, part in grouped(records, "data"):
        for how, group in grouped(part, "how"):
            wrong = sum(r["edges"] > 0 or r["members"] > 0 for r in group)
            name = f"{data}, {how}: runs with anything found, at most 1 in 100 (here: in {len(group)})"
            # one bad run of twenty is not evidence against one in a hundred (p = .18), two are (p = .02)
            out.append(Goal(name=name, measured=f"{wrong} of {len(group)}", holds=wrong <= 1))
    return out


def _controls(records: Sequence[Record]) -> list[Goal]:
    out = []
    synthetic = [r for r in records if str(r["facts"]["control"]).startswith("synthetic")]
    if synthetic:
        worst = max((ours(r)["flagged"] + r["same_feed_accounts"]) / r["accounts"] for r in synthetic)
        name = "organic synthetic worlds: accounts in any network, at most 0.1 %"
        out.append(Goal(name=name, measured=f"worst {worst:.4%}", holds=worst <= 0.001))
    for r in records:
        if r["facts"]["control"] == "organic stream":
            share = ours(r)["flagged"] / r["accounts"]
            both = (ours(r)["flagged"] + r["same_feed_accounts"]) / r["accounts"]
            out.append(
                Goal(
                    name="organic stream as it is: accounts flagged, under 0.5 %",
                    measured=f"{share:.2%} called coordinated, {both:.2%} with same feed",
                    holds=both < 0.005,
                )
            )
    groups = [g for r in records for g in r["groups"].values()]
    for expected, name in (
        ("benign", "fans, viewers, a viral post, a party: members in any network, none"),
        ("same feed", "newsroom, feed bots, notified followers: members called coordinated, none"),
    ):
        mine = [g for g in groups if g["expected"] == expected]
        wrong = sum(g["coordinated"] + (g["same_feed"] if expected == "benign" else 0) for g in mine)
        if mine:
            out.append(Goal(name=name, measured=f"{wrong} in {len(mine)} worlds", holds=wrong == 0))
    return out


def _purity(records: Sequence[Record]) -> list[Goal]:
    out = []
    for r in records:
        points = r["purity"]
        known = [p for p in points if p["method"] == curve.STUDY]
        wanted = sorted({(p["coverage"], p["nmi"]) for p in [*curve.envelope(points), *known]})
        mine = [(c, v, curve.ours_at(points, c)) for c, v in wanted]
        below = sorted({f"{c:.0%}" for c, v, m in mine if m is not None and m < v})
        beyond = sorted({f"{c:.0%}" for c, _, m in mine if m is None})
        said = f"above at {len(mine) - sum(m is None or m < v for _, v, m in mine)} of {len(mine)} points"
        said += f"; below at a coverage of {', '.join(below)}" if below else ""
        said += f"; ours ends before {', '.join(beyond)}" if beyond else ""
        beaten = _beaten(points)
        if beaten:
            said += f"; up to a coverage of {beaten:.0%} some threshold covers as much with a higher NMI"
        name = "operation alone: coverage against NMI above every plain threshold"
        out.append(Goal(name=name, measured=said, holds=not (below or beyond or beaten)))
    return out


def _beaten(points: Sequence[Record]) -> float:
    """The largest coverage of ours at which some threshold covers as much or more, and divides it better."""
    best = curve.envelope(points)
    mine = [p for p in points if p["method"] == f"{curve.OURS}, ranked"]
    worse = [
        m["coverage"]
        for m in mine
        if any(p["coverage"] >= m["coverage"] and p["nmi"] > m["nmi"] for p in best)
    ]
    return max(worse, default=0.0)


def _operations(records: Sequence[Record]) -> list[Goal]:
    out = []
    for kept, part in grouped(records, "kept"):
        for where, group in grouped(part, "background"):
            precision, recall = (fmean(ours(r)[x] for r in group) for x in ("precision", "recall"))
            rival = fmean(_usable(r) for r in group)
            found, all_of = (sum(ours(r)[x] for r in group) for x in ("found", "campaigns"))
            ratio = f"{recall / rival:.2f}" if rival else "no such threshold"
            out.append(
                Goal(
                    name=f"operation in the stream, {kept}, stream {where}: precision .95, recall twice that of the "
                    "best threshold, every crew found",
                    measured=f"precision {precision:.2f}, recall {recall:.2f} to {rival:.2f} (ratio {ratio}), "
                    f"{found} of {all_of} found",
                    holds=precision >= PRECISE and recall >= 2 * rival and found == all_of,
                )
            )
    return out


def _usable(record: Record) -> float:
    """The recall of the best threshold of precision .95, on the added channels or on one; 0 if there is none."""
    best = [row_of(record, method) for method in (COUNTS, CHANNEL)]
    return max((float(r["recall"]) for r in best if r["precision"] >= PRECISE), default=0.0)


def _planted(records: Sequence[Record]) -> list[Goal]:
    ten = [r for r in records if r["facts"]["k"] == 10]
    cells = {
        f"{kind}, {n} accounts, {where}": fmean(ours(r)["f1"] for r in group)
        for where, part in grouped(ten, "background")
        for kind, same in grouped(part, "kind")
        for n, group in grouped(same, "n")
    }
    return [_least("planted, ten joint actions: F1 at least .9", cells, 0.9)] if cells else []


def _evasive(records: Sequence[Record]) -> list[Goal]:
    cells = {
        f"{kind}, {n} accounts, {variant}": fmean(ours(r)["f1"] for r in group)
        for kind, part in grouped(records, "kind")
        for variant, same in grouped(part, "variant")
        for n, group in grouped(same, "n")
    }
    return [_least("evasive: F1 at least .8", cells, 0.8)]


def _least(name: str, cells: Mapping[str, float], least: float) -> Goal:
    low = sorted((v, k) for k, v in cells.items() if v < least)
    said = f"{len(cells) - len(low)} of {len(cells)} cells"
    said += (
        "; below: " + "; ".join(f"{k} {v:.2f}" for v, k in low)
        if low
        else f"; worst {min(cells.values()):.2f}"
    )
    return Goal(name=name, measured=said, holds=not low)


def _news(records: Sequence[Record]) -> list[Goal]:
    return [
        Goal(
            name=f"{name}, in one network: recall .95, precision .98 ({r['name']})",
            measured=f"recall {c['recall']:.3f}, precision {c['precision']:.3f}, {r['seconds']:.0f} s",
            holds=c["recall"] >= 0.95 and c["precision"] >= 0.98,
        )
        for r in records
        for name, c in r["campaigns"].items()
    ]


def ours(record: Record) -> Mapping[str, Any]:
    """Our score: of networks called coordinated in real traffic and controls, of all networks for plants.

    A campaign that publishes its own objects cannot be told from a feed by its times; the label then says so.
    """
    if record["suite"] in ("planted", "evasive", "news"):
        every: Mapping[str, Any] = record["with_same_feed"]
        return every
    return row_of(record, OURS)


def row_of(record: Record, method: str) -> Mapping[str, Any]:
    """The score of a method (the name of a chosen threshold follows the method's name)."""
    found: Mapping[str, Any] = next(s for s in record["scores"] if str(s["method"]).startswith(method))
    return found


def grouped(records: Iterable[Record], fact: str) -> list[tuple[str, list[Record]]]:
    """Records by one of their facts, in order of appearance."""
    return _by(records, lambda r: str(r["facts"][fact]))


def _by(records: Iterable[Record], key: Any) -> list[tuple[str, list[Record]]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return list(groups.items())
