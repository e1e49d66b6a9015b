"""The ledger, for auditors' programs: public fields, signed checkpoints, proofs."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from tarazu.server.desk import desk
from tarazu.server.guard import scope
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import TokenBearer
from tarazu.store.entries import entries
from tarazu.store.ledger import Ledger

router = APIRouter(tags=["ledger"])
Reader = Annotated[TokenBearer, Depends(scope("ledger.read"))]
MOST = 2**53  # what JSON's numbers hold exactly
Text = Annotated[str | None, Query(max_length=200, pattern="^[^\\x00]*$")]


@router.get("/api/v1/ledger")
def page(
    request: Request,
    bearer: Reader,
    after: Annotated[int, Query(ge=0, le=MOST)] = 0,
    kind: Text = None,
    subject: Text = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> dict[str, object]:
    """Entries in order, as anybody may check them; `next` is what `after` wants, null at the end."""
    with desk(request).store.read() as view:
        found = list(islice(entries(view, after=after, kind=kind, subject=subject), limit + 1))
    shown = found[:limit]
    return {
        "entries": [asdict(one) for one in shown],
        "next": shown[-1].seq if len(found) > limit else None,
    }


@router.get("/api/v1/ledger/checkpoint")
def checkpoint(request: Request, bearer: Reader) -> dict[str, object]:
    """The newest signed checkpoint, as the note to publish, with the public key that checks it."""
    ledger = Ledger(desk(request).store)
    signed = ledger.checkpoints()
    if not signed:
        raise NotFound("common.error_not_found")
    point = signed[-1].checkpoint
    return {
        "size": point.size,
        "root": point.root,
        "head": point.head,
        "at": point.at,
        "note": signed[-1].note(),
        "public_key": ledger.signer.public().text(),
    }


@router.get("/api/v1/ledger/{seq}/proof")
def proof(request: Request, bearer: Reader, seq: Annotated[int, Path(ge=1, le=MOST)]) -> dict[str, object]:
    """A proof that an entry is under the newest checkpoint; `tarazu ledger` and anybody's program can check it."""
    told: dict[str, object] = json.loads(Ledger(desk(request).store).prove(seq).text())
    return told
