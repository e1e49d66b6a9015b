"""A chart of how recall falls as a change grows: one panel a family, one line a finder, as SVG by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tarazu.evaluation.media.finders import PLAIN, TOGETHER
from tarazu.evaluation.media.tables import share
from tarazu.report import palette
from tarazu.report.markup import escape

PANELS = ("cropped at one side", "cropped all round", "border", "JPEG quality", "rotated slightly", "sticker")
ACROSS, WIDE, TALL = 3, 290, 170  # panels in a row; pixels of one panel's inside
LEFT, TOP, GAP, FOOT = 46, 56, 46, 58


def draw(record: Mapping[str, Any], out: Path) -> Path:
    """Write media-robustness.svg below `out` and return its path."""
    path = out / "media-robustness.svg"
    path.write_text(svg(record), encoding="utf-8")
    return path


def svg(record: Mapping[str, Any]) -> str:
    """Return the chart."""
    lines = [name for name in (TOGETHER, PLAIN) if name in record["finders"]]
    rows = -(-len(PANELS) // ACROSS)
    width, height = LEFT + ACROSS * (WIDE + GAP), TOP + rows * (TALL + FOOT)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="12" role="img" aria-label="{escape(_sentence(record, lines))}">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, name in enumerate(lines):
        x = LEFT + number * 190
        parts.append(_sign(number, x, 18))
        parts.append(f'<text x="{x + 14}" y="22" fill="#222">{escape(name)}</text>')
    for number, family in enumerate(PANELS):
        x, y = LEFT + (number % ACROSS) * (WIDE + GAP), TOP + (number // ACROSS) * (TALL + FOOT)
        parts.append(_panel(record, family, lines, x, y))
    return "".join([*parts, "</svg>\n"])


def _sentence(record: Mapping[str, Any], lines: Sequence[str]) -> str:
    named = []
    for family in PANELS:
        wanted = [change for change in record["changes"] if change["family"] == family]
        shares = (f"{name} {share(record, name, wanted.__contains__):.0%}" for name in lines)
        named.append(f"{family}: {', '.join(shares)}")
    return f"Share of drawn pictures found again, mean of each family. {'; '.join(named)}."


def _panel(record: Mapping[str, Any], family: str, lines: Sequence[str], x: int, y: int) -> str:
    steps = [change for change in record["changes"] if change["family"] == family]
    if family == "JPEG quality":
        steps = steps[::-1]
    parts = [f'<text x="{x}" y="{y - 12}" font-weight="bold" fill="#222">{escape(family)}</text>']
    for level in (0, 0.25, 0.5, 0.75, 1):
        down = y + TALL * (1 - level)
        parts.append(f'<path d="M{x} {down:.1f}h{WIDE}" stroke="#ddd" fill="none"/>')
        parts.append(f'<text x="{x - 6}" y="{down + 4:.1f}" text-anchor="end" fill="#555">{level:.0%}</text>')
    places = [x + WIDE * (n + 0.5) / len(steps) for n in range(len(steps))]
    below = y + TALL + 18
    for place, step in zip(places, steps, strict=True):
        label = escape(step["setting"].replace(" degrees", "°"))
        parts.append(f'<text x="{place:.1f}" y="{below}" text-anchor="middle" fill="#555">{label}</text>')
    for number, name in reversed(list(enumerate(lines))):
        heights = [y + TALL * (1 - share(record, name, step.__eq__)) for step in steps]
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(places, heights, strict=True))
        parts.append(f'<path d="M{path}" fill="none" stroke="{palette.colour(number)}" stroke-width="2"/>')
        parts += [_sign(number, a, b) for a, b in zip(places, heights, strict=True)]
    return "".join(parts)


def _sign(number: int, x: float, y: float) -> str:
    return f'<path d="{palette.outline(palette.shape(number), x, y, 4.5)}" fill="{palette.colour(number)}"/>'
