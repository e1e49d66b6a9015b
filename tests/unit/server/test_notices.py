"""A notice reaches its reader: listed without its link, handed out one by one, with a name in the ledger."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from console import Console, console  # noqa: F401
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.report import Report, ReportKind
from tarazu.server.policies import decision_settings
from tarazu.server.roles import Role
from tarazu.store.tables.ledger import ledger


@pytest.fixture
def case_id(console: Console) -> str:  # noqa: F811
    console.app.state.decision_settings = decision_settings(console.settings)
    item = Item(
        kind=ItemKind.POST, external_id="p1", text="سلام", author_id="a1", author_name="ن", platform="x"
    )
    receipt = Intake(console.store).report(
        Report(item=item, kind=ReportKind.USER, reporter="r1", reason="spam")
    )
    reviewer = console.client(Role.REVIEWER)
    reviewer.page(f"/cases/{receipt.case_id}")
    sent = reviewer.submit(
        f"/cases/{receipt.case_id}/decide", action="warn", clause="terrorism", reason="because", place="*"
    )
    assert sent.status_code == 303, sent.text
    return receipt.case_id


def test_a_lead_takes_the_link_of_a_notice_and_the_page_behind_it_opens(
    console: Console,  # noqa: F811
    case_id: str,
) -> None:
    lead = console.client(Role.LEAD)
    text = lead.page(f"/cases/{case_id}/notices")
    assert "a1" in text and "/n/" not in text
    (notice,) = re.findall(rf'action="(/cases/{case_id}/notices/[0-9A-Z]{{26}})"', text)[:1]
    shown = lead.submit(notice).text
    (link,) = re.findall(r'value="http://[^"]+(/n/[^"]+)"', shown)
    assert console.stranger().get(link).status_code == 200
    assert "notice.handed" in kinds(console)
    elsewhere = notice.replace(case_id, "0" * 26)
    assert lead.submit(elsewhere).status_code == 404
    assert console.client(Role.REVIEWER).get(f"/cases/{case_id}/notices").status_code == 403


def test_a_platform_goes_through_the_notices_once_and_takes_each_link(
    console: Console,  # noqa: F811
    case_id: str,
) -> None:
    program = console.program("notice.hand")
    told = program.get("/api/v1/notices?limit=1").json()
    rest = program.get(f"/api/v1/notices?after={told['next']}").json()
    found = [*told["notices"], *rest["notices"]]
    assert {one["recipient_kind"] for one in found} == {"affected", "reporter"}
    assert len({one["id"] for one in found}) == len(found)
    assert program.get(f"/api/v1/notices?after={rest['next']}").json()["notices"] == []
    (affected,) = (one for one in found if one["recipient_kind"] == "affected")
    assert affected["case_id"] == case_id and affected["read_at"] is None
    link = program.get(f"/api/v1/notices/{affected['id']}/link").json()["link"]
    assert console.stranger().get(link).status_code == 200
    (again,) = (
        one for one in program.get("/api/v1/notices").json()["notices"] if one["id"] == affected["id"]
    )
    assert again["read_at"] is not None
    assert program.get(f"/api/v1/notices/{'0' * 26}/link").status_code == 404
    assert console.program("case.view").get("/api/v1/notices").status_code == 403


def kinds(console: Console) -> set[str]:  # noqa: F811
    with console.store.read() as view:
        return {row.kind for row in view.rows(select(ledger.c.kind))}
