"""Findings and times as one sentence in the language of who reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tarazu import words
from tarazu.cases.case import CaseRow
from tarazu.cases.finding import FindingKind
from tarazu.verdicts import Purpose, Stance

NAME = 60  # characters of a name inside a sentence


def reason(lang: str, kind: str, body: Mapping[str, Any]) -> str:
    """Why something was found: in English as the detector wrote it, else said anew from what it found."""
    written = body.get("reason")
    if lang == "en" and isinstance(written, str) and written:
        return written
    stances: Sequence[Mapping[str, Any]] = body.get("stances") or ()
    if stances:
        first = max(stances, key=lambda one: (one.get("stance") in ("praise", "support"), one["confidence"]))
        does = words.say(lang, f"case.does_{Stance(first['stance'])}", name=name_of(body, first["entity_id"]))
        share = words.number(lang, float(first["confidence"]), 0, percent=True)
        purpose = body.get("purpose")
        if purpose in set(Purpose):
            return words.say(
                lang, "case.reason_read", does=does, purpose=words.say(lang, f"decide.purpose_{purpose}"), share=share
            )  # fmt: skip
        return words.say(lang, "case.reason_plain", does=does, share=share)
    if any(one.get("matches") for one in body.get("media") or ()):
        return words.say(lang, "case.reason_picture")
    if mentions := body.get("mentions"):
        return words.say(lang, "case.reason_named", name=clip(str(mentions[0]["text"])))
    if kind == FindingKind.STRIKES and "weight" in body:
        action = words.say(lang, f"decide.do_{body['action']}")
        return words.say(lang, "case.reason_strikes", count=int(body["weight"]), action=action)
    return words.say(lang, f"case.reason_{kind}" if kind in set(FindingKind) else "case.reason_none")


def name_of(body: Mapping[str, Any], entity_id: str) -> str:
    """Somebody as the post names them, or their id."""
    for origin in ("mentions", "drawn"):
        for mention in body.get(origin) or ():
            if mention["entity_id"] == entity_id:
                return clip(str(mention["text"]))
    return clip(entity_id)


def clip(text: str, limit: int = NAME) -> str:
    """At most `limit` characters in one line."""
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def reported(lang: str, row: CaseRow) -> str:
    """By whom a case was reported, the gravest kind alone."""
    for source in ("government_order", "trusted_flagger", "user", "anonymous"):
        if source in row.sources:
            return words.say(lang, f"queue.by_{source}", count=row.reports)
    return words.say(lang, "case.reason_none")


def left(lang: str, due: datetime, now: datetime) -> str:
    """How long until a deadline, or since: minutes below two hours, hours below two days."""
    minutes = int((due - now).total_seconds() // 60)
    late = minutes < 0
    count, unit = abs(minutes), "minutes"
    if count >= 120:
        count, unit = count // 60, "hours"
        if count >= 48:
            count, unit = count // 24, "days"
    return words.say(lang, f"queue.{'late' if late else 'left'}_{unit}", count=count)


def ago(lang: str, then: datetime, now: datetime) -> str:
    """How long something has waited: `3 h`."""
    minutes = max(1, int((now - then).total_seconds() // 60))
    if minutes < 120:
        return words.say(lang, "queue.for_minutes", count=minutes)
    hours = minutes // 60
    return words.say(lang, "queue.for_hours", count=hours) if hours < 48 else words.say(
        lang, "queue.for_days", count=hours // 24
    )  # fmt: skip
