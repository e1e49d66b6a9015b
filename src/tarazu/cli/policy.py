"""`tarazu policy`: hold a policy to its own examples, and see what a change would do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tarazu.cli.judge import Entities, Model
from tarazu.cli.networks import AssumeUtc, Map, Posts

if TYPE_CHECKING:
    from tarazu.policy.backtest import Backtest
    from tarazu.policy.trial import Trial

app = typer.Typer(no_args_is_help=True, help="Test a policy, and see what a change of it would do.")


@app.command("test")
def test(
    policy: Annotated[Path, typer.Argument(help="Policy whose examples are judged.", metavar="POLICY")],
    model: Model = None,
) -> None:
    """Judge the examples written inside a policy; the exit code is 1 when one comes out otherwise."""
    from tarazu.cli.display import showing
    from tarazu.cli.judge import stance_model
    from tarazu.errors import InputError
    from tarazu.policy.policy_file import read_policy
    from tarazu.policy.trial import trials

    written = read_policy(policy)
    if not written.examples:
        raise InputError(
            f"{policy} has no examples. Add some under 'examples:', for example "
            "'- {lang: en, verdict: allowed, text: \"Two members of {E} were arrested.\"}'."
        )
    with showing():
        found = trials(written, stance_model(model))
    typer.echo(of_trials(found, policy))
    if not all(trial.passed for trial in found):
        raise typer.Exit(1)


@app.command("backtest")
def backtest(
    old: Annotated[Path, typer.Argument(help="The policy in force.", metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="The policy to try.", metavar="NEW")],
    posts: Posts,
    entities: Entities = None,
    new_entities: Annotated[
        list[Path] | None,
        typer.Option(
            "--new-entities", help="List to judge with by the new policy, if it changes too. Repeat it."
        ),
    ] = None,
    model: Model = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of sentences.")] = False,
    map: Map = None,
    layout: Annotated[
        str | None, typer.Option("--layout", help="Name the layout instead of recognising it.")
    ] = None,
    assume_utc: AssumeUtc = False,
) -> None:
    """Judge posts by two policies: what would change, with samples, and the reviewers' load."""
    from tarazu.cli import summary, words
    from tarazu.cli.display import showing
    from tarazu.cli.judge import given, stance_model
    from tarazu.policy.backtest import backtest as compare
    from tarazu.policy.designations import read_entities
    from tarazu.policy.policy_file import read_policy

    listed, before = given(entities or [], old, ())
    after = read_policy(new)
    other = read_entities(*new_entities) if new_entities else None
    with showing() as display:
        from tarazu.sources import read

        reading = read(*posts, map=words.mapping(map), layout=layout, assume_utc=assume_utc, progress=display)
        found = compare(
            before, after, reading.posts, listed, stance_model(model), new_entities=other, progress=display
        )
    if as_json:
        typer.echo(json_of(found))
    else:
        typer.echo(summary.of_reading(reading))
        typer.echo(of_backtest(found))


def of_trials(found: list[Trial], policy: Path) -> str:
    """What every example came to, and how many passed."""
    lines = []
    for trial in found:
        if trial.passed:
            lines.append(f"  ok  line {trial.example.line}: {trial.verdict.outcome}: {shown(trial)}")
        else:
            lines.append(
                f"  !   {policy}:{trial.example.line}: {trial.verdict.outcome} where the policy says "
                f"{trial.example.outcome}: {shown(trial)}"
            )
            lines.append(f"      {trial.verdict.reason}")
    passed = sum(trial.passed for trial in found)
    return "\n".join([*lines, f"{passed} of {len(found)} examples come out as written."])


def shown(trial: Trial) -> str:
    """An example as a person reads it: what its picture shows and says in brackets, then its words."""
    example = trial.example
    parts = []
    if example.pictured:
        parts.append("[a known picture]")
    if example.drawn:
        parts.append(f"[a picture that says: {example.drawn}]")
    return " ".join([*parts, *([trial.text] if trial.text else [])])


def of_backtest(found: Backtest) -> str:
    """What changes, in sentences, with samples."""
    from tarazu.verdicts import Outcome

    lines = [f"{found.changed:,} of {found.posts:,} posts would have another outcome."]
    for outcome in (Outcome.VIOLATES, Outcome.REVIEW, Outcome.ALLOWED):
        lines.append(
            f"  {outcome}: {found.before.get(outcome, 0):,} before, {found.after.get(outcome, 0):,} after"
        )
    for clause, (before, after) in found.clauses.items():
        lines.append(f"  clause {clause}: {before:,} violations before, {after:,} after")
    before_load, after_load = found.minutes()
    lines.append(
        f"  reviewers' load: {before_load / 60:,.1f} hours before, {after_load / 60:,.1f} after "
        "(a rule of thumb, 45 seconds a post)"
    )
    for (old, new), changes in sorted(found.samples.items()):
        lines.append(f"From {old} to {new}: {found.moves[old, new]:,} posts, for example")
        for change in changes:
            text = " ".join(change.text.split())
            lines.append(f"  {change.post_id}: {text if len(text) <= 160 else text[:157] + '...'}")
            lines.append(f"    {change.after.reason}")
    return "\n".join(lines)


def json_of(found: Backtest) -> str:
    """The same as JSON."""
    import json

    return json.dumps(
        {
            "posts": found.posts,
            "changed": found.changed,
            "before": {str(outcome): count for outcome, count in found.before.items()},
            "after": {str(outcome): count for outcome, count in found.after.items()},
            "moves": [
                {"from": str(old), "to": str(new), "posts": count}
                for (old, new), count in sorted(found.moves.items())
            ],
            "clauses": {
                clause: {"before": one, "after": two} for clause, (one, two) in found.clauses.items()
            },
            "reviewer_minutes": dict(zip(("before", "after"), found.minutes(), strict=True)),
            "samples": [
                {
                    "post_id": c.post_id,
                    "from": str(old),
                    "to": str(new),
                    "text": c.text,
                    "reason": c.after.reason,
                }
                for (old, new), changes in sorted(found.samples.items())
                for c in changes
            ],
        },
        ensure_ascii=False,
        indent=1,
    )
