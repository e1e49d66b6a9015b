"""`tarazu entities`: import, check and compare lists of designated entities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SHOWN = 10  # remarks or rejected rows of one sort

app = typer.Typer(
    help="Import, check and compare lists of designated entities.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="Whose list: un, ofac, eu or ftm.", metavar="un|ofac|eu|ftm")],
    files: Annotated[list[Path], typer.Argument(help="The list's files.", metavar="FILE...")],
    out: Annotated[Path, typer.Option("--out", help="The entity list to write, YAML.", metavar="LIST.yaml")],
    rejected: Annotated[
        Path | None,
        typer.Option("--rejected", help="Write rejected rows with reasons here.", metavar="FILE.jsonl"),
    ] = None,
) -> None:
    """Turn a public list into an entity list; rows that cannot be used are counted, with reasons."""
    import json
    from dataclasses import asdict

    from tarazu.cli import place
    from tarazu.policy.designations import write_entities
    from tarazu.policy.designations.importers import import_list

    for path in filter(None, (out, rejected)):
        place.check_file(path)
    done = import_list(source, files)
    with place.whole_file(out) as draft:
        write_entities(done.entities, draft)
    if rejected is not None:
        with place.whole_file(rejected) as draft:
            lines = (json.dumps(asdict(one), ensure_ascii=False) for one in done.rejected)
            draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    _tell_import(done, out)


def _tell_import(done: object, out: Path) -> None:
    from collections import Counter

    from tarazu.policy.designations.importers.intake import REASONS, Imported

    assert isinstance(done, Imported)
    entities = done.entities.entities
    typer.echo(f"{done.read:,} rows read: {done.accepted:,} accepted, {len(done.rejected):,} rejected.")
    for reason, count in done.reasons.items():
        first = next(one for one in done.rejected if one.reason == reason)
        typer.echo(f"  {count:,} {reason}: {REASONS[reason]} (first: {first.file}, row {first.row})")
    kinds = Counter(entity.kind for entity in entities).most_common()
    typer.echo(
        f"{len(entities):,} entities: " + ", ".join(f"{count:,} {kind}" for kind, count in kinds) + "."
    )
    names = [alias for entity in entities for alias in entity.aliases]
    unsure = sum(alias.ambiguous for alias in names)
    typer.echo(f"{len(names):,} names, {unsure:,} of them ambiguous. Written to {out}.")


@app.command()
def check(
    lists: Annotated[list[Path], typer.Argument(help="Entity lists, YAML or JSON.", metavar="LIST...")],
    everything: Annotated[
        bool, typer.Option("--all", help=f"Show every remark, not the first {SHOWN} of each subject.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check entity lists, together, for what could name the innocent or leave a listing without effect."""
    import json
    from dataclasses import asdict

    from tarazu.policy.designations import read_entities
    from tarazu.policy.designations.checking import SUBJECTS
    from tarazu.policy.designations.checking import check as remarks_on

    entities = read_entities(*lists)
    remarks = remarks_on(entities)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in remarks], ensure_ascii=False, indent=2))
        return
    names = sum(len(entity.aliases) for entity in entities.entities)
    typer.echo(f"{len(entities.entities):,} entities with {names:,} names; {len(remarks):,} remarks.")
    for subject, heading in SUBJECTS.items():
        own = [one for one in remarks if one.subject == subject]
        if own:
            typer.echo(f"{subject}: {heading} ({len(own):,})")
        for one in own if everything else own[:SHOWN]:
            typer.echo(f"  {one.text}")
        if len(own) > SHOWN and not everything:
            typer.echo(f"  ... and {len(own) - SHOWN:,} more; --all shows them")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="The list until now.", metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="The list from now on.", metavar="NEW")],
    as_json: Json = False,
) -> None:
    """Say what a new list changes: added, dropped, delisted, listed, names, kinds."""
    import json

    from tarazu.policy.designations import read_entities
    from tarazu.policy.designations.comparing import compare

    difference = compare(read_entities(old), read_entities(new))
    if as_json:
        typer.echo(json.dumps(difference.as_dict(), ensure_ascii=False, indent=2))
        return
    for line in difference.lines():
        typer.echo(line)
