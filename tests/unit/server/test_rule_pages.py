"""Rules as people fill them in: every field of a condition, what is wrong and where, what it would have done."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from console import Console, console
from tarazu.cases.condition import COUNTS, SHARES, WORDS
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.rule import RuleState
from tarazu.cases.rules import Rules
from tarazu.server.roles import Role
from tarazu.server.rule_form import SAID, WRITTEN, RuleForm

sys.path.insert(0, str(Path(__file__).parents[1] / "cases"))

from workshop import ALLOWED, Workshop

__all__ = ["console"]
CLAUSE = next(iter(ALLOWED.automation.allowed))
FILLED = {"name": "Praise", "action": "remove", "under": CLAUSE, "reason": "It praises.", "quota": "5"}


@pytest.fixture
def allowed(console: Console) -> Console:
    console.app.state.decision_settings = DecisionSettings(policies=(ALLOWED,))
    return console


def only(console: Console) -> dict[str, object]:
    (rule,) = Rules(console.store, console.clock).all()
    return json.loads(rule.condition.written)


def test_every_key_of_a_condition_has_a_field() -> None:
    assert set(WORDS) == set(SAID) | set(WRITTEN)
    condition = {
        "clause": ["a"], "outcome": ["violates"], "lang": ["fa", "ku"], "entity": ["x", "y"], "certainty": 0.97,
        "reports": 3.0, "text": ["a+", "b|c"], "unless": {"text": ["news"], "source": ["user"], "reach": 0.5},
    }  # fmt: skip
    assert {*SHARES, *COUNTS} == {"certainty", "reach", "reports", "author_strikes"}
    assert RuleForm.of_condition(condition).condition == condition


def test_a_rule_is_made_and_edited_by_its_form(allowed: Console) -> None:
    editor = allowed.client(Role.POLICY_EDITOR)
    made = editor.submit(
        "/rules",
        **FILLED,
        outcome="violates",
        lang=["fa", "ar"],
        certainty="97",
        unless_text="news\n\\bsport",
    )
    assert made.status_code == 303
    assert only(allowed) == {
        "outcome": ["violates"], "lang": ["ar", "fa"], "certainty": 0.97, "unless": {"text": ["news", "\\bsport"]},
    }  # fmt: skip
    page = editor.page(made.headers["location"])
    assert 'value="fa" checked' in page and 'value="en" checked' not in page and "\\bsport" in page
    to = made.headers["location"] + "/edit"
    assert editor.submit(to, **{**FILLED, "quota": "7"}, outcome="violates").status_code == 303
    (rule,) = Rules(allowed.store, allowed.clock).all()
    assert (rule.daily_quota, rule.version, rule.state) == (7, 2, RuleState.DRAFT)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(allowed: Console) -> None:
    editor = allowed.client(Role.POLICY_EDITOR)
    answer = editor.submit(
        "/rules", **{**FILLED, "quota": "x"}, outcome="violates", text="fine\n(open", reach="-1"
    )
    assert answer.status_code == 422
    wrong = answer.text.partition('id="wrong-text"')[2].partition("</label>")[0]
    assert "Line 2:" in wrong and "Line 1:" not in wrong
    assert "(open</textarea>" in answer.text and 'value="violates" checked' in answer.text
    assert 'id="wrong-quota"' in answer.text and 'id="wrong-reach"' in answer.text
    assert editor.submit("/rules", **FILLED).status_code == 422  # fits everything
    assert not Rules(allowed.store, allowed.clock).all()


def test_a_saved_search_begins_a_rule(allowed: Console) -> None:
    editor = allowed.client(Role.POLICY_EDITOR)
    editor.submit("/search/saved", name="Fa harbours", query="q=harbour&language=fa&kind=post", queue="1")
    (to,) = re.findall(r'href="(/rules\?query=\w+)#h-new"', editor.page("/search"))
    page = editor.page(to)
    assert 'value="Fa harbours"' in page and 'value="fa" checked' in page and "\\bharbour</textarea>" in page
    editor.submit("/search/saved", name="Removed", query="action=remove")
    (to,) = {*re.findall(r'href="(/rules\?query=\w+)#h-new"', editor.page("/search"))} - {to}
    assert editor.get(to).status_code == 422  # a rule comes before any decision


def test_the_page_draws_what_a_rule_would_have_done_and_lists_what_it_met(allowed: Console) -> None:
    shop = Workshop(allowed.store)
    rule = shop.live()
    page = allowed.client(Role.VIEWER).page(f"/rules/{rule.id}")
    assert '<rect class="members"' in page and "0 of " in page
    assert 'id="h-edit"' not in page and 'action="/rules' not in page
