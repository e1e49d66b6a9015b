"""Small things that tests of cases are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.item import Item, ItemKind, Media
from tarazu.cases.report import Report, ReportKind
from tarazu.verdicts import Severity

LONG = "Long live our heroes and all who stand with them in the old square today"


@dataclass
class Watch:
    """A clock that stands until it is moved."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


def post(name: str, text: str = LONG, *, author: str = "a1", pdq: str | None = None, **rest: object) -> Item:
    media = () if pdq is None else (Media(ref=f"{name}.jpg", pdq=pdq),)
    return Item(
        kind=ItemKind.POST,
        external_id=name,
        text=text,
        author_id=author,
        media=media,
        **rest,  # type: ignore[arg-type]
    )


def finding(item: Item, *, signature: str = "violates C1 E1", **rest: object) -> Found:
    given: dict[str, object] = {
        "severity": Severity.HIGH,
        "certainty": 0.9,
        "clause_id": "C1",
        "lang": "en",
        **rest,
    }
    return Found(
        item=item,
        kind=FindingKind.VIOLATION,
        body={"reason": "because", "words": [{"start": 0, "end": 4, "text": "Long"}]},
        versions={"policy": "p@1"},
        signature=signature,
        **given,  # type: ignore[arg-type]
    )


def report(subject: str, kind: ReportKind = ReportKind.USER, **rest: object) -> Report:
    given: dict[str, object] = {"reason": "it praises them", "reporter": "r1", **rest}
    if kind == ReportKind.GOVERNMENT_ORDER:
        given = {"authority": "A court", "legal_basis": "Art. 3", "jurisdiction": "EU", **given}
    return Report(item=Item(kind=ItemKind.POST, external_id=subject), kind=kind, **given)  # type: ignore[arg-type]
