"""Reports and orders in, and what became of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, Field

from tarazu.cases.intake import Intake
from tarazu.cases.report import Report, ReportKind
from tarazu.server.api_fields import Body, Name, Short
from tarazu.server.clockwork.bell import reported
from tarazu.server.desk import desk
from tarazu.server.guard import scope
from tarazu.server.idempotency import Once, once
from tarazu.server.item_body import ItemBody, in_time
from tarazu.server.plain import plain
from tarazu.server.refusals import Forbidden, NotFound
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["reports"])
Adder = Annotated[TokenBearer, Depends(scope("report.add"))]


class ReportBody(Body):
    """Who says what about which item. Its id is enough where the item was handed in before."""

    item: ItemBody
    kind: ReportKind = ReportKind.USER
    reason: str = Field(min_length=1, max_length=5_000)
    comment: str | None = Field(None, max_length=5_000)
    clause_id: Short | None = None
    reporter: Name | None = Field(None, description="the platform's id of who reports; not kept if anonymous")
    contact: Short | None = None
    authority: Short | None = Field(None, description="of an order, required there")
    legal_basis: Short | None = Field(None, description="of an order, required there")
    jurisdiction: Short | None = Field(None, description="of an order, required there")
    external_id: Name | None = Field(None, description="your id of the report: the same one is kept once")
    received_at: AwareDatetime | None = Field(None, description="default: now; an order's hour runs from it")


@router.post("/api/v1/reports", status_code=201)
def report(
    request: Request, bearer: Adder, key: Annotated[Once, Depends(once)], body: ReportBody
) -> Response:
    """Report a post or an account; gives the token with which the sender asks what became of it.

    `government_order` needs the scope `order.add` besides; it must be dealt with within the hour.
    """
    if body.kind == ReportKind.GOVERNMENT_ORDER and not bearer.may("order.add"):
        raise Forbidden("order.add")
    given = body.model_dump(exclude={"item", "received_at"})
    made = Report(item=body.item.item(), received_at=in_time(body.received_at), **given)
    intake = Intake(desk(request).store, desk(request).clock)

    def work() -> object:
        receipt = intake.report(made, bearer.actor)
        reported(request, receipt)
        return plain(receipt)

    return key.answer_json(work, 201)


@router.get("/api/v1/reports/{token}")
def status(
    request: Request, bearer: Adder, token: Annotated[str, Path(min_length=8, max_length=100)]
) -> dict[str, object]:
    """What became of a report: its state and the answer, nothing about anybody else."""
    found = Intake(desk(request).store, desk(request).clock).status(token)
    if found is None:
        raise NotFound
    told: dict[str, object] = plain(found)
    return told
