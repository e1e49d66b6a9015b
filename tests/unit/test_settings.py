"""Settings: where they come from, which wins, what is said about wrong ones; the secret of the installation."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from tarazu.errors import OptionError
from tarazu.settings import Settings


def test_what_is_given_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tarazu.toml").write_text(
        "session_hours = 3\nidle_minutes = 7\nretention_days = 200\n[limits]\nbody=20000\n"
    )
    monkeypatch.setenv("TARAZU_SESSION_HOURS", "4")
    monkeypatch.setenv("TARAZU_IDLE_MINUTES", "8")
    monkeypatch.setenv("TARAZU_OIDC__ISSUER", "https://login.example.org/")
    made = Settings.load(data_folder=tmp_path, session_hours=5, store=None)
    assert (made.session_hours, made.idle_minutes, made.retention_days, made.limits.body) == (
        5,
        8,
        200,
        20000,
    )
    assert made.oidc.issuer == "https://login.example.org"
    assert made.store_url == f"sqlite:///{tmp_path}/tarazu.db"
    assert "public_url" not in made.model_fields_set


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sesion_hours = 3", "there is no such setting"),
        ("session_hours = 0", "TARAZU_SESSION_HOURS"),
        ('public_url = "ftp://x"', "https://review.example.org"),
        ('[oidc]\nissuer = "http://login.example.org"', "TARAZU_OIDC__ISSUER"),
        ("session_hours = [", "cannot be read"),
        ('language = "de"', "TARAZU_LANGUAGE"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(OptionError, match=said.replace(".", r"\.")):
        Settings.load(file)


def test_a_secret_is_never_in_what_is_shown(tmp_path: Path) -> None:
    made = Settings.load(data_folder=tmp_path, oidc={"client_secret": "swordfish"})
    assert "swordfish" not in repr(made) + str(made.model_dump_json())
    (tmp_path / "bad.toml").write_text('[oidc]\nclient_secret = "swordfish"\nissuer = 3')
    with pytest.raises(OptionError) as told:
        Settings.load(tmp_path / "bad.toml")
    assert "swordfish" not in str(told.value)


def test_one_secret_is_made_even_by_many_at_once(tmp_path: Path) -> None:
    made = Settings.load(data_folder=tmp_path / "new")
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(made.secret())) for _ in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 16 and len(set(found)) == 1
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["secret.key"]
    assert made.key("one") != made.key("two")


def test_a_damaged_secret_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("gone")
    with pytest.raises(OptionError, match="backup"):
        Settings.load(data_folder=tmp_path).secret()
    assert (tmp_path / "secret.key").read_text() == "gone"
