"""Erasing one person on request: a pseudonym that nobody can trace back stands where their ids were."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, update

from tarazu.cases import clean, holds
from tarazu.cases.decision import RESTRICTIONS
from tarazu.cases.loose import erase_of
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.automation import erasures, flag_members
from tarazu.store.tables.automation import holds as held
from tarazu.store.tables.cases import case_items, cases, items, reports
from tarazu.store.tables.decisions import appeals, decision_subjects, decisions, notices, strikes
from tarazu.store.tables.outbox import outbox
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View


def ask(store: Store, person: Actor, account_id: str, platform: str, now: datetime) -> str:
    """Take in a request; who they are as a reporter goes at once."""
    account = clean.key(account_id)
    with store.write(person) as tx:
        waiting = (erasures.c.account_id == account) & (erasures.c.platform == platform)
        before = tx.value(select(erasures.c.id).where(waiting, erasures.c.state == "pending"))
        if before is not None:
            return str(before)
        made, name = new_id(ms(now)), f"erased-{secrets.token_hex(16)}"
        row = {
            "id": made,
            "at": ms(now),
            "why": "request",
            "account_id": account,
            "platform": platform,
            "pseudonym": name,
            "state": "pending",
            "entries": 0,
            "asked_by": person.id,
        }
        tx.run(insert(erasures), [row])
        tx.log("item.erased", f"request:{made}", {"state": "pending"})
        if not holds.on_account(tx, account, platform, now):
            _reporter(tx, account, name)
        return made


def fulfil(store: Store, now: datetime) -> int:
    """Fulfil the requests that nothing stands against any more; gives how many."""
    with store.read() as view:
        pending = view.rows(select(erasures).where(erasures.c.state == "pending").order_by(erasures.c.id))
    done = 0
    for row in pending:
        with store.write(SYSTEM) as tx:
            if holds.on_account(tx, row.account_id, row.platform, now):
                continue
            if _reporter(tx, row.account_id, row.pseudonym):
                tx.log("item.erased", f"request:{row.id}", {"state": "pending"})
            erase_of(tx, row.account_id, row.platform)
            if _needed(tx, row.account_id, row.platform):
                continue
            _vanish(tx, row.account_id, row.platform, row.pseudonym)
            values = {"state": "done", "done_at": ms(now), "account_id": None}
            tx.run(update(erasures).where(erasures.c.id == row.id).values(**values))
            tx.log("item.erased", f"request:{row.id}", {"state": "done"})
            done += 1
    return done


def _needed(view: View, account: str, platform: str) -> bool:
    """Whether their content is still kept by law, or something still holds that names them."""
    mine = and_(items.c.platform == platform, _theirs(account))
    kept = (
        select(items.c.id)
        .join(case_items, case_items.c.item_id == items.c.id)
        .join(cases, cases.c.id == case_items.c.case_id)
        .where(mine, ~exists().where(erasures.c.case_id == cases.c.id))
    )
    subject = and_(decision_subjects.c.platform == platform, decision_subjects.c.account_id == account)
    unkept = (
        select(decisions.c.id)
        .join(decision_subjects, decision_subjects.c.decision_id == decisions.c.id)
        .where(subject, ~exists().where(erasures.c.case_id == decisions.c.case_id))
    )
    holding = (
        select(decisions.c.id)
        .join(decision_subjects, decision_subjects.c.decision_id == decisions.c.id)
        .where(subject, decision_subjects.c.subject_kind == "account")
        .where(decision_subjects.c.state == "effective", decision_subjects.c.lifted_by.is_(None))
        .where(decisions.c.action.in_([str(one) for one in RESTRICTIONS]), decisions.c.undoes.is_(None))
    )
    due = select(outbox.c.id).where(
        outbox.c.subject_kind == "account", outbox.c.subject_id == account, outbox.c.state == "pending"
    )
    return any(view.one(one.limit(1)) is not None for one in (kept, unkept, holding, due))


def _theirs(account: str) -> ColumnElement[bool]:
    return or_(items.c.author_id == account, and_(items.c.kind == "account", items.c.external_id == account))


def _reporter(tx: Transaction, account: str, name: str) -> int:
    touched = tx.run(update(reports).where(reports.c.reporter == account).values(reporter=name, contact=None))
    mine = flag_members.c.reporter == account
    return touched + tx.run(update(flag_members).where(mine).values(reporter=name))


def _vanish(tx: Transaction, account: str, platform: str, name: str) -> None:
    here = items.c.platform == platform
    tx.run(update(items).where(here, items.c.author_id == account).values(author_id=name, author_name=None))
    mine = here & (items.c.kind == "account") & (items.c.external_id == account)
    tx.run(update(items).where(mine).values(external_id=name, author_name=None))
    of = decision_subjects
    there = of.c.platform == platform
    named = there & (of.c.subject_kind == "account") & (of.c.subject_id == account)
    tx.run(update(of).where(named).values(subject_id=name))
    tx.run(update(of).where(there, of.c.account_id == account).values(account_id=name))
    for table in (notices, appeals):
        told = (table.c.platform == platform) & (table.c.recipient_id == account)
        tx.run(update(table).where(told, table.c.recipient_kind == "affected").values(recipient_id=name))
    given = (strikes.c.account_id == account) & (strikes.c.platform == platform)
    tx.run(update(strikes).where(given).values(account_id=name))
    sent = (outbox.c.subject_kind == "account") & (outbox.c.subject_id == account)
    tx.run(update(outbox).where(sent).values(subject_id=name))
    past = (held.c.subject_kind == "account") & (held.c.subject_id == account) & (held.c.platform == platform)
    tx.run(update(held).where(past).values(subject_id=name))
