"""The file of a case as deciding needs it: read inside the transaction that decides, so it is what was there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from tarazu.cases import rows
from tarazu.cases.case import CaseKind, CaseState, ItemRole
from tarazu.cases.decision import Subject
from tarazu.cases.finding import Finding
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.refusal import CaseNotFound
from tarazu.cases.report import FiledReport, ReportKind
from tarazu.store.tables import cases as tables
from tarazu.store.view import View


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A case with everything a decision rests on."""

    id: str
    kind: CaseKind
    state: CaseState
    lang: str | None
    row: Row[Any]
    items: tuple[tuple[Item, ItemRole], ...]  # the main one first
    findings: tuple[Finding, ...]  # the latest first
    reports: tuple[FiledReport, ...]  # the latest first

    @property
    def main(self) -> Item:
        """What the case is about."""
        return self.items[0][0]

    @property
    def orders(self) -> tuple[FiledReport, ...]:
        """The government orders among the reports."""
        return tuple(one for one in self.reports if one.kind == ReportKind.GOVERNMENT_ORDER)

    @property
    def versions(self) -> Mapping[str, str]:
        """Of policy, entity list, model and detectors: of each the latest that found something."""
        merged: dict[str, str] = {}
        for one in reversed(self.findings):
            merged.update({name: str(value) for name, value in one.versions.items()})
        return merged

    def item_of(self, subject: Subject) -> Item | None:
        """The item that a subject is, or that its account wrote."""
        for item, _ in self.items:
            if item.external_id == subject.id and item.platform == subject.platform:
                return item
        for item, _ in self.items:
            if item.author_id == subject.id and item.platform == subject.platform:
                return item
        return None


def read_file(view: View, case_id: str) -> CaseFile:
    """Read the file of a case; raises CaseNotFound."""
    row = view.one(select(tables.cases).where(tables.cases.c.id == case_id))
    if row is None:
        raise CaseNotFound(case_id)
    members = tables.case_items
    held = view.rows(
        select(tables.items, members.c.role)
        .join(members, members.c.item_id == tables.items.c.id)
        .where(members.c.case_id == case_id)
        .order_by(tables.items.c.id)
    )
    ordered = sorted(held, key=lambda one: one.id != row.item_id)
    found = view.rows(
        select(tables.findings)
        .where(tables.findings.c.case_id == case_id)
        .order_by(tables.findings.c.found_at.desc(), tables.findings.c.id.desc())
    )
    filed = view.rows(
        select(tables.reports)
        .where(tables.reports.c.case_id == case_id)
        .order_by(tables.reports.c.received_at.desc(), tables.reports.c.id.desc())
    )
    return CaseFile(
        id=row.id,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        lang=row.lang,
        row=row,
        items=tuple((rows.item(one), ItemRole(one.role)) for one in ordered),
        findings=tuple(rows.finding(one) for one in found),
        reports=tuple(rows.report(one) for one in filed),
    )


def posts(file: CaseFile) -> list[Item]:
    """The posts and pictures of a case: near-duplicates are decided together."""
    return [item for item, _ in file.items if item.kind in (ItemKind.POST, ItemKind.MEDIA)]


def accounts(file: CaseFile) -> list[Subject]:
    """The accounts of a case: itself, the members of a network, or the authors of its posts."""
    found: dict[Subject, None] = {}
    for item, _ in file.items:
        if item.kind == ItemKind.ACCOUNT:
            found[Subject(kind="account", id=item.external_id, platform=item.platform)] = None
        elif item.kind in (ItemKind.POST, ItemKind.MEDIA) and item.author_id:
            found[Subject(kind="account", id=item.author_id, platform=item.platform)] = None
    return sorted(found)


def json_list(text: str) -> Sequence[str]:
    """A JSON list of texts out of a column."""
    return [str(one) for one in json.loads(text)]
