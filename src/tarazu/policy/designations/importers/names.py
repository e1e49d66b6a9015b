"""Names as public lists write them, taken apart into names as people write them.

Lists put several names in one field, acronyms and other scripts in brackets, family names first, and remarks
beside them ("formerly listed as"). Nothing is translated or made up here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tarazu.policy.designations.languages import guess

_APART = re.compile(r";|\s*,?\s*\((?:[a-z]{1,2}|[ivx]+)\),?\s*|(?:^|\s)[a-z]\)\s")  # ; and (a) or b) marks
_BRACKETS = re.compile(r"\(([^()]*)\)")
_ACRONYM = re.compile(r"[A-Z0-9][A-Za-z0-9/-]{1,9}")
_REMARK = re.compile(
    r"(?i)\s*(?:previously|formerly|former\b|listed|false|birth|original|date|passport|born|deceased|nom de|no\.|in |"
    r"transliteration|also|see|or\b|name|believed|possibly|based|subordinate|maiden|full)"
)
_NATIVE = re.compile(
    "[\u0370-\u1cff\u3040-\ud7af\ufb50-\ufdff\ufe70-\ufeff]"
)  # neither Latin letters nor signs
_RUN = re.compile(f"{_NATIVE.pattern}(?:[^A-Za-z\u00c0-\u024f]*{_NATIVE.pattern})?")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_EDGES = " \t\"“”«»,;:.‘’'`"
_FAMILY_FIRST = re.compile(r"((?:[^\W\d_a-z][^\W\d_a-z'’‘`-]+\s+)+)(\S*[a-z].*)")


@dataclass(frozen=True)
class Name:
    """One name of an entity."""

    text: str
    lang: str = "und"
    weak: bool = False  # the list itself calls it weak: it does not identify alone


def names(written: str, *, person: bool, weak: bool = False, lang: str = "") -> Iterator[Name]:
    """The names in one field of a list, in its order; `lang` is what the list says of it, if anything."""
    for part in _parts(" ".join(written.replace("\ufffd", "").split())):
        for text in _by_script(part):
            text = _turned(text, person)
            if any(map(str.isalpha, text)):
                yield Name(text, lang or guess(text), weak)


def _parts(written: str) -> Iterator[str]:
    """Fields apart, acronyms and other scripts out of their brackets, remarks dropped."""
    outside, inside = _BRACKETS.sub("", written), _BRACKETS.findall(written)
    if any(";" in text for text in inside) and _NATIVE.search(outside):
        yield from _apart(outside)
        for text in inside:
            yield from _apart(text)
        return
    for part in _apart(written):
        kept, aside = part, []
        for text in _BRACKETS.findall(part):
            script = bool(_NATIVE.search(text)) != bool(_NATIVE.search(_BRACKETS.sub("", part)))
            if script and _REMARK.match(text):
                text = " ".join(_RUN.findall(text))
            if script or _ACRONYM.fullmatch(text.strip()):
                aside.append(text)
            if (
                script
                or _ACRONYM.fullmatch(text.strip())
                or _REMARK.match(text)
                or text.strip()[:1].islower()
            ):
                kept = kept.replace(f"({text})", " ").replace(f"({_original(part, text)})", " ")
        yield " ".join(kept.split())
        yield from aside


def _original(part: str, text: str) -> str:
    return next((one for one in _BRACKETS.findall(part) if text and text in one), text)


def _apart(written: str) -> list[str]:
    """At semicolons and (a) marks that stand outside brackets."""
    held = _BRACKETS.sub(lambda found: found[0].replace(";", "\0"), written)
    return [part.replace("\0", ";") for part in _APART.split(held) if part.strip()]


def _by_script(text: str) -> list[str]:
    """A name written twice, in Latin letters and in its own, is two names."""
    text = text.split(", born ")[0]
    if not (_NATIVE.search(text) and _LATIN.search(text)):
        return [text]
    return [" ".join(_RUN.sub(" ", text).split()), *(run[0] for run in _RUN.finditer(text))]


def _turned(text: str, person: bool) -> str:
    text = text.strip(_EDGES)
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    if person and text.count(",") == 1:
        family, given = (part.strip() for part in text.split(","))
        text = f"{given} {family}".strip()
    return " ".join(text.split())


def given_first(text: str) -> str:
    """`DOE Jane` as `Jane DOE`; anything else as it is."""
    found = _FAMILY_FIRST.fullmatch(text)
    return f"{found[2]} {found[1].strip()}" if found else text
