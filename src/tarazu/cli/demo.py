"""`tarazu demo`: the bundled sample, from posts to a report, without a network connection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("tarazu-demo"),
    force: Annotated[bool, typer.Option("--force", help="Replace an older result in the folder.")] = False,
) -> None:
    """Find the networks of a real, pseudonymised sample that comes with Tarazu."""
    from tarazu.cli.networks import find
    from tarazu.evaluation.sample import sample_paths

    posts, accounts = sample_paths()
    find([posts], out, accounts=[accounts] if accounts is not None else [], force=force)
