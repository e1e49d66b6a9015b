"""`tarazu serve`: the console and the API, in one process on one file."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tarazu.store import Store


def serve(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="FOLDER", help="Where the store and the key of this installation are."
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store", metavar="URL", help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
        ),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port.")] = 8000,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty store with cases from the bundled sample.")
    ] = False,
    no_jobs: Annotated[
        bool,
        typer.Option(
            "--no-jobs", help="Run nothing by itself here: another server does, or tarazu jobs run."
        ),
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Settings (default: tarazu.toml in --data)."),
    ] = None,
) -> None:
    """Serve the review console and the API, and run what has to happen by itself."""
    from tarazu.settings import Settings

    settings = Settings.load(config, data_folder=data, store=store)
    if "public_url" not in settings.model_fields_set:
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        settings = settings.model_copy(update={"public_url": f"http://{_bracketed(shown)}:{port}"})
    from tarazu.server.app import create_app
    from tarazu.server.policies import take_in
    from tarazu.store import Store

    opened = Store.open(settings.store_url, key=settings.key("ledger.signing"))
    try:
        take_in(settings, opened, demo=demo)
        if demo:
            _fill(opened, settings.data_folder / "media")
        app = create_app(settings, opened, jobs=not no_jobs, demo=demo)
        first = app.state.desk.links.first()
        _announce(settings.public_url, first, settings.invite_hours)
        _run(app, host, port, settings.proxies)
    finally:
        opened.close()


def _announce(address: str, first: str | None, hours: int) -> None:
    typer.echo(f"Tarazu is at {address} (Ctrl-C stops it)")
    if first is not None:
        typer.echo(
            f"Nobody has an account yet. Open this once, within {hours} hours, to begin:\n\n  {first}\n"
        )


def _run(app: FastAPI, host: str, port: int, proxies: tuple[str, ...]) -> None:
    import logging
    import socket

    import uvicorn

    from tarazu.errors import OutputError

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("tarazu.server").setLevel(logging.INFO)
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        raise OutputError(
            f"{host}:{port} cannot be used: {error.strerror}. Choose another --port, or end what uses it."
        ) from None
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,  # addresses of people and secrets of links do not belong in a log: see server/edge.py
        log_config=None,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=",".join(proxies) or None,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=15,
        limit_concurrency=500,
        ws="none",
    )
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()


def _fill(store: Store, media: Path) -> None:
    """Put the demo's cases in, if the store has none."""
    from tarazu.evaluation.casework.demo import fill

    if not fill(store, media):
        typer.echo("The store has cases of its own: the demo's are left out.", err=True)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
