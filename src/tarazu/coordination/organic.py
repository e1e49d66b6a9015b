"""A stored reference: how close in time strangers act on one object in an organic stream.

Measured with `reference.estimate` on posts around the German federal election of 2021 by 58,317 accounts (sample data
of CooRTweet, MIT), pooled over links, hashtags and images; once as published (seconds) and once floored to minutes.
Used as a starting point for every trace, and alone where the data at hand have too few strangers to learn from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tarazu.coordination.reference import Curve

_WINDOWS = np.array([1, 10, 30, 60, 120, 300, 600, 1800, 3600], np.float64)
# Rows: cells of 2, 3, 4-5, 6-10, 11-30, 31-100 and more accounts. Columns: `_WINDOWS`, in seconds.
_SECONDS = np.array(
    [
        [0.0044, 0.0121, 0.0358, 0.0581, 0.0925, 0.1515, 0.2134, 0.3598, 0.4914],
        [0.0029, 0.0074, 0.0365, 0.0707, 0.1116, 0.1705, 0.2261, 0.3719, 0.5217],
        [0.0057, 0.0160, 0.0468, 0.0789, 0.1232, 0.2033, 0.2736, 0.4086, 0.5526],
        [0.0152, 0.0275, 0.0535, 0.0806, 0.1204, 0.1909, 0.2498, 0.4134, 0.5731],
        [0.0084, 0.0152, 0.0307, 0.0491, 0.0804, 0.1431, 0.2084, 0.3773, 0.5443],
        [0.0007, 0.0039, 0.0117, 0.0244, 0.0442, 0.0904, 0.1559, 0.3435, 0.5316],
        [0.0015, 0.0090, 0.0262, 0.0482, 0.0828, 0.1412, 0.1823, 0.3253, 0.4971],
    ]
)
_MINUTES = np.array(
    [
        [0.0339, 0.0339, 0.0339, 0.0729, 0.1041, 0.1583, 0.2176, 0.3633, 0.4948],
        [0.0388, 0.0388, 0.0388, 0.0931, 0.1251, 0.1773, 0.2316, 0.3748, 0.5249],
        [0.0424, 0.0424, 0.0424, 0.1015, 0.1420, 0.2108, 0.2784, 0.4125, 0.5553],
        [0.0513, 0.0513, 0.0513, 0.1033, 0.1365, 0.1981, 0.2556, 0.4185, 0.5754],
        [0.0304, 0.0304, 0.0304, 0.0655, 0.0921, 0.1512, 0.2146, 0.3805, 0.5470],
        [0.0110, 0.0110, 0.0110, 0.0336, 0.0525, 0.0960, 0.1626, 0.3468, 0.5340],
        [0.0259, 0.0259, 0.0259, 0.0681, 0.0969, 0.1462, 0.1872, 0.3280, 0.4991],
    ]
)
# How many draws the curve weighs against a cell's own strangers (median over the three kinds of object).
_WEIGHT = np.array(
    [
        [49.0, 49.0, 49.0, 24.22, 4.80, 2.54, 2.71, 3.91, 13.32],
        [49.0, 49.0, 49.0, 24.22, 4.80, 2.54, 2.71, 3.91, 13.32],
        [2.00, 2.00, 5.22, 4.06, 1.97, 1.72, 1.69, 3.07, 4.91],
        [2.00, 2.00, 2.00, 2.38, 1.49, 1.80, 2.21, 2.40, 3.84],
        [2.00, 2.00, 2.17, 3.59, 4.22, 3.14, 2.39, 2.02, 3.26],
        [2.00, 2.00, 2.00, 2.00, 2.00, 2.00, 2.00, 2.00, 2.00],
        [2.00, 2.00, 2.00, 2.00, 2.00, 2.00, 2.00, 2.00, 2.00],
    ]
)


def in_minutes(time: NDArray[np.int64]) -> bool:
    """Whether times (ms) are whole minutes."""
    return bool(time.size) and float((time % 60_000 == 0).mean()) > 0.99


def organic_curve(windows: NDArray[np.int64], minutes: bool) -> Curve:
    """Return the stored curve at `windows` (ms), interpolated over the logarithm of the window."""
    at = np.log(np.clip(windows / 1000.0, _WINDOWS[0], _WINDOWS[-1]))
    table = _MINUTES if minutes else _SECONDS

    def read(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([np.interp(at, np.log(_WINDOWS), row) for row in rows])

    return Curve(curve=read(table), prior=read(_WEIGHT))
