"""Notices and appeals: who is told, who may object, who answers, what an answer does. On both databases."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from court import ADA, BEN, CLEO, DARA, RULE, Court
from sqlalchemy import select

from tarazu.cases.item import Item, ItemKind
from tarazu.cases.objection import AppealRefused, DecisionRefused, NoticeNotFound, SamePerson
from tarazu.cases.report import Report, ReportKind
from tarazu.store import Actor, Store
from tarazu.store.entries import entries
from tarazu.store.tables.cases import reports
from tarazu.store.tables.decisions import notices
from tarazu.store.tables.outbox import outbox


@pytest.fixture
def court(store: Store) -> Court:
    return Court(store)


def reported(court: Court, reporter: str | None = "rita", post: str = "seen") -> str:
    item = Item(
        kind=ItemKind.POST,
        external_id=post,
        platform="square",
        author_id="anna",
        text=f"Glory to them, {post}",
    )
    kind = ReportKind.USER if reporter else ReportKind.ANONYMOUS
    return court.intake.report(Report(item=item, kind=kind, reason="praise", reporter=reporter)).case_id


def said(court: Court, token: str) -> str:
    return " ".join(line for one in court.notices.page(token).sections for line in one.text)


def test_only_a_hash_of_the_token_is_kept(court: Court) -> None:
    (link,) = court.decide(court.post(), "remove").links
    with court.store.read() as view:
        (row,) = view.rows(select(notices))
        sent = [json.loads(one.payload) for one in view.rows(select(outbox).where(outbox.c.act == "notice"))]
        kept = " ".join(str(value) for value in (*row, *sent))
    assert len(link.token) == 43 and link.token not in kept
    assert row.token_hash == hashlib.sha256(link.token.encode()).hexdigest()
    assert sent == [{"notice": link.notice_id, "lang": "en"}]
    assert court.notices.link(link.notice_id) == link.token  # for whoever delivers it
    with pytest.raises(NoticeNotFound):
        court.notices.page(link.token[:-1] + "!")


@pytest.mark.parametrize("lang", ["en", "fa", "ar"])
def test_the_page_is_in_the_language_of_the_post_and_its_reading_is_noted_once(
    court: Court, lang: str
) -> None:
    (link,) = court.decide(court.post(lang=lang), "remove").links
    first = court.notices.page(link.token)
    court.clock.later(hours=1)
    again = court.notices.page(link.token)
    rule = {"en": "No praise", "fa": "ستایش از", "ar": "تُمنع الإشادة"}[lang]
    assert first.lang == lang and rule in said(court, link.token)
    assert first.read_at == again.read_at and first.may_appeal
    with court.store.read() as view:
        assert sum(one.kind == "notice.read" for one in entries(view)) == 1


def test_both_sides_are_told_and_neither_about_the_other(court: Court) -> None:
    case = reported(court)
    made = court.decide(case, "remove")
    by = {one.recipient_kind: one for one in made.links}
    assert set(by) == {"affected", "reporter"}
    assert "rita" not in said(court, by["affected"].token)
    assert "anna" not in said(court, by["reporter"].token) and "Glory" not in said(
        court, by["reporter"].token
    )
    with pytest.raises(AppealRefused):
        court.appeals.open(by["reporter"].token, "Too little.")
    with court.store.read() as view:
        assert [one.state for one in view.rows(select(reports))] == ["closed"]
    nameless = court.decide(reported(court, None, "other"), "label")
    assert [one.recipient_kind for one in nameless.links] == ["affected"]


def test_an_appeal_is_open_for_six_months_and_made_once(court: Court) -> None:
    (first,) = court.decide(court.post(), "remove").links
    (second,) = court.decide(court.post(), "remove").links
    with pytest.raises(AppealRefused, match="few words"):
        court.appeals.open(first.token, " ")
    court.clock.later(days=183)
    appeal = court.appeals.open(first.token, "It is a quotation.", "fa")
    assert (appeal.due_at - appeal.made_at).days == 14
    with pytest.raises(AppealRefused, match="already"):
        court.appeals.open(first.token, "Again.")
    court.clock.later(days=2)
    with pytest.raises(AppealRefused, match="court"):
        court.appeals.open(second.token, "Too late.")
    assert not court.notices.page(second.token).may_appeal
    assert [one.id for one in court.appeals.due()] == [appeal.id]
    assert court.appeals.due(court.clock()) == []


def test_nobody_answers_for_their_own_decision(court: Court) -> None:
    made = court.both(court.post(), "suspend")
    appeal = court.appeals.open(made.links[0].token, "Why?")
    for who in (ADA, BEN, RULE, Actor("token", "t")):
        assert not court.appeals.may_answer(appeal.id, who)
        with pytest.raises(SamePerson):
            court.appeals.decide(appeal.id, who, "uphold", "It stands.")
    with pytest.raises(DecisionRefused, match="reasons"):
        court.appeals.decide(appeal.id, CLEO, "uphold", "")
    assert court.appeals.decide(appeal.id, CLEO, "uphold", "It stands.").state == "upheld"
    with pytest.raises(AppealRefused, match="already"):
        court.appeals.decide(appeal.id, DARA, "reverse", "It does not.")


def test_a_reversal_takes_the_act_and_the_strike_and_tells_both_sides(court: Court) -> None:
    case = reported(court)
    made = court.decide(case, "remove")
    affected = next(one for one in made.links if one.recipient_kind == "affected")
    appeal = court.appeals.open(affected.token, "It is a quotation.")
    assert court.state(case) == "appealed" and court.strikes.weight("anna", "square") == 5
    done = court.appeals.decide(appeal.id, BEN, "reverse", "It is reporting.")
    assert court.strikes.weight("anna", "square") == 0
    assert court.state(case) == "closed"
    assert court.decisions.get(made.id).state == "reversed"
    assert {one.recipient_kind for one in done.links} == {"affected", "reporter"}
    assert all("It is reporting." in said(court, one.token) for one in done.links)
    page = court.notices.page(affected.token)
    assert page.appeal is not None and (page.appeal.state, page.appeal.answer) == (
        "reversed",
        "It is reporting.",
    )


def test_one_member_of_a_network_is_freed_alone(court: Court) -> None:
    case = court.network(3)
    limit = court.both(case, "limit", clause_id="concert")
    court.both(case, "suspend", clause_id="concert")
    mine = next(one for one in limit.links if one.recipient_id == "n001")
    appeal = court.appeals.open(mine.token, "I only know them.")
    court.appeals.decide(appeal.id, CLEO, "reverse", "They do.")
    takedown = court.staging.takedown(case)
    assert [takedown.state(one.id) for one in takedown.members] == ["suspended", "free", "suspended"]
    assert court.notices.page(mine.token).decision_state == "reversed"
    assert court.strikes.weight("n001", "square") == 0 and court.strikes.weight("n000", "square") == 3


def test_a_reversed_suspension_restores_the_account_wholly(court: Court) -> None:
    case = court.network(3)
    limit = court.both(case, "limit", clause_id="concert")
    suspend = court.both(case, "suspend", clause_id="concert")
    mine, earlier = (
        next(one for one in made.links if one.recipient_id == "n001") for made in (suspend, limit)
    )
    appeal = court.appeals.open(mine.token, "We are a choir.")
    further = court.appeals.open(earlier.token, "We are a choir.")
    court.appeals.decide(appeal.id, CLEO, "reverse", "They are.")
    takedown = court.staging.takedown(case)
    assert [takedown.state(one.id) for one in takedown.members] == ["suspended", "free", "suspended"]
    assert [court.strikes.weight(f"n00{one}", "square") for one in range(3)] == [3, 0, 3]
    with court.store.read() as view:
        waiting = view.rows(select(outbox).where(outbox.c.subject_id == "n001", outbox.c.state == "pending"))
    assert {row.act for row in waiting} == {"notice"}  # nothing of the two stages is left to be done
    assert court.appeals.get(further.id).state == "reversed" and court.appeals.due() == []
    page = court.notices.page(earlier.token)
    assert page.decision_state == "reversed" and page.appeal is not None and page.appeal.answer == "They are."


def test_who_reports_without_a_name_reads_what_was_done(court: Court) -> None:
    item = Item(kind=ItemKind.POST, external_id="seen", platform="square", author_id="anna", text="Glory")
    told = court.intake.report(Report(item=item, kind=ReportKind.ANONYMOUS, reason="praise"))

    def outcome() -> str | None:
        found = court.intake.status(told.token or "")
        assert found is not None
        return found.outcome

    assert outcome() is None
    made = court.decide(told.case_id, "remove")
    assert outcome() == "acted"
    court.decisions.undo(made.id, ADA, "A mistake.")
    assert outcome() is None  # somebody looks again
    (link,) = court.decide(told.case_id, "remove").links
    appeal = court.appeals.open(link.token, "It is a quotation.")
    court.appeals.decide(appeal.id, CLEO, "reverse", "It is.")
    assert outcome() == "reversed"
    other = court.intake.report(
        Report(item=replace(item, external_id="fine", text="Hi"), kind=ReportKind.ANONYMOUS, reason="?")
    )
    court.decide(other.case_id, "no_action")
    told = other
    assert outcome() == "no_action"


def test_a_reporter_appeals_that_nothing_was_done(court: Court) -> None:
    case = reported(court)
    (link,) = court.decide(case, "no_action").links
    appeal = court.appeals.open(link.token, "It is praise.")
    court.appeals.decide(appeal.id, BEN, "reverse", "Somebody has to look again.")
    assert court.state(case) == "open"
    assert court.decide(case, "remove", actor=CLEO).state == "effective"


def test_undoing_grants_what_was_appealed(court: Court) -> None:
    made = court.decide(court.post(), "remove")
    appeal = court.appeals.open(made.links[0].token, "It is a quotation.")
    undone = court.decisions.undo(made.id, ADA, "A mistake.")
    assert court.appeals.get(appeal.id).state == "reversed"
    assert court.notices.page(undone.links[0].token).kind == "undone"
    assert court.state(made.case_id) == "open"
