"""A whole network as one decision in two stages: limit, then suspend; undone as a whole or for single accounts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from tarazu.cases import decision_rows
from tarazu.cases.case import CaseKind
from tarazu.cases.decision import Action, Choice, Decision, DecisionState, Stage, Subject
from tarazu.cases.decisions import Decisions
from tarazu.cases.file import accounts, read_file
from tarazu.cases.objection import DecisionRefused, WrongState
from tarazu.store.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Takedown:
    """How far a network has come."""

    case_id: str
    members: tuple[Subject, ...]
    limit: Decision | None  # the one that holds or waits
    suspend: Decision | None
    next: Stage | None  # what can be decided now; None: something waits, or all is done

    def state(self, account_id: str) -> str:
        """What holds for one member: suspended | limited | free."""
        for name, decision in (("suspended", self.suspend), ("limited", self.limit)):
            if decision is not None and decision_rows.of_accounts(
                decision.subjects, (account_id,), DecisionState.EFFECTIVE
            ):
                return name
        return "free"


class Staging:
    """The decisions about one network, in their order."""

    def __init__(self, decisions: Decisions) -> None:
        self.decisions = decisions

    def takedown(self, case_id: str) -> Takedown:
        """How far it has come; raises DecisionRefused for a case about something else."""
        with self.decisions.store.read() as view:
            file = read_file(view, case_id)
            if file.kind != CaseKind.NETWORK:
                raise DecisionRefused("Only a network is decided in stages. Decide this case as a whole.")
            standing = decision_rows.standing_in(view, case_id)
        by_stage = {one.stage: one for one in standing}
        limit, suspend = by_stage.get(Stage.LIMIT), by_stage.get(Stage.SUSPEND)
        following: Stage | None = None
        if not standing:
            following = Stage.LIMIT
        elif limit is not None and limit.state == DecisionState.EFFECTIVE and suspend is None:
            following = Stage.SUSPEND
        return Takedown(
            case_id=case_id,
            members=tuple(accounts(file)),
            limit=limit,
            suspend=suspend,
            next=following,
        )

    def stage(self, case_id: str, actor: Actor, choice: Choice) -> Decision:
        """Propose the stage that comes next, as `choice` says; its action is that of the stage."""
        following = self.takedown(case_id).next
        if following is None:
            raise WrongState("There is no further stage now. Agree to what waits, or undo what holds.")
        if choice.stage is not None and choice.stage != following:
            raise WrongState(f"The next stage of this network is {following!s}. Decide that first.")
        action = Action.LIMIT if following == Stage.LIMIT else Action.SUSPEND
        return self.decisions.decide(case_id, actor, replace(choice, action=action, stage=following))

    def undo(
        self, case_id: str, actor: Actor, reason: str, *, accounts: Collection[str] | None = None
    ) -> Decision:
        """Take everything back, for the whole network or for some accounts: as before the first stage."""
        found = self.takedown(case_id)
        first = found.limit or found.suspend
        if first is None:
            raise WrongState("Nothing holds or waits for this network. There is nothing to undo.")
        return self.decisions.undo(first.id, actor, reason, accounts=accounts)
