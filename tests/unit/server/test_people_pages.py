"""The pages about people, as people use them, in three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console import ORIGIN, PASSWORD, Console, build
from tarazu.server import totp
from tarazu.server.roles import Role
from tarazu.store import Store


@pytest.fixture
def console(tmp_path: Path, store: Store) -> Console:
    """A console on each database in turn."""
    return build(tmp_path, store)


# RFC 6238, appendix B: its times and codes (the last six of its eight digits).
RFC_6238 = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    20000000000: "353130",
}


def test_codes_are_those_of_the_standard() -> None:
    secret = b"12345678901234567890"
    assert {at: totp.code(secret, at // totp.STEP) for at in RFC_6238} == RFC_6238


def test_an_invited_person_joins_and_signs_in(console: Console) -> None:
    admin = console.client(Role.ADMIN)
    answer = admin.submit("/people", login="Parisa", name="پریسا", roles=["reviewer"], languages=["fa"])
    link = re.search(rf'value="{ORIGIN}(/link/[\w-]+)"', answer.text)
    assert link
    browser = console.stranger()
    assert "parisa" in browser.page(link[1])
    assert browser.submit(link[1], password=PASSWORD, again=PASSWORD).status_code == 303
    assert browser.get("/").status_code == 303
    assert browser.get("/people").status_code == 403
    assert admin.submit("/people", login="parisa", name="Another", roles=[]).status_code == 409


@pytest.mark.parametrize("lang", ["en", "fa", "ar"])
def test_every_page_speaks_the_language_of_its_reader(console: Console, lang: str) -> None:
    browser = console.client(Role.ADMIN)
    assert browser.submit("/own", lang=lang, theme="dark", calendar="jalali", blur="1").status_code == 303
    turned = "ltr" if lang == "en" else "rtl"
    for path in ("/own", "/people", f"/people/{browser.person.id}", "/tokens", "/nothing"):
        text = browser.get(path).text
        assert f'<html lang="{lang}" dir="{turned}" data-theme="dark"' in text
        assert "style=" not in text and "onclick" not in text
    stranger = console.stranger()
    assert f'lang="{lang}"' in stranger.page("/login", headers={"accept-language": f"{lang}-XX,de"})
    assert f'lang="{lang}"' in stranger.page(f"/login?lang={lang}")
    assert f'lang="{lang}"' in stranger.page("/login"), "the choice is kept"


def test_what_people_write_is_never_markup(console: Console) -> None:
    admin = console.client(Role.ADMIN)
    evil = "<script>alert(1)</script>"
    admin.submit("/people", login="eve", name=evil, roles=["viewer"], skills=evil)
    admin.submit("/tokens", name=evil, scopes=["people.manage"], days="3")
    for path in ("/people", "/tokens", *re.findall(r'href="(/people/\w+)"', admin.page("/people"))):
        assert evil not in admin.page(path)
    assert evil not in admin.get(f"/login?then={evil}").text


def test_a_token_is_shown_once_and_can_be_revoked(console: Console) -> None:
    admin = console.client(Role.ADMIN)
    shown = re.search(
        r'value="(tarazu_[\w-]+)"', admin.submit("/tokens", name="bot", scopes=["report.add"]).text
    )
    assert shown and shown[1] not in admin.page("/tokens")
    assert console.desk.tokens.find(shown[1])
    revoke = re.search(r'action="(/tokens/\w+/revoke)"', admin.page("/tokens"))
    assert revoke and admin.submit(revoke[1]).status_code == 303
    assert console.desk.tokens.find(shown[1]) is None
    assert admin.submit("/tokens", name="bot", scopes=["case.decide"]).status_code == 403


def test_a_second_factor_is_set_up_and_removed(console: Console) -> None:
    browser = console.client(Role.VIEWER)
    assert browser.submit("/own/factor", old="wrong").status_code == 422
    assert browser.submit("/own/factor", old=PASSWORD).status_code == 303
    page = browser.page("/own")
    assert 'src="data:image/svg+xml' in page
    secret = console.desk.second_factors.pending(browser.person.id)
    assert secret and totp.written(secret) in page
    code = totp.code(secret, int(console.clock.at.timestamp()) // totp.STEP)
    assert browser.submit("/own/factor/confirm", code="12").status_code == 422
    assert browser.submit("/own/factor/confirm", code=f"{code[:3]} {code[3:]}").status_code == 303
    assert totp.written(secret) not in browser.page("/own"), "a secret in use is shown no more"
    assert browser.submit("/own/factor/remove", old=PASSWORD).status_code == 303
    assert not console.desk.second_factors.has(browser.person.id)


def test_sessions_are_listed_and_ended(console: Console) -> None:
    browser = console.client(Role.VIEWER)
    other = console.client(person=browser.person)
    ids = re.findall(r'name="session" value="(\w+)"', browser.page("/own"))
    assert len(ids) == 1
    somebody = console.client(Role.ADMIN)
    somebody.submit("/own/sessions/end", session=ids[0])
    assert other.get("/own").status_code == 200, "nobody ends the sessions of others"
    browser.submit("/own/sessions/end", session=ids[0])
    assert other.get("/own").status_code == 303
    new = "a longer one than before"
    third = console.client(person=browser.person)
    assert browser.submit("/own/password", old=PASSWORD, password=new, again=new).status_code == 303
    assert third.get("/own").status_code == 303 and browser.get("/own").status_code == 200
