"""The drawing as a still SVG: for print, for readers without scripts, for notebooks."""

from __future__ import annotations

import numpy as np

from tarazu.report import palette, words
from tarazu.report.markup import escape
from tarazu.report.scene import Scene

EDGES = 2_500  # the strongest pairs that a still shows
SHADES = (0.16, 0.3, 0.5)  # opacity by strength


def still(scene: Scene, edges: int = EDGES, labels: bool = True) -> str:
    """One SVG with discs, the strongest `edges` pairs and every member; scales to its box, needs no style sheet."""
    layout = scene.layout
    if not scene.members:
        return ""
    pad = 22.0
    left, right = (layout.disc_x - layout.disc_r).min() - pad, (layout.disc_x + layout.disc_r).max() + pad
    top, bottom = (
        (layout.disc_y - layout.disc_r).min() - pad - 10,
        (layout.disc_y + layout.disc_r).max() + pad,
    )
    size = max(right - left, (bottom - top) * 1.4)
    out = [
        f'<svg class="still" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}" '
        f'aria-label="{escape(_caption(scene))}">'
    ]
    out += _discs(scene)
    out += _lines(scene, edges)
    out += _nodes(scene)
    if labels:
        out += _names(scene, size)
    out.append("</svg>")
    return "".join(out)


def _caption(scene: Scene) -> str:
    return (
        f"{words.plural(len(scene.networks), 'network')} with {words.plural(len(scene.members), 'account')} "
        f"and {words.plural(scene.pairs.height, 'pair')} of accounts"
    )


def _discs(scene: Scene) -> list[str]:
    layout = scene.layout
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="none" stroke="currentColor" stroke-opacity=".22" '
        f'stroke-width="1"/>'
        for x, y, r in zip(layout.disc_x, layout.disc_y, layout.disc_r, strict=True)
    ]


def _lines(scene: Scene, edges: int) -> list[str]:
    if not scene.pairs.height:
        return []
    x, y = np.round(scene.layout.x, 1), np.round(scene.layout.y, 1)
    shown = scene.rank < edges
    source = scene.pairs["source"].to_numpy()[shown]
    target = scene.pairs["target"].to_numpy()[shown]
    level, home = scene.level[shown], scene.home[source]
    paths: dict[tuple[int, int], list[str]] = {}
    for s, t, step, network in zip(source, target, level, home, strict=True):
        paths.setdefault((int(step), int(network)), []).append(f"M{x[s]:g} {y[s]:g}L{x[t]:g} {y[t]:g}")
    return [
        f'<path d="{"".join(path)}" fill="none" stroke="{palette.colour(network)}" '
        f'stroke-opacity="{SHADES[step]}" stroke-width="{0.7 + 0.25 * step:.2g}"/>'
        for (step, network), path in sorted(paths.items())
    ]


def _nodes(scene: Scene) -> list[str]:
    paths: dict[int, list[str]] = {}
    for code, network in enumerate(scene.home):
        at = (float(scene.layout.x[code]), float(scene.layout.y[code]), float(scene.radius[code]))
        paths.setdefault(int(network), []).append(palette.outline(palette.shape(int(network)), *at))
    return [
        f'<path d="{"".join(path)}" fill="{palette.colour(network)}" stroke="currentColor" '
        f'stroke-opacity=".55" stroke-width=".7"/>'
        for network, path in paths.items()
    ]


def _names(scene: Scene, size: float) -> list[str]:
    layout, font = scene.layout, max(9.0, size / 72)
    return [
        f'<text x="{x:.1f}" y="{y - r - 3:.1f}" font-size="{font:.1f}" text-anchor="middle" fill="currentColor" '
        f'font-family="system-ui, sans-serif">{escape(network.id)} · {len(network.members):,}</text>'
        for network, x, y, r in zip(scene.networks, layout.disc_x, layout.disc_y, layout.disc_r, strict=True)
        if r > size / 60 or len(scene.networks) <= 30
    ]
