"""A search as its page shows it: what was asked for, and every hit with the words that made it one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from tarazu.cases.case import CaseKind, CaseRow, CaseState
from tarazu.cases.decision import Action
from tarazu.cases.filter import Filter, Order
from tarazu.cases.saved_queries import SavedQuery
from tarazu.cases.search import places
from tarazu.cases.sought import Sort, Thing, Within
from tarazu.server.marked import Piece, Span, pieces
from tarazu.server.queue_page import SOURCES

LONGEST = 200  # characters of a field
BARS = 60  # of the drawing, at most
SHOWN = 260  # characters of a text around its first hit


@dataclass(frozen=True, kw_only=True)
class Search:
    """What somebody looks for; unknown values count as not given."""

    q: str = ""
    sort: Sort = Sort.CASES
    state: str = ""
    kind: str = ""
    language: str = ""
    source: str = ""
    clause: str = ""
    action: str = ""
    by: str = ""  # who decided: id of a person or a rule, or RULE
    since: str = ""  # a day
    until: str = ""  # a day, itself within
    after: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Search:
        """Out of a query string."""

        def one(name: str, known: Sequence[str]) -> str:
            return given.get(name, "") if given.get(name, "") in known else ""

        lang = given.get("language", "")[:8]
        return cls(
            q=given.get("q", "")[:LONGEST].strip(),
            sort=Sort(one("in", list(Sort)) or Sort.CASES),
            state=one("state", list(CaseState)),
            kind=one("kind", list(CaseKind)),
            language=lang if lang.isascii() and lang.isalpha() else "",
            source=one("source", SOURCES),
            clause=given.get("clause", "")[:LONGEST],
            action=one("action", list(Action)),
            by=given.get("by", "")[:64],
            since=given.get("from", "") if _day(given.get("from", "")) else "",
            until=given.get("to", "") if _day(given.get("to", "")) else "",
            after=given.get("after", "")[:600],
        )

    @property
    def asked(self) -> bool:
        """Whether anything was asked for."""
        return replace(self, sort=Sort.CASES, after="") != Search()

    @property
    def filter(self) -> Filter:
        """Which cases."""
        return Filter(
            states=(CaseState(self.state),) if self.state else tuple(CaseState),
            kind=CaseKind(self.kind) if self.kind else None,
            lang=self.language or None,
            source=self.source or None,
            clause_id=self.clause or None,
            action=self.action or None,
            decided_by=self.by or None,
            opened_from=_day(self.since),
            opened_before=_past(self.until),
            search=self.q or None,
        )

    @property
    def within(self) -> Within:
        """The same for what is no case."""
        return Within(
            kind=self.kind or None,
            clause_id=self.clause or None,
            action=self.action or None,
            lang=self.language or None,
            source=self.source or None,
            since=_day(self.since),
            before=_past(self.until),
        )

    def query(self, **changed: str) -> str:
        """The address again, with something else in it. A page begins anew."""
        given = {
            "q": self.q,
            "in": "" if self.sort == Sort.CASES else str(self.sort),
            "state": self.state,
            "kind": self.kind,
            "language": self.language,
            "source": self.source,
            "clause": self.clause,
            "action": self.action,
            "by": self.by,
            "from": self.since,
            "to": self.until,
        }
        return urlencode({name: value for name, value in (given | changed).items() if value})


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One line of what was found."""

    address: str
    text: list[Piece]
    row: CaseRow | None = None
    thing: Thing | None = None
    author: str = ""  # address of whoever wrote it


def hits(rows: Sequence[CaseRow], texts: Mapping[str, str], search: str) -> list[Hit]:
    """Cases, with the words of their post around the first hit."""
    whole = [texts.get(row.item_id) or row.title for row in rows]
    return [
        Hit(
            address=f"/cases/{row.id}",
            text=cut,
            row=row,
            author=account(row.platform, row.author_id) if row.author_id else "",
        )
        for row, cut in zip(rows, _marked(whole, search), strict=True)
    ]


def things(found: Sequence[Thing], search: str) -> list[Hit]:
    """What is no case."""
    cuts = _marked([one.text for one in found], search)
    return [Hit(address=_address(one), text=cut, thing=one) for one, cut in zip(found, cuts, strict=True)]


def account(platform: str, account_id: str) -> str:
    """The address of an account's page; `-` stands for no platform."""
    return f"/accounts/{quote(platform or '-', safe='')}/{quote(account_id, safe='')}"


def address(saved: SavedQuery) -> str:
    """Where a saved search leads: to the queue, or to the search where the queue could not ask for it."""
    of, alone = saved.filter, len(saved.filter.states) == 1
    query = {
        "state": str(of.states[0]) if alone else "",
        "kind": str(of.kind or ""),
        "language": of.lang or "",
        "source": of.source or "",
        "clause": of.clause_id or "",
        "q": of.search or "",
    }
    if alone and not (of.action or of.decided_by or of.opened_from or of.opened_before):
        query |= {
            "state": "" if query["state"] == CaseState.OPEN else query["state"],
            "order": "" if saved.order == Order.PRIORITY else str(saved.order),
        }
        return "/queue?" + urlencode({name: value for name, value in query.items() if value})
    query |= {
        "action": of.action or "",
        "by": of.decided_by or "",
        "from": of.opened_from.date().isoformat() if of.opened_from else "",
        "to": (of.opened_before - timedelta(days=1)).date().isoformat() if of.opened_before else "",
    }
    return "/search?" + urlencode({name: value for name, value in query.items() if value})


def _address(one: Thing) -> str:
    if one.kind == "account":
        return account(one.platform, one.id)
    return f"/appeals/{one.id}" if one.kind == "appeal" else f"/cases/{one.case_id}"


def _marked(texts: Sequence[str], search: str) -> list[list[Piece]]:
    found = places(texts, search) if search else [[] for _ in texts]
    return [_around(text, spans) for text, spans in zip(texts, found, strict=True)]


def _around(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    begin = max(0, spans[0][0] - 60) if spans and spans[0][0] > SHOWN - 60 else 0
    if begin:  # not in the midst of a word
        begin = text.find(" ", begin, spans[0][0]) + 1 or begin
    end = min(len(text), begin + SHOWN)
    inside = [Span(at - begin, to - begin, 0, 1.0) for at, to in spans if at >= begin and to <= end]
    cut = pieces(text[begin:end], inside)
    return [*([Piece(text="… ")] if begin else []), *cut, *([Piece(text=" …")] if end < len(text) else [])]


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _past(text: str) -> datetime | None:
    day = _day(text)
    return None if day is None or day.year > 9000 else day + timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Strip:
    """Days drawn: one bar for so many days."""

    path: str  # in a drawing 1000 wide, the ground at 60
    first: datetime
    last: datetime
    days: int  # of one bar
    most: int  # cases of the highest bar


def strip(times: Sequence[datetime]) -> Strip | None:
    """When what was found was opened; None where it was all on one day."""
    days = [one.astimezone(UTC).date().toordinal() for one in times]
    if not days or min(days) == max(days):
        return None
    first, last = min(days), max(days)
    wide = -(-(last - first + 1) // BARS)
    bars = [0] * -(-(last - first + 1) // wide)
    for one in days:
        bars[(one - first) // wide] += 1
    step, most = 1000 / len(bars), max(bars)
    drawn = [
        f"M{at * step:.1f} 60v-{56 * many / most:.1f}h{step * 0.8:.1f}V60z"
        for at, many in enumerate(bars)
        if many
    ]
    return Strip(path="".join(drawn), first=_noon(first), last=_noon(last), days=wide, most=most)


def _noon(day: int) -> datetime:
    return datetime.fromordinal(day).replace(hour=12, tzinfo=UTC)
