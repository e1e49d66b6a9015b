"""Handing a case to a lead: who is given it next, and who may not. On both databases."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from court import ADA, BEN, CLEO, Court
from sqlalchemy import select

from tarazu.cases.escalation import Escalations
from tarazu.cases.filter import Filter
from tarazu.cases.queue import Queue
from tarazu.cases.refusal import CaseError, CaseLocked
from tarazu.store import Store
from tarazu.store.tables.ledger import ledger


@dataclass(frozen=True)
class Worker:
    id: str
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


def test_what_is_handed_up_goes_to_leads_first_and_to_nobody_else(store: Store) -> None:
    court = Court(store)
    queue, up = Queue(store, court.clock), Escalations(store, court.clock)
    made = [court.post(author=f"a{number}") for number in range(3)]
    by_urgency = [row.id for row in queue.page()]
    last = by_urgency[-1]
    queue.lock(last, ADA.id)
    with pytest.raises(CaseLocked):
        up.escalate(last, BEN, "Not mine to hand up.")
    with pytest.raises(CaseError, match="Say in a word"):
        up.escalate(last, ADA, "  ")
    kept = up.escalate(last, ADA, "I know the author.")
    with pytest.raises(CaseError, match="already"):
        up.escalate(last, ADA, "Again.")
    assert [one.why for one in up.of(last)] == ["I know the author."] and kept.case_id == last
    assert [row.id for row in queue.page(Filter(escalated=True))] == [last] and up.count() == 1
    with store.read() as view:
        kinds = [row.kind for row in view.rows(select(ledger).where(ledger.c.subject == f"case:{last}"))]
    assert kinds[-1] == "case.escalated"

    taken = set()
    while (row := queue.next(Worker(f"r{len(taken)}"))) is not None:  # reviewers are given the others
        taken.add(row.id)
    assert taken == set(made) - {last}
    assert queue.next(Worker(ADA.id), lead=True) is None  # not back to who handed it up
    given = queue.next(Worker(CLEO.id), lead=True)
    assert given is not None and given.id == last
    queue.unlock(last, CLEO.id)
    up.hand_back(last, CLEO, "Decide as always.")
    assert up.of(last)[0].answer == "Decide as always." and up.count() == 0
    again = queue.next(Worker(BEN.id))
    assert again is not None and again.id == last
    with pytest.raises(CaseError, match="not with the leads"):
        up.hand_back(last, CLEO, "Twice.")


def test_a_lead_is_given_what_was_handed_up_before_what_is_more_urgent(store: Store) -> None:
    court = Court(store)
    queue, up = Queue(store, court.clock), Escalations(store, court.clock)
    for number in range(3):
        court.post(author=f"a{number}")
    order = [row.id for row in queue.page()]
    up.escalate(order[-1], ADA, "Look at this.")
    given = [queue.next(Worker(CLEO.id), lead=True) for _ in order]
    assert [one.id for one in given if one] == [order[-1], *order[:-1]]


def test_what_is_decided_cannot_be_handed_up(store: Store) -> None:
    court = Court(store)
    case_id = court.post()
    court.decide(case_id, "remove")
    with pytest.raises(CaseError, match="not open"):
        Escalations(store, court.clock).escalate(case_id, BEN, "Too late.")
