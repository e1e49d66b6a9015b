"""The joint verdict as a part of the page: drawn pictures with their captions, before the judge."""

from __future__ import annotations

from pathlib import Path

from tarazu.evaluation.media.joint.cases import cases
from tarazu.evaluation.media.joint.figures import JointFigures
from tarazu.evaluation.media.joint.judging import banking, judging
from tarazu.evaluation.media.joint.run import run
from tarazu.evaluation.media.joint.section import section
from tarazu.evaluation.media.run import Measured
from tarazu.media import ocr
from tarazu.progress import Progress


def part(pictures: int | None, out: Path | None, kept: Path | None, progress: Progress) -> Measured:
    """Judge that many posts, spread over all forms (all 120 for the page); nothing is kept."""
    every = cases("test")
    chosen = every if pictures is None else every[:: max(1, len(every) // pictures)][:pictures]
    figures = run(judging, banking, chosen, progress=progress)
    text = section(figures)
    lacking = ocr.missing()
    if lacking:
        text += f"\nWords in the pictures were not all read in this run. {lacking}\n"
    return Measured(text, summary(figures))


def summary(figures: JointFigures) -> dict[str, object]:
    """Return the figures, and what was said of each post."""
    removed, pages = figures.critical_headlines
    return {
        "posts": len(figures.judged),
        "macro-F1": round(figures.macro_f1, 4),
        "macro-F1 of the decided": round(figures.clear.macro_f1, 4),
        "critical headlines": pages,
        "critical headlines removed": removed,
        "languages": {
            lang: round(found.macro_f1, 4) for lang, found in figures.by(lambda case: case.lang).items()
        },
        "verdicts": [
            {
                "id": one.case.id,
                "form": one.case.form,
                "lang": one.case.lang,
                "truth": str(one.case.truth),
                "judged": str(one.verdict.outcome),
            }
            for one in figures.judged
        ],
    }
