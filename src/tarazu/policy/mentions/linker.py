"""Find who is named: quickly in many posts (`screen`), exactly in one (`link`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tarazu.policy.designations.entity import Entity
from tarazu.verdicts import Mention

if TYPE_CHECKING:
    import polars as pl

    from tarazu.text.folding import Folded

BLOCK = 1024  # posts that one thread folds at once: small enough for the cache of the processor
MOSTLY = 0.6  # share of capitals from which a text is shouted, and capitals tell nothing


class EntityList(Protocol):
    """A list of entities as the operator gives it."""

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities."""


class Linker:
    """Links texts to the entities of a list. Build it once; it is read-only and may be shared by threads."""

    version = "mentions.v1"

    def __init__(self, entities: EntityList | Iterable[Entity]) -> None:
        from tarazu.policy.mentions.automaton import names_of, trie_of
        from tarazu.policy.mentions.entries import entries_of, named
        from tarazu.policy.mentions.plausible import CONTEXT
        from tarazu.policy.mentions.romanised import sound_keys, spelling_tables

        listed = entities if isinstance(entities, Iterable) else entities.entities
        self._entities = tuple(listed)
        self._aliases = [named(entity) for entity in self._entities]
        found = entries_of(self._entities)
        self._entries, self._context = found.entries, found.context
        self._trie = trie_of([(entry.looks, at) for at, entry in enumerate(self._entries)])
        self._names = names_of(self._entries, self._trie.steps)
        self._sounds = trie_of(
            [
                (key, at)
                for at, entry in enumerate(self._entries)
                if entry.arabic and not entry.kind & CONTEXT
                for key in sorted(sound_keys(entry))
            ]
        )
        self._spellings = spelling_tables()

    def screen(self, texts: pl.Series) -> NDArray[np.bool_]:
        """Return which texts (a String series; null names nobody) may name an entity.

        Every text in which `link` finds something is among them; a few others are, in which an ambiguous name
        stands beside a context word of another.
        """
        from tarazu.text.packed import packed

        data, start = packed(texts.fill_null(""))
        out = np.zeros(len(texts), bool)

        def block(low: int) -> None:
            found, _ = self._found(data, start[low : low + BLOCK + 1])
            out[low : low + BLOCK] = self._hit(found, min(BLOCK, len(texts) - low))

        lows = range(0, len(texts), BLOCK)
        if len(lows) < 2:
            for low in lows:
                block(low)
            return out
        with ThreadPoolExecutor(min(len(lows), os.cpu_count() or 1)) as pool:
            list(pool.map(block, lows))
        return out

    def link(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions of a text in its order. Any string is allowed, of any length."""
        from tarazu.policy.mentions.choose import WRITTEN, Possible, chosen
        from tarazu.policy.mentions.plausible import AMBIGUOUS, CASED

        data = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        found, folded = self._found(data, np.array([0, data.size], dtype=np.int64))
        possible = []
        shouted: bool | None = None
        for _, first, last, at, written in found.tolist():
            entry = self._entries[at]
            if entry.kind & AMBIGUOUS and entry.kind & CASED:
                shouted = _shouted(folded) if shouted is None else shouted
                if shouted:
                    continue
            possible.append(Possible(int(folded.offset[first]), int(folded.end[last - 1]), entry, written))
        return tuple(
            self._mention(text, one.start, one.end, one.entry.entity, one.entry.alias, WRITTEN[one.written])
            for one in chosen(possible, self._context, len(text))
        )

    def _mention(self, text: str, start: int, end: int, entity: int, alias: int, written: str) -> Mention:
        name = self._aliases[entity][alias]
        return Mention(
            entity_id=self._entities[entity].id,
            start=start,
            end=end,
            text=text[start:end],
            alias=name.text,
            slogan=name.slogan,
            written=written,
        )

    def _found(self, data: NDArray[np.uint8], start: NDArray[np.int64]) -> tuple[NDArray[np.int64], Folded]:
        """Return rows (text, first letter, after the last, entry, written), and the folded texts."""
        from tarazu.policy.mentions.plausible import plausible
        from tarazu.policy.mentions.sounding import sounding
        from tarazu.policy.mentions.walk import walk
        from tarazu.text.folding import fold

        folded = fold(data, start)
        letters = (folded.start, folded.letter, folded.look, folded.gap, folded.wide, folded.flag)
        trie, names, sounds = self._trie, self._names, self._sounds
        room = 256 + 2 * start.size
        while True:
            candidates, masks = np.empty((room, 5), np.int64), np.empty(room, np.uint64)
            count = walk(
                *letters, trie.steps, trie.roots, trie.keys, trie.values, trie.heads, candidates, masks
            )
            if count <= room:
                break
            room = count

        def named(out: NDArray[np.int64]) -> int:
            return int(
                plausible(
                    *letters,
                    trie.steps,
                    trie.heads,
                    trie.nexts,
                    trie.owners,
                    *names,
                    candidates,
                    masks,
                    count,
                    out,
                )
            )

        def sounded(out: NDArray[np.int64]) -> int:
            texts = (folded.start, folded.letter, folded.gap, folded.wide, folded.flag)
            return int(sounding(*texts, *sounds, names.start, names.letter, names.gap, *self._spellings, out))

        return np.concatenate([_filled(named, 64), _filled(sounded, 64)]), folded

    def _hit(self, found: NDArray[np.int64], texts: int) -> NDArray[np.bool_]:
        from tarazu.policy.mentions.plausible import AMBIGUOUS, CONTEXT

        kind = self._names.flag[found[:, 3]]
        context, doubtful, hit = np.zeros(texts, bool), np.zeros(texts, bool), np.zeros(texts, bool)
        context[found[kind & CONTEXT != 0, 0]] = True
        doubtful[found[kind & AMBIGUOUS != 0, 0]] = True
        hit[found[kind & (CONTEXT | AMBIGUOUS) == 0, 0]] = True
        return hit | (doubtful & context)


def _filled(fill: Any, room: int) -> NDArray[np.int64]:
    """Call `fill` with rows until they suffice; it returns how many it has."""
    out = np.empty((room, 5), np.int64)
    while (count := fill(out)) > out.shape[0]:
        out = np.empty((count, 5), np.int64)
    return out[:count]


def _shouted(folded: Folded) -> bool:
    """Whether most Latin letters of the text are capitals."""
    latin = (folded.letter >= 97) & (folded.letter <= 122)
    return int(latin.sum()) >= 12 and float((folded.flag[latin] & 1).mean()) > MOSTLY
