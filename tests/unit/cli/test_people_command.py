"""Somebody who cannot sign in any more is let in again from the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from console import PASSWORD, build
from tarazu.cli.door import run
from tarazu.server.roles import Role


def test_a_reset_gives_a_link_that_sets_a_new_password_and_ends_every_session(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    console = build(tmp_path)
    person = console.person(Role.ADMIN)
    browser = console.client(person=person)
    assert browser.get("/people").status_code == 200
    assert not run(["people", "reset", person.login, "--data", str(tmp_path)])
    link = next(word for word in capsys.readouterr().out.split() if "/link/" in word)
    assert browser.get("/people").status_code == 303
    stranger = console.stranger()
    path = link[link.index("/link/") :]
    fresh = PASSWORD[::-1]
    assert stranger.submit(path, password=fresh, again=fresh).status_code == 303
    assert stranger.get("/people").status_code == 200
    assert console.stranger().submit(path, password=fresh, again=fresh).status_code == 404
    console.store.close()


def test_a_login_that_nobody_has_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path).store.close()
    assert run(["people", "reset", "nobody", "--data", str(tmp_path)]) == 2
    assert "Nobody signs in as" in capsys.readouterr().err
