"""The figures of the joint verdict as a part of a page."""

from __future__ import annotations

from tarazu.evaluation.media.joint.figures import JointFigures
from tarazu.verdicts import Outcome

LANGUAGES = {"en": "English", "fa": "Persian", "ar": "Arabic"}
INTRODUCTION = """## Pictures with their captions

{posts} posts, each a drawn picture with a caption written for it, in three languages: portraits, emblems, flags,
posters, front pages, memes, screenshots, cards, scenes. The bank holds the drawings upright and whole; the posted ones
are compressed, reduced, cropped, framed or mirrored. Persons, groups and places are invented. Sixty other posts, with
other pictures and captions, were there to choose by; nothing was chosen on these. No native speaker outside the project
has read them yet.

**Macro-F1** is the mean F1 of *violates*, *allowed* and *review*, each a verdict like the others. The columns after it
leave out the posts that are a person's in truth and count as the evaluation of the judge does: over the posts it
decided, then with every post left to a person as wrong.
"""
HEADINGS = (
    "posts",
    "macro-F1",
    "decided: macro-F1",
    "review counted as wrong",
    "wrongly removed",
    "missed",
    "left to a person",
)


def section(figures: JointFigures) -> str:
    """Return the figures in Markdown."""
    removed, pages = figures.critical_headlines
    parts = [
        INTRODUCTION.format(posts=len(figures.judged)),
        f"Critical headline removed: **{removed} of {pages}**.\n",
        languages(figures),
        forms(figures),
        mistakes(figures),
    ]
    return "\n".join(parts)


def languages(figures: JointFigures) -> str:
    """Return the table of all posts and of each language."""
    rows = {"all": figures}
    rows |= {LANGUAGES[lang]: found for lang, found in figures.by(lambda case: case.lang).items()}
    lines = ["| | " + " | ".join(HEADINGS) + " |", "|---|" + "--:|" * len(HEADINGS)]
    for name, found in rows.items():
        clear = found.clear
        lines.append(
            f"| {name} | {len(found.judged)} | {found.macro_f1:.3f} | {clear.macro_f1:.3f} | {clear.strict_f1:.3f} "
            f"| {clear.wrong_rate:.1%} | {clear.missed_rate:.1%} | {clear.review_rate:.1%} |"
        )
    return "\n".join(lines) + "\n"


def forms(figures: JointFigures) -> str:
    """Return how the posts of each form were judged."""
    lines = [
        "### By form",
        "",
        "| form | should be | " + " | ".join(f"judged {one}" for one in Outcome) + " |",
        "|---|---|" + "--:|" * len(Outcome),
    ]
    for name, found in figures.by(lambda case: case.form).items():
        truth = found.judged[0].case.truth
        counts = [found.confusion[truth, said] for said in Outcome]
        lines.append(f"| {name} | {truth} | " + " | ".join(str(n) if n else "" for n in counts) + " |")
    return "\n".join(lines) + "\n"


def mistakes(figures: JointFigures) -> str:
    """Return the posts that were judged wrongly and not left to a person."""
    lines = [
        "### Where it errs",
        "",
        f"{len(figures.wrong)} of {len(figures.judged)} posts were judged wrongly and not left to a person.",
        "",
    ]
    for one in figures.wrong:
        words = " / ".join((*one.case.picture.lines, one.case.caption)).replace("|", "\\|").strip(" /")
        lines.append(
            f"- {one.case.form}, {LANGUAGES[one.case.lang]}, judged {one.verdict.outcome}: {words or 'no words'}"
        )
    return "\n".join(lines).rstrip() + "\n"
