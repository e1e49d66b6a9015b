"""A reviewer hands a case to a lead on its page; the lead is given it first and hands it back."""

from __future__ import annotations

from console import Console, console
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.server.roles import Role
from tarazu.verdicts import Severity

__all__ = ["console"]


def opened(console: Console, number: int, reach: float) -> str:
    item = Item(
        kind=ItemKind.POST, external_id=f"p{number}", platform="forum", author_id="ann",
        text=f"Harbour number {number} by night: {'abcdefgh'[number] * 30}",
    )  # fmt: skip
    found = Found(
        item=item, kind=FindingKind.VIOLATION, body={"reason": "why"}, versions={}, certainty=0.9,
        signature=f"s{number}", severity=Severity.HIGH, reach=reach, clause_id="C1",
    )  # fmt: skip
    return next(iter(Intake(console.store, console.clock).findings([found]).case_ids))


def test_a_case_goes_up_to_a_lead_and_back(console: Console) -> None:
    urgent, other = opened(console, 1, 0.9), opened(console, 2, 0.1)
    reviewer, lead = console.client(Role.REVIEWER), console.client(Role.LEAD)
    assert 'data-key="e"' in reviewer.page(f"/cases/{other}")
    assert reviewer.submit(f"/cases/{other}/escalate", why=" ").status_code == 422
    assert lead.submit(f"/cases/{other}/hand-back", answer="Nothing there").status_code == 409
    went = reviewer.submit(f"/cases/{other}/escalate", why="I know <b>Ann</b>")
    assert went.headers["location"].startswith(f"/cases/{urgent}?escalated={other}")
    assert f"/cases/{other}" in reviewer.page(went.headers["location"])  # the line says what was done
    assert reviewer.submit(f"/cases/{other}/escalate", why="Again").status_code == 409
    shown = lead.page("/queue?who=escalated")
    assert f"/cases/{other}" in shown and f"/cases/{urgent}" not in shown
    assert lead.submit("/queue/next").headers["location"] == f"/cases/{other}"
    page = lead.page(f"/cases/{other}")
    assert "I know &lt;b&gt;Ann" in page and "/hand-back" in page
    assert "/hand-back" not in reviewer.page(f"/cases/{other}")
    assert reviewer.submit(f"/cases/{other}/hand-back", answer="Mine").status_code == 403
    assert lead.submit(f"/cases/{other}/hand-back", answer="Decide as always").status_code == 303
    assert "Decide as always" in reviewer.page(f"/cases/{other}")
    assert f"/cases/{other}" not in lead.page("/queue?who=escalated")
