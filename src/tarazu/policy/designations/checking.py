"""What a list of entities may get wrong without being broken: each remark says whom it is about and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tarazu.policy.designations.entity_list import KINDS, EntityList

# What a remark is about, in the order in which they are told.
SUBJECTS = {
    "dates": "listings that end before they begin",
    "jurisdictions": "listings that count nowhere, or do not say where",
    "designations": "entities without any listing",
    "kinds": "kinds that no clause speaks of",
    "ordinary": "short or ordinary names that are not marked ambiguous",
    "context": "ambiguous names without context words",
    "duplicates": "names that one entity has in several spellings that are read as the same",
    "shared": "names that several entities share",
}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing to look at."""

    subject: str  # a key of SUBJECTS
    entities: tuple[str, ...]  # ids
    text: str  # one sentence, with what to do


def check(entities: EntityList, *, kinds: Collection[str] = KINDS) -> tuple[Remark, ...]:
    """Every remark on a list, by subject; `kinds` are those that clauses speak of."""
    remarks = [
        *(Remark(subject="jurisdictions", entities=(), text=text) for text in entities.remarks),
        *_listings(entities),
        *_kinds(entities, kinds),
        *_names(entities),
    ]
    order = list(SUBJECTS)
    return tuple(sorted(remarks, key=lambda remark: order.index(remark.subject)))


def _listings(entities: EntityList) -> Iterator[Remark]:
    for entity in entities.entities:
        own = (entity.id,)
        if not entity.designations:
            text = f"{entity.id} has no designation, so it is never covered by law; add one, or your own as authority"
            yield Remark(subject="designations", entities=own, text=text)
        for listing in entity.designations:
            if not listing.jurisdictions:
                text = (
                    f"{entity.id}: the listing by {listing.authority} counts nowhere; write its jurisdictions"
                )
                yield Remark(subject="jurisdictions", entities=own, text=text)
            if listing.start and listing.end and listing.end <= listing.start:
                text = (
                    f"{entity.id}: the listing by {listing.authority} ends {listing.end}, not after its beginning "
                    f"{listing.start}; correct one of them"
                )
                yield Remark(subject="dates", entities=own, text=text)


def _kinds(entities: EntityList, kinds: Collection[str]) -> Iterator[Remark]:
    others: dict[str, list[str]] = defaultdict(list)
    for entity in entities.entities:
        if entity.kind not in kinds:
            others[entity.kind].append(entity.id)
    for kind, ids in sorted(others.items()):
        text = (
            f"{len(ids)} of kind {kind!r} (such as {ids[0]}): only a clause that names this kind covers them; "
            f"known kinds are {', '.join(kinds)}"
        )
        yield Remark(subject="kinds", entities=tuple(ids), text=text)


def _names(entities: EntityList) -> Iterator[Remark]:
    from tarazu.policy.designations.ordinary import folded, ordinary

    flat = [(entity, alias) for entity in entities.entities for alias in entity.aliases]
    texts = [alias.text for _, alias in flat]
    marks = ordinary(texts, [entity.kind.endswith("person") for entity, _ in flat])
    alone = set[str]()
    holders: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, mark, (entity, alias) in zip(folded(texts), marks, flat, strict=True):
        holders[key][entity.id].append(alias.text)
        alone |= {key} if not alias.ambiguous else set()
        if mark and not alias.ambiguous:
            text = (
                f"{entity.id}: {alias.text!r} is short or an ordinary word; put it under 'ambiguous', "
                "with context words"
            )
            yield Remark(subject="ordinary", entities=(entity.id,), text=text)
        if alias.ambiguous and not alias.context:
            text = (
                f"{entity.id}: {alias.text!r} is ambiguous without context words, so it is found only beside "
                "another of its names; add 'context'"
            )
            yield Remark(subject="context", entities=(entity.id,), text=text)
    for key, found in holders.items():
        for ident, spellings in found.items():
            if len(set(spellings)) > 1:
                text = f"{ident}: {' and '.join(map(repr, dict.fromkeys(spellings)))} are read as the same; keep one"
                yield Remark(subject="duplicates", entities=(ident,), text=text)
        if len(found) > 1 and key in alone:  # an ambiguous name decides nothing alone
            ids = tuple(found)
            shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
            text = (
                f"{found[ids[0]][0]!r} is a name of {shown}; keep it where it belongs, mark it ambiguous, "
                "or merge entities that are the same"
            )
            yield Remark(subject="shared", entities=ids, text=text)
