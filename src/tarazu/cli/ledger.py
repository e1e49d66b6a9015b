"""`tarazu ledger`: see that it was not altered, sign it, prove one entry of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tarazu.cli.store import (
    Config,
    Data,
    PublicKeys,
    Published,
    StoreUrl,
    of_ledger,
    opened,
    settings_of,
    trusted,
)

app = typer.Typer(
    no_args_is_help=True,
    help="Verify the ledger, sign checkpoints, prove single entries.",
    rich_markup_mode=None,
)
To = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="File to write (default: print it).")]


@app.command("verify")
def verify(
    checkpoint: Published = None,
    public_key: PublicKeys = None,
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Walk the ledger and name the first entry that does not fit; the exit code is 2 then."""
    from tarazu.store.ledger import Ledger

    published, keys = trusted(checkpoint, public_key)
    with opened(settings_of(store, data, config)) as found:
        report = Ledger(found).verify(published, keys)
        signed = bool(keys or found.key)
    typer.echo(of_ledger(report, signed=signed))
    if report.fault is not None:
        raise typer.Exit(2)


@app.command("checkpoint")
def checkpoint(to: To = None, store: StoreUrl = None, data: Data = None, config: Config = None) -> None:
    """Sign the ledger as it is now; publish the text where nobody who can write to the store can reach."""
    from tarazu.store.ledger import Ledger

    with opened(settings_of(store, data, config)) as found:
        signed = Ledger(found).checkpoint()
    _hand_out(signed.note(), to)


@app.command("key")
def key(to: To = None, store: StoreUrl = None, data: Data = None, config: Config = None) -> None:
    """Print the public key of the ledger; publish it once, where nobody can replace it."""
    from tarazu.store.ledger import Ledger

    with opened(settings_of(store, data, config)) as found:
        text = Ledger(found).signer.public().text()
    _hand_out(text + "\n", to)


@app.command("prove")
def prove(
    entry: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Number of the entry.")],
    to: To = None,
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Write a proof that an entry is in the ledger, which shows nothing of the others."""
    from tarazu.store.ledger import Ledger

    with opened(settings_of(store, data, config)) as found:
        proof = Ledger(found).prove(entry)
    _hand_out(proof.text() + "\n", to)


@app.command("check")
def check(
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="What `tarazu ledger prove` wrote.")],
    public_key: Annotated[
        str, typer.Option("--public-key", metavar="KEY", help="Public key of the ledger, or a file with it.")
    ],
) -> None:
    """Check a proof with nothing but the public key; needs no store. The exit code is 2 when it does not hold."""
    from tarazu.cli.store import text_of
    from tarazu.ledger.proof import parse_proof

    _, (known,) = trusted(None, [public_key])
    given = parse_proof(text_of(proof), str(proof))
    entry = given.entry
    if not given.holds(known):
        typer.echo(f"It does not hold: entry {entry.seq} as given is not in the ledger that this key signed.")
        raise typer.Exit(2)
    from tarazu.store.times import moment

    size = given.signed.checkpoint.size
    typer.echo(
        f"It holds: entry {entry.seq} of {size:,}, {entry.kind} of {entry.subject}, {moment(entry.at).isoformat()}."
    )


def _hand_out(text: str, to: Path | None) -> None:
    if to is None:
        typer.echo(text, nl=False)
        return
    from tarazu.cli.place import check_new, whole_file

    check_new(to, force=False)
    with whole_file(to) as draft:
        draft.write_text(text, encoding="utf-8")
