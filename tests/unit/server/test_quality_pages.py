"""How well is decided, as a lead, a reviewer and a program see it; breaks; a second look that nobody feels."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cases"))
from court import ADA, BEN
from workshop import Workshop

from console import Console, build
from tarazu.cases.answer import Answer
from tarazu.cases.decision import Action
from tarazu.cases.quality import Quality, QualitySettings
from tarazu.server.exposure import Exposure, Rest
from tarazu.server.roles import Role
from tarazu.store import Store

OK, PRAISE = Answer(action=Action.NO_ACTION), Answer(action=Action.REMOVE, clause_id="praise")


@pytest.fixture
def console(tmp_path: Path, store: Store) -> Console:
    """A console on each database in turn."""
    return build(tmp_path, store, quality={"second_looks": 1.0})


def court(console: Console) -> Workshop:
    """Somebody who decides cases in its store, at its time."""
    made = Workshop(console.store)
    made.clock.at = console.clock.at  # type: ignore[attr-defined]
    console.app.state.decision_settings = made.settings
    return made


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).replace("\u2068", "").replace("\u2069", "").split())


def test_figures_name_their_base_and_few_are_called_few(console: Console) -> None:
    shop, lead = court(console), console.client(Role.LEAD)
    assert "No decided case was looked at again yet" in lead.page("/quality")
    quality = Quality(console.store, console.clock, QualitySettings(share=1))
    removed, left = shop.decided(12), shop.decided(13, Action.NO_ACTION)
    for number, case_id in enumerate([*removed, *left]):
        if number == 19:
            assert "in 18 of 19 cases: too few to say a share" in words(lead.page("/quality"))
        quality.answer(case_id, BEN, OK if case_id in left or number == 0 else PRAISE)
    page = lead.page("/quality")
    said = words(page)
    assert "said the same in 96% (" in said and "24 of 25)" in said and "Kappa is 0.92" in said
    assert ADA.name not in said and BEN.name not in said and ADA.id not in page and BEN.id not in page
    assert page.count("<circle") == 1 and '<rect class="bar"' in page
    for lang in ("fa", "ar"):
        assert f'lang="{lang}"' in lead.page(f"/quality?lang={lang}")
    found = console.program("quality.view").get("/api/v1/quality").json()
    assert found["agreement"]["whole"]["same"]["part"] == 24 and found["few"] == 20
    assert found["disagreements"] == 1 and BEN.id not in str(found) and ADA.id not in str(found)


def test_a_second_look_knows_nothing_and_changes_nothing(console: Console) -> None:
    shop = court(console)
    reader, lead = console.client(Role.REVIEWER), console.client(Role.LEAD)
    assert reader.submit("/quality/look").headers["location"] == "/quality/look?said=none"
    case_id = shop.post()
    made = shop.decide(case_id, Action.REMOVE, reason="Because the moon said so.")
    assert reader.submit("/quality/look").headers["location"] == "/quality/look"
    for path in ("/quality/look", f"/cases/{case_id}"):  # by any way to it, it is as nobody had decided
        page = reader.page(path)
        assert "the moon said so" not in page and made.id not in page and "Decided" not in words(page)
        assert 'value="praise" selected' not in page and 'action="/quality/look/answer"' in page
    assert "the moon said so" in lead.page(f"/cases/{case_id}")
    assert reader.submit("/quality/look/answer", case=case_id, action="remove").status_code == 422
    assert reader.submit("/quality/look/answer", case="0" * 26, action="no_action").status_code == 409
    kept = reader.submit("/quality/look/answer", case=case_id, action="no_action")
    assert kept.headers["location"] == "/quality/look?said=kept" and shop.state(case_id) == "decided"
    assert "the moon said so" in reader.page(f"/cases/{case_id}")
    assert reader.person and reader.person.name not in lead.page(f"/cases/{case_id}")
    # The two answers go before a lead, who is told neither name.
    page = lead.page("/quality/disagreements")
    which = re.search(r'name="which" value="(\w+)"', page)
    assert which and reader.person and reader.person.id not in page and reader.person.name not in page
    assert lead.submit("/quality/disagreements", which=which[1], said="look").status_code == 422
    assert (
        lead.submit("/quality/disagreements", which=which[1], said="look", note="No moon.").status_code == 303
    )
    assert (
        lead.submit("/quality/disagreements", which=which[1], said="look", note="Again.").status_code == 409
    )


def test_a_decided_case_is_made_golden_and_is_no_longer(console: Console) -> None:
    shop, lead, reader = court(console), console.client(Role.LEAD), console.client(Role.REVIEWER)
    case_id, open_one = shop.post(), shop.post()
    shop.decide(case_id, Action.REMOVE)
    assert f"/quality/golden/{case_id}" in lead.page(f"/cases/{case_id}")
    assert f"/quality/golden/{case_id}" not in reader.page(f"/cases/{case_id}")
    assert lead.get(f"/quality/golden/{open_one}").status_code == 404
    at = f"/quality/golden/{case_id}"
    assert '<option value="remove" selected>' in lead.page(at) and "<option selected>praise" in lead.page(at)
    assert lead.submit(at, action="remove", clause="", note="Clear.").status_code == 422
    assert lead.submit(at, action="remove", clause="praise", note="Clear.").status_code == 303
    assert "Clear." in lead.page("/quality/golden")
    reader.submit("/quality/look")
    reader.submit("/quality/look/answer", case=case_id, action="remove", clause="praise")
    assert "1 of 1 answers to golden cases were right: too few" in words(lead.page("/quality"))
    assert lead.submit(f"{at}/remove").status_code == 303
    assert "There is no golden case yet" in lead.page("/quality/golden")


def test_a_break_is_suggested_put_off_once_and_forgotten_after_one(console: Console) -> None:
    shop, reader = court(console), console.client(Role.REVIEWER)
    console.store.clock = console.clock  # the work of one person goes on by this clock
    case_id = shop.post()
    at = f"/cases/{case_id}"

    def work(minutes: int) -> None:
        for _ in range(minutes):
            console.clock.move(minutes=1)
            reader.submit(f"{at}/lock", seconds=60)

    work(49)
    assert "few minutes away" not in reader.page(at)
    console.clock.move(minutes=1)
    beat = {"hx-request": "true", "sec-fetch-site": "same-origin", "x-csrf": reader.csrf}
    assert 'hx-swap-oob="true"' in reader.post(f"{at}/lock", data={"seconds": 60}, headers=beat).text
    assert "few minutes away" in reader.page(at) and "/rest/later" in reader.page(at)
    assert reader.submit("/rest/later", case=case_id).headers["location"] == at
    assert "few minutes away" not in reader.page(at)
    work(10)
    page = reader.page(at)
    assert "few minutes away" in page and "/rest/later" not in page
    console.clock.move(minutes=5)  # a break
    assert "few minutes away" not in reader.page(at)
    work(1)
    assert "few minutes away" not in reader.page(at)


def test_pictures_are_counted_toward_a_break_as_this_installation_is_set(tmp_path: Path) -> None:
    made = build(tmp_path, wellbeing={"rest_reveals": 3})
    person = made.person(Role.REVIEWER)
    counting = Exposure(made.store, made.clock, Rest(reveals=made.settings.wellbeing.rest_reveals))
    said = [counting.revealed(person.id, "01HCASE", number).rest for number in range(4)]
    assert said == [False, False, True, True] and counting.today(person.id).reveals == 4
    reader = made.client(person=person)
    form = {"blur": "1", "grey": "1", "small": "1", "keys": "1"}
    assert reader.submit("/own", **form).status_code == 303
    kept = made.desk.people.person(person.id)
    assert kept is not None and kept.preferences.grey and kept.preferences.small
    made.store.close()
