"""Scores, written out."""

from __future__ import annotations

import numpy as np


def macro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    """Return the mean over the classes of `truth` of F1."""
    each = []
    for label in np.unique(truth):
        hit = ((said == label) & (truth == label)).sum()
        each.append(2 * hit / max(1, (said == label).sum() + (truth == label).sum()))
    return float(np.mean(each))
