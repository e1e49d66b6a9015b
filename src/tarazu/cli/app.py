"""All verbs on one application."""

from __future__ import annotations

from typing import Annotated

import typer

from tarazu.cli import (
    demo,
    entities,
    evaluate,
    jobs,
    judge,
    ledger,
    media,
    networks,
    pairs,
    people,
    policy,
    reports,
    scan,
    serve,
    store,
)


def version() -> str:
    """The installed version."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("tarazu")
    except PackageNotFoundError:
        return "0 (run from source, not installed)"


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tarazu {version()}")
        raise typer.Exit


app = typer.Typer(
    name="tarazu",
    help="Judge posts by a written policy; find coordinated networks, with evidence for every edge.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an unexpected error comes from (also TARAZU_DEBUG=1).")
    ] = False,
) -> None:
    """Judge posts by a written policy; find coordinated networks, with evidence for every edge."""


app.command("networks")(networks.networks)
app.command("pairs")(pairs.pairs)
app.command("judge")(judge.judge)
app.add_typer(policy.app, name="policy")
app.add_typer(media.app, name="media")
app.command("demo")(demo.demo)
app.command("scan")(scan.scan)
app.add_typer(reports.app, name="reports")
app.command("serve")(serve.serve)
app.add_typer(jobs.app, name="jobs")
app.add_typer(people.app, name="people")
app.command("backup")(store.backup)
app.command("restore")(store.restore)
app.command("verify")(store.verify)
app.add_typer(ledger.app, name="ledger")
app.add_typer(entities.app, name="entities")
app.add_typer(evaluate.app, name="evaluate")
