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
    """The first fault. `at` is exact unless somebody computed hashes anew: then it lies from `first` to `last`."""

    kind: FaultKind
    at: int  # the entry
    first: int  # the one after the last that a fitting checkpoint covers
    last: int  # up to here everything would fit, had nothing been changed

    def __str__(self) -> str:
        where = f"Entry {self.at}"
        match self.kind:
            case FaultKind.ALTERED:
                told = f"{where} was altered."
            case FaultKind.MISSING:
                told = f"{where} is missing."
            case FaultKind.INSERTED:
                told = f"{where} was put in afterwards."
            case FaultKind.MOVED:
                told = f"{where} is not in its place: entries were moved, or others put in before it."
            case FaultKind.REWRITTEN:
                told = f"{where} is not what was signed or what is followed: it, or some before it, were written anew."
            case FaultKind.TRUNCATED:
                told = (
                    f"The end was cut off: {self.last} entries were signed, and {where.lower()} is missing."
                )
            case FaultKind.BODY_ALTERED:
                told = f"{where}: its body is not the one it was sealed with."
            case FaultKind.BODY_MISSING:
                told = f"{where}: its body is gone, and no entry says that it was erased."
            case FaultKind.CHECKPOINT:
                return f"The checkpoint at entry {self.at} is not signed by a key that is known here."
        proven = (
            f"Entries up to {self.first - 1} are as signed" if self.first > 1 else "No checkpoint covers less"
        )
        return f"{told} {proven}; who can compute hashes anew may have begun anywhere from {self.first}."
