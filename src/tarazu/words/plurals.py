"""Plural forms, by the rules of CLDR for cardinal numbers."""

from __future__ import annotations

FORMS = {"en": ("one", "other"), "fa": ("one", "other"), "ar": ("zero", "one", "two", "few", "many", "other")}


def plural(lang: str, count: int | float) -> str:
    """Which form goes with a number."""
    n = abs(count)
    whole = isinstance(count, int) or float(count).is_integer()
    if lang == "en":
        return (
            "one" if isinstance(count, int) and n == 1 else "other"
        )  # "1.0 posts" is written with a fraction
    if lang == "fa":
        return "one" if int(n) == 0 or n == 1 else "other"
    if not whole:
        return "other"
    if n in (0, 1, 2):
        return ("zero", "one", "two")[int(n)]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if 11 <= n % 100 <= 99 else "other"
