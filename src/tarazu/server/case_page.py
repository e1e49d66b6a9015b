"""A case as its page shows it: the words first, what was found in them and why, then what others said and decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tarazu import words
from tarazu.cases.case import Case, CaseKind, Similar
from tarazu.cases.evidence import pinned
from tarazu.cases.finding import Finding, FindingKind
from tarazu.cases.item import Item
from tarazu.policy.clause import Policy
from tarazu.server import sentences
from tarazu.server.marked import Piece, of_words, pieces
from tarazu.verdicts import Outcome, Purpose, Stance

CONTEXT = ("reply_to", "quote_of", "repost_of", "repost_of_account", "hashtags", "urls", "client")


@dataclass(frozen=True, kw_only=True)
class Read:
    """How the author stands toward somebody, as the model read it."""

    number: int
    name: str
    stance: str  # "" where none was read
    share: str
    rest: tuple[tuple[str, str], ...] = ()  # the other stances with their shares: what argues against


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One picture of the post."""

    number: int
    name: str
    kept: bool  # whether there is a file to look at
    matches: tuple[Mapping[str, Any], ...] = ()
    texts: tuple[tuple[list[Piece], str, str], ...] = ()  # pieces, language, certainty
    rejected: str = ""
    unread: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One finding."""

    finding: Finding
    reason: str
    original: str  # as the detector wrote it, where `reason` is in another language
    outcome: str
    clauses: tuple[tuple[str, str], ...]  # id, its words in the language of who reads
    reads: tuple[Read, ...]
    purpose: str
    where: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything the template asks for."""

    case: Case
    post: Item
    lang: str  # of the post, as an HTML tag; "" where it is unknown
    text: list[Piece]
    entities: tuple[tuple[int, str], ...]
    pictures: tuple[Shown, ...]
    told: tuple[Told, ...]
    context: tuple[tuple[str, str], ...]
    due: str
    late: bool
    similar: tuple[tuple[Similar, str], ...]
    people: Mapping[str, str] = field(default_factory=dict)
    policy: Policy | None = None

    @property
    def verdict(self) -> Mapping[str, Any]:
        """What the judge found about the words; empty where it did not look."""
        found = self.case.verdict
        return found.body if found is not None and found.kind in _JUDGED else {}


_STANCES = frozenset(str(one) for one in Stance)
_JUDGED = (FindingKind.VIOLATION, FindingKind.MEDIA_MATCH)


def page(
    lang: str,
    case: Case,
    now: datetime,
    kept: Sequence[bool],
    policies: Sequence[Policy],
    people: Mapping[str, str],
) -> Page:
    """Put a case together for one reader; `kept` says of each picture whether there is a file."""
    post = case.main
    body = next((one.body for one in case.findings if one.kind in _JUDGED and one.item_id == post.id), {})
    numbers = _numbers(body)
    policy = pinned(tuple(policies), case)  # type: ignore[arg-type]  # needs nothing but its findings
    return Page(
        case=case,
        post=post,
        lang=tag(post.lang),
        text=pieces(post.text or "", of_words(body, numbers)),
        entities=tuple((number, sentences.name_of(body, entity)) for entity, number in numbers.items()),
        pictures=_pictures(post, body, numbers, kept),
        told=tuple(_told(lang, one, policy, numbers) for one in case.findings),
        context=tuple(_context(post.context)),
        due=sentences.left(lang, case.row.due_at, now) if case.row.due_at else "",
        late=case.row.due_at is not None and case.row.due_at < now,
        similar=tuple((one, _outcome(lang, one.outcome)) for one in case.similar),
        people=people,
        policy=policy,
    )


def tag(lang: str | None) -> str:
    """A language as an attribute; nothing that is no tag gets there."""
    plain = (lang or "").replace("-", "")
    return lang or "" if plain.isascii() and plain.isalnum() and len(plain) <= 16 else ""


def _numbers(body: Mapping[str, Any]) -> dict[str, int]:
    named = [*(body.get("mentions") or ()), *(body.get("drawn") or ()), *(body.get("stances") or ())]
    return {one: number for number, one in enumerate(dict.fromkeys(m["entity_id"] for m in named), 1)}


def _pictures(
    post: Item, body: Mapping[str, Any], numbers: Mapping[str, int], kept: Sequence[bool]
) -> tuple[Shown, ...]:
    seen: dict[str, Mapping[str, Any]] = {one["path"]: one for one in body.get("media") or ()}
    marks = of_words(body, numbers, "picture")
    # The words of all pictures were read as one text, a line end between them.
    starts: dict[tuple[str, int], int] = {}
    at = 0
    for path, one in seen.items():
        for place, text in enumerate(one.get("text") or ()):
            if text["text"].strip():
                starts[path, place] = at
                at += len(text["text"]) + 1
    found = []
    for number, media in enumerate(post.media):
        one = seen.get(media.ref, {})
        texts = []
        for place, text in enumerate(one.get("text") or ()):
            if (media.ref, place) in starts:
                by = starts[media.ref, place]
                cut = pieces(text["text"], [mark.moved(by, len(text["text"])) for mark in marks])
                texts.append((cut, tag(text.get("lang")), f"{100 * float(text['confidence']):.0f}"))
        found.append(
            Shown(
                number=number,
                name=sentences.clip(media.ref, 80),
                kept=bool(kept[number]),
                matches=tuple((one.get("matches") or ())[:3]),
                texts=tuple(texts),
                rejected=str(one.get("rejected") or ""),
                unread=str(one.get("unread") or ""),
            )
        )
    return tuple(found)


def _told(lang: str, finding: Finding, policy: Policy | None, numbers: Mapping[str, int]) -> Told:
    body: Mapping[str, Any] = finding.body
    said = sentences.reason(lang, str(finding.kind), body)
    original = str(body.get("reason") or "")
    known = {one.id: one for one in policy.clauses} if policy else {}
    ids = [str(one) for one in body.get("clauses") or ()]
    return Told(
        finding=finding,
        reason=said,
        original="" if original == said else original,
        outcome=str(body.get("verdict")) if body.get("verdict") in set(Outcome) else "",
        clauses=tuple((one, known[one].words(lang) if one in known else "") for one in ids),
        reads=tuple(_read(lang, body, one, numbers) for one in body.get("stances") or ()),
        purpose=str(body.get("purpose")) if body.get("purpose") in set(Purpose) else "",
        where=tuple(
            (str(place), str(out)) for place, out in (body.get("where") or {}).items() if out in set(Outcome)
        ),
        versions=tuple((str(name), str(value)) for name, value in finding.versions.items()),
    )


def _read(lang: str, body: Mapping[str, Any], one: Mapping[str, Any], numbers: Mapping[str, int]) -> Read:
    entity = one["entity_id"]
    shares = (body.get("shares") or {}).get(entity) or {}
    rest = sorted(
        ((str(s), float(x)) for s, x in shares.items() if s in _STANCES - {one["stance"]}),
        key=lambda it: -it[1],
    )
    return Read(
        number=numbers.get(entity, 0),
        name=sentences.name_of(body, entity),
        stance=str(one["stance"]) if one["stance"] in set(Stance) else "",
        share=words.number(lang, float(one["confidence"]), 0, percent=True),
        rest=tuple((s, words.number(lang, x, 0, percent=True)) for s, x in rest if x >= 0.005),
    )


def _context(context: Mapping[str, object]) -> list[tuple[str, str]]:
    found = []
    for name in CONTEXT:
        value = context.get(name)
        if isinstance(value, list | tuple):
            value = "  ".join(str(one) for one in value[:20])
        if value:
            found.append((name, sentences.clip(str(value), 600)))
    return found


def _outcome(lang: str, outcome: Mapping[str, object]) -> str:
    action = outcome.get("action")
    return words.say(lang, f"decide.was_{action}") if action else words.say(lang, "decide.was_none")


def is_network(case: Case) -> bool:
    """Whether another page shows it."""
    return case.row.kind == CaseKind.NETWORK
