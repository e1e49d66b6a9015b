"""How far the work is: a bar on a terminal once it takes more than two seconds, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tarazu.progress import Stage

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

PATIENCE = 2.0  # seconds before anything is drawn


class _Plain:
    def advance(self, amount: int = 1) -> None:
        """Count in silence."""


class Lines:
    """One line a stage on stderr, for logs and pipes; nothing for work that is done in two seconds."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Stage]:
        """Say the name once the stage, or the run so far, has taken longer than a moment."""
        said = threading.Event()

        def say() -> None:
            if not said.is_set():
                said.set()
                print(f"{name} ...", file=sys.stderr, flush=True)

        wait = max(0.0, PATIENCE - (time.monotonic() - self._begun))
        timer = threading.Timer(wait, say)
        timer.daemon = True
        timer.start()
        try:
            yield _Plain()
        finally:
            said.set()
            timer.cancel()


class _BarStage:
    def __init__(self, bars: Bars, task: int) -> None:
        self._bars = bars
        self._task = task

    def advance(self, amount: int = 1) -> None:
        """Move the bar."""
        from rich.progress import TaskID

        self._bars.advance(TaskID(self._task), amount)


class Bar:
    """A bar a stage on the terminal; stages that are done disappear."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._timer = threading.Timer(PATIENCE, self._bars.start)
        self._timer.daemon = True
        self._timer.start()

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Stage]:
        """Draw `name` with a bar of `total` units, or one that only shows that work goes on."""
        task = self._bars.add_task(name, total=total)
        try:
            yield _BarStage(self._bars, int(task))
        finally:
            self._bars.remove_task(task)

    def close(self) -> None:
        """Take everything off the screen."""
        self._timer.cancel()
        self._bars.stop()


@contextmanager
def showing() -> Iterator[Lines | Bar]:
    """The display that fits where stderr goes."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    bar = Bar()
    try:
        yield bar
    finally:
        bar.close()
