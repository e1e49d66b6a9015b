"""Every error Tarazu raises on purpose. Each message says what to do next.

TarazuError
├── InputError            the data cannot be used as it is
│   ├── UnknownLayout     no layout fits the columns found
│   ├── NotReadable       the file is not what its name says, or it is damaged
│   ├── NotValid          a file that people write breaks its rules; every fault with line and column
│   └── NothingToRead     no usable row is left
├── OptionError           an option has a value that makes no sense
└── OutputError           the result cannot be written where asked
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
