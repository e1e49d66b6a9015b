"""The statement of reasons: what was decided, under which rule, on what facts, how it was found, what can be done.

It is written once, in the language of whom it is for, and kept as it was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tarazu import words
from tarazu.cases import dsa
from tarazu.cases.decision import EVERYWHERE, Action
from tarazu.cases.wording import Section, paragraphs
from tarazu.store.times import moment, moment_or_none, ms
from tarazu.verdicts import Purpose, Stance

QUOTED = 2_000  # characters of a post that are quoted
WORDS = 5  # deciding words that are quoted


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Why something was decided about somebody."""

    kind: str  # decided | undone | upheld | reversed
    to: str  # affected | reporter
    lang: str  # en | fa | ar
    puid: str  # unique, says nothing
    action: Action
    subject_kind: str  # post | media | account
    at: datetime  # when it took effect
    content_at: datetime  # of the post; of an account, when it was seen
    quote: str | None = None  # the words of the post
    name: str | None = None  # of the account
    posts: int = 1  # of this person, with the same words
    pictures: int = 0
    content_lang: str | None = None
    clause_id: str | None = None
    rule: str | None = None  # the clause in `lang`
    rule_in_english: str | None = None
    stance: Stance | None = None
    purpose: Purpose | None = None
    deciding: tuple[str, ...] = ()  # words of the post
    members: int = 0  # of a network, this account included
    found: tuple[str, ...] = ()  # user | trusted_flagger | government_order | violation | media_match | ...
    detected: bool = False  # by a machine
    automated: str = "not"  # fully | partially | not
    people: int = 1  # who decided
    authority: str | None = None  # of an order
    basis: str | None = None  # in law, of an order
    jurisdictions: tuple[str, ...] = (EVERYWHERE,)
    expires_at: datetime | None = None
    appeal_until: datetime | None = None  # None: cannot be appealed
    appeal_days: int = 0  # until the answer
    reported_at: datetime | None = None  # for a reporter
    answer: str | None = None  # to an appeal, or why an order is refused
    dsa_category: str | None = None
    dsa_keyword: str | None = None

    @property
    def title(self) -> str:
        """What it is about, in one line."""
        if self.to == "reporter":
            return words.say(self.lang, "notice.title_reporter")
        if self.kind != "decided":
            return words.say(self.lang, f"notice.title_{self.kind}")
        name = str(self.action)
        if self.action not in (Action.REMOVE, Action.SUSPEND):
            name += "_account" if self.subject_kind == "account" else "_post"
        return words.say(self.lang, f"notice.title_{name}")

    @property
    def sections(self) -> tuple[Section, ...]:
        """Headings with their paragraphs, in the order of reading."""
        return paragraphs(self)

    def dsa(self) -> dict[str, object] | None:
        """The same for the EU's database; None where nothing is restricted. No personal data."""
        return dsa.record(self)

    def body(self) -> dict[str, object]:
        """What is kept: the fields, and the words as they were given."""
        fields = {
            "kind": self.kind,
            "to": self.to,
            "lang": self.lang,
            "puid": self.puid,
            "action": str(self.action),
            "subject_kind": self.subject_kind,
            "at": ms(self.at),
            "content_at": ms(self.content_at),
            "quote": self.quote,
            "name": self.name,
            "posts": self.posts,
            "pictures": self.pictures,
            "content_lang": self.content_lang,
            "clause_id": self.clause_id,
            "rule": self.rule,
            "rule_in_english": self.rule_in_english,
            "stance": None if self.stance is None else str(self.stance),
            "purpose": None if self.purpose is None else str(self.purpose),
            "deciding": list(self.deciding),
            "members": self.members,
            "found": list(self.found),
            "detected": self.detected,
            "automated": self.automated,
            "people": self.people,
            "authority": self.authority,
            "basis": self.basis,
            "jurisdictions": list(self.jurisdictions),
            "expires_at": None if self.expires_at is None else ms(self.expires_at),
            "appeal_until": None if self.appeal_until is None else ms(self.appeal_until),
            "appeal_days": self.appeal_days,
            "reported_at": None if self.reported_at is None else ms(self.reported_at),
            "answer": self.answer,
            "dsa_category": self.dsa_category,
            "dsa_keyword": self.dsa_keyword,
        }
        said = [{"name": one.name, "heading": one.heading, "text": list(one.text)} for one in self.sections]
        return {"statement": fields, "title": self.title, "sections": said}


def of_body(body: dict[str, object]) -> Statement:
    """A statement out of what is kept."""
    fields: dict[str, object] = dict(body["statement"])  # type: ignore[call-overload]
    for name in ("deciding", "found", "jurisdictions"):
        fields[name] = tuple(_texts(fields[name]))
    for name in ("expires_at", "appeal_until", "reported_at"):
        fields[name] = moment_or_none(fields[name])  # type: ignore[arg-type]
    fields |= {
        "action": Action(str(fields["action"])),
        "at": moment(fields["at"]),  # type: ignore[arg-type]
        "content_at": moment(fields["content_at"]),  # type: ignore[arg-type]
        "stance": None if fields["stance"] is None else Stance(str(fields["stance"])),
        "purpose": None if fields["purpose"] is None else Purpose(str(fields["purpose"])),
    }
    return Statement(**fields)  # type: ignore[arg-type]


def language(*wanted: str | None) -> str:
    """The first of some languages that a notice can be written in; English where none can."""
    for one in wanted:
        tongue = (one or "").split("-")[0].lower()
        if tongue in words.LANGUAGES:
            return tongue
    return "en"


def _texts(value: object) -> Sequence[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
