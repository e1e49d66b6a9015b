"""The same request twice is done once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Body, Depends, Request
from fastapi.responses import JSONResponse, Response
from starlette.testclient import TestClient

from console import ORIGIN, Console, build
from tarazu.server.guard import scope
from tarazu.server.idempotency import Once, once
from tarazu.server.refusals import Conflict
from tarazu.store import Store


@pytest.fixture
def console(tmp_path: Path, store: Store) -> Console:
    """A console on each database in turn."""
    return build(tmp_path, store)


@pytest.fixture
def program(console: Console) -> TestClient:
    console.app.state.done = []

    @console.app.post("/api/v1/things", dependencies=[Depends(scope("report.add"))])
    async def things(
        request: Request, key: Annotated[Once, Depends(once)], body: Annotated[dict, Body()]
    ) -> Response:
        def work() -> Response:
            console.app.state.done.append(body)
            if body.get("wait"):
                body["wait"].wait()
            if body.get("refuse"):
                raise Conflict
            return JSONResponse({"number": len(console.app.state.done)}, 201)

        return await key.answer(work)

    return console.program("report.add")


def test_the_same_key_and_body_get_the_same_answer(console: Console, program: TestClient) -> None:
    key = {"idempotency-key": "one"}
    first = program.post("/api/v1/things", json={"a": 1}, headers=key)
    second = program.post("/api/v1/things", json={"a": 1}, headers=key)
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, {"number": 1})
    assert second.headers["idempotency-replayed"] == "true"
    other = program.post("/api/v1/things", json={"a": 2}, headers=key)
    assert other.status_code == 422
    assert program.post("/api/v1/things", json={"a": 1}).json() == {"number": 2}
    somebody = console.program("report.add")
    assert somebody.post("/api/v1/things", json={"a": 1}, headers=key).json() == {"number": 3}, (
        "keys are one's own"
    )
    console.clock.move(hours=24)
    assert program.post("/api/v1/things", json={"a": 1}, headers=key).json() == {"number": 4}


def test_a_refusal_leaves_the_key_free(console: Console, program: TestClient) -> None:
    key = {"idempotency-key": "two"}
    for _ in range(2):
        assert program.post("/api/v1/things", json={"refuse": 1}, headers=key).status_code == 409
    assert len(console.app.state.done) == 2


def test_two_at_once_are_done_once(console: Console, program: TestClient) -> None:
    begun, go = threading.Event(), threading.Event()
    done: list[int] = []

    def work() -> Response:
        done.append(1)
        begun.set()
        go.wait(10)
        return JSONResponse({})

    first = threading.Thread(target=lambda: Once(console.desk, "key", "request").answer_now(work))
    first.start()
    assert begun.wait(10)
    with pytest.raises(Conflict):
        Once(console.desk, "key", "request").answer_now(work)
    go.set()
    first.join()
    assert Once(console.desk, "key", "request").answer_now(work).status_code == 200
    assert done == [1]


def test_a_key_without_a_token_is_refused(console: Console, program: TestClient) -> None:
    stranger = TestClient(console.app, base_url=ORIGIN)
    assert stranger.post("/api/v1/things", json={}, headers={"idempotency-key": "x"}).status_code == 401
    assert program.post("/api/v1/things", json={}, headers={"idempotency-key": "x" * 201}).status_code == 400
