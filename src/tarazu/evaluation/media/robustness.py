"""How much a picture may be changed and still be found, and what is found that should not be.

A bank holds `pictures` drawings of every kind, `decoys` further drawings, and the hashes of still more. Each of the
drawings is changed in every way of `changes` and looked for. Found: the picture's own number is among the answers.
False: any other number. Then as many drawings that are in no bank are looked for as they are.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from PIL import Image

from tarazu.evaluation.media import finders, frames, unrelated
from tarazu.evaluation.media.brush import random
from tarazu.evaluation.media.changes import Change, changes
from tarazu.evaluation.media.drawings import DRAWINGS, picture
from tarazu.evaluation.media.finders import Finder
from tarazu.progress import SILENT, Progress

# Numbers of drawings (five kinds take turns): seeds from 2000 are for the published page and nothing else.
KNOWN, DECOYS, STRANGERS = 10_000, 50_000, 100_000
PICTURES, HASHES = 300, 100_000
SMALL = 512  # pixels a side of decoys and strangers, which are looked at as the decoder gives them
CODE = (
    *unrelated.CODE,
    *(f"evaluation/media/{name}.py" for name in ("changes", "frames", "finders", "robustness")),
    "media/local/*.py",
    "safe/still.py",
)

Record = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """One drawing to look for: changed in every way if it is known, as it is if it is a stranger."""

    number: int
    known: bool

    @property
    def name(self) -> str:
        """Return a name that tells known drawings and strangers apart."""
        return f"{'known' if self.known else 'stranger'} {self.number}"


def measure(
    pictures: int = PICTURES,
    hashes: int = HASHES,
    *,
    decoys: int | None = None,
    strangers: int | None = None,
    ways: Sequence[Change] | None = None,
    side: int = 900,
    kept: Path | None = None,
    progress: Progress = SILENT,
) -> Record:
    """Return every figure of the robustness of our finders; finished drawings are kept below `kept`, if given.

    `decoys` and `strangers`: by default three and two times `pictures`. `ways`: all changes unless given. `side`:
    pixels of the longer side of the known drawings.
    """
    decoys = pictures * 3 if decoys is None else decoys
    strangers = pictures * 2 if strangers is None else strangers
    every = changes() if ways is None else ways
    others = unrelated.hashes(hashes, kept=kept, progress=progress)
    tried = finders.every(others)
    jobs = [Job(KNOWN + n, True) for n in range(pictures)] + [
        Job(STRANGERS + n, False) for n in range(strangers)
    ]
    stamp = f"{code()} {pictures} {len(others)} {decoys} {side} {len(every)}"
    store = None if kept is None else kept / "robustness.jsonl"
    done = dict(_kept(store, stamp))
    missing = [job for job in jobs if job.name not in done]
    learning = _learn(tried, pictures, decoys, side, progress) if missing else {}
    with progress.stage(
        f"Looking for {len(jobs):,} drawings, changed in {len(every)} ways", len(jobs)
    ) as stage:
        stage.advance(len(jobs) - len(missing))
        for name, row in _looked_for(missing, tried, every, side):
            done[name] = row | {"learning": learning}
            _keep(store, stamp, name, done[name])
            stage.advance()
    return {
        "pictures": pictures,
        "unrelated hashes": len(others),
        "decoys": decoys,
        "strangers": strangers,
        "code": code(),
        "changes": [{"family": c.family, "setting": c.setting, "amount": c.amount} for c in every],
        "finders": list(done[jobs[0].name]["found"]),
        "rows": [done[job.name] for job in jobs],
    }


def _learn(
    tried: Sequence[Finder], pictures: int, decoys: int, side: int, progress: Progress
) -> dict[str, float]:
    """Add the known drawings to every finder, and the decoys; return the milliseconds a picture takes."""
    spent = dict.fromkeys((finder.name for finder in tried), 0.0)
    with progress.stage(f"Learning {pictures + decoys:,} drawings", pictures + decoys) as stage:
        for number in [*range(KNOWN, KNOWN + pictures), *range(DECOYS, DECOYS + decoys)]:
            drawn = picture(number, side=side) if number < DECOYS else other(number)
            for finder in tried:
                begun = perf_counter()
                finder.add(number, drawn)
                spent[finder.name] += perf_counter() - begun
            stage.advance()
    return {name: 1000 * seconds / max(1, pictures + decoys) for name, seconds in spent.items()}


def other(number: int) -> Image.Image:
    """Return a drawing that is not to be found; every third is a screenshot, the three sorts in turn."""
    drawn = picture(number, side=SMALL)
    if number % 3:
        return drawn
    frame = (frames.on_phone, frames.in_browser, frames.in_post)[number // 3 % 3]
    return frame(drawn, random("frame", number))


def _looked_for(
    jobs: Sequence[Job], tried: Sequence[Finder], every: Sequence[Change], side: int
) -> Iterator[tuple[str, Record]]:
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        rows = pool.map(lambda job: look(job, tried, every, side), jobs)
        yield from zip((job.name for job in jobs), rows, strict=True)


def look(job: Job, tried: Sequence[Finder], every: Sequence[Change], side: int) -> Record:
    """Return what each finder answers: a digit a change (1: found), wrong answers, seconds."""
    drawn = picture(job.number, side=side) if job.known else other(job.number)
    found: dict[str, str] = {}
    wrong: dict[str, list[list[int]]] = {}
    spent = dict.fromkeys((finder.name for finder in tried), 0.0)
    for n in range(len(every) if job.known else 1):
        shown = every[n](drawn, job.number) if job.known else drawn
        answers: dict[str, set[int]] = {}
        for finder in tried:
            begun = perf_counter()
            answers[finder.name] = finder.find(shown)
            spent[finder.name] += perf_counter() - begun
        if finders.LOCAL in answers:
            answers[finders.TOGETHER] = answers[finders.TURNS] | answers[finders.LOCAL]
        for name, numbers in answers.items():
            own = job.known and job.number in numbers
            found[name] = found.get(name, "") + str(int(own))
            wrong.setdefault(name, [])
            if others := sorted(numbers - {job.number} if job.known else numbers):
                wrong[name].append([n, *others])
    return {
        "kind": list(DRAWINGS)[job.number % len(DRAWINGS)],
        "known": job.known,
        "found": found,
        "wrong": wrong,  # number of the change, then the numbers of what was found wrongly
        "queries": len(every) if job.known else 1,
        "seconds": {name: round(seconds, 4) for name, seconds in spent.items()},
    }


def _kept(store: Path | None, stamp: str) -> Iterator[tuple[str, Record]]:
    if store is None or not store.exists():
        return
    for line in store.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:  # the last line of an interrupted run
            continue
        if row["stamp"] == stamp:
            yield row["name"], row["row"]


def _keep(store: Path | None, stamp: str, name: str, row: Record) -> None:
    if store is not None:
        with store.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"stamp": stamp, "name": name, "row": row}) + "\n")


def code() -> str:
    """Return a short hash of the code that the figures depend on."""
    return unrelated.code(CODE)
