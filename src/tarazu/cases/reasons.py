"""From the frozen evidence of a decision to the statement of reasons of one person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tarazu.cases.decision import EXCLUDED, Affected, Decision
from tarazu.cases.statement import QUOTED, WORDS, Statement, language
from tarazu.store.times import moment
from tarazu.verdicts import Severity

MACHINES = ("violation", "media_match", "network", "flagging")
_FIRST_ORDERS = ("government_order", "trusted_flagger", "user", *MACHINES)


class Reasons:
    """The statements that follow from one decision."""

    def __init__(
        self, decision: Decision, *, until: datetime | None, days: int, people: int, answer: str | None = None
    ) -> None:
        """`until` is when appeals end, `days` how long an answer takes, `people` how many decided."""
        self.decision, self.until, self.days, self.people, self.answer = decision, until, days, people, answer
        self.facts: dict[str, Any] = json.loads(decision.facts)
        self.clause: dict[str, Any] = self.facts.get("clause") or {}
        self._items: dict[str, dict[str, Any]] = {one["id"]: one for one in self.facts["items"]}

    @property
    def severity(self) -> Severity:
        """Of the clause; of the case where no clause is named."""
        return Severity(self.clause.get("severity") or self.facts["case"]["severity"])

    def affected(self, whose: Sequence[Affected], kind: str, puid: str) -> Statement:
        """For the person whose posts or account these are."""
        first = whose[0]
        items = [self._items[one.item_id] for one in whose if one.item_id in self._items]
        shown = next((one for one in items if one["text"]), items[0] if items else {})
        posted = shown.get("kind") in ("post", "media")
        account = first.subject.kind == "account"
        lang = language(shown.get("lang"), self._main.get("lang"))
        statement = Statement(
            kind=kind,
            to="affected",
            lang=lang,
            puid=puid,
            action=self.decision.action,
            subject_kind=first.subject.kind,
            at=self.decision.effective_at or self.decision.made_at,
            content_at=moment(shown.get("created_at") or self.facts["case"]["opened_at"]),
            quote=_cut(shown.get("text")) if posted else None,
            name=first.account_id if account else None,
            posts=len(whose),
            pictures=len(shown.get("media") or ()),
            content_lang=shown.get("lang"),
            deciding=self._deciding({one["id"] for one in items}) if posted else (),
            members=self._members if self.facts["case"]["kind"] == "network" else 0,
            jurisdictions=self.decision.jurisdictions,
            expires_at=self.decision.expires_at,
            appeal_until=self.until if kind == "decided" and self.decision.action.blames else None,
            answer=self.answer,
        )
        return self._common(statement)

    def reporter(self, report: Any, kind: str, puid: str) -> Statement:
        """For somebody who reported: what became of it, and nothing about the other side."""
        may = kind == "decided" and self.decision.action in ("no_action", "refuse")
        answer = self.decision.reason if kind == "decided" and self.decision.action == "refuse" else None
        return Statement(
            kind=kind,
            to="reporter",
            lang=language(self._main.get("lang")),
            puid=puid,
            action=self.decision.action,
            subject_kind="report",
            at=self.decision.effective_at or self.decision.made_at,
            content_at=moment(report.received_at),
            reported_at=moment(report.received_at),
            appeal_until=self.until if may else None,
            appeal_days=self.days,
            answer=self.answer or answer,
        )

    def _common(self, of: Statement) -> Statement:
        """What is the same for everybody."""
        texts: Mapping[str, str] = self.clause.get("text") or {}
        english = texts.get("en") or next(iter(texts.values()), None)
        ordered = [one for one in self.facts["reports"] if one["kind"] == "government_order"]
        order: dict[str, Any] = ordered[0] if ordered else {}
        kinds = {"user" if one["kind"] == "anonymous" else one["kind"] for one in self.facts["reports"]}
        kinds |= {one["kind"] for one in self.facts["findings"] if one["kind"] in MACHINES}
        automated = "not"
        if self.decision.automated:
            automated = "partially" if self.decision.second_id else "fully"
        return replace(
            of,
            clause_id=self.decision.clause_id,
            rule=texts.get(of.lang) or english,
            rule_in_english=english,
            stance=self.decision.stance,
            purpose=self.decision.purpose,
            found=tuple(one for one in _FIRST_ORDERS if one in kinds),
            detected=any(one in kinds for one in MACHINES),
            automated=automated,
            people=self.people,
            authority=order.get("authority"),
            basis=order.get("legal_basis"),
            appeal_days=self.days,
            dsa_category=self.clause.get("dsa_category"),
            dsa_keyword=self.clause.get("dsa_keyword"),
        )

    @property
    def _main(self) -> Mapping[str, Any]:
        return next(iter(self.facts["items"]), {})

    @property
    def _members(self) -> int:
        return sum(one.state != EXCLUDED for one in self.decision.subjects)

    def _deciding(self, items: Iterable[str]) -> tuple[str, ...]:
        wanted = set(items)
        for one in self.facts["findings"]:
            found = one["body"].get("words") if one["item_id"] in wanted else None
            if isinstance(found, list) and found:
                said = [str(each.get("text", "")) for each in found if isinstance(each, dict)]
                return tuple(dict.fromkeys(text for text in said if text.strip()))[:WORDS]
        return ()


def _cut(text: str | None) -> str | None:
    if not text or not text.strip():
        return None
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
