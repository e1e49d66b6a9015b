"""What a new list changes: whom it adds and drops, whose listing ends or begins, which names come and go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tarazu.policy.designations.entity import Alias, Designation, Entity
from tarazu.policy.designations.entity_list import EntityList

SCHEMA = "tarazu.entities-diff.v1"


@dataclass(frozen=True, kw_only=True)
class Party:
    """An entity that is in one list only."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ListingChange:
    """A listing that ended or began for an entity that is in both lists."""

    id: str
    name: str
    authority: str
    programme: str | None
    on: date | None  # the day from which it no longer counts, or counts; None: the list does not say


@dataclass(frozen=True, kw_only=True)
class NameChange:
    """Names and their marks that changed for an entity that is in both lists."""

    id: str
    name: str
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    now_ambiguous: tuple[str, ...] = ()
    no_longer_ambiguous: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class KindChange:
    """An entity whose kind changed, and with it the clauses that cover it."""

    id: str
    name: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """All that a new list changes; every part is by id."""

    added: tuple[Party, ...]
    dropped: tuple[Party, ...]  # no longer there at all: judged as if never listed, whatever the post's date
    delisted: tuple[ListingChange, ...]
    listed: tuple[ListingChange, ...]
    names: tuple[NameChange, ...]
    kinds: tuple[KindChange, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON: dates are ISO texts."""
        return {"schema": SCHEMA, **_plain(asdict(self))}

    def lines(self) -> Iterator[str]:
        """For a terminal: a heading a part, a line an entity; one line when nothing changed."""
        if not any((self.added, self.dropped, self.delisted, self.listed, self.names, self.kinds)):
            yield "Nothing changed."
        yield from _part("Added", [f"{one.id} ({one.kind}): {one.name}" for one in self.added])
        dropped = [f"{one.id} ({one.kind}): {one.name}" for one in self.dropped]
        yield from _part("Dropped: judged as never listed; keep them with 'to:' for older posts", dropped)
        yield from _part("Delisted", [_listing(one, "from") for one in self.delisted])
        yield from _part("Listed", [_listing(one, "since") for one in self.listed])
        yield from _part("Names changed", [_named(one) for one in self.names])
        yield from _part(
            "Kind changed", [f"{one.id}: {one.name}: {one.old} -> {one.new}" for one in self.kinds]
        )


def compare(old: EntityList, new: EntityList) -> Difference:
    """What changes from the old list to the new one, matched by id."""
    both = [(old.by_id[ident], new.by_id[ident]) for ident in sorted(old.by_id.keys() & new.by_id.keys())]
    return Difference(
        added=_parties(new, old),
        dropped=_parties(old, new),
        delisted=tuple(change for pair in both for change in _ended(*pair)),
        listed=tuple(change for pair in both for change in _begun(*pair)),
        names=tuple(change for pair in both if (change := _names(*pair)) is not None),
        kinds=tuple(
            KindChange(id=after.id, name=after.name, old=before.kind, new=after.kind)
            for before, after in both
            if before.kind != after.kind
        ),
    )


def _parties(these: EntityList, others: EntityList) -> tuple[Party, ...]:
    own = [these.by_id[ident] for ident in sorted(these.by_id.keys() - others.by_id.keys())]
    return tuple(Party(id=one.id, kind=one.kind, name=one.name) for one in own)


def _open(entity: Entity) -> dict[tuple[str, str | None], Designation]:
    """The listing of each authority and programme that lasts longest."""
    found: dict[tuple[str, str | None], Designation] = {}
    for one in entity.designations:
        key = (one.authority, one.programme)
        if key not in found or (found[key].end or date.max) < (one.end or date.max):
            found[key] = one
    return found


def _ended(before: Entity, after: Entity) -> Iterator[ListingChange]:
    now = _open(after)
    for key, listing in _open(before).items():
        if listing.end is None and (key not in now or now[key].end is not None):
            yield _change(after, key, now[key].end if key in now else None)


def _begun(before: Entity, after: Entity) -> Iterator[ListingChange]:
    then = _open(before)
    for key, listing in _open(after).items():
        if listing.end is None and (key not in then or then[key].end is not None):
            yield _change(after, key, listing.start)


def _change(entity: Entity, key: tuple[str, str | None], on: date | None) -> ListingChange:
    return ListingChange(id=entity.id, name=entity.name, authority=key[0], programme=key[1], on=on)


def _names(before: Entity, after: Entity) -> NameChange | None:
    then, now = _by_text(before), _by_text(after)
    both = sorted(then.keys() & now.keys())
    change = NameChange(
        id=after.id,
        name=after.name,
        added=tuple(sorted(now.keys() - then.keys())),
        dropped=tuple(sorted(then.keys() - now.keys())),
        now_ambiguous=tuple(text for text in both if now[text].ambiguous and not then[text].ambiguous),
        no_longer_ambiguous=tuple(text for text in both if then[text].ambiguous and not now[text].ambiguous),
    )
    return change if change != NameChange(id=after.id, name=after.name) else None


def _by_text(entity: Entity) -> dict[str, Alias]:
    return {one.text: one for one in entity.aliases}


def _listing(change: ListingChange, word: str) -> str:
    under = f" ({change.programme})" if change.programme else ""
    return f"{change.id}: {change.name}: {change.authority}{under} {word} {change.on or 'a day that is not given'}"


def _named(change: NameChange) -> str:
    parts = [f"+{text}" for text in change.added] + [f"-{text}" for text in change.dropped]
    parts += [f"~{text}" for text in change.now_ambiguous] + [
        f"!{text}" for text in change.no_longer_ambiguous
    ]
    return f"{change.id}: {change.name}: {'; '.join(parts)}"


def _part(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{heading} ({len(lines)})"
        yield from (f"  {line}" for line in lines)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
