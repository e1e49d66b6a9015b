"""Reading entity lists: every fault with file, line and column, none guessed away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from tarazu.policy.designations import ambiguity
from tarazu.policy.designations.entity import EVERYWHERE, Alias, Designation, Entity
from tarazu.policy.designations.entity_list import KINDS, EntityList
from tarazu.policy.designations.languages import guess
from tarazu.safe import tree
from tarazu.safe.faults import Faults, Place

_ID = re.compile(r"\S{1,200}")
_KIND = re.compile(r"[a-z][a-z0-9_]*")
_LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_PDQ = re.compile(r"[0-9a-f]{64}")
_KEYS = ("id", "kind", "name", "aliases", "slogans", "emblems", "ambiguous", "context", "designations")


def read_entities(*paths: Path | str) -> EntityList:
    """Read one list from one or several YAML or JSON files.

    Raises NotReadable when a file is missing or no text, and NotValid with every fault of every file, the first 20
    of them shown: broken structure, unknown keys, an id that is used twice, also in two files.
    """
    faults = Faults()
    return _whole((tree.read(path, faults) for path in paths), faults)


def parse_entities(text: str, name: str = "entities", *, json: bool = False) -> EntityList:
    """Read a list from memory; `name` stands for the file in faults. Raises NotValid as `read_entities` does."""
    faults = Faults()
    return _whole([tree.parse(text, name, faults, json=json)], faults)


def _whole(tops: Iterable[tree.Node], faults: Faults) -> EntityList:
    remarks = list[str]()
    drafts: dict[str, tuple[Entity, ambiguity.Named]] = {}
    places: dict[str, Place] = {}
    names, versions = list[str](), list[str]()
    for top in tops:
        if isinstance(top, tree.Map):
            top.map(known=("list", "version", "entities"), required=("entities",))
            names += [name for node in [top.get("list")] if node and (name := node.text())]
            versions += [version for node in [top.get("version")] if node and (version := node.text())]
            items = top.nodes["entities"].items() if "entities" in top else ()
        else:
            items = top.items()
        for node in items:
            draft = _entity(node.map(known=_KEYS, required=("id", "kind", "name")), remarks)
            if draft is None:
                continue
            ident = draft[0].id
            if ident in drafts:
                node.fault(f"the id {ident!r} is already used at {places[ident]}", "give one another id")
                continue
            drafts[ident], places[ident] = draft, node.place
    faults.stop()
    return EntityList(
        entities=ambiguity.marked(list(drafts.values())),
        name="+".join(names) or None,
        version="+".join(versions) or None,
        remarks=tuple(remarks),
    )


def _entity(fields: tree.Map, remarks: list[str]) -> tuple[Entity, ambiguity.Named] | None:
    """One entity, and what is ambiguous of it; None when it has no id, kind or name (a fault is noted)."""
    ident = _matching(fields, "id", _ID, "an id", "use no white space and at most 200 characters")
    kind = _matching(fields, "kind", _KIND, "a kind", "use lower-case letters, digits and _")
    if kind is not None and kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1, cutoff=0.85)
        if near:
            fields.nodes["kind"].fault(f"the kind {kind!r} is not known", f"did you mean {near[0]!r}?")
    node = fields.get("name")
    name = node.text() if node else None
    aliases = [*_by_language(fields.get("aliases")), *_by_language(fields.get("slogans"), slogan=True)]
    if name is not None and not any(one.text == name and not one.slogan for one in aliases):
        aliases.insert(0, Alias(text=name, lang=guess(name)))
    named = ambiguity.named_in(fields)
    emblems = _texts(fields.get("emblems"), _PDQ, "a PDQ hash", "write 64 hexadecimal digits, lower case")
    node = fields.get("designations")
    listings = [_designation(one.map(), remarks) for one in (node.items() if node else ())]
    if ident is None or kind is None or name is None:
        return None
    entity = Entity(
        id=ident,
        kind=kind,
        name=name,
        aliases=tuple(dict.fromkeys(aliases)),
        emblems=emblems,
        designations=tuple(listing for listing in listings if listing is not None),
    )
    return entity, named


def _matching(fields: tree.Map, key: str, shape: re.Pattern[str], what: str, advice: str) -> str | None:
    node = fields.get(key)
    text = node.text() if node else None
    if node is None or text is None or shape.fullmatch(text):
        return text
    node.fault(f"{text!r} is not {what}", advice)
    return None


def _texts(node: tree.Node | None, shape: re.Pattern[str], what: str, advice: str) -> tuple[str, ...]:
    kept = []
    for one in node.items() if isinstance(node, tree.Seq) else [node] if node else []:
        text = one.text()
        if text is not None and not shape.fullmatch(text):
            one.fault(f"{text!r} is not {what}", advice)
        elif text is not None:
            kept.append(text)
    return tuple(kept)


def _by_language(node: tree.Node | None, *, slogan: bool = False) -> list[Alias]:
    """Texts as a list, or as lists under their languages."""
    if not isinstance(node, tree.Map):
        return [Alias(text=text, lang=guess(text), slogan=slogan) for text in (node.texts() if node else ())]
    found = []
    for lang, texts in node:
        if not _LANG.fullmatch(lang):
            place = node.key_places[lang]
            node.faults.add(place, f"{lang!r} is no language tag", "use one such as en, fa, ar or und")
        found += [Alias(text=text, lang=lang, slogan=slogan) for text in texts.texts()]
    return found


def _designation(fields: tree.Map, remarks: list[str]) -> Designation | None:
    fields.map(known=("authority", "programme", "from", "to", "jurisdictions"), required=("authority",))
    authority, programme, start, end = (fields.get(key) for key in ("authority", "programme", "from", "to"))
    by = authority.text() if authority else None
    days = [node.day() if node else None for node in (start, end)]
    where = fields.nodes.get("jurisdictions")
    if where is None or where.is_null:
        remarks.append(
            f"{fields.place}: no jurisdictions are written, so it counts everywhere; write them, or ['*']"
        )
        places: tuple[str, ...] = (EVERYWHERE,)
    else:
        shape = re.compile(rf"{re.escape(EVERYWHERE)}|{_PLACE.pattern}")
        places = _texts(
            where, shape, "a jurisdiction", "write an ISO 3166 code such as IR or GB, EU, or '*' for all"
        )
    if by is None:
        return None
    return Designation(
        authority=by,
        programme=programme.text() if programme else None,
        start=days[0],
        end=days[1],
        jurisdictions=places,
    )
