"""The console for tests: an application on a store of its own, people of every role, a clock that can be moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from tarazu.server import csrf
from tarazu.server.app import create_app
from tarazu.server.desk import Desk
from tarazu.server.roles import Role
from tarazu.server.visitor import Person
from tarazu.settings import Settings
from tarazu.store import SYSTEM, Store

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "quiet river stone"
CHEAP = PasswordHasher(
    time_cost=1, memory_cost=8, parallelism=1
)  # real effort would be the slowest part of all
_numbers = count(1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 3, 1, 9, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Browser(TestClient):
    """A browser: keeps cookies, follows nothing by itself, and knows what its forms must bring back."""

    person: Person | None = None
    csrf: str = ""

    def page(self, path: str, **more: Any) -> str:
        """The text of a page that must be there."""
        answer = self.get(path, **more)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer.text

    def submit(self, path: str, **fields: Any) -> Any:
        """A form, as our own page would send it; `csrf=""` leaves the token out."""
        token = fields.pop("csrf", self.csrf)
        return self.post(path, data={"csrf": token, **fields}, headers={"sec-fetch-site": "same-origin"})


class Console:
    """One installation."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.app: FastAPI = create_app(settings, store, clock=clock, hasher=CHEAP)
        self.desk: Desk = self.app.state.desk

    def person(self, *roles: Role | str, **more: Any) -> Person:
        """Somebody new with these roles and the password PASSWORD."""
        number = next(_numbers)
        made = self.desk.people.add(
            SYSTEM, login=f"person{number}", name=f"Person {number}", roles=roles,
            password_hash=self.desk.passwords.hash(PASSWORD), **more,
        )  # fmt: skip
        found = self.desk.people.person(made)
        assert found is not None
        return found

    def stranger(self) -> Browser:
        """A browser of somebody not signed in, that has seen a page with a form."""
        browser = Browser(self.app, base_url=ORIGIN, follow_redirects=False)
        text = browser.get("/login").text
        browser.csrf = text.partition('name="csrf" value="')[2].partition('"')[0]
        return browser

    def client(self, *roles: Role | str, person: Person | None = None) -> Browser:
        """A browser of somebody signed in: new with these roles, or `person`."""
        who = person or self.person(*roles)
        token = self.desk.sessions.begin(who.id, "password")
        browser = Browser(self.app, base_url=ORIGIN, follow_redirects=False)
        browser.cookies.set(csrf.session_cookie(self.settings), token)
        browser.person, browser.csrf = who, csrf.of_session(self.settings, token)
        return browser

    def program(self, *scopes: str) -> TestClient:
        """A program with a token of these scopes."""
        maker = self.person(*Role)
        _, secret = self.desk.tokens.make(maker, "program", scopes or ("case.view",))
        return TestClient(self.app, base_url=ORIGIN, headers={"authorization": f"Bearer {secret}"})


def build(folder: Path, store: Store | None = None, **settings: Any) -> Console:
    """A console in a folder of its own, on SQLite unless a store is given."""
    clock = Clock()
    made = Settings.load(data_folder=folder, **settings)
    opened = store or Store.open(made.store_url, key=made.key("ledger.signing"), clock=clock)
    opened.clock = clock
    return Console(made, opened, clock)


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A console on a fresh SQLite store. A test says `from console import console`."""
    made = build(tmp_path)
    yield made
    made.store.close()
