"""The intake of ROOST's Coop: its clients work here unchanged, with a token of ours as `X-API-KEY`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tarazu.cases.intake import Intake
from tarazu.cases.receiving import MOST, Receiving
from tarazu.server.clockwork.bell import reported
from tarazu.server.coop_body import CoopItems, CoopReport
from tarazu.server.desk import desk
from tarazu.server.idempotency import Once, once
from tarazu.server.program_key import key_scope
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["coop"])
Adder = Annotated[TokenBearer, Depends(key_scope("report.add"))]
Key = Annotated[Once, Depends(once)]


def _items(request: Request, bearer: Adder, key: Key, body: CoopItems) -> Response:
    """Keep items that a client of Coop sends; answers 202 with no content that Coop's clients would read."""
    receiving = Receiving(desk(request).store, desk(request).clock)

    def work() -> object:
        receiving.keep([one.item() for one in body.items], bearer.actor)
        return {}

    return key.answer_json(work, 202)


router.post("/api/v1/items/async/", status_code=202, name="coop_items")(_items)
router.post("/api/v1/items/async", status_code=202, name="coop_items_plain", include_in_schema=False)(_items)


def _report(request: Request, bearer: Adder, key: Key, body: CoopReport) -> Response:
    """Take in a user's report as Coop does; gives `reportId`."""
    at_hand = desk(request)

    def work() -> object:
        beside = body.beside()[:MOST]
        if beside:
            Receiving(at_hand.store, at_hand.clock).keep(beside, bearer.actor)
        made = Intake(at_hand.store, at_hand.clock).report(body.report(), bearer.actor)
        reported(request, made)
        return {"reportId": made.report_id}

    return key.answer_json(work, 201)


router.post("/api/v1/report", status_code=201, name="coop_report")(_report)
router.post("/api/v1/report/", status_code=201, name="coop_report_slash", include_in_schema=False)(_report)
