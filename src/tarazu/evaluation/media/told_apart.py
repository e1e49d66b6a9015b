"""Whether pictures that share much are told apart: a false answer accuses somebody who posted something else.

Of every series `each` pictures are known; as many others of it, changed in the ways below, are looked for, and a copy
of every known one. Each of the others makes a pair with each of the known: `each` times `each` a series.
"""

from __future__ import annotations

from typing import Any

from tarazu.cases.interval import Share
from tarazu.evaluation.media import finders
from tarazu.evaluation.media.changes import changes
from tarazu.evaluation.media.finders import LOCAL, TURNS, Finder
from tarazu.evaluation.media.lookalikes import lookalikes
from tarazu.progress import SILENT, Progress

FIRST = 2_000  # series from here on are for the published page and nothing else
SERIES, EACH = 2, 15
WAYS = ("as it is", "cropped all round, 20 %", "resized, 0.5 x")  # in turn

Record = dict[str, Any]
INTRODUCTION = """### Pictures that share much

How to read this. Of every series {each} pictures are known, and {each} others of the same series are looked for: as
they are, cropped all round by 20 %, at half size, in turn. Each of these makes a pair with each of the known, and none
is a copy. **False**: pairs taken for one picture. 95 %: Wilson's interval of {local}. The pairs of one series share
their form, so they are not independent: the interval is narrower than what is truly known. **Copies**: the known
pictures themselves, changed in the same ways, and the share that {local} finds.
"""


def measure(series: int = SERIES, each: int = EACH, *, progress: Progress = SILENT) -> list[Record]:
    """Return, for every kind of lookalike, pairs, false answers by finder, copies and how many are found."""
    kinds = lookalikes()
    rows: list[Record] = []
    with progress.stage(f"Telling lookalikes of {len(kinds)} kinds apart", len(kinds)) as stage:
        for kind in kinds:
            rows.append(_kind(kind, series, each))
            stage.advance()
    return rows


def _kind(kind: str, series: int, each: int) -> Record:
    draw = lookalikes()[kind]
    ways = {change.name: change for change in changes()}
    false, found = {TURNS: 0, LOCAL: 0}, 0
    for one in range(FIRST, FIRST + series):
        tried: list[Finder] = [finders.Pdq(turns=True), finders.Local()]
        for number in range(each):
            for finder in tried:
                finder.add(number, draw(one, number))
        for number in range(2 * each):
            shown = ways[WAYS[number % len(WAYS)]](draw(one, number), number)
            for finder in tried:
                answers = finder.find(shown)
                false[finder.name] += len(answers) if number >= each else 0
                found += finder.name == LOCAL and number < each and number in answers
    return {
        "kind": kind,
        "pairs": series * each * each,
        "false": false,
        "copies": series * each,
        "found": found,
        "each": each,
    }


def section(rows: list[Record]) -> str:
    """Return the table in Markdown."""
    lines = [
        INTRODUCTION.format(each=rows[0]["each"], local=LOCAL),
        f"| what they share | pairs | false, {TURNS} | false, {LOCAL} | 95 % | copies found |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in (*rows, _all(rows)):
        share = Share(row["false"][LOCAL], row["pairs"])
        lines.append(
            f"| {row['kind']} | {row['pairs']:,} | {row['false'][TURNS]:,} | {share.part:,} "
            f"| {share.low:.3%} to {share.high:.3%} | {row['found']:,} of {row['copies']:,} |"
        )
    return "\n".join(lines) + "\n"


def _all(rows: list[Record]) -> Record:
    sums: Record = {key: sum(row[key] for row in rows) for key in ("pairs", "copies", "found")}
    return sums | {
        "kind": "all",
        "false": {name: sum(row["false"][name] for row in rows) for name in (TURNS, LOCAL)},
    }
