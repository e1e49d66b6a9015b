"""A condition over cases, as people write it in JSON: what a rule waits for.

    {"clause": ["praise"], "outcome": ["violates"], "certainty": 0.97, "lang": ["fa", "ar"],
     "unless": {"text": ["\\\\bnews\\\\b"]}}

All keys must hold; of a list one word is enough; a number is the least. `text` holds RE2 patterns, letters of either
case. Nothing is counted that was only reported: see `CaseFacts`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tarazu.cases.case import CaseKind
from tarazu.cases.case_facts import CaseFacts
from tarazu.cases.finding import FindingKind
from tarazu.ledger import canonical
from tarazu.safe import tree
from tarazu.safe.faults import Faults
from tarazu.safe.pattern import Pattern, compile_pattern
from tarazu.safe.tree import Map, Node
from tarazu.verdicts import Outcome, Purpose, Severity, Stance

# Key -> the words it knows; None: any.
WORDS: Mapping[str, type[StrEnum] | None] = {
    "kind": CaseKind,
    "finding": FindingKind,
    "outcome": Outcome,
    "severity": Severity,
    "stance": Stance,
    "purpose": Purpose,
    "clause": None,
    "entity": None,
    "bank": None,
    "lang": None,
    "platform": None,
    "source": None,  # scan, user, anonymous, trusted_flagger, government_order
}
SHARES = ("certainty", "reach")  # 0 to 1
COUNTS = ("reports", "author_strikes")
MOST = 1e9
PATTERNS = 20  # of one condition: each is looked for in the whole text
FOREIGN = frozenset({"reports", "source"})  # says who reported, nothing about the case itself


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition that was read; `holds` decides."""

    words: Mapping[str, frozenset[str]]
    least: Mapping[str, float]
    text: tuple[Pattern, ...] = ()
    unless: Condition | None = None
    written: str = field(default="{}", compare=False)  # canonical JSON, as it is kept

    @property
    def empty(self) -> bool:
        """Whether everything would fit."""
        return not (self.words or self.least or self.text)

    @property
    def says(self) -> frozenset[str]:
        """The keys it is made of."""
        return frozenset(self.words) | frozenset(self.least) | ({"text"} if self.text else set())

    def holds(self, of: CaseFacts) -> bool:
        """Whether a case fits."""
        if any(not (known & of.words.get(key, frozenset())) for key, known in self.words.items()):
            return False
        if any(of.numbers.get(key, 0.0) < least for key, least in self.least.items()):
            return False
        if self.text and not any(pattern.found(of.text) for pattern in self.text):
            return False
        return self.unless is None or not self.unless.holds(of)


def parse_condition(written: str | Mapping[str, Any], name: str = "condition") -> Condition:
    """Read a condition. Raises NotValid with every fault, its line and column, and what to do."""
    text = written if isinstance(written, str) else canonical.dumps(written)
    faults = Faults()
    root = tree.parse(text, name, faults, json=True)
    made = _condition(root, nested=False)
    faults.stop()
    return made


def _condition(node: Node, *, nested: bool) -> Condition:
    known = [*WORDS, *SHARES, *COUNTS, "text", *([] if nested else ["unless"])]
    entry = node.map(known=known)
    words = {key: said for key, kind in WORDS.items() if (said := _words(entry, key, kind)) is not None}
    limits = {**dict.fromkeys(SHARES, 1.0), **dict.fromkeys(COUNTS, MOST)}
    least = {key: least for key, most in limits.items() if (least := _number(entry, key, most)) is not None}
    patterns = _patterns(entry)
    under = entry.get("unless")
    unless = None if under is None or nested else _condition(under, nested=True)
    if not (words or least or patterns):
        node.fault("a condition that fits everything", "say what must hold, for example 'clause'")
    data: dict[str, object] = {key: sorted(found) for key, found in words.items()}
    data |= least
    if patterns:
        data["text"] = [one.text for one in patterns]
    if unless is not None:
        data["unless"] = json.loads(unless.written)
    return Condition(words=words, least=least, text=patterns, unless=unless, written=canonical.dumps(data))


def _words(entry: Map, key: str, kind: type[StrEnum] | None) -> frozenset[str] | None:
    node = entry.get(key)
    if node is None:
        return None
    if kind is None:
        found = frozenset(node.texts())
    else:
        listed = node.items() if isinstance(node, tree.Seq) else (node,)
        options = [str(one) for one in kind]
        found = frozenset(word for one in listed if (word := one.choice(options)) is not None)
    if not found:
        node.fault(f"{key!r} is empty", "name at least one, or leave the key out")
    return found


def _number(entry: Map, key: str, most: float) -> float | None:
    node = entry.get(key)
    return None if node is None else node.number(least=0, most=most)


def _patterns(entry: Map) -> tuple[Pattern, ...]:
    node = entry.get("text")
    if node is None:
        return ()
    listed = node.items() if isinstance(node, tree.Seq) else (node,)
    if len(listed) > PATTERNS:
        node.fault(f"{len(listed)} patterns", f"write at most {PATTERNS}, or join them with |")
    found = []
    for one in listed[:PATTERNS]:
        source = one.text()
        compiled = None if source is None else compile_pattern(source, one)
        if compiled is not None:
            found.append(compiled)
    return tuple(found)
