"""The posts before a post, on both databases."""

from __future__ import annotations

from court import Court

from tarazu.cases.item import Item, ItemKind
from tarazu.cases.report import Report, ReportKind
from tarazu.cases.thread import FAR, before
from tarazu.store import Store


def test_the_posts_that_lead_to_one_are_found_and_a_circle_ends(store: Store) -> None:
    court = Court(store)

    def post(number: int, context: dict[str, object], platform: str = "square") -> tuple[Item, str]:
        item = Item(
            kind=ItemKind.POST,
            external_id=f"t{number}",
            platform=platform,
            author_id=f"a{number}",
            text=f"{'abcdefghijkl'[number] * 40} said so",
            context=context,
        )
        report = Report(item=item, kind=ReportKind.USER, reason="Look.", reporter=f"r{number}")
        return item, court.intake.report(report).case_id

    _, first = post(0, {"reply_to": "t2"})  # a circle: 0 -> 2 -> 1 -> 0
    _, second = post(1, {"quote_of": "t0"})
    last, _ = post(2, {"reply_to": "t1"})
    with store.read() as view:
        found = before(view, last)
        assert [(one.how, one.id, one.case_id) for one in found] == [
            ("quote_of", "t0", first),
            ("reply_to", "t1", second),
        ]
        elsewhere, _ = post(3, {"reply_to": "t0"}, platform="other")
        assert before(view, elsewhere) == ()


def test_a_long_thread_shows_its_end_and_what_was_sent_along_is_taken_as_it_is(store: Store) -> None:
    sent = [{"id": f"x{number}", "author": "Zoe", "text": f"Part {number}"} for number in range(9)]
    item = Item(
        kind=ItemKind.POST, external_id="y", platform="square", context={"thread": [*sent, "no post", {"text": 1}]}
    )  # fmt: skip
    with store.read() as view:
        found = before(view, item)
    assert [one.text for one in found] == [f"Part {number}" for number in range(9 - FAR, 9)]
