"""The record of an evaluation of the judge, as a page and as JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

COLUMNS = (
    "posts",
    "violating",
    "macro-F1",
    "macro-F1, review counted as wrong",
    "wrongly removed",
    "missed",
    "review",
)
FORM_COLUMNS = (
    "posts",
    "violating",
    "judged right",
    "wrongly removed",
    "missed",
    "review",
)  # one class has no F1
SHARES = {"judged right", "wrongly removed", "missed", "review"}
INTRODUCTION = """# Evaluation of the judge

How to read this. A post *violates* when its author praises or supports a listed entity. **Macro-F1** is the mean F1 of
*violates* and *stays up* over the posts that the judge decided; the column beside it counts every post left to a person
as wrong. **Wrongly removed** is the share of the posts that should stay and were judged to violate, **missed** the
share of the violating ones that were judged to stay up, **review** the share of all left to a person.

*Held-out families* are rhetorical frames of the project's labelled set that training never saw in any language.
*Written apart* are posts by an author who saw neither the labelled set nor its guidelines. No network and no certainty
was chosen on either; but the forms that did worst among the posts apart (slogans, two parties, quiet praise) were given
864 more lines in the labelled set, by authors who did not see those posts.

Both are synthetic, and no native speaker outside the project has read them yet. Names are invented and put in when the
evaluation runs; the whole way is measured: screening, linking, the network, the policy `dangerous-organisations`.
"""


def write(record: Mapping[str, Any], out: Path) -> None:
    """Write policy.md and policy.json below `out`."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "policy.json").write_text(
        json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    made = f"Made on {when} by `tarazu evaluate policy`, {platform.machine()}, Python {platform.python_version()}.\n"
    (out / "policy.md").write_text(f"{INTRODUCTION}\n{made}\n{text(record)}", encoding="utf-8")


def text(record: Mapping[str, Any]) -> str:
    """Return the tables."""
    parts = []
    for name, part in record["parts"].items():
        parts.append(table(f"{name[0].upper()}{name[1:]}", {"all": part["all"], **part["languages"]}))
        nobody = part["about nobody listed"]
        parts.append(
            f"The same posts about entities on no list: {nobody['removed']} of {nobody['posts']:,} removed. "
            f"In {part['not linked']} posts the name was not found.\n"
        )
        parts.append(table(f"{name[0].upper()}{name[1:]}, by form", part["phenomena"], FORM_COLUMNS))
        parts.append(
            table(f"{name[0].upper()}{name[1:]}, posts that should stay, by purpose", part["purposes"])
        )
        parts.append(
            table(f"{name[0].upper()}{name[1:]}, by the author's stance", part["stances"], FORM_COLUMNS)
        )
    parts.append(calibration(record["calibration"]))
    fair = record["parity"]
    parts.append(
        "## Even-handedness\n\n"
        f"{fair['sentences']} sentences, each about {fair['entities']} entities of the example list: removed between "
        f"{fair['least']:.1%} and {fair['most']:.1%} of the posts, so the **parity gap is {fair['gap']:.3f}** "
        f"(goal: at most .10). In {fair['not linked']} posts the linker did not find the name. About entities on no "
        f"list: {fair['of them removed']} of {fair['posts about nobody listed']:,} posts removed (goal: 0).\n"
    )
    parts.append(disguises(record["disguises"]))
    if "newsmtsc" in record:
        found = record["newsmtsc"]
        parts.append(
            "## A check from outside\n\n"
            f"NewsMTSC, part devtest_rw, {found['targets']:,} targets: macro-F1 {found['macro_f1']:.3f} "
            "(a target-blind word model: .575; goal: .80).\n"
        )
    parts.append(table("Models on the same posts", record["models"]))
    parts.append(errors(record["errors"]))
    return "\n".join(parts)


def table(title: str, rows: Mapping[str, Mapping[str, float]], columns: tuple[str, ...] = COLUMNS) -> str:
    """Return one table."""
    lines = [f"## {title}", "", "| | " + " | ".join(columns) + " |", "|---|" + "--:|" * len(columns)]
    for name, row in rows.items():
        lines.append(f"| {name} | " + " | ".join(cell(column, row[column]) for column in columns) + " |")
    return "\n".join(lines) + "\n"


def cell(column: str, value: float) -> str:
    """Return one figure."""
    if column in SHARES:
        return f"{value:.1%}"
    return f"{value:.3f}" if column.startswith("macro") else f"{value:,.0f}"


def calibration(bins: Sequence[Mapping[str, float]]) -> str:
    """Return the table of shares and truth."""
    lines = [
        "## Do the shares mean what they say",
        "",
        "Posts of both parts by the share of praise and support: its mean, and how many violate in truth.",
        "",
        "| share | posts | mean share | violating |",
        "|---|--:|--:|--:|",
    ]
    for one in bins:
        lines.append(
            f"| {one['from']:.1f} to {one['from'] + 0.1:.1f} | {one['posts']:,.0f} | {one['mean share']:.1%} "
            f"| {one['violating']:.1%} |"
        )
    return "\n".join(lines) + "\n"


def disguises(found: Mapping[str, Mapping[str, float]]) -> str:
    """Return the table of disguised names."""
    lines = [
        "## Names in disguise",
        "",
        "Share of posts in which the name was found, as it is and disguised, and the ratio (goal: at least 95 %).",
        "",
        "| | posts | as it is | disguised | ratio |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, row in found.items():
        lines.append(
            f"| {name} | {row['posts']:,.0f} | {row['clean']:.1%} | {row['disguised']:.1%} | {row['ratio']:.1%} |"
        )
    return "\n".join(lines) + "\n"


def errors(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return some of the posts that were judged wrongly, with their placeholders."""
    lines = ["## Where it errs"]
    for kind, part in found.items():
        lines += ["", f"{kind[0].upper()}{kind[1:]}: {part['all']:,} posts, for example", ""]
        for one in part["shown"]:
            words = " ".join(one["text"].split()).replace("|", "\\|")
            lines.append(f"- {one['phenomenon']}, {one['lang']}: {words}")
    return "\n".join(lines) + "\n"
