"""Legal holds: what must not be erased, whatever its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, update

from tarazu.cases import clean
from tarazu.cases.refusal import CaseError
from tarazu.store import Actor
from tarazu.store.ids import new_id
from tarazu.store.tables.automation import holds
from tarazu.store.tables.cases import case_items, cases, items
from tarazu.store.tables.decisions import decision_subjects, decisions
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

KINDS = ("case", "account")


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A hold, on a case or on everything of an account."""

    id: str
    subject_kind: str  # case | account
    subject_id: str
    platform: str
    reason: str
    from_at: datetime
    to_at: datetime | None  # None: until it is lifted
    placed_by: str
    lifted_at: datetime | None
    lifted_by: str | None


def place(
    tx: Transaction,
    person: Actor,
    subject_kind: str,
    subject_id: str,
    *,
    platform: str,
    reason: str,
    now: datetime,
    until: datetime | None,
) -> str:
    """Place a hold from now on; raises CaseError for what cannot be held."""
    if subject_kind not in KINDS:
        raise CaseError(f"A hold is on a case or an account, not on {subject_kind!r}.")
    if not reason.strip():
        raise CaseError("A hold needs its reason, for example the court and the number of the proceedings.")
    if until is not None and until <= now:
        raise CaseError("This hold would be over already: give a later day, or none.")
    known = select(cases.c.id).where(cases.c.id == subject_id)
    if subject_kind == "case" and tx.value(known) is None:
        raise CaseError(f"There is no case {subject_id!r}. Look it up in the queue.")
    made = new_id(ms(now))
    row = {
        "id": made,
        "subject_kind": subject_kind,
        "subject_id": clean.key(subject_id),
        "platform": platform,
        "reason": clean.text(reason.strip()),
        "from_at": ms(now),
        "to_at": None if until is None else ms(until),
        "placed_by": person.id,
    }
    tx.run(insert(holds), [row])
    tx.log("hold.placed", f"hold:{made}", {"kind": subject_kind, "until": row["to_at"]})
    return made


def lift(tx: Transaction, person: Actor, hold_id: str, now: datetime) -> None:
    """Lift a hold; raises CaseError where there is none that holds."""
    here = (holds.c.id == hold_id) & holds.c.lifted_at.is_(None)
    if not tx.run(update(holds).where(here).values(lifted_at=ms(now), lifted_by=person.id)):
        raise CaseError(f"There is no hold {hold_id!r} to lift. Look at the list of holds.")
    tx.log("hold.lifted", f"hold:{hold_id}")


def in_force(now: datetime) -> ColumnElement[bool]:
    """The holds that hold now."""
    ends = or_(holds.c.to_at.is_(None), holds.c.to_at > ms(now))
    return and_(holds.c.lifted_at.is_(None), holds.c.from_at <= ms(now), ends)


def on_case(now: datetime) -> ColumnElement[bool]:
    """Whether the case of the row is held: itself, or an account that has a part in it."""
    itself = exists().where(holds.c.subject_kind == "case", holds.c.subject_id == cases.c.id, in_force(now))
    about = and_(holds.c.subject_kind == "account", in_force(now))
    member = exists().where(
        case_items.c.case_id == cases.c.id, items.c.id == case_items.c.item_id, about, _theirs()
    )
    decided = (
        exists()
        .where(decisions.c.case_id == cases.c.id, decision_subjects.c.decision_id == decisions.c.id, about)
        .where(
            decision_subjects.c.account_id == holds.c.subject_id,
            decision_subjects.c.platform == holds.c.platform,
        )
    )
    return or_(itself, member, decided)


def on_item(now: datetime) -> ColumnElement[bool]:
    """Whether the item of the row is held: who wrote it, or it is the account itself."""
    return exists().where(holds.c.subject_kind == "account", in_force(now), _theirs())


def _theirs() -> ColumnElement[bool]:
    """Whether an item belongs to the account of a hold."""
    itself = and_(items.c.kind == "account", items.c.external_id == holds.c.subject_id)
    return and_(items.c.platform == holds.c.platform, or_(items.c.author_id == holds.c.subject_id, itself))


def on_account(view: View, account_id: str, platform: str, now: datetime) -> bool:
    """Whether an account is held."""
    here = (holds.c.subject_kind == "account") & (holds.c.subject_id == account_id)
    here &= (holds.c.platform == platform) & in_force(now)
    return view.one(select(holds.c.id).where(here)) is not None


def every(view: View) -> list[Hold]:
    """All holds, the latest first."""
    return [
        Hold(
            id=row.id,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            platform=row.platform,
            reason=row.reason,
            from_at=moment(row.from_at),
            to_at=moment_or_none(row.to_at),
            placed_by=row.placed_by,
            lifted_at=moment_or_none(row.lifted_at),
            lifted_by=row.lifted_by,
        )
        for row in view.rows(select(holds).order_by(holds.c.from_at.desc(), holds.c.id.desc()))
    ]
