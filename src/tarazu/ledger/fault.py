"""What is wrong with a ledger, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """How the first entry that does not fit came about, as far as can be told."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    MOVED = "moved"
    REWRITTEN = "rewritten"  # with hashes computed anew, by who knows how
    TRUNCATED = "truncated"
    BODY_ALTERED = "body altered"
    BODY_MISSING = "body missing"
    CHECKPOINT = "checkpoint"  # its signature is not of a known key


@dataclass(frozen=True, slots=True)
class Fault:
    """The first fault. `first == last` where the entry is known exactly."""

    kind: FaultKind
    first: int
    last: int

    def __str__(self) -> str:
        exact = self.first == self.last
        where = f"Entry {self.first}" if exact else f"Of entries {self.first} to {self.last}, one or more"
        match self.kind:
            case FaultKind.ALTERED:
                return f"{where} was altered."
            case FaultKind.MISSING:
                return f"{where} is missing."
            case FaultKind.INSERTED:
                return f"{where} was put in afterwards."
            case FaultKind.MOVED:
                return f"{where} is not in its place: entries were moved, or others put in before it."
            case FaultKind.REWRITTEN:
                return (
                    f"{where} {'was' if exact else 'were'} written anew: not what was signed or is followed."
                )
            case FaultKind.TRUNCATED:
                what = f"entry {self.first} was" if exact else f"entries {self.first} to {self.last} were"
                return f"The end was cut off: {what} signed and now missing."
            case FaultKind.BODY_ALTERED:
                return f"{where}: its body is not the one it was sealed with."
            case FaultKind.BODY_MISSING:
                return f"{where}: its body is gone, and no entry says that it was erased."
            case FaultKind.CHECKPOINT:
                return f"The checkpoint at entry {self.last} is not signed by a key that is known here."
