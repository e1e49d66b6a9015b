"""The receipt of a report: who gave no name reads there what became of it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from console import Console, console  # noqa: F401
from tarazu.cases.decision import Action, Choice
from tarazu.cases.decisions import Decisions
from tarazu.cases.intake import Intake
from tarazu.cases.report import ReportKind
from tarazu.store import Actor
from tarazu.store.tables.cases import reports
from unit.cases.making import report


@pytest.mark.parametrize("lang", ["en", "fa", "ar"])
def test_the_receipt_says_what_was_done_in_general_words(
    console: Console,  # noqa: F811
    lang: str,
) -> None:
    took = Intake(console.store, console.clock).report(report("p1", ReportKind.ANONYMOUS, reporter=None))
    page = f"/r/{took.token}?lang={lang}"
    stands = {"en": "does not break our rules", "fa": "خلاف قواعد ما نیست", "ar": "لا يخالف قواعدنا"}[lang]
    assert stands not in console.stranger().page(page)
    Decisions(console.store, console.clock).decide(
        took.case_id, Actor("person", "ada", "Ada"), Choice(action=Action.NO_ACTION, reason="")
    )
    with console.store.write(Actor("person", "ada", "Ada")) as tx:
        tx.run(update(reports).values(answer="Thank you for asking."))
        tx.log("report.answered", "report:1")
    shown = console.stranger().page(page)
    assert stands in shown and "Thank you for asking." in shown
