"""Births like a machine's: one account after the other at even distances."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RUNS = (20, 60)  # gaps in a row that are looked at
LONGEST_MS = 7 * 86_400_000  # a run that takes longer is no batch
GRAINS = (86_400_000, 3_600_000, 60_000, 1_000, 1)  # ms: resolutions that creation times come in
COARSEST = 10  # the mean gap must be at least so many grains, else rounding looks like regularity
TILTS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


def evenness(born: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """Return for each run of `length` gaps (beginning at each birth) a p-value of its being so even by
    chance.

    `born` is sorted, in ms. People who sign up independently, at any steady rate, leave gaps that are
    exponential; a changing rate makes them more uneven still. The statistic is Moran's, the sum of log(gap /
    mean gap). Its moments are known exactly (the gaps' shares are Dirichlet), so Chernoff's bound is a valid
    p-value however small. Gaps are taken one grain shorter than recorded, so rounding never helps.
    """
    runs = born.size - length
    if runs <= 0:
        return np.ones(0)
    from scipy.special import gammaln

    grain = next(grain for grain in GRAINS if not (born % grain).any())
    gaps = np.diff(born) / grain
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.maximum(gaps - 1, 0.05)))])
    span = (born[length:] - born[:runs]) / grain
    mean = np.maximum(span / length, 1e-9)
    moran = logs[length:] - logs[:runs] - length * np.log(mean)
    best = np.zeros(runs)
    for tilt in TILTS:
        moments = (
            length * gammaln(1 + tilt)
            + gammaln(length)
            - gammaln(length * (1 + tilt))
            + length * tilt * np.log(length)
        )
        best = np.minimum(best, moments - tilt * moran)
    usable = (mean >= COARSEST) & (span * grain <= LONGEST_MS)
    return np.where(usable, np.exp(best), 1.0)
