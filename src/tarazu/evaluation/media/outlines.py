"""Outlines to paint: ovals, rounded shapes, stars, bars, as points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tarazu.evaluation.media.brush import Points


def oval(x: float, y: float, across: float, down: float, *, tilt: float = 0.0, power: float = 2.0) -> Points:
    """Return an oval around (x, y) with half axes `across` and `down`; a higher `power` is squarer."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    cos, sin = np.cos(turn), np.sin(turn)
    flat = np.stack(
        (
            across * np.sign(cos) * np.abs(cos) ** (2 / power),
            down * np.sign(sin) * np.abs(sin) ** (2 / power),
        ),
        axis=1,
    )
    return moved(turned(flat, tilt), x, y)


def bar(left: float, top: float, right: float, bottom: float) -> Points:
    """Return a rectangle."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def star(x: float, y: float, outer: float, inner: float, rays: int, *, tilt: float = 0.0) -> Points:
    """Return a star with `rays` points."""
    turn = np.arange(rays * 2) * np.pi / rays - np.pi / 2 + tilt
    reach = np.where(np.arange(rays * 2) % 2, inner, outer)
    return np.stack((x + reach * np.cos(turn), y + reach * np.sin(turn)), axis=1)


def turned(shape: Points, angle: float, about: tuple[float, float] = (0.0, 0.0)) -> Points:
    """Return a shape turned by `angle` radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    middle = np.array(about)
    rotated: Points = (shape - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle
    return rotated


def moved(shape: Points, x: float, y: float) -> Points:
    """Return a shape moved by (x, y)."""
    away: Points = shape + np.array((x, y))
    return away


def rounded(
    corners: Sequence[tuple[float, float]] | Points, *, closed: bool = True, steps: int = 8
) -> Points:
    """Return a smooth curve through the corners."""
    knots = np.asarray(corners, dtype=np.float64)
    if closed:
        before, after, beyond = np.roll(knots, 1, 0), np.roll(knots, -1, 0), np.roll(knots, -2, 0)
        here = knots
    else:
        padded = np.concatenate((knots[:1], knots, knots[-1:]))
        before, here, after, beyond = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (part[:, None, :] for part in (before, here, after, beyond))
    curve = 0.5 * (
        2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    points: Points = curve.reshape(-1, 2)
    return points if closed else np.concatenate((points, knots[-1:]))
