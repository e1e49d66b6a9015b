"""Reports, orders, networks: each finds its case; nothing comes in twice; everything is in the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tarazu.cases.filter import Filter
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.queue import Queue
from tarazu.cases.refusal import CaseError, CaseNotFound, ReportRefused
from tarazu.cases.report import ReportKind, ReportState
from tarazu.cases.report_file import take_in
from tarazu.cases.reporting import close_reports
from tarazu.cases.view import Cases
from tarazu.findings import Label, Member, Network, Role, Timeline
from tarazu.store import SYSTEM, Store
from tarazu.store.tables.cases import cases, items, reports
from tarazu.store.tables.ledger import ledger
from unit.cases.making import LONG, Watch, finding, post, report

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_reports_of_one_item_join_one_case_and_a_token_reads_the_answer(store: Store) -> None:
    watch = Watch()
    intake, view = Intake(store, watch), Cases(store, watch)
    first = intake.report(report("p1", reporter="r1"))
    second = intake.report(report("p1", ReportKind.ANONYMOUS, reporter="never kept"))
    watch.pass_(minutes=50)
    third = intake.report(report("p1", ReportKind.TRUSTED_FLAGGER, reporter="r3", clause_id="C7"))
    assert first.opened and not second.opened and first.case_id == second.case_id == third.case_id
    assert third.reporters_last_hour == 3
    watch.pass_(minutes=20)
    assert intake.report(report("p1", reporter="r3")).reporters_last_hour == 1
    case = view.case(first.case_id)
    assert case.row.reports == 4 and case.row.clause_id == "C7" and case.row.size == 1
    assert case.row.sources == ("anonymous", "trusted_flagger", "user")
    assert {one.reporter for one in case.reports} == {"r1", None, "r3"}
    token = first.token or ""
    with store.read() as reading:
        kept = " ".join(str(row) for row in reading.rows(select(reports)))
    assert token not in kept and "never kept" not in kept
    before = intake.status(token)
    assert before is not None and before.state == ReportState.OPEN and not before.decided
    with store.write(SYSTEM) as tx:
        tx.run(update(cases).values(state="decided"))
        assert len(close_reports(tx, first.case_id, "removed")) == 4
    after = intake.status(token)
    assert (
        after is not None and after.decided and (after.state, after.answer) == (ReportState.CLOSED, "removed")
    )
    assert intake.status(token[:-1]) is None
    # What was decided stays decided when a user reports it again; an order is judged anew.
    assert intake.report(report("p1", reporter="r9")).case_id == first.case_id
    assert intake.report(report("p1", ReportKind.GOVERNMENT_ORDER)).opened


def test_an_order_has_one_hour_outranks_all_and_may_be_refused(store: Store) -> None:
    watch = Watch()
    intake, queue = Intake(store, watch), Queue(store, watch)
    intake.findings([finding(post("p1"), certainty=1.0, reach=1.0)])
    with pytest.raises(ReportRefused, match="legal basis"):
        intake.report(report("p2", ReportKind.GOVERNMENT_ORDER, legal_basis=" "))
    order = intake.report(report("p2", ReportKind.GOVERNMENT_ORDER))
    top = queue.page()[0]
    assert top.id == order.case_id and top.due_at == watch() + timedelta(hours=1)
    with pytest.raises(CaseError, match="reason"):
        intake.refuse(order.report_id, SYSTEM, " ")
    intake.refuse(order.report_id, SYSTEM, "The court has no jurisdiction.")
    assert queue.page()[0].id != order.case_id and queue.page()[1].due_at is None
    status = intake.status(order.token or "")
    assert status is not None and status.state == ReportState.REFUSED
    with pytest.raises(CaseError):
        intake.refuse(order.report_id, SYSTEM, "Twice.")
    assert queue.count(Filter(source="government_order")) == 1  # refused, and counted all the same


def test_a_report_meets_what_the_scan_found_and_the_other_way_round(store: Store) -> None:
    intake = Intake(store)
    intake.findings([finding(post("p1"))])
    known = intake.report(report("p1"))
    assert not known.opened
    unknown = intake.report(report("p2"))
    came = intake.findings([finding(post("p2", "quite another text that somebody had reported before"))])
    assert (came.opened, came.joined) == (0, 1)
    case = Cases(store).case(unknown.case_id)
    assert case.row.clause_id == "C1" and str(case.row.severity) == "high" and len(case.findings) == 1
    assert case.findings[0].body["reason"] == "because" and case.findings[0].versions == {"policy": "p@1"}


def network(*names: str) -> Network:
    return Network(
        id="N1",
        label=Label.COORDINATED,
        reason="They posted together.",
        against=("They may be friends.",),
        p_value=1e-9,
        traces={"co_text": 3},
        members=tuple(
            Member(account_id=name, role=Role.BOTH, score=5.0, posts=9, edges=2, joint=4) for name in names
        ),
        objects=(),
        moments=(),
        timeline=Timeline(start=NOW, bin_seconds=60, members=(1,), everyone=(2,)),
        first=NOW,
        last=NOW,
    )


def accounts(*names: str) -> list[Item]:
    return [
        Item(kind=ItemKind.ACCOUNT, external_id=name, author_id=name, author_name=f"N {name}")
        for name in names
    ]


def test_a_network_is_one_case_and_grows(store: Store) -> None:
    intake, view = Intake(store), Cases(store)
    names = [f"a{at}" for at in range(300)]
    case_id = intake.network(network(*names), accounts(*names), {"summary": [{"trace": "co_text"}]})
    assert intake.network(network(*names), accounts(*names), {}) == case_id
    case = view.case(case_id)
    assert case.row.kind == "network" and case.row.size == 300 and len(case.findings) == 1
    body = case.findings[0].body
    assert body["network"]["against"] == ["They may be friends."] and body["summary"]  # type: ignore[index]
    assert case.items[0].role == "main" and {one.role for one in case.items[1:]} == {"member"}
    assert len(view.items(case_id, 500)) == 301
    assert intake.network(network(*names, "b1"), accounts(*names, "b1"), {}) == case_id
    assert view.case(case_id).row.size == 301
    other = [f"c{at}" for at in range(5)]
    assert intake.network(network(*other), accounts(*other), {}) != case_id
    assert view.of_item("account", "a7") == [case_id]


def test_every_change_is_in_the_ledger(store: Store) -> None:
    intake = Intake(store)
    intake.findings([finding(post("p1")), finding(post("p2", "wholly different words about another matter"))])
    intake.findings([finding(post("p3"))])
    intake.findings([finding(post("p3"), signature="review C2 E9")])
    intake.refuse(intake.report(report("p1")).report_id, SYSTEM, "Not a report.")
    with store.read() as view:
        kinds = [row.kind for row in view.rows(select(ledger.c.kind).order_by(ledger.c.seq))]
    assert kinds == ["case.opened"] * 2 + ["case.joined"] * 2 + ["report.received", "report.answered"]


def test_similar_decided_cases_are_shown_and_unknown_ones_refused(store: Store) -> None:
    intake, view = Intake(store), Cases(store)
    old = intake.findings(
        [finding(post("p1")), finding(post("p2", LONG + " again"), signature="other")]
    ).case_ids
    with store.write(SYSTEM) as tx:
        tx.run(update(cases).values(state="decided"))
        tx.log("decision.made", "case:all")
    (new,) = intake.findings([finding(post("p3"))]).case_ids
    similar = view.case(new).similar
    assert [(one.case_id, one.how) for one in similar] == [(old[0], "same"), (old[1], "near")]
    assert 0.8 < similar[1].alike < 1.0
    with pytest.raises(CaseNotFound):
        view.case("nothing")


FILE = """report_id,kind,subject,reporter_id,reason,created_at,authority,legal_basis,jurisdiction
1,,p1,r1,praise,2026-11-23T10:00:00Z,,,
2,anonymous,p1,,praise,,,,
3,government_order,p2,,remove,2026-11-23T10:00:00Z,A court,Art. 3,EU
4,government_order,p2,,remove,,,,EU
5,user,p3,,praise,,,,
6,bot,p3,r1,praise,,,,
7,,,r1,praise,,,,
8,,p3,r1,praise,yesterday,,,
9,,p3
1,,p1,r1,praise,2026-11-23T10:00:00Z,,,
"""


def test_a_file_of_reports_is_accounted_for_and_comes_in_once(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_text(FILE)
    intake = Intake(store)
    came = take_in(intake, path)
    assert (came.read, came.accepted, came.repeated, came.opened, came.orders) == (10, 4, 1, 2, 1)
    assert [row for row, _ in came.rejected] == [4, 5, 6, 7, 8, 9]
    again = take_in(intake, path)
    assert (again.accepted, again.repeated, again.opened) == (4, 4, 0)
    with store.read() as view:
        assert view.value(select(func.count()).select_from(reports)) == 3
        assert view.value(select(func.count()).select_from(items)) == 2
        assert view.value(select(reports.c.due_at).where(reports.c.external_id == "3")) == 1795431600000
