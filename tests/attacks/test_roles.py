"""Promise 11: only the right role does it. Every route of the application against everybody who could ask.

The matrix is made from the application itself, so a new page is in it without anybody thinking of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from console import ORIGIN, Browser, Console, build
from tarazu.server import guard
from tarazu.server.guard import SAFE, OpenScope, Permit, Public, Scope, guard_of
from tarazu.server.roles import GRANTS, PERMISSIONS, Role
from tarazu.store import SYSTEM

NOBODY_ELSE = "00000000000000000000000000"  # an id that fits everywhere and is nobody's


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    many = {"api_per_minute": 10**6, "forms_per_hour": 10**6, "login_per_minute": 10**6}
    made = build(tmp_path_factory.mktemp("matrix"), limits=many)
    yield made
    made.store.close()


def routes(console: Console) -> list[tuple[str, str, APIRoute]]:
    """Method, address and route of everything that can be asked."""
    return [
        (method, re.sub(r"{[^}]*}", NOBODY_ELSE, route.path), route)
        for route in console.app.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


def ask(client: TestClient, method: str, path: str, **headers: str) -> Any:
    return client.request(method, path, headers={"sec-fetch-site": "same-origin", **headers})


def refused(answer: Any) -> str:
    """How it was refused: `sign in`, `token`, `role`, `origin`, or nothing."""
    if answer.status_code == 303 and re.fullmatch(r"/login(\?then=.*)?", answer.headers["location"]):
        return "sign in"
    if answer.status_code == 401:
        return "token"
    if answer.status_code == 403:
        kind = answer.headers["content-type"]
        if kind.startswith("application/json"):
            return "origin" if answer.json()["error"]["code"] == "wrong_origin" else "role"
        return "origin" if "open for too long" in answer.text else "role"
    return ""


def test_every_route_against_every_role(console: Console) -> None:
    known = routes(console)
    cells = wrong = 0
    by_role = {role: console.client(role) for role in Role}
    for method, path, route in known:
        declared = guard_of(route)
        if isinstance(declared, Public | OpenScope):
            continue
        for role in Role:
            browser = by_role[role]
            if method not in SAFE:  # what is tried may end the session
                browser = console.client(person=browser.person)
            said = refused(ask(browser, method, path, **{"x-csrf": browser.csrf}))
            expected = "" if declared.permission in GRANTS[role] else "role"
            if isinstance(declared, Scope):
                expected = "token"  # a cookie counts for nothing here
            cells += 1
            if said != expected:
                wrong += 1
                print(method, route.path, role, "said", said or "yes", "expected", expected or "yes")
    print(f"{len(known)} routes, {cells} cells of route and role, {cells - wrong} right")
    assert cells >= 6 * 15
    assert not wrong


def test_every_route_without_a_session_and_with_one_that_is_over(console: Console) -> None:
    cells = 0
    over = console.client(*Role)
    idle = console.client(*Role)
    stranger = Browser(console.app, base_url=ORIGIN, follow_redirects=False)
    forged = Browser(console.app, base_url=ORIGIN, follow_redirects=False, cookies={"tarazu": "x" * 43})
    ended = console.client(*Role)
    console.desk.sessions.end(ended.person.id, console.desk.sessions.of(ended.person.id)[0].id)
    taken_out = console.client(Role.REVIEWER)
    console.desk.people.change(SYSTEM, taken_out.person.id, active=False)
    before = console.clock.at
    console.clock.move(hours=console.settings.session_hours, seconds=1)
    for method, path, route in routes(console):
        declared = guard_of(route)
        expected = {Permit: "sign in", Scope: "token"}.get(type(declared))
        if expected is None:
            continue
        for browser in (stranger, forged, over, idle, ended, taken_out):
            said = refused(ask(browser, method, path, **{"x-csrf": browser.csrf}))
            cells += 1
            assert said == expected, (method, route.path, said)
    console.clock.at = before
    print(f"{cells} cells without a session that counts, all refused")


def test_every_call_of_the_api_against_every_scope(console: Console) -> None:
    cells = 0
    maker = console.person(*Role)
    secrets = {one: console.desk.tokens.make(maker, one, [one])[1] for one in PERMISSIONS}
    client = TestClient(console.app, base_url=ORIGIN, follow_redirects=False)
    for method, path, route in routes(console):
        declared = guard_of(route)
        if not isinstance(declared, Permit | Scope):
            continue
        for scope, secret in secrets.items():
            if isinstance(declared, Permit) and scope != declared.permission:
                continue
            said = refused(ask(client, method, path, authorization=f"Bearer {secret}"))
            cells += 1
            if isinstance(declared, Permit):
                assert said == "sign in", (method, route.path)  # a token opens no page
            else:
                assert said == ("" if scope == declared.permission else "role"), (method, route.path, scope)
        for bad in ("", "Bearer", "Bearer tarazu_wrong", f"Basic {secrets['case.view']}"):
            cells += 1
            assert refused(ask(client, method, path, authorization=bad)) in ("token", "sign in")
    print(f"{cells} cells of route and scope, all right")


def test_every_unsafe_route_refuses_what_our_pages_did_not_send(console: Console) -> None:
    cells = 0
    person, other = console.person(*Role), console.client(*Role).csrf
    signed_in, stranger = console.client(person=person), console.stranger()
    for method, path, route in routes(console):
        declared = guard_of(route)
        if method in SAFE or not isinstance(declared, Permit | Public):
            continue
        browser = signed_in if isinstance(declared, Permit) else stranger
        forgeries: list[dict[str, str]] = [
            {},  # no token
            {"x-csrf": ""},
            {"x-csrf": other},  # of another session
            {"x-csrf": "0" * 64},
            {"x-csrf": browser.csrf, "sec-fetch-site": "cross-site"},
            {"x-csrf": browser.csrf, "sec-fetch-site": "same-site"},  # another host of the same domain
            {"x-csrf": browser.csrf, "sec-fetch-site": "none"},
        ]
        for headers in forgeries:
            cells += 1
            assert refused(ask(browser, method, path, **headers)) == "origin", (method, route.path, headers)
        for origin in ("https://evil.example", "null", f"{ORIGIN}.evil.example"):
            cells += 1
            sent = browser.request(method, path, headers={"x-csrf": browser.csrf, "origin": origin})
            assert refused(sent) == "origin", (method, route.path, origin)
    print(f"{cells} forged requests, all refused")
    assert cells >= 10 * 10


def test_a_route_that_does_not_say_who_may_use_it_stops_the_start(console: Console) -> None:
    for declare in ([], [guard.public, guard.permit("case.view")]):
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        app.get("/open", dependencies=[Depends(one) for one in declare])(lambda: {})
        with pytest.raises(RuntimeError, match="must declare exactly one"):
            guard.check(app)
    plain = FastAPI()  # its own description is served unguarded
    with pytest.raises(RuntimeError, match="nobody guards it"):
        guard.check(plain)


def test_no_role_has_what_only_two_together_should(console: Console) -> None:
    """Who reads the ledger to check on others changes nothing; who manages people decides no cases."""
    changing = {one for one in PERMISSIONS if one.split(".")[1] not in ("view", "read")} - {"own.edit"}
    assert not GRANTS[Role.AUDITOR] & changing
    assert not GRANTS[Role.VIEWER] & changing
    assert not GRANTS[Role.ADMIN] & {"case.decide", "case.second", "appeal.decide"}
    assert set().union(*GRANTS.values()) == set(PERMISSIONS)


def test_pages_do_not_leak_the_folder(console: Console, tmp_path: Path) -> None:
    browser = console.client(*Role)
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"):
        assert browser.get(path).status_code == 404
