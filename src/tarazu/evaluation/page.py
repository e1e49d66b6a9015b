"""The page that a run of the evaluation leaves behind: when, on what, with what, and every table."""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tarazu.coordination.run import NULL
from tarazu.evaluation import charts
from tarazu.evaluation.tables import Sheet
from tarazu.evaluation.worlds import HOLDOUT_SEEDS, TUNE_SEEDS

_BESIDE = ("polars", "numpy", "scipy", "numba", "graspologic-native")

NOTES = """## What to know before reading

- **Seeds.** Worlds of the hold-out seeds were not looked at while the detectors were tuned, but the real streams
  underneath (german, ira, russian_retweets) are the same for all seeds, and they were; the stored organic curve that
  stands in where strangers are few was measured on the German one. So the figures on the real streams as they are, and
  on the operation alone, are figures on known data.
- **Truth of the injected operation.** A crew is a connected group of accounts that reposted ten texts within an hour
  of one and the same other account of their category: a plain threshold on the whole set, which favours thresholds.
  Hand-coded categories say what accounts are like, not who works together, so they are not the truth here. Members
  whose joint acts were thinned away count as missed.
- **Times.** The set has whole minutes. Every post gets its own U(0, 60) s, which tears joint acts apart by up to a
  minute and can only hurt us. Times move by whole weeks and are turned by whole hours to the stream's rhythm.
- **Objects.** A repeated text becomes a link (four of five) or a picture, so that no channel is used by one class
  only; a tenth of the objects get names of the stream's 300 most popular ones. All names are re-keyed.
- **Backgrounds.** "as it is" has open coordination of publishers and parties, which counts as false for every
  method. "lockstep undone" shifts the sessions of the accounts in open lockstep, picked by a weight threshold, which
  flatters thresholds. "sessions shifted" shifts all.
- **Thresholds and percentiles** are chosen per world with the truth in hand, from 14 cuts of the fused channels (or of
  the campaign's own channel); nobody can choose so well in practice. Flagged are the accounts with an edge.
- **Planted campaigns** recruit accounts of the stream and add their joint actions to what they did. In the real
  background the stream's links are moved into the campaign's channel; its texts are invented. Birth, which needs
  profiles, is in the synthetic world.
- **Synthetic worlds** are ours: a flaw of the detectors that the same people overlooked may be missing in both.
- **The sizes that made the news** have the sizes of two takedowns of 21 August 2018 and the behaviour of other
  accounts (bootstrapped copies of one IRA crew each; a copy is a member if it shares ten texts with others within an
  hour), in a synthetic organic world of 150,000 accounts.
"""


def write(
    records: Sequence[Mapping[str, Any]],
    made: Sequence[Sheet],
    out: Path,
    real: bool,
    quick: bool,
) -> None:
    """Write networks.md, networks.json and the charts below `out`."""
    drawn = charts.draw(records, out)
    pictures = "".join(f"![{p.stem}]({p.name})\n\n" for p in drawn)
    tables = "\n".join(sheet.markdown() for sheet in made)
    page = "\n".join([_head(records, real, quick), made[0].markdown(), NOTES, pictures])
    rest = tables.split("\n## ", 1)
    page += "## " + rest[1] if len(rest) > 1 else ""
    (out / "networks.md").write_text(page.rstrip() + "\n", encoding="utf-8")
    short = {
        "made": _facts(records, real, quick),
        "goals": [dict(zip(made[0].columns, row, strict=True)) for row in made[0].rows],
        "tables": [{"title": s.title, "columns": s.columns, "rows": s.rows} for s in made[1:]],
    }
    (out / "networks.json").write_text(
        json.dumps(short, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def _facts(records: Sequence[Mapping[str, Any]], real: bool, quick: bool) -> dict[str, str]:
    seeds = TUNE_SEEDS[:1] if quick else HOLDOUT_SEEDS
    together = sum(r["took"] for r in records) / 60
    codes = Counter(str(r["stamp"]["code"]) for r in records)
    measured = ", ".join(f"{code} ({count} worlds)" for code, count in codes.most_common())
    command = "tarazu evaluate networks" + (" --data data" if real else "") + (" --quick" if quick else "")
    return {
        "command": command + " --out ...",
        "date": datetime.now(UTC).date().isoformat(),
        "tarazu": f"{installed('tarazu')}, null {NULL}, measured by code {measured}",
        "beside": ", ".join(
            [f"Python {platform.python_version()}", *(f"{n} {installed(n)}" for n in _BESIDE)]
        ),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, shared with other work",
        "worlds": str(len(records)),
        "minutes": f"{together:.0f} of measuring, all worlds added; they are measured side by side",
        "seeds": f"{seeds[0]} to {seeds[-1]} (the first three or fewer where a table does not say 20 runs)"
        + (": tuning seeds, for a look, not for a claim" if quick else ", held out from tuning"),
    }


def _head(records: Sequence[Mapping[str, Any]], real: bool, quick: bool) -> str:
    facts = _facts(records, real, quick)
    lines = ["# How well networks are found", "", "| | |", "|---|---|"]
    lines += [
        f"| {name} | {'`' + value + '`' if name == 'command' else value} |" for name, value in facts.items()
    ]
    return "\n".join(lines) + "\n"


def installed(name: str) -> str:
    """The version of an installed package; "source" where it runs from its sources."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "source"
