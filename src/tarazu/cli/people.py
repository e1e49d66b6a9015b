"""`tarazu people`: let somebody in again from the machine itself, where nobody is left who could in the console."""

from __future__ import annotations

from typing import Annotated

import typer

from tarazu.cli.store import Config, Data, StoreUrl, opened, settings_of

app = typer.Typer(help="Who may work here.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    """Who may work here."""


@app.command("reset")
def reset(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="With which the person signs in.")],
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Take the second factor away too.")
    ] = False,
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Print a one-time link with which a person sets a new password; all their sessions end."""
    from tarazu.errors import OptionError
    from tarazu.server.links import Links, Purpose
    from tarazu.server.people import People
    from tarazu.server.second_factor import SecondFactors
    from tarazu.server.sessions import Sessions
    from tarazu.store import SYSTEM

    settings = settings_of(store, data, config)
    with opened(settings) as found:
        person = People(found, found.clock).by_login(login.strip().casefold())
        if person is None:
            raise OptionError(f"Nobody signs in as {login!r} here. The logins are under /people.")
        person_id = person[0]
        with found.write(SYSTEM) as tx:
            Sessions.end_all_in(tx, person_id)
            if second_factor:
                SecondFactors.remove_in(tx, person_id)
            tx.log("person.changed", f"person:{person_id}", {"sessions": "ended"})
        link = Links(found, settings, found.clock).send(SYSTEM, Purpose.RESET, person_id)
    typer.echo(f"Open this once, within {settings.invite_hours} hours:\n\n  {link}\n")
