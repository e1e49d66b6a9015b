"""What a job has at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tarazu.cases.decision_settings import DecisionSettings
from tarazu.settings import Settings
from tarazu.store import Store

if TYPE_CHECKING:
    from tarazu.policy.designations import EntityList


@dataclass(frozen=True, kw_only=True)
class Supplies:
    """The installation that a job works for."""

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    deciding: Callable[[], DecisionSettings]  # as it is now
    entities: Callable[[], EntityList]
    demo: bool = False


def of_installation(settings: Settings, store: Store, *, demo: bool = False) -> Supplies:
    """Those of a process that serves nobody: a job apart, or one from the command line."""
    from tarazu.cases.policy_in_force import InForce
    from tarazu.server.policies import decision_settings, entities

    held = InForce(store, lambda: decision_settings(settings), lambda: entities(settings, demo=demo))

    return Supplies(
        settings=settings,
        store=store,
        clock=store.clock,
        deciding=held.settings,
        entities=lambda: held.entities() or entities(settings, demo=demo),
        demo=demo,
    )
