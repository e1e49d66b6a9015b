"""From a choice to a decision: everything is checked before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from tarazu.cases import clean, decision_rows, evidence, programs, second
from tarazu.cases.case import CaseKind
from tarazu.cases.decision import Action, Affected, Choice, Decision, DecisionState, Stage
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.file import CaseFile
from tarazu.cases.objection import DecisionRefused
from tarazu.cases.report import ReportState
from tarazu.cases.subjects import chosen
from tarazu.ledger import canonical
from tarazu.store.actor import Actor
from tarazu.store.ids import new_id
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction

REASON = 5_000  # characters
_PLACE = re.compile(r"\*|[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?")  # ISO 3166, or EU
_LONGEST = timedelta(days=36_500)


def stage_of(file: CaseFile, choice: Choice) -> Stage:
    """Which stage a choice is; raises DecisionRefused where it names another than its action."""
    stages = {Action.LIMIT: Stage.LIMIT, Action.SUSPEND: Stage.SUSPEND}
    stage = stages.get(choice.action, Stage.ONLY) if file.kind == CaseKind.NETWORK else Stage.ONLY
    if choice.stage is not None and choice.stage != stage:
        raise DecisionRefused(
            f"`{choice.action}` is not stage {choice.stage!s} of this case. Leave the stage out, it follows."
        )
    return stage


def draft(
    tx: Transaction,
    file: CaseFile,
    actor: Actor,
    choice: Choice,
    settings: DecisionSettings,
    at: datetime,
    built_on: Decision | None,
) -> Decision:
    """A checked decision, still proposed; `needs` says whether somebody else has to agree."""
    ordered = any(one.state == ReportState.OPEN for one in file.orders)
    _check(choice, ordered=ordered)
    policy = evidence.pinned(settings.policies, file)
    clause = evidence.clause_of(policy, choice.clause_id)
    among = None
    if built_on is not None:
        holding = decision_rows.of_accounts(built_on.subjects, None, DecisionState.EFFECTIVE)
        among = {one.subject for one in holding}
    subjects: Sequence[Affected] = chosen(file, choice, among=among)
    needs = second.needs(file, choice.action, subjects, settings)
    if not needs and programs.waits(tx, actor, choice, settings, at):
        needs = (programs.WAITS,)
    facts = evidence.freeze(file, choice, policy, clause)
    return Decision(
        id=new_id(ms(at)),
        case_id=file.id,
        number=decision_rows.next_number(tx, file.id),
        stage=choice.stage or Stage.ONLY,
        actor_kind=str(actor.kind),
        actor_id=actor.id,
        action=choice.action,
        clause_id=choice.clause_id,
        stance=choice.stance,
        purpose=choice.purpose,
        jurisdictions=tuple(dict.fromkeys(choice.jurisdictions)),
        reason=clean.text(choice.reason.strip())[:REASON],
        expires_at=None,
        duration=choice.duration,
        facts=facts,
        evidence_digest=canonical.digest_text(facts),
        automated=programs.automated(actor, choice.decided_by),
        decided_by=programs.person_of(actor, choice.decided_by),
        state=DecisionState.PROPOSED,
        needs=needs,
        second_id=None,
        second_at=None,
        second_reason=None,
        undoes=None,
        made_at=at,
        effective_at=None,
        subjects=tuple(subjects),
    )


def _check(choice: Choice, *, ordered: bool) -> None:
    if choice.action != Action.NO_ACTION and not choice.reason.strip():
        raise DecisionRefused("Say in a few words why: the next person who looks has to understand it.")
    if choice.action.blames and choice.clause_id is None and not ordered:
        raise DecisionRefused(f"To {choice.action}, name the clause that was broken: people are told which.")
    if choice.action == Action.REFUSE and not ordered:
        raise DecisionRefused("There is no open order in this case to refuse. Choose `no_action`.")
    if not choice.jurisdictions:
        raise DecisionRefused("Say where it holds: country codes, EU, or * for everywhere.")
    strange = [one for one in choice.jurisdictions if not _PLACE.fullmatch(one)]
    if strange:
        raise DecisionRefused(f"{strange[0]!r} is no country. Give codes like DE, EU, or * for everywhere.")
    if choice.duration is not None and not choice.action.restricts:
        raise DecisionRefused(f"`{choice.action}` is over at once; leave the duration out.")
    if choice.duration is not None and not timedelta(minutes=1) <= choice.duration <= _LONGEST:
        raise DecisionRefused("A duration is a minute at least and a hundred years at most.")
