"""The example list: read without a fault, spread as its README says, dated, and careful with ordinary words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tarazu.policy.designations import Alias, Entity, EntityList, read_entities
from tarazu.policy.designations.checking import check
from tarazu.policy.designations.ordinary import ordinary
from tarazu.policy.mentions import Linker

FOLDER = Path(__file__).parents[3] / "examples" / "entities"
PLACES = {
    "UN": ("*",),
    "OFAC": ("US",),
    "EU": ("EU",),
    "UK": ("GB",),
    "CA": ("CA",),
    "AU": ("AU",),
    "DE": ("DE",),
    "FR": ("FR",),
}
# Three letters, but nobody else's.
OWN_LETTERS = {"PKK", "پ‌ک‌ک", "پ.ک.ک", "IS-K"}


@pytest.fixture(scope="module")
def example() -> EntityList:
    return read_entities(FOLDER / "widely-designated.yaml")


@pytest.fixture(scope="module")
def linker(example: EntityList) -> Linker:
    return Linker(example.entities)


def test_is_as_large_and_as_mixed_as_its_readme_says(example: EntityList) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    written = re.search(r"\| \*\*all\*\* " + r"\| \*\*(\d+)\*\* " * 5, readme)
    kinds = Counter(entity.kind for entity in example.entities)
    counts = [kinds[k] for k in ("terrorist_organisation", "organised_crime", "hate_group", "person")]

    assert len(example.entities) >= 190
    assert written is not None
    assert [int(count) for count in written.groups()] == [*counts, len(example.entities)]


def test_everyone_has_names_in_three_languages(example: EntityList) -> None:
    for entity in example.entities:
        named = {alias.lang for alias in entity.aliases if not alias.slogan}
        assert {"en", "fa", "ar"} <= named, entity.id


def test_every_listing_is_dated_and_placed(example: EntityList) -> None:
    for entity in example.entities:
        assert entity.designations, entity.id
        for listing in entity.designations:
            assert listing.jurisdictions == PLACES[listing.authority], entity.id
            assert listing.programme, entity.id
            assert listing.start is not None, entity.id
            assert date(1995, 1, 1) <= listing.start < (listing.end or date.max), entity.id


@pytest.mark.parametrize(
    ("ident", "place", "last", "first_free"),
    [
        ("farc", "US", date(2021, 11, 30), date(2021, 12, 1)),
        ("mujahedin-e-khalq", "GB", date(2008, 6, 23), date(2008, 6, 24)),
        ("ansar-allah", "CA", None, date(2024, 12, 1)),
        ("international-sikh-youth-federation", "GB", date(2016, 3, 17), date(2016, 3, 18)),
    ],
)
def test_dates_and_places_decide(
    example: EntityList, ident: str, place: str, last: date | None, first_free: date
) -> None:
    # Security Council listings count in every place, so only the place's own are looked at.
    own = [one for one in example.by_id[ident].designations if one.jurisdictions == (place,)]

    assert last is None or any(one.in_force(last) for one in own)
    assert not any(one.in_force(first_free) for one in own)


def test_ordinary_words_are_marked(example: EntityList) -> None:
    names = [
        (entity, alias)
        for entity in example.entities
        for alias in entity.aliases
        if len(alias.text.split()) == 1 and alias.text not in OWN_LETTERS
    ]
    found = ordinary([alias.text for _, alias in names], [entity.kind == "person" for entity, _ in names])

    assert [
        alias.text for (_, alias), is_one in zip(names, found, strict=True) if is_one and not alias.ambiguous
    ] == []
    marked = {alias.text for entity in example.entities for alias in entity.aliases if alias.ambiguous}
    assert {"IS", "The Base", "Base", "ETA", "Kach", "القاعدة", "طالبان", "الشباب", "حماس", "بسیج"} <= marked


def test_ambiguous_names_have_context(example: EntityList) -> None:
    assert [
        alias.text for alias in _names(example.entities) if alias.ambiguous and len(alias.context) < 3
    ] == []


def test_check_remarks_on_nothing_but_names() -> None:
    remarks = check(read_entities(FOLDER / "widely-designated.yaml"))

    assert {remark.subject for remark in remarks} <= {"ordinary", "duplicates", "shared"}


@pytest.mark.parametrize(
    "text",
    [
        "The ETA of my flight is 10 pm",
        "Let it be; the base of the pyramid is wide",
        "Ira Glass opened an IRA account at work",
        "we met Ahmad Yasin, a dentist",
        "حماس الجمهور كان رائعا في المباراة",
        "الشباب العربي مستقبل الأمة",
        "القاعدة النحوية سهلة",
        "طالبان علم در مدرسه",
        "بسیج عمومی برای کمک به سیل‌زدگان",
        "کاخ گلستان زیباست",
        "گرگ‌های خاکستری در پارک ملی دیده شدند",
    ],
)
def test_ordinary_texts_name_nobody(linker: Linker, text: str) -> None:
    assert linker.link(text) == ()


@pytest.mark.parametrize(
    ("text", "ident"),
    [
        ("IS fighters took Mosul", "islamic-state"),
        ("حركة حماس ترفض العرض", "hamas"),
        ("طالبان کابل را گرفت", "taliban"),
        ("IRA bombing in Belfast", "irish-republican-army"),
        ("Sturmbrigade 44 wurde verboten", "wolfsbrigade-44"),
        ("el Cártel de Sinaloa", "sinaloa-cartel"),
    ],
)
def test_those_who_are_meant_are_named(linker: Linker, text: str, ident: str) -> None:
    assert ident in {mention.entity_id for mention in linker.link(text)}


def _names(entities: tuple[Entity, ...]) -> list[Alias]:
    return [alias for entity in entities for alias in entity.aliases]
