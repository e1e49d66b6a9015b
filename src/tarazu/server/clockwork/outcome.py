"""How a run of a job ended."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from tarazu.errors import TarazuError


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What it did, or why it failed."""

    done: int = 0
    mark: str | None = None  # what it went by
    error: str | None = None


def failed(error: Exception) -> Outcome:
    """Where it happened and of what kind; the text only of our own errors: another may hold what somebody wrote."""
    if isinstance(error, TarazuError):
        return Outcome(error=str(error))
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return Outcome(error=f"{type(error).__name__} at {where}")
