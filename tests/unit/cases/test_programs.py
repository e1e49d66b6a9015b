"""What a program may decide by itself, and what people are told about it. On both databases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from court import ADA, BEN, POLICY, Court
from sqlalchemy import select

from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.objection import DecisionRefused
from tarazu.policy.clause import Automation
from tarazu.store import Actor, Store
from tarazu.store.tables.decisions import notices
from tarazu.store.tables.ledger import ledger, ledger_bodies

PROGRAM = Actor("token", "t" * 26)
OPEN = replace(POLICY, automation=Automation(allowed=frozenset({"praise"}), precision=0.5, least=20))


def facts_of(court: Court, case_id: str) -> list[dict[str, object]]:
    asked = select(ledger_bodies.c.body).join(ledger, ledger.c.seq == ledger_bodies.c.seq)
    with court.store.read() as view:
        mine = asked.where(ledger.c.subject == f"case:{case_id}", ledger.c.kind == "decision.made")
        return [json.loads(row.body) for row in view.rows(mine.order_by(ledger.c.seq))]


def statement(court: Court, decision_id: str) -> str:
    with court.store.read() as view:
        row = view.one(select(notices).where(notices.c.decision_id == decision_id))
    assert row is not None
    return " ".join(line for one in json.loads(row.body)["sections"] for line in one["text"])


@pytest.mark.parametrize(
    ("lang", "by_person", "by_program"),
    [
        ("en", "A person decided.", "A program proposed it, and a person decided."),
        ("fa", "یک انسان تصمیم گرفت.", "برنامه‌ای آن را پیشنهاد کرد و انسانی تصمیم گرفت."),
        ("ar", "اتخذ القرارَ إنسان.", "اقترحه برنامج واتخذ القرارَ إنسان."),
    ],
)
def test_people_are_told_whether_a_person_decided(
    store: Store, lang: str, by_person: str, by_program: str
) -> None:
    court = Court(store)
    named = court.decide(court.post(lang=lang), "remove", PROGRAM, decided_by="Dina R.")
    assert (named.state, named.automated, named.decided_by) == ("effective", False, "Dina R.")
    assert by_person in statement(court, named.id)
    (made,) = facts_of(court, named.case_id)
    assert (made["automated"], made["decided_by"]) == (False, "Dina R.")
    alone = court.decide(court.post(lang=lang), "remove", PROGRAM)
    assert (alone.state, alone.automated, alone.needs) == ("proposed", True, ("automated",))
    assert alone.links == ()
    court.decisions.second(alone.id, BEN, True)
    assert by_program in statement(court, alone.id)
    assert [one["automated"] for one in facts_of(court, alone.case_id)] == [True]


def test_a_program_acts_alone_only_where_the_policy_lets_it_and_people_agreed(store: Store) -> None:
    court = Court(store, DecisionSettings(policies=(OPEN,), program_daily=1))
    for _ in range(20):
        made = court.decide(court.post(), "remove", PROGRAM)
        assert made.needs == ("automated",)
        court.decisions.second(made.id, BEN, True)
    assert court.decide(court.post(), "label", PROGRAM).needs == ("automated",)  # another act was never shown
    assert court.decide(court.post(), "suspend", PROGRAM).needs == ("suspension",)
    free = court.decide(court.post(), "remove", PROGRAM)
    assert (free.state, free.automated, free.second_id) == ("effective", True, None)
    assert "A program decided, without a person." in statement(court, free.id)
    assert court.decide(court.post(), "remove", PROGRAM).needs == (
        "automated",
    )  # the quota of the day is used
    court.clock.later(days=1)
    for one in [court.decide(court.post(), "remove", PROGRAM) for _ in range(1)]:
        assert one.state == "effective"
    for _ in range(20):  # people no longer agree
        court.clock.later(days=1)
        made = court.decide(court.post(), "remove", PROGRAM)
        if made.needs:
            court.decisions.second(made.id, BEN, False, "No.")
        else:
            court.decisions.undo(made.id, ADA, "No.")
    assert court.decide(court.post(), "remove", PROGRAM).needs == ("automated",)


def test_a_program_never_overrules_a_person_and_nobody_else_names_one(store: Store) -> None:
    court = Court(store)
    made = court.decide(court.post(), "remove", ADA)
    with pytest.raises(DecisionRefused, match="a program cannot take it back alone"):
        court.decisions.undo(made.id, PROGRAM, "Found to be fine.")
    undone = court.decisions.undo(made.id, PROGRAM, "Found to be fine.", decided_by="Dina R.")
    assert (undone.automated, undone.decided_by) == (False, "Dina R.")
    own = court.decide(court.post(), "no_action", PROGRAM)
    assert (own.state, own.automated) == ("effective", True)
    assert court.decisions.undo(own.id, PROGRAM, "Seen again.").automated
    for who in (ADA, Actor("rule", "r")):
        with pytest.raises(DecisionRefused, match="Only a token"):
            court.decide(court.post(), "remove", who, decided_by="Dina R.")
