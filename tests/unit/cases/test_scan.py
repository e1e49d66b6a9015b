"""From the bundled posts to cases."""

from __future__ import annotations

from tarazu.cases.intake import Intake
from tarazu.cases.queue import Queue
from tarazu.cases.scan import judged
from tarazu.cases.view import Cases
from tarazu.evaluation.sample import judged_path
from tarazu.policy.designations import read_entities
from tarazu.policy.examples import example_policy, invented_entities
from tarazu.policy.judge import Judge
from tarazu.policy.policy_file import read_policy
from tarazu.sources import read
from tarazu.store import Store


def test_what_does_not_stay_up_becomes_a_case_with_its_evidence(store: Store) -> None:
    reading = read(judged_path())
    judge = Judge(read_entities(invented_entities()), read_policy(example_policy()))
    intake = Intake(store)
    came = judged(intake, reading, judge)
    assert sum(came.outcomes.values()) == reading.posts.height
    assert came.posts.found == came.outcomes["violates"] + came.outcomes["review"]
    assert came.posts.opened > 5
    again = judged(intake, reading, judge)
    assert (again.posts.opened, again.posts.joined, again.posts.known) == (0, 0, came.posts.found)
    view = Cases(store)
    for row in Queue(store).page(limit=100):
        case = view.case(row.id)
        body = case.findings[0].body
        text = case.main.text or ""
        for word in body["words"]:  # type: ignore[attr-defined]
            assert text[word["start"] : word["end"]] == word["text"]
        assert body["grounds"] and case.findings[0].versions == judge.versions
        assert row.clause_id and row.lang in ("en", "fa", "ar")
