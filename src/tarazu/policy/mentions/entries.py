"""Every alias, slogan and context word of a list as folded letters: what texts are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tarazu.policy.designations.entity import Alias, Entity
from tarazu.policy.mentions.plausible import (
    AMBIGUOUS,
    CAPITALS,
    CASED,
    CONTEXT,
    NATURAL,
    PUNCTUATION,
    SOFT_EDGE,
    WORD,
)
from tarazu.text.folding import fold

ARABIC_SCRIPT = 64  # flag of a folded letter
_ALEF_LAM, _LAM = [0x627, 0x644], 0x644
# A name must not look like a link to the fold: 'Stormy.com' is two words with a soft edge.
_NO_LINK = str.maketrans({".": "·", ":": " ", "@": " ", "#": " "})


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to write one thing: folded letters, with what stands before each and their flags."""

    letters: tuple[int, ...]
    looks: tuple[int, ...]
    edges: tuple[int, ...]  # NOTHING, WORD, SOFT_EDGE ... before each letter; the first is NOTHING
    flags: tuple[int, ...]
    kind: int  # CASED | CONTEXT | AMBIGUOUS | CAPITALS
    entity: int  # position in the list; -1 for a context word
    alias: int  # position among the entity's aliases; for a context word its own number

    @property
    def arabic(self) -> bool:
        """Whether every letter is of the Arabic script."""
        return all(flag & (ARABIC_SCRIPT | 4) for flag in self.flags)


@dataclass(frozen=True, slots=True)
class Entries:
    """All entries of a list, and which context words decide which alias."""

    entries: tuple[Entry, ...]
    context: dict[tuple[int, int], frozenset[int]]  # (entity, alias) to numbers of context words


def entries_of(entities: Iterable[Entity]) -> Entries:
    """Return the entries of the entities: aliases, slogans, names, and the context words once each."""
    texts: list[str] = []
    owners: list[tuple[int, int, Alias | None]] = []
    numbers: dict[str, int] = {}
    context: dict[tuple[int, int], frozenset[int]] = {}
    for place, entity in enumerate(entities):
        for number, alias in enumerate(named(entity)):
            texts.append(alias.text)
            owners.append((place, number, alias))
            if alias.ambiguous:
                context[place, number] = frozenset(
                    numbers.setdefault(word, len(numbers)) for word in alias.context
                )
    for word, number in numbers.items():
        texts.append(word)
        owners.append((-1, number, None))
    # Case decides which Latin letter a Greek or Cyrillic one resembles, so each name is looked at in both cases.
    cases = [[text.translate(_NO_LINK) for text in texts]]
    cases += [[text.upper() for text in cases[0]], [text.lower() for text in cases[0]]]
    spelt = [_letters(texts_in_case) for texts_in_case in cases]
    out: list[Entry] = []
    seen: set[tuple[object, ...]] = set()
    for at, (entity_at, alias_at, owner) in enumerate(owners):
        for case, letters_of in enumerate(spelt):
            letters, looks, gaps, flags = letters_of[at]
            if not letters or (case and letters != spelt[0][at][0]):
                continue
            edges, flags = (spelt[0][at][2], spelt[0][at][3]) if case else (gaps, flags)
            for entry in _forms(letters, looks, edges, flags, owner, entity_at, alias_at):
                key = (entry.letters, entry.looks, entry.edges, entity_at, alias_at)
                if key not in seen:
                    seen.add(key)
                    out.append(entry)
    return Entries(tuple(out), context)


def named(entity: Entity) -> tuple[Alias, ...]:
    """Return an entity's aliases and, where it is none of them, its name."""
    if any(alias.text == entity.name and not alias.slogan for alias in entity.aliases):
        return entity.aliases
    return (*entity.aliases, Alias(text=entity.name))


def _forms(
    letters: tuple[int, ...],
    looks: tuple[int, ...],
    gaps: tuple[int, ...],
    flags: tuple[int, ...],
    alias: Alias | None,
    entity: int,
    number: int,
) -> list[Entry]:
    edges = tuple(0 if i == 0 else _edge(gap) for i, gap in enumerate(gaps))
    kind = CONTEXT
    if alias is not None:
        cased = [flag for flag in flags if flag & ARABIC_SCRIPT == 0 and flag & 4 == 0]
        capitals = len(cased) >= 2 and all(flag & 1 for flag in cased)
        kind = AMBIGUOUS if alias.ambiguous else 0
        kind |= CAPITALS if capitals else 0
        if cased and (len(letters) <= 3 or (alias.ambiguous and capitals)):
            kind |= CASED
    forms = [Entry(letters, looks, edges, flags, kind, entity, number)]
    if list(letters[:2]) == _ALEF_LAM and len(letters) >= 5 and not any(edges[1:3]):
        # With the preposition ل the article loses its alef: لل + the rest.
        forms.append(Entry((_LAM, *letters[1:]), (looks[1], *looks[1:]), edges, flags, kind, entity, number))
    return forms


def _edge(gap: int) -> int:
    if gap & 1:
        return PUNCTUATION if gap & 4 else WORD
    if gap & 31:
        return SOFT_EDGE
    return NATURAL if gap else 0


Letters = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def _letters(texts: list[str]) -> list[Letters]:
    """Return letters, looks, gaps and flags of each text."""
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    data = np.frombuffer(b"".join(raw), dtype=np.uint8)
    start: NDArray[np.int64] = np.concatenate(
        [np.zeros(1, np.int64), np.cumsum([len(part) for part in raw], dtype=np.int64)]
    )
    folded = fold(data, start)
    columns = [column.tolist() for column in (folded.letter, folded.look, folded.gap, folded.flag)]
    bounds = folded.start.tolist()
    return [
        (
            tuple(columns[0][low:high]),
            tuple(columns[1][low:high]),
            tuple(columns[2][low:high]),
            tuple(columns[3][low:high]),
        )
        for low, high in pairwise(bounds)
    ]
