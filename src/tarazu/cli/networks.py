"""`tarazu networks`: from files of posts to coordinated networks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from tarazu.media.referenced import Referenced
    from tarazu.progress import Progress

Posts = Annotated[
    list[Path],
    typer.Argument(help="Files of posts: CSV, JSON lines or Parquet, packed or not.", metavar="POSTS..."),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="Name a column: THEIRS=OURS. Repeat it.", metavar="THEIRS=OURS"),
]
MediaFolder = Annotated[
    Path | None,
    typer.Option(
        "--media",
        help="Folder or archive of the files that the posts' media name. Without it, only hashes are used.",
        metavar="FOLDER",
    ),
]
AssumeUtc = Annotated[bool, typer.Option("--assume-utc", help="Times without a zone are UTC.")]
Window = Annotated[str, typer.Option("--window", help="Windows in seconds, parted by commas.")]
Fdr = Annotated[
    float, typer.Option("--fdr", help="Share of false accounts that is accepted among those named.")
]
Pseudonymise = Annotated[
    Path | None,
    typer.Option(
        "--pseudonymise",
        help="Write pseudonyms instead of ids, made with the secret in this file; it is made if it is missing.",
        metavar="KEYFILE",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an older result in the folder.")]


def networks(
    posts: Posts,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")],
    accounts: Annotated[list[Path] | None, typer.Option("--accounts", help="A table of accounts.")] = None,
    reports: Annotated[list[Path] | None, typer.Option("--reports", help="A table of user reports.")] = None,
    fdr: Fdr = 0.01,
    window: Window = "10,60,300,1800",
    trace: Annotated[
        list[str] | None, typer.Option("--trace", help="Use only this trace. Repeat it.")
    ] = None,
    map: Map = None,
    layout: Annotated[
        str | None, typer.Option("--layout", help="Name the layout instead of recognising it.")
    ] = None,
    assume_utc: AssumeUtc = False,
    media: MediaFolder = None,
    pseudonymise: Pseudonymise = None,
    force: Force = False,
) -> None:
    """Find coordinated networks and write them, with their evidence and a report, to a folder."""
    from tarazu.cli import words

    find(
        posts,
        out,
        accounts=accounts or (),
        reports=reports or (),
        fdr=fdr,
        windows=words.windows(window),
        traces=words.names(trace),
        mapping=words.mapping(map),
        layout=layout,
        assume_utc=assume_utc,
        media=media,
        pseudonymise=pseudonymise,
        force=force,
    )


def find(
    posts: Sequence[Path],
    out: Path,
    *,
    accounts: Sequence[Path] = (),
    reports: Sequence[Path] = (),
    fdr: float = 0.01,
    windows: tuple[int, ...] = (10, 60, 300, 1800),
    traces: tuple[str, ...] | None = None,
    mapping: Mapping[str, str] | None = None,
    layout: str | None = None,
    assume_utc: bool = False,
    media: Path | None = None,
    pseudonymise: Path | None = None,
    force: bool = False,
) -> None:
    """Read, find, write, and say what came of it."""
    from tarazu.cli import place, summary
    from tarazu.cli.display import showing
    from tarazu.errors import OptionError

    if not 0 < fdr < 1:
        raise OptionError(f"--fdr {fdr}: give a share between 0 and 1, for example 0.01.")
    place.check_folder(out, force=force)
    with showing() as display:
        from tarazu.sources import read

        reading = read(
            *posts,
            accounts=list(accounts) or None,
            reports=list(reports) or None,
            map=mapping,
            layout=layout,
            assume_utc=assume_utc,
            progress=display,
        )
        typer.echo(summary.of_reading(reading))
        summary.announce_kernels()
        from tarazu.coordination.run import networks as find_networks
        from tarazu.report.result import Result

        looked = hashed(reading.posts, media, display) if media is not None else None
        run = find_networks(
            looked.posts if looked is not None else reading.posts,
            accounts=reading.accounts,
            reports=reading.reports,
            fdr=fdr,
            windows=windows,
            traces=traces,
            progress=display,
        )
        with display.stage("Writing the results"):
            result = Result.of(run)
            if pseudonymise is not None:
                from dataclasses import replace

                import polars as pl

                from tarazu.report.pseudonyms import key_of, pseudonymised

                result = pseudonymised(result, key_of(pseudonymise))
                # A rejected row is shown as it was, names and all: only place and reason are kept.
                reading = replace(reading, rejected=reading.rejected.with_columns(sample=pl.lit("")))
            # Pictures show faces: where ids give way to pseudonyms, none is embedded.
            shown = looked.thumbnails if looked is not None and pseudonymise is None else {}
            result.write(out, reading, shown)
    typer.echo(summary.of_result(result, out))
    if reading.rejected.height:
        typer.echo(f"Rejected rows, with reasons: {out / 'rejected.jsonl'}")


def hashed(posts: pl.DataFrame, media: Path, display: Progress) -> Referenced:
    """Return the posts with their pictures as hashes, and say how many could be read."""
    from tarazu.cli import summary
    from tarazu.cli.judge import folder_of
    from tarazu.cli.media import KERNELS
    from tarazu.media.referenced import referenced

    summary.announce_kernels(KERNELS)
    with folder_of(media) as folder:
        found = referenced(posts, folder, progress=display)
    typer.echo(
        f"Pictures: hashed {found.hashed:,}, rejected {len(found.rejected):,}, not in {media} {found.absent:,}"
    )
    return found
