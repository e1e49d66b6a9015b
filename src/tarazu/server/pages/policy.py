"""Policies: what is in force and what was, clause by clause, and what differs between two files."""

from __future__ import annotations

import difflib
import hashlib
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy import select

from tarazu.cases.evidence import name_of
from tarazu.errors import InputError
from tarazu.policy.clause import Clause, Policy
from tarazu.server.casework import casework
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import language, render
from tarazu.server.visitor import Person
from tarazu.store.tables.cases import findings

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Person, Depends(permit("policy.view"))]
LARGEST = 1_000_000  # bytes of one file
LOOKED_AT = 500  # findings whose versions are named


@router.get("/policies")
def policies(request: Request, person: Viewer) -> Response:
    """The policies, the one in force first."""
    return _page(request)


@router.post("/policies/compare")
def compare(
    request: Request,
    person: Viewer,
    old: Annotated[UploadFile, File()],
    new: Annotated[UploadFile, File()],
) -> Response:
    """Two files beside each other. Nothing is kept and nothing changes."""
    texts: list[str] = []
    try:
        for one in (old, new):
            raw = one.file.read(LARGEST + 1)
            if len(raw) > LARGEST:
                return _page(request, 413, fault="policy.fault_large")
            texts.append(raw.decode("utf-8"))
        read = [
            _read(text, one.filename or "policy.yaml") for text, one in zip(texts, (old, new), strict=True)
        ]
    except UnicodeDecodeError:
        return _page(request, 422, fault="policy.fault_text")
    except InputError as fault:
        return _page(request, 422, fault="policy.fault_read", said=str(fault))
    before, after = ({one.id: one for one in policy.clauses} for policy in read)
    lines = difflib.unified_diff(texts[0].splitlines(), texts[1].splitlines(), "", "", lineterm="", n=3)
    return _page(
        request,
        compared={
            "old": read[0],
            "new": read[1],
            "added": [one for one in after if one not in before],
            "removed": [one for one in before if one not in after],
            "changed": [
                (one, _differs(before[one], after[one]))
                for one in after
                if one in before and before[one] != after[one]
            ],
            "lines": [line for line in lines if not line.startswith(("--- ", "+++ "))][:2000],
        },
    )


def _read(text: str, name: str) -> Policy:
    from tarazu.policy.policy_file import of_tree
    from tarazu.safe import tree
    from tarazu.safe.faults import Faults

    faults = Faults()
    policy = of_tree(tree.parse(text, name, faults), hashlib.sha256(text.encode()).hexdigest())
    faults.stop()
    return policy


def _differs(before: Clause, after: Clause) -> list[str]:
    fields = (
        "text",
        "kinds",
        "authorities",
        "jurisdictions",
        "stances",
        "stays_up",
        "partisan",
        "pictures",
        "severity",
    )
    return [one for one in fields if getattr(before, one) != getattr(after, one)]  # fmt: skip


def _page(
    request: Request,
    status: int = 200,
    *,
    compared: dict[str, Any] | None = None,
    fault: str = "",
    said: str = "",
) -> Response:
    held = casework(request).settings.policies
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
        policies=held,
        name_of=name_of,
        cited={name: sorted(under.items(), key=lambda pair: -pair[1])[:5] for name, under in sorted(cited.items())},
        looked_at=LOOKED_AT,
        spoken=language(request),
        compared=compared,
        fault=fault,
        said=said,
    )  # fmt: skip
