"""The whole evaluation: measure every world, keep each result, write tables and charts.

A finished world is kept as JSON below `out/worlds` and not measured again, so an interrupted run goes on
where it stopped. When the code that finds or builds changes, worlds are measured anew.
"""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from hashlib import sha256
from importlib import resources
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console

from tarazu.errors import InputError
from tarazu.evaluation import curve, page
from tarazu.evaluation.measure import measure, measure_null
from tarazu.evaluation.suites import Job, jobs
from tarazu.evaluation.tables import Sheet, sheets
from tarazu.progress import SILENT, Progress

# Worlds are small and many, so they are measured side by side, one thread each.
_WORKERS = 4
_THREADS = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")
# What the results do not depend on.
_NOT_MEASURING = ("run.py", "tables.py", "goals.py", "charts.py", "page.py", "__init__.py")

Record = Mapping[str, Any]


def evaluate(
    data: Path | None = None,
    out: Path | None = None,
    quick: bool = False,
    progress: Progress = SILENT,
    suites: frozenset[str] | None = None,
) -> str:
    """Measure us and two baselines on the labelled worlds; return the tables as text for a terminal.

    `data`: folder with `german/`, `ira/` and `russian_retweets/`; without it the bundled sample and synthetic
    worlds are used. `out`: where networks.md, networks.json and SVG charts are written; without it nothing is.
    `quick`: one seed and small worlds, in this process; otherwise worlds are measured in processes of their own.
    `suites`: only these (see suites.Job). Raises InputError when `data` lacks a file.
    """
    if data is not None and not data.is_dir():
        raise InputError(
            f"{data} is no folder; give the one that holds german/, ira/ and russian_retweets/, or leave "
            "--data out."
        )
    todo = [job for job in jobs(data, quick) if suites is None or job.suite in suites]
    kept = out / "worlds" if out is not None else None
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        (kept / ".gitignore").write_text("*\n", encoding="utf-8")
    done: dict[str, Record] = {}
    with progress.stage(f"Measuring {len(todo)} worlds", len(todo)) as stage:
        for name, record in _here(todo, kept, data) if quick else _beside(todo, kept, data):
            done[name] = record
            stage.advance()
    records = [done[job.name] for job in todo]
    made = sheets(records)
    if out is not None:
        with progress.stage("Writing tables and charts"):
            page.write(records, made, out, data is not None, quick)
    return _shown(made)


def _here(todo: Sequence[Job], kept: Path | None, data: Path | None) -> Iterator[tuple[str, Record]]:
    for job in todo:
        yield job.name, measured(job, kept, data)


def _beside(todo: Sequence[Job], kept: Path | None, data: Path | None) -> Iterator[tuple[str, Record]]:
    """Measure in processes, as they finish; those whose seconds are shown afterwards, each alone and afresh."""
    known = [(job, _kept(job, kept, data)) for job in todo]
    for job, record in known:
        if record is not None:
            yield job.name, record
    missing = [job for job, record in known if record is None]
    crowd = [job.name for job in missing if not job.alone]
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))  # new processes read it when they start
    try:
        yield from _pooled(crowd, min(_WORKERS, os.cpu_count() or 1), kept, data)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
    for job in missing:
        if job.alone:
            yield from _pooled([job.name], 1, kept, data)


def _pooled(
    names: Sequence[str], workers: int, kept: Path | None, data: Path | None
) -> Iterator[tuple[str, Record]]:
    if not names:
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf)
    try:
        under_way = {pool.submit(_named, name, kept, data): name for name in names}
        for future in as_completed(under_way):
            yield under_way[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _deaf() -> None:
    """Leave Ctrl-C to the process that the user started; it lets worlds under way end and starts no other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _all(data: Path | None) -> dict[str, Job]:
    return {job.name: job for job in jobs(data, quick=False)}


def _named(name: str, kept: Path | None, data: Path | None) -> Record:
    """Measure the job of that name; runs in a process of its own, where jobs are listed once."""
    return measured(_all(data)[name], kept, data)


def _path(job: Job, kept: Path) -> Path:
    return kept / (re.sub(r"[^a-z0-9]+", "-", job.name.lower()).strip("-") + ".json")


def _kept(job: Job, kept: Path | None, data: Path | None) -> Record | None:
    """The result of a job if the same code measured it on the same kind of data."""
    if kept is None or not _path(job, kept).exists():
        return None
    try:
        known: dict[str, Any] = json.loads(_path(job, kept).read_text(encoding="utf-8"))
    except ValueError:  # cut off by an interrupted run of an older kind
        return None
    return known if known.get("stamp") == _stamp(data) else None


def measured(job: Job, kept: Path | None, data: Path | None) -> Record:
    """The result of a job, from its file if there is one, else measured and kept."""
    known = _kept(job, kept, data)
    if known is not None:
        return known
    world = job.build()
    started = perf_counter()
    if job.suite == "purity":
        found = curve.measure(world)
    elif job.suite == "nulls":
        found = measure_null(world)
    else:
        found = measure(world)
    record = {
        "suite": job.suite,
        "name": job.name,
        "facts": job.facts,
        "stamp": _stamp(data),
        "took": round(perf_counter() - started, 2),
        **found,
    }
    if kept is not None:
        path = _path(job, kept)
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
        partial.replace(path)
    return record


def _stamp(data: Path | None) -> dict[str, str]:
    return {"code": code(), "source": "data" if data else "sample"}


@cache
def code() -> str:
    """A short hash of everything that results depend on: detectors, sources, worlds."""
    digest = sha256()
    root = resources.files("tarazu")
    for room in ("coordination", "text", "media", "evaluation"):
        with resources.as_file(root / room) as folder:
            for path in sorted(folder.rglob("*.py")):
                if room != "evaluation" or path.name not in _NOT_MEASURING:
                    digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _shown(made: list[Sheet]) -> str:
    console = Console(width=140)
    with console.capture() as capture:
        for sheet in made:
            sheet.show(console)
    return capture.get()
