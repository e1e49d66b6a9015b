"""A network as one case: its evidence frozen, its accounts as members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from tarazu.cases import clean
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.shelf import parts
from tarazu.findings import Label, Network
from tarazu.ledger import canonical
from tarazu.store.tables.cases import case_items, cases, items
from tarazu.store.view import View
from tarazu.verdicts import Severity

SHARED = 0.5  # of the smaller of two networks: from there they are one


def found(
    network: Network,
    evidence: Mapping[str, object],
    *,
    platform: str,
    versions: Mapping[str, str],
    reach: float,
) -> Found:
    """A network as a finding. Its id is that of its set of accounts: the same accounts are the same network."""
    name = canonical.digest([platform, sorted(clean.text(member.account_id) for member in network.members)])
    item = Item(
        kind=ItemKind.NETWORK,
        external_id=name,
        platform=platform,
        text=network.reason,
        created_at=network.first,
        context={"accounts": len(network.members), "label": str(network.label)},
    )
    return Found(
        item=item,
        kind=FindingKind.NETWORK,
        body={"network": plain(asdict(network)), **evidence},
        versions=versions,
        # A test at the run's error rate named it. One feed explains it: a person will most likely leave it.
        certainty=0.9 if network.label == Label.COORDINATED else 0.3,
        signature=f"network {network.label} {name[:16]}",
        severity=Severity.HIGH if network.label == Label.COORDINATED else Severity.LOW,
        reach=reach,
        skills=("network",),
    )


def member(network: Found, account: Item) -> Found:
    """An account of a network on its way into the network's case."""
    return Found(
        item=account,
        kind=FindingKind.REPORTS,  # the finding is the network's: an account has none of its own
        body={},
        versions={},
        certainty=0.0,
        signature="",
        lang=None,
        source=network.source,
    )


def same(view: View, accounts: Sequence[Item]) -> str | None:
    """The open network case that has at least half of the accounts, of these or of its own, in common."""
    names = {clean.key(one.external_id) for one in accounts}
    shared: dict[str, int] = {}
    size: dict[str, int] = {}
    for part in parts(names):
        asked = (
            select(case_items.c.case_id, func.count(items.c.external_id.distinct()).label("shared"))
            .join(items, items.c.id == case_items.c.item_id)
            .join(cases, cases.c.id == case_items.c.case_id)
            .where(items.c.external_id.in_(part), items.c.kind == "account")
            .where(cases.c.kind == "network", cases.c.state == "open", case_items.c.role == "member")
            .group_by(case_items.c.case_id)
        )
        for row in view.rows(asked):
            shared[row.case_id] = shared.get(row.case_id, 0) + int(row.shared)
    if not shared:
        return None
    counted = select(case_items.c.case_id, func.count().label("size")).where(
        case_items.c.case_id.in_(list(shared)), case_items.c.role == "member"
    )
    size = {row.case_id: int(row.size) for row in view.rows(counted.group_by(case_items.c.case_id))}
    best = max(shared, key=lambda case: (shared[case] / min(size[case], len(names)), case))
    return best if shared[best] >= SHARED * min(size[best], len(names)) else None


def plain(value: Any) -> Any:
    """A finding as JSON: moments as ISO 8601, tuples as lists, numbers that are none as null."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and value - value != 0:  # infinite or not a number
        return None
    return str(value) if isinstance(value, str) else value
