"""Choosing among the cards by outcome, language, clause and entity: a form and a style sheet, no script needed.

Every choice is an <option>, every card carries the marks of its choices as classes, and the style hides the cards
without the mark of the option that is checked. Marks are numbered; no text of anybody's becomes part of the style.
"""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tarazu.report import markup
from tarazu.report.verdict_view import OUTCOMES, Line, View, about
from tarazu.report.verdict_words import DOES, language
from tarazu.verdicts import Outcome

MOST = 100  # choices of one kind


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What there is to choose from, by letter of the mark: the value, its label and how many cards have it."""

    of: Mapping[str, Sequence[tuple[str, str, int]]]  # "o" outcome, "l" language, "c" clause, "e" entity
    values: Mapping[str, Mapping[str, int]]  # letter -> value -> number of the mark
    view: View

    def marks(self, line: Line) -> str:
        """The classes of a card."""
        return " ".join(
            f"{letter}{self.values[letter][value]}"
            for letter, value in _values(self.view, line)
            if value in self.values[letter]
        )

    def style(self) -> str:
        """The rules that hide what was not chosen."""
        return "\n".join(
            f".pick:has(.{letter}{n}:checked)~.outcomes .judged:not(.{letter}{n}){{display:none}}"
            for letter, values in self.values.items()
            for n in values.values()
        )

    def form(self) -> str:
        """The form; nothing is sent anywhere."""
        selects = "".join(
            f'<label>{name} <select autocomplete="off"><option>all</option>{self._options(letter)}</select></label>'
            for letter, name in (
                ("o", "Verdict"),
                ("l", "Language"),
                ("c", "Clause"),
                ("e", "Named or shown" if self.view.looked else "Named"),
            )
            if len(self.of[letter]) > 1
        )
        if not selects:
            return ""
        return f'<form class="pick" id="pick" aria-label="Choose among the posts">{selects}<button type="reset">Show all</button><output id="tally"></output></form>'

    def _options(self, letter: str) -> str:
        return "".join(
            f'<option class="{letter}{self.values[letter][value]}">{markup.escape(markup.clip(name, 60))} ({count:,})</option>'
            for value, name, count in self.of[letter]
        )


def _values(view: View, line: Line) -> Iterator[tuple[str, str]]:
    yield "o", line["verdict"]
    yield "l", language(view.post(line).lang)
    for clause_id in line["clauses"]:
        yield "c", clause_id
    for entity_id in about(line):
        yield "e", entity_id


def choices(view: View) -> Choices:
    """Count what the cards offer: outcomes in the order of reading, the rest by how often."""
    counted: dict[str, Counter[str]] = {letter: Counter() for letter in "olce"}
    for line in view.lines:
        for letter, value in _values(view, line):
            counted[letter][value] += 1
    order = {str(outcome): n for n, outcome in enumerate(OUTCOMES)}
    of: dict[str, list[tuple[str, str, int]]] = {}
    for letter, counter in counted.items():
        ranked = sorted(counter.items(), key=lambda item: (order.get(item[0], 9), -item[1], item[0]))
        of[letter] = [(value, _label(view, letter, value), count) for value, count in ranked[:MOST]]
    values = {letter: {value: n for n, (value, _, _) in enumerate(items, 1)} for letter, items in of.items()}
    return Choices(of=of, values=values, view=view)


def _label(view: View, letter: str, value: str) -> str:
    if letter == "o":
        return DOES[Outcome(value)][1]
    return view.name(value) if letter == "e" else value
