"""How a platform decides: its policy, when a second person is needed, how strikes weigh, how long appeals last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tarazu.cases.decision import Action
from tarazu.errors import OptionError
from tarazu.verdicts import Severity

if TYPE_CHECKING:
    from tarazu.policy.clause import Policy


def _weights() -> Mapping[Severity, int]:
    return {Severity.LOW: 1, Severity.MEDIUM: 2, Severity.HIGH: 3, Severity.CRITICAL: 5}


def _irreversible() -> Mapping[str, frozenset[Action]]:
    # A post that was deleted on Mastodon cannot come back.
    return {"mastodon": frozenset({Action.REMOVE})}


@dataclass(frozen=True, kw_only=True)
class DecisionSettings:
    """Everything the rules of deciding depend on; the defaults are the ones documented."""

    policies: tuple[Policy, ...] = ()  # the one in force first, then earlier ones that findings still cite
    mass: int = 10  # a decision on more subjects than this needs a second person
    irreversible: Mapping[str, frozenset[Action]] = field(
        default_factory=_irreversible
    )  # platform -> actions
    strike_actions: frozenset[Action] = frozenset({Action.REMOVE, Action.LIMIT, Action.WARN, Action.SUSPEND})
    strike_weights: Mapping[Severity, int] = field(default_factory=_weights)
    strike_life: timedelta = timedelta(days=365)
    thresholds: tuple[tuple[int, Action], ...] = (
        (6, Action.LIMIT),
        (10, Action.SUSPEND),
    )  # proposed, never done
    program_daily: int = 200  # decisions a day that a token makes without a person, where it may at all
    appeal_window: timedelta = timedelta(days=184)  # six months, whichever they are: DSA Art. 20(1)
    appeal_answer: timedelta = timedelta(days=14)
    notice_key: bytes | None = field(default=None, repr=False)  # default: made from the key of the store

    def __post_init__(self) -> None:
        if self.mass < 1:
            raise OptionError(
                "`mass` must be at least 1: how many subjects one person may decide about alone."
            )
        if self.program_daily < 0:
            raise OptionError("`program_daily` is a number of decisions, 0 or more.")
        if self.appeal_window < timedelta(days=180):
            raise OptionError(
                "An appeal must be possible for six months at least; make `appeal_window` longer."
            )
        if any(action not in (Action.LIMIT, Action.SUSPEND) for _, action in self.thresholds):
            raise OptionError("`thresholds` can propose to limit or to suspend an account, nothing else.")
