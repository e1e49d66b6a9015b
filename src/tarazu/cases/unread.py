"""What was reported and never judged: the judge reads it, and what it finds joins the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, exists, insert, select

from tarazu.cases import rows, verdict_found
from tarazu.cases.case import CaseState
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.report import ReportState
from tarazu.cases.shelf import parts
from tarazu.store import SYSTEM
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import case_items, cases, findings, items, reports
from tarazu.store.tables.jobs import readings
from tarazu.store.times import ms
from tarazu.verdicts import Verdict

if TYPE_CHECKING:
    from tarazu.policy.judge import Judge

AT_ONCE = 64  # posts that are read together
MANY = 5_000  # among which those are chosen
_READ = (str(FindingKind.VIOLATION), str(FindingKind.MEDIA_MATCH))  # what the judge finds


class Unread:
    """Reported posts of open cases that have words, and that the judge has not read as it judges now.

    Words only: pictures of a reported post are not here, so what they show is for `tarazu scan --media`.
    """

    def __init__(self, intake: Intake, mark: str) -> None:
        """`mark` names policy, entities and model: when one of them changes, all that was let stand is read again."""
        self.intake, self.mark = intake, mark

    def next(self, most: int = AT_ONCE, since: datetime | None = None) -> list[Item]:
        """Some of them, those that come first in the queue; `since`: only what was reported from then on."""
        open_ = reports.c.state == str(ReportState.OPEN)
        if since is not None:
            open_ &= reports.c.id >= new_id(ms(since))[:10]  # ids begin with their time
        judged = exists().where(findings.c.item_id == reports.c.item_id, findings.c.kind.in_(_READ))
        read = exists().where(readings.c.item_id == reports.c.item_id, readings.c.mark == self.mark)
        has_words = (items.c.kind == str(ItemKind.POST)) & items.c.text.is_not(None) & (items.c.text != "")
        left = (
            select(reports.c.item_id)
            .join(items, items.c.id == reports.c.item_id)
            .where(open_, has_words, ~judged, ~read)
            .distinct()
            .limit(MANY)
        )
        with self.intake.store.read() as view:
            # In steps, and the state looked at here: SQLite would walk the whole queue, mostly to find nothing.
            ids = [row.item_id for row in view.rows(left)]
            places: list[tuple[float, str]] = []
            for some in parts(ids):
                queued = (
                    select(case_items.c.item_id, cases.c.priority, cases.c.state)
                    .join(cases, cases.c.id == case_items.c.case_id)
                    .where(case_items.c.item_id.in_(some))
                )
                found_open = (row for row in view.rows(queued) if row.state == CaseState.OPEN)
                places += [(-row.priority, row.item_id) for row in found_open]
            chosen = list(dict.fromkeys(item_id for _, item_id in sorted(places)))[:most]
            found = {row.id: row for row in view.rows(select(items).where(items.c.id.in_(chosen)))}
        return [rows.item(found[one]) for one in chosen]

    def read(self, judge: Judge) -> int:
        """Read all of them; gives how many."""
        done = 0
        while some := self.next():
            verdicts = list(judge.verdicts(posts_of(some, self.intake.clock())))
            self._keep(some, verdicts)
            done += len(some)
        return done

    def _keep(self, some: Sequence[Item], verdicts: Sequence[Verdict]) -> None:
        sources = self._sources([one.id for one in some])
        found: list[Found] = []
        for item, verdict in zip(some, verdicts, strict=True):
            one = verdict_found.found(verdict, item, 0.0)
            if one is not None:
                found.append(replace(one, source=sources.get(item.id, one.source)))
        self.intake.findings(found)
        at = ms(self.intake.clock())
        made = [
            {"item_id": item.id, "mark": self.mark, "outcome": str(verdict.outcome), "at": at}
            for item, verdict in zip(some, verdicts, strict=True)
        ]
        with self.intake.store.write(SYSTEM) as tx:
            tx.run(delete(readings).where(readings.c.item_id.in_([item.id for item in some])))
            tx.run(insert(readings), made)

    def _sources(self, ids: Sequence[str]) -> dict[str, str]:
        """Item -> the kind of its latest report: reading it is no further way in which the case came."""
        asked = select(reports.c.item_id, reports.c.kind).where(reports.c.item_id.in_(ids))
        with self.intake.store.read() as view:
            found: list[Row[Any]] = view.rows(asked.order_by(reports.c.id))
        return {row.item_id: row.kind for row in found}


def posts_of(some: Sequence[Item], now: datetime) -> Any:
    """Items as a table of posts, without their pictures."""
    import polars as pl

    from tarazu.records import conform

    frame = pl.DataFrame(
        {
            "post_id": [one.external_id for one in some],
            "account_id": [one.author_id or "" for one in some],
            "created_at": [one.created_at or one.seen_at or now for one in some],
            "text": [one.text for one in some],
            "lang": pl.Series([one.lang for one in some], dtype=pl.String),
            "platform": [one.platform for one in some],
        }
    )
    return conform(frame)
