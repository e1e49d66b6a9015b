"""Cases about reporters: what was found, and their accounts as members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from sqlalchemy import select

from tarazu.cases import networks, shelf
from tarazu.cases.filing import Filing
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.flood import Flood
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.pictures import Pictures
from tarazu.cases.shelf import parts
from tarazu.findings import Network
from tarazu.ledger import canonical
from tarazu.store.tables.automation import flag_members
from tarazu.store.tables.cases import case_items, cases, items, reports
from tarazu.store.transaction import Transaction
from tarazu.store.view import View
from tarazu.verdicts import Severity

VERSIONS: Mapping[str, str] = {"flagging": "flagging.v1"}
SHOWN = 5_000  # accounts that a case lists; who else belongs to it is in the group


def of_flood(tx: Transaction, flood: Flood, who: Sequence[str], now: datetime) -> str:
    """Open the case about the reporters of a flood."""
    facts = {
        "kind": "flood",
        "case": flood.case_id,
        "item": flood.item_id,
        "reporters_in_an_hour": flood.reporters,
        "most_of_others": flood.most,
        "others": flood.others,
        "p_value": flood.p_value,
    }
    return _open(tx, canonical.digest(["flood", flood.item_id, flood.begins.isoformat()]), facts, who, now)


def of_network(tx: Transaction, network: Network, now: datetime) -> str:
    """Open the case about accounts that report together."""
    who = [member.account_id for member in network.members]
    facts = {"kind": "together", "p_value": network.p_value, "network": networks.plain(asdict(network))}
    return _open(tx, canonical.digest(["together", sorted(who)]), facts, who, now, text=network.reason)


def fill(tx: Transaction, case_id: str, who: Sequence[str], now: datetime) -> int:
    """Bring accounts into a case that are not in it yet; gives how many."""
    held = (
        select(items.c.external_id)
        .join(case_items, case_items.c.item_id == items.c.id)
        .where(case_items.c.case_id == case_id)
    )
    state = tx.value(select(cases.c.state).where(cases.c.id == case_id))
    there = {row.external_id for row in tx.rows(held)}
    fresh = list(islice((one for one in who if one not in there), max(0, SHOWN - len(there))))
    if not fresh or state != "open":
        return 0
    filing = Filing(tx, Pictures(), now)
    found = [_account(one) for one in fresh]
    made = filing.load(found)
    shelf.drafts(filing, [case_id])
    for one, key in zip(found, made, strict=True):
        filing.file(one, key, into=case_id)
    filing.flush()
    return len(fresh)


def members_of(view: View, group_id: str, among: Sequence[str] | None = None) -> list[str]:
    """The reporters of a group, all or those among some."""
    asked = select(flag_members.c.reporter).where(flag_members.c.group_id == group_id)
    if among is None:
        return [row.reporter for row in view.rows(asked.order_by(flag_members.c.reporter))]
    return [
        row.reporter
        for some in parts(among)
        for row in view.rows(asked.where(flag_members.c.reporter.in_(some)))
    ]


def reported_by(view: View, who: Sequence[str]) -> list[str]:
    """The undecided cases that some accounts reported."""
    found: set[str] = set()
    for some in parts(who):
        asked = (
            select(reports.c.case_id)
            .distinct()
            .join(cases, cases.c.id == reports.c.case_id)
            .where(reports.c.reporter.in_(some), cases.c.state.in_(("open", "waiting_second")))
        )
        found.update(row[0] for row in view.rows(asked))
    return sorted(found)


def _open(
    tx: Transaction,
    name: str,
    facts: Mapping[str, object],
    who: Sequence[str],
    now: datetime,
    *,
    text: str | None = None,
) -> str:
    subject = Item(
        kind=ItemKind.NETWORK,
        external_id=name,
        text=text,
        created_at=now,
        context={"accounts": len(who), "label": "flagging"},
    )
    found = Found(
        item=subject,
        kind=FindingKind.FLAGGING,
        body={"flagging": facts},
        versions=VERSIONS,
        certainty=0.9,
        signature=f"flagging {facts['kind']} {name[:16]}",
        severity=Severity.MEDIUM,
        skills=("network",),
        source="flagging",
    )
    accounts = [_account(one) for one in who[:SHOWN]]
    filing = Filing(tx, Pictures(), now)
    made = filing.load([found, *accounts])
    main = filing.file(found, made[0])
    for one, key in zip(accounts, made[1:], strict=True):
        filing.file(one, key, into=main.case_id)
    filing.flush()
    return main.case_id


def _account(reporter: str) -> Found:
    return Found(
        item=Item(kind=ItemKind.ACCOUNT, external_id=reporter),
        kind=FindingKind.REPORTS,  # the finding is the group's: an account has none of its own
        body={},
        versions={},
        certainty=0.0,
        signature="",
        source="flagging",
    )
