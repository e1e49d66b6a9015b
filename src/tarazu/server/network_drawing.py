"""A network drawn on the server: a page without a script shows it too, and prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DRAWN = 400  # accounts; beyond that nobody tells them apart, the table has all
LINES = 1_500  # pairs, the strongest first
NAMED = 8  # accounts with their name beside them
SHAPES = {"starts": "triangle", "both": "square", "amplifies": "circle"}
MARGIN = 16.0
LEAST = 210.0  # width of the sheet in the drawing's own units


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One account."""

    path: str
    role: str
    state: str  # free | limited | suspended
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """The name of one account, beside its sign."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What the template draws; everything here is a number or is escaped there."""

    box: str = "0 0 1 1"
    size: float = 5.0  # of the names
    lines: tuple[str, ...] = ("", "", "")  # one path for each step of strength
    nodes: Sequence[Node] = field(default=())
    labels: Sequence[Label] = field(default=())
    left_out: int = 0


def draw(
    members: Sequence[Mapping[str, Any]],
    edges: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    states: Mapping[str, str],
) -> Drawing:
    """Draw the strongest members. Positions carry no evidence; the same network gives the same picture."""
    import numpy as np

    from tarazu.report import palette, words
    from tarazu.report.layout import arrange

    shown = members[:DRAWN]
    if not shown:
        return Drawing()
    code = {str(one["account_id"]): at for at, one in enumerate(shown)}
    best: dict[tuple[int, int], float] = {}
    for edge in edges:
        a, b = code.get(str(edge["source"])), code.get(str(edge["target"]))
        if a is None or b is None or a == b:
            continue
        pair = (min(a, b), max(a, b))
        best[pair] = min(best.get(pair, 1.0), float(edge.get("p_value") or 0.0))
    pairs = sorted(best, key=lambda pair: (best[pair], pair))[:LINES]
    chances = np.array([max(best[pair], 1e-300) for pair in pairs])
    layout = arrange(
        np.zeros(len(shown), dtype=np.int64),
        np.array([a for a, _ in pairs], dtype=np.int64),
        np.array([b for _, b in pairs], dtype=np.int64),
        np.minimum(-np.log10(chances), 30.0) if pairs else np.zeros(0),
        1,
    )
    degree = np.bincount([end for pair in pairs for end in pair], minlength=len(shown))
    x, y = layout.x - layout.x.min(), layout.y - layout.y.min()
    lines: list[list[str]] = [[], [], []]
    for a, b in pairs:
        lines[words.level(best[a, b])].append(f"M{x[a]:.1f} {y[a]:.1f}L{x[b]:.1f} {y[b]:.1f}")
    # A handful of accounts is not blown up to fill the sheet.
    wide, high = max(float(x.max()) + 3 * MARGIN, LEAST), max(float(y.max()) + 3 * MARGIN, LEAST / 2)
    size = round(max(wide, high * 1.7) / 72, 1)
    nodes: list[Node] = []
    labels: list[Label] = []
    for at, one in enumerate(shown):
        account, role = str(one["account_id"]), str(one.get("role") or "both")
        radius = min(3.4 + 0.45 * float(degree[at]) ** 0.5, 6.5)
        nodes.append(
            Node(
                path=palette.outline(SHAPES.get(role, "square"), float(x[at]), float(y[at]), radius),
                role=role if role in SHAPES else "both",
                state=states.get(account, "free"),
                title=names.get(account, account),
            )
        )
        if len(labels) < NAMED:
            text = names.get(account, account)
            text = text if len(text) <= 18 else f"{text[:17]}…"
            label = Label(x=round(float(x[at]), 1), y=round(float(y[at]) + radius + size, 1), text=text)
            if not any(_meet(label, other, size) for other in labels):
                labels.append(label)
    return Drawing(
        box=f"{(float(x.max()) - wide) / 2:.0f} {(float(y.max()) - high) / 2:.0f} {wide:.0f} {high:.0f}",
        size=size,
        lines=tuple("".join(one) for one in lines),
        nodes=nodes,
        labels=labels,
        left_out=len(members) - len(shown),
    )


def _meet(one: Label, other: Label, size: float) -> bool:
    half = 0.3 * size * (len(one.text) + len(other.text))
    return abs(one.x - other.x) < half and abs(one.y - other.y) < 1.2 * size


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """Posts over time: members above the line, everybody below."""

    members: str
    everyone: str
    most: int
    most_everyone: int
    seconds: int  # of one bar


BARS, UP, DOWN, WIDTH = 220, 60.0, 26.0, 1000.0


def strip(timeline: Mapping[str, Any]) -> Strip | None:
    """The timeline of a network as two paths; None where nothing was kept of it."""
    inside = [int(one) for one in timeline.get("members") or ()]
    outside = [int(one) for one in timeline.get("everyone") or ()][: len(inside)]
    if not inside or not any(inside):
        return None
    step = max(1, -(-len(inside) // BARS))
    above = [sum(inside[at : at + step]) for at in range(0, len(inside), step)]
    below = [sum(outside[at : at + step]) for at in range(0, len(outside), step)]
    return Strip(
        members=_bars(above, upward=True),
        everyone=_bars(below, upward=False),
        most=max(above),
        most_everyone=max(below, default=0),
        seconds=int(timeline.get("bin_seconds") or 0) * step,
    )


def _bars(values: Sequence[int], *, upward: bool) -> str:
    most = max(values, default=0)
    wide = WIDTH / max(len(values), 1)
    drawn = []
    for at, value in enumerate(values):
        if value <= 0:
            continue
        high = max(value / most * (UP if upward else DOWN), 1.0)
        top = UP - high if upward else UP + 2
        across = max(min(wide * 0.86, 40.0), 0.8)
        drawn.append(f"M{at * wide:.1f} {top:.1f}h{across:.2f}v{high:.1f}h-{across:.2f}z")
    return "".join(drawn)


def rail(offsets: Sequence[float]) -> tuple[tuple[float, ...], float]:
    """Where the dots of one moment stand on a line 400 wide, and how many seconds the line is."""
    most = max(max(offsets, default=0.0), 1.0)
    return tuple(round(6 + 388 * max(one, 0.0) / most, 1) for one in sorted(offsets)), most
