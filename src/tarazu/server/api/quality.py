"""How well is decided here, for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from tarazu.cases.quality_figures import WEEKS, figures
from tarazu.server.guard import scope
from tarazu.server.quality_page import plain_figures, quality
from tarazu.server.visitor import TokenBearer

router = APIRouter(tags=["quality"])


@router.get("/api/v1/quality")
def read(
    request: Request,
    bearer: Annotated[TokenBearer, Depends(scope("quality.view"))],
    weeks: Annotated[int, Query(ge=1, le=104)] = WEEKS,
) -> dict[str, object]:
    """Agreement, overturned decisions and waiting of the last weeks, each share with its base and interval.

    Shares of fewer than `few` cases say little. No figure is about one person.
    """
    return plain_figures(figures(quality(request), weeks))
