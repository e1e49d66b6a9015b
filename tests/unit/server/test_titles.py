"""What has no words is named in the language of who reads."""

from __future__ import annotations

from dataclasses import replace

from console import Console, console  # noqa: F401
from tarazu import words
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind, Media
from tarazu.server.roles import Role
from unit.cases.making import finding


def test_a_picture_without_words_says_so_and_an_account_has_its_name(
    console: Console,  # noqa: F811
) -> None:
    item = Item(kind=ItemKind.POST, external_id="107733", media=(Media(ref="a.jpg", pdq="0f" * 32),))
    account = Item(kind=ItemKind.ACCOUNT, external_id="9921", author_name="Nightingale", text="A bio.")
    opened = Intake(console.store, console.clock).findings(
        [replace(finding(one), body={}) for one in (item, account)]
    )
    reader = console.client(Role.REVIEWER)
    queue = reader.page("/queue")
    assert f'dir="auto">{words.say("en", "queue.pictured")}</span>' in queue
    assert 'dir="auto">Nightingale</span>' in queue and 'dir="auto">107733' not in queue
    assert f"<title>{words.say('en', 'queue.pictured')}" in reader.page(f"/cases/{opened.case_ids[0]}")
