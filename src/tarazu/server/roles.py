"""Who may do what: roles are sets of permissions; a person may have several roles and has what any of them gives."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody does here."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    LEAD = "lead"
    POLICY_EDITOR = "policy_editor"
    ADMIN = "admin"
    AUDITOR = "auditor"


# Permission -> what it lets one do. Routes and scopes of tokens use these names and no others.
PERMISSIONS: Final[dict[str, str]] = {
    "own.edit": "one's own settings, password and sessions",
    "case.view": "the queue, cases, search",
    "case.decide": "decide a case, undo, lock, propose",
    "case.second": "agree to or decline what somebody else proposed",
    "network.suspend": "propose to suspend a whole network",
    "media.reveal": "see a blurred picture",
    "query.save": "save a search",
    "appeal.view": "appeals that wait",
    "appeal.decide": "decide an appeal against somebody else's decision",
    "notice.hand": "the links of notices, to hand each to whom it is for",
    "report.add": "hand in items and reports",
    "order.add": "hand in orders of authorities, which run against a clock",
    "quality.view": "agreement, overturned decisions",
    "golden.edit": "cases whose right answer is known",
    "policy.view": "policies, entity lists, rules",
    "policy.edit": "change policies and entity lists",
    "rule.edit": "make and change rules that may act alone",
    "rule.stop": "stop a rule at once",
    "bank.match": "look pictures up in banks",
    "bank.edit": "add to and remove from banks",
    "people.manage": "invite people, give and take roles",
    "settings.view": "how this installation is set",
    "settings.edit": "change how this installation is set",
    "api.token": "make and revoke tokens of the API",
    "ledger.read": "the ledger and its checks",
    "hold.place": "keep what would be erased",
    "item.erase": "erase what the law asks to erase",
}

_VIEW = {"own.edit", "case.view", "appeal.view", "policy.view"}
_REVIEW = _VIEW | {"case.decide", "network.suspend", "media.reveal", "query.save", "report.add", "bank.match"}

GRANTS: Final[dict[Role, frozenset[str]]] = {
    Role.VIEWER: frozenset(_VIEW),
    Role.REVIEWER: frozenset(_REVIEW),
    Role.LEAD: frozenset(
        _REVIEW
        | {
            "order.add",
            "case.second",
            "appeal.decide",
            "notice.hand",
            "quality.view",
            "golden.edit",
            "rule.stop",
            "hold.place",
        }
    ),
    Role.POLICY_EDITOR: frozenset(
        _VIEW
        | {"policy.edit", "rule.edit", "rule.stop", "query.save", "quality.view", "bank.match", "bank.edit"}
    ),
    Role.ADMIN: frozenset(
        {
            "own.edit",
            "people.manage",
            "settings.view",
            "settings.edit",
            "api.token",
            "report.add",
            "order.add",
            "rule.stop",
        }
        | {"ledger.read", "hold.place", "item.erase", "bank.match", "bank.edit", "policy.view"}
    ),
    Role.AUDITOR: frozenset(_VIEW | {"ledger.read", "quality.view", "settings.view"}),
}

# The first person of an installation: enough to begin alone; a second person is invited for what needs two.
FIRST = (Role.ADMIN, Role.LEAD, Role.POLICY_EDITOR)


def permissions(roles: Iterable[Role | str]) -> frozenset[str]:
    """What these roles give together."""
    return frozenset().union(*(GRANTS[Role(role)] for role in roles))
