"""`tarazu evaluate`: how well the detectors do on data whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Measure the detectors on data whose truth is known.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Measure the detectors on data whose truth is known."""


@app.command("networks")
def networks(
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of the public data sets; without it, the bundled sample."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables and plots.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A small part, in about a minute.")] = False,
) -> None:
    """Build the labelled benchmark and print what is found of it, beside two baselines."""
    from tarazu.cli.display import showing
    from tarazu.cli.summary import announce_kernels

    announce_kernels()
    with showing() as display:
        from tarazu.evaluation.run import evaluate

        outcome = evaluate(data=data, out=out, quick=quick, progress=display)
    if isinstance(outcome, str):
        typer.echo(outcome)
