"""Whom the evaluation's posts are about: invented groups and persons, listed ones and others.

No such group exists. Names are of every kind, so that what is measured does not hang on how a name sounds.
"""

from __future__ import annotations

from tarazu.policy.designations import Alias, Designation, Entity, EntityList

LANGS = ("en", "fa", "ar")
LISTED: tuple[tuple[str, str, tuple[str, str, str]], ...] = (
    ("front", "terrorist_organisation", ("Redmarch Front", "جبهه سرخ‌کوه", "جبهة الوادي الأحمر")),
    ("brigade", "terrorist_organisation", ("Karvand Brigades", "تیپ‌های کاروند", "كتائب الكروند")),
    ("dawn", "terrorist_organisation", ("Army of the Ninth Dawn", "ارتش سپیده‌ی نهم", "جيش الفجر التاسع")),
    ("ansar", "terrorist_organisation", ("Ansar al-Zamhar", "انصار الزمهر", "أنصار الزمهر")),
    ("syndicate", "organised_crime", ("Valdoro Cartel", "کارتل والدورو", "كارتل فالدورو")),
    ("ring", "organised_crime", ("Black Ferry Ring", "حلقه‌ی قایق سیاه", "عصابة العبارة السوداء")),
    ("league", "hate_group", ("Iron Hearth League", "انجمن اجاق آهنین", "رابطة الموقد الحديدي")),
    ("order", "hate_group", ("Order of Pale Oak", "فرقه‌ی بلوط سپید", "منظمة البلوط الشاحب")),
)
PERSONS: tuple[tuple[str, str, tuple[str, str, str]], ...] = (
    ("velmik", "person", ("Taran Velmik", "تاران ولمیک", "تاران فلميك")),
    ("orsad", "person", ("Habor Orsad", "هابور اورساد", "هابور أورساد")),
)
OTHERS: tuple[tuple[str, tuple[str, str, str]], ...] = (
    ("charity", ("Larkfield Relief", "بنیاد خیریه‌ی سپیدار", "جمعية الصفصاف الخيرية")),
    ("party", ("Civic Meadow Party", "حزب مرغزار", "حزب المرج المدني")),
    ("club", ("Northgate United", "باشگاه دروازه شمال", "نادي بوابة الشمال")),
    ("company", ("Halden Motors", "شرکت هالدن موتورز", "شركة هالدن للسيارات")),
    ("union", ("Harbour Workers' Union", "اتحادیه‌ی کارگران بندر", "نقابة عمال الميناء")),
    ("church", ("Saint Orvell Parish", "کلیسای سن اورول", "كنيسة القديس أورفيل")),
    ("militia", ("Elmwood Home Guard", "گارد محلی المود", "الحرس المحلي في المود")),
    ("ministry", ("Ministry of Canals", "وزارت کانال‌ها", "وزارة القنوات")),
)
EVERYWHERE = Designation(authority="Example authority", jurisdictions=("*",))


def entity(key: str, kind: str, names: tuple[str, str, str], listed: bool) -> Entity:
    """Return one entity."""
    return Entity(
        id=key,
        kind=kind,
        name=names[0],
        aliases=tuple(Alias(text=name, lang=lang) for name, lang in zip(names, LANGS, strict=True)),
        designations=(EVERYWHERE,) if listed else (),
    )


def invented() -> EntityList:
    """Return the list: designated groups and persons, and others without any listing."""
    return EntityList(
        entities=(
            *(entity(key, kind, names, True) for key, kind, names in (*LISTED, *PERSONS)),
            *(entity(key, "other", names, False) for key, names in OTHERS),
        ),
        name="invented",
    )


def name_of(key: str, lang: str) -> str:
    """Return a name in a language."""
    every = {**{k: n for k, _, n in (*LISTED, *PERSONS)}, **dict(OTHERS)}
    return every[key][LANGS.index(lang)]


def chosen(number: int, kind: str | None) -> str:
    """Return whom the case of that number is about."""
    pool = PERSONS if kind == "person" else LISTED if kind == "organisation" else (*LISTED, *PERSONS)
    return pool[number % len(pool)][0]


def other(number: int) -> str:
    """Return the second party of that number: nobody on a list."""
    return OTHERS[number % len(OTHERS)][0]
