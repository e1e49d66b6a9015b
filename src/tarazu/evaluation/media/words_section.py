"""The figures of words in pictures as a section of the page of the media room."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from tarazu.evaluation.media.words_in_pictures import PosterFigures, TextFigures

ACCURATE, LINKED = 0.95, 0.90  # what was promised for plain posters
NAMES = {"en": "English", "fa": "Persian", "ar": "Arabic"}
INTRODUCTION = """## Words in pictures

How to read this. {count} posters are drawn in code: two to four lines of invented Persian, Arabic or English, in five
fonts a script, in colours of a contrast of at least 4.5, some light on dark, some with an English line below; saved as
JPEG of quality 85. *Busy* posters have a drawn scene behind the words: half of them outlined words, a quarter a veil of
paper behind the words, a quarter nothing. The sentences and names are others than those that the reading was tuned on.
**Folded** is the mean character accuracy (1 - edits / length) on the letters that mention linking compares, **strict**
on the characters as they are (NFC). **Linked** is the share in which the entity of the headline is found in what was
read; **mistaken** counts posters in which another entity was. Display hands (fonts for titles, calligraphy) are
published apart and are not part of the promise. Read by {version}, models of Debian.
"""


def section(figures: TextFigures) -> str:
    """Return the section."""
    ordinary = TextFigures(**{**vars(figures), "posters": figures.where(display=False)})
    parts = [
        INTRODUCTION.format(
            count=len(figures.posters), version=figures.version.split("+")[-1].replace("-", " ")
        ),
        "### What was promised, on plain posters\n\n" + _goals(ordinary),
        "### By language\n\n" + _table(_languages(ordinary)),
        "### By font\n\n" + _table(_fonts(figures)),
        _beside(figures),
    ]
    return "\n".join(parts)


def _goals(figures: TextFigures) -> str:
    rows = ["| goal | measured | holds |", "|---|--:|--:|"]
    for lang, name in ((None, "all"), *NAMES.items()):
        plain = figures.where(busy=False) if lang is None else figures.where(busy=False, lang=lang)
        for what, least, value in (
            ("character accuracy", ACCURATE, fmean(one.folded for one in plain)),
            ("mention linked", LINKED, fmean(one.linked for one in plain)),
        ):
            holds = "yes" if value >= least else "NO"
            rows.append(f"| {name}: {what}, at least {least:.0%} | {value:.1%} | {holds} |")
    return "\n".join(rows) + "\n"


def _languages(figures: TextFigures) -> list[tuple[str, Sequence[PosterFigures]]]:
    return [
        (f"{name}, {'busy' if busy else 'plain'}", figures.where(lang=lang, busy=busy))
        for busy in (False, True)
        for lang, name in NAMES.items()
    ]


def _fonts(figures: TextFigures) -> list[tuple[str, Sequence[PosterFigures]]]:
    kinds = dict.fromkeys((one.lang, one.font, one.display) for one in figures.posters)
    return [
        (
            f"{NAMES[lang]}, {font}{' (display)' if display else ''}, {'busy' if busy else 'plain'}",
            figures.where(lang=lang, font=font, busy=busy),
        )
        for lang, font, display in kinds
        for busy in (False, True)
    ]


def _table(groups: list[tuple[str, Sequence[PosterFigures]]]) -> str:
    rows = ["| posters | number | folded | strict | linked | mistaken |", "|---|--:|--:|--:|--:|--:|"]
    for name, group in groups:
        if group:
            rows.append(
                f"| {name} | {len(group)} | {fmean(one.folded for one in group):.1%} "
                f"| {fmean(one.strict for one in group):.1%} | {fmean(one.linked for one in group):.1%} "
                f"| {sum(one.mistaken for one in group)} |"
            )
    return "\n".join(rows) + "\n"


def _beside(figures: TextFigures) -> str:
    lines = []
    for busy in (False, True):
        below = [one.english for one in figures.posters if one.english is not None and one.busy == busy]
        if below:
            kind = "busy" if busy else "plain"
            lines.append(
                f"English lines below Persian or Arabic ones, {kind}: {fmean(below):.1%} folded ({len(below)} posters)."
            )
    lines.append(
        f"Of {figures.wordless} drawings without words, tesseract was never started for {figures.unstarted}; in "
        f"{figures.invented} words were read all the same."
    )
    return "\n".join(lines) + "\n"
