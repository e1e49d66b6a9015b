"""A network in two stages, and what strikes propose. On both databases."""

from __future__ import annotations

import pytest
from court import ADA, BEN, CLEO, POLICY, Court

from tarazu.cases.decision import Action, Stage
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.finding import FindingKind
from tarazu.cases.item import ItemKind
from tarazu.cases.objection import AlreadyDecided, DecisionRefused, WrongState
from tarazu.cases.view import Cases
from tarazu.errors import OptionError
from tarazu.server.sentences import reason
from tarazu.store import Store


@pytest.fixture
def court(store: Store) -> Court:
    return Court(store)


def test_a_network_is_limited_then_suspended_each_with_a_second_person(court: Court) -> None:
    case = court.network(4)
    choice = court.choose("limit", clause_id="concert", exclude=("n002",))
    with pytest.raises(WrongState, match="limited first"):
        court.decide(case, "suspend", clause_id="concert")
    limit = court.decisions.stage(case, ADA, choice)
    assert limit.waits and court.staging.takedown(case).next is None
    with pytest.raises(AlreadyDecided):
        court.decide(case, "limit", clause_id="concert", actor=BEN)
    court.decisions.second(limit.id, BEN, True)
    assert court.staging.takedown(case).next == Stage.SUSPEND
    suspend = court.decisions.stage(case, BEN, court.choose("limit", clause_id="concert", exclude=("n003",)))
    assert (suspend.action, suspend.stage) == (Action.SUSPEND, Stage.SUSPEND)
    court.clock.later(seconds=1)
    court.decisions.second(suspend.id, ADA, True)
    takedown = court.staging.takedown(case)
    states = [takedown.state(one.id) for one in takedown.members]
    assert states == ["suspended", "suspended", "free", "limited"]
    assert takedown.next is None


def test_a_network_goes_back_as_a_whole_or_step_by_step(court: Court) -> None:
    case = court.network(3)
    court.both(case, "limit", clause_id="concert")
    suspend = court.both(case, "suspend", clause_id="concert")
    court.decisions.undo(suspend.id, CLEO, "Too much.")
    takedown = court.staging.takedown(case)
    assert {takedown.state(one.id) for one in takedown.members} == {"limited"}
    assert (takedown.next, court.state(case)) == (Stage.SUSPEND, "decided")
    court.both(case, "suspend", clause_id="concert")
    court.clock.later(seconds=1)
    court.staging.undo(case, CLEO, "They are a choir.", accounts=("n001",))
    takedown = court.staging.takedown(case)
    assert [takedown.state(one.id) for one in takedown.members] == ["suspended", "free", "suspended"]
    court.staging.undo(case, CLEO, "They all are.")
    takedown = court.staging.takedown(case)
    assert {takedown.state(one.id) for one in takedown.members} == {"free"}
    assert (takedown.next, court.state(case)) == (Stage.LIMIT, "open")
    assert court.strikes.weight("n000", "square") == 0


def test_what_waits_for_the_second_stage_falls_with_the_first(court: Court) -> None:
    case = court.network(3)
    limit = court.both(case, "limit", clause_id="concert")
    waits = court.decide(case, "suspend", clause_id="concert")
    court.decisions.undo(limit.id, CLEO, "Wrong.")
    assert court.decisions.get(waits.id).state == "undone"
    with pytest.raises(WrongState):
        court.decisions.second(waits.id, BEN, True)


def test_everybody_left_out_is_no_decision(court: Court) -> None:
    case = court.network(2)
    with pytest.raises(DecisionRefused, match="no_action"):
        court.decide(case, "limit", clause_id="concert", exclude=("n000", "n001"))


def test_strikes_propose_and_never_act(court: Court) -> None:
    for _ in range(2):
        court.decide(court.post(), "remove")
    (proposal,) = court.strikes.proposals()
    assert (proposal.account_id, proposal.action, proposal.weight) == ("anna", Action.SUSPEND, 10)
    opened = court.strikes.propose(court.intake)
    assert len(opened.case_ids) == 1 and court.strikes.propose(court.intake).found == 0
    assert len(court.strikes.proposals()) == 1  # nothing was done
    case = Cases(court.store, court.clock).case(opened.case_ids[0])
    (found,) = case.findings
    assert (case.row.kind, case.row.severity, case.row.clause_id) == ("account", "critical", "praise")
    assert found.kind == FindingKind.STRIKES and found.body["action"] == "suspend"
    assert {one["id"] for one in found.body["strikes"]} == {  # type: ignore[attr-defined]
        one.id for one in court.strikes.of("anna", "square")
    }
    assert "10 points" in reason("en", found.kind, found.body)
    made = court.both(opened.case_ids[0], "suspend")
    assert made.subjects[0].subject.kind == ItemKind.ACCOUNT and court.strikes.proposals() == []
    court.clock.later(days=366)
    assert court.strikes.weight("anna", "square") == 0


def test_what_strikes_propose_is_new_with_every_further_strike_and_the_account_s_own(court: Court) -> None:
    network = court.network(2)
    for author in ("n000", "n000"):
        court.decide(court.post(author=author), "remove")
    (first,) = court.strikes.propose(court.intake).case_ids
    assert first != network and court.strikes.propose(court.intake).found == 0
    court.decide(first, "no_action")
    assert court.strikes.propose(court.intake).found == 0  # a person has looked at these
    court.decide(court.post(author="n000"), "remove")
    (second,) = court.strikes.propose(court.intake).case_ids
    assert second not in (first, network)


def test_one_strike_for_many_posts_with_the_same_words(court: Court) -> None:
    same = "One and the same sentence, said again and again by many different people"
    case = court.post(author="other1", text=same)
    court.posts_like(same, 3)
    court.decide(case, "remove")
    assert [court.strikes.weight(f"other{number}", "square") for number in range(4)] == [5, 5, 5, 0]


def test_settings_that_would_break_a_promise_are_refused() -> None:
    from datetime import timedelta

    for wrong in ({"mass": 0}, {"appeal_window": timedelta(days=30)}, {"thresholds": ((3, Action.REMOVE),)}):
        with pytest.raises(OptionError):
            DecisionSettings(policies=(POLICY,), **wrong)  # type: ignore[arg-type]
