"""Migrations make the tables that the code knows, and an older store keeps all it had."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, select

from tarazu.errors import StoreDamaged
from tarazu.store import SYSTEM, Store, migrations, schema
from tarazu.store import engine as engines
from tarazu.store.metadata import METADATA
from tarazu.store.tables.outbox import outbox

VERSIONS = Path(migrations.__file__).parent / "versions"
SECOND = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None


def upgrade():
    op.add_column("outbox", sa.Column("extra", sa.Text))
"""


def plain(found: object) -> object:
    """A fact of the inspector as text that compares; conditions are objects."""
    if isinstance(found, dict):
        return {name: plain(one) for name, one in found.items()}
    if isinstance(found, list):
        return [plain(one) for one in found]
    return str(found)


def shape(engine: Engine) -> dict[str, object]:
    """Everything the database knows about its tables."""
    found = inspect(engine)
    return {
        name: {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"], one["default"])
                for one in found.get_columns(name)
            },
            "pk": found.get_pk_constraint(name),
            "fks": sorted(map(plain, found.get_foreign_keys(name)), key=str),
            "indexes": sorted(map(plain, found.get_indexes(name)), key=str),
            "uniques": sorted(map(plain, found.get_unique_constraints(name)), key=str),
            "checks": sorted(map(plain, found.get_check_constraints(name)), key=str),
        }
        for name in found.get_table_names()
    }


def test_migrations_make_the_tables_of_the_code(new_url: Callable[[], str]) -> None:
    made, migrated = (engines.connect(engines.parse(new_url())) for _ in range(2))
    for engine, how in ((made, schema.create), (migrated, schema.upgrade)):
        with engine.connect() as connection, connection.begin():
            how(connection)
    expected, found = shape(made), shape(migrated)
    made.dispose()
    migrated.dispose()
    assert set(expected) == {*METADATA.tables, "alembic_version"}
    assert found == expected, "run 'python -m tarazu.store.migrations.first', then 'ruff format'"


def test_every_version_is_known() -> None:
    assert tuple(sorted(one.name[:4] for one in VERSIONS.glob("0*.py"))) == migrations.KNOWN


def test_an_older_store_is_upgraded_with_all_it_had(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(url) as store, store.write(SYSTEM) as tx:
        tx.send("remove", "post", "1", target="platform")
        tx.log("action.queued", "post:1")

    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0002_second.py").write_text(SECOND)
    usual = migrations.config

    def with_second(connection: Connection) -> Config:
        made = usual(connection)
        made.set_main_option("path_separator", "newline")
        made.set_main_option("version_locations", f"{VERSIONS}\n{tmp_path / 'versions'}")
        return made

    monkeypatch.setattr(migrations, "config", with_second)
    monkeypatch.setattr(schema, "HEAD", "0002")
    monkeypatch.setattr(schema, "KNOWN", ("0001", "0002"))
    with Store.open(url) as store:
        assert "extra" in {one["name"] for one in inspect(store.engine).get_columns("outbox")}
        with store.read() as view:
            assert [one.subject_id for one in view.rows(select(outbox))] == ["1"]
    Store.open(url).close()  # a second time there is nothing to do
    copies = list(tmp_path.glob("*.before-0001"))
    assert len(copies) == (1 if url.startswith("sqlite") else 0)

    monkeypatch.undo()
    for copy in copies:  # what was copied opens with the Tarazu from before, and nobody else may read it
        assert copy.stat().st_mode & 0o077 == 0
        with Store.open(f"sqlite:///{copy}") as store, store.read() as view:
            assert len(view.rows(select(outbox))) == 1


def test_tables_of_others_are_left_alone(url: str) -> None:
    engine = engines.connect(engines.parse(url))
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE theirs (name TEXT)")
    engine.dispose()
    with pytest.raises(StoreDamaged, match="theirs"):
        Store.open(url)
