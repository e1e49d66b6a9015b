"""What is known of an account, on both databases."""

from __future__ import annotations

import pytest
from court import ADA, BEN, Court

from tarazu.cases.account import AccountNotFound
from tarazu.cases.accounts import Accounts
from tarazu.cases.decision import Action
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.report import Report, ReportKind
from tarazu.store import Store


def test_an_account_shows_its_posts_decisions_strikes_and_reports(store: Store) -> None:
    court = Court(store)
    accounts = Accounts(store, court.clock)
    first, second = court.post(author="zoe"), court.post(author="zoe")
    court.post(author="zoe", platform="other")  # another platform is another account
    made = court.decide(first, "remove")
    court.intake.report(
        Report(
            item=Item(kind=ItemKind.POST, external_id="p2", platform="square", author_id="zoe", text="kept"),
            kind=ReportKind.USER,
            reason="Look at this.",
            reporter="anna",
        )
    )
    found = accounts.account("zoe", "square")
    assert found.posts == 2 and {one.case_id for one in found.written} >= {first, second}
    assert [(one.id, one.action, one.about) for one in found.decisions] == [(made.id, Action.REMOVE, "post")]
    assert [one.counts for one in found.strikes] == [True] and found.weight == found.strikes[0].weight > 0
    assert found.reported == 1 and found.reports[0].reason == "Look at this."
    assert found.handed_in == 0 and not found.flagged

    reporter = accounts.account("anna")
    assert reporter.handed_in == 1 and reporter.own_reports == ()  # only counted

    court.decisions.undo(made.id, ADA, "A mistake.")
    again = accounts.account("zoe", "square")
    assert again.weight == 0 and not again.strikes[0].counts and again.strikes[0].revoked_at is not None
    assert [str(one.state) for one in again.decisions] == ["undone"]
    with pytest.raises(AccountNotFound):
        accounts.account("nobody", "square")


def test_strikes_stop_counting_when_their_time_is_over(store: Store) -> None:
    court = Court(store)
    court.decide(court.post(author="zoe"), "remove", BEN)
    court.clock.later(days=court.settings.strike_life.days + 1)
    found = Accounts(store, court.clock).account("zoe", "square")
    assert [one.counts for one in found.strikes] == [False] and found.weight == 0
