"""A statement of reasons as headings and paragraphs, out of the catalogue of words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tarazu import words
from tarazu.cases.decision import EVERYWHERE, Action

if TYPE_CHECKING:
    from tarazu.cases.statement import Statement


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    name: str  # what | content | rule | facts | found | automation | where | how_long | appeal | answer
    heading: str
    text: tuple[str, ...]


def paragraphs(of: Statement) -> tuple[Section, ...]:
    """All that a statement says, in the order of reading."""
    said = _to_reporter(of) if of.to == "reporter" else _to_affected(of)
    return tuple(
        Section(name=name, heading=words.say(of.lang, f"notice.heading_{name}"), text=tuple(text))
        for name, text in said
        if text
    )


def day(lang: str, at: datetime) -> str:
    """A day as people read it: in Persian in both calendars, since a deadline must not be misread."""
    shown = words.day(lang, at)
    return f"{words.day(lang, at, calendar='jalali')} ({shown})" if lang == "fa" else shown


def _to_affected(of: Statement) -> Iterator[tuple[str, list[str]]]:
    say, lang = words.say, of.lang
    yield "what", [_what(of)]
    yield "content", _content(of)
    if of.kind in ("undone", "reversed") or of.action == Action.RESTORE:
        yield "answer", [of.answer] if of.answer else []
        return
    yield "rule", [of.rule] if of.rule else []
    yield "facts", _facts(of)
    found = of.found or ("own",)
    yield "found", [say(lang, f"notice.found_{one}") for one in found]
    by = "two" if of.automated == "not" and of.people > 1 else of.automated
    machine = say(lang, f"notice.automation_found_{'yes' if of.detected else 'no'}")
    yield "automation", [machine, say(lang, f"notice.automation_decided_{by}")]
    if of.action != Action.WARN:
        yield "where", [_where(of)]
        yield "how_long", [_how_long(of)]
    if of.kind == "upheld":
        yield "answer", [*([of.answer] if of.answer else []), say(lang, "notice.appeal_done")]
        yield "appeal", [say(lang, "notice.appeal_besides")]
        return
    yield "appeal", _appeal(of)


def _to_reporter(of: Statement) -> Iterator[tuple[str, list[str]]]:
    key = {Action.NO_ACTION: "no_action", Action.REFUSE: "refused", Action.RESTORE: "restored"}
    name = key.get(of.action, "acted") if of.kind == "decided" else of.kind
    reported = day(of.lang, of.reported_at or of.at)
    yield "what", [words.say(of.lang, f"notice.reporter_{name}", day=reported)]
    yield "answer", [of.answer] if of.answer else []
    yield "appeal", _appeal(of)


def _what(of: Statement) -> str:
    if of.kind != "decided":
        return words.say(of.lang, f"notice.what_{of.kind}", day=day(of.lang, of.at))
    partly = of.action == Action.REMOVE and EVERYWHERE not in of.jurisdictions
    return words.say(of.lang, f"notice.what_{of.action}{'_some' if partly else ''}")


def _content(of: Statement) -> list[str]:
    if of.quote is None and of.subject_kind == "account":
        return [words.say(of.lang, "notice.your_account", name=of.name or "")]
    if of.quote is None:
        return [words.say(of.lang, "notice.no_words", day=day(of.lang, of.content_at))]
    said = [words.say(of.lang, "notice.quote", text=of.quote)]
    return [*said, words.say(of.lang, "notice.posts_count", count=of.posts)] if of.posts > 1 else said


def _facts(of: Statement) -> list[str]:
    say, lang = words.say, of.lang
    said: list[str] = []
    if of.members > 1:
        said += [
            say(lang, "notice.facts_network", count=of.members - 1),
            say(lang, "notice.facts_network_open"),
        ]
    if of.stance is not None:
        said.append(say(lang, f"notice.facts_stance_{of.stance}"))
    if of.purpose is not None:
        said.append(say(lang, f"notice.facts_purpose_{of.purpose}"))
    if of.deciding:
        quoted = " · ".join(say(lang, "notice.quote", text=one) for one in of.deciding)
        said.append(say(lang, "notice.facts_words", words=quoted))
    if of.authority is not None:
        said.append(say(lang, "notice.facts_order", authority=of.authority, basis=of.basis or ""))
    if not said:
        said.append(say(lang, "notice.facts_rule" if of.automated == "fully" else "notice.facts_reviewed"))
    return said


def _where(of: Statement) -> str:
    if EVERYWHERE in of.jurisdictions:
        return words.say(of.lang, "notice.where_everywhere")
    places = words.say(of.lang, "notice.separator").join(of.jurisdictions)
    return words.say(of.lang, "notice.where_places", places=places)


def _how_long(of: Statement) -> str:
    if of.expires_at is None:
        return words.say(of.lang, "notice.how_long_open")
    return words.say(of.lang, "notice.how_long_until", day=day(of.lang, of.expires_at))


def _appeal(of: Statement) -> list[str]:
    if of.appeal_until is None:
        return []
    return [
        words.say(of.lang, "notice.appeal_how", day=day(of.lang, of.appeal_until)),
        words.say(of.lang, "notice.appeal_who", count=of.appeal_days),
        words.say(of.lang, "notice.appeal_besides"),
    ]
