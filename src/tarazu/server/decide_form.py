"""The form that decides: what can be chosen, what is suggested, and what somebody chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tarazu import words
from tarazu.cases.case import CaseKind
from tarazu.cases.decision import EVERYWHERE, Action, Choice
from tarazu.cases.report import ReportKind, ReportState
from tarazu.server import sentences
from tarazu.server.case_page import Page
from tarazu.verdicts import Purpose, Stance

KEYS = {
    Action.REMOVE: "r",
    Action.LABEL: "l",
    Action.LIMIT: "i",
    Action.WARN: "w",
    Action.SUSPEND: "s",
    Action.RESTORE: "o",
    Action.NO_ACTION: "n",
    Action.REFUSE: "f",
}
DAYS = (1, 7, 30, 90, 180)
LONGEST = 5_000  # characters of a reason


@dataclass(frozen=True, kw_only=True)
class Way:
    """One thing that can be decided."""

    action: Action
    key: str
    suggestion: str
    needs_clause: bool
    needs_reason: bool


@dataclass(frozen=True, kw_only=True)
class Values:
    """What stands in the form."""

    action: str = ""
    clause: str = ""
    stance: str = ""
    purpose: str = ""
    places: tuple[str, ...] = (EVERYWHERE,)
    days: str = ""
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Form:
    """What the template draws."""

    ways: tuple[Way, ...]
    clauses: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    values: Values
    reason_lang: str  # of the suggested sentence
    fault: str = ""  # why it was not taken
    fault_said: str = ""  # the same in English, where there is no sentence of ours


def form(lang: str, page: Page, values: Values | None, key: str, fault: str = "", said: str = "") -> Form:
    """The form of a case, as it stands before anybody chose, or after what they chose was not taken."""
    row, body = page.case.row, page.verdict
    spoken = row.lang if row.lang in words.LANGUAGES else lang
    found = [str(one) for one in body.get("clauses") or ()]
    clauses = [(one.id, one.words(lang)) for one in page.policy.clauses] if page.policy else []
    clauses += [(one, "") for one in found if one not in dict(clauses)]
    places = [place for told in page.told for place, _ in told.where]
    places += [one.jurisdiction for one in page.case.reports if one.jurisdiction]
    stances = {one["entity_id"]: one["stance"] for one in body.get("stances") or ()}
    if values is None:
        forbidden = [one for one in stances.values() if one in (Stance.PRAISE, Stance.SUPPORT)]
        values = Values(
            clause=row.clause_id or (found[0] if found else ""),
            stance=next(iter(forbidden or stances.values()), ""),
            purpose=str(body.get("purpose") or ""),
            key=key,
        )
    ordered = any(
        one.kind == ReportKind.GOVERNMENT_ORDER and one.state == ReportState.OPEN for one in page.case.reports
    )
    ways = [Action.REMOVE, Action.LABEL, Action.LIMIT, Action.WARN, Action.NO_ACTION, Action.SUSPEND]
    if row.kind == CaseKind.ACCOUNT:
        ways.remove(Action.REMOVE)
    return Form(
        ways=tuple(_way(spoken, page, one) for one in [*ways, *([Action.REFUSE] if ordered else [])]),
        clauses=tuple(clauses),
        places=tuple(dict.fromkeys(one for one in places if one != EVERYWHERE)),
        values=values,
        reason_lang=spoken,
        fault=fault,
        fault_said=said,
    )


def _way(lang: str, page: Page, action: Action) -> Way:
    stances: Sequence[Mapping[str, object]] = page.verdict.get("stances") or ()
    names = [sentences.name_of(page.verdict, str(one["entity_id"])) for one in stances]
    suggestion = ""
    taking = [n for n, one in enumerate(stances) if one["stance"] in (Stance.PRAISE, Stance.SUPPORT)]
    if action.blames and taking:
        key = f"decide.because_{stances[taking[0]]['stance']}"
        suggestion = words.say(lang, key, name=names[taking[0]])
    elif action == Action.NO_ACTION and names:
        suggestion = words.say(lang, "decide.because_allowed", name=names[0])
    return Way(
        action=action,
        key=KEYS[action],
        suggestion=suggestion,
        needs_clause=action.blames,
        needs_reason=action != Action.NO_ACTION,
    )


def fault_of(values: Values) -> str:
    """What is missing: a key of the catalogue `decide`, or nothing."""
    if values.action not in set(Action):
        return "decide.fault_action"
    if Action(values.action).blames and not values.clause:
        return "decide.fault_clause"
    if values.action != Action.NO_ACTION and not values.reason.strip():
        return "decide.fault_reason"
    if len(values.reason) > LONGEST:
        return "decide.fault_long"
    return "" if values.places else "decide.fault_places"


def choice(values: Values) -> Choice:
    """As the domain wants it; `fault_of` was asked before."""
    return Choice(
        action=Action(values.action),
        reason=values.reason.strip(),
        clause_id=values.clause or None if Action(values.action).blames else None,
        stance=Stance(values.stance) if values.stance in set(Stance) else None,
        purpose=Purpose(values.purpose) if values.purpose in set(Purpose) else None,
        jurisdictions=(EVERYWHERE,) if EVERYWHERE in values.places else values.places,
        duration=timedelta(days=int(values.days)) if values.days in {str(one) for one in DAYS} else None,
        key=values.key or None,
    )
