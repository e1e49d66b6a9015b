"""Posts whose truth is known: the held-out families of the labelled set, and posts written apart from it.

`{E}` stands for the entity asked about, `{F}` for another. Names are put in when the evaluation runs, so no file puts
praise beside a real group, and the same sentence can be judged about anybody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tarazu.verdicts import Outcome, Stance

FORBIDDEN = frozenset({Stance.PRAISE, Stance.SUPPORT})
PARTS = ("held-out families", "written apart")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One post with its truth."""

    id: str
    part: str
    family: str
    lang: str
    text: str  # with {E}, perhaps {F}
    stance: Stance  # of the author toward {E}
    stance_f: Stance | None  # toward {F}, where it stands and is labelled
    purpose: str
    phenomenon: str
    kind: str | None  # "person" or "organisation" where only that reads well

    @property
    def truth(self) -> Outcome:
        """What a careful moderator decides when {E} is listed and {F} is not."""
        return Outcome.VIOLATES if self.stance in FORBIDDEN else Outcome.ALLOWED

    def filled(self, name: str, other: str) -> str:
        """Return the post about somebody. Inside a hashtag a name's spaces become underscores."""
        text = self.text
        for mark, put in (("{E}", name), ("{F}", other)):
            joined = put.replace(" ", "_")
            for glue in (f"#{mark}", f"_{mark}", f"{mark}_"):
                text = text.replace(glue, glue.replace(mark, joined))
            text = text.replace(mark, put)
        return text


@cache
def cases() -> tuple[Case, ...]:
    """Return every case, in file order."""
    found = []
    for part, name in zip(PARTS, ("stance_held_out.jsonl", "stance_apart.jsonl"), strict=True):
        lines = (
            resources.files("tarazu.evaluation")
            .joinpath("data", name)
            .read_text(encoding="utf-8")
            .splitlines()
        )
        for line in lines:
            row = json.loads(line)
            found.append(
                Case(
                    id=row["id"],
                    part=part,
                    family=row.get("family", row["id"]),
                    lang=row["lang"],
                    text=row["text"],
                    stance=Stance(row["stance"]),
                    stance_f=Stance(row["stance_f"]) if row.get("stance_f") else None,
                    purpose=row["purpose"],
                    phenomenon=row["phenomenon"],
                    kind=row.get("kind"),
                )
            )
    return tuple(found)


def of_part(part: str) -> Sequence[Case]:
    """Return the cases of one part."""
    return [case for case in cases() if case.part == part]
