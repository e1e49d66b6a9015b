"""What the command line says in the end: a few lines a person can read aloud."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tarazu.report.result import Result
    from tarazu.sources import Reading

SHOWN = 10  # networks; the rest are in the report


def of_reading(reading: Reading) -> str:
    """How many rows were read, used and not used, and the commonest reasons."""
    import polars as pl

    lines = []
    for one in reading.files:
        merged = f" ({one.merged:,} of them parts of the same posts)" if one.merged else ""
        lines.append(
            f"{Path(one.path).name} [{one.layout}]: read {one.read:,}, accepted {one.accepted:,}{merged}, "
            f"rejected {one.rejected:,}"
        )
    if reading.rejected.height:
        top = (
            reading.rejected.group_by("reason")
            .len()
            .sort(["len", "reason"], descending=[True, False])
            .head(3)
        )
        lines += [
            f"  rejected {count:,}: {reason}" for reason, count in top.select("reason", pl.col("len")).rows()
        ]
    return "\n".join(lines)


def of_result(result: Result, out: Path) -> str:
    """The networks, each with its reason, and whether the promised error rate holds."""
    lines: list[str] = []
    count = len(result.networks)
    if count:
        lines.append(f"{count:,} coordinated {'network' if count == 1 else 'networks'}:")
    else:
        lines.append("No coordinated network was found.")
    for network in result.networks[:SHOWN]:
        lines.append(f"  {network.id} [{network.label.value}] {network.reason}")
    if count > SHOWN:
        lines.append(f"  and {count - SHOWN:,} more in the report")
    lines += [f"{'  ok ' if line.ok else '  ! '} {line.line}" for line in result.health.lines]
    lines.append(f"Report: {out / 'report.html'}")
    return "\n".join(lines)


def of_verdicts(counts: dict[str, int], out: Path) -> str:
    """How many posts violate, wait for a person, stay up."""
    total = sum(counts.values())
    said = {"violates": "violate a clause", "review": "wait for a person", "allowed": "stay up"}
    lines = [
        f"  {counts.get(outcome, 0):,} of {total:,} {words} ({counts.get(outcome, 0) / max(1, total):.1%})"
        for outcome, words in said.items()
    ]
    return "\n".join([*lines, f"Verdicts: {out}"])


def announce_kernels(modules: tuple[str, ...] | None = None) -> None:
    """Say that the one-time compile is coming, if it is; `modules` are those of `coordination.kernels`."""
    from tarazu.coordination.kernels import EVERY_RUN, kernels_ready

    if not kernels_ready(modules or EVERY_RUN):
        typer.echo("Preparing the kernels (once, a few seconds)", err=True)
