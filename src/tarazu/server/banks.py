"""The banks of this installation: every `.bank` file in the folder `banks` of its data, opened when first asked for."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from tarazu.errors import InputError, NotReadable
from tarazu.server.desk import desk
from tarazu.server.refusals import Conflict, NotFound

if TYPE_CHECKING:
    from tarazu.media.bank.bank import Bank
    from tarazu.media.bank.entry import Entry
    from tarazu.media.studio import Studio
    from tarazu.sightings import MediaHash

LOG = logging.getLogger("tarazu.server")
_NUMBER = 13  # hex digits of a number: 52 bits, exact in everybody's JSON


class Banks:
    """The open banks, by name, and the room in which uploads are hashed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[Path, Bank] = {}
        self._damaged: dict[Path, tuple[tuple[int, int], NotReadable]] = {}  # with the file's time and size
        self._lock = threading.Lock()
        self._studio: Studio | None = None

    def all(self) -> list[Bank]:
        """Every bank that can be read, by name. One that is damaged is refused by its own name, and logged."""
        with self._lock:
            for path in sorted(self.folder.glob("*.bank")) if self.folder.is_dir() else ():
                if path not in self._open:
                    self._look(path)
            for gone in [path for path in self._open if not path.exists()]:
                self._open.pop(gone).close()
            return sorted(self._open.values(), key=lambda one: one.about.name)

    def bank(self, name: str) -> Bank:
        """One bank; raises NotFound."""
        for one in self.all():
            if one.about.name == name:
                return one
        self._refuse(name)
        raise NotFound

    def damaged(self, bank: Bank, error: NotReadable) -> None:
        """An open bank turned out to be damaged: leave it out until its file changes."""
        with self._lock:
            if self._open.pop(bank.path, None) is None:
                return  # another request met it first
            bank.close()
            self._note(bank.path, error)

    def _look(self, path: Path) -> None:
        from tarazu.media.bank.bank import Bank

        known = self._damaged.get(path)
        if known is not None and known[0] == _stamp(path):
            return
        try:
            self._open[path] = Bank.open(path)
            self._damaged.pop(path, None)
        except NotReadable as error:
            self._note(path, error)

    def _note(self, path: Path, error: NotReadable) -> None:
        LOG.warning("bank left out: %s", error)
        self._damaged[path] = _stamp(path), error

    def _refuse(self, name: str) -> None:
        """Raise why the bank of this name cannot be read, if it is damaged; its file is named after it."""
        path = self.folder / f"{name}.bank"
        if path in self._damaged and path.exists():
            raise self._damaged[path][1]

    def create(self, name: str, *, owner: str, reason: str) -> Bank:
        """Make an empty one; raises Conflict where there is one of this name."""
        from tarazu.media.bank.bank import Bank

        if any(one.about.name == name for one in self.all()):
            raise Conflict
        self._refuse(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        Bank.create(self.folder / f"{name}.bank", owner=owner, reason=reason).close()
        return self.bank(name)

    def hash(self, data: bytes) -> MediaHash:
        """What a file shows, opened in a child that may do nothing else. Raises InputError with why not."""
        from tarazu.media.studio import Studio

        with self._lock:
            self._studio = self._studio or Studio(workers=1)
        found = self._studio.study(data, "upload").hash
        if found.rejected is not None:
            raise InputError(found.rejected)
        return found

    def close(self) -> None:
        """Close the files and end the child."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()
            if self._studio is not None:
                self._studio.close()
                self._studio = None


def banks(request: Request) -> Banks:
    """Those of the application that answers `request`."""
    state = request.app.state
    if not hasattr(state, "banks"):
        state.banks = Banks(desk(request).settings.data_folder / "banks")
    return cast(Banks, state.banks)


def _stamp(path: Path) -> tuple[int, int]:
    """What changes with a file."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def number(bank: str, entry_id: str) -> int:
    """The number by which clients of HMA know an entry: their ids are whole numbers, ours are texts."""
    taken = hashlib.sha256(f"{bank}\n{entry_id}".encode()).hexdigest()
    return int(taken[:_NUMBER], 16)


def entry_of(bank: Bank, given: str) -> Entry:
    """An entry by its number, or by its own id; raises NotFound. By number it walks the bank."""
    walked: Iterator[Entry] = bank.entries()
    for one in walked:
        if given in (one.id, str(number(bank.about.name, one.id))):
            return one
    raise NotFound
