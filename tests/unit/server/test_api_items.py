"""Items and reports in, by our own calls and by those of Coop."""

from __future__ import annotations

import pytest
from api_parts import ALL, problem, reported, with_policy
from sqlalchemy import func, select
from starlette.testclient import TestClient

from console import ORIGIN, Console, console
from tarazu.store.tables.cases import items, reports

__all__ = ["console"]
COOP_REPORT = {
    "reporter": {"kind": "user", "typeId": "u1", "id": "reporter-7"},
    "reportedAt": "2026-02-28T10:30:00.000Z",
    "reportedForReason": {"policyId": "praise", "reason": "praises them", "csam": False},
    "reportedItem": {
        "id": "msg-1",
        "typeId": "message",
        "data": {
            "text": "hail the old square",
            "author": {"id": "bo", "typeId": "user"},
            "createdAt": "2026-02-28T10:00:00Z",
            "images": ["https://cdn.example/a.jpg"],
            "ours": 5,
        },
    },
    "reportedItemThread": [{"id": "msg-0", "data": {"content": "before it"}, "typeId": "message"}],
    "reportedItemsInThread": [{"id": "msg-0", "typeId": "message"}],
    "additionalItems": [{"id": "user-bo", "data": {"username": "Bo"}, "type": {"id": "user-profile"}}],
}


@pytest.fixture
def program(console: Console) -> TestClient:
    return with_policy(console)


def count(console: Console, table: object) -> int:
    with console.store.read() as view:
        return int(view.value(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


def test_items_are_kept_once_and_shown_by_a_report(console: Console, program: TestClient) -> None:
    body = {
        "items": [
            {
                "id": "p1",
                "text": "سلام",
                "author_id": "a",
                "created_at": "2026-02-01T10:00:00+03:30",
                "media": [{"ref": "https://cdn.example/x.jpg", "pdq": "F" * 32 + "0" * 32}],
                "context": {"urls": ["https://example.org"], "depth": {"a": [1, None]}},
            },
            {"id": "a", "kind": "account", "author_name": "Anna"},
        ]
    }
    first = program.post("/api/v1/items", json=body)
    assert first.status_code == 201
    assert [one["known"] for one in first.json()["items"]] == [False, False]
    again = program.post("/api/v1/items", json=body).json()["items"]
    assert [one["known"] for one in again] == [True, True]
    assert [one["item_id"] for one in again] == [one["item_id"] for one in first.json()["items"]]
    assert program.get("/api/v1/cases").json()["cases"] == []  # nothing is judged, no case is opened
    given = {"item": {"id": "p1"}, "reason": "look at it"}
    case_id = program.post("/api/v1/reports", json=given).json()["case_id"]
    main = program.get(f"/api/v1/cases/{case_id}").json()["items"][0]["item"]
    assert (main["text"], main["media"][0]["pdq"]) == ("سلام", "f" * 32 + "0" * 32)
    assert main["created_at"] == "2026-02-01T06:30:00+00:00"


def test_the_sender_of_a_report_learns_what_became_of_it(program: TestClient) -> None:
    made = reported(program, kind="trusted_flagger", reporter="ngo", external_id="theirs-1")
    told = program.get(f"/api/v1/reports/{made['token']}").json()
    assert (told["kind"], told["state"], told["decided"]) == ("trusted_flagger", "open", False)
    again = reported(program, kind="trusted_flagger", reporter="ngo", external_id="theirs-1")
    assert again["repeat"] and again["report_id"] == made["report_id"]
    problem(program.get("/api/v1/reports/nobodys-token"), 404)


def test_an_order_needs_its_own_scope_and_all_that_an_order_states(console: Console) -> None:
    order = {
        "item": {"id": "p9", "text": "x"}, "kind": "government_order", "reason": "Art. 3", "authority": "A court",
        "legal_basis": "EU 2021/784", "jurisdiction": "EU",
    }  # fmt: skip
    plain = console.program("report.add")
    assert problem(plain.post("/api/v1/reports", json=order), 403)["scope"] == "order.add"
    legal = console.program("report.add", "order.add")
    problem(legal.post("/api/v1/reports", json={**order, "authority": None}), 422)
    made = legal.post("/api/v1/reports", json=order).json()
    due = console.program(*ALL).get(f"/api/v1/cases/{made['case_id']}").json()["row"]["due_at"]
    assert due == "2026-03-01T10:00:00+00:00"  # within the hour


def test_the_same_report_with_one_key_is_taken_in_once(console: Console, program: TestClient) -> None:
    headers = {"idempotency-key": "k1"}
    body = {"item": {"id": "p1", "text": "t"}, "reason": "rude"}
    first = program.post("/api/v1/reports", json=body, headers=headers)
    second = program.post("/api/v1/reports", json=body, headers=headers)
    assert first.json() == second.json() and second.headers["idempotency-replayed"] == "true"
    assert count(console, reports) == 1
    problem(program.post("/api/v1/reports", json={**body, "reason": "other"}, headers=headers), 422)


@pytest.mark.parametrize("slash", ["", "/"])
def test_clients_of_coop_report_unchanged(console: Console, program: TestClient, slash: str) -> None:
    secret = program.headers["authorization"].removeprefix("Bearer ")
    coop = TestClient(console.app, base_url=ORIGIN, headers={"x-api-key": secret})
    answer = coop.post(f"/api/v1/report{slash}", json=COOP_REPORT)
    assert answer.status_code == 201 and set(answer.json()) == {"reportId"}
    (row,) = program.get("/api/v1/cases").json()["cases"]
    case = program.get(f"/api/v1/cases/{row['id']}").json()
    item, report = case["items"][0]["item"], case["reports"][0]
    assert (item["external_id"], item["text"], item["author_id"]) == ("msg-1", "hail the old square", "bo")
    assert item["media"][0]["ref"] == "https://cdn.example/a.jpg"
    assert item["context"] == {"coop_type": "message", "coop": COOP_REPORT["reportedItem"]["data"]}  # type: ignore[index]
    assert (report["reporter"], report["clause_id"]) == ("reporter-7", "praise")
    assert (report["reason"], report["id"]) == ("praises them", answer.json()["reportId"])
    assert count(console, items) == 3  # the thread and the further item are kept besides
    problem(TestClient(console.app, base_url=ORIGIN).post("/api/v1/report", json=COOP_REPORT), 401)
    wrong = {**COOP_REPORT, "reporter": {"kind": "rule", "id": "r"}}
    problem(coop.post("/api/v1/report", json=wrong), 422)


def test_clients_of_coop_hand_in_items_unchanged(console: Console, program: TestClient) -> None:
    secret = program.headers["authorization"].removeprefix("Bearer ")
    coop = TestClient(console.app, base_url=ORIGIN, headers={"x-api-key": secret})
    body = {
        "items": [
            {"id": "c1", "typeId": "comment", "typeVersion": "3", "data": {"body": "hi"}},
            {"id": "c2", "type": {"id": "user"}, "data": {"display_name": "Cy"}},
        ]
    }
    assert coop.post("/api/v1/items/async/", json=body).status_code == 202
    assert coop.post("/api/v1/items/async", json=body).status_code == 202
    assert count(console, items) == 2
    problem(coop.post("/api/v1/items/async/", json={"items": [{"id": "c1", "data": {}}]}), 422)
    assert TestClient(console.app, base_url=ORIGIN).post("/api/v1/items/async/", json=body).status_code == 401
