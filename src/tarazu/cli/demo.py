"""`tarazu demo`: the bundled samples, from posts to networks and verdicts, without a network connection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tarazu.policy.stance.model import StanceModel


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("tarazu-demo"),
    force: Annotated[bool, typer.Option("--force", help="Replace an older result in the folder.")] = False,
) -> None:
    """Find the networks of a real, pseudonymised sample that comes with Tarazu, and judge some invented posts."""
    from tarazu.cli.networks import find
    from tarazu.evaluation.sample import sample_paths

    posts, accounts = sample_paths()
    find([posts], out, accounts=[accounts] if accounts is not None else [], force=force)
    judge_invented(out)
    typer.echo("Decide about them in a browser: tarazu serve --demo")


def judge_invented(out: Path, model: StanceModel | None = None) -> None:
    """Judge the bundled posts about invented groups, beside the networks in `out`, and link the two pages."""
    from tarazu.cli.display import showing
    from tarazu.cli.judge import write
    from tarazu.evaluation.sample import judged_path
    from tarazu.policy.designations import read_entities
    from tarazu.policy.examples import example_policy, invented_entities
    from tarazu.policy.judge import Judge
    from tarazu.policy.policy_file import read_policy
    from tarazu.report.verdict_link import link
    from tarazu.report.verdict_page import does, write_page
    from tarazu.report.verdict_view import OUTCOMES
    from tarazu.sources import read

    entities, policy = read_entities(invented_entities()), read_policy(example_policy())
    judging = Judge(entities, policy, model)
    with showing() as display:
        posts = read(judged_path()).posts
        counts = write(judging, posts, out / "verdicts.jsonl", display, resume=False)
        write_page(
            out / "verdicts.html", out / "verdicts.jsonl", posts, entities, policy, beside="report.html"
        )
        link(out / "report.html", "verdicts.html")
    said = ", ".join(does(outcome, counts.get(outcome, 0)) for outcome in OUTCOMES)
    typer.echo(f"{posts.height} posts about invented groups judged: {said}")
    typer.echo(f"Verdicts: {out / 'verdicts.html'}")
