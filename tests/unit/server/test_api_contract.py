"""What holds for every call: described, once for one key, and no body that anybody sends is our fault."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from api_parts import problem, reported, with_policy
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from console import ORIGIN, Console, build
from tarazu.server.failures import PROGRAMS
from tarazu.server.guard import SAFE, Scope, guard_of
from tarazu.server.idempotency import once

NOBODY = "0" * 26


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    made = build(tmp_path_factory.mktemp("contract"), limits={"api_per_minute": 10**6})
    yield made
    if hasattr(made.app.state, "banks"):
        made.app.state.banks.close()
    made.store.close()


@pytest.fixture(scope="module")
def program(console: Console) -> TestClient:
    return with_policy(console)


def calls(console: Console) -> list[APIRoute]:
    return [
        route
        for route in console.app.routes
        if isinstance(route, APIRoute) and route.path.startswith(PROGRAMS)
    ]


def test_every_call_is_described_with_its_scope_and_its_refusals(
    console: Console, program: TestClient
) -> None:
    told = program.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1") and set(told) >= {"info", "paths", "components"}
    shown = [route for route in calls(console) if route.include_in_schema]
    assert len(shown) >= 30
    seen = set()
    for route in shown:
        for method in route.methods or ():
            operation = told["paths"][route.path_format][method.lower()]
            assert len(operation["description"]) > 10 and operation["summary"], route.path
            assert operation["operationId"] not in seen
            seen.add(operation["operationId"])
            assert operation["responses"]["default"]
            guard = guard_of(route)
            if isinstance(guard, Scope):
                assert guard.permission in operation["description"] and operation["security"]
            named = [one["name"] for one in operation.get("parameters", ())]
            assert ("Idempotency-Key" in named) == (method not in SAFE), route.path
            assert set(re.findall(r"{(\w+)}", route.path_format)) <= set(named)
    assert not [path for path in told["paths"] if not path.startswith(PROGRAMS)]


def test_the_description_holds_together(program: TestClient) -> None:
    told = program.get("/api/v1/openapi.json").json()
    schemas = told["components"]["schemas"]
    for ref in re.findall(r'"\$ref": "([^"]+)"', json.dumps(told)):
        assert ref.removeprefix("#/components/schemas/") in schemas, ref
    fields = schemas["Problem"]
    for path in (f"/api/v1/cases/{NOBODY}", "/api/v1/cases?limit=0"):
        assert set(fields["required"]) <= set(program.get(path).json()) <= set(fields["properties"])


def test_every_call_is_in_the_reference(console: Console) -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    written = re.sub(r"{\w+}|\b(NAME|ID)\b", "{}", page)
    for route in calls(console):
        if route.include_in_schema:
            assert re.sub(r"{\w+}", "{}", route.path) in written, route.path
            guard = guard_of(route)
            assert not isinstance(guard, Scope) or f"`{guard.permission}`" in page


def test_every_call_that_changes_something_takes_a_key(console: Console) -> None:
    unsafe = [route for route in calls(console) if not (route.methods or set()) <= SAFE]
    assert len(unsafe) >= 15
    for route in unsafe:
        assert any(one.call is once for one in route.dependant.dependencies), route.path


def test_what_is_not_there_or_too_much_is_a_problem_too(console: Console, program: TestClient) -> None:
    problem(program.get("/api/v1/nothing"), 404)
    problem(program.patch("/api/v1/cases"), 405)
    problem(program.post("/api/v1/reports", content=b"x" * 20_000_001), 413)
    items = [{"id": str(one)} for one in range(101)]
    problem(program.post("/api/v1/items", json={"items": items}), 422)
    stranger = TestClient(console.app, base_url=ORIGIN)
    assert stranger.get("/api/v1/health").json()["status"] == "ok"
    problem(stranger.get("/api/v1/cases"), 401)


def test_a_program_that_asks_too_often_is_told_when_to_come_back(tmp_path: Any) -> None:
    made = build(tmp_path, limits={"api_per_minute": 3})
    try:
        program = made.program("case.view")
        answers = [program.get("/api/v1/cases") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert int(answers[-1].headers["retry-after"]) >= 1
        problem(answers[-1], 429)
    finally:
        made.store.close()


def test_the_server_starts_without_what_only_pictures_need() -> None:
    asked = "import sys, tarazu.server.app as a; [*a.routers(a.api)]; print([m for m in HEAVY if m in sys.modules])"
    heavy = "HEAVY = ['numba', 'PIL', 'av', 'tarazu.media.studio', 'tarazu.media.bank.bank']; "
    done = subprocess.run([sys.executable, "-c", heavy + asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


TEXT = st.text(st.characters(), max_size=12) | st.sampled_from(["\x00", "\ud800", "p1", "praise", "*", "٣"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
ITEM = {
    "id": "p1", "kind": "post", "platform": "x", "text": "t", "lang": "en", "author_id": "a", "url": "u",
    "created_at": "2026-01-01T00:00:00Z", "media": [{"ref": "r", "pdq": "0" * 64}], "context": {"urls": ["u"]},
}  # fmt: skip
REPORT = {
    "item": ITEM, "kind": "government_order", "reason": "r", "reporter": "x", "authority": "a", "legal_basis": "b",
    "jurisdiction": "EU", "received_at": "2026-01-01T00:00:00Z", "comment": "c", "external_id": "e", "contact": "c",
}  # fmt: skip
COOP = {
    "id": "m",
    "typeId": "t",
    "data": {"text": "x", "images": ["u"], "created_at": "2026-01-01", "author": {}},
}
CHOICE = {
    "action": "label", "clause_id": "praise", "reason": "r", "stance": "praise", "purpose": "news", "days": 3,
    "jurisdictions": ["*"], "exclude": ["a"], "subjects": [{"kind": "post", "id": "p1", "platform": ""}],
}  # fmt: skip
ASKED = ["/api/v1/cases", "/api/v1/ledger", "/api/v1/appeals", "/m/lookup", "/m/raw_lookup", "/h/hash"]
NAMES = [
    "after",
    "limit",
    "q",
    "lang",
    "kind",
    "state",
    "due_before",
    "subject",
    "signal",
    "signal_type",
    "url",
]
LIKELY = [
    "pdq", "vpdq", "0" * 64, "1", f"1:{NOBODY}", f"9e99:{NOBODY}", "\x00", "open", "x" * 300, "1.1", "[]",
    "9999-12-31T23:59:59-10:00",
]  # fmt: skip
SHAPES: list[tuple[str, str, Any]] = [
    ("POST", "/api/v1/items", {"items": [ITEM]}),
    ("POST", "/api/v1/reports", REPORT),
    ("POST", "/api/v1/items/async/", {"items": [COOP]}),
    ("POST", "/api/v1/report", {
        "reporter": {"kind": "user", "id": "r", "typeId": "u"}, "reportedAt": "2026-01-01T00:00:00Z",
        "reportedItem": COOP, "reportedForReason": {"reason": "r", "policyId": "p"}, "additionalItems": [COOP],
    }),
    ("POST", "/api/v1/cases/{case}/decide", CHOICE),
    ("POST", "/api/v1/cases/{case}/lock", {}),
    ("POST", "/api/v1/networks/{case}/stage", {"reason": "r", "clause_id": "concert", "exclude": ["a"]}),
    ("POST", f"/api/v1/decisions/{NOBODY}/second", {"agree": True, "reason": "r"}),
    ("POST", f"/api/v1/decisions/{NOBODY}/undo", {"reason": "r", "accounts": ["a"]}),
    ("POST", f"/api/v1/appeals/{NOBODY}/decide", {"answer": "uphold", "reason": "r"}),
    ("POST", "/c/banks", {"name": "A"}),
    ("POST", "/c/bank/A/signal", {"pdq": "c" * 63 + "5", "vpdq": '["a,1,2"]', "video_md5": "a" * 32}),
    ("PUT", "/c/bank/A/content/1", {"disable_until_ts": 1}),
    ("POST", "/m/lookup", {}),
]  # fmt: skip


def places(shape: Any) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    found: list[tuple[Any, ...]] = [()]
    for name, inner in (
        shape.items() if isinstance(shape, dict) else enumerate(shape) if isinstance(shape, list) else ()
    ):
        found += [(name, *rest) for rest in places(inner)]
    return found


def put(shape: Any, way: tuple[Any, ...], value: Any) -> Any:
    """The same shape with another value in one place."""
    if not way:
        return value
    changed = deepcopy(shape)
    changed[way[0]] = put(shape[way[0]], way[1:], value)
    return changed


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_body_is_our_fault(program: TestClient, data: st.DataObject) -> None:
    method, path, shape = data.draw(st.sampled_from(SHAPES))
    if "{case}" in path:
        path = path.replace("{case}", reported(program, "p1")["case_id"])
    body = put(shape, data.draw(st.sampled_from(places(shape))), data.draw(JSON))
    answer = program.request(
        method, path, content=json.dumps(body), headers={"content-type": "application/json"}
    )
    assert answer.status_code < 500, (path, body, answer.text)
    if answer.status_code >= 400:
        problem(answer, answer.status_code)
    else:
        json.loads(answer.text)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"items": NaN}', b'"\\ud800"'])
def test_no_bytes_are_our_fault(program: TestClient, body: bytes) -> None:
    for method, path, _ in SHAPES:
        path = path.replace("{case}", NOBODY)
        answer = program.request(method, path, content=body, headers={"content-type": "application/json"})
        assert 200 <= answer.status_code < 500, (path, answer.text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(ASKED), names=st.lists(st.sampled_from(NAMES), max_size=4), data=st.data())
def test_no_query_is_our_fault(program: TestClient, path: str, names: list[str], data: st.DataObject) -> None:
    likely = st.sampled_from(LIKELY)
    odd = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    asked = {name: data.draw(likely | odd) for name in names}
    answer = program.get(path, params=asked)
    assert answer.status_code < 500, (path, asked, answer.text)
