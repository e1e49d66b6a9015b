"""What is asked for every report that comes in stays quick when there are many: its plan on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, text

from tarazu.cases.intake import Intake
from tarazu.cases.reporting import reporters
from tarazu.store import SYSTEM, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import reports
from tarazu.store.times import ms
from unit.cases.making import Watch, report


def test_counting_the_reporters_of_an_item_goes_by_an_index(store: Store) -> None:
    watch = Watch()
    intake = Intake(store, watch)
    for name in ("p1", "p2"):
        intake.report(report(name, reporter="r0"))
    with store.read() as view:
        known = [dict(row._mapping) for row in view.rows(select(reports))]
    at = ms(watch())
    rows = [
        {**known[number % 50 == 0], "id": new_id(at), "token_hash": f"t{number}", "reporter": f"r{number}"}
        | {"received_at": at - number * 1000, "external_id": None}
        for number in range(4000)
    ]
    with store.write(SYSTEM) as tx:
        tx.run(reports.insert(), rows)
        tx.log("report.received", "report:many")
        tx.connection.execute(text("ANALYZE"))
    item = known[1]["item_id"]
    who = func.count(func.coalesce(reports.c.reporter, reports.c.id).distinct())
    asked = select(who).where(reports.c.item_id == item, reports.c.received_at > at - 3_600_000)
    written = asked.compile(store.engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN " if store.dialect == "sqlite" else "EXPLAIN "
    with store.read() as view:
        plan = "\n".join(str(row) for row in view.connection.execute(text(f"{explain}{written}")))
        assert reporters(view, item, watch() - timedelta(hours=1)) == 72
    assert "ix_reports_item_id_received_at" in plan, plan
