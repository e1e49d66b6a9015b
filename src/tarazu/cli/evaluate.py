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


@app.command("policy")
def policy(
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of the public data sets, for the check on NewsMTSC."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            help="Measure this model, and compare further ones with it: a folder, or URL#MODEL. Repeat it.",
            metavar="FOLDER|URL#MODEL",
        ),
    ] = None,
) -> None:
    """Judge posts whose truth is known, and print what is wrongly removed, missed, left to a person, and of whom."""
    from tarazu.cli.display import showing
    from tarazu.cli.judge import LINKING, stance_model
    from tarazu.cli.summary import announce_kernels

    announce_kernels(LINKING)
    with showing() as display:
        from tarazu.evaluation.policy.run import evaluate

        models = [found for one in model or () if (found := stance_model(one)) is not None]
        text = evaluate(data=data, out=out, models=models, progress=display)
    typer.echo(text)


@app.command("media")
def media(
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables and charts.")] = None,
    pictures: Annotated[
        int | None,
        typer.Option(
            "--pictures",
            help="How many drawings to measure with (default: 300 for robustness, every part its own).",
        ),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part", help="Only this part: robustness, text or verdicts. Repeat it.", metavar="PART"
        ),
    ] = None,
) -> None:
    """Look for drawn pictures after changes, read words in them, judge them with their captions.

    With --out, finished work is kept there, and an interrupted run goes on where it stopped.
    """
    from tarazu.cli.display import showing
    from tarazu.cli.summary import announce_kernels

    announce_kernels()
    with showing() as display:
        from tarazu.evaluation.media.run import evaluate

        text = evaluate(out=out, pictures=pictures, parts=part or (), progress=display)
    typer.echo(text)
