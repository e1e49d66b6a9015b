"""What holds for a subject, and which acts have to be queued when that changes.

What holds is never written down as such: it is what the effective decisions on the subject impose together. So
taking one back leaves exactly what the others impose, in whatever order they are taken back.

A row of the outbox says the whole of what shall hold of one restriction: `where` it does (nowhere: it is lifted),
and `was`, where it did as far as the platform has been told. Whoever works through the outbox must count an attempt
before making it: a row without an attempt is taken back as if it never was, every other is followed by its opposite.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select, tuple_, update

from tarazu.cases.decision import EVERYWHERE, RESTRICTIONS, Action, DecisionState, Subject
from tarazu.store.tables.decisions import decision_subjects as rows
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.outbox import outbox
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

OPPOSITE = {
    Action.REMOVE: "restore",
    Action.LABEL: "unlabel",
    Action.LIMIT: "unlimit",
    Action.SUSPEND: "unsuspend",
}
BATCH = 300  # subjects a question; SQLite and PostgreSQL both bound the number of parameters
Restriction = tuple[Action, str]  # the label, for one that has several
Standing = Mapping[Restriction, frozenset[str]]  # restriction -> where it holds


@dataclass(frozen=True, kw_only=True)
class Queued:
    """What became of the outbox."""

    added: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()


def about(subject: Subject) -> ColumnElement[bool]:
    """The rows of all decisions on a subject."""
    return and_(
        rows.c.subject_id == subject.id,
        rows.c.subject_kind == subject.kind,
        rows.c.platform == subject.platform,
    )


def target_of(subject: Subject) -> str:
    """Which connector has to act."""
    return subject.platform or "local"


def standing(view: View, subjects: Collection[Subject]) -> dict[Subject, Standing]:
    """What holds for each of the subjects now."""
    found: dict[Subject, dict[Restriction, set[str]]] = {one: {} for one in subjects}
    wanted = sorted(found)
    for start in range(0, len(wanted), BATCH):
        some = [(one.platform, one.kind, one.id) for one in wanted[start : start + BATCH]]
        question = (
            select(
                rows.c.platform,
                rows.c.subject_kind,
                rows.c.subject_id,
                decisions.c.action,
                decisions.c.clause_id,
                decisions.c.jurisdictions,
            )
            .join(decisions, decisions.c.id == rows.c.decision_id)
            .where(
                and_(
                    tuple_(rows.c.platform, rows.c.subject_kind, rows.c.subject_id).in_(some),
                    rows.c.state == DecisionState.EFFECTIVE,
                    rows.c.lifted_by.is_(None),
                    decisions.c.action.in_(RESTRICTIONS),
                )
            )
        )
        for row in view.rows(question):
            subject = Subject(kind=row.subject_kind, id=row.subject_id, platform=row.platform)
            action = Action(row.action)
            named = (row.clause_id or "") if action == Action.LABEL else ""
            found[subject].setdefault((action, named), set()).update(json.loads(row.jurisdictions))
    return {one: {what: _places(where) for what, where in holds.items()} for one, holds in found.items()}


def queue(
    tx: Transaction, decision_id: str, before: Mapping[Subject, Standing], after: Mapping[Subject, Standing]
) -> Queued:
    """Queue the acts that lead from one standing to the other, or cancel those that have not begun."""
    added: list[str] = []
    cancelled: list[str] = []
    for subject in sorted(before):
        for restriction in sorted({*before[subject], *after[subject]}):
            was = before[subject].get(restriction, frozenset())
            now = after[subject].get(restriction, frozenset())
            if was == now:
                continue
            waiting = _untouched(tx, subject, restriction, told=now)
            if waiting is not None:
                tx.run(update(outbox).where(outbox.c.id == waiting).values(state="cancelled", next_at=None))
                cancelled.append(waiting)
                continue
            action, named = restriction
            payload: dict[str, object] = {"where": sorted(now), "was": sorted(was)}
            if named:
                payload["label"] = named
            act = str(action) if now else OPPOSITE[action]
            added.append(
                tx.send(
                    act,
                    subject.kind,
                    subject.id,
                    target=target_of(subject),
                    decision_id=decision_id,
                    payload=payload,
                )
            )
    if added or cancelled:
        facts = {"decision": decision_id, "added": added, "cancelled": cancelled}
        tx.log("action.queued", subject=f"decision:{decision_id}", facts=facts)
    return Queued(added=tuple(added), cancelled=tuple(cancelled))


def _untouched(
    tx: Transaction, subject: Subject, restriction: Restriction, *, told: frozenset[str]
) -> str | None:
    """The last act about this restriction, if nobody has begun it and without it the platform is where it should be."""
    action, named = restriction
    deciding = select(rows.c.decision_id).where(about(subject))
    question = (
        select(outbox.c.id, outbox.c.payload, outbox.c.state, outbox.c.attempts)
        .where(
            outbox.c.decision_id.in_(deciding),
            outbox.c.subject_id == subject.id,
            outbox.c.subject_kind == subject.kind,
            outbox.c.target == target_of(subject),
            outbox.c.act.in_((str(action), OPPOSITE[action])),
            outbox.c.state != "cancelled",
        )
        .order_by(outbox.c.at.desc(), outbox.c.id.desc())
    )
    for row in tx.rows(question):
        payload = json.loads(row.payload)
        if payload.get("label", "") != named:
            continue
        fresh = row.state == "pending" and row.attempts == 0
        return str(row.id) if fresh and frozenset(payload["was"]) == told else None
    return None


def _places(where: set[str]) -> frozenset[str]:
    """Everywhere includes every place."""
    return frozenset({EVERYWHERE}) if EVERYWHERE in where else frozenset(where)
