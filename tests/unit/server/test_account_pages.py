"""The page of an account, and cases about accounts."""

from __future__ import annotations

from console import Console, console
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.server.roles import Role
from tarazu.verdicts import Severity

__all__ = ["console"]


def found(item: Item, number: int) -> Found:
    return Found(
        item=item, kind=FindingKind.VIOLATION, body={"reason": "why"}, versions={}, certainty=0.9,
        signature=f"s{number}", severity=Severity.HIGH, reach=0.1, clause_id="C1",
    )  # fmt: skip


def test_a_post_leads_to_its_account_and_the_account_to_its_posts(console: Console) -> None:
    post = Item(
        kind=ItemKind.POST, external_id="p1", platform="forum", author_id="ann/1 ?", author_name="<i>Ann",
        text="A violet harbour at night <script>", lang="en",
    )  # fmt: skip
    about = Item(kind=ItemKind.ACCOUNT, external_id="ann/1 ?", platform="forum", author_name="<i>Ann")
    intake = Intake(console.store, console.clock)
    (case_id,) = intake.findings([found(post, 1)]).case_ids
    (account_case,) = intake.findings([found(about, 2)]).case_ids
    viewer = console.client(Role.VIEWER)
    address = "/accounts/forum/ann%2F1%20%3F"
    assert f'href="{address}"' in viewer.page(f"/cases/{case_id}")
    page = viewer.page(address)
    assert f"/cases/{case_id}" in page and f"/cases/{account_case}" in page
    assert "<script>" not in page.replace("<script src", "") and "&lt;i&gt;Ann" in page and "<i>" not in page
    shown = viewer.page(f"/cases/{account_case}")  # a case about an account shows the same
    assert f"/cases/{case_id}" in shown and 'id="h-strikes"' in shown and f'href="{address}"' in shown
    for missing in ("/accounts/forum/bob", "/accounts/-/ann%2F1%20%3F", "/accounts/other/ann%2F1%20%3F"):
        assert viewer.get(missing).status_code == 404


def test_a_case_shows_what_came_before_its_post(console: Console) -> None:
    intake = Intake(console.store, console.clock)
    parent = Item(
        kind=ItemKind.POST, external_id="p1", platform="forum", author_name="Ann", text="Who was it? " * 9
    )
    reply = Item(
        kind=ItemKind.POST, external_id="p2", platform="forum", text="The harbour master, and nobody else knows",
        context={"reply_to": "p1"},
    )  # fmt: skip
    (first,) = intake.findings([found(parent, 1)]).case_ids
    (second,) = intake.findings([found(reply, 2)]).case_ids
    page = console.client(Role.VIEWER).page(f"/cases/{second}")
    assert 'id="h-thread"' in page and "Who was it?" in page and f'href="/cases/{first}"' in page
    assert 'id="h-thread"' not in console.client(Role.VIEWER).page(f"/cases/{first}")
