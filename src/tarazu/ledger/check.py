"""Is the ledger what it was? One walk from the first entry, held to its own hashes and to signed checkpoints.

A chain shows by itself what does not fit together. Who can write to the store can also compute every hash anew, or
cut the end off: that only shows against a checkpoint that somebody kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from tarazu.ledger.checkpoint import Checkpoint
from tarazu.ledger.entry import GENESIS, Entry, commitment_of, hash_of, hash_of_entry
from tarazu.ledger.fault import Fault, FaultKind
from tarazu.ledger.merkle import Growing

ERASED = "body.erased"  # kind of the entry that says so; its subject is entry:SEQ


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry with what is left beside it; None for both once erased, or where bodies are not asked for."""

    entry: Entry
    body: str | None = None
    key: str | None = None


@dataclass(slots=True)
class Report:
    """What the walk saw."""

    size: int = 0  # entries that fit
    head: str = GENESIS
    root: str = ""
    bodies: int = 0  # bodies that are what they were sealed with
    erased: int = 0
    checkpoints: int = 0  # that fit
    fault: Fault | None = None
    _tree: Growing = field(default_factory=Growing, repr=False)


def subject_of(seq: int) -> str:
    """How an entry is named as a subject."""
    return f"entry:{seq}"


def check(kept: Iterable[Kept], checkpoints: Iterable[Checkpoint] = (), *, bodies: bool = True) -> Report:
    """Walk the ledger as it is stored, in its order, and stop at the first fault.

    `checkpoints` are trusted: check their signatures before.
    """
    report = Report()
    waiting = sorted((one for one in checkpoints if one.size), key=lambda one: one.size)
    trusted = 0  # size of the last checkpoint that fits
    gone: dict[str, int] = {}
    walk = iter(kept)
    before: Entry | None = None
    for one in walk:
        entry = one.entry
        seq = report.size + 1
        if entry.seq != seq or entry.prev != report.head or hash_of_entry(entry) != entry.hash:
            kind, at = _explain(entry, before, report, walk)
            # What a checkpoint covers is as it was: the fault cannot be there.
            report.fault = Fault(kind, max(at, trusted + 1), trusted + 1, seq)
            break
        if bodies:
            fault = _body(one, report, gone, trusted)
            if fault is not None:
                report.fault = fault
                break
            if entry.kind == ERASED and gone.pop(entry.subject, None) is not None:
                report.erased += 1
        report.size, report.head, before = seq, entry.hash, entry
        report._tree.append(entry.hash)
        while waiting and waiting[0].size <= seq:
            point = waiting.pop(0)
            if point.head != report.head or point.root != report._tree.root():
                report.fault = Fault(FaultKind.REWRITTEN, seq, trusted + 1, seq)
                break
            trusted = seq
            report.checkpoints += 1
        if report.fault is not None:
            break
    if report.fault is None and waiting:
        report.fault = Fault(FaultKind.TRUNCATED, report.size + 1, trusted + 1, waiting[-1].size)
    if report.fault is None and gone:
        first = min(gone.values())
        report.fault = Fault(FaultKind.BODY_MISSING, first, first, first)
    report.root = report._tree.root()
    return report


def _body(one: Kept, report: Report, gone: dict[str, int], trusted: int) -> Fault | None:
    seq = one.entry.seq
    if one.body is None and one.key is None:
        gone[subject_of(seq)] = seq  # right if a later entry says so
        return None
    try:
        key = bytes.fromhex(one.key or "")
    except ValueError:
        key = b""
    if one.body is None or commitment_of(key, one.body) != one.entry.commitment:
        return Fault(FaultKind.BODY_ALTERED, seq, trusted + 1, seq)
    report.bodies += 1
    return None


def _explain(
    entry: Entry, before: Entry | None, report: Report, walk: Iterator[Kept]
) -> tuple[FaultKind, int]:
    """Which entry is the wrong one, given that `entry` does not follow what came before."""
    seq, head = report.size + 1, report.head
    after = next(walk, None)
    rest = walk if after is None else chain([after], walk)
    if entry.hash == head:
        return FaultKind.INSERTED, seq
    as_it_was = hash_of_entry(entry) == entry.hash or _as_numbered(entry, seq - 1)
    if before is not None and as_it_was and entry.prev == before.prev:
        return FaultKind.INSERTED, seq - 1  # both claim the same place, and this one was there first
    if entry.seq < seq:
        return FaultKind.INSERTED, seq
    if entry.seq > seq:
        moved = any(one.entry.seq == seq for one in rest)
        return FaultKind.MOVED if moved else FaultKind.MISSING, seq
    if (
        before is not None
        and as_it_was
        and entry.prev != head
        and (after is None or after.entry.prev == entry.hash)
    ):
        return FaultKind.REWRITTEN, seq - 1  # it follows something else than what stands before it now
    if any(one.entry.prev == head for one in rest):
        return FaultKind.MOVED, seq
    return FaultKind.MISSING if _as_numbered(entry, seq + 1) else FaultKind.ALTERED, seq


def _as_numbered(entry: Entry, seq: int) -> bool:
    """Whether the entry would be whole with another number: it was, before others were put in or taken out."""
    return entry.hash == hash_of(
        seq,
        entry.at,
        entry.actor_kind,
        entry.actor_id,
        entry.kind,
        entry.subject,
        entry.commitment,
        entry.prev,
    )
