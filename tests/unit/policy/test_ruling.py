"""Where the written policy meets what was read."""

from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tarazu.policy.clause import Certainty, Clause, Policy
from tarazu.policy.designations import Alias, Designation, Entity
from tarazu.policy.reading import Reading, outcome_of
from tarazu.policy.ruling import by_place, coverage, grounds
from tarazu.policy.stance.model import PURPOSES, STANCES, Opinion
from tarazu.verdicts import Outcome, Purpose, Stance

SURE = Certainty(violates=0.8, allowed=0.3)


def clause(**over):
    return Clause(**{"id": "c", "text": {"en": "No."}, "kinds": frozenset({"hate_group"}), **over})


def opinion(forbidden, purpose=Purpose.EXPRESSION):
    rest = 1 - forbidden
    stance = dict(zip(STANCES, (forbidden * 0.7, forbidden * 0.3, rest / 2, rest / 2), strict=True))
    return Opinion(stance=stance, purpose={p: 0.9 if p == purpose else 0.02 for p in PURPOSES})


shares = st.floats(0, 1)


@given(shares, shares, st.sampled_from(PURPOSES))
def test_more_praise_never_makes_a_milder_outcome(one, two, purpose):
    grave = [Outcome.ALLOWED, Outcome.REVIEW, Outcome.VIOLATES]
    low, high = (grave.index(outcome_of(clause(), opinion(p, purpose), SURE)) for p in sorted((one, two)))
    assert low <= high


def test_what_partisan_says_holds_inside_purposes_that_stay_up_only():
    for partisan, purpose in product(Outcome, PURPOSES):
        expected = Outcome.VIOLATES if purpose == Purpose.EXPRESSION else partisan
        assert outcome_of(clause(partisan=partisan), opinion(0.95, purpose), SURE) == expected


def test_no_answer_goes_to_a_person():
    silent = Opinion(
        stance=dict.fromkeys(STANCES, 0.25), purpose=dict.fromkeys(PURPOSES, 1 / 6), answered=False
    )
    assert outcome_of(clause(), silent, SURE) == Outcome.REVIEW


LISTED = Entity(
    id="e",
    kind="hate_group",
    name="E",
    aliases=(Alias(text="E"),),
    designations=(
        Designation(authority="EU", start=date(2020, 1, 1), end=date(2024, 1, 1), jurisdictions=("EU",)),
        Designation(authority="US", start=date(2022, 1, 1), jurisdictions=("US",)),
    ),
)


def outcome_on(day, places=("EU", "US"), **over):
    policy = Policy(id="p", version="1", digest="d", clauses=(clause(**over),), jurisdictions=places)
    covered = coverage(policy, [LISTED], day, places)
    found = grounds(policy, covered, {"e": Reading(post=opinion(0.95))}, SURE)
    return {place: str(outcome) for place, outcome in by_place(found, places).items()}


def test_the_same_post_is_judged_as_of_its_day_and_place():
    assert outcome_on(date(2019, 1, 1)) == {"EU": "allowed", "US": "allowed"}
    assert outcome_on(date(2021, 1, 1)) == {"EU": "violates", "US": "allowed"}
    assert outcome_on(date(2023, 1, 1)) == {"EU": "violates", "US": "violates"}
    assert outcome_on(date(2024, 1, 1)) == {"EU": "allowed", "US": "violates"}  # the day of the delisting
    assert outcome_on(date(2023, 1, 1), authorities=frozenset({"EU"})) == {"EU": "violates", "US": "allowed"}
    assert outcome_on(date(2023, 1, 1), kinds=frozenset({"person"})) == {"EU": "allowed", "US": "allowed"}
    assert outcome_on(date(2023, 1, 1), stances=frozenset({Stance.CONDEMN}))["EU"] == "allowed"
