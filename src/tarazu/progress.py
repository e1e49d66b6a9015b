"""How long work tells how far it is: one small protocol, silent unless the caller passes a display."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Stage(Protocol):
    """One step of work under way."""

    def advance(self, amount: int = 1) -> None:
        """Say that `amount` more units are done."""


class Progress(Protocol):
    """A display for steps of work."""

    def stage(self, name: str, total: int | None = None) -> AbstractContextManager[Stage]:
        """Open a step of `total` units (None: unknown) and close it when the block ends."""


class _Quiet:
    def advance(self, amount: int = 1) -> None:
        """Do nothing."""


class Silent:
    """The display that shows nothing."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Stage]:
        """Open a step that nobody sees."""
        yield _Quiet()


SILENT = Silent()
