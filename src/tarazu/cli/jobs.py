"""`tarazu jobs`: what has to happen by itself, once; for cron, where no server runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tarazu.cli.store import Config, Data, StoreUrl, opened, settings_of

if TYPE_CHECKING:
    from tarazu.server.clockwork.outcome import Outcome

app = typer.Typer(help="What has to happen by itself.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    """What has to happen by itself."""


@app.command("run")
def run(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME...]", help="Jobs to run now; default: those that are due."),
    ] = None,
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Run jobs once, in this process; one that a server is at is left to it."""
    from tarazu.errors import OptionError
    from tarazu.server.clockwork.clockwork import Clockwork
    from tarazu.server.clockwork.jobs import jobs
    from tarazu.server.clockwork.supplies import of_installation

    settings = settings_of(store, data, config)
    every = jobs(settings)
    unknown = [name for name in names or () if name not in {one.name for one in every}]
    if unknown:
        raise OptionError(
            f"There is no job {', '.join(unknown)}. There are {', '.join(one.name for one in every)}."
        )
    with opened(settings) as found:
        supplies = of_installation(settings, found)
        ran = Clockwork(supplies, every, apart=False).run(names or ())
    for name, outcome in ran.items():
        typer.echo(f"{name}: {_told(outcome)}")
    if not ran:
        typer.echo("Nothing is due.")
    if any(outcome is not None and outcome.error is not None for outcome in ran.values()):
        raise typer.Exit(1)


def _told(outcome: Outcome | None) -> str:
    if outcome is None:
        return "another process is at it"
    return f"{outcome.done:,}" if outcome.error is None else f"failed. {outcome.error}"
