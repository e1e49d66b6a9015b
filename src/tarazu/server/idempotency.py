"""`Idempotency-Key`: the same request sent twice is done once, and both get the same answer.

    @router.post("/api/v1/reports")
    async def report(request: Request, bearer: ..., key: Annotated[Once, Depends(once)], body: Report) -> Response:
        return await key.answer(lambda: JSONResponse(..., 201))

Not promised: that a request whose process died in the middle was not done. Its key is free again after a minute, so
what it does must itself refuse to be done twice (unique columns, states of a case).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tarazu.ledger import canonical
from tarazu.server.desk import Desk, desk
from tarazu.server.page import visitor
from tarazu.server.refusals import Conflict, Refused, Unusable
from tarazu.store import SYSTEM
from tarazu.store.tables.people import answers
from tarazu.store.times import ms

HEADER = "idempotency-key"
KEPT = timedelta(hours=24)
WORKING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer given before."""

    status: int
    body: str


class Once:
    """The key of one request; without a header, every request is a new one."""

    def __init__(self, at_hand: Desk, key: str | None, request: str) -> None:
        self._desk = at_hand
        self._key = key
        self._request = request

    async def answer(self, work: Callable[[], Response]) -> Response:
        """Do the work, in a thread, unless it was done before. A refusal is no answer: the key stays free."""
        return await run_in_threadpool(self.answer_now, work)

    def answer_now(self, work: Callable[[], Response]) -> Response:
        """The same, from a plain function."""
        kept = self._claim()
        if kept is not None:
            return Response(
                kept.body,
                kept.status,
                headers={"idempotency-replayed": "true"},
                media_type="application/json",
            )
        try:
            made = work()
        except BaseException:
            self._free()
            raise
        if made.status_code < 500:
            self._keep(made)
        else:
            self._free()
        return made

    def answer_json(self, work: Callable[[], object], status: int = 200) -> Response:
        """The same for work that gives something to write as JSON."""
        return self.answer_now(lambda: JSONResponse(work(), status))

    def _claim(self) -> Kept | None:
        if self._key is None:
            return None
        now = self._desk.clock()
        with self._desk.store.write(SYSTEM) as tx:
            tx.run(delete(answers).where(answers.c.at <= ms(now - KEPT)))
            row = tx.one(select(answers).where(answers.c.key == self._key))
            if row is not None and row.request != self._request:
                raise Unusable("common.error_idempotency")
            if row is not None and row.status is not None:
                return Kept(row.status, row.body)
            if row is not None and row.at > ms(now - WORKING):
                raise Conflict("common.error_at_work")
            if row is not None:
                tx.run(update(answers).where(answers.c.key == self._key).values(at=ms(now)))
            else:
                tx.run(insert(answers).values(key=self._key, request=self._request, at=ms(now)))
        return None

    def _keep(self, made: Response) -> None:
        if self._key is None:
            return
        body = bytes(made.body).decode()
        with self._desk.store.write(SYSTEM) as tx:
            tx.run(
                update(answers).where(answers.c.key == self._key).values(status=made.status_code, body=body)
            )

    def _free(self) -> None:
        if self._key is None:
            return
        with self._desk.store.write(SYSTEM) as tx:
            tx.run(delete(answers).where(answers.c.key == self._key, answers.c.status.is_(None)))


async def once(request: Request) -> Once:
    """`Depends(once)`, after the guard of the route."""
    given = request.headers.get(HEADER)
    bearer = visitor(request).token
    if given is None:
        return Once(desk(request), None, "")
    if not 1 <= len(given) <= 200 or bearer is None:
        raise Refused
    body = await request.body()
    key = canonical.digest([bearer.id, given])
    asked = [request.method, request.url.path, request.url.query, hashlib.sha256(body).hexdigest()]
    return Once(desk(request), key, canonical.digest(asked))
