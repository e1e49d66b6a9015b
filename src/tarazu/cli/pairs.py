"""`tarazu pairs`: raw counts of joint actions within a window, as other tools count them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tarazu.cli.networks import AssumeUtc, Map

if TYPE_CHECKING:
    import polars as pl

    from tarazu.progress import Progress


class Semantics(StrEnum):
    """What a row and its weight are."""

    CNT = "cnt"  # both directions; distinct messages of the source
    COORTWEET = "coortweet"  # one row a pair; pairs of messages
    OBJECTS = "objects"  # one row a pair; distinct objects


def pairs(
    file: Annotated[list[Path], typer.Argument(help="Files of posts.", metavar="FILE...")],
    window: Annotated[float, typer.Option("--window", help="Seconds between two actions, at most.")],
    out: Annotated[Path, typer.Option("--out", help="CSV to write: source, target, weight.")],
    trace: Annotated[str | None, typer.Option("--trace", help="The trace that gives the objects.")] = None,
    object: Annotated[str | None, typer.Option("--object", help="The column that holds the objects.")] = None,
    semantics: Annotated[Semantics, typer.Option("--semantics", help="How to count.")] = Semantics.OBJECTS,
    min_weight: Annotated[
        int, typer.Option("--min-weight", help="Leave out pairs of a smaller weight.", min=1)
    ] = 1,
    map: Map = None,
    assume_utc: AssumeUtc = False,
) -> None:
    """Count exactly how often two accounts acted on the same object within a window."""
    from tarazu.cli import place, words
    from tarazu.cli.display import showing
    from tarazu.errors import OptionError
    from tarazu.report import cells

    if (trace is None) == (object is None):
        raise OptionError(
            "Give either --trace or --object. A trace is, for example, co_url; an object is any column."
        )
    if not 0 <= window <= 86_400 * 365:
        raise OptionError(f"--window {window:g}: give seconds, from 0 to a year.")
    place.check_file(out)
    mapping = words.mapping(map)
    with showing() as display:
        if object is not None:
            codes, ids = _by_column(file, object, mapping, assume_utc, display)
        else:
            codes, ids = _by_trace(file, trace or "", mapping, assume_utc, display)
        with display.stage("Counting pairs"):
            from tarazu.cli.summary import announce_kernels
            from tarazu.coordination.kernels import PAIRS
            from tarazu.coordination.pairs import count_pairs

            announce_kernels(PAIRS)
            account, target, time, message = codes
            source, target, weight = count_pairs(
                account, target, time, round(window * 1000), semantics.value, message, min_weight
            )
        with display.stage("Writing the edges"), place.whole_file(out) as draft:
            cells.write(_frame(source, target, weight, ids), draft)
    typer.echo(f"{len(weight):,} rows written to {out}")


def _by_column(
    files: list[Path], column: str, mapping: dict[str, str], assume_utc: bool, display: Progress
) -> tuple[tuple[Any, Any, Any, Any], pl.Series]:
    from tarazu.sources import read_actions

    actions, rejected, counts = read_actions(
        *files, object=column, map=mapping, assume_utc=assume_utc, progress=display
    )
    typer.echo(
        f"read {sum(one.read for one in counts):,}, accepted {sum(one.accepted for one in counts):,}, "
        f"rejected {rejected.height:,}; {actions.height:,} actions"
    )
    ids = actions["account_id"].unique().sort()
    return (
        _codes(actions["account_id"], ids),
        _codes(actions["object"]),
        actions["created_at"].to_physical().to_numpy(),
        _codes(actions["post_id"]),
    ), ids


def _by_trace(
    files: list[Path], name: str, mapping: dict[str, str], assume_utc: bool, display: Progress
) -> tuple[tuple[Any, Any, Any, Any], pl.Series]:
    from tarazu.cli.summary import of_reading
    from tarazu.coordination.events import Actors
    from tarazu.coordination.traces import TRACES
    from tarazu.errors import NothingToRead, OptionError
    from tarazu.sources import read

    trace = next((one for one in TRACES if one.name == name), None)
    if trace is None:
        raise OptionError(
            f"There is no trace {name!r} with objects. There are: {', '.join(t.name for t in TRACES)}."
        )
    reading = read(*files, map=mapping, assume_utc=assume_utc, progress=display)
    typer.echo(of_reading(reading))
    actors = Actors.of(reading.posts)
    with display.stage(f"Finding the objects of {name}"):
        events = trace.events(reading.posts, actors)
    if events is None:
        raise NothingToRead(
            f"These posts have nothing that {name} looks at. Check the columns, or use --map."
        )
    return (events.account, events.object, events.time, events.post), actors.ids


def _codes(values: pl.Series, among: pl.Series | None = None) -> Any:
    """Whole numbers from 0 for the values."""
    import polars as pl

    among = values.unique() if among is None else among
    codes = pl.Series(range(len(among)), dtype=pl.Int32)
    return values.replace_strict(among, codes, return_dtype=pl.Int32).to_numpy()


def _frame(source: Any, target: Any, weight: Any, ids: pl.Series) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame({"source": ids.gather(source), "target": ids.gather(target), "weight": weight}).sort(
        "source", "target"
    )
