"""Three languages say the same things, with the plural forms, digits and dates of each."""

from __future__ import annotations

import json
import re
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu import words
from tarazu.words.catalogue import AREAS, LANGUAGES, Sentence, catalogue
from tarazu.words.dates import jalali
from tarazu.words.plurals import FORMS

FOLDER = Path(words.__file__).parent
SERVER = FOLDER.parent / "server"


def placeholders(sentence: Sentence) -> set[str]:
    texts = [sentence] if isinstance(sentence, str) else sentence.values()
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", ["fa", "ar"])
def test_all_languages_have_the_same_keys_and_placeholders(lang: str) -> None:
    english, other = catalogue("en"), catalogue(lang)
    assert sorted(other) == sorted(english)
    for key, sentence in english.items():
        # A form of its own for one or two may do without the number.
        assert placeholders(other[key]) | {"count"} == placeholders(sentence) | {"count"}, key
        assert isinstance(sentence, dict) == isinstance(other[key], dict), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_plural_has_the_forms_of_its_language(lang: str) -> None:
    for key, sentence in catalogue(lang).items():
        if isinstance(sentence, dict):
            assert set(sentence) == set(FORMS[lang]), key


def test_every_file_is_of_a_known_area_and_language() -> None:
    for file in FOLDER.glob("*.json"):
        area, lang, _ = file.name.split(".")
        assert area in AREAS and lang in LANGUAGES, file.name
        json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_once)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    assert len({key for key, _ in pairs}) == len(pairs), "a key is there twice"
    return dict(pairs)


def test_every_sentence_that_is_asked_for_is_there() -> None:
    """Keys written out in templates and in code; those put together at run time are seen by the pages' tests."""
    known = catalogue("en")
    asked: dict[str, str] = {}
    for file in [*SERVER.rglob("*.html"), *SERVER.rglob("*.py")]:
        text = file.read_text(encoding="utf-8")
        for key in re.findall(r"""say\(\s*["']([a-z]+\.[a-z0-9_]+)["']\s*[,)]""", text):
            asked[key] = file.name
    assert len(asked) > 50
    assert not {key: file for key, file in asked.items() if key not in known}


# Cardinal numbers: samples for each form of CLDR.
CLDR = {
    "en": {"one": [1], "other": [0, 2, 16, 100, 1000, 1.5, 0.0, 1.0]},
    "fa": {"one": [0, 1, 0.5, 0.04], "other": [2, 17, 100, 1000, 1.1, 2.6]},
    "ar": {
        "zero": [0],
        "one": [1],
        "two": [2],
        "few": [3, 10, 103, 110, 1003],
        "many": [11, 26, 111, 1011],
        "other": [100, 102, 200, 202, 300, 1000, 10000, 0.1, 1.7],
    },
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plural_forms_are_those_of_cldr(lang: str) -> None:
    for form, counts in CLDR[lang].items():
        for count in counts:
            assert words.plural(lang, count) == form, count


@given(st.integers(-(10**12), 10**12), st.sampled_from(LANGUAGES))
def test_numbers_are_whole_in_any_digits(value: int, lang: str) -> None:
    shown = words.number(lang, value)
    digits = "".join(str(int(sign)) for sign in shown if sign.isdecimal())
    assert int(digits) == abs(value)
    assert shown.startswith("\u2212") == (value < 0)
    assert lang == "en" or not re.search("[0-9]", shown)


def test_numbers_look_as_people_write_them() -> None:
    assert words.number("en", 40000) == "40,000"
    assert words.number("fa", 1234567) == "۱٬۲۳۴٬۵۶۷"
    assert words.number("ar", 0.073, 1, percent=True) == "٧٫٣٪"
    assert words.number("en", 0.5) == "0.5"


def test_days_in_both_calendars() -> None:
    at = datetime(2026, 3, 21, 9, 5, tzinfo=UTC)
    assert words.day("en", at) == "21 March 2026"
    assert words.day("fa", at, calendar="jalali") == "۱ فروردین ۱۴۰۵"
    assert words.date("fa", at).startswith("۲۱ مارس ۲۰۲۶، ۰۹:۰۵")


# The day in March on which the Persian year began (1 Farvardin), after leap years and others.
NEW_YEARS = {
    1979: 21, 1980: 21, 1984: 21, 1988: 21, 1996: 20, 2000: 20, 2004: 20, 2008: 20, 2016: 20, 2017: 21, 2020: 20,
    2021: 21, 2024: 20, 2025: 21, 2026: 21,
}  # fmt: skip


def test_the_persian_year_begins_when_it_does() -> None:
    for year, day in NEW_YEARS.items():
        assert jalali(year, 3, day) == (year - 621, 1, 1)
        assert jalali(year, 3, day - 1)[:2] == (year - 622, 12)


@given(st.dates(datetime(1800, 1, 1).date(), datetime(2250, 1, 1).date()))
def test_persian_days_follow_each_other(day: object) -> None:
    assert isinstance(day, type(datetime(2000, 1, 1).date()))
    year, month, number = jalali(day.year, day.month, day.day)
    then = day + timedelta(days=1)
    after = jalali(then.year, then.month, then.day)
    assert 1 <= month <= 12 and 1 <= number <= (31 if month <= 6 else 30)
    assert after == (year, month, number + 1) or after in ((year, month + 1, 1), (year + 1, 1, 1))


def test_values_cannot_turn_or_fill_a_sentence() -> None:
    said = words.say("fa", "people.login_taken", login="eve{name}")
    assert "\u2068eve{name}\u2069" in said
    with pytest.raises(words.UnknownWord):
        words.say("en", "people.login_taken")
    with pytest.raises(words.UnknownWord):
        words.say("en", "nothing.here")


@given(st.text(max_size=200))
def test_what_browsers_ask_for_is_never_a_fault(header: str) -> None:
    assert all(name.isalpha() for name in words.accepted(header))


def test_what_browsers_ask_for() -> None:
    assert words.accepted("en;q=0.5, fa-IR, fa;q=0.9, ar;q=0") == ("fa", "en")
