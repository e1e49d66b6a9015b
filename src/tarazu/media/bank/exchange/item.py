"""What is read in a file of known pictures: an entry, or a row that is none, with its position."""

from __future__ import annotations

from dataclasses import dataclass

from tarazu.media.bank.entry import Entry

_SAMPLE = 200  # characters of a rejected row that are kept


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken."""

    position: int  # from 1: the line, the row below the header of a table, the item of a JSON list
    reason: str
    sample: str

    @classmethod
    def of(cls, position: int, reason: str, sample: object = "") -> Rejected:
        """Keep the beginning of what stands there; damaged text is shown as far as it can be."""
        text = str(sample)[:_SAMPLE].encode("utf-8", errors="replace").decode("utf-8")
        return cls(position, reason, text)


@dataclass(frozen=True)
class Item:
    """An entry at its position."""

    position: int
    entry: Entry
