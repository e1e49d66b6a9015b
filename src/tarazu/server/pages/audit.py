"""The ledger: every change in order, checked at a press, with its signed checkpoints to take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy import select

from tarazu.ledger.check import Report
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.queue_page import names
from tarazu.server.visitor import Person
from tarazu.store.ledger import Ledger
from tarazu.store.tables.ledger import ledger, ledger_bodies
from tarazu.store.times import moment

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(permit("ledger.read"))]
LIMIT = 100
LONG = 400  # characters of a body that are shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One entry."""

    seq: int
    at: datetime
    kind: str
    subject: str
    actor_kind: str
    actor_id: str
    hash: str
    body: str  # "" once erased
    erased: bool


@router.get("/audit")
def audit(
    request: Request, person: Reader, kind: str = "", subject: str = "", actor: str = "", before: str = ""
) -> Response:
    """The latest entries that fit."""
    return _page(request, kind.strip()[:64], subject.strip()[:200], actor.strip()[:64], before)


@router.post("/audit/verify")
def verify(request: Request, person: Reader) -> Response:
    """Walk the whole ledger, held to its hashes and its checkpoints."""
    return _page(request, report=Ledger(desk(request).store).verify())


@router.get("/audit/checkpoints")
def checkpoints(request: Request, person: Reader) -> Response:
    """All signed checkpoints as text, to be kept elsewhere."""
    notes = [one.note() for one in Ledger(desk(request).store).checkpoints()]
    headers = {"content-disposition": 'attachment; filename="tarazu-checkpoints.txt"'}
    return PlainTextResponse("\n".join(notes), headers=headers)


def _page(
    request: Request,
    kind: str = "",
    subject: str = "",
    actor: str = "",
    before: str = "",
    report: Report | None = None,
) -> Response:
    at_hand = desk(request)
    asked = (
        select(ledger, ledger_bodies.c.body)
        .outerjoin(ledger_bodies, ledger_bodies.c.seq == ledger.c.seq)
        .order_by(ledger.c.seq.desc())
        .limit(LIMIT + 1)
    )
    for column, value in ((ledger.c.kind, kind), (ledger.c.subject, subject), (ledger.c.actor_id, actor)):
        if value:
            asked = asked.where(column == value)
    if before.isascii() and before.isdigit() and len(before) < 18:
        asked = asked.where(ledger.c.seq < int(before))
    with at_hand.store.read() as view:
        found = view.rows(asked)
        kinds = [row.kind for row in view.rows(select(ledger.c.kind).distinct().order_by(ledger.c.kind))]
    lines = [
        Line(
            seq=row.seq,
            at=moment(row.at),
            kind=row.kind,
            subject=row.subject,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            hash=row.hash,
            body=(row.body or "")[:LONG],
            erased=row.body is None,
        )
        for row in found[:LIMIT]
    ]
    narrowed = {"kind": kind, "subject": subject, "actor": actor}
    narrowed = {name: value for name, value in narrowed.items() if value}
    return render(
        request,
        "audit.html",
        lines=lines,
        kinds=kinds,
        narrowed=narrowed,
        more=urlencode(narrowed | {"before": str(lines[-1].seq)}) if len(found) > LIMIT else "",
        report=report,
        points=Ledger(at_hand.store).checkpoints()[-5:][::-1],
        moment=moment,
        people=names(at_hand.store, [one.actor_id for one in lines if one.actor_kind == "person"]),
    )
