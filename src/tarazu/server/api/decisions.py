"""Deciding, by programs: what needs a second look waits for a person, as in the console."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy import select

from tarazu.cases.decision import EVERYWHERE, Action, Choice, Decision, Stage, Subject
from tarazu.cases.statement import of_body
from tarazu.server.api_fields import Body, Id, Name, Short
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import scope
from tarazu.server.idempotency import HEADER, Once, once
from tarazu.server.plain import plain
from tarazu.server.visitor import TokenBearer
from tarazu.store.tables.decisions import notices
from tarazu.verdicts import Purpose, Stance

router = APIRouter(tags=["decisions"])
Viewer = Annotated[TokenBearer, Depends(scope("case.view"))]
Decider = Annotated[TokenBearer, Depends(scope("case.decide"))]
Key = Annotated[Once, Depends(once)]
Reason = Annotated[str, Field(max_length=5_000)]


class SubjectBody(Body):
    """Whom or what a decision is about."""

    kind: Literal["post", "media", "account"]
    id: Name
    platform: str = Field("", max_length=64)


class PersonBody(Body):
    """A person in the calling system decided."""

    kind: Literal["person"]
    name: Annotated[str, Field(min_length=1, max_length=200)]


class ProgramBody(Body):
    """Nobody did: a program of the calling system decided by itself."""

    kind: Literal["program"]


By = Annotated[
    Annotated[PersonBody | ProgramBody, Field(discriminator="kind")] | None,
    Field(description="who decided; default: a program, which those who are concerned are told"),
]


class StageBody(Body):
    """A stage about a network."""

    reason: Reason = Field(min_length=1)
    clause_id: Short = Field(min_length=1)
    jurisdictions: tuple[Short, ...] = Field((EVERYWHERE,), min_length=1, max_length=100)
    days: int | None = Field(None, ge=1, le=3_650, description="default: until it is taken back")
    stage: Stage | None = Field(None, description="limit or suspend; default: what comes next")
    decided_by: By = None
    exclude: tuple[Name, ...] = Field((), max_length=10_000, description="accounts that are left out")


class ChoiceBody(Body):
    """What is decided. A reason is needed for everything but `no_action`, a clause where somebody is blamed."""

    action: Action
    reason: Reason = ""
    clause_id: Short | None = None
    stance: Stance | None = None
    purpose: Purpose | None = None
    jurisdictions: tuple[Short, ...] = Field((EVERYWHERE,), min_length=1, max_length=100)
    days: int | None = Field(None, ge=1, le=3_650, description="default: until it is taken back")
    subjects: tuple[SubjectBody, ...] | None = Field(None, min_length=1, max_length=10_000)
    exclude: tuple[Name, ...] = Field((), max_length=10_000)
    decided_by: By = None


class SecondBody(Body):
    """Whether somebody else agrees."""

    agree: bool
    reason: Reason = ""


class UndoBody(Body):
    """Why a decision is taken back; for some accounts, or for all."""

    reason: Reason = Field(min_length=1)
    accounts: tuple[Name, ...] | None = Field(None, min_length=1, max_length=10_000)
    decided_by: By = None


@router.get("/api/v1/decisions/waiting")
def waiting(request: Request, bearer: Viewer) -> dict[str, object]:
    """Decisions that wait for a second person, the oldest first."""
    return {"decisions": [_told(one) for one in casework(request).decisions.waiting()]}


@router.get("/api/v1/decisions/{decision_id}")
def decision(request: Request, bearer: Viewer, decision_id: Id) -> dict[str, object]:
    """One decision, with its subjects and the evidence it was made on."""
    return _told(casework(request).decisions.get(decision_id))


@router.get("/api/v1/decisions/{decision_id}/statements")
def statements(request: Request, bearer: Viewer, decision_id: Id) -> dict[str, object]:
    """The statements of reasons of a decision as they were given, each with its record for the DSA's database.

    `dsa` is null where nothing is restricted, and in what goes to reporters. It holds no personal data.
    """
    casework(request).decisions.get(decision_id)
    asked = select(notices).where(notices.c.decision_id == decision_id).order_by(notices.c.id)
    with desk(request).store.read() as view:
        rows = view.rows(asked)
    return {
        "statements": [
            {
                "id": row.id,
                "kind": row.kind,
                "recipient_kind": row.recipient_kind,
                "lang": row.lang,
                **(body := json.loads(row.body)),
                "dsa": of_body(body).dsa(),
            }
            for row in rows
        ]
    }


@router.post("/api/v1/cases/{case_id}/decide", status_code=201)
def decide(request: Request, bearer: Decider, case_id: Id, key: Key, body: ChoiceBody) -> Response:
    """Decide a case. `state` is `effective`, or `proposed` where a second person has to agree (`needs` says why)."""
    given = body.model_dump(exclude={"days", "subjects", "decided_by"})
    subjects = None if body.subjects is None else tuple(Subject(**one.model_dump()) for one in body.subjects)
    choice = Choice(
        subjects=subjects,
        duration=_lasting(body.days),
        key=request.headers.get(HEADER),
        decided_by=_named(body.decided_by),
        **given,
    )
    decisions = casework(request).decisions
    return key.answer_json(lambda: _told(decisions.decide(case_id, bearer.actor, choice)), 201)


@router.post("/api/v1/networks/{case_id}/stage", status_code=201)
def stage(
    request: Request,
    bearer: Annotated[TokenBearer, Depends(scope("network.suspend"))],
    case_id: Id,
    key: Key,
    body: StageBody,
) -> Response:
    """Propose the next stage about a network: limit, then suspend. A person has to agree to each."""
    given = body.model_dump(exclude={"days", "decided_by"})
    choice = Choice(
        action=Action.LIMIT,
        duration=_lasting(body.days),
        key=request.headers.get(HEADER),
        decided_by=_named(body.decided_by),
        **given,
    )
    decisions = casework(request).decisions
    return key.answer_json(lambda: _told(decisions.stage(case_id, bearer.actor, choice)), 201)


@router.post("/api/v1/decisions/{decision_id}/second")
def second(
    request: Request,
    bearer: Annotated[TokenBearer, Depends(scope("case.second"))],
    decision_id: Id,
    key: Key,
    body: SecondBody,
) -> Response:
    """Agree or decline as the second one. A token is no person, so this is refused (409) with where to do it."""
    decisions = casework(request).decisions
    return key.answer_json(
        lambda: _told(decisions.second(decision_id, bearer.actor, body.agree, body.reason))
    )


@router.post("/api/v1/decisions/{decision_id}/undo")
def undo(request: Request, bearer: Decider, decision_id: Id, key: Key, body: UndoBody) -> Response:
    """Take a decision back, wholly or for some accounts; what held before holds again. Gives the undoing."""
    decisions, sent = casework(request).decisions, request.headers.get(HEADER)
    whose, named = body.accounts, _named(body.decided_by)
    return key.answer_json(
        lambda: _told(
            decisions.undo(decision_id, bearer.actor, body.reason, accounts=whose, key=sent, decided_by=named)
        )
    )


def _named(by: PersonBody | ProgramBody | None) -> str | None:
    return by.name if isinstance(by, PersonBody) else None


def _lasting(days: int | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)


def _told(decision: Decision) -> dict[str, object]:
    told: dict[str, object] = plain(decision)
    return told | {"facts": json.loads(decision.facts)}
