"""Policies: what is in force and what was, clause by clause, and every version with what it would change."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from tarazu.cases.evidence import name_of
from tarazu.cases.policy_version import Kind
from tarazu.policy.clause import Clause, Policy
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import language, render
from tarazu.server.version_routes import past, routes
from tarazu.server.visitor import Person
from tarazu.store.tables.cases import findings

LOOKED_AT = 500  # findings whose versions are named
FIELDS = (
    "text", "kinds", "authorities", "jurisdictions", "stances", "stays_up", "partisan", "pictures", "severity",
)  # fmt: skip


def differences(old: Policy, new: Policy) -> dict[str, Any]:
    """What differs between two policies, clause by clause."""
    before, after = ({one.id: one for one in policy.clauses} for policy in (old, new))
    return {
        "added": [one for one in after if one not in before],
        "removed": [one for one in before if one not in after],
        "changed": [
            (one, _differs(before[one], after[one]))
            for one in after
            if one in before and before[one] != after[one]
        ],
    }


def _differs(before: Clause, after: Clause) -> list[str]:
    return [one for one in FIELDS if getattr(before, one) != getattr(after, one)]


def listing(
    request: Request, status: int = 200, *, fault: str = "", said: str = "", written: str = ""
) -> Response:
    """The page."""
    asked = select(findings.c.versions).order_by(findings.c.id.desc()).limit(LOOKED_AT)
    cited: dict[str, dict[str, int]] = {}
    with desk(request).store.read() as view:
        for row in view.rows(asked):
            for name, value in json.loads(row.versions).items():
                under = cited.setdefault(str(name), {})
                under[str(value)] = under.get(str(value), 0) + 1
    return render(
        request,
        "policies.html",
        status,
        policies=casework(request).settings.policies[:1],
        name_of=name_of,
        cited={name: sorted(under.items(), key=lambda pair: -pair[1])[:5] for name, under in sorted(cited.items())},
        looked_at=LOOKED_AT,
        spoken=language(request),
        fault=fault,
        said=said,
        written=written,
        **past(request, Kind.POLICY),
    )  # fmt: skip


router = routes(Kind.POLICY, listing, differences)


@router.get("/policies")
def policies(request: Request, person: Annotated[Person, Depends(permit("policy.view"))]) -> Response:
    """What is in force, and every version."""
    return listing(request)
