"""What holds for a subject, and which acts have to be queued when that changes.

What holds is never written down as such: it is what the effective decisions on the subject impose together. So
taking one back leaves exactly what the others impose, in whatever order they are taken back.

A row of the outbox says the whole of what shall hold of one restriction: `where` it does (nowhere: it is lifted),
and `was`, where it did as far as the platform has been told. Whoever works through the outbox must count an attempt
before making it: a row without an attempt is taken back as if it never was, every other is followed by its opposite.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, select, tuple_, update

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
_ACTIONS = {str(one): one for one in OPPOSITE} | {name: one for one, name in OPPOSITE.items()}
BATCH = 300  # subjects a question; SQLite and PostgreSQL both bound the number of parameters
# The rows of all decisions on one subject, for statements that change many: see `named`.
ABOUT = and_(
    rows.c.subject_id == bindparam("on_id"),
    rows.c.subject_kind == bindparam("on_kind"),
    rows.c.platform == bindparam("on_platform"),
)
Restriction = tuple[Action, str]  # the label, for one that has several
Standing = Mapping[Restriction, frozenset[str]]  # restriction -> where it holds


@dataclass(frozen=True, kw_only=True)
class Queued:
    """What became of the outbox."""

    added: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()


def named(subject: Subject) -> dict[str, object]:
    """A subject as the parameters of `ABOUT`."""
    return {"on_id": subject.id, "on_kind": subject.kind, "on_platform": subject.platform}


def target_of(subject: Subject) -> str:
    """Which connector has to act."""
    return subject.platform or "local"


def standing(view: View, subjects: Collection[Subject]) -> dict[Subject, Standing]:
    """What holds for each of the subjects now."""
    found: dict[Subject, dict[Restriction, set[str]]] = {one: {} for one in subjects}
    for some in _parts(found):
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
                _among(some),
                rows.c.state == DecisionState.EFFECTIVE,
                rows.c.lifted_by.is_(None),
                decisions.c.action.in_(RESTRICTIONS),
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
    latest = _latest(tx, [one for one in before if before[one] != after[one]])
    for subject in sorted(before):
        for restriction in sorted({*before[subject], *after[subject]}):
            was = before[subject].get(restriction, frozenset())
            now = after[subject].get(restriction, frozenset())
            if was == now:
                continue
            last = latest.get((subject, restriction))
            # Without it the platform is where it should be.
            if last is not None and last.fresh and last.was == now:
                tx.run(update(outbox).where(outbox.c.id == last.id).values(state="cancelled", next_at=None))
                cancelled.append(last.id)
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


@dataclass(frozen=True, kw_only=True)
class _Act:
    """A row of the outbox that was not cancelled."""

    id: str
    was: frozenset[str]
    fresh: bool  # nobody has begun it


def _latest(tx: Transaction, subjects: Collection[Subject]) -> dict[tuple[Subject, Restriction], _Act]:
    """The last act about each restriction of each subject."""
    found: dict[tuple[Subject, Restriction], _Act] = {}
    for some in _parts(subjects):
        deciding = select(rows.c.decision_id).where(_among(some))
        question = (
            select(outbox)
            .where(
                outbox.c.decision_id.in_(deciding),
                outbox.c.act.in_(list(_ACTIONS)),
                outbox.c.state != "cancelled",
            )
            .order_by(outbox.c.seq)
        )
        by_name = {(one.kind, one.id, target_of(one)): one for one in some}
        for row in tx.rows(question):
            subject = by_name.get((row.subject_kind, row.subject_id, row.target))
            if subject is not None:
                payload = json.loads(row.payload)
                found[subject, (_ACTIONS[row.act], payload.get("label", ""))] = _Act(
                    id=row.id,
                    was=frozenset(payload["was"]),
                    fresh=row.state == "pending" and row.attempts == 0,
                )
    return found


def _among(subjects: Collection[Subject]) -> ColumnElement[bool]:
    """The rows of all decisions on some subjects."""
    names = [(one.platform, one.kind, one.id) for one in subjects]
    return tuple_(rows.c.platform, rows.c.subject_kind, rows.c.subject_id).in_(names)


def _parts(subjects: Collection[Subject]) -> Iterator[list[Subject]]:
    wanted = sorted(subjects)
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


def _places(where: set[str]) -> frozenset[str]:
    """Everywhere includes every place."""
    return frozenset({EVERYWHERE}) if EVERYWHERE in where else frozenset(where)
