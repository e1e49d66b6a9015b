"""From the bundled posts to cases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import polars as pl
import pytest
from typer.testing import CliRunner

from tarazu.cases.case import CaseKind
from tarazu.cases.filter import Filter
from tarazu.cases.intake import Intake
from tarazu.cases.queue import Queue
from tarazu.cases.scan import judged
from tarazu.cases.scan import networks as file_networks
from tarazu.cases.scan_reports import reported
from tarazu.cases.view import Cases
from tarazu.cli.app import app
from tarazu.coordination.run import networks
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


def test_reports_of_a_scan_join_the_cases_and_who_reports_together_becomes_one(
    store: Store, tmp_path: Path
) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    posts, filed = tmp_path / "posts.csv", tmp_path / "reports.csv"
    times = [at + timedelta(minutes=37 * number) for number in range(60)]
    lines = [
        f"p{one},a{one % 30},{when.isoformat()},Words of number {one * 7919}"
        for one, when in enumerate(times)
    ]
    posts.write_text("\n".join(["post_id,account_id,created_at,text", *lines]))
    chance = random.Random(5)
    rows = [
        f"s{one},a{chance.randrange(30)},p{chance.randrange(60)},,{when.isoformat()}"
        for one, when in enumerate(times)
    ]
    for target in range(20):
        for who in range(4):
            when = times[target] + timedelta(days=3, seconds=chance.randrange(20))
            rows.append(f"t{target}-{who},puppet{who},p{target},spam,{when.isoformat()}")
    filed.write_text("\n".join(["report_id,reporter_id,subject,reason,created_at", *rows]))
    reading = read(posts, reports=filed)
    intake = Intake(store)
    came = reported(intake, reading)
    assert (came.read, came.accepted, came.repeated) == (140, 140, 0)
    (first,) = Cases(store).of_item("post", "p0")
    case = Cases(store).case(first)
    assert case.main.text == "Words of number 0" and case.main.author_id == "a0"
    assert {one.reporter for one in case.reports} >= {f"puppet{one}" for one in range(4)}
    again = reported(intake, reading)
    assert (again.repeated, again.opened) == (140, 0)
    run = networks(reading.posts, reports=reading.reports)
    assert file_networks(intake, run).opened == 1
    (network,) = Queue(store).page(Filter(kind=CaseKind.NETWORK))
    assert {one.item.external_id for one in Cases(store).items(network.id) if one.role == "member"} == {
        f"puppet{one}" for one in range(4)
    }
    told = CliRunner().invoke(
        app,
        ["scan", str(posts), "--reports", str(filed), "--no-judge", "--no-networks", "--data", str(tmp_path)],
    )
    assert told.exit_code == 0 and "Reports: 140, 0 of them" in told.output, told.output
