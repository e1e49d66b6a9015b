"""When a second person is needed, and who counts as another one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tarazu.cases.case import CaseKind
from tarazu.cases.decision import EXCLUDED, Action, Affected
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.file import CaseFile
from tarazu.cases.objection import SamePerson
from tarazu.cases.report import ReportState
from tarazu.store.actor import Actor, ActorKind
from tarazu.store.metadata import METADATA
from tarazu.store.view import View

# Somebody answers for what a token or a rule does: the column of its table that names them.
_MAKERS = {ActorKind.TOKEN: ("tokens", "made_by"), ActorKind.RULE: ("rules", "edited_by")}


def needs(
    file: CaseFile, action: Action, subjects: Sequence[Affected], settings: DecisionSettings
) -> tuple[str, ...]:
    """Why a second person has to agree; empty where one person is enough."""
    touched = [one.subject for one in subjects if one.state != EXCLUDED]
    acts = action not in (Action.NO_ACTION, Action.REFUSE)
    irreversible = any(action in settings.irreversible.get(one.platform, ()) for one in touched)
    ordered = any(one.state == ReportState.OPEN for one in file.orders)
    why = {
        "network": file.kind == CaseKind.NETWORK,
        "suspension": action == Action.SUSPEND,
        "mass": acts and len(touched) > settings.mass,
        "irreversible": irreversible,
        "order": ordered,
    }
    return tuple(name for name, holds in why.items() if holds)


def behind(view: View, kind: str, actor_id: str) -> set[str]:
    """Ids of the people who answer for what an actor does: the actor, who made the token, who wrote the rule."""
    found = {actor_id}
    named = _MAKERS.get(ActorKind(kind))
    table = METADATA.tables.get(named[0]) if named is not None else None
    if named is not None and table is not None:
        who = view.value(select(table.c[named[1]]).where(table.c.id == actor_id))
        if who:
            found.add(str(who))
    return found


def another(view: View, person: Actor, *, than: Sequence[tuple[str, str]], what: str) -> None:
    """Raise SamePerson unless `person` is a person, and none of those behind the given actors."""
    if person.kind != ActorKind.PERSON:
        raise SamePerson(f"Only a person can {what}, not a {person.kind}. Log in and do it yourself.")
    taken: set[str] = set()
    for kind, actor_id in than:
        taken |= behind(view, kind, actor_id)
    if person.id in taken:
        raise SamePerson(f"You had a part in this decision, so somebody else has to {what}. Ask a colleague.")
