"""`tarazu reports`: reports of users, flaggers and authorities."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from tarazu.cli.networks import AssumeUtc
from tarazu.cli.store import Config, Data, StoreUrl, settings_of

app = typer.Typer(help="Reports of users, flaggers and authorities.", no_args_is_help=True)
SHOWN = 10  # rejected rows


@app.callback()
def _root() -> None:
    """Reports of users, flaggers and authorities."""


@app.command("import")
def take(
    file: Annotated[
        Path,
        typer.Argument(help="CSV with the columns subject, reason, reporter_id, kind, ...", metavar="FILE"),
    ],
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
    tokens: Annotated[
        Path | None,
        typer.Option(
            "--tokens", help="New file for the receipts, with which senders can ask what became of a report."
        ),
    ] = None,
    assume_utc: AssumeUtc = False,
) -> None:
    """Take in a file of reports; what one report_id brought before is not taken in again."""
    from tarazu.cli import place
    from tarazu.cli.display import showing

    if tokens is not None:
        place.check_new(tokens, force=False)
    from tarazu.cases.intake import Intake
    from tarazu.cases.report_file import take_in
    from tarazu.store import Store

    settings = settings_of(store, data, config)
    key = settings.key("ledger.signing")
    with Store.open(settings.store_url, key=key) as opened, showing() as display:
        came = take_in(Intake(opened), file, assume_utc=assume_utc, progress=display)
    typer.echo(
        f"{file.name}: read {came.read:,}, accepted {came.accepted:,} ({came.repeated:,} of them received before), "
        f"rejected {len(came.rejected):,}"
    )
    for row, reason in came.rejected[:SHOWN]:
        typer.echo(f"  row {row}: {reason}")
    if len(came.rejected) > SHOWN:
        typer.echo(f"  and {len(came.rejected) - SHOWN:,} more")
    typer.echo(f"Cases opened: {came.opened:,}. Government orders, due within the hour: {came.orders:,}")
    if tokens is not None:
        with place.whole_file(tokens) as draft, draft.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["row", "report_id", "case_id", "token"])
            writer.writerows(came.tokens)
        tokens.chmod(0o600)
        typer.echo(f"Receipts: {tokens}. Whoever has a token reads what became of that report.")
