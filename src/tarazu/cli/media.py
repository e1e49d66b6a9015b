"""`tarazu media`: pictures and video to hashes, and to what is known of them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tarazu.cli import media_bank

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tarazu.cli.draft import Draft
    from tarazu.media.files import Named
    from tarazu.media.scanner import Scanner
    from tarazu.media.studio import Studio
    from tarazu.sightings import MediaHash, Sighting

app = typer.Typer(
    help="Hash pictures and video, and match them with what is known.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(media_bank.app, name="bank")

Files = Annotated[
    list[Path],
    typer.Argument(help="Pictures, videos, folders of them, archives of them.", metavar="FILES..."),
]
Banks = Annotated[
    list[Path] | None,
    typer.Option("--bank", help="Bank of known pictures to compare with. Repeat it.", metavar="BANK"),
]
Words = Annotated[bool, typer.Option("--words/--no-words", help="Read the words in pictures.")]
Workers = Annotated[int, typer.Option("--workers", help="Files opened at once.", min=1, max=64)]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where a stopped run ended.")]
Force = Annotated[bool, typer.Option("--force", help="Replace an older file.")]

HASHES = {  # columns of hashes.csv, a line a frame
    "path": str,
    "sha256": str,
    "pdq": str,
    "quality": int,
    "at": float,
    "md5": str,
    "format": str,
    "width": int,
    "height": int,
    "seconds": float,
}
KERNELS = ("media/pdq_kernel.py",)  # compiled once, at the first hash
MATCHING = (*KERNELS, "media/index/probe.py")


@app.command("hash")
def hash_(
    files: Files,
    out: Annotated[Path, typer.Option("--out", help="File for the hashes, a line a frame.")] = Path(
        "hashes.csv"
    ),
    workers: Workers = 2,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Hash files: SHA-256, MD5 and PDQ with its quality; of a video about a frame a second."""
    from tarazu.cli import place, summary
    from tarazu.cli.display import showing
    from tarazu.cli.draft import Draft
    from tarazu.media.files import collected
    from tarazu.media.studio import Studio

    place.check_new(out, force=force)
    summary.announce_kernels(KERNELS)
    with collected(files) as named, showing() as display, Studio(workers=workers) as studio:
        draft = Draft(out, named, resume=resume)
        with draft, display.stage("Hashing files", len(draft.left)) as stage:
            for one in hashed(draft.left, studio):
                draft.add(line_of(one))
                stage.advance(1)
        lines = write_table(draft)
    typer.echo(f"Files: read {draft.read:,}, accepted {draft.accepted:,}, rejected {len(draft.rejected):,}")
    tell_rejected(draft)
    typer.echo(f"Hashes: {out} ({lines:,} {'line' if lines == 1 else 'lines'})")


@app.command()
def match(
    files: Files,
    bank: Banks = None,
    out: Annotated[Path, typer.Option("--out", help="File for the matches, a line a file.")] = Path(
        "matches.jsonl"
    ),
    distance: Annotated[
        int | None,
        typer.Option("--distance", help="Bits, 0 to 31, instead of each bank's own.", min=0, max=31),
    ] = None,
    words: Words = True,
    parts: Annotated[
        bool, typer.Option("--parts/--no-parts", help="Also find cropped and framed copies.")
    ] = True,
    count: Annotated[
        bool, typer.Option("--count/--no-count", help="Count the files for the banks' flood guard.")
    ] = True,
    seen: Annotated[
        Path | None,
        typer.Option("--seen", help="Remember the hashes here, for entries that come later.", metavar="FILE"),
    ] = None,
    workers: Workers = 2,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Compare files with banks of known pictures, and read the words in them."""
    from tarazu.cli import place, summary
    from tarazu.cli.display import showing
    from tarazu.cli.draft import Draft
    from tarazu.media.bank import Bank, Seen
    from tarazu.media.files import collected
    from tarazu.media.scanner import Scanner

    place.check_new(out, force=force)
    summary.announce_kernels(MATCHING)
    with ExitStack() as stack:
        banks = [stack.enter_context(Bank.open(path)) for path in bank or ()]
        remembered = stack.enter_context(Seen(seen)) if seen is not None else None
        named = stack.enter_context(collected(files))
        display = stack.enter_context(showing())
        scanner = stack.enter_context(
            Scanner(
                banks,
                distance=distance,
                words=words,
                parts=parts,
                counting=count,
                seen=remembered,
                workers=workers,
            )
        )
        if words and scanner.unread is not None:
            typer.echo(scanner.unread, err=True)
        draft = Draft(out, named, resume=resume)
        with draft, display.stage("Looking at files", len(draft.left)) as stage:
            for sighting in looked(draft.left, scanner):
                draft.add(sighting.line())
                stage.advance(1)
        draft.finish()
    typer.echo(f"Files: read {draft.read:,}, accepted {draft.accepted:,}, rejected {len(draft.rejected):,}")
    tell_rejected(draft)
    typer.echo(f"  {draft.matched:,} of them {'matches' if draft.matched == 1 else 'match'} a known picture")
    typer.echo(f"Matches: {out}")


def looked(named: Sequence[Named], scanner: Scanner) -> Iterator[Sighting]:
    """Yield what is seen in files, in order; those that an archive may not give are rejected unseen."""
    from tarazu.sightings import MediaHash, Sighting

    found = scanner.scan((one.path, one.name) for one in named if one.refused is None)
    for one in named:
        if one.refused is None:
            yield next(found)
        else:
            yield Sighting(hash=MediaHash(path=one.name, sha256="", md5="", rejected=one.refused))


def hashed(named: Sequence[Named], studio: Studio) -> Iterator[MediaHash]:
    """Yield the hashes of files, in order; those that an archive may not give are rejected unseen."""
    from tarazu.sightings import MediaHash

    found = studio.map((one.path, one.name) for one in named if one.refused is None)
    for one in named:
        if one.refused is None:
            yield next(found).hash
        else:
            yield MediaHash(path=one.name, sha256="", md5="", rejected=one.refused)


def line_of(hashed: MediaHash) -> dict[str, Any]:
    """Return the hashes of a file as a line."""
    from dataclasses import asdict

    return asdict(hashed)


def write_table(draft: Draft) -> int:
    """Write `hashes.csv` from a finished draft, and `rejected.jsonl` beside it; return how many lines it has."""
    import polars as pl

    from tarazu.cli import place
    from tarazu.report import cells

    rows = []
    for line in draft.lines():
        told = {name: line[name] for name in ("sha256", "md5", "format", "width", "height", "seconds")}
        rows += [
            {
                "path": line["path"],
                "pdq": frame["pdq"],
                "quality": frame["quality"],
                "at": frame["at"],
                **told,
            }
            for frame in line["frames"]
        ]
    with place.whole_file(draft.out) as beside:
        cells.write(pl.DataFrame(rows, schema=HASHES), beside)
    rejected = draft.out.with_name("rejected.jsonl")
    if draft.rejected:
        with place.whole_file(rejected) as beside:
            pl.DataFrame(draft.rejected).write_ndjson(beside)
    draft.path.unlink()
    return len(rows)


def tell_rejected(draft: Draft) -> None:
    """Say the commonest reasons."""
    from collections import Counter

    for reason, count in Counter(one["reason"] for one in draft.rejected).most_common(3):
        typer.echo(f"  rejected {count:,}: {reason}")
