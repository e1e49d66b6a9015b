"""Invented entities in three scripts, and a linker for them."""

from __future__ import annotations

from functools import cache

from tarazu.policy.designations.entity import Alias, Entity
from tarazu.policy.mentions import Linker

NAMES = {
    "en": ["Zenith", "Red Dawn Front", "Hollow Lantern Brigade", "Kestrel Vanguard", "Army of Ostrava", "Marrowgate"],
    "fa": ["جبهه نمونه", "سپیده سرخ", "لشکر فانوس", "کاروان سیمرغ", "گردان کوهساران", "زنگارک"],
    "ar": ["جبهة المثال", "كتائب الفجر", "لواء القنديل", "أنصار الزيتونة", "المرجانيون", "قلعاوي"],
}  # fmt: skip


def entity(
    key: str, *texts: str, ambiguous: tuple[str, ...] = (), context: tuple[str, ...] = (), slogan: str = ""
) -> Entity:
    aliases = [
        Alias(text=t, ambiguous=t in ambiguous, context=context if t in ambiguous else ()) for t in texts
    ]
    if slogan:
        aliases.append(Alias(text=slogan, slogan=True))
    return Entity(id=key, kind="terrorist_organisation", name=texts[0], aliases=tuple(aliases))


@cache
def linker() -> Linker:
    return Linker(
        [
            *(entity(name, name) for names in NAMES.values() for name in names),
            entity("rdf", "RDF", "Al-Zanbar", "الزنبار"),
            entity(
                "ef", "Example Force", "IS", "The Base", "قاعدة",
                ambiguous=("IS", "The Base", "قاعدة"), context=("attack", "تنظيم"), slogan="نحن باقون هنا",
            ),
            entity("twin", "Zenith Star", "Zenith"),
            entity("signs", "Iron Hearth League", "Stone Lantern", "Ashmark", "Lampwick"),
            entity("spoken", "جبهه سرخ‌کوه", "تیپ‌های کاروند", "انجمن اجاق آهنین", "ماور"),
        ]
    )  # fmt: skip
