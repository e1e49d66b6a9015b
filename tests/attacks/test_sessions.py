"""Sessions, passwords, codes, links and tokens, as somebody would attack them."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from console import ORIGIN, PASSWORD, Browser, Console, build, console
from tarazu.server import totp
from tarazu.server.links import Purpose
from tarazu.server.roles import Role
from tarazu.store import SYSTEM
from tarazu.store.tables import people as tables
from tarazu.store.tables.ledger import ledger_bodies

__all__ = ["console"]


def sign_in(console: Console, login: str, password: str = PASSWORD, **more: Any) -> tuple[Browser, Any]:
    browser = console.stranger()
    return browser, browser.submit("/login", login=login, password=password, **more)


def test_a_login_makes_a_fresh_session_and_ends_the_one_before(console: Console) -> None:
    person = console.person(Role.REVIEWER)
    browser = console.stranger()
    browser.cookies.set("tarazu", "planted" * 8)
    answer = browser.submit("/login", login=person.login.upper(), password=PASSWORD)
    assert answer.status_code == 303
    first = answer.cookies["tarazu"]
    assert first != "planted" * 8
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
    page = browser.page("/own")
    csrf = re.search(r'name="csrf" value="(\w+)"', page)
    assert csrf
    browser.csrf = csrf[1]
    again = console.stranger()
    again.cookies.set("tarazu", first)
    token = re.search(r'name="csrf" value="(\w+)"', again.page("/own"))
    assert token and again.submit("/logout", csrf=token[1]).status_code == 303
    assert browser.get("/own").status_code == 303, "the session is over for everybody who has its token"


def test_only_hashes_are_kept(console: Console) -> None:
    person = console.person(Role.ADMIN)
    token = console.desk.sessions.begin(person.id, "password")
    _, secret = console.desk.tokens.make(person, "program", ["people.manage"])
    address = console.desk.links.send(SYSTEM, Purpose.RESET, person.id)
    console.store.close()
    raw = b"".join(path.read_bytes() for path in Path(console.settings.data_folder).glob("tarazu.db*"))
    for one in (token, secret, address.rpartition("/")[2], PASSWORD):
        assert one.encode() not in raw


def test_https_cookies_are_bound_to_this_host(tmp_path: Path) -> None:
    made = build(tmp_path, public_url="https://review.example.org")
    browser = Browser(made.app, base_url="https://review.example.org", follow_redirects=False)
    answer = browser.get("/login")
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert answer.headers["set-cookie"].startswith("__Host-tarazu-visit=")
    assert "Secure" in answer.headers["set-cookie"]
    made.store.close()


def test_a_session_ends_after_idling_and_in_any_case(console: Console) -> None:
    browser = console.client(Role.VIEWER)
    for _ in range(console.settings.session_hours * 2 - 1):
        console.clock.move(minutes=30)
        assert browser.get("/own").status_code == 200, "it lives as long as it is used"
    console.clock.move(minutes=31)
    assert browser.get("/own").status_code == 303, "but not for ever"
    other = console.client(Role.VIEWER)
    console.clock.move(minutes=console.settings.idle_minutes, seconds=1)
    assert other.get("/own").status_code == 303


def test_guessing_is_slowed_down_and_locks_nobody_out(console: Console) -> None:
    person = console.person(Role.REVIEWER)
    browser = console.stranger()
    said = [browser.submit("/login", login=person.login, password=f"wrong {i}").status_code for i in range(8)]
    assert said == [401] * 5 + [429] * 3
    assert browser.submit("/login", login=person.login, password=PASSWORD).status_code == 429
    elsewhere = Browser(console.app, base_url=ORIGIN, follow_redirects=False, client=("192.0.2.7", 5))
    elsewhere.csrf = re.search(r'name="csrf" value="(\w+)"', elsewhere.page("/login"))[1]
    assert elsewhere.submit("/login", login=person.login, password=PASSWORD).status_code == 303
    console.clock.move(minutes=2)
    assert browser.submit("/login", login=person.login, password=PASSWORD).status_code == 303


def test_a_wrong_login_and_a_wrong_password_look_the_same(console: Console) -> None:
    person = console.person(Role.REVIEWER)
    browser = console.stranger()

    def seen(login: str) -> tuple[int, str]:
        answer = browser.submit("/login", login=login, password="not this one")
        return answer.status_code, answer.text.replace(login, "LOGIN")

    assert seen(person.login) == seen("nobody1")


def test_limits_hold_over_threads(console: Console) -> None:
    """Counted in the store, in one transaction: thirty at once get exactly what one after the other would."""
    from tarazu.server.refusals import TooOften

    passed: list[int] = []

    def attempt() -> None:
        try:
            console.desk.rates.login("somebody", "192.0.2.1")
            passed.append(1)
        except TooOften:
            pass

    threads = [threading.Thread(target=attempt) for _ in range(30)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(passed) == console.settings.limits.login_per_minute


def test_a_code_is_asked_for_and_works_once(console: Console) -> None:
    person = console.person(Role.REVIEWER)
    secret = console.desk.second_factors.begin(person.id)
    step = int(console.clock.at.timestamp()) // totp.STEP
    assert console.desk.second_factors.check(person.id, totp.code(secret, step), confirm=True)
    console.clock.move(seconds=60)
    code = totp.code(secret, step + 2)
    browser, half = sign_in(console, person.login)
    assert half.status_code == 200 and "tarazu" not in half.cookies
    token = re.search(r'name="half" value="([\w-]+)"', half.text)
    assert token
    wrong = browser.submit("/login/code", half=token[1], code="000000")
    assert wrong.status_code == 401
    assert browser.submit("/login/code", half=token[1], code=code).status_code == 303
    late = console.stranger().submit("/login/code", half=token[1], code=code)
    assert late.status_code == 401, "the half is used up"
    other, half = sign_in(console, person.login)
    token = re.search(r'name="half" value="([\w-]+)"', half.text)
    assert token
    assert other.submit("/login/code", half=token[1], code=code).status_code == 401, "a code seen is no code"
    for _ in range(10):
        last = other.submit("/login/code", half=token[1], code="111111")
    assert last.status_code == 429


def test_the_first_start_has_no_default_password_and_one_winner(console: Console) -> None:
    address = console.desk.links.first()
    assert address is not None
    assert console.desk.links.first() != address
    browser = console.stranger()
    path = address.removeprefix(ORIGIN)
    assert browser.get(path).status_code == 404, "a newer link ends the older"
    again = console.desk.links.first()
    assert again is not None
    path = again.removeprefix(ORIGIN)
    assert browser.get(path).status_code == 200
    fields = {"name": "Ada", "login": "ada", "password": PASSWORD, "again": PASSWORD}
    assert browser.submit(path, **fields | {"password": "short", "again": "short"}).status_code == 422
    assert browser.submit(path, **fields).status_code == 303
    assert browser.get("/people").status_code == 200
    late = console.stranger()
    assert late.submit(path, **fields | {"login": "eve"}).status_code == 404
    assert console.desk.links.first() is None
    assert console.desk.people.count() == 1


def test_links_end(console: Console) -> None:
    person = console.person(Role.REVIEWER)
    path = console.desk.links.send(SYSTEM, Purpose.RESET, person.id).removeprefix(ORIGIN)
    before = console.client(person=person)
    browser = console.stranger()
    new = "another long password"
    assert browser.submit(path, password=new, again=new).status_code == 303
    assert before.get("/own").status_code == 303, "a new password ends the sessions before"
    assert console.stranger().submit(path, password=new, again=new).status_code == 404
    path = console.desk.links.send(SYSTEM, Purpose.RESET, person.id).removeprefix(ORIGIN)
    console.clock.move(hours=console.settings.invite_hours, seconds=1)
    assert console.stranger().get(path).status_code == 404


def test_a_reset_does_not_get_around_the_second_factor(console: Console) -> None:
    person = console.person(Role.REVIEWER)
    secret = console.desk.second_factors.begin(person.id)
    step = int(console.clock.at.timestamp()) // totp.STEP
    assert console.desk.second_factors.check(person.id, totp.code(secret, step), confirm=True)
    path = console.desk.links.send(SYSTEM, Purpose.RESET, person.id).removeprefix(ORIGIN)
    browser = console.stranger()
    answer = browser.submit(path, password="another long password", again="another long password")
    assert answer.headers["location"] == "/login"
    assert browser.get("/own").status_code == 303


def test_the_last_admin_stays(console: Console) -> None:
    admin = console.client(Role.ADMIN)
    path = f"/people/{admin.person.id}"
    assert admin.submit(path, roles=["viewer"], active="1").status_code == 422
    assert admin.submit(path, roles=["admin"]).status_code == 422
    other = console.person(Role.ADMIN)
    assert admin.submit(f"/people/{other.id}", roles=["admin"]).status_code == 303


def test_roles_taken_count_at_once(console: Console) -> None:
    admin, lead = console.client(Role.ADMIN), console.client(Role.LEAD)
    assert lead.get("/own").status_code == 200
    assert admin.submit(f"/people/{lead.person.id}", roles=["viewer"], active="1").status_code == 303
    assert lead.get("/own").status_code == 303


def test_a_token_never_does_more_than_its_maker(console: Console) -> None:
    maker = console.person(Role.ADMIN)
    from tarazu.server.refusals import Forbidden

    with pytest.raises(Forbidden):
        console.desk.tokens.make(maker, "too much", ["case.decide"])
    _, secret = console.desk.tokens.make(maker, "fine", ["people.manage", "report.add"], days=30)
    found = console.desk.tokens.find(secret)
    assert found and found.permissions == {"people.manage", "report.add"}
    console.person(Role.ADMIN)
    console.desk.people.change(SYSTEM, maker.id, roles=[Role.REVIEWER])
    found = console.desk.tokens.find(secret)
    assert found and found.permissions == {"report.add"}
    console.clock.move(days=30, seconds=1)
    assert console.desk.tokens.find(secret) is None


@pytest.mark.parametrize(
    "then",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"],
)
def test_a_login_leads_nowhere_else(console: Console, then: str) -> None:
    person = console.person(Role.REVIEWER)
    _, answer = sign_in(console, person.login, then=then)
    assert answer.headers["location"] == "/"


def test_faults_say_nothing_and_logs_hold_nothing(
    console: Console, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = "Canary Nameson"

    def fail(*_: object) -> None:
        raise RuntimeError(canary)

    caplog.set_level("DEBUG")
    monkeypatch.setattr(console.desk.people.__class__, "nobody", fail)
    client = TestClient(console.app, base_url=ORIGIN)
    answer = client.get("/api/v1/health")
    assert answer.status_code == 500 and answer.json()["code"] == "fault"
    page = client.get(f"/login?then=/{canary}", headers={"accept-language": "fa"})
    assert page.status_code == 500 and 'lang="fa"' in page.text
    person = console.person(Role.REVIEWER)
    link = console.desk.links.send(SYSTEM, Purpose.RESET, person.id).removeprefix(ORIGIN)
    client.get(link)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("tarazu"))
    assert "RuntimeError" in logged and answer.headers["x-request-id"] in logged
    for secret in (canary, link.rpartition("/")[2], "testclient", "127.0.0.1"):
        assert secret not in logged
        assert secret not in answer.text
    assert "Traceback" not in page.text and "RuntimeError" not in page.text


def test_every_answer_has_its_headers(console: Console) -> None:
    browser = console.stranger()
    for path in ("/login", "/nothing", "/api/v1/health", "/api/v1/nothing", "/static/nothing.js"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "cache-control" in headers
    assert browser.get("/login", headers={"host": "evil.example"}).status_code == 400


def test_a_flood_of_bytes_is_refused(console: Console) -> None:
    browser = console.stranger()
    form = {"content-type": "application/x-www-form-urlencoded"}
    many = console.settings.limits.body + 1
    assert browser.post("/login", content=b"x" * many, headers=form).status_code == 413
    chunks = (b"x" * 100_000 for _ in range(many // 100_000 + 1))
    assert browser.post("/login", content=chunks, headers=form).status_code in (400, 413)


def test_the_ledger_tells_who_came_and_who_was_changed(console: Console) -> None:
    admin = console.client(Role.ADMIN)
    admin.submit("/people", login="new.person", name="New Person", roles=["reviewer"])
    with console.store.read() as view:
        kinds = [row.kind for row in view.rows(select(tables.METADATA.tables["ledger"].c.kind))]
        bodies = " ".join(row.body for row in view.rows(select(ledger_bodies.c.body)))
    assert {"person.added", "session.begun", "person.changed"} <= set(kinds)
    assert "$argon2" not in bodies
