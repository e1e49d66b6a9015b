"""A statement of reasons as the EU's transparency database takes it (DSA Art. 17 and 24(5)). No personal data.

Only what a platform says of a class of cases is in it: no id of a person, no quotation, no free text of a reviewer.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tarazu import words
from tarazu.cases.decision import EVERYWHERE, Action

if TYPE_CHECKING:
    from tarazu.cases.statement import Statement

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(_EU[place : place + 2] for place in range(0, len(_EU), 3))
EEA = EU | {"IS", "LI", "NO"}
GROUND, EXPLANATION, FACTS, OTHER = 500, 2000, 5000, 500  # characters that the database takes

_SOURCES = {
    "user": "SOURCE_ARTICLE_16",
    "trusted_flagger": "SOURCE_TRUSTED_FLAGGER",
    "government_order": "SOURCE_TYPE_OTHER_NOTIFICATION",
}
_DECIDED = {
    "fully": "AUTOMATED_DECISION_FULLY",
    "partially": "AUTOMATED_DECISION_PARTIALLY",
    "not": "AUTOMATED_DECISION_NOT_AUTOMATED",
}
_NETWORK = (
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
    ("KEYWORD_MISINFORMATION_DISINFORMATION", "KEYWORD_COORDINATED_HARM"),
)
_UNNAMED = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"


@cache
def terms() -> dict[str, frozenset[str]]:
    """The categories and keywords that the database knows."""
    text = Path(__file__).with_name("dsa_terms.json").read_text(encoding="utf-8")
    return {name: frozenset(values) for name, values in json.loads(text).items()}


def reportable(statement: Statement) -> bool:
    """Whether it restricts anything: only restrictions are reported, and only to who is restricted."""
    return statement.kind == "decided" and statement.to == "affected" and statement.action.blames


def record(statement: Statement) -> dict[str, object] | None:
    """The fields of one statement; None where nothing is restricted."""
    if not reportable(statement):
        return None
    en = "en"  # one language for the record, whatever the notice is in
    fields: dict[str, object] = {
        "puid": statement.puid,
        **_restriction(statement),
        **_ground(statement),
        **_content(statement),
        "content_date": statement.content_at.date().isoformat(),
        "application_date": statement.at.date().isoformat(),
        "decision_facts": words.say(en, "notice.dsa_facts", facts=_facts(statement))[:FACTS],
        "source_type": next(
            (_SOURCES[one] for one in _SOURCES if one in statement.found), "SOURCE_VOLUNTARY"
        ),
        "automated_detection": "Yes" if statement.detected else "No",
        "automated_decision": _DECIDED[statement.automated],
        **_category(statement),
    }
    territory = _territory(statement.jurisdictions)
    if territory:
        fields["territorial_scope"] = territory
    return fields


def _restriction(statement: Statement) -> dict[str, object]:
    end = None if statement.expires_at is None else statement.expires_at.date().isoformat()
    if statement.action == Action.SUSPEND:
        return {"decision_account": "DECISION_ACCOUNT_SUSPENDED", "end_date_account_restriction": end}
    everywhere = EVERYWHERE in statement.jurisdictions
    visibility = {
        Action.REMOVE: "DECISION_VISIBILITY_CONTENT_REMOVED"
        if everywhere
        else "DECISION_VISIBILITY_CONTENT_DISABLED",
        Action.LABEL: "DECISION_VISIBILITY_CONTENT_LABELLED",
        Action.LIMIT: "DECISION_VISIBILITY_CONTENT_DEMOTED",
        Action.WARN: "DECISION_VISIBILITY_OTHER",
    }[statement.action]
    found: dict[str, object] = {"decision_visibility": [visibility], "end_date_visibility_restriction": end}
    if statement.action == Action.WARN:
        found["decision_visibility_other"] = words.say("en", "notice.dsa_warning")
    return found


def _ground(statement: Statement) -> dict[str, object]:
    rule = statement.rule_in_english or words.say("en", "notice.dsa_no_clause")
    if statement.basis:
        return {
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": statement.basis[:GROUND],
            "illegal_content_explanation": rule[:EXPLANATION],
        }
    return {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": (statement.clause_id or rule)[:GROUND],
        "incompatible_content_explanation": rule[:EXPLANATION],
    }


def _content(statement: Statement) -> dict[str, object]:
    found: dict[str, object] = {}
    if statement.subject_kind == "account":
        found["content_type"] = ["CONTENT_TYPE_OTHER"]
        found["content_type_other"] = words.say("en", "notice.dsa_account")[:OTHER]
    else:
        kinds = ["CONTENT_TYPE_TEXT"] if statement.quote else []
        kinds += ["CONTENT_TYPE_IMAGE"] if statement.pictures or not kinds else []
        found["content_type"] = kinds
    tongue = (statement.content_lang or "").split("-")[0].upper()
    if len(tongue) == 2 and tongue.isascii() and tongue.isalpha():
        found["content_language"] = tongue
    return found


def _category(statement: Statement) -> dict[str, object]:
    known = terms()
    category = statement.dsa_category if statement.dsa_category in known["categories"] else None
    if category is None and statement.members:
        return {"category": _NETWORK[0], "category_specification": list(_NETWORK[1])}
    found: dict[str, object] = {"category": category or _UNNAMED, "category_specification": []}
    if statement.dsa_keyword is not None:
        keyword = statement.dsa_keyword if statement.dsa_keyword in known["keywords"] else "KEYWORD_OTHER"
        found["category_specification"] = [keyword]
        if keyword == "KEYWORD_OTHER":
            found["category_specification_other"] = words.say("en", "notice.dsa_keyword_other")[:OTHER]
    return found


def _facts(statement: Statement) -> str:
    """What was held, without a word of the post."""
    said = [words.say("en", f"notice.facts_stance_{statement.stance}")] if statement.stance else []
    said += [words.say("en", f"notice.facts_purpose_{statement.purpose}")] if statement.purpose else []
    said += [words.say("en", f"notice.found_{one}") for one in statement.found]
    return " ".join(said)


def _territory(places: tuple[str, ...]) -> list[str]:
    found: set[str] = set()
    for place in places:
        found |= EEA if place == EVERYWHERE else EU if place == "EU" else {place} & EEA
    return sorted(found)
