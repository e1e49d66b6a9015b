"""Rules: what they may do, what they may not, and how they are stopped. On both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from court import ADA, BEN, CLEO, DARA
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from workshop import ALLOWED, PRAISE, Workshop

from tarazu.cases.case_facts import CaseFacts
from tarazu.cases.condition import parse_condition
from tarazu.cases.decision import Action
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.file import read_file
from tarazu.cases.interval import Share
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.objection import SamePerson
from tarazu.cases.queue import Queue
from tarazu.cases.report import Report, ReportKind
from tarazu.cases.rule import AutomationSettings, RuleDraft, RuleRefused, RuleState
from tarazu.cases.rules import Rules
from tarazu.errors import NotValid
from tarazu.store import Store
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.ledger import ledger, ledger_bodies
from tarazu.store.tables.outbox import outbox
from tarazu.store.verify import verify

FAULTS = [
    ({"claus": ["a"]}, "did you mean 'clause'"),
    ({"outcome": ["violate"]}, "did you mean 'violates'"),
    ({"certainty": 1.2}, "at most 1"),
    ({"certainty": "high"}, "a number is needed"),
    ({"lang": []}, "'lang' is empty"),
    ({"text": ["(?=x)"]}, "looking ahead"),
    ({"text": ["("]}, "no pattern"),
    ({"lang": ["fa"], "unless": {"unless": {"lang": ["ar"]}}}, "'unless' is not known"),
    ({}, "fits everything"),
    ([], "'key: value' pairs"),
]


@pytest.mark.parametrize(("written", "words"), FAULTS)
def test_a_condition_that_cannot_be_meant_is_refused_with_advice(written: Any, words: str) -> None:
    with pytest.raises(NotValid, match="rule-x:1:"):
        parse_condition(json.dumps(written), "rule-x")
    with pytest.raises(NotValid) as caught:
        parse_condition(written)
    assert words in str(caught.value)


PARTS = [
    {"lang": ["fa", "ar"]},
    {"clause": ["praise"]},
    {"outcome": ["violates"]},
    {"certainty": 0.9},
    {"author_strikes": 2},
    {"text": ["\\bforever\\b", "always"]},
]
FACTS = st.builds(
    lambda lang, clause, outcome, sure, strikes, text: CaseFacts(
        case_id="c",
        state="open",
        words={"lang": frozenset({lang}), "clause": frozenset({clause}), "outcome": frozenset({outcome})},
        numbers={"certainty": sure, "author_strikes": strikes},
        text=text,
    ),
    st.sampled_from(["fa", "ar", "en"]),
    st.sampled_from(["praise", "concert"]),
    st.sampled_from(["violates", "review"]),
    st.sampled_from([0.5, 0.9, 1.0]),
    st.sampled_from([0.0, 2.0, 5.0]),
    st.sampled_from(["Forever yours", "foreverish", "as ALWAYS", ""]),
)


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6), st.sampled_from(PARTS), FACTS)
def test_all_parts_must_hold_and_unless_must_not(
    parts: list[dict[str, Any]], other: dict[str, Any], of: CaseFacts
) -> None:
    whole = {key: value for part in parts for key, value in part.items()}
    alone = [parse_condition(part).holds(of) for part in parts]
    assert parse_condition(whole).holds(of) == all(alone)
    wary = parse_condition({**whole, "unless": other})
    assert wary.holds(of) == (all(alone) and not parse_condition(other).holds(of))
    assert parse_condition(wary.written).written == wary.written


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share_and_narrows(part: int, rest: int) -> None:
    share, more = Share(part, part + rest), Share(part * 10, (part + rest) * 10)
    assert 0 <= share.low <= (share.value or 0.0) <= share.high <= 1 or not share.of
    assert more.high - more.low < share.high - share.low or not share.of


def acted(store: Store) -> int:
    with store.read() as view:
        return int(view.value(select(func.count()).where(decisions.c.actor_kind == "rule")) or 0)


def test_a_rule_goes_live_only_when_policy_measure_and_shadow_allow(store: Store) -> None:
    shop = Workshop(store)
    rule = shop.rule()
    with pytest.raises(RuleRefused, match=r"(?s)shadow.*0 cases"):
        shop.rules.go_live(rule.id, ADA)
    shop.rules.shadow(rule.id, ADA)
    shop.clock.later(days=3)
    with pytest.raises(RuleRefused, match="asks for 20"):
        shop.rules.go_live(rule.id, ADA)
    shop.decided(20)
    wrong = shop.decided(20, Action.NO_ACTION)
    with pytest.raises(RuleRefused, match=r"20 of 40"):
        shop.rules.go_live(rule.id, ADA)
    found = shop.rules.backtest(rule.id)
    assert {one.case_id for one in found.samples} == set(wrong)
    assert (found.decided, found.matched, found.agreed, found.recall.value) == (40, 40, 20, 1.0)

    narrow = RuleDraft(
        name="n",
        condition={**PRAISE, "certainty": 0.95},
        action=Action.REMOVE,
        clause_id="praise",
        reason="r",
    )
    assert shop.rules.try_out(narrow).matched == 0
    silent = Rules(
        store, shop.clock, shop.careful, DecisionSettings(policies=(replace(ALLOWED, automation=None),))
    )
    with pytest.raises(RuleRefused, match="lets no rule act"):
        silent.go_live(rule.id, ADA)
    for change in ({"action": Action.RESTORE}, {"clause_id": "none"}, {"daily_quota": 0}, {"reason": " "}):
        with pytest.raises(RuleRefused):
            shop.rule(**change)
    with pytest.raises(RuleRefused, match="Who reported"):
        shop.rule(condition={"reports": 100})


def test_a_rule_in_shadow_never_acts(store: Store) -> None:
    shop = Workshop(store)
    rule = shop.rules.shadow(shop.rule().id, ADA)
    met = [shop.post() for _ in range(30)]
    hits = [hit for case_id in met[:10] for hit in shop.automation.run(case_id)]
    hits += shop.automation.sweep()
    assert {hit.case_id for hit in hits} == set(met) and len(hits) == len(met)
    assert not shop.automation.sweep() and not shop.automation.run(met[0])
    assert not any(hit.acted for hit in hits) and {hit.why for hit in hits} == {"shadow"}
    with store.read() as view:
        assert view.value(select(func.count()).select_from(decisions)) == 0
        assert view.value(select(func.count()).select_from(outbox)) == 0
    assert {shop.state(one) for one in met} == {"open"}
    assert shop.rules.hits(rule.id) == {"shadow": 30}
    print(f"{store.dialect}: {len(hits)} cases met in shadow, 0 acts")


def test_what_a_rule_decides_is_a_decision_like_any_other(store: Store) -> None:
    shop = Workshop(store)
    rule = shop.live()
    case_id = shop.post(author="anna")
    (hit,) = shop.automation.run(case_id)
    assert hit.acted and hit.decision_id
    made = shop.decisions.get(hit.decision_id)
    assert made.automated and (made.actor_kind, made.actor_id) == ("rule", rule.id)
    assert shop.state(case_id) == "decided"
    with store.read() as view:
        entry = view.one(
            select(ledger).where(ledger.c.subject == f"case:{case_id}", ledger.c.kind == "decision.made")
        )
        assert entry is not None and (entry.actor_kind, entry.actor_id) == ("rule", rule.id)
        notice = view.one(select(outbox).where(outbox.c.decision_id == made.id, outbox.c.act == "notice"))
    assert notice is not None
    token = shop.notices.link(json.loads(notice.payload)["notice"])
    assert token is not None
    page = shop.notices.page(token)
    assert page.statement.automated == "fully" and page.may_appeal
    appeal = shop.appeals.open(token, "It was news.", "en")
    with pytest.raises(SamePerson):  # she wrote the rule
        shop.appeals.decide(appeal.id, ADA, "reverse", reason="It was news.")
    shop.appeals.decide(appeal.id, BEN, "reverse", reason="It was news.")
    # A rule is measured by people only: 25 decided by Ada, and one that Ben found wrong.
    found = shop.rules.backtest(rule.id)
    assert (found.decided, found.agreed) == (26, 25)
    shop.post()
    shop.automation.sweep()
    assert shop.rules.backtest(rule.id).decided == 26
    assert not verify(store).faults


def test_a_rule_leaves_alone_what_is_for_people(store: Store) -> None:
    shop = Workshop(store)
    shop.live()
    ordered, held, before = shop.post(), shop.post(), shop.post()
    reported = Item(
        kind=ItemKind.POST, external_id="r1", platform="square", author_id="x", text="praise, they say"
    )
    receipt = shop.intake.report(
        Report(
            item=reported, kind=ReportKind.TRUSTED_FLAGGER, reason="praise", clause_id="praise", reporter="f"
        )
    )
    about = {"authority": "A court", "legal_basis": "Art. 3", "jurisdiction": "EU"}
    with store.read() as view:
        item = read_file(view, ordered).main
    order = Report(item=item, kind=ReportKind.GOVERNMENT_ORDER, reason="order", **about)
    assert shop.intake.report(order).case_id == ordered
    Queue(store, shop.clock).lock(held, CLEO.id, timedelta(hours=1))
    shop.decisions.undo(shop.decide(before, Action.REMOVE).id, ADA, "Wrong one.")
    assert shop.state(before) == "open"
    for case_id in (ordered, held, before, receipt.case_id):
        assert not shop.automation.run(case_id)
    assert not shop.automation.sweep() and acted(store) == 0


def test_what_needs_a_second_person_a_rule_only_proposes(store: Store) -> None:
    shop = Workshop(store)
    for number in range(25):
        shop.both(shop.post(author=f"past{number}"), Action.SUSPEND)
    shop.live(past=0, action=Action.SUSPEND)
    (hit,) = shop.automation.run(shop.post())
    assert (hit.why, shop.state(hit.case_id)) == ("proposed", "waiting_second")
    assert hit.decision_id
    with store.read() as view:
        asked = select(ledger_bodies.c.body).join(ledger, ledger.c.seq == ledger_bodies.c.seq)
        said = view.rows(asked.where(ledger.c.kind == "decision.proposed").order_by(ledger.c.seq.desc()))
    told = json.loads(said[0].body)
    assert told["decision"] == hit.decision_id and told["automated"] is True and told["decided_by"] is None
    with pytest.raises(SamePerson):
        shop.decisions.second(hit.decision_id, ADA, True)
    assert shop.decisions.second(hit.decision_id, BEN, True).second_id == BEN.id


def test_a_quota_is_for_a_day_and_an_edit_begins_anew(store: Store) -> None:
    shop = Workshop(store)
    rule = shop.live(daily_quota=3)
    cases = [shop.post() for _ in range(8)]
    hits = [hit for case_id in cases for hit in shop.automation.run(case_id)]
    assert [hit.why for hit in hits] == ["acted"] * 3 + ["quota"] * 5
    shop.clock.later(days=1)
    (hit,) = shop.automation.run(shop.post())
    assert hit.acted and not shop.automation.run(cases[-1])  # left to people, whatever day it is
    same = RuleDraft(
        name="Other name",
        condition=PRAISE,
        action=Action.REMOVE,
        clause_id="praise",
        reason="r",
        daily_quota=2,
    )
    kept = shop.rules.edit(rule.id, BEN, same)
    assert (kept.state, kept.version, kept.edited_by) == (RuleState.LIVE, 1, ADA.id)
    other = shop.rules.edit(rule.id, BEN, replace(same, condition={**PRAISE, "certainty": 0.7}))
    assert (other.state, other.version, other.measured) == (RuleState.DRAFT, 2, None)
    assert not shop.automation.run(shop.post())


def test_a_fresh_rule_that_does_too_much_stops_itself(store: Store) -> None:
    careful = AutomationSettings(shadow_days=1, stop_least=5, stop_share=0.2)
    shop = Workshop(store, careful)
    shop.decided(25)
    rule = shop.rules.shadow(shop.rule().id, ADA)
    shop.clock.later(days=2)
    shop.rules.go_live(rule.id, ADA)
    for _ in range(15):  # people work as well
        shop.decide(shop.post(), Action.REMOVE)
    hits = [hit for _ in range(12) for hit in shop.automation.run(shop.post())]
    assert [hit.why for hit in hits] == ["acted"] * 5 + ["stopped"]  # a sixth would be 6 of 21
    assert shop.rules.get(rule.id).state == RuleState.STOPPED
    (stop,) = shop.rules.stops(rule.id)
    assert (stop.why, stop.by, stop.facts["own"], stop.facts["of"]) == ("emergency", rule.id, 6, 21)
    with store.read() as view:
        assert view.one(select(ledger).where(ledger.c.kind == "rule.stopped")) is not None
    with pytest.raises(RuleRefused, match="stopped"):
        shop.rules.go_live(rule.id, DARA)
    with pytest.raises(RuleRefused, match="reason"):
        shop.rules.lift(rule.id, BEN, " ")
    with pytest.raises(SamePerson):
        shop.rules.lift(rule.id, ADA, "It is right.")
    assert shop.rules.lift(rule.id, BEN, "A real campaign.").state == RuleState.LIVE
    (hit,) = shop.automation.run(shop.post())
    assert hit.acted
    shop.clock.later(days=2)  # no longer fresh: the quota is what bounds it
    later = [hit for _ in range(12) for hit in shop.automation.run(shop.post())]
    assert all(hit.acted for hit in later) and len(later) == 12
