"""How networks are told apart: a colour of Okabe and Ito (2008) and a shape, always beside the name."""

from __future__ import annotations

# Okabe & Ito, "Color Universal Design" (2008), without black; yellow last because it is faint on paper.
COLOURS: tuple[str, ...] = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
SHAPES: tuple[str, ...] = ("circle", "square", "diamond", "triangle", "hexagon", "cross")
# Outline of each shape inside a circle of radius 1, as points; a circle has none.
OUTLINES: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.82, -0.82), (0.82, -0.82), (0.82, 0.82), (-0.82, 0.82)),
    "diamond": ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
    "triangle": ((0, -1.15), (1.08, 0.8), (-1.08, 0.8)),
    "hexagon": ((-0.55, -0.95), (0.55, -0.95), (1.1, 0), (0.55, 0.95), (-0.55, 0.95), (-1.1, 0)),
    "cross": (
        (-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4),
        (0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4),
    ),
}  # fmt: skip


def colour(index: int) -> str:
    """The colour of the network at `index` in the report's order."""
    return COLOURS[index % len(COLOURS)]


def shape(index: int) -> str:
    """The shape of the network at `index`: changes with every network, so that no two of 42 look the same."""
    return SHAPES[index % len(SHAPES)]


def outline(name: str, x: float, y: float, radius: float) -> str:
    """One shape as an SVG path."""
    if name == "circle":
        half, wide = f"a{radius:.3g} {radius:.3g} 0 1 0", f"{2 * radius:.3g} 0"
        return f"M{x - radius:.5g} {y:.5g}{half} {wide}{half} -{wide}z"
    points = " ".join(f"{x + radius * dx:.5g} {y + radius * dy:.5g}" for dx, dy in OUTLINES[name])
    return f"M{points}z"


def mark(index: int) -> str:
    """The network's sign as a small inline SVG, decorative: the name always stands beside it."""
    path = outline(shape(index), 8, 8, 5.6)
    return (
        f'<svg class="sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        f'<path d="{path}" fill="{colour(index)}"/></svg>'
    )
