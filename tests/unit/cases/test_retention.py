"""Promise 14: nothing gone early, nothing kept late, holds win, nothing left of a name. On both databases."""

from __future__ import annotations

import json
import logging
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from court import ADA, BEN, CLEO, Court
from sqlalchemy import select, update

from tarazu.cases.decision import Action
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.objection import NoticeNotFound
from tarazu.cases.receiving import Receiving
from tarazu.cases.refusal import CaseError
from tarazu.cases.report import Report, ReportKind
from tarazu.cases.retention import SIX_MONTHS, Retention, RetentionSettings
from tarazu.errors import OptionError
from tarazu.store import Store
from tarazu.store.metadata import METADATA
from tarazu.store.tables.cases import cases, items
from tarazu.store.tables.decisions import decisions, notices
from tarazu.store.tables.ledger import ledger, ledger_bodies
from tarazu.store.tables.outbox import outbox
from tarazu.store.verify import verify

QUICK = RetentionSettings(compact=False)
DAYS = 400


def texts(court: Court) -> dict[str, bool]:
    """Whether the content of each case is there: all of it, or nothing."""
    there = {}
    with court.store.read() as view:
        asked = select(cases.c.id, cases.c.title, items.c.text).join(items, items.c.id == cases.c.item_id)
        facts = {
            row.case_id: row.facts
            for row in view.rows(
                select(decisions.c.case_id, decisions.c.facts).where(decisions.c.undoes.is_(None))
            )
        }
        for row in view.rows(asked):
            parts = {bool(row.title), bool(row.text), "erased" not in json.loads(facts.get(row.id, "{}"))}
            assert len(parts) == 1, "erased in part"
            there[row.id] = parts.pop()
    return there


def test_four_hundred_days_keep_what_must_be_kept_and_no_more(store: Store) -> None:
    court, rng = Court(store), random.Random(14)
    retention = Retention(store, court.clock, QUICK)
    last: dict[str, datetime] = {}  # when something happened in a case
    held: dict[str, tuple[str, datetime | None]] = {}  # case -> hold, until when
    appealed: dict[str, tuple[str, datetime]] = {}  # case -> appeal, when it will be answered
    waiting: dict[str, datetime] = {}  # case -> when it will be decided
    early = late = won = extended = 0
    gone: set[str] = set()
    for day in range(DAYS):
        court.clock.later(days=1)
        now = court.clock.at
        if day < 300 and day % 3 == 0:
            waiting[court.post(author=f"a{day}")] = now + timedelta(days=rng.randrange(0, 9))
        for case_id in [one for one, at in waiting.items() if at <= now]:
            del waiting[case_id]
            made = court.decide(case_id, rng.choice([Action.REMOVE, Action.LIMIT, Action.NO_ACTION]))
            last[case_id] = court.clock.at
            match rng.randrange(6):
                case 0 if made.links:  # appealed later, answered later still
                    court.clock.later(seconds=1)
                    appeal = court.appeals.open(made.links[0].token, "Please look.", "en")
                    appealed[case_id] = (appeal.id, now + timedelta(days=rng.randrange(1, 230)))
                case 1:  # held for good, lifted later, or until a day
                    until = rng.choice([None, None, now + timedelta(days=rng.randrange(150, 260))])
                    held[case_id] = (
                        retention.hold(CLEO, "case", case_id, "Proceedings 1.", until=until),
                        until,
                    )
                case 2:
                    with store.read() as view:
                        author = view.value(
                            select(items.c.author_id)
                            .join(cases, cases.c.item_id == items.c.id)
                            .where(cases.c.id == case_id)
                        )
                    if day % 2:
                        held[case_id] = (
                            retention.hold(CLEO, "account", author, "Proceedings 2.", platform="square"),
                            None,
                        )
        for case_id in [one for one, (_, at) in appealed.items() if at <= now]:
            court.appeals.decide(
                appealed.pop(case_id)[0], BEN, rng.choice(["uphold", "reverse"]), "Read again."
            )
            last[case_id] = court.clock.at
            extended += 1
        for case_id, (hold, until) in list(held.items()):
            if until is None and rng.random() < 1 / 120:
                retention.lift(hold, CLEO)
                held[case_id] = (hold, now)
        now = court.clock.at
        retention.run()
        if day % 10 == 0 or day == DAYS - 1:
            assert retention.run().cases == 0  # twice is once
        if day % 10 and day != DAYS - 1:
            continue
        for case_id, there in texts(court).items():
            settled = case_id in last and case_id not in appealed
            over = settled and last[case_id] + SIX_MONTHS <= now
            kept = case_id in held and (held[case_id][1] is None or held[case_id][1] > now)  # type: ignore[operator]
            won += over and kept
            early += not there and (not over or kept) and case_id not in gone
            late += there and over and not kept
            if not there:
                gone.add(case_id)
    erased = len(gone)
    assert not verify(store).faults
    print(
        f"{store.dialect}: {DAYS} days, {len(last)} cases decided, {extended} appeals answered, {len(held)} holds: "
        f"{erased} erased, {early} early, {late} late, hold won over age {won} times"
    )
    assert (early, late) == (0, 0) and erased > 30 and won > 0 and extended > 5


def traces(store: Store, word: str) -> list[str]:
    """Where a word still is: in any table, and in the bytes of the file."""
    found = []
    with store.read() as view:
        for table in METADATA.sorted_tables:
            if any(word in str(value) for row in view.rows(select(table)) for value in row):
                found.append(table.name)
    if store.dialect == "sqlite":
        file = Path(str(store.engine.url.database))
        for one in file.parent.glob(f"{file.name}*"):
            if word.encode() in one.read_bytes():
                found.append(one.name)
    return found


def test_nothing_is_left_of_a_thousand_names(
    store: Store, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="tarazu")
    court = Court(store)
    retention = Retention(store, court.clock)
    many, tokens = 53, []  # cases with twenty names each
    for number in range(many):
        names = iter(f"canary{number:02}x{at:02}" for at in range(20))
        item = Item(
            kind=ItemKind.POST,
            external_id=f"p{number}",
            platform="square",
            author_id=f"a{number}",
            author_name=next(names),
            text=f"{next(names)} {next(names)} wrote to {next(names)} " + "y" * number,
            url=f"https://square.example/{next(names)}",
            context={"reply_to": next(names), "hashtags": [next(names)]},
            lang=("en", "fa", "ar")[number % 3],
            created_at=court.clock.at,
        )
        found = Found(
            item=item,
            kind=FindingKind.VIOLATION,
            body={"verdict": "violates", "words": [{"text": next(names)}], "reason": next(names)},
            versions={},
            certainty=0.9,
            signature=f"violates {number}",
            clause_id="praise",
        )
        (case_id,) = court.intake.findings([found]).case_ids
        who = {"reporter": next(names), "contact": f"{next(names)}@example.org"}
        said = {"reason": next(names), "comment": next(names)}
        court.intake.report(Report(item=item, kind=ReportKind.USER, external_id=next(names), **who, **said))
        made = court.decide(case_id, Action.REMOVE, reason=f"{next(names)} praises {next(names)}.")
        token = next(one.token for one in made.links if one.recipient_kind == "affected")
        tokens.append(token)
        court.notices.page(token)
        appeal = court.appeals.open(token, f"{next(names)} knows me.", "en")
        answer = "reverse" if number % 2 else "uphold"
        court.appeals.decide(appeal.id, BEN, answer, f"{next(names)} and {next(names)} are right.")
        assert len(list(names)) == 1  # one was not needed
    assert traces(store, "canary")
    court.clock.later(days=SIX_MONTHS.days - 1)
    assert retention.run().cases == 0
    court.clock.later(days=2)
    done = retention.run()
    assert done.cases == done.items == many
    left = traces(store, "canary")
    told = caplog.text + "".join(capfd.readouterr())
    assert not left and "canary" not in told
    for token in tokens[:3]:
        with pytest.raises(NoticeNotFound):
            court.notices.page(token)
    whole = verify(store)
    assert not whole.faults and whole.ledger.erased == done.entries
    with store.read() as view:  # that it was decided, and what, is still there
        assert {row.action for row in view.rows(select(decisions.c.action))} == {"remove", "restore"}
        keys = view.rows(
            select(ledger_bodies.c.key)
            .join(ledger, ledger.c.seq == ledger_bodies.c.seq)
            .where(ledger.c.kind == "decision.made")
        )
        assert keys and {row.key for row in keys} == {None}
    with capfd.disabled():
        print(
            f"{store.dialect}: {many * 19} names in {done.cases} cases, {done.entries} bodies of the ledger erased: "
            f"0 names left in tables, file and logs; ledger of {whole.ledger.size} entries whole"
        )


def test_somebody_who_asks_is_forgotten_when_the_law_allows(store: Store) -> None:
    court = Court(store)
    retention = Retention(store, court.clock)
    case_id = court.post(author="dora-the-author")
    other = court.post(author="someone")
    with store.read() as view:
        row = view.one(select(items).join(cases, cases.c.item_id == items.c.id).where(cases.c.id == other))
        assert row is not None
    item = Item(kind=ItemKind.POST, external_id=row.external_id, platform="square")
    court.intake.report(
        Report(
            item=item, kind=ReportKind.USER, reason="bad", reporter="dora-the-author", contact="d@example.org"
        )
    )
    removed = court.decide(case_id, Action.REMOVE)
    hold = retention.hold(CLEO, "account", "dora-the-author", "Proceedings.", platform="square")
    request = retention.forget(CLEO, "dora-the-author", "square")
    assert retention.forget(CLEO, "dora-the-author", "square") == request  # asked twice is once
    assert "reports" in traces(store, "dora-the-author")
    retention.lift(hold, CLEO)
    retention.run()
    assert "reports" not in traces(store, "dora-the-author")
    assert "items" in traces(store, "dora-the-author")  # evidence of a removal is kept for six months
    with store.write(CLEO) as tx:  # a connector has done what was queued
        tx.run(update(outbox).values(state="done"))
        tx.log("action.done", f"decision:{removed.id}")
    court.clock.later(days=SIX_MONTHS.days + 1)
    assert retention.run().people == 1
    assert traces(store, "dora-the-author") == []
    assert not verify(store).faults
    court.decisions.undo(removed.id, ADA, "It was allowed.")  # what was decided can still be taken back
    with store.read() as view:
        assert view.one(select(notices).where(notices.c.kind == "undone")) is not None


def test_the_digest_of_what_was_frozen_outlives_it(store: Store) -> None:
    court = Court(store)
    made = court.decide(court.post(), Action.REMOVE)
    court.clock.later(days=SIX_MONTHS.days + 1)
    assert Retention(store, court.clock, QUICK).run().cases == 1
    left = court.decisions.get(made.id)
    assert json.loads(left.facts)["evidence"] == made.evidence_digest != left.evidence_digest
    assert not verify(store).faults


def test_what_was_handed_in_and_never_decided_about_goes_too(store: Store) -> None:
    court = Court(store)
    retention = Retention(store, court.clock, QUICK)
    given = [
        Item(
            kind=ItemKind.POST,
            external_id=f"loose{who}",
            platform="square",
            author_id=who,
            text=f"loose {who}",
        )
        for who in ("ada", "bo", "cy")
    ]
    Receiving(store, court.clock).keep(given, CLEO)
    retention.hold(CLEO, "account", "cy", "Proceedings.", platform="square")
    retention.forget(CLEO, "bo", "square")
    assert retention.run().items == 0
    assert "items" not in traces(store, "loosebo") and "items" in traces(store, "looseada")
    court.clock.later(days=SIX_MONTHS.days - 1)
    assert retention.run().items == 0
    court.clock.later(days=2)
    assert (retention.run().items, retention.run().items) == (1, 0)
    with store.read() as view:
        kept = {row.text for row in view.rows(select(items.c.text).where(items.c.text.is_not(None)))}
    assert kept == {"loose cy"}
    assert not verify(store).faults


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    court = Court(store)
    retention = Retention(store, court.clock)
    for kind, subject, reason in (("post", "x", "r"), ("case", "none", "r"), ("account", "x", " ")):
        with pytest.raises(CaseError):
            retention.hold(CLEO, kind, subject, reason)
    with pytest.raises(CaseError, match="later day"):
        retention.hold(CLEO, "account", "x", "r", until=court.clock.at)
    with pytest.raises(CaseError):
        retention.lift("none", CLEO)
    with pytest.raises(OptionError, match="184"):
        replace(QUICK, keep=timedelta(days=100))
