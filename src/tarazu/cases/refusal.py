"""What the cases refuse, each with what to do next.

TarazuError
└── CaseError         a case cannot be dealt with as asked
    ├── CaseNotFound  there is none with this id
    ├── CaseLocked    somebody else is looking at it
    └── ReportRefused a report lacks what its kind needs
"""

from __future__ import annotations

from datetime import datetime

from tarazu.errors import TarazuError


class CaseError(TarazuError):
    """A case cannot be dealt with as asked."""

    exit_code = 2


class CaseNotFound(CaseError):
    """There is no such case."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"There is no case {case_id!r}. Look it up in the queue.")
        self.case_id = case_id


class CaseLocked(CaseError):
    """Somebody else is looking at the case."""

    def __init__(self, case_id: str, person_id: str, until: datetime) -> None:
        super().__init__(
            f"Somebody else is looking at case {case_id} until {until:%H:%M} UTC. Take another, or wait."
        )
        self.case_id, self.person_id, self.until = case_id, person_id, until


class ReportRefused(CaseError):
    """A report lacks what its kind needs."""
