"""One door for all public lists."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tarazu.errors import NothingToRead, OptionError
from tarazu.policy.designations.importers.intake import Imported, Intake

SOURCES = {
    "un": "United Nations Security Council Consolidated List",
    "ofac": "OFAC Specially Designated Nationals",
    "eu": "European Union financial sanctions",
    "ftm": "FollowTheMoney entities",
}


def import_list(source: str, paths: Sequence[Path | str]) -> Imported:
    """Import one list from its files.

    Raises OptionError for an unknown source, NotReadable or NotValid when a file is not what it should be, and
    NothingToRead when no row could be taken.
    """
    if source not in SOURCES:
        raise OptionError(f"{source!r} is no list that can be imported. Choose one of: {', '.join(SOURCES)}.")
    intake = Intake()
    import_module(f"tarazu.policy.designations.importers.{source}").read(
        [Path(path) for path in paths], intake
    )
    done = intake.done(SOURCES[source])
    if not done.entities.entities:
        why = next(iter(done.reasons), None)
        raise NothingToRead(
            f"No entity in {', '.join(map(str, paths))}"
            + (f": most rows were rejected as {why}." if why else ": there are no rows.")
            + f" Check that this is a file of: {SOURCES[source]}."
        )
    return done
