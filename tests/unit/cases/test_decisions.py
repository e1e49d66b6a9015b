"""Deciding: who may, when a second person is needed, what is frozen, what happens at once. On both databases."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from court import ADA, BEN, CLEO, POLICY, RULE, Court
from sqlalchemy import Integer, func, insert, select, update

from tarazu.cases import locks
from tarazu.cases.decision import Action, Choice, Decision, DecisionState, Subject
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.effects import standing
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.objection import AlreadyDecided, DecisionRefused, SamePerson, WrongState
from tarazu.cases.refusal import CaseError, CaseLocked
from tarazu.cases.report import Report, ReportKind
from tarazu.ledger import canonical
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.metadata import METADATA
from tarazu.store.tables.cases import locks as lock_table
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.outbox import outbox
from tarazu.store.transaction import Transaction


@pytest.fixture
def court(store: Store) -> Court:
    return Court(store)


def order(court: Court, post: str = "ordered") -> str:
    """A case about a post that an authority wants removed."""
    item = Item(
        kind=ItemKind.POST, external_id=post, platform="square", author_id="anna", text="A long text here"
    )
    report = Report(
        item=item,
        kind=ReportKind.GOVERNMENT_ORDER,
        reason="Unlawful here.",
        reporter="ministry",
        authority="Ministry of Order",
        legal_basis="Act 1, section 2",
        jurisdiction="DE",
        external_id=f"order-{post}",
    )
    return court.intake.report(report).case_id


def fill(tx: Transaction, table: str, **values: object) -> None:
    """A row of somebody else's table, as little of it as it takes."""
    columns = METADATA.tables[table].c
    needed = {one.name: "" for one in columns if not one.nullable and one.server_default is None}
    numbers = {name: 0 for name in needed if isinstance(columns[name].type, Integer)}
    tx.run(insert(METADATA.tables[table]), [needed | numbers | values])


def acts(court: Court) -> list[tuple[str, str, str]]:
    with court.store.read() as view:
        asked = select(outbox).where(outbox.c.act != "notice").order_by(outbox.c.seq)
        return [(row.act, row.subject_id, row.state) for row in view.rows(asked)]


def test_what_was_seen_is_frozen_with_its_versions(court: Court) -> None:
    case = court.post(text="Glory to them all, for ever and ever")
    made = court.decide(case, "remove")
    facts = json.loads(made.facts)
    assert facts["items"][0]["text"] == "Glory to them all, for ever and ever"
    assert facts["findings"][0]["body"]["words"][0]["text"] == "Glor"
    assert facts["versions"] == {
        "policy": f"house-rules@1#{POLICY.digest[:12]}",
        "stance": "s.v1",
        "entities": "e#1",
    }
    assert facts["policy"]["digest"] == POLICY.digest
    assert facts["clause"]["text"]["fa"]
    assert made.evidence_digest == canonical.digest_text(made.facts)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (Choice(action=Action.REMOVE, reason="x", clause_id="nothing"), "Its clauses: concert, praise"),
        (Choice(action=Action.REMOVE, reason="x"), "name the clause"),
        (Choice(action=Action.REMOVE, clause_id="praise"), "why"),
        (Choice(action=Action.REFUSE, reason="x"), "no open order"),
        (Choice(action=Action.WARN, reason="x", clause_id="praise", duration=timedelta(days=1)), "duration"),
        (Choice(action=Action.LIMIT, reason="x", clause_id="praise", jurisdictions=("<b>",)), "no country"),
        (Choice(action=Action.LIMIT, reason="x", clause_id="praise", exclude=("zoe",)), "zoe"),
        (
            Choice(
                action=Action.LABEL, reason="x", clause_id="praise", subjects=(Subject(kind="post", id="q"),)
            ),
            "no part of this case",
        ),
    ],
)
def test_a_choice_that_lacks_something_says_what(court: Court, wrong: Choice, says: str) -> None:
    case = court.post()
    with pytest.raises(DecisionRefused, match=says):
        court.decisions.decide(case, ADA, wrong)
    assert court.state(case) == "open"


def test_the_clause_is_looked_up_in_the_policy_that_the_finding_cites(store: Store) -> None:
    from tarazu.policy.policy_file import parse_policy

    newer = parse_policy("policy: house-rules\nversion: '2'\nclauses: [{id: other, text: {en: Other.}}]")
    court = Court(store, DecisionSettings(policies=(newer, POLICY)))
    case = court.post()
    with pytest.raises(DecisionRefused, match="house-rules 1"):
        court.decide(case, "remove", clause_id="other")
    assert json.loads(court.decide(case, "remove").facts)["policy"]["version"] == "1"


def test_what_needs_a_second_person_has_no_effect_before(court: Court) -> None:
    same = "One and the same sentence, said again and again by many different people"
    many = court.post(text=same)
    court.posts_like(same, 11)
    made = [
        (court.decide(court.network(), "limit", clause_id="concert"), "network"),
        (court.decide(court.network(name="m"), "no_action"), "network"),
        (court.decide(court.post(), "suspend"), "suspension"),
        (court.decide(many, "remove"), "mass"),
        (court.decide(court.post(platform="mastodon"), "remove"), "irreversible"),
        (court.decide(order(court), "remove", jurisdictions=("DE",)), "order"),
        (court.decide(order(court, "other"), "refuse"), "order"),
    ]
    for decision, why in made:
        assert why in decision.needs
        assert (decision.state, court.state(decision.case_id)) == ("proposed", "waiting_second")
        assert decision.links == ()
    assert acts(court) == []
    assert court.decide(court.post(), "remove").needs == ()


def test_two_people_who_decide_at_once(court: Court) -> None:
    """One wins, the other is told who did; nothing is doubled."""
    cases = [court.post() for _ in range(4)]
    start = Barrier(4)

    def decide(actor: Actor, case: str) -> Decision | AlreadyDecided:
        start.wait()
        try:
            return court.decisions.decide(case, actor, court.choose("label"))
        except AlreadyDecided as error:
            return error

    people = [Actor("person", f"p{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for case in cases:
            done = list(pool.map(decide, people, [case] * 4))
            won = [one for one in done if isinstance(one, Decision)]
            lost = [one for one in done if isinstance(one, AlreadyDecided)]
            assert (len(won), len(lost)) == (1, 3)
            assert all(one.actor_id == won[0].actor_id and one.actor_id in str(one) for one in lost)
    assert sum(state == "pending" for _, _, state in acts(court)) == 4


def test_the_same_key_decides_once(court: Court) -> None:
    case, other = court.post(), court.post()
    first = court.decide(case, "remove", key="k1")
    again = court.decide(case, "remove", key="k1")
    assert again.id == first.id
    with pytest.raises(DecisionRefused, match="key"):
        court.decide(other, "remove", key="k1")
    assert court.decide(other, "remove", key="k1", actor=BEN).id != first.id
    undone = court.decisions.undo(first.id, ADA, "Wrong.", key="u1")
    assert court.decisions.undo(first.id, ADA, "Wrong.", key="u1").id == undone.id


def test_a_case_that_somebody_looks_at_is_left_to_them(court: Court) -> None:
    case = court.post()
    with court.store.write(BEN) as tx:
        locks.take(tx, case, BEN.id, court.clock())
    with pytest.raises(CaseLocked):
        court.decide(case, "remove", actor=ADA)
    assert court.decide(case, "remove", actor=BEN).state == "effective"
    with court.store.read() as view:
        assert view.value(select(func.count()).select_from(lock_table)) == 0


def test_the_second_person_is_another_one(court: Court) -> None:
    made = court.decide(court.post(), "suspend")
    assert made.state == "proposed" and acts(court) == []
    for who in (ADA, RULE, SYSTEM, Actor("token", "t")):
        with pytest.raises(SamePerson):
            court.decisions.second(made.id, who, True)
    with pytest.raises(DecisionRefused, match="reason"):
        court.decisions.second(made.id, BEN, False)
    done = court.decisions.second(made.id, BEN, True)
    assert (done.state, done.second_id) == ("effective", "ben")
    assert court.decisions.second(made.id, BEN, True).state == "effective"  # said twice
    with pytest.raises(WrongState):
        court.decisions.second(made.id, CLEO, False, "Too late.")


def test_whoever_made_the_token_is_no_second_person(court: Court) -> None:
    with court.store.write(SYSTEM) as tx:
        fill(tx, "people", id="ben", login="ben")
        fill(tx, "tokens", id="t1", made_by="ben")
        tx.log("token.made", "token:t1")
    made = court.decide(court.post(), "suspend", actor=Actor("token", "t1"))
    with pytest.raises(SamePerson):
        court.decisions.second(made.id, BEN, True)
    assert [one.id for one in court.decisions.waiting("ben")] == []
    assert [one.id for one in court.decisions.waiting("cleo")] == [made.id]


def test_a_declined_decision_leaves_the_case_open(court: Court) -> None:
    case = court.post()
    made = court.decide(case, "suspend")
    done = court.decisions.second(made.id, BEN, False, "It is satire.")
    assert (done.state, done.second_reason, court.state(case)) == ("declined", "It is satire.", "open")
    assert court.decide(case, "no_action").state == "effective"


def test_a_time_that_is_over_ends_by_itself(court: Court) -> None:
    case = court.post()
    made = court.decide(case, "remove", duration=timedelta(days=3))
    subject = made.subjects[0].subject
    with court.store.write(SYSTEM) as tx:
        tx.run(update(outbox).values(state="done", attempts=1))
        tx.log("action.done", "outbox")
    court.clock.later(days=2)
    assert court.decisions.expire() == []
    court.clock.later(days=2)
    (ended,) = court.decisions.expire()
    assert (ended.id, ended.state, court.state(case)) == (made.id, DecisionState.EXPIRED, "closed")
    assert court.decisions.expire() == []
    with court.store.read() as view:
        assert standing(view, [subject]) == {subject: {}}
    assert acts(court)[-1] == ("restore", subject.id, "pending")
    assert court.strikes.weight("anna", "square") == 5  # the strike has a time of its own


def test_an_order_that_is_refused_is_told_why(court: Court) -> None:
    case = order(court)
    done = court.both(case, "refuse", reason="It is reporting.")
    (link,) = done.links
    page = court.notices.page(link.token)
    assert "It is reporting." in [text for one in page.sections for text in one.text]
    assert page.may_appeal and acts(court) == []
    appeal = court.appeals.open(link.token, "We insist.")
    done_ = court.appeals.decide(appeal.id, CLEO, "uphold", "It is still reporting.")
    assert done_.state == "upheld" and court.state(case) == "decided"


def test_undoing_finds_what_has_begun_and_what_has_not(court: Court) -> None:
    """An act that nobody began is cancelled; one that may have been done is followed by its opposite."""
    first = court.decide(court.post(), "remove")
    court.decisions.undo(first.id, ADA, "Wrong.")
    assert [state for _, _, state in acts(court)] == ["cancelled"]
    second_ = court.decide(court.post(), "remove")
    with court.store.write(SYSTEM) as tx:
        tx.run(update(outbox).where(outbox.c.decision_id == second_.id).values(attempts=1))
        tx.log("action.tried", "outbox")
    court.clock.later(seconds=1)
    court.decisions.undo(second_.id, ADA, "Wrong.")
    assert [(act, state) for act, _, state in acts(court)[1:]] == [
        ("remove", "pending"),
        ("restore", "pending"),
    ]


def test_restoring_lifts_what_holds_and_undoing_that_lets_it_hold_again(court: Court) -> None:
    court.both(court.network(3), "limit", clause_id="concert")
    limited = Subject(kind="account", id="n001", platform="square")

    def holds() -> list[Action]:
        with court.store.read() as view:
            return [action for action, _ in standing(view, [limited])[limited]]

    assert holds() == [Action.LIMIT]
    restored = court.decide(court.post(author="n001", kind=ItemKind.ACCOUNT), "restore")
    assert holds() == []
    court.clock.later(seconds=1)
    court.decisions.undo(restored.id, BEN, "Not this one.")
    assert holds() == [Action.LIMIT]


def test_nothing_is_decided_by_nobody(court: Court) -> None:
    with pytest.raises(CaseError):
        court.decisions.decide(court.post(), SYSTEM, court.choose("remove"))
    made = court.decide(court.post(), "remove", actor=RULE)
    with court.store.read() as view:
        assert view.value(select(decisions.c.automated).where(decisions.c.id == made.id)) == 1
