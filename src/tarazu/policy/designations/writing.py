"""Writing entity lists: YAML, in an order that does not change, so that two versions can be compared by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tarazu.errors import OutputError
from tarazu.policy.designations.entity import Alias, Entity
from tarazu.policy.designations.entity_list import EntityList


def write_entities(entities: EntityList, path: Path | str) -> None:
    """Write a list; `read_entities` gives back what was written. Raises OutputError when it cannot be written."""
    path = Path(path)
    try:
        path.write_text(as_yaml(entities), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"Cannot write {path}: {error.strerror or error}. Choose another place with --out."
        ) from error


def as_yaml(entities: EntityList) -> str:
    """The list as a YAML text."""
    import yaml

    head = {"list": entities.name, "version": entities.version}
    written = {key: value for key, value in head.items() if value is not None}
    written["entities"] = [_entity(entity) for entity in entities.entities]  # type: ignore[assignment]
    return yaml.dump(written, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=110)


def _entity(entity: Entity) -> dict[str, Any]:
    written: dict[str, Any] = {"id": entity.id, "kind": entity.kind, "name": entity.name}
    written["aliases"] = _by_language([one for one in entity.aliases if not one.slogan])
    written["slogans"] = _by_language([one for one in entity.aliases if one.slogan])
    written["emblems"] = list(entity.emblems)
    marked = {one.text: one.context for one in entity.aliases if one.ambiguous}
    if len(set(marked.values())) > 1:  # each has context words of its own
        written["ambiguous"] = [{"alias": text, "context": list(words)} for text, words in marked.items()]
    elif marked:
        written["ambiguous"] = list(marked)
        written["context"] = list(next(iter(marked.values())))
    written["designations"] = [
        {
            "authority": listing.authority,
            **({"programme": listing.programme} if listing.programme else {}),
            **({"from": listing.start} if listing.start else {}),
            **({"to": listing.end} if listing.end else {}),
            "jurisdictions": list(listing.jurisdictions),
        }
        for listing in entity.designations
    ]
    return {key: value for key, value in written.items() if value not in ([], {}, None)}


def _by_language(aliases: list[Alias]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in aliases:
        found.setdefault(one.lang, []).append(one.text)
    return found
