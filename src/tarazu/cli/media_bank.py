"""`tarazu media bank`: lists of known pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tarazu.cli.media_bank_add import add
from tarazu.cli.media_bank_files import export, import_
from tarazu.cli.media_bank_words import BankFile, By, user
from tarazu.cli.media_bank_words import state as state_of

if TYPE_CHECKING:
    from tarazu.media.bank import Entry

app = typer.Typer(
    help="Keep lists of known pictures: who put each there, why, and in which state it is.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Id = Annotated[str, typer.Argument(help="The entry's id, as `list` shows it.", metavar="ENTRY")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Why = Annotated[str, typer.Option("--reason", help="Why. It is kept in the log.", metavar="TEXT")]


@app.command()
def create(
    bank: BankFile,
    owner: Annotated[str, typer.Option("--owner", help="Who answers for the bank.", metavar="WHO")],
    reason: Annotated[str, typer.Option("--reason", help="What it is for.", metavar="TEXT")],
    name: Annotated[
        str | None, typer.Option("--name", help="The name in matches. Default: that of the file.")
    ] = None,
    source: Annotated[str, typer.Option("--source", help="Where its pictures are from.")] = "",
    distance: Annotated[
        int,
        typer.Option("--distance", help="Bits, 0 to 31, up to which a picture is taken as the known one."),
    ] = 31,
    negative: Annotated[
        bool, typer.Option("--negative", help="Its pictures are known and fine: they argue against a match.")
    ] = False,
) -> None:
    """Make an empty bank."""
    from tarazu.media.bank import Bank

    with Bank.create(
        bank,
        name=name,
        owner=owner,
        reason=reason,
        source=source,
        distance=distance,
        negative=negative,
    ) as made:
        typer.echo(f"{bank}: the bank {made.about.name!r} is made, and empty.")


app.command()(add)


@app.command("list")
def list_(
    bank: BankFile,
    state: Annotated[
        str | None,
        typer.Option("--state", help="Only these: quarantined, active, held or removed.", metavar="STATE"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a bank and its entries."""
    import json

    from tarazu.media.bank import Bank

    with Bank.open(bank) as opened:
        chosen = state_of(state)
        if as_json:
            for entry in opened.entries(chosen):
                typer.echo(json.dumps(_told(entry), ensure_ascii=False))
            return
        about = opened.about
        kind = "known and fine" if about.negative else "known"
        typer.echo(
            f"{about.name}: {kind}, kept by {about.owner}, up to {about.distance} bits. {about.reason}"
        )
        counts = opened.counts()
        typer.echo(", ".join(f"{count:,} {one}" for one, count in counts.items()) + ".")
        for entry in opened.entries(chosen):
            said = filter(None, (entry.entity_id, entry.shows, entry.label))
            typer.echo(f"  {entry.id}  {entry.state}  {', '.join(said)}".rstrip())


@app.command()
def show(bank: BankFile, entry: Id, as_json: Json = False) -> None:
    """Show one entry: what is known of it, how it has done, and every change."""
    import json

    from tarazu.media.bank import Bank

    with Bank.open(bank) as opened:
        found, record, changes = opened.entry(entry), opened.record(entry), opened.changes(entry)
    if as_json:
        told = _told(found) | {
            "matched": record.matched,
            "uploads": record.uploads,
            "true": record.true,
            "false": record.false,
            "changes": [
                {"at": one.at.isoformat(), "what": one.what, "by": one.by, "reason": one.reason}
                for one in changes
            ],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for name, value in _told(found).items():
        if value not in (None, "", [], False):
            typer.echo(f"{name}: {len(value):,}" if isinstance(value, list) else f"{name}: {value}")
    typer.echo(f"matched: {record.matched:,} of {record.uploads:,} uploads")
    typer.echo(f"found true {record.true:,} times, false {record.false:,} times")
    for one in changes:
        typer.echo(f"{one.at:%Y-%m-%d %H:%M} {one.what} by {one.by}{': ' if one.reason else ''}{one.reason}")


@app.command()
def remove(
    bank: BankFile,
    entry: Id,
    reason: Why,
    by: By = None,
    purge: Annotated[
        bool, typer.Option("--purge", help="Erase it for good. Without this it is kept, and can be restored.")
    ] = False,
) -> None:
    """Let an entry match no more."""
    from tarazu.media.bank import Bank

    with Bank.open(bank) as opened:
        if purge:
            opened.purge(entry, by=by or user(), reason=reason)
            typer.echo(f"{entry} is erased. The log keeps that it was, by whom and why.")
        else:
            opened.remove(entry, by=by or user(), reason=reason)
            typer.echo(f"{entry} is removed. `tarazu media bank restore` brings it back.")


@app.command()
def restore(bank: BankFile, entry: Id, reason: Why, by: By = None) -> None:
    """Bring a removed entry back, into quarantine."""
    from tarazu.media.bank import Bank

    with Bank.open(bank) as opened:
        opened.restore(entry, by=by or user(), reason=reason)
        typer.echo(f"{entry} is back, in quarantine. `tarazu media bank confirm` lets it decide.")


@app.command()
def confirm(
    bank: BankFile,
    entry: Id,
    reason: Annotated[str, typer.Option("--reason", help="Why, if there is more to say.")] = "",
    by: By = None,
) -> None:
    """Let an entry decide that was quarantined, or held because it matched too much."""
    from tarazu.media.bank import Bank

    with Bank.open(bank) as opened:
        opened.confirm(entry, by=by or user(), reason=reason)
        typer.echo(f"{entry} is active.")


@app.command()
def feedback(
    bank: BankFile,
    entry: Id,
    correct: Annotated[
        bool, typer.Option("--true/--false", help="Whether the match showed what the entry shows.")
    ],
    reference: Annotated[
        str, typer.Option("--reference", help="Which upload or post it was.", metavar="TEXT")
    ] = "",
    by: By = None,
) -> None:
    """Keep what a match of an entry was found to be."""
    from tarazu.media.bank import Bank

    with Bank.open(bank) as opened:
        opened.feedback(entry, correct=correct, by=by or user(), reference=reference)
        record = opened.record(entry)
        typer.echo(f"{entry}: found true {record.true:,} times, false {record.false:,} times.")


def _told(entry: Entry) -> dict[str, object]:
    from dataclasses import asdict

    told = asdict(entry)
    told["features"] = entry.features is not None
    told["added_at"] = entry.added_at.isoformat() if entry.added_at else None
    told["expires_at"] = entry.expires_at.isoformat() if entry.expires_at else None
    told["frames"] = [asdict(frame) for frame in entry.frames]
    return {"id": told.pop("id"), "state": told.pop("state"), "pdq": entry.pdq, **told}


app.command("import")(import_)
app.command()(export)
