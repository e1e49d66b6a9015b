"""Which language a name may be in, guessed from its letters when a list does not say."""

from __future__ import annotations

import re

# Letters that only these languages write, in the order in which they decide.
_SPECIAL = (
    ("ps", re.compile("[ټډړږښڼۍېځڅ]")),
    ("ur", re.compile("[ٹڈڑےںھہ]")),
    ("fa", re.compile("[پچژگیک]")),
)
_SCRIPTS = (
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)


def guess(text: str) -> str:
    """A BCP 47 tag, or "und": Latin letters are no language, since lists transliterate into them.

    A guess. Names in Arabic script without a letter of Persian, Urdu or Pashto are called Arabic; every name in
    Cyrillic letters is called Russian. Nothing but the order of names in a written list depends on it.
    """
    for lang, letters in _SCRIPTS:
        if letters.search(text):
            return (
                next((other for other, special in _SPECIAL if special.search(text)), lang)
                if lang == "ar"
                else lang
            )
    return "und"
