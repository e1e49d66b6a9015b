"""What organic timing looks like: the chance that two strangers who act in one cell do so within a window.

Strangers are pairs of accounts chosen by *what* they share (fewer than two objects), never by *when*. Their timing is
estimated per cell, shrunk to a curve per size class with the over-dispersion seen between cells (beta-binomial
moments). Where strangers are a minority in a cell, the cell says nothing about organic timing and the class curve is
used alone; where they are a minority nearly everywhere, a stored curve from an organic stream takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tarazu.coordination.cells import SIZES, Cells

CLASSES = SIZES.size + 1
# Weight, in cells, of the overall curve in the curve of a size class.
_PSEUDO_CELLS = 20.0
# Draws that the stored curve is worth against the strangers of these data.
_STORED_DRAWS = 50.0
# Share of cells with a stranger majority below which the data cannot speak for strangers.
MAJORITY_MIN = 0.3
# Bounds of the intra-cell correlation: below, one cell would be trusted too far; above, moments are noise.
_RHO = (0.02, 0.9)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """Stranger timing of one trace: per cell counts and the curve they are shrunk to."""

    close: NDArray[np.float64]  # [cell, window] pairs of strangers within the window
    pairs: NDArray[np.float64]  # [cell] pairs of strangers
    draws: NDArray[np.float64]  # [cell] effective independent draws behind the cell's own rate
    curve: NDArray[np.float64]  # [class, window]
    prior: NDArray[np.float64]  # [class, window] weight of the curve, in draws
    everybody: NDArray[np.float64]  # [cell, window] close pairs of all accounts, strangers or not
    majority: NDArray[np.bool_]  # [cell] strangers are at least half of the cell's pairs
    scarce: bool  # too few strangers: the stored curve stands alone

    def chance(
        self, kind: NDArray[np.int64], cell: NDArray[np.int64] | slice = slice(None)
    ) -> NDArray[np.float64]:
        """Return [cell, window]: the chance that two strangers in the cell are within the window.

        `kind` are the size classes of the cells that are asked about: all, or those in `cell`.
        """
        close, pairs = self.close[cell], self.pairs[cell][:, None]
        draws = np.maximum(self.draws[cell], 0.0)[:, None]
        own = np.where(pairs > 1e-9, close / np.maximum(pairs, 1e-9), 0.0)
        prior = self.prior[kind]
        return np.asarray((draws * own + prior * self.curve[kind]) / (draws + prior))

    def chance_outside(
        self,
        cells: Cells,
        cell: NDArray[np.int64],
        members: NDArray[np.int64],
        inside: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return [row, window]: the chance of strangers in `cell` when a group under test is left out of it.

        `members` of the group are in the cell and `inside` [row, window] of their pairs are close. Members of a
        rotating campaign meet too seldom to be told from strangers; their own bursts must not speak for strangers.
        """
        every = cells.size[cell] * (cells.size[cell] - 1) / 2.0
        outside = every - members * (members - 1) / 2.0
        own = (self.everybody[cell] - inside) / np.maximum(outside, 1.0)[:, None]
        draws = ((cells.size[cell] - 1) * outside / every)[:, None]
        kind = cells.kind[cell]
        prior = self.prior[kind]
        return np.asarray((draws * np.clip(own, 0.0, 1.0) + prior * self.curve[kind]) / (draws + prior))


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """A class curve and its prior weight, as measured on one stream and stored for another."""

    curve: NDArray[np.float64]
    prior: NDArray[np.float64]


def estimate(
    cells: Cells,
    later: NDArray[np.int64],
    stored: Curve,
    acquainted: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> Reference:
    """Estimate stranger timing from the counts of close pairs.

    `later` is `later_within` of the cells; `acquainted` holds the close pairs and the (inverse-probability weighted)
    pairs of non-strangers to take out, [cell, window] and [cell]. `stored` is where the class curves start from, and
    all there is where strangers are scarce.
    """
    windows = later.shape[1]
    close = np.zeros((cells.count, windows))
    for w in range(windows):
        close[:, w] = np.bincount(cells.cell, weights=later[:, w], minlength=cells.count)
    everybody = close
    everyone = cells.size * (cells.size - 1) / 2.0
    pairs = everyone.copy()
    draws = (cells.size - 1).astype(np.float64)
    majority = np.ones(cells.count, np.bool_)
    if acquainted is not None:
        close = np.maximum(close - acquainted[0], 0.0)
        pairs = np.maximum(pairs - acquainted[1], close[:, -1] if windows else 0.0)
        draws = draws * pairs / np.maximum(everyone, 1e-9)
        majority = pairs >= 0.5 * everyone
        close[~majority] = 0.0
        pairs[~majority] = 0.0
        draws[~majority] = 0.0
    scarce = bool(majority.mean() < MAJORITY_MIN) if cells.count else True
    if scarce:
        curve, prior = stored.curve, stored.prior
    else:
        curve, prior = _class_curves(cells.kind, close, pairs, draws, stored)
    return Reference(
        close=close,
        pairs=pairs,
        draws=draws,
        curve=curve,
        prior=prior,
        everybody=everybody,
        majority=majority,
        scarce=scarce,
    )


def _class_curves(
    kind: NDArray[np.int64],
    close: NDArray[np.float64],
    pairs: NDArray[np.float64],
    draws: NDArray[np.float64],
    stored: Curve,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean rate of each size class, smoothed towards the overall rate, and its beta-binomial weight.

    The overall rate is smoothed towards the stored one in its turn: a trace with a handful of strangers leans on it.
    """
    windows = close.shape[1]
    rate = np.where(pairs[:, None] > 1e-9, close / np.maximum(pairs[:, None], 1e-9), 0.0)
    hits = np.zeros((CLASSES, windows))
    weight = np.zeros(CLASSES)
    for s in range(CLASSES):
        of = kind == s
        hits[s] = (rate[of] * draws[of, None]).sum(axis=0)
        weight[s] = draws[of].sum()
    start = stored.curve.mean(axis=0)
    overall = (hits.sum(axis=0) + _STORED_DRAWS * start) / (weight.sum() + _STORED_DRAWS)
    curve = np.clip((hits + _PSEUDO_CELLS * overall) / (weight[:, None] + _PSEUDO_CELLS), 1e-7, 0.999)
    prior = stored.prior.copy()
    for s in range(1, CLASSES):
        of = (kind == s) & (draws >= 1.5)
        if of.sum() < 20:
            continue
        for w in range(windows):
            p, x, n = curve[s, w], rate[of, w], draws[of]
            spread = ((x - p) ** 2 * n - p * (1 - p)).sum()
            rho = spread / max((p * (1 - p) * (n - 1)).sum(), 1e-12)
            prior[s, w] = 1.0 / float(np.clip(rho, *_RHO)) - 1.0
    prior[0] = prior[1]
    return curve, prior
