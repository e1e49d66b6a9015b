"""What somebody would do with a case: compared with what was decided, it changes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tarazu.cases.decision import Action
from tarazu.ledger import canonical


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody would do with a case."""

    action: Action
    clause_id: str | None = None

    @property
    def label(self) -> str:
        """What is compared: the clause that is broken, or that none is."""
        return (self.clause_id or "?") if self.action.blames else "none"

    def json(self) -> str:
        """As it is kept."""
        return canonical.dumps({"action": str(self.action), "clause": self.clause_id})

    @classmethod
    def of(cls, kept: str) -> Answer:
        """Out of what is kept."""
        read = json.loads(kept)
        return cls(action=Action(read["action"]), clause_id=read["clause"])
