"""Still charts of the evaluation, as SVG. Needs the `docs` extra; without it, none are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tarazu.evaluation import curve
from tarazu.evaluation.measure import CHANNEL, COSINE, OURS

COLOURS = ["#0072B2", "#D55E00", "#999999"]  # Okabe and Ito: told apart by colour-blind people


def available() -> bool:
    """Whether the drawing packages are installed."""
    return find_spec("altair") is not None and find_spec("vl_convert") is not None


def draw(records: Sequence[Mapping[str, Any]], out: Path) -> list[Path]:
    """Write every chart for which there are data; return their paths."""
    if not available():
        return []
    import altair as alt

    made: list[Path] = []

    def save(chart: Any, name: str) -> None:
        path = out / f"{name}.svg"
        chart.configure_view(strokeWidth=0).configure_axis(grid=True, gridOpacity=0.4).save(str(path))
        made.append(path)

    points = [p for r in records if r["suite"] == "purity" for p in r["purity"]]
    if points:
        save(_purity(points), "purity")
    evasive = [r for r in records if r["suite"] == "evasive" and r["facts"]["n"] == 30]
    if evasive:
        rows = [
            {"variant": r["facts"]["variant"], "kind": r["facts"]["kind"], "method": m, "F1": _f1(r, m)}
            for r in evasive
            for m in (OURS, CHANNEL, COSINE)
        ]
        chart = (
            alt.Chart(alt.Data(values=rows))
            .mark_point(filled=True, size=70)
            .encode(
                x=alt.X("mean(F1):Q", scale=alt.Scale(domain=[0, 1]), title="account F1 (30 accounts)"),
                y=alt.Y("variant:N", sort=None, title=None),
                color=alt.Color(
                    "method:N", scale=alt.Scale(domain=[OURS, CHANNEL, COSINE], range=COLOURS), title=None
                ),
                shape=alt.Shape("method:N", scale=alt.Scale(domain=[OURS, CHANNEL, COSINE]), title=None),
                row=alt.Row("kind:N", title=None),
            )
            .properties(width=380)
        )
        save(chart, "evasive")
    planted = [r for r in records if r["suite"] == "planted" and r["facts"]["n"] == 30]
    if planted:
        rows = [
            {"campaign": r["facts"]["kind"], "joint actions": r["facts"]["k"], "method": m, "F1": _f1(r, m)}
            for r in planted
            for m in (OURS, CHANNEL, COSINE)
        ]
        chart = (
            alt.Chart(alt.Data(values=rows))
            .mark_line(point=True)
            .encode(
                x=alt.X("joint actions:O", title="joint actions"),
                y=alt.Y("mean(F1):Q", scale=alt.Scale(domain=[0, 1]), title="account F1"),
                color=alt.Color(
                    "method:N", scale=alt.Scale(domain=[OURS, CHANNEL, COSINE], range=COLOURS), title=None
                ),
                facet=alt.Facet("campaign:N", columns=4, title=None),
            )
            .properties(width=130, height=100)
        )
        save(chart, "planted")
    return made


def _purity(points: Sequence[Mapping[str, Any]]) -> Any:
    """Our ranked curve, the thresholds of each kind (the better Leiden resolution), and the published points."""
    import altair as alt

    def row(p: Mapping[str, Any], method: str) -> dict[str, Any]:
        return {"coverage": p["coverage"], "NMI": p["nmi"], "method": method}

    rows = [row(p, OURS) for p in points if p["method"] == f"{OURS}, ranked"]
    for name in curve.THRESHOLDS:
        best: dict[str, Mapping[str, Any]] = {}
        for p in points:
            known = best.get(p["cut"], p)
            if p["method"].startswith(f"{name}, Leiden") and p["networks"] > 1 and p["nmi"] >= known["nmi"]:
                best[p["cut"]] = p
        rows += [row(p, name) for p in best.values() if p["coverage"] >= 0.1]
    rows += [row(p, curve.STUDY) for p in points if p["method"] == curve.STUDY]
    order = [OURS, *curve.THRESHOLDS, curve.STUDY]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("coverage:Q", axis=alt.Axis(format="%"), title="accounts covered"),
        y=alt.Y("NMI:Q", scale=alt.Scale(zero=False), title="NMI with hand-coded categories"),
        color=alt.Color(
            "method:N",
            title=None,
            scale=alt.Scale(domain=order, range=["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"]),
            legend=alt.Legend(labelLimit=300),
        ),
        shape=alt.Shape("method:N", title=None, scale=alt.Scale(domain=order)),
        order="coverage:Q",
    )
    lines = base.mark_line().transform_filter(f"datum.method != '{curve.STUDY}'")
    return (lines + base.mark_point(filled=True, size=60)).properties(width=460, height=300)


def _f1(record: Mapping[str, Any], method: str) -> float:
    if method == OURS:
        return float(record["with_same_feed"]["f1"])
    return float(next(s["f1"] for s in record["scores"] if str(s["method"]).startswith(method)))
