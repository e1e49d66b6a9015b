"""The whole evaluation: measure every world, keep each result, write tables and charts.

A finished world is kept as JSON below `out/worlds` and not measured again, so an interrupted run goes on
where it stopped; delete the folder, or use another one, to measure anew (a new version of Tarazu measures
anew by itself).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich.console import Console

from tarazu.coordination.run import NULL
from tarazu.errors import InputError
from tarazu.evaluation import charts
from tarazu.evaluation.measure import measure, measure_purity
from tarazu.evaluation.suites import Job, jobs
from tarazu.evaluation.tables import Sheet, sheets
from tarazu.progress import SILENT, Progress


def evaluate(
    data: Path | None = None,
    out: Path | None = None,
    quick: bool = False,
    progress: Progress = SILENT,
    suites: frozenset[str] | None = None,
) -> str:
    """Measure us and two baselines on the labelled worlds; return the tables as text for a terminal.

    `data`: folder with `german/` and `ira/`; without it the bundled sample and synthetic worlds are used.
    `out`: where networks.md, networks.json and SVG charts are written; without it nothing is. `quick`: one
    seed and small worlds. `suites`: only these (see suites.Job). Raises InputError when `data` lacks a file.
    """
    if data is not None and not data.is_dir():
        raise InputError(
            f"{data} is no folder; give the one that holds german/ and ira/, or leave --data out."
        )
    todo = [job for job in jobs(data, quick) if suites is None or job.suite in suites]
    kept = out / "worlds" if out is not None else None
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
    records: list[Mapping[str, Any]] = []
    with progress.stage("Measuring worlds", len(todo)) as stage:
        for job in todo:
            records.append(_measured(job, kept, "data" if data else "sample"))
            stage.advance()
    made = sheets(records)
    if out is not None:
        with progress.stage("Writing tables and charts"):
            _write(records, made, out, data is not None, quick)
    return _shown(made)


def _measured(job: Job, kept: Path | None, source: str) -> Mapping[str, Any]:
    """The result of a job, from its file if it was finished by this version on the same kind of data."""
    path = (
        None if kept is None else kept / (re.sub(r"[^a-z0-9]+", "-", job.name.lower()).strip("-") + ".json")
    )
    stamp = {"tarazu": _version(), "null": NULL, "source": source}
    if path is not None and path.exists():
        try:
            known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # cut off by an interrupted run of an older kind
            known = {}
        if known.get("stamp") == stamp:
            return known
    world = job.build()
    found = measure_purity(world) if job.suite == "purity" else measure(world)
    record = {"suite": job.suite, "name": job.name, "facts": job.facts, "stamp": stamp, **found}
    if path is not None:
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
        partial.replace(path)
    return record


def _write(records: list[Mapping[str, Any]], made: list[Sheet], out: Path, real: bool, quick: bool) -> None:
    drawn = charts.draw(records, out)
    command = "tarazu evaluate networks" + (" --data DATA" if real else "") + (" --quick" if quick else "")
    seeds = (
        "Quick run on a tuning seed: for a look, not for a claim."
        if quick
        else "Seeds are the hold-out seeds, which were not used for tuning."
    )
    head = (
        "# How well networks are found\n\n"
        f"Made by `{command} --out ...` with Tarazu {_version()}, null {NULL}, {len(records)} worlds. "
        f"{seeds} The real streams underneath are the same for all seeds.\n"
    )
    pictures = "".join(f"![{p.stem}]({p.name})\n\n" for p in drawn)
    body = "\n".join(sheet.markdown() for sheet in made)
    (out / "networks.md").write_text(head + "\n" + pictures + body, encoding="utf-8")
    (out / "networks.json").write_text(json.dumps(records, ensure_ascii=False, indent=1), encoding="utf-8")


def _shown(made: list[Sheet]) -> str:
    console = Console(width=140)
    with console.capture() as capture:
        for sheet in made:
            sheet.show(console)
    return capture.get()


def _version() -> str:
    try:
        return version("tarazu")
    except PackageNotFoundError:
        return "0"
