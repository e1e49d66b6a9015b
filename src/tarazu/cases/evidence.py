"""The evidence of a decision, frozen: what was seen, what was found, under which rule, by which versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tarazu.cases import clean
from tarazu.cases.decision import Choice
from tarazu.cases.file import CaseFile, json_list
from tarazu.cases.objection import DecisionRefused
from tarazu.ledger import canonical
from tarazu.store.times import ms

if TYPE_CHECKING:
    from tarazu.policy.clause import Clause, Policy


def name_of(policy: Policy) -> str:
    """How findings cite a policy."""
    return f"{policy.id}@{policy.version}#{policy.digest[:12]}"


def pinned(policies: tuple[Policy, ...], file: CaseFile) -> Policy | None:
    """The policy that the findings of the case were made under, or the one in force where they cite none we have."""
    cited = [one.versions["policy"] for one in file.findings if "policy" in one.versions]
    for name in cited:
        for policy in policies:
            if name_of(policy) == name:
                return policy
    return policies[0] if policies else None


def clause_of(policy: Policy | None, clause_id: str | None) -> Clause | None:
    """The clause of the policy; raises DecisionRefused where it has none with this id."""
    if clause_id is None:
        return None
    known = {} if policy is None else {one.id: one for one in policy.clauses}
    if clause_id not in known:
        there = ", ".join(sorted(known)) or "none: give the settings a policy"
        name = "no policy" if policy is None else f"{policy.id} {policy.version}"
        raise DecisionRefused(f"There is no clause {clause_id!r} in {name}. Its clauses: {there}.")
    return known[clause_id]


def freeze(file: CaseFile, choice: Choice, policy: Policy | None, clause: Clause | None) -> str:
    """Everything the decision rests on as canonical JSON. Nobody's contact is in it, nor who reported."""
    row = file.row
    facts = {
        "case": {
            "id": file.id,
            "kind": str(file.kind),
            "title": row.title,
            "severity": row.severity,
            "certainty": row.certainty,
            "reach": row.reach,
            "jurisdiction": row.jurisdiction,
            "sources": list(json_list(row.sources)),
            "reports": row.reports,
            "opened_at": row.opened_at,
        },
        "items": [
            {
                "id": item.id,
                "role": str(role),
                "kind": str(item.kind),
                "platform": item.platform,
                "external_id": item.external_id,
                "author_id": item.author_id,
                "text": item.text,
                "lang": item.lang,
                "created_at": None if item.created_at is None else ms(item.created_at),
                "url": item.url,
                "media": [one.line for one in item.media],
                "digest": item.digest,
            }
            for item, role in file.items
        ],
        "findings": [  # the words with their offsets, stances, grounds and sightings are in the body, as found
            {
                "id": one.id,
                "item_id": one.item_id,
                "kind": str(one.kind),
                "certainty": one.certainty,
                "body": one.body,
                "versions": one.versions,
            }
            for one in file.findings
        ],
        "reports": [
            {
                "id": one.id,
                "kind": str(one.kind),
                "reason": one.reason,
                "clause_id": one.clause_id,
                "authority": one.authority,
                "legal_basis": one.legal_basis,
                "jurisdiction": one.jurisdiction,
            }
            for one in file.reports
        ],
        "versions": dict(file.versions),
        "policy": None
        if policy is None
        else {"id": policy.id, "version": policy.version, "digest": policy.digest},
        "clause": None
        if clause is None
        else {
            "id": clause.id,
            "text": dict(clause.text),
            "severity": str(clause.severity),
            "dsa_category": clause.dsa_category,
            "dsa_keyword": clause.dsa_keyword,
        },
        "choice": {
            "action": str(choice.action),
            "stage": str(choice.stage or ""),
            "stance": None if choice.stance is None else str(choice.stance),
            "purpose": None if choice.purpose is None else str(choice.purpose),
            "jurisdictions": list(choice.jurisdictions),
            "exclude": sorted(choice.exclude),
        },
    }
    return canonical.dumps(clean.value(facts))
