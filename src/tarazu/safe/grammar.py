"""From the letters of a YAML or JSON file to its tree, event by event, so that limits hold before memory is used."""

from __future__ import annotations

import re
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]  # not in the stubs, stable since 2.6
from typing import Any

from tarazu.safe.faults import Faults, Place
from tarazu.safe.tree import Map, Node, Scalar, Seq

DEEPEST = 32  # levels
MOST = 2_000_000  # values in one file

# What YAML forbids outright; libyaml would name a byte, not a line.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_JSON_SPACE = re.compile(r"[ \t\n\r]*")
_JSON_WORD = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null", re.ASCII)


class _Open:
    """A list or mapping that is not closed yet."""

    def __init__(self, place: Place, mapping: bool) -> None:
        self.place = place
        self.mapping = mapping
        self.items: list[Node] = []
        self.nodes: dict[str, Node] = {}
        self.keys: dict[str, Place] = {}
        self.key: str | None = None  # read, its value not yet


class Builder:
    """Takes the events of a file and gives its tree; what breaks the rules of `safe.tree` is a fault."""

    def __init__(self, name: str, faults: Faults) -> None:
        self.name, self.faults = name, faults
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.count = 0

    def refuse(self, place: Place, wrong: str, advice: str) -> None:
        """End here: what follows cannot be understood."""
        self.faults.add(place, wrong, advice)
        self.faults.stop()

    def open(self, place: Place, *, mapping: bool) -> None:
        """A list or mapping begins."""
        if len(self.stack) >= DEEPEST:
            self.refuse(place, f"more than {DEEPEST} levels", "write it flatter")
        top = self.stack[-1] if self.stack else None
        if top is not None and top.mapping and top.key is None:
            self.refuse(place, "a key that is a list or a mapping", "use a text as the key")
        self._counted(place)
        self.stack.append(_Open(place, mapping))

    def close(self) -> None:
        """The innermost list or mapping ends."""
        done = self.stack.pop()
        node: Node
        if done.mapping:
            node = Map(place=done.place, faults=self.faults, nodes=done.nodes, key_places=done.keys)
        else:
            node = Seq(place=done.place, faults=self.faults, nodes=tuple(done.items))
        self._put(node)

    def scalar(self, place: Place, written: str, *, plain: bool) -> None:
        """A single value, or a key."""
        self._counted(place)
        strange = _UNPRINTABLE.search(written)
        if strange is not None:  # written as an escape, or half a character
            self.refuse(place, f"the text holds U+{ord(strange[0]):04X}, which is no character", "delete it")
        node = Scalar(place=place, faults=self.faults, written=written, plain=plain)
        top = self.stack[-1] if self.stack else None
        if top is None or not top.mapping or top.key is not None:
            self._put(node)
            return
        if node.is_null:
            self.faults.add(place, "an empty key", "name it, in quotes if its name is null")
        elif written in top.nodes:
            first = top.keys[written]
            self.faults.add(
                place, f"the key {written!r} is already in line {first.line}", "merge the two, or rename one"
            )
        top.key = written
        top.keys.setdefault(written, place)

    def _put(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if top.mapping:
            assert top.key is not None
            top.nodes.setdefault(top.key, node)
            top.key = None
        else:
            top.items.append(node)

    def _counted(self, place: Place) -> None:
        self.count += 1
        if self.count > MOST:
            self.refuse(place, f"more than {MOST:,} values", "split the file into several")

    def tree(self) -> Node:
        """The whole tree; an empty file is one empty value."""
        if self.root is None:
            start = Place(self.name, 1, 1)
            return Scalar(place=start, faults=self.faults, written="", plain=True)
        return self.root


class _Lines:
    """Places of offsets in a text."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]

    def at(self, offset: int) -> Place:
        line = bisect_right(self.starts, offset)
        return Place(self.name, line, offset - self.starts[line - 1] + 1)


def of_yaml(text: str, name: str, faults: Faults) -> Node:
    """The tree of a YAML text."""
    import yaml

    builder, documents = Builder(name, faults), 0
    strange = _UNPRINTABLE.search(text)
    if strange is not None:
        place = _Lines(name, text).at(strange.start())
        builder.refuse(place, f"an invisible control character (U+{ord(strange[0]):04X})", "delete it")
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            place = _marked(name, event.start_mark)
            match event:
                case yaml.AliasEvent():
                    builder.refuse(place, f"an alias (*{event.anchor})", "write the value out")
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        builder.refuse(place, "a second document", "keep one in a file")
                case yaml.NodeEvent() if event.anchor is not None:
                    builder.refuse(
                        place, f"an anchor (&{event.anchor})", "remove it, or put the value in quotes"
                    )
                case yaml.ScalarEvent(tag=str() as tag) | yaml.CollectionStartEvent(tag=str() as tag):
                    builder.refuse(place, f"a tag ({tag})", "remove it, or put the value in quotes")
                case yaml.ScalarEvent():
                    builder.scalar(place, event.value, plain=not event.style)
                case yaml.CollectionStartEvent():
                    builder.open(place, mapping=isinstance(event, yaml.MappingStartEvent))
                case yaml.CollectionEndEvent():
                    builder.close()
    except yaml.MarkedYAMLError as error:
        place = _marked(name, error.problem_mark or error.context_mark)
        builder.refuse(
            place, f"this is no YAML: {error.problem or error.context}", _advice(error.problem or "")
        )
    return builder.tree()


def _marked(name: str, mark: Any) -> Place:
    return Place(name, mark.line + 1, mark.column + 1) if mark is not None else Place(name, 1, 1)


def _advice(problem: str) -> str:
    if "cannot start any token" in problem:
        return "put a text that begins with %, @, ` or a tab in quotes, and indent with spaces"
    return "check indentation, quotes and ': ' around this line"


def of_json(text: str, name: str, faults: Faults) -> Node:
    """The tree of a JSON text: strictly JSON, so that any other reader understands the file as well."""
    builder, lines, at = Builder(name, faults), _Lines(name, text), 0
    expect = "value"  # value | first (value or end of list) | key | first key | colon | next

    def wrong(what: str, advice: str = "check commas, quotes and brackets around this line") -> None:
        builder.refuse(lines.at(at), f"this is no JSON: {what}", advice)

    while True:
        found = _JSON_SPACE.match(text, at)
        at = found.end() if found else at
        if at == len(text):
            break
        letter, place = text[at], lines.at(at)
        inside = builder.stack[-1] if builder.stack else None
        if inside and letter == ("}" if inside.mapping else "]") and expect in ("next", "first", "first key"):
            builder.close()
            at, expect = at + 1, "next"
        elif expect == "next":
            if letter != "," or inside is None:
                wrong(f"{letter!r} where a comma or an end is needed")
            at, expect = at + 1, "key" if inside and inside.mapping else "value"
        elif expect == "colon":
            if letter != ":":
                wrong(f"{letter!r} where a colon is needed")
            at, expect = at + 1, "value"
        elif letter == '"':
            try:
                written, at = scanstring(text, at + 1, True)
            except ValueError as error:
                at = getattr(error, "pos", at)
                wrong(
                    str(getattr(error, "msg", error)).lower(),
                    "close the quotes and escape control characters",
                )
            builder.scalar(place, written, plain=False)
            expect = "colon" if expect in ("key", "first key") else "next"
        elif expect in ("key", "first key"):
            wrong(f"{letter!r} where a key is needed", "write the key in double quotes")
        elif letter in "[{":
            builder.open(place, mapping=letter == "{")
            at, expect = at + 1, "first key" if letter == "{" else "first"
        else:
            word = _JSON_WORD.match(text, at)
            if word is None:
                wrong(f"{letter!r} where a value is needed")
            else:
                builder.scalar(place, word[0], plain=True)
                at, expect = word.end(), "next"
    if builder.stack or (expect not in ("next",) and text.strip()):
        wrong("the file ends too early", "close every bracket")
    return builder.tree()
