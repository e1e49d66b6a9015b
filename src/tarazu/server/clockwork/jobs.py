"""The jobs, in the order in which they are looked at. What is not in this list does not happen by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Column, func, select

from tarazu.server.clockwork import tidying
from tarazu.server.clockwork.job import Job
from tarazu.server.clockwork.supplies import Supplies
from tarazu.settings import Settings
from tarazu.store.ids import new_id
from tarazu.store.tables.automation import rules as rule_rows
from tarazu.store.tables.cases import reports
from tarazu.store.tables.decisions import decisions, strikes
from tarazu.store.tables.ledger import checkpoints, ledger
from tarazu.store.times import ms

if TYPE_CHECKING:
    from tarazu.cases.unread import Unread


def jobs(settings: Settings) -> Sequence[Job]:
    """Those of an installation."""
    return tuple(one for one in EVERY if one.name != "judge" or settings.judge_reports)


def _rules(supplies: Supplies) -> int:
    from tarazu.cases.automation import Automation

    return len(Automation(supplies.store, supplies.clock, deciding=supplies.deciding()).sweep())


def _rules_wanted(supplies: Supplies, _since: datetime | None) -> bool:
    with supplies.store.read() as view:
        return view.one(select(rule_rows.c.id).where(rule_rows.c.state.in_(("shadow", "live")))) is not None


def _judge(supplies: Supplies) -> int:
    unread = _unread(supplies)
    if unread is None or not unread.next(1):
        return 0
    from tarazu.policy.judge import Judge
    from tarazu.policy.stance.model import OnnxStance

    # One thread: it may take longer, people who work at the same time may not.
    return unread.read(Judge(supplies.entities(), supplies.deciding().policies[0], OnnxStance(threads=1)))


def _judge_wanted(supplies: Supplies, since: datetime | None) -> bool:
    if not _newer(supplies, since, reports.c.id):
        return False
    unread = _unread(supplies)
    return unread is not None and bool(unread.next(1, since))


def _unread(supplies: Supplies) -> Unread | None:
    from tarazu.cases.intake import Intake
    from tarazu.cases.unread import Unread

    mark = _judged_by(supplies)
    return None if mark is None else Unread(Intake(supplies.store, supplies.clock), mark)


def _judged_by(supplies: Supplies) -> str | None:
    from tarazu.policy.stance.model import OnnxStance

    policies = supplies.deciding().policies
    if not policies:
        return None
    return f"{policies[0].digest[:12]} {supplies.entities().digest[:12]} {OnnxStance().version}"


def _trials(supplies: Supplies) -> int:
    from tarazu.cases.policy_in_force import InForce
    from tarazu.cases.policy_trials import PolicyTrials
    from tarazu.policy.stance.model import OnnxStance

    held = InForce(supplies.store, supplies.deciding, supplies.entities)
    trials = PolicyTrials(supplies.store, supplies.clock)
    return trials.run(held, supplies.entities, lambda: OnnxStance(threads=1))


def _trials_wanted(supplies: Supplies, _since: datetime | None) -> bool:
    from tarazu.cases.policy_trials import PolicyTrials

    return PolicyTrials(supplies.store, supplies.clock).waiting()


def _expiry(supplies: Supplies) -> int:
    from tarazu.cases.decisions import Decisions

    return len(Decisions(supplies.store, supplies.clock, supplies.deciding()).expire())


def _flagging(supplies: Supplies) -> int:
    from tarazu.cases.flagging import Flagging

    return len(Flagging(supplies.store, supplies.clock).run())


def _strikes(supplies: Supplies) -> int:
    from tarazu.cases.intake import Intake
    from tarazu.cases.strikes import Strikes

    standing = Strikes(supplies.store, supplies.clock, supplies.deciding())
    return standing.propose(Intake(supplies.store, supplies.clock)).opened


def _checkpoint(supplies: Supplies) -> int:
    from tarazu.store.ledger import Ledger

    if not _checkpoint_wanted(supplies, None):
        return 0
    return Ledger(supplies.store).checkpoint().checkpoint.size


def _checkpoint_wanted(supplies: Supplies, _since: datetime | None) -> bool:
    with supplies.store.read() as view:
        size = view.value(select(func.max(ledger.c.seq))) or 0
        return bool(size > (view.value(select(func.max(checkpoints.c.size))) or 0))


def _retention(supplies: Supplies) -> int:
    from tarazu.cases.retention import Retention, RetentionSettings

    kept = RetentionSettings(keep=timedelta(days=supplies.settings.retention_days))
    erased = Retention(supplies.store, supplies.clock, kept).run()
    return erased.cases + erased.people


def _newer(supplies: Supplies, since: datetime | None, *columns: Column[str]) -> bool:
    """Whether a row came since; ids begin with their time."""
    from_ = "0" if since is None else new_id(ms(since))[:10]
    with supplies.store.read() as view:
        return any((view.value(select(func.max(one))) or "") >= from_ for one in columns)


EVERY = (
    Job(
        name="rules",  # live and shadow rules look at cases that are new or changed
        every=timedelta(minutes=1),
        work=_rules,
        wanted=_rules_wanted,
        rung=timedelta(seconds=2),
    ),
    Job(
        name="judge",  # what was reported and never judged
        every=timedelta(minutes=1),
        work=_judge,
        wanted=_judge_wanted,
        mark=_judged_by,
        apart=True,
        rung=timedelta(seconds=15),
    ),
    Job(
        name="trials",  # versions of policies and lists that somebody wants to try
        every=timedelta(minutes=1),
        work=_trials,
        wanted=_trials_wanted,
        apart=True,
        rung=timedelta(seconds=1),
    ),
    Job(name="expiry", every=timedelta(minutes=1), work=_expiry),  # decisions whose time is over
    Job(
        name="flagging",  # who reports together, and who was cleared of it
        every=timedelta(minutes=5),
        work=_flagging,
        wanted=lambda supplies, since: _newer(supplies, since, reports.c.id, decisions.c.id),
        apart=True,
    ),
    Job(
        name="strikes",  # accounts over a threshold become cases
        every=timedelta(minutes=5),
        work=_strikes,
        wanted=lambda supplies, since: _newer(supplies, since, strikes.c.id, decisions.c.id),
    ),
    Job(
        name="checkpoint",  # the ledger is signed as it is
        every=timedelta(hours=1),
        work=_checkpoint,
        wanted=_checkpoint_wanted,
        apart=True,
    ),
    Job(
        name="tidying", every=timedelta(hours=1), work=tidying.tidy
    ),  # locks, sessions, links and counts that ended
    Job(
        name="retention", every=timedelta(days=1), work=_retention, apart=True
    ),  # what has been kept long enough goes
)
