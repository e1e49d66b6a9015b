"""`verdicts.jsonl`: one line a post, written as it is judged, so that a run that was stopped can go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tarazu.errors import NotReadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tarazu.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """What a stopped run left: whole lines, and the versions they were judged with."""

    lines: int
    size: int  # bytes up to the end of the last whole line
    versions: dict[str, str]
    last: str  # post_id of the last line


def unfinished(draft: Path, every: int) -> Unfinished | None:
    """Return what a stopped run left at `draft`, up to the last whole chunk of `every` lines; None for less.

    Whole chunks only: texts that are read together are rounded together, so a run that goes on gives the same bytes
    as one that was never stopped.
    """
    if not draft.is_file():
        return None
    lines = size = 0
    found: Unfinished | None = None
    with draft.open("rb") as stream:
        for line in stream:
            if not line.endswith(b"\n"):
                break
            lines, size = lines + 1, size + len(line)
            if lines % every:
                continue
            try:
                last = json.loads(line)
            except ValueError as error:
                raise NotReadable(
                    f"{draft}, line {lines}: no line of verdicts. Delete the file and begin anew."
                ) from error
            found = Unfinished(lines=lines, size=size, versions=last["versions"], last=last["post_id"])
    return found


def lines_of(verdicts: Iterable[Verdict]) -> Iterator[bytes]:
    """Yield the verdicts as lines of JSON."""
    for verdict in verdicts:
        yield (
            json.dumps(verdict.line(), ensure_ascii=False, separators=(",", ":")).encode(
                "utf-8", "backslashreplace"
            )
            + b"\n"
        )


def outcomes(path: Path) -> Iterator[str]:
    """Yield the outcome of every line of a finished file."""
    for line in read_lines(path):
        yield line["verdict"]


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a finished file. Raises NotReadable when one is no verdict."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise NotReadable(
                    f"{path}, line {number}: no line of verdicts. Judge the posts again."
                ) from error
