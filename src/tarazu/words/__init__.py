"""Every sentence of the interface, in English, Persian and Arabic. `say("fa", "queue.title", count=3)`.

Catalogues are files `AREA.LANG.json`: a key is a sentence, or a sentence for each plural form. A key in
`queue.en.json` that is called `title` is said as `queue.title`. `{name}` takes a value; a whole number is written
in the digits of the language, and `count` chooses the plural form.
"""

from __future__ import annotations

from tarazu.words.catalogue import AREAS, LANGUAGES, UnknownWord, direction, isolate, say
from tarazu.words.dates import date, day
from tarazu.words.negotiation import accepted
from tarazu.words.numbers import number
from tarazu.words.plurals import plural

__all__ = [
    "AREAS",
    "LANGUAGES",
    "UnknownWord",
    "accepted",
    "date",
    "day",
    "direction",
    "isolate",
    "number",
    "plural",
    "say",
]
