"""Numbers in the digits of a language: Persian ۱۲۳, Arabic ١٢٣."""

from __future__ import annotations

_LATIN = "0123456789"
_DIGITS = {"fa": "۰۱۲۳۴۵۶۷۸۹", "ar": "٠١٢٣٤٥٦٧٨٩"}
_TABLES = {lang: str.maketrans(_LATIN + ",.%", digits + "٬٫٪") for lang, digits in _DIGITS.items()}
_PLAIN = {lang: str.maketrans(_LATIN, digits) for lang, digits in _DIGITS.items()}


def number(lang: str, value: int | float, places: int | None = None, *, percent: bool = False) -> str:
    """A number for reading: groups of three, at most two places unless said; `percent` takes 0.07 as 7 %."""
    shown = value * 100 if percent else value
    if places is None:
        text = f"{shown:,}" if isinstance(shown, int) else f"{shown:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{shown:,.{places}f}"
    if percent:
        text += "%"
    text = text.replace("-", "\u2212")
    return text.translate(_TABLES[lang]) if lang in _TABLES else text


def digits(lang: str, text: str) -> str:
    """The digits of a text in those of a language, nothing else changed."""
    return text.translate(_PLAIN[lang]) if lang in _PLAIN else text
