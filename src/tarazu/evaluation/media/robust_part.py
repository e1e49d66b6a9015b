"""Robustness as a part of the page: tables, and a chart when there is a folder for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tarazu.evaluation.media import curves, robustness, tables, told_apart
from tarazu.evaluation.media.run import Measured
from tarazu.progress import Progress


def part(pictures: int | None, out: Path | None, kept: Path | None, progress: Progress) -> Measured:
    """Measure with that many known pictures (300 for the page)."""
    record = robustness.measure(
        robustness.PICTURES if pictures is None else pictures, kept=kept, progress=progress
    )
    section = tables.section(record)
    if out is not None:
        curves.draw(record, out)
        chart = "![Share found by how much a picture is changed](media-robustness.svg)\n\n"
        section = section.replace("### By change\n\n", "### By change\n\n" + chart)
    # A quick look at few pictures looks at few series.
    series = told_apart.SERIES if pictures is None else min(told_apart.SERIES, max(1, pictures // 5))
    alike = told_apart.measure(series, progress=progress)
    return Measured(f"{section}\n{told_apart.section(alike)}", summary(record) | {"lookalikes": alike})


def summary(record: tables.Record) -> dict[str, Any]:
    """Return the figures of the tables, without the row of every picture."""
    names = list(record["finders"])
    figures: dict[str, Any] = {
        key: record[key] for key in ("pictures", "unrelated hashes", "decoys", "strangers", "code")
    }
    figures["recall"] = [
        {**change, **{name: round(tables.share(record, name, change.__eq__), 4) for name in names}}
        for change in record["changes"]
    ]
    figures["false"] = {
        name: {
            who: dict(zip(("queries", "with a false answer", "false answers"), counts, strict=True))
            for who, counts in (
                ("changed", tables.wrong_counts(record, name, True)),
                ("strangers", tables.wrong_counts(record, name, False)),
            )
        }
        for name in names
    }
    return figures
