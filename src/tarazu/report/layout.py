"""Where every account stands in the drawing: each network a disc of its own, the discs packed close.

Inside a disc a force layout: accounts that share edges attract, all repel. The repulsion is exact for small
networks and read from a grid (one FFT a step) for large ones, so that a step costs O(n + edges). Same input,
same picture; nothing here measures anything, positions carry no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

SPACE = 13.0  # world units between neighbours; a node has a radius of 4 to 6
RIM = 6.0  # between the outermost account and the rim of its disc
RING = 12  # networks up to this size stand on a ring
EXACT = 300  # networks up to this size repel pair by pair
WIDE = 1.55  # the packed picture is this much wider than high


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """Positions of accounts and discs, in world units, y downwards."""

    x: Floats
    y: Floats
    disc_x: Floats
    disc_y: Floats
    disc_r: Floats


def arrange(network: Codes, source: Codes, target: Codes, strength: Floats, networks: int) -> Layout:
    """Place accounts 0..n-1, joined by pairs with a strength; `network` gives each its disc."""
    n = len(network)
    inside = np.zeros((n, 2))
    order = np.argsort(network, kind="stable")
    starts = np.searchsorted(network[order], np.arange(networks + 1))
    local = np.empty(n, dtype=np.int64)
    sizes = np.diff(starts)
    local[order] = np.arange(n) - np.repeat(starts[:-1], sizes)
    same = (network[source] == network[target]) & (source != target)
    source, target, strength = source[same], target[same], strength[same]
    home = network[source]
    by_home = np.argsort(home, kind="stable")
    edge_starts = np.searchsorted(home[by_home], np.arange(networks + 1))
    radius = SPACE * 0.62 * np.sqrt(np.maximum(sizes, 1)) + 1.5 * RIM
    for code in range(networks):
        members = order[starts[code] : starts[code + 1]]
        rows = by_home[edge_starts[code] : edge_starts[code + 1]]
        unit = _disc(len(members), local[source[rows]], local[target[rows]], strength[rows])
        inside[members] = unit * (radius[code] - RIM)
    # Room between discs for their names, which keep their size on the screen while the picture shrinks.
    disc_x, disc_y = _pack(radius + 5 + 0.03 * float(np.sqrt((radius**2).sum())))
    return Layout(
        x=inside[:, 0] + disc_x[network] if n else np.zeros(0),
        y=inside[:, 1] + disc_y[network] if n else np.zeros(0),
        disc_x=disc_x,
        disc_y=disc_y,
        disc_r=radius,
    )


def _disc(n: int, source: Codes, target: Codes, strength: Floats) -> Floats:
    if n <= RING:
        return _ring(n, source, target)
    position = _force(n, source, target, strength)
    position = _fill(position)
    position = _apart(position)
    # Members without an edge (joined through the group test) stand on the rim, evenly.
    degree = np.bincount(source, minlength=n) + np.bincount(target, minlength=n)
    alone = np.flatnonzero(degree == 0)
    if 0 < len(alone) < n:
        angle = 2 * np.pi * (np.arange(len(alone)) + 0.5) / len(alone)
        position *= 0.9
        position[alone] = np.column_stack((np.cos(angle), np.sin(angle)))
    return position


def _ring(n: int, source: Codes, target: Codes) -> Floats:
    if n <= 1:
        return np.zeros((n, 2))
    degree = np.bincount(source, minlength=n) + np.bincount(target, minlength=n)
    ranked = np.argsort(-degree, kind="stable")
    centre = int(n > 5)  # the best connected in the middle
    angle = 2 * np.pi * np.arange(n - centre) / (n - centre) - np.pi / 2
    position = np.zeros((n, 2))
    position[ranked[centre:]] = 0.8 * np.column_stack((np.cos(angle), np.sin(angle)))
    return position


def _force(n: int, source: Codes, target: Codes, strength: Floats) -> Floats:
    pull = 0.3 + strength / max(float(strength.max(initial=0.0)), 1e-9)
    matrix = csr_matrix(
        (np.concatenate((pull, pull)), (np.concatenate((source, target)), np.concatenate((target, source)))),
        shape=(n, n),
    )
    degree = np.asarray(matrix.sum(axis=1)).ravel()
    mean = max(float(degree.mean()), 1e-9)
    position = _begin(n, matrix, degree)
    steps = 160 if n <= EXACT else 120
    for step in range(steps):
        push = _repel_exact(position) if n <= EXACT else _repel_grid(position)
        draw = (degree[:, None] * position - matrix @ position) / mean
        move = push - draw - 0.05 * position
        length = np.sqrt((move**2).sum(axis=1)) + 1e-12
        limit = 0.35 * np.sqrt(n) * (1 - step / steps) ** 1.5 * 0.5 + 0.01
        position += move / length[:, None] * np.minimum(length, limit)[:, None]
    return position


def _begin(n: int, matrix: csr_matrix, degree: Floats) -> Floats:
    # A few steps of power iteration on the random walk spread clusters apart before the forces start.
    position = np.random.default_rng(20_160_901).standard_normal((n, 2))
    walk = 1 / np.maximum(degree, 1e-9)
    for _ in range(30):
        position = 0.5 * position + 0.5 * (matrix @ position) * walk[:, None]
        position -= (position * degree[:, None]).sum(axis=0) / max(float(degree.sum()), 1e-9)
        first, second = position[:, 0], position[:, 1]
        second -= first * (first @ second) / max(float(first @ first), 1e-12)
        position /= np.maximum(np.sqrt((position**2).mean(axis=0)), 1e-9)
    jitter = np.random.default_rng(20_161_109).standard_normal((n, 2))
    return np.asarray(np.sqrt(n) * (0.4 * np.clip(position, -2, 2) + 0.05 * jitter))


def _repel_exact(position: Floats) -> Floats:
    delta = position[:, None, :] - position[None, :, :]
    square = (delta**2).sum(axis=2) + 0.01
    return np.asarray((delta / square[:, :, None]).sum(axis=1))


def _repel_grid(position: Floats, cells: int = 64) -> Floats:
    low = position.min(axis=0)
    size = max(float((position.max(axis=0) - low).max()), 1e-6) / (cells - 2)
    place = (position - low) / size
    cell = np.floor(place).astype(np.int64)
    part = place - cell
    mass = np.zeros(cells * cells)
    corners = []
    for dx in (0, 1):
        for dy in (0, 1):
            weight = np.abs(1 - dx - part[:, 0]) * np.abs(1 - dy - part[:, 1])
            index = (cell[:, 0] + dx) * cells + cell[:, 1] + dy
            mass += np.bincount(index, weights=weight, minlength=cells * cells)
            corners.append((index, weight))
    axis = np.concatenate((np.arange(cells), np.arange(-cells, 0))).astype(float)
    across, down = np.meshgrid(axis, axis, indexing="ij")
    square = across**2 + down**2 + 0.25
    spectrum = np.fft.rfft2(mass.reshape(cells, cells), s=(2 * cells, 2 * cells))
    out = np.zeros_like(position)
    for column, kernel in enumerate((across / square, down / square)):
        field = np.fft.irfft2(spectrum * np.fft.rfft2(kernel), s=(2 * cells, 2 * cells))[
            :cells, :cells
        ].ravel()
        out[:, column] = sum(field[index] * weight for index, weight in corners) / size
    return out


def _fill(position: Floats) -> Floats:
    # Spread radii toward an even filling of the disc: the middle of a force layout is too dense to read.
    position = position - np.median(position, axis=0)
    distance = np.sqrt((position**2).sum(axis=1))
    rank = np.empty(len(position))
    rank[np.argsort(distance, kind="stable")] = np.sqrt((np.arange(len(position)) + 0.5) / len(position))
    scaled = distance / max(float(np.quantile(distance, 0.98)), 1e-9)
    wanted = 0.7 * rank + 0.3 * np.minimum(scaled, 1)
    return np.asarray(position * (wanted / np.maximum(distance, 1e-9))[:, None])


def _apart(position: Floats) -> Floats:
    gap = 1.25 / np.sqrt(len(position))
    for _ in range(12):
        pairs = cKDTree(position).query_pairs(gap, output_type="ndarray")
        if not len(pairs):
            break
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        delta = position[pairs[:, 0]] - position[pairs[:, 1]]
        length = np.sqrt((delta**2).sum(axis=1))
        # Two accounts on the very same spot part along a direction of their own.
        stuck = length < 1e-9
        delta[stuck] = np.column_stack((np.cos(pairs[stuck, 0]), np.sin(pairs[stuck, 0])))
        length = np.where(stuck, 1.0, length)
        push = delta * (0.4 * (gap - np.where(stuck, 0, length)) / length)[:, None]
        for column in (0, 1):
            position[:, column] += np.bincount(pairs[:, 0], push[:, column], minlength=len(position))
            position[:, column] -= np.bincount(pairs[:, 1], push[:, column], minlength=len(position))
    return _centred(position)


def _centred(position: Floats) -> Floats:
    # The smallest circle around all, by the steps of Badoiu and Clarkson, becomes the unit disc.
    centre = position.mean(axis=0)
    for step in range(1, 60):
        far = int(((position - centre) ** 2).sum(axis=1).argmax())
        centre = centre + (position[far] - centre) / (step + 1)
    position = position - centre
    reach = max(float(np.sqrt((position**2).sum(axis=1)).max()), 1e-9)
    return np.asarray(position / reach)


def _pack(radius: Floats) -> tuple[Floats, Floats]:
    """Centres of circles of the given radii, none overlapping, close to the middle, along a flat spiral."""
    count = len(radius)
    x, y = np.zeros(count), np.zeros(count)
    if count == 0:
        return x, y
    order = np.argsort(-radius, kind="stable")
    # Some 20,000 spots over the whole picture, but never finer than a tenth of the smallest disc.
    grain = max(float(radius.min()) * 0.1, float(np.sqrt((radius**2).sum())) / 150)
    turn = 0
    last = -1.0
    for placed, code in enumerate(order):
        if radius[code] != last:
            turn, last = 0, float(radius[code])
        while True:
            step = np.arange(turn, turn + 256, dtype=float)
            angle = step * 2.399963229728653  # the golden angle: even cover without preferred directions
            reach = grain * np.sqrt(step)
            px, py = reach * np.cos(angle) * WIDE, reach * np.sin(angle)
            done = order[:placed]
            far = (px[:, None] - x[done]) ** 2 + (py[:, None] - y[done]) ** 2
            free = (far >= (radius[code] + radius[done]) ** 2).all(axis=1)
            if free.any():
                spot = int(np.argmax(free))
                x[code], y[code] = px[spot], py[spot]
                turn += spot
                break
            turn += 256
    return x, y
