"""The states of an entry, and which change leads from which to which."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What an entry may do. Only `ACTIVE` decides; a quarantined or held one informs; a removed one is silent."""

    QUARANTINED = "quarantined"  # new: nobody has confirmed it yet
    ACTIVE = "active"
    HELD = "held"  # the flood guard stopped it: it matches too much to be right unseen
    REMOVED = "removed"  # kept, with who removed it and why

    @property
    def decides(self) -> bool:
        """Whether a match may decide about a post."""
        return self is State.ACTIVE

    @property
    def matches(self) -> bool:
        """Whether it is found at all."""
        return self is not State.REMOVED


class What(StrEnum):
    """What a line of the change log says."""

    CREATED = "created"  # the bank itself
    ADDED = "added"
    CONFIRMED = "confirmed"
    HELD = "held"
    REMOVED = "removed"
    RESTORED = "restored"
    PURGED = "purged"  # erased for good; only this line is left


# From which states a change is possible, and where it leads. A restored entry waits for a person again.
TRANSITIONS: dict[What, tuple[frozenset[State], State]] = {
    What.CONFIRMED: (frozenset({State.QUARANTINED, State.HELD}), State.ACTIVE),
    What.HELD: (frozenset({State.QUARANTINED, State.ACTIVE}), State.HELD),
    What.REMOVED: (frozenset({State.QUARANTINED, State.ACTIVE, State.HELD}), State.REMOVED),
    What.RESTORED: (frozenset({State.REMOVED}), State.QUARANTINED),
}
