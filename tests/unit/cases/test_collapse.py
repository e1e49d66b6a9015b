"""What becomes one case: held in any order of arrival, on both databases."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tarazu.cases.intake import Intake
from tarazu.cases.key import alike, bands, keys
from tarazu.store import Store
from tarazu.store.tables.cases import case_items, cases, items
from unit.cases.making import LONG, finding, post

ZERO, NEAR, FAR = "0" * 64, "0" * 63 + "7", "f" * 64


def groups(store: Store) -> set[frozenset[str]]:
    """Which posts are in one case."""
    found: dict[str, set[str]] = defaultdict(set)
    asked = select(case_items.c.case_id, items.c.external_id).join(items, items.c.id == case_items.c.item_id)
    with store.read() as view:
        for row in view.rows(asked):
            found[row.case_id].add(row.external_id)
    return {frozenset(one) for one in found.values()}


def test_equal_posts_are_one_case_whoever_comes_first(new_url: Callable[[], str]) -> None:
    texts = [
        LONG,
        LONG.upper() + " https://a.example/1",
        "می‌شود گفت که این روز",
        "ميشود گفت كه اين روز",
        "hi",
        "hi",
        "",
    ]
    posts = [post(f"p{at}", text, author=f"a{at % 5}") for at, text in enumerate(texts * 2)]
    posts += [post("q1", "", pdq=ZERO), post("q2", "", pdq=ZERO), post("q3", "", pdq=FAR)]
    seen = []
    for seed in range(4):
        random.Random(seed).shuffle(posts)
        with Store.open(new_url()) as store:
            intake = Intake(store)
            half = (
                len(posts) // 2
            )  # two transactions: what one finds in the tables, the other finds in memory
            intake.findings(finding(one) for one in posts[:half])
            intake.findings(finding(one) for one in posts[half:])
            seen.append(groups(store))
    assert all(one == seen[0] for one in seen)
    assert frozenset({"p2", "p3", "p9", "p10"}) in seen[0]
    assert frozenset({"q1", "q2"}) in seen[0] and frozenset({"q3"}) in seen[0]
    # Words so short that strangers say them by chance are one case only for one author.
    assert not any({"p4", "p5"} <= one for one in seen[0])


def test_scanning_again_opens_nothing(store: Store) -> None:
    intake = Intake(store)
    found = [
        finding(
            post(
                f"p{at}",
                (LONG, f"quite another post about number {at * 7919}, written with no model")[at % 2],
            )
        )
        for at in range(40)
    ]
    first = intake.findings(found)
    before = groups(store)
    again = intake.findings(found)
    assert first.opened + first.joined == 40 and first.opened > 1
    assert (again.opened, again.joined, again.known) == (0, 0, 40)
    assert groups(store) == before


def test_near_duplicates_join_only_under_the_same_finding(store: Store) -> None:
    intake = Intake(store)
    intake.findings([finding(post("p1", pdq=ZERO))])
    came = intake.findings(
        [
            finding(post("p2", LONG + " indeed", pdq=NEAR)),
            finding(post("p3", LONG + " indeed", pdq=FAR)),  # another picture is another thing to look at
            finding(post("p4", LONG + " indeed!", pdq=ZERO, context={"urls": ["https://a.example/x"]})),
            finding(post("p5", "Down with" + LONG[9:] + " so", pdq=ZERO), signature="review C1 E1"),
        ]
    )
    assert groups(store) == {frozenset({"p1", "p2"}), *(frozenset({one}) for one in ("p3", "p4", "p5"))}
    assert came.joined == 1


def test_an_edited_post_joins_its_open_case_and_keeps_both_texts(store: Store) -> None:
    intake = Intake(store)
    intake.findings([finding(post("p1"))])
    intake.findings([finding(post("p1", "something else was written here in the meantime"))])
    with store.read() as view:
        assert len(view.rows(select(cases))) == 1
        assert {row.text for row in view.rows(select(items))} >= {LONG}
        assert len(view.rows(select(items))) == 2


@pytest.mark.parametrize("text", ["a\x00b" + LONG, "\ud800" + LONG, "x" * 10_000])
def test_what_a_database_cannot_hold_is_kept_in_its_place(store: Store, text: str) -> None:
    Intake(store).findings([finding(post("p" * 3000, text))])
    with store.read() as view:
        row = view.one(select(items))
    assert row is not None and len(row.text) == len(text) and row.text[-20:] == text[-20:]


@given(st.text("abcde fgh", min_size=40, max_size=120), st.integers(0, 30))
def test_texts_that_share_nearly_all_shingles_meet_in_a_band(text: str, at: int) -> None:
    one, other = keys([post("p1", text), post("p2", text[:at] + "z" + text[at:])])
    assert bands(one.shingles) == one.bands if one.near else one.bands == ()
    if one.near and alike(one.shingles, other.shingles) >= 0.98:
        assert set(one.bands) & set(other.bands)
    assert alike(one.shingles, other.shingles) == alike(other.shingles, one.shingles)
