"""`tarazu evaluate policy`: the judge on posts whose truth is known, beside other models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tarazu.evaluation.policy import names, newsmtsc, page
from tarazu.evaluation.policy.cases import FORBIDDEN, PARTS, cases, of_part
from tarazu.evaluation.policy.disguised import disguised
from tarazu.evaluation.policy.figures import Figures, by, figures
from tarazu.evaluation.policy.judged import Judged, about_listed, about_others, judge_for, judged
from tarazu.evaluation.policy.parity import parity
from tarazu.policy.stance.model import OnnxStance, StanceModel
from tarazu.progress import SILENT, Progress
from tarazu.verdicts import Outcome

LEAST_POSTS = 12  # of a form, for a row of its own
WRONG_SHOWN = 12  # posts of each kind of error that are shown


def evaluate(
    *,
    data: Path | None = None,
    out: Path | None = None,
    models: Sequence[StanceModel] = (),
    progress: Progress = SILENT,
) -> str:
    """Measure, write policy.md and policy.json below `out` if given, and return the tables as text.

    The first model is measured in full; the others are compared with it on the same posts.
    """
    every = list(models) or [OnnxStance()]
    first = every[0]
    record: dict[str, Any] = {"versions": judge_for(names.invented(), first).versions, "parts": {}}
    shown: list[Judged] = []
    for part in PARTS:
        found = judged(judge_for(names.invented(), first), about_listed(of_part(part)), progress)
        away = judged(judge_for(names.invented(), first), about_others(of_part(part)), progress)
        record["parts"][part] = {
            "all": row(figures(found)),
            "languages": rows(by(found, lambda one: one.case.lang)),
            "phenomena": rows(
                {
                    k: f
                    for k, f in by(found, lambda one: one.case.phenomenon).items()
                    if f.posts >= LEAST_POSTS
                }
            ),
            "purposes": rows(
                by([f for f in found if f.case.truth == Outcome.ALLOWED], lambda one: one.case.purpose)
            ),
            "stances": rows(by(found, lambda one: str(one.case.stance))),
            "about nobody listed": {
                "posts": len(away),
                "removed": sum(o.outcome == Outcome.VIOLATES for o in away),
            },
            "not linked": sum(not any(m.entity_id == o.about for m in o.verdict.mentions) for o in found),
        }
        shown += found
    record["calibration"] = calibration(shown)
    fair = parity(cases(), first, progress)
    record["parity"] = {
        "sentences": fair.sentences,
        "entities": len(fair.rates),
        "least": min(fair.rates.values(), default=0.0),
        "most": max(fair.rates.values(), default=0.0),
        "gap": fair.gap,
        "not linked": fair.unnamed,
        "posts about nobody listed": fair.others,
        "of them removed": fair.others_removed,
    }
    record["disguises"] = disguised(of_part(PARTS[0]), progress)
    if data is not None and isinstance(first, OnnxStance):
        score, targets = newsmtsc.macro_f1(data, first)
        record["newsmtsc"] = {"macro_f1": score, "targets": targets}
    record["models"] = {}
    for model in every:
        both = [
            one
            for part in PARTS
            for one in judged(judge_for(names.invented(), model), about_listed(of_part(part)), progress)
        ]
        record["models"][model.version] = row(figures(both))
    errors = {
        kind: [
            {"id": o.case.id, "lang": o.case.lang, "phenomenon": o.case.phenomenon, "text": o.case.text}
            for o in shown
            if (o.case.truth, o.outcome) == pair
        ]
        for kind, pair in {
            "wrongly removed": (Outcome.ALLOWED, Outcome.VIOLATES),
            "missed": (Outcome.VIOLATES, Outcome.ALLOWED),
        }.items()
    }
    record["errors"] = {
        kind: {"all": len(found), "shown": found[:WRONG_SHOWN]} for kind, found in errors.items()
    }
    if out is not None:
        page.write(record, out)
    return page.text(record)


def calibration(found: Sequence[Judged]) -> list[dict[str, float]]:
    """Return, by tenths of the share of praise and support, how many posts there are and how many violate in truth."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for one in found:
        for reading in one.verdict.stances:
            if reading.entity_id == one.about:
                share = sum(reading.shares[stance] for stance in FORBIDDEN)
                bins[min(9, int(share * 10))].append((share, one.case.truth == Outcome.VIOLATES))
    return [
        {
            "from": n / 10,
            "posts": len(rows),
            "mean share": round(sum(share for share, _ in rows) / len(rows), 4),
            "violating": round(sum(truth for _, truth in rows) / len(rows), 4),
        }
        for n, rows in enumerate(bins)
        if rows
    ]


def row(found: Figures) -> dict[str, float]:
    """Return figures as plain numbers."""
    return {
        "posts": found.posts,
        "violating": found.violating,
        "macro-F1": round(found.macro_f1, 4),
        "macro-F1, review counted as wrong": round(found.strict_f1, 4),
        "judged right": round((found.removed + found.kept) / max(1, found.posts), 4),
        "wrongly removed": round(found.wrong_rate, 4),
        "missed": round(found.missed_rate, 4),
        "review": round(found.review_rate, 4),
    }


def rows(groups: dict[str, Figures]) -> dict[str, dict[str, float]]:
    """Return the figures of groups as plain numbers."""
    return {name: row(found) for name, found in groups.items()}
