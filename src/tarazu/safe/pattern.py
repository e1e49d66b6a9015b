"""Patterns that people type: RE2, whose time grows with the text and never explodes.

RE2 has neither backreferences nor look-around; both need time without bound. What it has still takes time in
proportion to how many places of the pattern a text can be at, at once. Those are signs that fit many letters
(`.`, `[a-z]`, `\\w`) and whatever stands under a counted repetition, written out; so they are limited too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tarazu.safe.tree import Node

LONGEST = 500  # characters of a pattern
WIDEST = 100  # signs that fit many letters or are repeated by number, written out
MEMORY = 2 * 2**20  # bytes for the compiled pattern and the states it meets
MOST = 100  # places of one pattern in one text: each search may read the text to its end

_EXPLAINED = (
    (
        re.compile(r"\(\?<?[=!]"),
        "looking ahead or behind, (?= (?! (?<= (?<!",
        "write what may stand there instead",
    ),
    (re.compile(r"\\[1-9]|\(\?P="), r"a backreference, \1 or (?P=name)", "write the repeated part out"),
    (
        re.compile(r"\(\?>|[*+?}]\+"),
        "a possessive or atomic group",
        "drop it: nothing is tried twice here anyway",
    ),
    (re.compile(r"\(\?\("), "a conditional group", "write the cases as (one|other)"),
    (re.compile(r"\\Z"), r"\Z", r"write \z for the end of the text"),
)


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern."""

    text: str
    _compiled: Any = field(repr=False, compare=False)

    def found(self, text: str) -> bool:
        """Whether the pattern is anywhere in the text."""
        return self._compiled.search(text) is not None

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where it is: code points of the text, end excluded, the first `MOST` places; empty ones left out."""
        from itertools import islice

        return tuple(
            one.span() for one in islice(self._compiled.finditer(text), MOST) if one.end() > one.start()
        )


def compile_pattern(text: str, node: Node, *, ignore_case: bool = True) -> Pattern | None:
    """Compile a typed-in pattern; None, and a fault at the node, when it cannot be used."""
    import re2

    if any("\ud800" <= letter <= "\udfff" for letter in text):
        node.fault("half a character (a lone surrogate)", "write the whole character")
        return None
    if len(text) > LONGEST:
        node.fault(f"a pattern of {len(text)} characters", f"write at most {LONGEST}, or several patterns")
        return None
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    options.never_capture = True  # groups are for grouping; keeping them would cost a second pass
    options.case_sensitive = not ignore_case
    try:
        # Not through the module's cache: that keeps 128 patterns for ever.
        compiled = re2._Regexp(text, options)
    except re2.error as error:
        node.fault(*_explained(text, error))
        return None
    if _width(text) > WIDEST:
        node.fault(
            f"more than {WIDEST} signs that fit many letters, once repetitions like {{20}} are written out",
            "use smaller numbers in {...}, or * and +",
        )
        return None
    return Pattern(text, compiled)


_ATOM = re.compile(
    r"(?P<open>\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?)|(?P<close>\))|(?P<counted>\{(\d+)(,?)(\d*)\})|(?P<none>[|*+?^$])"
    r"|(?P<many>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\.|\\[pP](?:\{[^}]*\}|.)|\\[dDwWsSCX])"
    r"|(?P<quoted>\\Q.*?(?:\\E|\Z))|(?P<one>\\x\{[^}]*\}|\\.|.)",
    re.S,
)


def _width(text: str) -> int:
    """How many signs fit many letters or are repeated by number, written out. Reads a pattern RE2 accepted."""
    # Of each open group, and of the sign before: how many signs, and how many of them are wide already.
    groups, last = [[0, 0]], [0, 0]
    for found in _ATOM.finditer(text):
        match found.lastgroup:
            case "open":
                groups.append([0, 0])
                last = [0, 0]
            case "close" if len(groups) > 1:
                last = groups.pop()
                groups[-1] = [a + b for a, b in zip(groups[-1], last, strict=True)]
            case "counted":
                times = max(int(found[4]), int(found[6] or found[4]))
                written = max(last[0], 1) * times
                groups[-1] = [groups[-1][0] + written - last[0], groups[-1][1] + written - last[1]]
                last = [written, written]
            case "none":
                pass
            case kind:
                size = len(found[0]) if kind == "quoted" else 1
                last = [size, size if kind == "many" else 0]
                groups[-1] = [a + b for a, b in zip(groups[-1], last, strict=True)]
    return sum(group[1] for group in groups)


def _explained(text: str, error: Exception) -> tuple[str, str]:
    for seen, what, advice in _EXPLAINED:
        if seen.search(text):
            return f"patterns cannot use {what}", advice
    words = error.args[0] if error.args else "it cannot be read"
    words = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return (
        f"this is no pattern ({words})",
        "see github.com/google/re2/wiki/Syntax, or put \\ before a sign meant as such",
    )
