"""Pictures and words together: who speaks first, and what may never remove a post."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tarazu.policy.clause import Certainty, Clause
from tarazu.policy.reading import Basis, Reading
from tarazu.policy.stance.model import Opinion
from tarazu.verdicts import Outcome, Purpose, Stance

SURE = Certainty(violates=0.8, allowed=0.3, unnamed=0.9)


def clause(**given):
    return Clause(id="c", text={"en": "rule"}, kinds=frozenset(), **given)


def opinion(praise, purpose=Purpose.EXPRESSION, other=Stance.NEUTRAL):
    stance = dict.fromkeys(Stance, 0.0) | {Stance.PRAISE: praise}
    stance[other] += 1 - praise
    shares = {one: 0.9 if one == purpose else 0.02 for one in Purpose}
    return Opinion(stance=stance, purpose=shares)


PRAISE, SMALL_TALK = opinion(0.95), opinion(0.05)
BLAME, NEWS = opinion(0.05, other=Stance.CONDEMN), opinion(0.05, Purpose.NEWS)
shares = st.floats(0, 1)
opinions = st.builds(
    opinion, shares, st.sampled_from(Purpose), st.sampled_from([Stance.CONDEMN, Stance.NEUTRAL])
)
readings = st.builds(
    Reading,
    post=st.none() | opinions,
    picture=st.none() | opinions,
    named=st.booleans(),
    written=st.booleans(),
    shown=st.booleans(),
    informed=st.booleans(),
    short=st.booleans(),
    legible=st.booleans(),
)


def ruled(**given):
    ruling = Reading(**{"named": False, **given}).ruling(clause(), SURE)
    return ruling.outcome, ruling.basis


def test_the_same_portrait_with_praise_blame_news_small_talk_and_nothing():
    assert ruled(shown=True, post=PRAISE) == (Outcome.VIOLATES, Basis.POST)
    assert ruled(shown=True, post=BLAME) == (Outcome.ALLOWED, Basis.POST)
    assert ruled(shown=True, post=NEWS) == (Outcome.ALLOWED, Basis.POST)
    assert ruled(shown=True, post=SMALL_TALK) == (Outcome.REVIEW, Basis.SHOWN)
    assert ruled(shown=True) == (Outcome.REVIEW, Basis.SHOWN)


def test_words_in_the_picture_speak_where_the_author_does_not():
    assert ruled(shown=True, written=True, picture=PRAISE) == (Outcome.VIOLATES, Basis.PICTURE)
    assert ruled(shown=True, picture=BLAME) == (Outcome.ALLOWED, Basis.PICTURE)
    assert ruled(written=True, picture=PRAISE, post=BLAME) == (Outcome.ALLOWED, Basis.POST)
    assert ruled(written=True, picture=PRAISE, post=NEWS) == (Outcome.ALLOWED, Basis.POST)
    assert ruled(written=True, picture=PRAISE, post=SMALL_TALK) == (Outcome.REVIEW, Basis.PICTURE)
    assert ruled(written=True, picture=PRAISE, post=SMALL_TALK, short=True) == (
        Outcome.VIOLATES,
        Basis.PICTURE,
    )
    assert ruled(written=True, picture=PRAISE, legible=False)[0] == Outcome.REVIEW


@given(readings)
def test_nothing_is_removed_by_a_picture_that_only_informs(reading):
    reading = replace(reading, named=False, written=False, shown=False, informed=True)
    assert reading.ruling(clause(), SURE).outcome != Outcome.VIOLATES


@given(readings)
def test_an_author_who_blames_or_reports_is_never_overruled_by_a_picture(reading):
    for said in (BLAME, NEWS):
        assert replace(reading, post=said).ruling(clause(), SURE).outcome == Outcome.ALLOWED


@given(readings)
def test_a_clause_that_ignores_pictures_lets_a_picture_alone_stay(reading):
    alone = replace(reading, post=None, picture=None)
    assert alone.ruling(clause(pictures=None), SURE).outcome == Outcome.ALLOWED


@given(readings)
def test_more_praise_never_helps_the_author(reading):
    """With everything else equal, an outcome never grows milder as the author's share of praise grows."""
    grave = [Outcome.ALLOWED, Outcome.REVIEW, Outcome.VIOLATES]
    named = replace(reading, named=True, picture=None)
    found = [
        grave.index(replace(named, post=opinion(share)).ruling(clause(), SURE).outcome)
        for share in (0.0, 0.2, 0.4, 0.7, 0.85, 1.0)
    ]
    assert found == sorted(found)
