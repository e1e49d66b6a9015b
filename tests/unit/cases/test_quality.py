"""Second looks that do not know the first, golden cases, agreement, saved searches. On both databases."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from court import ADA, BEN, CLEO
from hypothesis import given
from hypothesis import strategies as st
from workshop import Workshop

from tarazu.cases.agreement import cohen, fleiss
from tarazu.cases.answer import Answer
from tarazu.cases.case import CaseKind, CaseState
from tarazu.cases.decision import Action
from tarazu.cases.disagreements import Disagreements
from tarazu.cases.filter import Filter, Order
from tarazu.cases.interval import Share
from tarazu.cases.overturns import overturns
from tarazu.cases.quality import Quality, QualitySettings
from tarazu.cases.quality_figures import figures
from tarazu.cases.queue import Queue
from tarazu.cases.refusal import CaseError
from tarazu.cases.saved_queries import Queries, read, written
from tarazu.cases.turns import Turn, Turns
from tarazu.errors import NotValid
from tarazu.store import Store
from tarazu.store.verify import verify

OK, PRAISE = Answer(action=Action.NO_ACTION), Answer(action=Action.REMOVE, clause_id="praise")
# Psychiatric diagnoses of 4 patients by 6 raters each, in the manner of Fleiss 1971, and the value worked by hand.
DIAGNOSES = ["aaaaaa", "aaabbb", "bbbbcc", "cccccc"]


@dataclass(frozen=True)
class Reader:
    """Somebody who can be asked."""

    id: str
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


def test_kappas_are_those_worked_by_hand() -> None:
    both = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = cohen(both)
    assert found.value == pytest.approx(0.4) and found.same == 35
    assert found.low is not None and found.high is not None and found.low < 0.4 < found.high
    # P = (1 + 6/15 + 7/15 + 1) / 4; a 9, b 7, c 8 of 24
    seen, chance = (1 + 6 / 15 + 7 / 15 + 1) / 4, (81 + 49 + 64) / 24**2
    assert fleiss(DIAGNOSES).value == pytest.approx((seen - chance) / (1 - chance))
    assert cohen([]).value is None and cohen([("y", "y")] * 9).value is None


LETTERS = st.sampled_from("abc")


@given(st.lists(st.tuples(LETTERS, LETTERS), min_size=2, max_size=30))
def test_kappa_is_symmetric_and_at_most_one(pairs: list[tuple[str, str]]) -> None:
    found = cohen(pairs)
    assert found == cohen(pairs)  # the same cases, the same interval
    turned = cohen([(other, one) for one, other in pairs])
    assert (found.value is None) == (turned.value is None)
    if found.value is not None:
        assert found.value == pytest.approx(turned.value) and -1 <= found.value <= 1
        assert (found.value == pytest.approx(1)) == (found.same == len(pairs))


def test_an_interval_holds_what_was_planted() -> None:
    rng, held = random.Random(5), 0
    for seed in range(40):  # two who agree by a coin in 60 % of cases: kappa 0.6
        pairs = []
        for _ in range(200):
            one = rng.choice("yn")
            pairs.append((one, one if rng.random() < 0.6 else rng.choice("yn")))
        found = cohen(pairs, seed)
        held += (found.low or 0) <= 0.6 <= (found.high or 0)
    print(f"kappa of 0.6 lies inside the 95 % interval in {held} of 40 runs")
    assert held >= 34


def test_a_second_look_is_blind_and_by_somebody_else(store: Store) -> None:
    shop = Workshop(store)
    quality = Quality(store, shop.clock, QualitySettings(share=1))
    removed, left = shop.decided(6), shop.decided(6, Action.NO_ACTION)
    assert quality.next(ADA.id) is None  # she decided all of them
    with pytest.raises(CaseError, match="part in this case"):
        quality.answer(removed[0], ADA, PRAISE)
    seen = []
    while (case_id := quality.next(BEN.id)) is not None:
        file = quality.file(case_id)
        assert file.state == CaseState.OPEN and file.findings and not hasattr(file, "decisions")
        agrees = case_id != removed[0]
        quality.answer(case_id, BEN, (PRAISE if case_id in removed else OK) if agrees else OK)
        seen.append(case_id)
    assert set(seen) == {*removed, *left} and quality.next(CLEO.id) is None
    with pytest.raises(CaseError, match="already"):
        quality.answer(seen[0], BEN, OK)
    two, all_of_them = quality.agreement()
    assert (two.cases, two.same) == (12, 11) and two.value == pytest.approx(1 - (1 / 12) / (1 - 72 / 144))
    assert all_of_them.cases == 12 and all_of_them.value is not None and all_of_them.value < 1
    assert shop.state(seen[0]) == "decided" and not verify(store).faults
    few = Quality(store, shop.clock, QualitySettings(share=0))
    assert few.next(CLEO.id) is None


def test_golden_cases_are_asked_of_everybody_and_scored(store: Store) -> None:
    shop = Workshop(store)
    quality = Quality(store, shop.clock, QualitySettings(share=0))
    cases = shop.decided(4)
    for case_id in cases:
        quality.make_golden(case_id, ADA, PRAISE, "It names them and cheers.")
    for person, right in ((BEN, 4), (CLEO, 1)):
        for number in range(4):
            case_id = quality.next(person.id)
            assert case_id is not None
            quality.answer(case_id, person, PRAISE if number < right else OK)
        assert quality.next(person.id) is None
    assert quality.scores() == {BEN.id: Share(4, 4), CLEO.id: Share(1, 4)}
    assert quality.agreement()[0].value is None  # a golden case measures people, not cases
    quality.no_longer_golden(cases[0], ADA)
    assert len(quality.golden()) == 3


def test_a_disagreement_waits_for_somebody_who_gave_neither_answer(store: Store) -> None:
    shop = Workshop(store)
    quality = Quality(store, shop.clock, QualitySettings(share=1))
    removed = shop.decided(3)
    turns = Turns(quality)
    ben, cleo = Reader(id=BEN.id), Reader(id=CLEO.id)
    case_id = turns.ask(ben)
    assert case_id in removed and turns.of(BEN.id) == Turn(case_id=case_id)
    quality.answer(case_id, BEN, OK)
    turns.end(BEN.id)
    assert turns.of(BEN.id) is None
    waiting = Disagreements(store, shop.clock)
    (one,) = waiting.open()
    assert (one.case_id, one.first.label, one.look.label) == (case_id, "praise", "none")
    assert not waiting.open(ADA.id) and not waiting.open(BEN.id) and waiting.open(CLEO.id) == [one]
    for person in (ADA, BEN):
        with pytest.raises(CaseError, match="one of the two"):
            waiting.settle(case_id, BEN.id, person, "look", "It names nobody.")
    waiting.settle(case_id, BEN.id, CLEO, "unclear", "The clause says nothing of songs.")
    with pytest.raises(CaseError, match="already"):
        waiting.settle(case_id, BEN.id, CLEO, "first", "Again.")
    assert not waiting.open() and shop.state(case_id) == "decided" and not verify(store).faults
    # Golden cases come first; a turn that nobody takes is over after a while.
    quality.make_golden(removed[0], ADA, PRAISE, "It cheers.")
    assert turns.ask(cleo) == removed[0] and turns.of(CLEO.id) == Turn(case_id=removed[0])
    shop.clock.later(hours=2)
    assert turns.of(CLEO.id) is None
    arabic = Reader(id=CLEO.id, languages=("ar",))
    assert turns.ask(arabic) is None  # they are in English


def test_figures_say_of_how_many_and_since_when(store: Store) -> None:
    shop = Workshop(store)
    quality = Quality(store, shop.clock, QualitySettings(share=1))
    first = [shop.post(lang="fa" if number % 2 else "en") for number in range(4)]
    shop.clock.later(hours=10)
    for case_id in first:
        shop.decide(case_id, Action.REMOVE)
    shop.clock.later(days=7)
    waits = shop.post()
    shop.clock.later(days=1)
    quality.answer(first[0], BEN, PRAISE)
    quality.answer(first[1], BEN, OK)
    found = figures(quality, 2)
    assert found.agreement.raw == Share(1, 2) and found.disagreements == 1
    assert found.by_lang["en"].raw == Share(1, 1) and found.by_lang["fa"].raw == Share(0, 1)
    assert [one.raw.of for _, one in found.by_week] == [0, 2]
    before, now = found.weeks
    assert (before.opened, before.decided, before.waiting) == (4, 4, 0) and waits
    assert before.hours == pytest.approx(10, abs=0.01) and now.hours is None
    assert (now.opened, now.decided, now.waiting) == (1, 0, 1)
    assert now.waiting_days == pytest.approx(1, abs=0.01)
    assert found.overturns.by_maker["person"].overturned == Share(0, 4)


def test_overturned_decisions_are_counted_by_clause_language_and_person(store: Store) -> None:
    shop = Workshop(store)
    made = [shop.decide(shop.post(lang="fa" if number % 2 else "en"), Action.REMOVE) for number in range(6)]
    made += [shop.decide(shop.post(), Action.NO_ACTION, BEN)]
    for number, answer in ((0, "reverse"), (1, "uphold")):
        token = next(one.token for one in made[number].links if one.recipient_kind == "affected")
        shop.appeals.decide(shop.appeals.open(token, "Please.", "en").id, CLEO, answer, "Read again.")
    shop.decisions.undo(made[2].id, CLEO, "Wrong.")
    shop.decisions.undo(made[3].id, ADA, "A slip.")  # her own: nobody overturned her
    found = overturns(store)
    assert (found.whole.overturned, found.whole.reversed) == (Share(2, 7), Share(1, 2))
    assert found.by_reviewer[ADA.id].overturned == Share(2, 6)
    assert found.by_reviewer[BEN.id].overturned == Share(0, 1)
    assert found.by_lang["en"].overturned == Share(2, 4) and found.by_lang["fa"].overturned == Share(0, 3)
    assert found.by_clause["praise"].overturned == Share(2, 6)
    shop.clock.later(days=1)
    assert overturns(store, shop.clock.at).whole.overturned.of == 0


def test_a_saved_search_finds_the_same_and_can_become_a_rule(store: Store) -> None:
    shop = Workshop(store)
    case_id, _ = shop.post(text="Long live the heroes of the valley", lang="fa"), shop.post()
    queries = Queries(store, shop.clock)
    wanted = {"lang": "fa", "search": "valley", "kind": "post", "order": "newest"}
    kept = queries.save(ADA, "Valley", wanted)
    again = queries.save(ADA, "Valley", wanted, shared=True)
    assert [one.id for one in queries.of(BEN.id)] == [again.id] != [kept.id]
    assert [row.id for row in Queue(store, shop.clock).page(again.filter, again.order)] == [case_id]
    rule = shop.rules.shadow(shop.rule(condition={**again.condition, "outcome": ["violates"]}).id, ADA)
    assert [(hit.rule_id, hit.case_id) for hit in shop.automation.sweep()] == [(rule.id, case_id)]
    with pytest.raises(CaseError, match="not yours"):
        queries.remove(again.id, BEN)
    queries.remove(again.id, ADA)
    assert not queries.of(ADA.id)
    with pytest.raises(CaseError, match="several words"):
        queries.save(ADA, "Two", {"search": "long live"}).condition  # noqa: B018
    with pytest.raises(NotValid, match="did you mean 'lang'"):
        queries.save(ADA, "x", {"langs": "fa"})


@given(
    st.builds(
        Filter,
        states=st.lists(st.sampled_from(CaseState), min_size=1, unique=True).map(tuple),
        kind=st.none() | st.sampled_from(CaseKind),
        lang=st.none() | st.sampled_from(["fa", "ar"]),
        search=st.none() | st.sampled_from(["a b", "سلام"]),
    ),
    st.sampled_from(Order),
)
def test_a_search_survives_being_kept(filter: Filter, order: Order) -> None:
    assert read(written(filter, order)) == (filter, order)
