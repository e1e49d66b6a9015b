"""The catalogues: read once, merged, and spoken from."""

from __future__ import annotations

import json
import string
from functools import cache
from pathlib import Path

from tarazu.words.numbers import number
from tarazu.words.plurals import plural

LANGUAGES = ("en", "fa", "ar")
AREAS = (
    "common", "queue", "case", "decide", "network", "appeal", "public", "policy", "quality", "audit", "settings",
    "notice", "people", "search", "rules", "account",
    "entities",
)  # fmt: skip
_RIGHT_TO_LEFT = frozenset({"fa", "ar"})
_FOLDER = Path(__file__).parent
_FIRST_STRONG, _END = "\u2068", "\u2069"  # isolate a value, so that it cannot turn the sentence around it

Sentence = str | dict[str, str]


class UnknownWord(LookupError):
    """No catalogue has this key: a fault of the program."""


@cache
def catalogue(lang: str) -> dict[str, Sentence]:
    """Every key of one language, with its area before it."""
    merged: dict[str, Sentence] = {}
    for file in sorted(_FOLDER.glob(f"*.{lang}.json")):
        area = file.name.split(".")[0]
        found: dict[str, Sentence] = json.loads(file.read_text(encoding="utf-8"))
        merged.update({f"{area}.{key}": value for key, value in found.items()})
    return merged


def say(lang: str, key: str, /, **values: object) -> str:
    """One sentence. Falls back to English where a translation is missing; UnknownWord where nothing is."""
    found = catalogue(lang).get(key)
    spoken = lang
    if found is None:
        found, spoken = catalogue("en").get(key), "en"
    if found is None:
        raise UnknownWord(key)
    if isinstance(found, dict):
        count = values.get("count")
        if not isinstance(count, int | float):
            raise UnknownWord(f"{key} needs a count")
        found = found.get(plural(spoken, count)) or found["other"]
    if "{" not in found:
        return found
    return _Filled(spoken).vformat(found, (), values)


class _Filled(string.Formatter):
    """Names only: no attributes, no indexes, no format of the caller's own."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def get_field(self, field_name: str, args: object, kwargs: object) -> tuple[object, str]:
        if not field_name.isidentifier() or not isinstance(kwargs, dict) or field_name not in kwargs:
            raise UnknownWord(f"{{{field_name}}} has no value")
        return kwargs[field_name], field_name

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return isolate(self.lang, str(value))
        return number(self.lang, value)


def direction(lang: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if lang in _RIGHT_TO_LEFT else "ltr"


def isolate(lang: str, value: str) -> str:
    """A value inside a sentence: set apart where its letters run the other way."""
    if lang in _RIGHT_TO_LEFT:
        foreign = any(letter.isascii() and letter.isalnum() for letter in value)
    else:
        foreign = any("\u0590" <= letter <= "\u08ff" or "\ufb1d" <= letter <= "\ufefc" for letter in value)
    return f"{_FIRST_STRONG}{value}{_END}" if foreign else value
