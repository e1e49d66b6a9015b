"""`tarazu media bank add`: known pictures into a bank, and which earlier uploads show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tarazu.cli.media_bank_words import SHOWN, BankFile, By, Trusted, user

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tarazu.media.bank import Entry, Seen
    from tarazu.media.bank.seen import Past


def add(
    bank: BankFile,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Pictures or videos that are known.", metavar="FILE...")
    ] = None,
    pdq: Annotated[
        list[str] | None,
        typer.Option("--pdq", help="A PDQ hash instead of a file. Repeat it.", metavar="HEX"),
    ] = None,
    entity: Annotated[
        str | None, typer.Option("--entity", help="Whom they show: the id in your entity list.", metavar="ID")
    ] = None,
    shows: Annotated[
        str | None, typer.Option("--shows", help="What: portrait, emblem, flag, poster, or your own word.")
    ] = None,
    label: Annotated[str, typer.Option("--label", help="A comment for people.", metavar="TEXT")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why they are known.", metavar="TEXT")] = "",
    source: Annotated[str, typer.Option("--source", help="Who gave them.", metavar="TEXT")] = "",
    expires: Annotated[
        str | None,
        typer.Option("--expires", help="The first day they no longer match (UTC).", metavar="YYYY-MM-DD"),
    ] = None,
    trusted: Trusted = False,
    by: By = None,
    seen: Annotated[
        Path | None,
        typer.Option("--seen", help="Uploads looked at before: say which of them match.", metavar="FILE"),
    ] = None,
) -> None:
    """Add pictures. They inform and do not decide until somebody confirms them."""
    from tarazu.errors import InputError, OptionError
    from tarazu.media.bank import Bank

    if bool(files) == bool(pdq):
        raise OptionError("Give files, or --pdq with a hash; one of the two.")
    told: dict[str, Any] = {
        "entity_id": entity,
        "shows": shows,
        "label": label,
        "reason": reason,
        "source": source,
        "expires_at": _day(expires),
    }
    refused: list[tuple[str, str]] = []
    with Bank.open(bank) as opened, _past(seen) as past:
        for one in _hashed(files, told, refused) if files else _given(pdq or [], told):
            try:
                id = opened.add(one.entry, by=by or user(), trusted=trusted)
            except InputError as error:
                refused.append((one.name, str(error)))
                continue
            known = "" if one.entry.frames else "; too little is in it, so only exact copies are found"
            typer.echo(f"{id}  {opened.entry(id).state}  {one.name}{known}")
            if past is not None and len(one.turned):
                _tell(past.matching(one.turned, opened.about.distance))
    for name, why in refused:
        typer.echo(f"Not added: {name}: {why}", err=True)
    if refused:
        raise typer.Exit(InputError.exit_code)


@dataclass(frozen=True)
class _Known:
    name: str
    entry: Entry
    turned: NDArray[np.uint64]  # frames x variants x 4, to look for it in the past


def _given(hashes: Sequence[str], told: dict[str, Any]) -> Iterator[_Known]:
    import numpy as np

    from tarazu.media.bank import Entry

    for text in hashes:
        entry = Entry.picture(text, **told)
        entry.check()
        words = np.frombuffer(bytes.fromhex(text), dtype=">u8").astype(np.uint64)
        yield _Known(text, entry, words.reshape(1, 1, 4))


def _hashed(files: Sequence[Path], told: dict[str, Any], refused: list[tuple[str, str]]) -> Iterator[_Known]:
    import numpy as np

    from tarazu.media.bank import Entry
    from tarazu.media.bank.entry import LEAST_QUALITY
    from tarazu.media.studio import Studio

    with Studio(turned=True, features=True) as studio:
        for study in studio.map((file, str(file)) for file in files):
            if study.hash.rejected is not None:
                refused.append((study.hash.path, study.hash.rejected))
                continue
            entry = Entry.of(study.hash, features=study.features, **told)
            good = np.array([frame.quality >= LEAST_QUALITY for frame in study.hash.frames], dtype=bool)
            yield _Known(study.hash.path, entry, study.turned[good])


@contextmanager
def _past(file: Path | None) -> Iterator[Seen | None]:
    from tarazu.errors import NotReadable
    from tarazu.media.bank import Seen

    if file is None:
        yield None
        return
    if not file.is_file():
        raise NotReadable(f"{file} is not there. Give --seen the file in which uploads were remembered.")
    with Seen(file) as opened:
        yield opened


def _tell(found: list[Past]) -> None:
    if found:
        typer.echo(f"  matches {len(found):,} earlier {'upload' if len(found) == 1 else 'uploads'}:")
    for one in found[:SHOWN]:
        turn = "" if one.transform == "upright" else f", {one.transform}"
        typer.echo(f"    {one.reference}  {one.at:%Y-%m-%d %H:%M}  {one.distance} bits{turn}")
    if len(found) > SHOWN:
        typer.echo(f"    ... and {len(found) - SHOWN:,} more")


def _day(given: str | None) -> date | None:
    from tarazu.errors import OptionError

    try:
        day = date.fromisoformat(given) if given else None
    except ValueError:
        raise OptionError(
            f"--expires {given}: write the day as YYYY-MM-DD, for example 2030-01-31."
        ) from None
    if day is not None and day <= datetime.now(UTC).date():
        raise OptionError(
            f"--expires {day}: that day has come; the entry would never match. Give a later one."
        )
    return day
