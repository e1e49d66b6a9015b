"""What this installation judges by: the versions in force in its store, which its files are taken into at the start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.policy_in_force import InForce
from tarazu.cases.policy_version import Kind, read_files
from tarazu.cases.policy_versions import PolicyVersions
from tarazu.server.roles import GRANTS, Role
from tarazu.store import Store
from tarazu.store.tables.people import people
from tarazu.store.view import View

if TYPE_CHECKING:
    from starlette.datastructures import State

    from tarazu.policy.designations import EntityList
    from tarazu.settings import Settings


def decision_settings(settings: Settings) -> DecisionSettings:
    """How decisions are made under the policy of the settings, or the bundled one.

    Raises NotReadable or InputError for a wrong file.
    """
    from tarazu.policy.examples import example_policy
    from tarazu.policy.policy_file import read_policy

    return DecisionSettings(policies=(read_policy(settings.policy or example_policy()),))


def entities(settings: Settings, *, demo: bool = False) -> EntityList:
    """The list of the settings; else the invented one for the demo, the example otherwise."""
    from tarazu.policy.designations import read_entities
    from tarazu.policy.examples import example_entities, invented_entities

    return read_entities(*(settings.entities or [invented_entities() if demo else example_entities()]))


def take_in(settings: Settings, store: Store, *, demo: bool = False) -> None:
    """Take the files of the settings into the store, at the start.

    Raises NotReadable or InputError for a wrong file.
    """
    from tarazu.policy.examples import example_entities, example_policy, invented_entities

    versions = PolicyVersions(store)
    policy = read_files(Kind.POLICY, [settings.policy or example_policy()])
    versions.take_in(policy, "file" if settings.policy else "example")
    lists = settings.entities or [invented_entities() if demo else example_entities()]
    versions.take_in(read_files(Kind.ENTITIES, lists), "file" if settings.entities else "example")


def in_force(state: State, settings: Settings, store: Store, *, demo: bool = False) -> InForce:
    """What is in force, as the application with this state asks for it: one for each application."""
    if not hasattr(state, "in_force"):
        state.in_force = InForce(
            store,
            lambda: getattr(state, "decision_settings", None) or DecisionSettings(),
            lambda: getattr(state, "entities", None) or entities(settings, demo=demo),
        )
    return cast(InForce, state.in_force)


def nobody_else(view: View, person_id: str) -> bool:
    """Whether no other active person may change policies."""
    return not any(one.id != person_id and _edits(one.roles) for one in view.rows(_ACTIVE))


def _edits(roles: Any) -> bool:
    known = {str(role) for role in Role if "policy.edit" in GRANTS[role]}
    return bool(known.intersection(json.loads(roles)))


_ACTIVE = select(people.c.id, people.c.roles).where(people.c.active == 1)
