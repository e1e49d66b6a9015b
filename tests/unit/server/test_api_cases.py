"""Cases, decisions, appeals and the ledger, by programs."""

from __future__ import annotations

import pytest
from api_parts import ALL, POLICY, problem, reported, with_policy
from starlette.testclient import TestClient

from console import Console, console
from tarazu.cases.appeals import Appeals
from tarazu.cases.decision import Action, Choice
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.decisions import Decisions
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.findings import Label, Member, Network, Role, Timeline
from tarazu.ledger.checkpoint import parse
from tarazu.store import Actor
from tarazu.store.ledger import Ledger

__all__ = ["console"]
WARN = {
    "action": "warn",
    "clause_id": "praise",
    "reason": "It praises them.",
    "stance": "praise",
    "decided_by": {"kind": "person", "name": "Dina R."},
}
NOBODY = "0" * 26


@pytest.fixture
def program(console: Console) -> TestClient:
    return with_policy(console)


def test_pages_of_the_queue_show_every_case_once(program: TestClient) -> None:
    made = {reported(program, f"p{number}")["case_id"] for number in range(7)}
    for order in ("priority", "newest", "oldest"):
        seen: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = program.get("/api/v1/cases", params={"limit": "3", "order": order, **after}).json()
            seen += [one["id"] for one in page["cases"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert len(seen) == 7 and set(seen) == made, order
    assert program.get("/api/v1/cases", params={"source": "scan"}).json() == {"cases": [], "next": None}
    assert len(program.get("/api/v1/cases", params={"q": "words p3"}).json()["cases"]) == 1
    assert len(program.get("/api/v1/cases", params={"state": ["decided", "open"]}).json()["cases"]) == 7
    for wrong in ({"after": "x"}, {"order": "worst"}, {"limit": "0"}, {"after": "9" * 30 + ":" + NOBODY}):
        problem(program.get("/api/v1/cases", params=wrong), 422)


def test_a_case_that_one_program_holds_no_other_decides(console: Console, program: TestClient) -> None:
    case_id = reported(program)["case_id"]
    path = f"/api/v1/cases/{case_id}"
    assert program.post(f"{path}/lock").json() == {"until": "2026-03-01T09:15:00+00:00"}
    other = console.program(*ALL)
    problem(other.post(f"{path}/lock"), 409)
    problem(other.post(f"{path}/decide", json=WARN), 409)
    mine = {"mine": "true"}
    assert len(program.get("/api/v1/cases", params=mine).json()["cases"]) == 1
    assert other.get("/api/v1/cases", params=mine).json()["cases"] == []
    assert other.delete(f"{path}/lock").json() == {"held": False}
    assert program.delete(f"{path}/lock").json() == {"held": True}
    assert other.post(f"{path}/decide", json=WARN).status_code == 201
    problem(program.get(f"/api/v1/cases/{NOBODY}"), 404)


def test_a_decision_is_made_explained_and_taken_back(console: Console, program: TestClient) -> None:
    case_id = reported(program)["case_id"]
    path, key = f"/api/v1/cases/{case_id}/decide", {"idempotency-key": "d1"}
    problem(program.post(path, json={**WARN, "clause_id": "other"}), 409)
    made = program.post(path, json=WARN, headers=key).json()
    assert (made["state"], made["actor_kind"], made["needs"]) == ("effective", "token", [])
    assert program.post(path, json=WARN, headers=key).json() == made
    console.clock.move(hours=25)  # the answer is no longer kept, the decision knows its key all the same
    assert program.post(path, json=WARN, headers=key).json()["id"] == made["id"]
    problem(program.post(path, json=WARN), 409)
    assert program.get(f"/api/v1/decisions/{made['id']}").json()["evidence_digest"] == made["evidence_digest"]
    said = program.get(f"/api/v1/decisions/{made['id']}/statements").json()["statements"]
    (affected,) = [one for one in said if one["recipient_kind"] == "affected"]
    assert affected["dsa"]["category"] == "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY"
    assert "token" not in affected and affected["sections"]
    problem(program.post(f"/api/v1/decisions/{made['id']}/undo", json={"reason": ""}), 422)
    undo = f"/api/v1/decisions/{made['id']}/undo"
    assert "program" in problem(program.post(undo, json={"reason": "An error."}), 409)["detail"]
    by = {"decided_by": WARN["decided_by"]}
    undone = program.post(undo, json={"reason": "An error.", **by}).json()
    assert undone["undoes"] == made["id"]
    assert program.get(f"/api/v1/decisions/{made['id']}").json()["state"] == "undone"
    problem(program.get(f"/api/v1/decisions/{NOBODY}/statements"), 404)


def test_what_no_person_decided_is_told_so_and_waits_for_one(program: TestClient) -> None:
    for by in ({"decided_by": {"kind": "program"}}, {"decided_by": None}):
        case_id = reported(program, f"p{len(str(by))}")["case_id"]
        made = program.post(f"/api/v1/cases/{case_id}/decide", json={**WARN, **by}).json()
        assert (made["state"], made["automated"], made["needs"]) == ("proposed", True, ["automated"])
    case_id = reported(program, "p")["case_id"]
    for wrong in (
        {"kind": "person"},
        {"kind": "robot", "name": "x"},
        {"kind": "program", "name": "x"},
        "Dina",
    ):
        problem(program.post(f"/api/v1/cases/{case_id}/decide", json={**WARN, "decided_by": wrong}), 422)
    made = program.post(f"/api/v1/cases/{case_id}/decide", json=WARN).json()
    assert (made["automated"], made["decided_by"]) == (False, "Dina R.")
    said = program.get(f"/api/v1/decisions/{made['id']}/statements").json()["statements"]
    assert {one["dsa"]["automated_decision"] for one in said if one["dsa"]} == {
        "AUTOMATED_DECISION_NOT_AUTOMATED"
    }


def test_what_needs_a_second_person_waits_for_one(console: Console, program: TestClient) -> None:
    case_id = reported(program)["case_id"]
    given = {**WARN, "action": "suspend", "days": 7}
    made = program.post(f"/api/v1/cases/{case_id}/decide", json=given).json()
    assert (made["state"], made["needs"]) == ("proposed", ["suspension"])
    (waits,) = program.get("/api/v1/decisions/waiting").json()["decisions"]
    assert waits["id"] == made["id"]
    other = console.program(*ALL)
    said = problem(other.post(f"/api/v1/decisions/{made['id']}/second", json={"agree": True}), 409)
    assert "person" in said["detail"]  # a token is none, whoever made it
    assert other.get(f"/api/v1/decisions/{made['id']}").json()["state"] == "proposed"


def test_a_network_is_proposed_stage_by_stage(console: Console, program: TestClient) -> None:
    names = ["n1", "n2", "n3"]
    at = console.clock()
    network = Network(
        id="N1", label=Label.COORDINATED, reason="Together within seconds.", against=("Friends?",), p_value=1e-6,
        traces={"co_url": 3}, objects=(), moments=(), first=at, last=at,
        members=tuple(Member(account_id=one, role=Role.BOTH, score=5.0, posts=9, edges=2, joint=5) for one in names),
        timeline=Timeline(start=at, bin_seconds=60, members=(1,), everyone=(2,)),
    )  # fmt: skip
    members = [Item(kind=ItemKind.ACCOUNT, external_id=one, platform="square") for one in names]
    case_id = Intake(console.store, console.clock).network(network, members, {}, platform="square")
    path = f"/api/v1/networks/{case_id}/stage"
    body = {"reason": "They act as one.", "clause_id": "concert", "exclude": ["n3"]}
    problem(console.program("case.decide").post(path, json=body), 403)
    made = program.post(path, json=body).json()
    assert (made["stage"], made["state"], made["action"]) == ("limit", "proposed", "limit")
    states = {one["subject"]["id"]: one["state"] for one in made["subjects"]}
    assert states == {"n1": "proposed", "n2": "proposed", "n3": "excluded"}
    problem(program.post(path, json=body), 409)
    case_id = reported(program)["case_id"]
    problem(program.post(f"/api/v1/networks/{case_id}/stage", json=body), 409)


def test_appeals_are_listed_and_answered_by_people_only(console: Console, program: TestClient) -> None:
    decider, settings = console.person("reviewer"), DecisionSettings(policies=(POLICY,))
    decisions = Decisions(console.store, console.clock, settings)
    appeals = Appeals(console.store, console.clock, settings)
    for number in range(3):
        case_id = reported(program, f"p{number}")["case_id"]
        choice = Choice(action=Action.REMOVE, clause_id="praise", reason="It praises them.")
        made = decisions.decide(case_id, Actor("person", decider.id), choice)
        (link,) = [one for one in made.links if one.recipient_kind == "affected"]
        appeals.open(link.token, "I was joking.")
        console.clock.move(seconds=1)
    page = program.get("/api/v1/appeals", params={"limit": 2}).json()
    rest = program.get("/api/v1/appeals", params={"limit": 2, "after": page["next"]}).json()
    assert len({one["id"] for one in page["appeals"] + rest["appeals"]}) == 3 and rest["next"] is None
    assert "token_hash" not in page["appeals"][0]
    path = f"/api/v1/appeals/{page['appeals'][0]['id']}/decide"
    said = problem(program.post(path, json={"answer": "reverse", "reason": "Satire."}), 409)
    assert "person" in said["detail"]
    problem(program.post(path, json={"answer": "maybe", "reason": "?"}), 422)
    problem(program.post(f"/api/v1/appeals/{NOBODY}/decide", json={"answer": "uphold", "reason": "x"}), 404)


def test_the_ledger_is_read_page_by_page_and_proven(console: Console, program: TestClient) -> None:
    reported(program)
    problem(program.get("/api/v1/ledger/checkpoint"), 404)
    problem(program.get("/api/v1/ledger/1/proof"), 422)
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = program.get("/api/v1/ledger", params={"limit": 2, "after": after}).json()
        seen += [one["seq"] for one in page["entries"]]
        after = page["next"]
    assert seen == list(range(1, len(seen) + 1)) and len(seen) >= 4
    (one,) = program.get("/api/v1/ledger", params={"kind": "report.received"}).json()["entries"]
    assert "body" not in one and "facts" not in one
    signed = Ledger(console.store).checkpoint()
    told = program.get("/api/v1/ledger/checkpoint").json()
    assert parse(told["note"]) == signed and told["size"] == len(seen)
    proof = program.get(f"/api/v1/ledger/{one['seq']}/proof").json()
    assert proof["entry"] == one and Ledger(console.store).prove(one["seq"]).holds(
        Ledger(console.store).signer.public()
    )
    problem(console.program("case.view").get("/api/v1/ledger"), 403)
