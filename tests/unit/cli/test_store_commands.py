"""`tarazu backup`, `restore`, `verify` and `ledger`, as somebody types them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tarazu.cli import ledger, store
from tarazu.errors import InputError, NotReadable, OptionError
from tarazu.settings import Settings
from tarazu.store import SYSTEM, Store

APP = typer.Typer()
APP.command("backup")(store.backup)
APP.command("restore")(store.restore)
APP.command("verify")(store.verify)
APP.add_typer(ledger.app, name="ledger")


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(APP, [str(one) for one in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TARAZU_CONFIG", raising=False)
    made = tmp_path / "data"
    settings = Settings.load(data_folder=made)
    with Store.open(settings.store_url, key=settings.key("ledger.signing")) as opened:
        for number in range(3):
            with opened.write(SYSTEM) as tx:
                tx.log("test.written", f"meta:{number}", {"n": number})
    return made


def test_signed_proven_kept_brought_back_and_found_out(folder: Path, tmp_path: Path) -> None:
    here = ("--data", folder)
    assert run("ledger", "checkpoint", "--to", "point", *here) == (0, "")
    assert run("ledger", "key", "--to", "key", *here) == (0, "")
    assert run("ledger", "prove", "2", "--to", "proof", *here) == (0, "")
    code, told = run("ledger", "check", "proof", "--public-key", "key")
    assert code == 0 and "entry 2 of 3, test.written of meta:1" in told
    Path("proof").write_text(Path("proof").read_text().replace("meta:1", "meta:9"))
    assert run("ledger", "check", "proof", "--public-key", "key")[0] == 2

    code, told = run("backup", "--to", "kept", *here)
    assert code == 0 and "3 entries" in told and "secret.key" in told
    there = f"sqlite:///{tmp_path}/there.db"
    code, told = run("restore", "kept", "--store", there)
    assert code == 0 and "3 entries is whole" in told
    code, told = run("verify", "--store", there)
    assert code == 0 and "no checkpoint was checked" in told
    assert not Path("tarazu-data/secret.key").exists()  # looking makes no key
    code, told = run("verify", "--store", there, "--public-key", "key", "--checkpoint", "point")
    assert code == 0 and "2 checkpoints" in told

    with sqlite3.connect(tmp_path / "there.db") as raw:
        raw.execute("UPDATE ledger SET subject = 'meta:7' WHERE seq = 2")
    raw.close()
    code, told = run("ledger", "verify", "--store", there, "--public-key", "key")
    assert code == 2 and "Entry 2 was altered." in told
    code, told = run("verify", "--store", there)
    assert code == 2 and told.count("Entry 2 was altered.") == 1


def test_mistakes_are_told(folder: Path) -> None:
    with pytest.raises(OptionError, match="is not there"):
        run("verify", "--data", "nowhere")
    assert not Path("nowhere").exists()
    Path("junk").write_bytes(b"\xff\x00junk")
    with pytest.raises(NotReadable, match="text"):
        run("verify", "--data", folder, "--checkpoint", "junk")
    with pytest.raises(NotReadable, match="no public key"):
        run("verify", "--data", folder, "--public-key", "abc")
    with pytest.raises(NotReadable, match="no whole backup"):
        run("restore", "junk", "--data", "new")
    with pytest.raises(InputError, match="No checkpoint covers entry 2"):
        run("ledger", "prove", "2", "--data", folder)
