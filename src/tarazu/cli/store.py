"""`tarazu backup`, `restore`, `verify`: keep the store, bring it back, see that it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tarazu.ledger.check import Report
    from tarazu.ledger.checkpoint import Signed
    from tarazu.ledger.signing import PublicKey
    from tarazu.settings import Settings
    from tarazu.store import Store

StoreUrl = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="Where the store and the key of this installation are."),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings (default: tarazu.toml in --data)."),
]
Published = Annotated[
    list[Path] | None,
    typer.Option(
        "--checkpoint", metavar="FILE", help="A published checkpoint to hold the ledger to. Repeat it."
    ),
]
PublicKeys = Annotated[
    list[str] | None,
    typer.Option(
        "--public-key",
        metavar="KEY",
        help="Key that signed, or a file with it (default: that of this installation). Repeat it.",
    ),
]


def backup(
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="File to write; it must not exist.")],
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Write all that the store holds to one file; work may go on meanwhile."""
    from tarazu.store.backup import backup as make

    settings = settings_of(store, data, config)
    with opened(settings) as found:
        made = make(found, to)
    typer.echo(
        f"{to}: {made.rows:,} rows of {made.tables} tables, {made.entries:,} entries of the ledger, "
        f"{made.size:,} bytes."
    )
    typer.echo(f"Keep {settings.data_folder / 'secret.key'} too, in another place: it is not in the backup.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `tarazu backup` wrote.")],
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Fill an empty store from a backup, on SQLite or PostgreSQL, wherever it was made."""
    from tarazu.store.engine import parse
    from tarazu.store.restore import restore as fill

    url = settings_of(store, data, config).store_url
    report = fill(file, url)
    place = parse(url).render_as_string(hide_password=True)
    typer.echo(
        f"{place} is restored; its ledger of {report.size:,} entries is whole. Now run 'tarazu verify'."
    )


def verify(
    checkpoint: Published = None,
    public_key: PublicKeys = None,
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Check the store: file, references, frozen evidence, ledger; the exit code is 2 when something is wrong."""
    from tarazu.store.verify import verify as look

    published, keys = trusted(checkpoint, public_key)
    with opened(settings_of(store, data, config)) as found:
        made = look(found, published, keys)
        signed = bool(keys or found.key)
    if made.ledger.fault is None:
        typer.echo(of_ledger(made.ledger, signed=signed))
    typer.echo(f"{made.tables} tables looked at, {made.digests:,} pieces of evidence as they were frozen.")
    for fault in made.faults:
        typer.echo(fault)
    if made.faults:
        raise typer.Exit(2)


def settings_of(store: str | None, data: Path | None, config: Path | None) -> Settings:
    """The settings of these three options."""
    from tarazu.settings import Settings

    return Settings.load(config, data_folder=data, store=store)


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store that is there already: a mistyped name must not make a new one."""
    from tarazu.errors import OptionError
    from tarazu.store import Store
    from tarazu.store.engine import file_of, is_sqlite, parse

    url = parse(settings.store_url)
    if is_sqlite(url) and not file_of(url).is_file():
        raise OptionError(f"{file_of(url)} is not there. Give --store, or --data with the folder it is in.")
    # Nor must looking make a key: without the one that signed, a new one would accept nothing.
    has_key = (settings.data_folder / "secret.key").is_file()
    with Store.open(settings.store_url, key=settings.key("ledger.signing") if has_key else None) as found:
        yield found


def trusted(files: list[Path] | None, keys: list[str] | None) -> tuple[list[Signed], list[PublicKey]]:
    """Checkpoints that somebody kept, and the keys to hold them to."""
    from tarazu.ledger.checkpoint import parse
    from tarazu.ledger.signing import parse_public_key

    read = [parse(text_of(file), str(file)) for file in files or ()]
    known = [
        parse_public_key(text_of(Path(one)) if Path(one).is_file() else one, one[:60]) for one in keys or ()
    ]
    return read, known


def of_ledger(report: Report, *, signed: bool) -> str:
    """What was found, in sentences."""
    if report.fault is not None:
        return f"The ledger was altered. {report.fault}"
    told = (
        f"The ledger is whole: {report.size:,} entries, {report.bodies:,} bodies, {report.erased:,} erased, "
    )
    told += f"{report.checkpoints:,} checkpoints. Head {report.head[:16]}."
    if not signed:
        told += " No key was there, so no checkpoint was checked; give --public-key."
    return told


def text_of(file: Path) -> str:
    """A short file of text."""
    from tarazu.errors import NotReadable

    try:
        with file.open(encoding="utf-8") as opened:
            return opened.read(65536)
    except (OSError, UnicodeDecodeError):
        raise NotReadable(f"{file} cannot be read. Give a file of text.") from None
