"""From the bundled posts to cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import polars as pl
import pytest

from tarazu.cases.intake import Intake
from tarazu.cases.queue import Queue
from tarazu.cases.scan import judged
from tarazu.cases.view import Cases
from tarazu.evaluation.sample import judged_path
from tarazu.policy.designations import read_entities
from tarazu.policy.examples import example_policy, invented_entities
from tarazu.policy.judge import Judge
from tarazu.policy.policy_file import read_policy
from tarazu.progress import SILENT, Progress
from tarazu.sources import Reading, read
from tarazu.store import Store
from tarazu.verdicts import Verdict


@dataclass(frozen=True)
class Judged:
    """A judge that has read everything already."""

    reading: Reading
    said: tuple[Verdict, ...]

    def verdicts(self, posts: pl.DataFrame, progress: Progress = SILENT) -> Iterator[Verdict]:
        assert posts.height == len(self.said)
        return iter(self.said)


@pytest.fixture(scope="module")
def judge() -> Judged:
    reading = read(judged_path())
    judging = Judge(read_entities(invented_entities()), read_policy(example_policy()))
    return Judged(reading, tuple(judging.verdicts(reading.posts)))


def test_what_does_not_stay_up_becomes_a_case_with_its_evidence(store: Store, judge: Judged) -> None:
    intake = Intake(store)
    came = judged(intake, judge.reading, cast(Judge, judge))
    assert sum(came.outcomes.values()) == judge.reading.posts.height
    assert came.posts.found == came.outcomes["violates"] + came.outcomes["review"]
    assert came.posts.opened > 5
    again = judged(intake, judge.reading, cast(Judge, judge))
    assert (again.posts.opened, again.posts.joined, again.posts.known) == (0, 0, came.posts.found)
    view = Cases(store)
    for row in Queue(store).page(limit=100):
        case = view.case(row.id)
        body = case.findings[0].body
        text = case.main.text or ""
        for word in body["words"]:  # type: ignore[attr-defined]
            assert text[word["start"] : word["end"]] == word["text"]
        assert body["grounds"] and case.findings[0].versions == judge.said[0].versions
        assert row.clause_id and row.lang in ("en", "fa", "ar")
