"""Running the judge over cases, the way a user does: a table of posts, a list, a policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from tarazu.evaluation.policy import names
from tarazu.evaluation.policy.cases import Case
from tarazu.policy.designations import EntityList
from tarazu.policy.examples import example_policy
from tarazu.policy.judge import Judge
from tarazu.policy.policy_file import read_policy
from tarazu.policy.stance.model import StanceModel
from tarazu.progress import SILENT, Progress
from tarazu.records import conform
from tarazu.verdicts import Outcome, Verdict

WHEN = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A case, whom it was about, and what the judge said."""

    case: Case
    about: str
    text: str
    verdict: Verdict

    @property
    def outcome(self) -> Outcome:
        """What the judge said."""
        return self.verdict.outcome


def judge_for(entities: EntityList, model: StanceModel | None = None) -> Judge:
    """Return a judge with the default policy."""
    return Judge(entities, read_policy(example_policy()), model, highlight=False)


def judged(
    judge: Judge, wanted: Sequence[tuple[Case, str, str]], progress: Progress = SILENT
) -> list[Judged]:
    """Judge posts given as (case, whom it is about, text)."""
    posts = conform(
        pl.DataFrame(
            {
                "post_id": [str(n) for n in range(len(wanted))],
                "account_id": ["example"] * len(wanted),
                "created_at": [WHEN] * len(wanted),
                "text": [text for _, _, text in wanted],
                "lang": [case.lang for case, _, _ in wanted],
            }
        )
    )
    verdicts = judge.verdicts(posts, progress)
    return [
        Judged(case=case, about=about, text=text, verdict=verdict)
        for (case, about, text), verdict in zip(wanted, verdicts, strict=True)
    ]


def about_listed(cases: Sequence[Case]) -> list[tuple[Case, str, str]]:
    """Return every case about a listed entity."""
    found = []
    for number, case in enumerate(cases):
        key = names.chosen(number, case.kind)
        found.append((case, key, case.filled(names.name_of(key, case.lang), second(case, number))))
    return found


def about_others(cases: Sequence[Case]) -> list[tuple[Case, str, str]]:
    """Return every case about somebody on no list."""
    found = []
    for number, case in enumerate(cases):
        key = names.other(number + 1)
        found.append((case, key, case.filled(names.name_of(key, case.lang), second(case, number))))
    return found


def second(case: Case, number: int) -> str:
    """Return the name of the second party."""
    return names.name_of(names.other(number), case.lang)
