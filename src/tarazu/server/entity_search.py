"""Looking an entity up by any of its names, however it is spelled in three scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tarazu.policy.designations import EntityList
    from tarazu.policy.designations.entity import Entity


class EntitySearch:
    """The names of one list, folded once: case, marks, digits and letters that are written in several ways are one."""

    def __init__(self, listed: EntityList) -> None:
        self.listed = listed
        spelled = [
            (number, one.text) for number, entity in enumerate(listed.entities) for one in entity.aliases
        ]
        spelled += [(number, entity.name) for number, entity in enumerate(listed.entities)]
        self._names = list(
            zip((number for number, _ in spelled), _folded([text for _, text in spelled]), strict=True)
        )

    def find(self, words: str) -> list[Entity]:
        """Those with a name that holds these words, or with this id; all of them for no words."""
        if not words.strip():
            return list(self.listed.entities)
        (wanted,) = _folded([words[:200]])
        found = {number for number, name in self._names if wanted and wanted in name}
        exact = self.listed.by_id.get(words.strip())
        rest = [self.listed.entities[number] for number in sorted(found)]
        return rest if exact is None else [exact, *(one for one in rest if one.id != exact.id)]


def _folded(texts: list[str]) -> list[str]:
    import polars as pl

    from tarazu.text.normalise import folded

    made = folded(pl.Series(texts, dtype=pl.String)).to_list()
    return [(one or "").replace(" ", "") for one in made]
