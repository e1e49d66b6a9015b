"""What `tarazu serve --demo` shows: real findings, taken in once, without a model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from tarazu.cases.case import CaseKind
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.queue import Queue
from tarazu.cases.report import Report, ReportKind
from tarazu.cases.view import Cases
from tarazu.evaluation.casework.demo import fill
from tarazu.server.gallery import Gallery
from tarazu.store import Store
from tarazu.store.ledger import Ledger
from tarazu.store.tables.ledger import ledger


def test_it_fills_an_empty_store_once(store: Store, tmp_path: Path) -> None:
    assert fill(store, tmp_path)
    rows = Queue(store).page(limit=100)
    kinds = [row.kind for row in rows]
    assert kinds.count(CaseKind.NETWORK) == 14 and kinds.count(CaseKind.POST) >= 24
    assert (
        rows[0].due_at is not None and "government_order" in rows[0].sources
    )  # its clock runs: it comes first
    assert {row.lang for row in rows} >= {"en", "fa", "ar"}
    shown = 0
    for row in rows:
        case = Cases(store).case(row.id)
        assert case.findings or case.reports
        for one in case.main.media:
            assert Gallery(tmp_path).veil(one) is not None
            shown += 1
        if row.kind == CaseKind.NETWORK:
            assert case.findings[0].body["edges"] and case.findings[0].body["network"]["against"]  # type: ignore[index]
    assert shown == 6
    with store.read() as view:
        before = view.value(select(func.count()).select_from(ledger))
    assert fill(store, tmp_path)
    with store.read() as view:
        assert view.value(select(func.count()).select_from(ledger)) == before
    assert Ledger(store).verify().fault is None


def test_it_leaves_somebodys_own_cases_alone(store: Store) -> None:
    own = Item(kind=ItemKind.POST, external_id="own", platform="example", text="Something.", lang="en")
    Intake(store).report(Report(item=own, kind=ReportKind.ANONYMOUS, reason="Look at it."))
    assert not fill(store)
    assert len(Queue(store).page()) == 1


def test_it_loads_nothing_that_compiles_or_reads_posts() -> None:
    code = (
        "import sys; import tarazu.evaluation.casework.demo; "
        "print([one for one in ('numba', 'onnxruntime', 'cv2') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
