"""Verdicts in words and signs: an icon, a word and a colour, always all three."""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

import re
from collections.abc import Iterable

from tarazu.policy.designations.entity import EVERYWHERE
from tarazu.report import markup
from tarazu.verdicts import Outcome, Purpose

# One post, many posts.
DOES = {
    Outcome.VIOLATES: ("violates", "violate"),
    Outcome.REVIEW: ("waits for a person", "wait for a person"),
    Outcome.ALLOWED: ("stays up", "stay up"),
}
PURPOSES = {
    Purpose.EXPRESSION: "an opinion",
    Purpose.NEWS: "news",
    Purpose.EDUCATION: "teaching or research",
    Purpose.COUNTER_SPEECH: "counter-speech",
    Purpose.CONDOLENCE: "condolence",
    Purpose.SATIRE: "satire",
}
LANGUAGES = {
    "ar": "Arabic", "az": "Azerbaijani", "ckb": "Central Kurdish", "de": "German", "en": "English", "es": "Spanish",
    "fa": "Persian", "fr": "French", "he": "Hebrew", "it": "Italian", "kmr": "Kurmanji", "ku": "Kurdish",
    "pa": "Punjabi", "pt": "Portuguese", "ps": "Pashto", "ru": "Russian", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
}  # fmt: skip
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_PATHS = {
    Outcome.VIOLATES: "M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8",
    Outcome.REVIEW: "M8 1.8a2.9 2.9 0 1 1 0 5.8a2.9 2.9 0 0 1 0-5.8zM2.2 14.2a5.8 5.4 0 0 1 11.6 0z",
    Outcome.ALLOWED: "M2.5 8.5l3.5 4 7.5-9",
}


def icon(outcome: Outcome) -> str:
    """The sign of an outcome; its word always stands beside it."""
    return f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{_PATHS[outcome]}"/></svg>'


def label(outcome: Outcome, place: str = "") -> str:
    """The outcome of one post as icon, word and colour, with the place it holds in."""
    where = f"{markup.bdi(place)}: " if place else ""
    return f'<span class="outcome {outcome}">{icon(outcome)}<span>{where}{DOES[outcome][0]}</span></span>'


def kind(name: str) -> str:
    """A kind of entity as one would say it."""
    return name.replace("_", " ")


def place(code: str) -> str:
    """A jurisdiction as one would say it."""
    return "everywhere" if code == EVERYWHERE else code


def language(tag: str | None) -> str:
    """A language by its name; its tag when the name is not known here."""
    base = (tag or "").split("-")[0].lower()
    return LANGUAGES.get(base) or (tag if tag and base != "und" else "not said")


def direction(tag: str) -> str:
    """The direction of a language."""
    return "rtl" if tag.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def purpose(name: str | None) -> str:
    """A purpose as one would say it."""
    return PURPOSES[Purpose(name)] if name in set(Purpose) else str(name)


def sentence(text: str, names: Iterable[str]) -> str:
    """A reason as HTML: quoted words and names are isolated, so that they cannot reorder the sentence."""
    known = sorted({name for name in names if name}, key=len, reverse=True)
    pattern = "|".join(["“[^“”]*”", *map(re.escape, known)])
    out, at = [], 0
    for match in re.finditer(pattern, text):
        found = match.group()
        inner = f"“{markup.bdi(found[1:-1])}”" if found[0] == "“" and found[-1] == "”" else markup.bdi(found)
        out += [markup.escape(text[at : match.start()]), inner]
        at = match.end()
    return "".join([*out, markup.escape(text[at:])])
