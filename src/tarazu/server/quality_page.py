"""What the page of quality shows: rows of its tables and the drawings of its weeks, made on the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from tarazu.cases.answer import Answer
from tarazu.cases.interval import Share
from tarazu.cases.quality import Quality, QualitySettings
from tarazu.cases.quality_figures import Agreement, Figures
from tarazu.server.desk import desk
from tarazu.words import LANGUAGES, number, say

WIDE, HIGH, LEFT, FOOT = 720, 170, 48, 26  # of a drawing, and the room for its numbers
INK = 10  # above and below what is drawn


def quality(request: Request) -> Quality:
    """Golden cases and second looks, as this installation is set."""
    at_hand = desk(request)
    wanted = at_hand.settings.quality
    settings = QualitySettings(
        share=wanted.second_looks, within=timedelta(days=wanted.within_days), few=wanted.few
    )
    return Quality(at_hand.store, at_hand.clock, settings)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One week in a drawing: a point with its interval, or a bar."""

    x: float
    y: float
    low: float
    high: float
    title: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A drawing of weeks, in the units of its own sheet. Time runs from left to right in every language."""

    marks: tuple[Mark, ...]
    lines: tuple[tuple[float, str], ...]  # height, and its number
    ticks: tuple[tuple[float, datetime], ...]
    width: float  # of a bar
    box: str = f"0 0 {WIDE} {HIGH}"
    left: int = LEFT
    right: int = WIDE - 4
    floor: int = HIGH - FOOT


def agreement_drawing(lang: str, found: Figures) -> Drawing:
    """How often both said the same, week by week; weeks of too few cases are left out."""
    rows = [
        (at, one.raw.value or 0.0, one.raw.low, one.raw.high, share_said(lang, one.raw))
        for at, one in found.by_week
        if one.raw.of >= found.few
    ]
    starts = [at for at, _ in found.by_week]
    lines = [(share, number(lang, share, 0, percent=True)) for share in (0.0, 0.5, 1.0)]
    return _drawing(starts, rows, 1.0, lines)


def waiting_drawing(lang: str, found: Figures) -> Drawing:
    """How many cases waited at the end of each week."""
    most = max((week.waiting for week in found.weeks), default=0) or 1
    rows = [
        (week.begins, week.waiting, 0.0, float(week.waiting), number(lang, week.waiting))
        for week in found.weeks
    ]
    starts = [week.begins for week in found.weeks]
    return _drawing(starts, rows, float(most), [(0.0, number(lang, 0)), (float(most), number(lang, most))])


def _drawing(
    starts: Sequence[datetime],
    rows: Iterable[tuple[datetime, float, float, float, str]],
    most: float,
    lines: Iterable[tuple[float, str]],
) -> Drawing:
    step = (WIDE - 4 - LEFT) / max(len(starts), 1)
    middle = {at: round(LEFT + step * (place + 0.5), 1) for place, at in enumerate(starts)}

    def height(value: float) -> float:
        return round(INK + (1 - value / most) * (HIGH - FOOT - INK), 1)

    return Drawing(
        marks=tuple(
            Mark(x=middle[at], y=height(value), low=height(low), high=height(high), title=said)
            for at, value, low, high, said in rows
        ),
        lines=tuple((height(value), said) for value, said in lines),
        ticks=tuple((middle[at], at) for at in starts[::3]),
        width=round(step * 0.6, 1),
    )


def share_said(lang: str, share: Share) -> str:
    """A share with its interval and its base, as one reads it aloud."""
    if share.value is None:
        return "–"
    shown = [number(lang, one, 0, percent=True) for one in (share.value, share.low, share.high)]
    return say(
        lang, "quality.share", share=shown[0], low=shown[1], high=shown[2], part=share.part, of=share.of
    )


def kappa_said(lang: str, one: Agreement) -> str:
    """Kappa with its interval; a dash where it says nothing, as where one of the two always said the same."""
    kappa = one.kappa
    if kappa.value is None or kappa.low is None or kappa.high is None:
        return "–"
    if kappa.value == kappa.low == kappa.high == 0:
        return "–"
    shown = [number(lang, value, 2) for value in (kappa.value, kappa.low, kappa.high)]
    return say(lang, "quality.kappa_value", value=shown[0], low=shown[1], high=shown[2])


def named(lang: str, kind: str) -> Callable[[str], str]:
    """What the rows of a table are called: languages by their name, clauses by their id."""

    def name(key: str) -> str:
        if not key:
            return say(lang, f"quality.no_{kind}")
        if kind == "maker":
            return say(lang, f"quality.maker_{key}")
        tongue = key.split("-")[0]
        return say(lang, f"common.lang_{tongue}") if kind == "lang" and tongue in LANGUAGES else key

    return name


def answer_said(lang: str, one: Answer) -> str:
    """What somebody would do, and the clause."""
    done = say(lang, f"decide.do_{one.action}")
    return f"{done} · {one.clause_id}" if one.clause_id and one.action.blames else done


def plain_figures(found: Figures) -> dict[str, object]:
    """The figures for programs: each share with its base and interval. Nothing in it is about one person."""

    def share(one: Share) -> dict[str, object]:
        return {"part": one.part, "of": one.of, "value": one.value, "low": one.low, "high": one.high}

    def agreement(one: Agreement) -> dict[str, object]:
        kappa = {"value": one.kappa.value, "low": one.kappa.low, "high": one.kappa.high}
        return {"same": share(one.raw), "kappa": kappa}

    def each(some: Mapping[str, Agreement]) -> dict[str, object]:
        return {name: agreement(one) for name, one in some.items()}

    rates = found.overturns
    groups = {"whole": {"": rates.whole}, "by_clause": rates.by_clause, "by_lang": rates.by_lang,
              "by_maker": rates.by_maker}  # fmt: skip
    turned = {
        name: {
            key: {"decisions": share(one.overturned), "appeals": share(one.reversed)}
            for key, one in some.items()
        }
        for name, some in groups.items()
    }
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "few": found.few,
        "agreement": {
            "whole": agreement(found.agreement),
            "by_lang": each(found.by_lang),
            "by_clause": each(found.by_clause),
            "by_week": each({at.date().isoformat(): one for at, one in found.by_week}),
        },
        "disagreements": found.disagreements,
        "overturned": {**turned, "whole": turned["whole"][""]},
        "golden": {"cases": found.golden_cases, "right": share(found.golden)},
        "weeks": [{**vars(week), "begins": week.begins.date().isoformat()} for week in found.weeks],
    }
