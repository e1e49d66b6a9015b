"""`tarazu media bank import` and `export`: files that others write and read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tarazu.cli.media_bank_words import SHOWN, BankFile, By, Trusted, user
from tarazu.cli.media_bank_words import state as state_of

if TYPE_CHECKING:
    from tarazu.media.bank.exchange.item import Rejected
    from tarazu.media.bank.exchange.transfer import Form


def import_(
    bank: BankFile,
    file: Annotated[Path, typer.Argument(help="The file to read.", metavar="FILE")],
    form: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="threatexchange, threatexchange-csv, hma or csv. Default: as it begins.",
            metavar="FORM",
        ),
    ] = None,
    trusted: Trusted = False,
    by: By = None,
    reason: Annotated[str, typer.Option("--reason", help="Why. It is kept in the log.", metavar="TEXT")] = "",
    rejected: Annotated[
        Path | None,
        typer.Option("--rejected", help="Write rejected rows with reasons here.", metavar="FILE.jsonl"),
    ] = None,
) -> None:
    """Read known pictures from a file of ThreatExchange, HMA, or a table."""
    from tarazu.cli import place
    from tarazu.media.bank import Bank
    from tarazu.media.bank.exchange.transfer import take

    if rejected is not None:
        place.check_file(rejected)
    with Bank.open(bank) as opened:
        done = take(opened, file, _form(form), by=by or user(), trusted=trusted, reason=reason)
    typer.echo(
        f"{file.name} [{done.form}]: read {done.read:,}, accepted {done.accepted:,}, "
        f"rejected {len(done.rejected):,}"
    )
    for why, count in done.reasons[:SHOWN]:
        typer.echo(f"  {count:,} rejected: {why}")
    if done.rejected:
        typer.echo(f"  (first: row {done.rejected[0].position:,}, {done.rejected[0].reason})")
    if rejected is not None:
        _write_rejected(done.rejected, file, rejected)


def export(
    bank: BankFile,
    file: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")],
    form: Annotated[
        str, typer.Option("--to", help="threatexchange, threatexchange-csv, hma or csv.", metavar="FORM")
    ] = "csv",
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            help="Only entries in this state. Repeat it. Default: all for hma and csv, else active.",
            metavar="STATE",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older file.")] = False,
) -> None:
    """Write known pictures to a file that others read. It appears when it is whole."""
    from tarazu.cli import place
    from tarazu.errors import OutputError
    from tarazu.media.bank import Bank
    from tarazu.media.bank.exchange.transfer import Form, give

    place.check_file(file)
    if file.exists() and not force:
        raise OutputError(f"{file} is there already. Choose another name, or pass --force to replace it.")
    states = frozenset(filter(None, map(state_of, state or ())))
    chosen = _form(form) or Form.CSV
    with (
        Bank.open(bank) as opened,
        place.whole_file(file) as draft,
        draft.open("w", encoding="utf-8", newline="") as stream,
    ):
        count = give(opened, stream, chosen, states=states or None)
    noun = ("signal", "signals") if "threatexchange" in chosen else ("entry", "entries")
    typer.echo(f"{count:,} {noun[count != 1]} written to {file}.")


def _write_rejected(rows: Sequence[Rejected], file: Path, out: Path) -> None:
    import json
    from dataclasses import asdict

    from tarazu.cli import place

    with place.whole_file(out) as draft:
        lines = (json.dumps({"file": str(file), **asdict(one)}, ensure_ascii=False) for one in rows)
        draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    typer.echo(f"Rejected rows, with reasons: {out}")


def _form(given: str | None) -> Form | None:
    from tarazu.errors import OptionError
    from tarazu.media.bank.exchange.transfer import Form

    if given is None:
        return None
    if given not in [str(one) for one in Form]:
        raise OptionError(f"There is no form {given!r}. Use one of: {', '.join(Form)}.")
    return Form(given)
