"""What a search finds beside cases: things by their ids, accounts, and what reports, decisions and appeals say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_

from tarazu.cases.search import conditions, tokens
from tarazu.store.ids import is_id
from tarazu.store.tables.cases import case_items, case_words, cases, items, reports
from tarazu.store.tables.decisions import appeals, decisions
from tarazu.store.times import moment, ms
from tarazu.store.view import View

MOST = 20  # things with one id
FEW = 2_000  # cases of which the authors are looked through


class Sort(StrEnum):
    """What is looked for."""

    CASES = "cases"
    ACCOUNTS = "accounts"
    REPORTS = "reports"
    DECISIONS = "decisions"
    APPEALS = "appeals"


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something that was found."""

    kind: str  # case | post | account | report | decision | appeal
    id: str
    text: str
    case_id: str | None = None
    platform: str = ""
    at: datetime | None = None
    about: str = ""  # kind of a report, action of a decision, state of an appeal


@dataclass(frozen=True, kw_only=True)
class Within:
    """What it has to be besides; None does not matter."""

    kind: str | None = None
    clause_id: str | None = None
    action: str | None = None
    lang: str | None = None
    source: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def by_id(view: View, text: str) -> list[Thing]:
    """Everything that has exactly this id, here or on its platform."""
    word = text.strip()
    if not word or any(letter.isspace() for letter in word):
        return []
    found = list(_ours(view, word.upper())) if is_id(word.upper()) else []
    name = word.removeprefix("@")
    met = (
        select(
            items.c.kind, items.c.external_id, items.c.platform, cases.c.id, cases.c.title, items.c.seen_at
        )
        .join(case_items, case_items.c.item_id == items.c.id)
        .join(cases, cases.c.id == case_items.c.case_id)
        .where(items.c.external_id == name, items.c.kind.in_(("post", "media")))
        .order_by(cases.c.id.desc())
    )
    found += [
        Thing(kind="post", id=row.external_id, text=row.title, case_id=row.id, platform=row.platform)
        for row in view.rows(met.limit(MOST))
    ]
    sent = select(reports).where(reports.c.external_id == word)
    found += [_report(row) for row in view.rows(sent.limit(MOST))]
    own = (items.c.external_id == name) & (items.c.kind == "account")
    accounts: dict[str, str] = {}
    for column, where in ((items.c.external_id, own), (items.c.author_id, items.c.author_id == name)):
        asked = select(items.c.platform, func.max(items.c.author_name).label("name")).where(where)
        for row in view.rows(asked.group_by(items.c.platform, column).limit(MOST)):
            accounts[row.platform] = row.name or accounts.get(row.platform) or name
    found += [
        Thing(kind="account", id=name, text=said, platform=platform) for platform, said in accounts.items()
    ]
    return found


def said(
    view: View, dialect: str, sort: Sort, text: str, within: Within, limit: int, after: str | None = None
) -> list[Thing]:
    """Accounts, reports, decisions or appeals with these words; `after` is where the last page ended."""
    words = tokens(text)
    if sort == Sort.ACCOUNTS:
        return _accounts(view, dialect, words, within, limit, after)
    table, columns, made = {
        Sort.REPORTS: (reports, (reports.c.reason, reports.c.comment, reports.c.reporter), _report),
        Sort.DECISIONS: (decisions, (decisions.c.reason,), _decision),
        Sort.APPEALS: (appeals, (appeals.c.text, appeals.c.answer), _appeal),
    }[sort]
    at = reports.c.received_at if sort == Sort.REPORTS else table.c.made_at
    where = [_has(word, columns, dialect) for word in words]
    where += _between(at, within)
    if after:
        where.append(table.c.id < after)
    asked: Select[Any] = select(
        *(one for one in table.c if one.name not in ("facts", "token_hash", "contact"))
    )
    if sort == Sort.APPEALS:
        asked = asked.add_columns(decisions.c.case_id, decisions.c.action)
        asked = asked.join(decisions, decisions.c.id == appeals.c.decision_id)
    if within.lang or within.kind:
        of = decisions if sort == Sort.APPEALS else table
        asked = asked.join(cases, cases.c.id == of.c.case_id)
        where += [cases.c.lang == within.lang] if within.lang else []
        where += [cases.c.kind == within.kind] if within.kind else []
    if within.clause_id:
        where.append((reports if sort == Sort.REPORTS else decisions).c.clause_id == within.clause_id)
    if within.action and sort != Sort.REPORTS:
        where.append(decisions.c.action == within.action)
    if within.source and sort == Sort.REPORTS:
        where.append(reports.c.kind == within.source)
    return [made(row) for row in view.rows(asked.where(*where).order_by(table.c.id.desc()).limit(limit))]


def _accounts(
    view: View, dialect: str, words: Sequence[str], within: Within, limit: int, after: str | None
) -> list[Thing]:
    """Out of the cases that have the words, the latest FEW of them: a name is among the words of a case."""
    if not words:
        return []
    name, platform = items.c.author_id, items.c.platform
    met = select(case_words.c.case_id).where(*conditions(" ".join(words), dialect))
    met = met.order_by(case_words.c.case_id.desc()).limit(FEW)
    among = select(case_items.c.item_id).where(case_items.c.case_id.in_(met))
    where = [
        items.c.id.in_(among),
        name.is_not(None),
        *(_has(word, (items.c.author_name, name), dialect) for word in words),
    ]
    where += _between(items.c.seen_at, within)
    where += [items.c.lang == within.lang] if within.lang else []
    if after:
        last, _, where_from = after.rpartition(" ")
        where.append(tuple_(name, platform) > tuple_(literal(last), literal(where_from)))
    asked = select(name, platform, func.max(items.c.author_name).label("name")).where(*where)
    rows = view.rows(asked.group_by(name, platform).order_by(name, platform).limit(limit))
    return [
        Thing(kind="account", id=row.author_id, text=row.name or row.author_id, platform=row.platform)
        for row in rows
    ]


def _ours(view: View, id: str) -> Iterator[Thing]:
    for row in view.rows(select(cases.c.id, cases.c.title, cases.c.opened_at).where(cases.c.id == id)):
        yield Thing(kind="case", id=row.id, case_id=row.id, text=row.title, at=moment(row.opened_at))
    for row in view.rows(select(reports).where(reports.c.id == id)):
        yield _report(row)
    for row in view.rows(select(decisions).where(decisions.c.id == id)):
        yield _decision(row)
    asked = select(appeals, decisions.c.case_id).join(decisions, decisions.c.id == appeals.c.decision_id)
    for row in view.rows(asked.where(appeals.c.id == id)):
        yield _appeal(row)


def _report(row: Any) -> Thing:
    text = " ".join(one for one in (row.reason, row.comment) if one)
    return Thing(
        kind="report", id=row.id, case_id=row.case_id, text=text, at=moment(row.received_at), about=row.kind
    )


def _decision(row: Any) -> Thing:
    return Thing(
        kind="decision",
        id=row.id,
        case_id=row.case_id,
        text=row.reason,
        at=moment(row.made_at),
        about=row.action,
    )


def _appeal(row: Any) -> Thing:
    text = " ".join(one for one in (row.text, row.answer) if one)
    return Thing(
        kind="appeal", id=row.id, case_id=row.case_id, text=text, at=moment(row.made_at), about=row.state
    )


def _has(word: str, columns: Sequence[ColumnElement[Any]], dialect: str) -> ColumnElement[bool]:
    place = func.instr if dialect == "sqlite" else func.strpos
    return or_(*(place(func.lower(column), word) > 0 for column in columns))


def _between(at: ColumnElement[Any], within: Within) -> list[ColumnElement[bool]]:
    found = [at >= ms(within.since)] if within.since else []
    return found + ([at < ms(within.before)] if within.before else [])
