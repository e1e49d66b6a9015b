"""What this installation judges by: its policy and its list of entities, the bundled examples where none are set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tarazu.cases.decision_settings import DecisionSettings

if TYPE_CHECKING:
    from tarazu.policy.designations import EntityList
    from tarazu.settings import Settings


def decision_settings(settings: Settings) -> DecisionSettings:
    """How decisions are made under the policy that is set. Raises NotReadable or InputError for a wrong file."""
    from tarazu.policy.examples import example_policy
    from tarazu.policy.policy_file import read_policy

    return DecisionSettings(policies=(read_policy(settings.policy or example_policy()),))


def entities(settings: Settings, *, demo: bool = False) -> EntityList:
    """The list of designated entities that is set; else the invented one for the demo, the example otherwise."""
    from tarazu.policy.designations import read_entities
    from tarazu.policy.examples import example_entities, invented_entities

    return read_entities(*(settings.entities or [invented_entities() if demo else example_entities()]))
