"""A pseudonymised result names nobody, stays joined up, and needs its key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import tarazu
from tarazu.report.pseudonyms import key_of, pseudonymised
from tarazu.report.result import Result


@pytest.fixture(scope="module")
def result() -> Result:
    start = datetime(2024, 5, 1, tzinfo=UTC)
    rows = [
        {
            "post_id": f"secretpost{k}x{a}",
            "account_id": f"secretname{a}",
            "created_at": start + timedelta(hours=7 * k, seconds=3 * a),
            "text": f"All of us ask @secretfriend{a} for the answer number {k} to the question of the day",
            "repost_of": f"secretorigin{k}" if k % 2 else None,
        }
        for k in range(12)
        for a in range(8)
    ]
    accounts = pl.DataFrame(
        {"account_id": [f"secretname{a}" for a in range(8)], "handle": ["secrethandle"] * 8}
    )
    return tarazu.networks(pl.DataFrame(rows), accounts)


def test_no_name_is_left_in_any_file(result: Result, tmp_path: Path) -> None:
    assert result.networks
    hidden = pseudonymised(result, b"k" * 32)
    hidden.write(tmp_path / "out")
    for file in (tmp_path / "out").iterdir():
        assert b"secret" not in file.read_bytes(), file.name
    assert b"secret" not in hidden._repr_html_().encode()


def test_tables_still_join_and_the_key_decides(result: Result) -> None:
    once, again, other = (pseudonymised(result, key * 32) for key in (b"a", b"a", b"b"))
    assert once.accounts.equals(again.accounts)
    assert not set(once.accounts["account_id"]) & set(other.accounts["account_id"])
    assert set(once.edges["source"]) <= set(once.accounts["account_id"])
    assert {m.account_id for n in once.networks for m in n.members} == set(once.accounts["account_id"])


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = key_of(path)
    assert len(key) == 32 and key_of(path) == key
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"short")
    with pytest.raises(tarazu.TarazuError, match="too few"):
        key_of(path)
