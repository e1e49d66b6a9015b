"""What deciding refuses, each with what to do next.

CaseError
└── DecisionRefused      what was asked cannot be decided
    ├── AlreadyDecided   somebody else was first
    ├── SamePerson       it takes another person
    ├── WrongState       the decision is past the point where this can be done
    ├── DecisionNotFound there is none with this id
    ├── NoticeNotFound   no page behind this link
    └── AppealRefused    this cannot be appealed, or not any more
"""

from __future__ import annotations

from tarazu.cases.refusal import CaseError


class DecisionRefused(CaseError):
    """What was asked cannot be decided; the message says what is missing."""


class AlreadyDecided(DecisionRefused):
    """Somebody else was first."""

    def __init__(self, case_id: str, decision_id: str, actor_id: str, *, proposed: bool) -> None:
        done = "has proposed a decision on" if proposed else "has decided"
        then = "Agree to it or decline it." if proposed else "Undo that decision first if it is wrong."
        super().__init__(
            f"{actor_id} {done} case {case_id} already ({decision_id}). Nothing was changed. {then}"
        )
        self.case_id, self.decision_id, self.actor_id = case_id, decision_id, actor_id


class SamePerson(DecisionRefused):
    """It takes another person."""


class WrongState(DecisionRefused):
    """The decision is past the point where this can be done."""


class DecisionNotFound(DecisionRefused):
    """There is no such decision."""

    def __init__(self, decision_id: str) -> None:
        super().__init__(f"There is no decision {decision_id!r}. Look it up in its case.")
        self.decision_id = decision_id


class NoticeNotFound(DecisionRefused):
    """There is no page behind this link."""

    def __init__(self) -> None:
        super().__init__("There is no notice behind this link. Copy the whole link from the message.")


class AppealRefused(DecisionRefused):
    """This cannot be appealed, or not any more."""
