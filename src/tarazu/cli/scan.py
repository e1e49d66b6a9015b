"""`tarazu scan`: from files of posts to cases."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tarazu.cli.judge import Entities, Model, PolicyFile
from tarazu.cli.media import Banks, Words
from tarazu.cli.networks import AssumeUtc, Fdr, Map, MediaFolder, Posts, Window
from tarazu.cli.store import Config, Data, StoreUrl, settings_of

if TYPE_CHECKING:
    from tarazu.cases.finding import Opened
    from tarazu.cases.report_file import Imported
    from tarazu.cases.scan import Scanned


def scan(
    posts: Posts,
    store: StoreUrl = None,
    data: Data = None,
    config: Config = None,
    entities: Entities = None,
    policy: PolicyFile = None,
    model: Model = None,
    jurisdiction: Annotated[
        list[str] | None,
        typer.Option(
            "--jurisdiction", help="Where the platform has to answer. Repeat it. Default: as the policy says."
        ),
    ] = None,
    media: MediaFolder = None,
    bank: Banks = None,
    words: Words = True,
    accounts: Annotated[list[Path] | None, typer.Option("--accounts", help="A table of accounts.")] = None,
    reports: Annotated[list[Path] | None, typer.Option("--reports", help="A table of user reports.")] = None,
    judge: Annotated[bool, typer.Option("--judge/--no-judge", help="Judge the posts.")] = True,
    networks: Annotated[bool, typer.Option("--networks/--no-networks", help="Look for networks.")] = True,
    fdr: Fdr = 0.01,
    window: Window = "10,60,300,1800",
    map: Map = None,
    layout: Annotated[
        str | None, typer.Option("--layout", help="Name the layout instead of recognising it.")
    ] = None,
    assume_utc: AssumeUtc = False,
) -> None:
    """Judge posts and find networks; what a person has to look at becomes cases. A second scan opens nothing twice."""
    from tarazu.cli import summary
    from tarazu.cli import words as options
    from tarazu.cli.display import showing
    from tarazu.errors import OptionError

    if not 0 < fdr < 1:
        raise OptionError(f"--fdr {fdr}: give a share between 0 and 1, for example 0.01.")
    windows = options.windows(window)
    settings = settings_of(
        store, data, config
    )  # those of `tarazu serve`: a scan opens cases where it shows them
    with ExitStack() as stack:
        from tarazu.cases.intake import Intake
        from tarazu.cases.originals import keeper
        from tarazu.cases.scan import Scanned, judged
        from tarazu.cases.scan import networks as file_networks
        from tarazu.cases.scan_reports import reported
        from tarazu.cli.judge import LINKING, given, looking, stance_model, tell_media
        from tarazu.cli.networks import hashed
        from tarazu.coordination.run import networks as find_networks
        from tarazu.policy.judge import Judge
        from tarazu.sources import read
        from tarazu.store import Store

        # Before the work: a wrong address is told at once.
        opened = Store.open(settings.store_url, key=settings.key("ledger.signing"))
        intake = Intake(stack.enter_context(opened))
        lists, rules = entities or settings.entities, policy or settings.policy
        listed, written = given(lists, rules, tuple(jurisdiction or ()))
        summary.announce_kernels((*LINKING,) if not networks else None)
        eye = looking(stack, listed, media, bank or (), words=words) if judge else None
        display = stack.enter_context(showing())
        reading = read(
            *posts,
            accounts=accounts or None,
            reports=reports or None,
            map=options.mapping(map),
            layout=layout,
            assume_utc=assume_utc,
            progress=display,
        )
        typer.echo(summary.of_reading(reading))
        came = Scanned()
        if judge:
            tell_media(reading.posts, eye, media)
            judging = Judge(listed, written, stance_model(model), eye=eye)
            keep = keeper(settings.data_folder / "media", eye.place) if eye is not None else None
            came = judged(intake, reading, judging, display, keep)
        said = reported(intake, reading, display) if reading.reports is not None else None
        grouped = None
        if networks:
            looked = hashed(reading.posts, media, display) if media is not None else None
            run = find_networks(
                looked.posts if looked is not None else reading.posts,
                accounts=reading.accounts,
                reports=reading.reports,
                fdr=fdr,
                windows=windows,
                progress=display,
            )
            grouped = file_networks(intake, run, reading.accounts, display)
    for line in told(came, grouped, said):
        typer.echo(line)
    typer.echo(f"Cases: {intake.store.place}")


def told(came: Scanned, grouped: Opened | None, reported: Imported | None = None) -> list[str]:
    """What the scan came to, in a few lines."""
    lines = []
    if came.outcomes:
        said = {"violates": "violate a clause", "review": "wait for a person", "allowed": "stay up"}
        lines.append(
            "Posts: " + ", ".join(f"{came.outcomes.get(one, 0):,} {words}" for one, words in said.items())
        )
        lines.append(_line("  cases", came.posts))
    if reported is not None:
        lines.append(f"Reports: {reported.accepted:,}, {reported.repeated:,} of them received before")
        lines.append(f"  cases: {reported.opened:,} opened")
    if grouped is not None:
        lines.append(f"Networks: {grouped.found:,}")
        lines.append(_line("  cases", grouped))
    return lines


def _line(name: str, came: Opened) -> str:
    return f"{name}: {came.opened:,} opened, {came.joined:,} joined an open one, {came.known:,} known before"
