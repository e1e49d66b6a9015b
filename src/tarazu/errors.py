"""Every error Tarazu raises on purpose. Each message says what to do next.

TarazuError
├── InputError            the data cannot be used as it is
│   ├── UnknownLayout     no layout fits the columns found
│   ├── NotReadable       the file is not what its name says, or it is damaged
│   ├── NotValid          a file that people write breaks its rules; every fault with line and column
│   └── NothingToRead     no usable row is left
├── OptionError           an option has a value that makes no sense
├── OutputError           the result cannot be written where asked
└── StoreError            the store of cases cannot be used, or refuses what it was asked
    ├── StoreBusy         somebody else was writing for too long; the same change can be tried again
    ├── StoreUnavailable  it cannot be opened, reached or written
    ├── StoreVersion      its tables are of another version of Tarazu
    ├── StoreDamaged      the file is no store, or is damaged
    ├── Unlogged          a change without an entry in the ledger
    └── LedgerBroken      the ledger was altered
"""

from __future__ import annotations


class TarazuError(Exception):
    """Root of the tree; the command line prints its text alone and exits with `exit_code`."""

    exit_code: int = 1


class InputError(TarazuError):
    """The data cannot be used as it is."""

    exit_code = 2


class UnknownLayout(InputError):
    """No known layout fits the columns found; the message names them and shows `--map`."""


class NotReadable(InputError):
    """The file is missing, not what its name says, or damaged beyond its first row."""


class NotValid(InputError):
    """A file that people write breaks its rules: a line a fault, `FILE:line:column: what is wrong; what to do`."""


class NothingToRead(InputError):
    """No usable row is left."""


class OptionError(TarazuError):
    """An option has a value that makes no sense."""

    exit_code = 2


class OutputError(TarazuError):
    """The result cannot be written where it was asked for."""

    exit_code = 3


class StoreError(TarazuError):
    """The store of cases cannot be used, or refuses what it was asked."""

    exit_code = 3


class StoreBusy(StoreError):
    """Somebody else was writing for too long. Nothing was changed; the same change can be tried again."""


class StoreUnavailable(StoreError):
    """The store cannot be opened, reached or written: permissions, space, network."""


class StoreVersion(StoreError):
    """The tables are of another version of Tarazu."""


class StoreDamaged(StoreError):
    """The file is no store of Tarazu, or is damaged."""


class Unlogged(StoreError):
    """A change came without an entry in the ledger and was taken back: a fault of the program, not of the data."""

    exit_code = 1


class LedgerBroken(StoreError):
    """The ledger was altered; the message names the first entry that does not fit."""

    exit_code = 2
