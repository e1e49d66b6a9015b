"""An installation with a policy, a case or two, and programs that ask."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from console import Console
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.policy.policy_file import parse_policy
from tarazu.server.roles import PERMISSIONS

ALL = tuple(PERMISSIONS)
POLICY = parse_policy(
    """
policy: house-rules
version: "1"
clauses:
  - id: praise
    text: {en: No praise of listed groups.}
    severity: critical
    dsa_category: STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY
    dsa_keyword: KEYWORD_TERRORIST_CONTENT
  - id: concert
    text: {en: Do not act together in disguise.}
    covers: {kinds: [network]}
    severity: high
"""
)


def with_policy(console: Console) -> TestClient:
    """A program that may everything, where a policy is set."""
    console.app.state.decision_settings = DecisionSettings(policies=(POLICY,))
    return console.program(*ALL)


def reported(program: TestClient, name: str = "p1", **more: Any) -> dict[str, Any]:
    """A report about a post; what was answered."""
    body = {"item": {"id": name, "text": f"words of {name}", "author_id": "anna"}, "reason": "rude", **more}
    answer = program.post("/api/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def problem(answer: Any, status: int) -> dict[str, Any]:
    """A refusal, as it must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status and told["title"] and told["detail"] and told["code"]
    return told
