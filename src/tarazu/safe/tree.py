"""YAML and JSON that people write, as a tree in which every value knows its file, line and column.

The type of a value is decided by who asks for it, not by how it looks: `NO`, `1267` and `on` are texts where a
text is wanted, so that no country, programme or name turns into a switch or a number. Refused, with place:
duplicate keys, keys that are no text, anchors and aliases (they can multiply a file), tags (they can name code),
several documents in one file, more than 32 levels, 64 MiB or 2 million values.

    faults = Faults()
    top = read(path, faults).map(known=("id", "text", "from"), required=("id",))
    top.text("id"), top.day("from"), [one.text() for one in top.items("names")]
    faults.stop()  # raises NotValid with every fault found on the way

A value that cannot be read as asked is noted in `faults` and answered with an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tarazu.errors import NotReadable
from tarazu.safe.faults import Faults, Place, did_you_mean

LARGEST = 64 * 2**20  # bytes of one file

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True, kw_only=True, eq=False)
class Node:
    """One value of a file, and where it stands."""

    place: Place
    faults: Faults

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.place.line

    @property
    def column(self) -> int:
        """Column of the first character, from 1, in code points."""
        return self.place.column

    @property
    def is_null(self) -> bool:
        """Whether nothing is written here, or `null`."""
        return False

    def fault(self, wrong: str, advice: str) -> None:
        """Note a fault at this place."""
        self.faults.add(self.place, wrong, advice)

    def map(self, *, known: Collection[str] | None = None, required: Collection[str] = ()) -> Map:
        """Read as a mapping; keys outside `known` and missing `required` keys are faults."""
        self.fault(f"{self.said()} where 'key: value' pairs are needed", "write one pair a line")
        return Map(place=self.place, faults=self.faults)

    def items(self) -> tuple[Node, ...]:
        """Read as a list; nothing written is an empty list."""
        if not self.is_null:
            self.fault(f"{self.said()} where a list is needed", "write '- ' before each item, or [one, two]")
        return ()

    def text(self) -> str | None:
        """Read as a text that is not empty, without the white space around it; None after a fault."""
        self.fault(f"{self.said()} where a text is needed", "write one text, in quotes if it has ': ' or '#'")
        return None

    def texts(self) -> tuple[str, ...]:
        """Read as a list of texts; a single text is a list of one."""
        found = (one.text() for one in self.items())
        return tuple(text for text in found if text is not None)

    def day(self) -> date | None:
        """Read as a date, YYYY-MM-DD."""
        self.fault(f"{self.said()} where a date is needed", "write it as YYYY-MM-DD, for example 2001-10-06")
        return None

    def number(self, *, least: float | None = None, most: float | None = None) -> float | None:
        """Read as a finite number within the limits, both included."""
        self.fault(f"{self.said()} where a number is needed", "write it with digits, for example 0.8")
        return None

    def flag(self) -> bool | None:
        """Read as `true` or `false`."""
        self.fault(f"{self.said()} where a yes or no is needed", "write true or false")
        return None

    def choice(self, known: Collection[str]) -> str | None:
        """Read as one of the known words."""
        word = self.text()
        if word is None or word in known:
            return word
        self.fault(f"{word!r} is not known here", did_you_mean(word, known))
        return None

    def said(self) -> str:
        """How a fault names what is written here."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True, eq=False)
class Scalar(Node):
    """A single value; its type is what the reader asks for."""

    written: str  # without quotes, escapes resolved
    plain: bool  # not in quotes

    @property
    def is_null(self) -> bool:
        """Whether nothing is written here, or `null`."""
        return self.plain and self.written in _NULL

    def text(self) -> str | None:
        """Read as a text that is not empty, without the white space around it; None after a fault."""
        words = self.written.strip()
        if self.is_null or not words:
            return super().text()
        return words

    def texts(self) -> tuple[str, ...]:
        """Read as a list of texts; a single text is a list of one."""
        words = None if self.is_null else self.text()
        return () if words is None else (words,)

    def day(self) -> date | None:
        """Read as a date, YYYY-MM-DD."""
        if re.fullmatch(r"\d{4}-\d\d-\d\d", self.written.strip(), re.ASCII):
            try:
                return date.fromisoformat(self.written.strip())
            except ValueError:
                self.fault(f"there is no day {self.written.strip()}", "correct the month or the day")
                return None
        return super().day()

    def number(self, *, least: float | None = None, most: float | None = None) -> float | None:
        """Read as a finite number within the limits, both included."""
        if not self.plain or not _NUMBER.fullmatch(self.written) or len(self.written) > 30:
            return super().number()
        value = float(self.written)
        if (least is not None and value < least) or (most is not None and value > most) or abs(value) > 1e300:
            limits = [f"at least {least:g}"] if least is not None else []
            limits += [f"at most {most:g}"] if most is not None else []
            self.fault(
                f"{self.written} is out of range", f"write a number of {' and '.join(limits or ['less'])}"
            )
            return None
        return value

    def flag(self) -> bool | None:
        """Read as `true` or `false`."""
        known = {"true": True, "True": True, "false": False, "False": False}
        if self.plain and self.written in known:
            return known[self.written]
        return super().flag()

    def said(self) -> str:
        """How a fault names what is written here."""
        if self.is_null or not self.written.strip():
            return "there is nothing"
        words = " ".join(self.written.split())
        return repr(words if len(words) <= 40 else words[:37] + "...")


@dataclass(frozen=True, kw_only=True, eq=False)
class Seq(Node):
    """A list."""

    nodes: tuple[Node, ...] = ()

    def items(self) -> tuple[Node, ...]:
        """The values, in the order of the file."""
        return self.nodes

    def said(self) -> str:
        """How a fault names what is written here."""
        return "there is a list"


@dataclass(frozen=True, kw_only=True, eq=False)
class Map(Node):
    """A mapping of texts to values, in the order of the file; absent keys read as nothing, without a fault."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    key_places: Mapping[str, Place] = field(default_factory=dict)  # where each key stands

    def map(self, *, known: Collection[str] | None = None, required: Collection[str] = ()) -> Map:
        """Give this mapping; keys outside `known` and missing `required` keys are faults."""
        if known is not None:
            for key in self.nodes:
                if key not in known:
                    self.faults.add(
                        self.key_places[key], f"the key {key!r} is not known", did_you_mean(key, known)
                    )
        for key in required:
            if key not in self:
                self.fault(f"{key!r} is missing", f"add '{key}: ...' here")
        return self

    def __contains__(self, key: str) -> bool:
        return key in self.nodes and not self.nodes[key].is_null

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return iter(self.nodes.items())

    def get(self, key: str) -> Node | None:
        """The value of a key; None when it is absent or null."""
        return self.nodes[key] if key in self else None

    def said(self) -> str:
        """How a fault names what is written here."""
        return "there are 'key: value' pairs"


def read(path: Path | str, faults: Faults, *, largest: int = LARGEST) -> Node:
    """Read a file: JSON when its name ends in .json, else YAML (of which JSON is a part).

    Raises NotReadable when there is no such file or it is no UTF-8 text, NotValid when it is no YAML or JSON.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(largest + 1)
    except OSError as error:
        raise NotReadable(
            f"{path}: {error.strerror or error}. Give the path of a YAML or JSON file."
        ) from error
    if len(raw) > largest:
        raise NotReadable(f"{path}: larger than {largest // 2**20} MiB. Split it into several files.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise NotReadable(f"{path}:{line}: this is no UTF-8 text. Save the file as UTF-8.") from error
    return parse(text, str(path), faults, json=path.suffix.lower() == ".json")


def parse(text: str, name: str, faults: Faults, *, json: bool = False) -> Node:
    """Read a text already in memory; `name` stands for the file in faults. Raises NotValid as `read` does."""
    from tarazu.safe import grammar

    return grammar.of_json(text, name, faults) if json else grammar.of_yaml(text, name, faults)
