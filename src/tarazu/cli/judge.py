"""`tarazu judge`: posts against a written policy."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tarazu.cli.media import Banks, Words
from tarazu.cli.networks import AssumeUtc, Map, MediaFolder, Posts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from tarazu.media.scanner import Scanner
    from tarazu.policy.clause import Policy
    from tarazu.policy.designations import EntityList
    from tarazu.policy.judge import Judge
    from tarazu.policy.stance.model import StanceModel
    from tarazu.progress import Progress

Entities = Annotated[
    list[Path] | None,
    typer.Option("--entities", help="List of designated entities. Repeat it. Default: the example list."),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", help="Policy to judge by. Default: the example policy."),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Folder of another stance model, or the address of an OpenAI-compatible endpoint as URL#MODEL.",
        metavar="FOLDER|URL#MODEL",
    ),
]


SHOWN = 2_000  # pictures on a page, each a few KB
# Modules whose kernels are compiled once, at the first linking.
LINKING = (
    "text/folding.py",
    "policy/mentions/walk.py",
    "policy/mentions/plausible.py",
    "policy/mentions/sounding.py",
)


def judge(
    posts: Posts,
    entities: Entities = None,
    policy: PolicyFile = None,
    out: Annotated[Path, typer.Option("--out", help="File for the verdicts, one line a post.")] = Path(
        "verdicts.jsonl"
    ),
    model: Model = None,
    jurisdiction: Annotated[
        list[str] | None,
        typer.Option(
            "--jurisdiction", help="Where the platform has to answer. Repeat it. Default: as the policy says."
        ),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", help="Show each step for one post, and write nothing.", metavar="POST_ID"),
    ] = None,
    highlight: Annotated[
        bool, typer.Option("--highlight/--no-highlight", help="Look for the words that decided.")
    ] = True,
    page: Annotated[
        Path | None, typer.Option("--page", help="Also write a page with the verdicts, words highlighted.")
    ] = None,
    media: MediaFolder = None,
    bank: Banks = None,
    words: Words = True,
    map: Map = None,
    layout: Annotated[
        str | None, typer.Option("--layout", help="Name the layout instead of recognising it.")
    ] = None,
    assume_utc: AssumeUtc = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a stopped run ended.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an older file of verdicts.")] = False,
) -> None:
    """Judge posts by a written policy: who is named, how the author stands, which clause follows, and why."""
    from tarazu.cli.words import mapping

    run(
        posts,
        entities or [],
        policy,
        out,
        model=model,
        jurisdictions=tuple(jurisdiction or ()),
        explain=explain,
        highlight=highlight,
        page=page,
        media=media,
        banks=tuple(bank or ()),
        words=words,
        mapping=mapping(map),
        layout=layout,
        assume_utc=assume_utc,
        resume=resume,
        force=force,
    )


def run(
    posts: Sequence[Path],
    entities: Sequence[Path],
    policy: Path | None,
    out: Path,
    *,
    model: str | None = None,
    jurisdictions: tuple[str, ...] = (),
    explain: str | None = None,
    highlight: bool = True,
    page: Path | None = None,
    media: Path | None = None,
    banks: Sequence[Path] = (),
    words: bool = True,
    mapping: Mapping[str, str] | None = None,
    layout: str | None = None,
    assume_utc: bool = False,
    resume: bool = False,
    force: bool = False,
) -> None:
    """Read, judge, write, and say what came of it."""
    from tarazu.cli import place, summary
    from tarazu.cli.display import showing
    from tarazu.errors import OptionError, OutputError
    from tarazu.policy.judge import Judge

    if explain is None:
        place.check_file(out)
        if out.exists() and not force:
            raise OutputError(f"{out} is there already. Choose another name, or pass --force to replace it.")
        if page is not None:
            place.check_file(page)
    listed, written = given(entities, policy, jurisdictions)
    summary.announce_kernels(LINKING)
    with ExitStack() as stack:
        from tarazu.sources import read

        eye = looking(stack, listed, media, banks, words=words)
        judging = Judge(listed, written, stance_model(model), highlight=highlight, eye=eye)
        display = stack.enter_context(showing())
        reading = read(*posts, map=mapping, layout=layout, assume_utc=assume_utc, progress=display)
        typer.echo(summary.of_reading(reading))
        tell_media(reading.posts, eye, media)
        if explain is not None:
            chosen = reading.posts.filter(post_id=explain)
            if chosen.is_empty():
                raise OptionError(f"--explain {explain}: no post has this id. Ids are in the column post_id.")
            from tarazu.policy.explanation import explanation

            typer.echo(explanation(judging, chosen))
            return
        counts = write(judging, reading.posts, out, display, resume=resume)
        if reading.rejected.height:
            beside = out.with_name("rejected.jsonl")
            reading.rejected.write_ndjson(beside)
        if page is not None:
            with display.stage("Writing the page"):
                from tarazu.report.verdict_page import write_page

                shown = thumbnails(out, media) if media is not None else {}
                write_page(page, out, reading.posts, listed, written, thumbnails=shown)
    typer.echo(summary.of_verdicts(counts, out))
    if reading.rejected.height:
        typer.echo(f"Rejected rows, with reasons: {beside}")
    if page is not None:
        typer.echo(f"Page: {page}")


def looking(
    stack: ExitStack, listed: EntityList, media: Path | None, banks: Sequence[Path], *, words: bool
) -> Scanner | None:
    """Return what looks at the pictures of posts; None when there is nothing to compare them with or to read."""
    from tarazu.cli import summary
    from tarazu.policy.emblems import Emblems

    emblems = Emblems(listed)
    if media is None and not banks and not len(emblems):
        return None
    from tarazu.cli.media import MATCHING
    from tarazu.media.bank import Bank
    from tarazu.media.scanner import Scanner

    summary.announce_kernels(MATCHING)
    scanner = Scanner(
        [stack.enter_context(Bank.open(path)) for path in banks],
        known=(emblems,) if len(emblems) else (),
        folder=stack.enter_context(folder_of(media)) if media is not None else None,
        words=words,
    )
    return stack.enter_context(scanner)


def tell_media(posts: pl.DataFrame, eye: Scanner | None, media: Path | None) -> None:
    """Say what is not looked at, and how it could be."""
    with_media = posts.filter(posts["media"].list.len() > 0).height
    if with_media and media is None and eye is None:
        typer.echo(
            f"{with_media:,} posts have media that are not looked at: pass --media with the folder of their files, and "
            "--bank with known pictures.",
            err=True,
        )
    if with_media and eye is not None and media is not None and eye.unread is not None:
        typer.echo(eye.unread, err=True)


def thumbnails(verdicts: Path, media: Path) -> dict[str, bytes]:
    """Return small pictures for the page, of the media of posts that name or show somebody."""
    from tarazu.media.files import within
    from tarazu.media.studio import Studio
    from tarazu.policy.verdict_file import read_lines
    from tarazu.report.verdict_view import about
    from tarazu.report.verdict_view import files as files_of

    wanted: dict[str, None] = {}
    for line in read_lines(verdicts):
        if len(wanted) < SHOWN and (line["verdict"] != "allowed" or about(line)):
            wanted |= dict.fromkeys(files_of(line))
    with folder_of(media) as folder, Studio(thumbnails=True) as studio:
        files = [(path, name) for name in wanted if (path := within(folder, name)) is not None]
        return {
            study.hash.path: study.thumbnail for study in studio.map(files) if study.thumbnail is not None
        }


@contextmanager
def folder_of(media: Path) -> Iterator[Path]:
    """Give the folder of the media; an archive is unpacked while this is open."""
    from tempfile import TemporaryDirectory

    from tarazu.errors import NotReadable
    from tarazu.safe.archive import extract, is_archive

    if media.is_dir():
        yield media
    elif media.is_file() and is_archive(media):
        with TemporaryDirectory(prefix="tarazu-") as room:
            extract(media, Path(room) / "media")
            yield Path(room) / "media"
    else:
        raise NotReadable(
            f"--media {media}: give the folder, or the archive, in which the files of the posts lie."
        )


def given(
    entities: Sequence[Path], policy: Path | None, jurisdictions: tuple[str, ...]
) -> tuple[EntityList, Policy]:
    """Return the list and the policy to judge with; the examples where none is given."""
    from dataclasses import replace

    from tarazu.policy.designations import read_entities
    from tarazu.policy.examples import example_entities, example_policy
    from tarazu.policy.policy_file import read_policy

    listed = read_entities(*(entities or [example_entities()]))
    written = read_policy(policy or example_policy())
    return listed, replace(written, jurisdictions=jurisdictions) if jurisdictions else written


def stance_model(given: str | None) -> StanceModel | None:
    """Return the model that was asked for; None for the bundled one."""
    if given is None:
        return None
    if given.startswith(("http://", "https://")):
        from tarazu.policy.stance.endpoint import EndpointStance

        return EndpointStance.of(given)
    from tarazu.policy.stance.model import OnnxStance

    return OnnxStance(Path(given))


def write(
    judging: Judge, posts: pl.DataFrame, out: Path, display: Progress, *, resume: bool
) -> dict[str, int]:
    """Write the verdicts and return how many there are of each outcome.

    Lines go to a draft beside `out`, which takes its place when the last one is written. A stopped run leaves the
    draft; `resume` goes on behind its last whole line, if it was made with the same policy, list and model.
    """
    from collections import Counter

    from tarazu.errors import OptionError
    from tarazu.policy.judge import CHUNK
    from tarazu.policy.verdict_file import lines_of, outcomes, unfinished

    draft = out.with_name(f"{out.name}.part")
    left = unfinished(draft, CHUNK) if resume else None
    if left is not None:
        if left.versions != judging.versions:
            raise OptionError(
                f"{draft} was made with another policy, list or model. Begin anew without --resume."
            )
        if posts.height < left.lines or posts["post_id"][left.lines - 1] != left.last:
            raise OptionError(f"{draft} is not about these posts. Begin anew without --resume.")
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    with draft.open("r+b" if left else "wb") as stream:
        if left is not None:
            stream.truncate(left.size)
            stream.seek(left.size)
        for line in lines_of(judging.verdicts(posts[left.lines :] if left else posts, display)):
            stream.write(line)
    draft.replace(out)
    return dict(Counter(outcomes(out)))
