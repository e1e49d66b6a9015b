"""Intervals: how well a share is known from so many cases."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # 95 %, both sides


@dataclass(frozen=True, slots=True)
class Share:
    """A share with Wilson's interval (1927), which holds for few cases and for shares near 0 and 1."""

    part: int
    of: int

    @property
    def value(self) -> float | None:
        """The share itself; None of nothing."""
        return self.part / self.of if self.of else None

    @property
    def low(self) -> float:
        """It is hardly less than this."""
        return self._bound(-1)

    @property
    def high(self) -> float:
        """It is hardly more than this."""
        return self._bound(1)

    def _bound(self, side: int) -> float:
        if not self.of:
            return 0.0 if side < 0 else 1.0
        share, n, zz = self.part / self.of, self.of, Z * Z
        middle = share + zz / (2 * n)
        spread = Z * sqrt(share * (1 - share) / n + zz / (4 * n * n))
        bound = (middle + side * spread) / (1 + zz / n)
        return (
            max(0.0, min(bound, share)) if side < 0 else min(1.0, max(bound, share))
        )  # whatever rounding does
