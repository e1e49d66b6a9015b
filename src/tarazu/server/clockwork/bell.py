"""What follows a report at once, and what is left to the jobs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.requests import Request

from tarazu.cases.report import ReportReceipt
from tarazu.server.clockwork.outcome import failed
from tarazu.server.desk import desk

if TYPE_CHECKING:
    from tarazu.server.clockwork.clockwork import Clockwork

LOG = logging.getLogger("tarazu.server.clockwork")


def ring(request: Request, *names: str) -> None:
    """Say that there is work for these jobs; where this server runs none, others find it when they look."""
    works: Clockwork | None = getattr(request.app.state, "clockwork", None)
    if works is not None:
        works.ring(*names)


def reported(request: Request, receipt: ReportReceipt) -> None:
    """After a report came in: look whether it is one of a flood, and let rules and the judge look at its case.

    The report is kept already, so nothing that goes wrong here may make its sender send it again.
    """
    if receipt.repeat:
        return
    from tarazu.cases.flagging import Flagging

    at_hand = desk(request)
    try:
        Flagging(at_hand.store, at_hand.clock).after(receipt.case_id, receipt.reporters_last_hour)
    except Exception as error:
        LOG.error("after a report: %s", failed(error).error)
    ring(request, "rules", "judge")
