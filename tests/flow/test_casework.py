"""The whole way of a case on both databases: found, decided by two, told, appealed, reversed; the ledger whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from console import Browser, Console, build
from tarazu.cases.case import CaseKind
from tarazu.cases.decisions import Decisions
from tarazu.cases.notices import Notices
from tarazu.cases.queue import Queue
from tarazu.cases.staging import Staging, Takedown
from tarazu.evaluation.casework.demo import fill
from tarazu.server.policies import decision_settings
from tarazu.server.roles import Role
from tarazu.store import Store
from tarazu.store.ledger import Ledger
from tarazu.store.tables.decisions import appeals, decisions, notices, strikes
from tarazu.store.tables.ledger import ledger
from tarazu.store.tables.outbox import outbox

KINDS = {
    "case.opened", "report.received", "decision.proposed", "decision.seconded", "decision.made", "decision.undone",
    "action.queued", "notice.made", "notice.read", "strike.given", "strike.revoked", "appeal.opened", "appeal.decided",
}  # fmt: skip
REASON = "These accounts post the same within seconds and nowhere say that they belong together."


@pytest.fixture
def console(store: Store, tmp_path: Path) -> Iterator[Console]:
    made = build(tmp_path, store)
    assert fill(store, tmp_path / "media")
    made.app.state.decision_settings = decision_settings(made.settings)
    yield made


def send(browser: Browser, path: str, **fields: Any) -> None:
    answer = browser.submit(path, **fields)
    assert answer.status_code == 303, (path, answer.status_code, answer.text[:2000])


def rows(console: Console, asked: Any) -> Any:
    with console.store.read() as view:
        return view.rows(asked)


def decided(console: Console, case_id: str) -> Any:
    """The decision of a case that was made last."""
    asked = select(decisions).where(decisions.c.case_id == case_id, decisions.c.undoes.is_(None))
    return rows(console, asked.order_by(decisions.c.number))[-1]


def takedown(console: Console, case_id: str) -> Takedown:
    settings = console.app.state.decision_settings
    return Staging(Decisions(console.store, console.clock, settings)).takedown(case_id)


def test_from_the_finding_to_the_reversed_appeal(console: Console) -> None:
    first, second = (console.client(Role.LEAD) for _ in range(2))
    queue = Queue(console.store, console.clock).page(limit=100)
    posts = [row for row in queue if row.kind == CaseKind.POST and "government_order" not in row.sources]
    network = next(row.id for row in queue if row.kind == CaseKind.NETWORK)

    for row, action in zip(posts, ("remove", "warn", "no_action"), strict=False):
        assert "<form" in first.page(f"/cases/{row.id}")
        send(
            first, f"/cases/{row.id}/decide", action=action, clause="terrorism", place="*",
            reason="It praises a group that is on the list.", stance="praise", purpose="expression",
        )  # fmt: skip
        console.clock.move(seconds=20)
    send(first, f"/decisions/{decided(console, posts[1].id).id}/undo", reason="I misread it.")
    states = [decided(console, row.id).state for row in posts[:3]]
    assert states == ["effective", "undone", "effective"]

    for stage, holds in (("limit", "limited"), ("suspend", "suspended")):
        send(first, f"/networks/{network}/stage", act=stage, clause="terrorism", reason=REASON)
        proposed = decided(console, network)
        assert proposed.state == "proposed"
        own = first.submit(f"/decisions/{proposed.id}/second", agree="yes")
        assert own.status_code == 409  # nobody is the second person of their own proposal
        send(second, f"/decisions/{proposed.id}/second", agree="yes")
        found = takedown(console, network)
        assert {found.state(one.id) for one in found.members} == {holds}
        console.clock.move(minutes=5)

    told = rows(console, select(notices).where(notices.c.decision_id == proposed.id).order_by(notices.c.id))
    assert len(told) == len(found.members)
    affected = told[0].recipient_id
    mine = select(notices).where(notices.c.recipient_id == affected, notices.c.kind == "decided")
    answer = "The choir is real, and what it posts are its own concerts."
    # Each stage was told; the suspension is appealed, and its reversal takes the limit before it along.
    notice = rows(console, mine.order_by(notices.c.id.desc()))[0]
    token = Notices(console.store, console.clock, console.app.state.decision_settings).link(notice.id)
    stranger = console.stranger()
    assert "terrorism" in stranger.page(f"/n/{token}")
    send(stranger, f"/n/{token}/appeal", text="We are a choir. We post our concerts together.")
    (appeal,) = rows(console, select(appeals).where(appeals.c.state == "open"))
    for had_a_part in (first, second):
        refused = had_a_part.submit(f"/appeals/{appeal.id}/answer", answer="reverse", reason="x")
        assert refused.status_code == 409
    send(console.client(Role.LEAD), f"/appeals/{appeal.id}/answer", answer="reverse", reason=answer)
    assert answer in stranger.page(f"/n/{token}")
    found = takedown(console, network)
    assert found.state(affected) == "free"
    assert {found.state(one.id) for one in found.members if one.id != affected} == {"suspended"}
    (strike,) = rows(console, select(strikes).where(strikes.c.account_id == affected))
    assert strike.revoked_at is not None
    assert rows(console, select(outbox).where(outbox.c.subject_id == affected, outbox.c.act == "notice"))
    report = Ledger(console.store).verify()
    assert report.fault is None and report.size == len(rows(console, select(ledger.c.seq)))
    assert {one.kind for one in rows(console, select(ledger.c.kind))} >= KINDS
