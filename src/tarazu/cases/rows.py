"""Rows of tables <-> what the cases speak in."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row

from tarazu.cases import clean
from tarazu.cases.finding import Finding, FindingKind
from tarazu.cases.item import Item, ItemKind, Media
from tarazu.cases.report import FiledReport, ReportKind, ReportState
from tarazu.ledger import canonical
from tarazu.store.times import moment, moment_or_none, ms


def of_item(item: Item, item_id: str, seen_at: int) -> dict[str, object]:
    """An item as a row."""
    return {
        "id": item_id,
        "platform": clean.text(item.platform)[:64],
        "kind": str(item.kind),
        "external_id": clean.key(item.external_id),
        "author_id": None if item.author_id is None else clean.key(item.author_id),
        "author_name": clean.text_or_none(item.author_name),
        "text": clean.text_or_none(item.text),
        "lang": None if item.lang is None else clean.text(item.lang)[:35],
        "created_at": None if item.created_at is None else ms(item.created_at),
        "url": clean.text_or_none(item.url),
        "media": canonical.dumps(clean.value([one.line for one in item.media])),
        "context": canonical.dumps(clean.value(item.context)),
        "digest": item.digest,
        "seen_at": seen_at,
    }


def item(row: Row[Any]) -> Item:
    """A row as an item."""
    return Item(
        id=row.id,
        platform=row.platform,
        kind=ItemKind(row.kind),
        external_id=row.external_id,
        author_id=row.author_id,
        author_name=row.author_name,
        text=row.text,
        lang=row.lang,
        created_at=moment_or_none(row.created_at),
        url=row.url,
        media=tuple(Media(**one) for one in json.loads(row.media)),
        context=json.loads(row.context),
        seen_at=moment(row.seen_at),
    )


def finding(row: Row[Any]) -> Finding:
    """A row as a finding."""
    return Finding(
        id=row.id,
        case_id=row.case_id,
        item_id=row.item_id,
        kind=FindingKind(row.kind),
        signature=row.signature,
        certainty=row.certainty,
        found_at=moment(row.found_at),
        body=json.loads(row.body),
        versions=json.loads(row.versions),
    )


def report(row: Row[Any]) -> FiledReport:
    """A row as a report."""
    return FiledReport(
        id=row.id,
        case_id=row.case_id,
        item_id=row.item_id,
        kind=ReportKind(row.kind),
        reason=row.reason,
        received_at=moment(row.received_at),
        state=ReportState(row.state),
        reporter=row.reporter,
        contact=row.contact,
        clause_id=row.clause_id,
        comment=row.comment,
        authority=row.authority,
        legal_basis=row.legal_basis,
        jurisdiction=row.jurisdiction,
        due_at=moment_or_none(row.due_at),
        answer=row.answer,
        answered_at=moment_or_none(row.answered_at),
    )
