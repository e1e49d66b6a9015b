"""What one hostile file may cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one file may cost; the defaults refuse a bomb within 2 seconds and 256 MiB.

    A still picture gets `cpu_seconds`; a moving one gets `moving_seconds` for each MiB of its bytes where that is more,
    so that a small file is never expensive and a long video is still read.
    """

    bytes: int = 64 * MIB  # of the file
    pixels: int = 64_000_000  # of one picture or frame
    frames: int = 256  # given back for a moving picture
    decoded: int = 64_000_000_000  # pixels of all the frames that a moving picture has
    cpu_seconds: float = 1.8
    moving_seconds: float = 0.5  # of computing for each MiB of a moving picture
    wall_seconds: float = 20.0  # by the clock, for a still picture; a busy machine must not refuse good ones
    memory: int = 256 * MIB  # resident in the child, everything counted

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Limits:
        """Return the limits that `to_dict` gave."""
        return cls(**fields)

    def to_dict(self) -> dict[str, int | float]:
        """Return the limits as plain numbers."""
        return asdict(self)

    def moving_cpu(self, size: int) -> float:
        """Return the seconds of computing for a moving picture of so many bytes."""
        return max(self.cpu_seconds, self.moving_seconds * size / MIB)

    def wall(self, size: int) -> float:
        """Return the seconds by the clock for a file of so many bytes, moving or not."""
        return self.wall_seconds + 4 * self.moving_seconds * size / MIB
