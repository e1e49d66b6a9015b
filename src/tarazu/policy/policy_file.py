"""Reading a policy: YAML or JSON, checked to the last key, every fault with its line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from tarazu.policy.clause import Automation, Certainty, Clause, Example, Policy
from tarazu.policy.pattern import PatternRule
from tarazu.safe import tree
from tarazu.safe.faults import Faults
from tarazu.safe.pattern import compile_pattern
from tarazu.safe.tree import Map, Node, Scalar
from tarazu.verdicts import Outcome, Purpose, Severity, Stance

Known = TypeVar("Known", bound=StrEnum)

TOP = (
    "policy",
    "version",
    "title",
    "jurisdictions",
    "certainty",
    "clauses",
    "patterns",
    "automation",
    "examples",
)
CLAUSE = (
    "id",
    "text",
    "covers",
    "stances",
    "stays_up",
    "partisan",
    "pictures",
    "severity",
    "dsa_category",
    "dsa_keyword",
)
COVERS = ("kinds", "authorities", "jurisdictions")
AUTOMATION = ("allowed", "precision", "least")
PATTERN = ("id", "pattern", "outcome", "because")
EXAMPLE = ("text", "verdict", "lang", "kind", "listed", "pictured", "drawn")
IGNORED = "ignored"  # a clause for which pictures do not count


def read_policy(path: Path | str) -> Policy:
    """Read a policy file.

    Raises NotReadable when there is no such file, NotValid with every fault, its line and column otherwise.
    """
    path = Path(path)
    faults = Faults()
    root = tree.read(path, faults)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    policy = of_tree(root, digest)
    faults.stop()
    return policy


def parse_policy(text: str, name: str = "policy") -> Policy:
    """Read a policy from memory; `name` stands for the file in faults."""
    faults = Faults()
    policy = of_tree(tree.parse(text, name, faults), hashlib.sha256(text.encode()).hexdigest())
    faults.stop()
    return policy


def of_tree(root: Node, digest: str) -> Policy:
    """Return the policy of a tree; faults are noted in the tree's own collector."""
    top = root.map(known=TOP, required=("policy", "clauses"))
    clauses = tuple(clause(node) for node in listed(top, "clauses"))
    if "clauses" in top and not clauses:
        top.fault("a policy without a clause", "add at least one under 'clauses:'")
    once(top, "clauses", [c.id for c in clauses])
    patterns = tuple(rule for node in listed(top, "patterns") if (rule := pattern(node)) is not None)
    once(top, "patterns", [rule.id for rule in patterns])
    return Policy(
        id=text(top, "policy") or "?",
        version=text(top, "version") or digest[:12],
        digest=digest,
        clauses=clauses,
        title=languages(top.get("title")),
        jurisdictions=texts(top, "jurisdictions"),
        certainty=certainty(top.get("certainty")),
        patterns=patterns,
        automation=automation(top.get("automation"), [c.id for c in clauses]),
        examples=tuple(example(node) for node in listed(top, "examples")),
    )


def clause(node: Node) -> Clause:
    """Return one clause."""
    entry = node.map(known=CLAUSE, required=("id", "text"))
    covers = entry.get("covers")
    whom = covers.map(known=COVERS) if covers is not None else Map(place=entry.place, faults=entry.faults)
    written = languages(entry.get("text"))
    if "text" in entry and not written:
        entry.fault("the clause has no words", "write the rule under 'text:', for example 'en: ...'")
    return Clause(
        id=text(entry, "id") or "?",
        text=written or {"en": ""},
        kinds=frozenset(texts(whom, "kinds")),
        authorities=frozenset(texts(whom, "authorities")),
        jurisdictions=frozenset(texts(whom, "jurisdictions")),
        stances=frozenset(words(entry, "stances", Stance, (Stance.PRAISE, Stance.SUPPORT))),
        stays_up=frozenset(words(entry, "stays_up", Purpose, set(Purpose) - {Purpose.EXPRESSION})),
        partisan=word(entry, "partisan", Outcome, Outcome.VIOLATES),
        pictures=alone(entry),
        severity=word(entry, "severity", Severity, Severity.HIGH),
        dsa_category=text(entry, "dsa_category"),
        dsa_keyword=text(entry, "dsa_keyword"),
    )


def alone(entry: Map) -> Outcome | None:
    """Return what a known picture without words means; None when pictures do not count."""
    node = entry.get("pictures")
    if node is None:
        return Outcome.REVIEW
    written = node.choice([*(str(outcome) for outcome in Outcome), IGNORED])
    return None if written == IGNORED else Outcome(written) if written in set(Outcome) else Outcome.REVIEW


def certainty(node: Node | None) -> Certainty | None:
    """Return the shares from which a post violates, and up to which it stays."""
    if node is None:
        return None
    entry = node.map(known=("violates", "allowed", "unnamed"), required=("violates", "allowed"))
    above = number(entry, "violates")
    below = number(entry, "allowed")
    unnamed = number(entry, "unnamed")
    if above is None or below is None:
        return None
    if below > above:
        entry.fault(f"'allowed' {below:g} is above 'violates' {above:g}", "make 'allowed' the smaller share")
    if unnamed is None:
        return Certainty(violates=above, allowed=below, unnamed=max(above, Certainty.unnamed))
    if unnamed < above:
        entry.fault(
            f"'unnamed' {unnamed:g} is below 'violates' {above:g}",
            "words that name nobody are less clear than words that do: make it the larger share",
        )
    return Certainty(violates=above, allowed=below, unnamed=unnamed)


def automation(node: Node | None, clauses: Collection[str]) -> Automation | None:
    """Return where rules may act alone; None where they may nowhere."""
    if node is None:
        return None
    entry = node.map(known=AUTOMATION, required=("allowed",))
    allowed = entry.get("allowed")
    nodes = (allowed,) if isinstance(allowed, Scalar) else () if allowed is None else allowed.items()
    names = frozenset(word for one in nodes if (word := one.choice(clauses)) is not None)
    precision, least = entry.get("precision"), entry.get("least")
    reach = precision.number(least=0.5, most=0.9999) if precision is not None else None
    cases = least.number(least=20, most=1e6) if least is not None else None
    if cases is not None and least is not None and cases != int(cases):
        least.fault(f"{cases:g} cases", "write a whole number")
    return Automation(
        allowed=names,
        precision=Automation.precision if reach is None else reach,
        least=Automation.least if cases is None else int(cases),
    )


def pattern(node: Node) -> PatternRule | None:
    """Return one rule by pattern."""
    entry = node.map(known=PATTERN, required=("id", "pattern", "outcome", "because"))
    written = entry.get("pattern")
    outcome = word(entry, "outcome", Outcome, Outcome.REVIEW)
    if outcome == Outcome.VIOLATES:
        entry.fault(
            "a pattern cannot remove a post", "write 'outcome: review' (a person looks) or 'outcome: allowed'"
        )
    source = written.text() if written is not None else None
    if written is None or source is None:
        return None
    compiled = compile_pattern(source, written)
    if compiled is None:
        return None
    return PatternRule(
        id=text(entry, "id") or "?", pattern=compiled, outcome=outcome, because=text(entry, "because") or ""
    )


def example(node: Node) -> Example:
    """Return one example."""
    entry = node.map(known=EXAMPLE, required=("verdict",))
    if not any(key in entry for key in ("text", "pictured", "drawn")):
        entry.fault("an example without words or a picture", "write 'text:', 'pictured: true' or 'drawn:'")
    listed_ = entry.get("listed")
    pictured = entry.get("pictured")
    return Example(
        text=text(entry, "text") or "",
        outcome=word(entry, "verdict", Outcome, Outcome.REVIEW),
        lang=text(entry, "lang") or "und",
        line=node.line,
        kind=text(entry, "kind"),
        listed=True if listed_ is None else listed_.flag() is not False,
        pictured=pictured is not None and pictured.flag() is True,
        drawn=text(entry, "drawn"),
    )


def languages(node: Node | None) -> Mapping[str, str]:
    """Return texts by language; a single text is in English."""
    if node is None:
        return {}
    if not isinstance(node, Map):
        written = node.text()
        return {"en": written} if written else {}
    return {lang: written for lang, value in node if (written := value.text())}


def listed(entry: Map, key: str) -> tuple[Node, ...]:
    """Return the items under a key; nothing when it is absent."""
    node = entry.get(key)
    return node.items() if node is not None else ()


def text(entry: Map, key: str) -> str | None:
    """Return the text under a key, or None."""
    node = entry.get(key)
    return node.text() if node is not None else None


def texts(entry: Map, key: str) -> tuple[str, ...]:
    """Return the texts under a key."""
    node = entry.get(key)
    return node.texts() if node is not None else ()


def number(entry: Map, key: str) -> float | None:
    """Return the share under a key, or None."""
    node = entry.get(key)
    return node.number(least=0, most=1) if node is not None else None


def word(entry: Map, key: str, known: type[Known], absent: Known) -> Known:
    """Return the word under a key as a member of an enumeration."""
    node = entry.get(key)
    written = node.choice([str(member) for member in known]) if node is not None else None
    return known(written) if written in set(known) else absent


def words(entry: Map, key: str, known: type[Known], absent: Collection[Known]) -> tuple[Known, ...]:
    """Return the words under a key as members of an enumeration; an empty list is an empty list."""
    if key not in entry:
        return tuple(absent)
    nodes = entry.get(key)
    items = () if nodes is None else nodes.items() or ((nodes,) if isinstance(nodes, Scalar) else ())
    found = [item.choice([str(member) for member in known]) for item in items]
    return tuple(known(written) for written in found if written in set(known))


def once(entry: Map, key: str, ids: Collection[str]) -> None:
    """Note ids that stand twice."""
    for repeated in sorted({one for one in ids if list(ids).count(one) > 1}):
        entry.fault(f"{repeated!r} stands twice under '{key}:'", "give every one an id of its own")
