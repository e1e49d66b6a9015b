"""The demo's cases: frozen findings of the bundled posts, taken in as a scan would, with some reports about them.

No model runs and nothing is compiled: `examples/make_demo_cases.py` did that. Everybody in the posts is invented, the
accounts of the networks are pseudonymised.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tarazu.cases.finding import Found
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.originals import keep
from tarazu.cases.report import Report, ReportKind
from tarazu.evaluation.casework import frozen
from tarazu.evaluation.casework.reports import ORDERED, REPORTS
from tarazu.store import Store
from tarazu.store.tables.cases import cases, items, reports

PLATFORM = "invented"
ORDER = "demo-order"  # the sender's id of what is taken in last: where it is, all the rest is too


def fill(store: Store, media: Path | None = None) -> bool:
    """Fill a store that has no cases; originals of pictures go to the folder `media`.

    Nothing comes in twice, and a fill that was cut off is finished by the next. Gives False, and changes nothing,
    where there are cases of somebody's own.
    """
    with store.read() as view:
        ours = view.value(select(items.c.id).where(items.c.platform == PLATFORM).limit(1)) is not None
        if not ours and view.value(select(cases.c.id).limit(1)) is not None:
            return False
        if view.value(select(reports.c.id).where(reports.c.external_id == ORDER)) is not None:
            return True
    intake, found = Intake(store), list[Found]()
    networks: list[frozen.FrozenNetwork] = []
    for line in frozen.read():
        if isinstance(line, Found):
            found.append(line)
        elif isinstance(line, frozen.FrozenNetwork):
            networks.append(line)
        elif media is not None:
            keep(media, line.content)
    intake.findings(found)
    for one in networks:
        intake.network(
            one.network,
            one.members,
            one.evidence,
            platform=one.platform,
            versions=one.versions,
            reach=one.reach,
        )
    _report(intake)
    return True


def _report(intake: Intake) -> None:
    now, posts = intake.clock(), _posts()
    for number, (post, kind, reporter, reason) in enumerate(REPORTS, 1):
        made = Report(
            item=posts[post],
            kind=ReportKind(kind),
            reason=reason,
            reporter=reporter,
            external_id=f"demo-{number}",
            received_at=now - timedelta(minutes=7 * number),
        )
        intake.report(made)
    order = Report(
        item=posts[ORDERED],
        kind=ReportKind.GOVERNMENT_ORDER,
        reason="Remove the post, or disable access to it, within one hour of receiving this order.",
        reporter="invented-authority",
        authority="Invented Authority for Public Safety",
        legal_basis="Regulation (EU) 2021/784, Art. 3",
        jurisdiction="DE",
        external_id=ORDER,
        received_at=now - timedelta(minutes=5),  # its clock runs
    )
    intake.report(order)


def _posts() -> dict[str, Item]:
    """The judged posts, as the judge's intake keeps them: those that stay up can be reported too."""
    lines = map(json.loads, frozen.judged().read_text(encoding="utf-8").splitlines())
    return {
        line["post_id"]: Item(
            kind=ItemKind.POST,
            external_id=line["post_id"],
            platform=line["platform"],
            author_id=line["account_id"],
            text=line["text"],
            lang=line["lang"],
            created_at=datetime.fromisoformat(line["created_at"]),
        )
        for line in lines
    }
