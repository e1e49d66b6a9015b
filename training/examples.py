"""Training examples: (text with marks, stance, purpose, portrayal), from templates and from NewsMTSC.

A label that a source does not have is -1 and costs nothing. The stance of templates is the author's; NewsMTSC says
how a sentence portrays its target, which is another question (a reporter who quotes blame blames nobody), so it has
a head of its own.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tarazu.evaluation.policy.newsmtsc import targets
from tarazu.policy.stance.masking import OTHER, TARGET, plain, readable

STANCES = ("praise", "support", "condemn", "neutral")
PURPOSES = ("expression", "news", "education", "counter_speech", "condolence", "satire")
PORTRAYALS = ("negative", "neutral", "positive")


@dataclass(frozen=True, kw_only=True)
class Example:
    """One text read for one target."""

    text: str  # with <mask> for the target and <other> for another listed entity
    stance: int = -1
    purpose: int = -1
    portrayal: int = -1
    mood: int = -1
    sarcasm: int = -1
    emotions: tuple[int, ...] | None = None
    source: str
    family: str
    lang: str
    phenomenon: str = ""


def templates(folder: Path) -> list[dict]:
    """Return every line of the labelled set, in file order."""
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return rows


def of_template(row: dict) -> Iterator[tuple[str, Example]]:
    """Yield the line read for {E}, and for {F} where it stands; the text still has its placeholders."""
    shared = {
        "source": "templates",
        "family": row["family"],
        "lang": row["lang"],
        "phenomenon": row["phenomenon"],
    }
    purpose = PURPOSES.index(row["purpose"])
    yield (
        row["text"],
        Example(text="", stance=STANCES.index(row["stance"]), purpose=purpose, **shared),
    )
    if "stance_f" in row:
        swapped = row["text"].replace("{E}", "\0").replace("{F}", "{E}").replace("\0", "{F}")
        yield swapped, Example(text="", stance=STANCES.index(row["stance_f"]), purpose=purpose, **shared)


def marked(text: str, other: str = OTHER) -> str:
    """Return the text as the model reads it."""
    return readable(plain(text).replace("{E}", TARGET).replace("{F}", other))


PLAIN_OTHERS = {
    "en": ("the council", "that charity", "Northgate United", "Elmwood", "the other side", "Halden Group"),
    "fa": ("شورا", "آن خیریه", "تیم شمال", "گروه هامون", "طرف مقابل", "مهرآیین"),
    "ar": ("المجلس", "تلك الجمعية", "فريق الشمال", "مجموعة الوادي", "الطرف الآخر", "دار النخيل"),
}  # {F} is not always on a list
ASIDES = {
    "en": (
        "good morning all.",
        "Sorry for the late reply.",
        "Long day.",
        "(thread)",
        "Quick thought:",
        "So,",
        "1/",
    ),
    "fa": (
        "سلام به همه.",
        "ببخشید دیر جواب دادم.",
        "روز درازی بود.",
        "(رشته‌توییت)",
        "یه چیزی بگم:",
        "خب،",
        "۱/",
    ),
    "ar": (
        "صباح الخير للجميع.",
        "عذرًا على التأخر في الرد.",
        "يوم طويل.",
        "(سلسلة)",
        "فكرة سريعة:",
        "طيب،",
        "١/",
    ),
}
TAILS = {
    "en": ("#thread", "https://example.org/p/1", "(via phone)", "have a nice evening", "#news", "🙏", "…"),
    "fa": ("#رشتو", "https://example.org/p/1", "شب همگی خوش", "#خبر", "🙏", "…"),
    "ar": ("#سلسلة", "https://example.org/p/1", "مساؤكم سعيد", "#أخبار", "🙏", "…"),
}
LEADING_AL = re.compile(r"\b([ولبكف])ـ? ?(?=\{E\})")


def varied(text: str, lang: str, chance: random.Random) -> str:
    """Return the line as another hand might have typed it: same words, other surface."""
    other = OTHER if chance.random() < 0.7 else chance.choice(PLAIN_OTHERS[lang])
    if chance.random() < 0.5:
        text = LEADING_AL.sub(r"\1", text)
    if chance.random() < 0.12:
        text = re.sub(r"(?<![#\w])\{E\}(?!\w)", "#{E}", text, count=1)
    if chance.random() < 0.08:
        text = re.sub(r"(?<![#\w\"«“])\{E\}(?!\w)", '"{E}"', text, count=1)
    if chance.random() < 0.10:
        text = f"{chance.choice(ASIDES[lang])} {text}"
    if chance.random() < 0.10:
        text = f"{text} {chance.choice(TAILS[lang])}"
    if chance.random() < 0.08:
        text = "@user " + text
    if chance.random() < 0.15:
        text = text.replace("\u200c", chance.choice(("", " ")))
    if chance.random() < 0.15:
        text = text.rstrip(" .!؟?…")
    if chance.random() < 0.10:
        text = re.sub(r"[\U0001F300-\U0001FAFF\u2600-\u27BF\ufe0f]+", "", text)
    text = marked(text, other)
    if chance.random() < 0.15:
        text = "".join(
            part if part in (TARGET, OTHER) else part.lower() for part in re.split(r"(<\w+>)", text)
        )
    if chance.random() < 0.10:
        text = (
            text.translate(str.maketrans("يكى", "یکی")) if chance.random() < 0.5 else text.replace("أ", "ا")
        )
    return text


def newsmtsc(path: Path) -> list[Example]:
    """Return a part of NewsMTSC (Hamborg and Donnay 2021), one example a target."""
    return [
        Example(text=text, portrayal=portrayal, source="newsmtsc", family=group, lang="en")
        for text, portrayal, group in targets(path)
    ]


GLUE = (" ", " ", "\n", " ... ", " – ")


def joined(one: Example, other: Example, chance: random.Random) -> Example:
    """Return `one` with another post before or behind it that is about somebody else.

    The label stays that of `one`: the network has to find out which words speak of its target.
    """
    strange = other.text.replace(
        TARGET, OTHER if chance.random() < 0.6 else chance.choice(PLAIN_OTHERS[other.lang])
    )
    parts = [one.text, strange] if chance.random() < 0.5 else [strange, one.text]
    return replace(one, text=chance.choice(GLUE).join(parts))


def with_text(example: Example, text: str) -> Example:
    """Return the example with its text."""
    return replace(example, text=text)
