"""Words of `tarazu media bank` that several of its commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tarazu.media.bank.state import State

SHOWN = 10  # uploads of the past, reasons, of one sort

BankFile = Annotated[Path, typer.Argument(help="The bank's file, NAME.bank.", metavar="BANK")]
By = Annotated[
    str | None, typer.Option("--by", help="Who does this. Default: the name of the system's user.")
]
Trusted = Annotated[
    bool, typer.Option("--trusted", help="The entries decide at once, instead of waiting for a person.")
]


def state(given: str | None) -> State | None:
    """The state of that name."""
    from tarazu.errors import OptionError
    from tarazu.media.bank import State

    if given is None:
        return None
    if given not in [str(one) for one in State]:
        raise OptionError(f"There is no state {given!r}. Use one of: {', '.join(State)}.")
    return State(given)


def user() -> str:
    """The name of the system's user."""
    import getpass

    from tarazu.errors import OptionError

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise OptionError("Say who you are with --by: a bank keeps who made every change.") from None
