"""What the stance model reads: the post with names taken out.

The entity asked about becomes `<mask>`, every other listed entity `<other>`. The model never sees a name, so the
same words about two entities read the same: even-handedness by construction, not by hope.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tarazu.verdicts import Mention

TARGET = "<mask>"
OTHER = "<other>"
LONGEST = 1200  # characters kept around the first mention; a post longer than that is cut at both sides

RESERVED = re.compile(r"<(?=/?\s*(?:mask|other|s|pad|unk)\s*>)", re.IGNORECASE)
LINK = re.compile(r"https?://\S+|\bwww\.\S+")
HANDLE = re.compile(r"(?<![\w@])@[\w.@-]+")
HASHTAG = re.compile(r"[#＃](?=[\w<\u200c])")
INVISIBLE = re.compile(r"[\u0640\u00ad\u034f\u061c\u180e\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
VOWELS = re.compile(r"[\u064b-\u0652\u0670]")
STRETCHED = re.compile(r"(\w)\1{3,}")
CAMEL = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[a-zA-Z])(?=<(?:mask|other)>)|(?<=<mask>)(?=\w)|(?<=<other>)(?=\w)"
)
WORD = re.compile(r"#[\w<>\u200c]*")
MARKS = re.compile(r"<(?:mask|other)>")
SHOUTED = 0.7  # share of capitals from which a line is read in small letters, as the network learnt to read
LEAST_SHOUTED = 6  # letters
SPACES = re.compile(r"[^\S\n]+")


def masked(text: str, mentions: Sequence[Mention], entity_id: str) -> str:
    """Return `text` as the model reads it for one entity.

    A slogan names its entity without its name and is kept, behind the mark: who says it is part of what is said.
    Overlapping mentions are resolved in favour of the entity asked about.
    """
    chosen: list[Mention] = []
    for mention in sorted(
        mentions, key=lambda m: (m.entity_id != entity_id, m.slogan, m.start - m.end, m.start)
    ):
        if all(mention.end <= other.start or mention.start >= other.end for other in chosen):
            chosen.append(mention)
    chosen.sort(key=lambda m: m.start)
    parts: list[str] = []
    at = 0
    for mention in chosen:
        mark = TARGET if mention.entity_id == entity_id else OTHER
        parts.append(plain(text[at : mention.start]))
        parts.append(f"{mark}: {plain(mention.text)}" if mention.slogan else mark)
        at = mention.end
    parts.append(plain(text[at:]))
    return readable("".join(parts))


def plain(text: str) -> str:
    """Return text in which nothing can pass for one of the model's own marks, not even once it is made readable."""
    return RESERVED.sub("< ", VOWELS.sub("", INVISIBLE.sub("", text)))


def readable(text: str) -> str:
    """Return text without what carries no stance: addresses, joined tags, stretched letters, shouting, wide spaces."""
    text = LINK.sub("http", text)
    text = HANDLE.sub("@user", text)
    text = WORD.sub(lambda tag: CAMEL.sub(" ", tag.group().replace("_", " ")), text)
    text = HASHTAG.sub("# ", text)
    text = STRETCHED.sub(r"\1\1\1", text)
    text = calm(text)
    text = SPACES.sub(" ", text).strip()
    if len(text) > LONGEST:
        middle = max(text.find(TARGET), 0)
        start = max(0, min(middle - LONGEST // 2, len(text) - LONGEST))
        text = text[start : start + LONGEST]
    return text


def calm(text: str) -> str:
    """Return a text with its shouted lines, those of capitals mostly, in small letters; the marks stay as they are."""
    return "\n".join(line.lower() if shouted(line) else line for line in text.split("\n"))


def shouted(line: str) -> bool:
    """Whether most letters of a line are capitals, and there are enough of them to be words."""
    letters = [letter for letter in MARKS.sub("", line) if letter.isupper() or letter.islower()]
    return len(letters) >= LEAST_SHOUTED and sum(map(str.isupper, letters)) >= SHOUTED * len(letters)
