"""A rule as people fill it in: fields for what must hold, instead of JSON; and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from tarazu.cases.condition import COUNTS, SHARES, WORDS, parse_condition
from tarazu.cases.decision import Action
from tarazu.cases.rule import ACTIONS, Rule, RuleDraft
from tarazu.errors import NotValid
from tarazu.server.queue_page import LANGUAGES, SOURCES

PARTS = ("", "unless_")  # what must hold, and what must not
LISTED = ("clause", "lang", "source")  # any word is allowed; these are shown
WRITTEN = ("entity", "bank", "platform")  # typed in, parted by commas
LONGEST = 20_000  # characters of a field
# Key -> before the words of its values in the catalogues.
SAID = {
    "kind": "queue.kind_",
    "finding": "case.finding_",
    "outcome": "case.outcome_",
    "severity": "queue.severity_",
    "stance": "decide.stance_",
    "purpose": "decide.purpose_",
    "source": "queue.source_",
    "lang": "common.lang_",
    "clause": "",
}


def choices(clauses: Sequence[str]) -> dict[str, list[str]]:
    """Key -> values that can be ticked, as the form shows them."""
    found = {key: [str(one) for one in kind] for key, kind in WORDS.items() if kind is not None}
    return found | {"clause": list(clauses), "source": list(SOURCES), "lang": list(LANGUAGES)}


@dataclass(frozen=True, kw_only=True)
class RuleForm:
    """What somebody filled in."""

    name: str = ""
    action: str = ""
    clause: str = ""
    reason: str = ""
    quota: str = "100"
    ticked: Mapping[str, Sequence[str]] = field(default_factory=dict)  # with `unless_` before
    written: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: FormData) -> RuleForm:
        """As it was sent."""

        def one(name: str) -> str:
            value = given.get(name, "")
            return value[:LONGEST] if isinstance(value, str) else ""

        ticked = {
            part + key: [str(value)[:200] for value in given.getlist(part + key)]
            for part in PARTS
            for key in SAID
        }
        typed = {
            part + key: one(part + key) for part in PARTS for key in (*WRITTEN, *SHARES, *COUNTS, "text")
        }
        return cls(
            name=one("name"),
            action=one("action"),
            clause=one("under"),
            reason=one("reason"),
            quota=one("quota"),
            ticked=ticked,
            written=typed,
        )

    @classmethod
    def of_rule(cls, rule: Rule) -> RuleForm:
        """A rule, to be edited."""
        made = cls.of_condition(json.loads(rule.condition.written))
        return cls(
            name=rule.name,
            action=str(rule.action),
            clause=rule.clause_id,
            reason=rule.reason,
            quota=str(rule.daily_quota),
            ticked=made.ticked,
            written=made.written,
        )

    @classmethod
    def of_condition(cls, condition: Mapping[str, Any]) -> RuleForm:
        """A condition, filled in."""
        ticked: dict[str, Sequence[str]] = {}
        typed: dict[str, str] = {}
        for part, entry in (("", condition), ("unless_", condition.get("unless") or {})):
            for key, value in entry.items():
                if key in SAID:
                    ticked[part + key] = value
                elif key in WRITTEN:
                    typed[part + key] = ", ".join(value)
                elif key == "text":
                    typed[part + key] = "\n".join(value)
                elif key in SHARES:
                    typed[part + key] = f"{100 * value:g}"
                elif key in COUNTS:
                    typed[part + key] = f"{value:g}"
        return cls(ticked=ticked, written=typed)

    def faults(self) -> dict[str, list[tuple[int, str]]]:
        """Field -> line and what is wrong there, of numbers and patterns."""
        found: dict[str, list[tuple[int, str]]] = {}
        for part in PARTS:
            for number, pattern in enumerate(_lines(self.written.get(part + "text", "")), 1):
                try:
                    parse_condition({"text": [pattern]}, "pattern")
                except NotValid as wrong:
                    said = str(wrong).splitlines()[0]
                    found.setdefault(part + "text", []).append((number, said.split(": ", 1)[-1]))
            for key in (*SHARES, *COUNTS):
                if (text := self.written.get(part + key, "").strip()) and _number(text) is None:
                    found[part + key] = [(1, "")]
        if self.action not in ACTIONS:
            found["action"] = [(1, "")]
        if not (self.quota.isascii() and self.quota.isdigit() and len(self.quota) < 8):
            found["quota"] = [(1, "")]
        return found

    @property
    def condition(self) -> dict[str, Any]:
        """What must hold, as it is kept."""
        made = self._part("")
        if unless := self._part("unless_"):
            made["unless"] = unless
        return made

    @property
    def excepts(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self._part("unless_"))

    def draft(self) -> RuleDraft:
        """For the rules to keep; `faults` has to be empty."""
        return RuleDraft(
            name=self.name,
            condition=self.condition,
            action=Action(self.action),
            clause_id=self.clause,
            reason=self.reason,
            daily_quota=int(self.quota),
        )

    def _part(self, part: str) -> dict[str, Any]:
        made: dict[str, Any] = {key: list(value) for key in SAID if (value := self.ticked.get(part + key))}
        for key in WRITTEN:
            words = [word.strip() for word in self.written.get(part + key, "").split(",")]
            if words := [word for word in words if word]:
                made[key] = words
        for key in (*SHARES, *COUNTS):
            if (least := _number(self.written.get(part + key, ""))) is not None:
                made[key] = least / 100 if key in SHARES else least
        if patterns := _lines(self.written.get(part + "text", "")):
            made["text"] = patterns
        return made


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1e9 else None
