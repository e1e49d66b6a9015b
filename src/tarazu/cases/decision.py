"""A decision: what a person (or a rule, where it may) judged about a case, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tarazu.verdicts import Purpose, Stance

EVERYWHERE = "*"


class Action(StrEnum):
    """What a decision does."""

    REMOVE = "remove"  # a post
    LABEL = "label"  # a post or an account
    LIMIT = "limit"  # shown to fewer people
    WARN = "warn"  # told, nothing else
    SUSPEND = "suspend"  # an account
    RESTORE = "restore"  # lift what holds
    NO_ACTION = "no_action"
    REFUSE = "refuse"  # a government order is not carried out

    @property
    def restricts(self) -> bool:
        """Whether it imposes something that lasts until it is taken back."""
        return self in RESTRICTIONS

    @property
    def blames(self) -> bool:
        """Whether it rests on a clause that somebody is said to have broken."""
        return self in BLAMES


RESTRICTIONS = (Action.REMOVE, Action.LABEL, Action.LIMIT, Action.SUSPEND)
BLAMES = (*RESTRICTIONS, Action.WARN)


class Stage(StrEnum):
    """The steps of a decision about a whole network; other cases have one step, ''."""

    ONLY = ""
    LIMIT = "limit"
    SUSPEND = "suspend"


class DecisionState(StrEnum):
    """Where a decision is."""

    PROPOSED = "proposed"  # waits for a second person; nothing happens meanwhile
    EFFECTIVE = "effective"
    DECLINED = "declined"  # by the second person
    UNDONE = "undone"
    REVERSED = "reversed"  # on appeal
    EXPIRED = "expired"  # its time is over

    def may_become(self, other: DecisionState) -> bool:
        """Whether the step is one of the table below."""
        return other in NEXT[self]


NEXT: dict[DecisionState, tuple[DecisionState, ...]] = {
    DecisionState.PROPOSED: (DecisionState.EFFECTIVE, DecisionState.DECLINED, DecisionState.UNDONE),
    DecisionState.EFFECTIVE: (DecisionState.UNDONE, DecisionState.REVERSED, DecisionState.EXPIRED),
    # What is over by itself can still have been wrong: its strike and its record are taken back.
    DecisionState.EXPIRED: (DecisionState.UNDONE, DecisionState.REVERSED),
    DecisionState.DECLINED: (),
    DecisionState.UNDONE: (),
    DecisionState.REVERSED: (),
}
EXCLUDED = "excluded"  # state of a subject that was left out by name


@dataclass(frozen=True, kw_only=True, order=True)
class Subject:
    """Whom or what a decision is about."""

    kind: str  # post | media | account
    id: str  # the platform's
    platform: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What somebody wants to decide."""

    action: Action
    reason: str = ""  # in their own words; needed for everything but `no_action`
    clause_id: str | None = None  # needed where somebody is said to have broken a rule
    stance: Stance | None = None
    purpose: Purpose | None = None
    jurisdictions: tuple[str, ...] = (EVERYWHERE,)
    duration: timedelta | None = None  # from when it takes effect; None: until it is taken back
    stage: Stage | None = None  # of a network; default: the one of the action
    subjects: tuple[Subject, ...] | None = None  # default: what the case is about
    exclude: tuple[str, ...] = ()  # accounts that are left out
    key: str | None = None  # of idempotency: the same key by the same actor decides once
    decided_by: str | None = None  # of a token: the person there who decided; None: its program did


@dataclass(frozen=True, kw_only=True)
class Affected:
    """A subject of a decision, and where it stands."""

    subject: Subject
    account_id: str | None  # whose it is
    state: str  # as of a decision, or `excluded`
    item_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeLink:
    """A notice that was just made, with the token that opens its page. Only a hash of it is kept."""

    notice_id: str
    recipient_kind: str  # affected | reporter
    recipient_id: str
    token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision as it is kept."""

    id: str
    case_id: str
    number: int
    stage: Stage
    actor_kind: str
    actor_id: str
    action: Action
    clause_id: str | None
    stance: Stance | None
    purpose: Purpose | None
    jurisdictions: tuple[str, ...]
    reason: str
    expires_at: datetime | None
    duration: timedelta | None
    facts: str = field(repr=False)  # canonical JSON
    evidence_digest: str
    automated: bool  # no person decided; with `second_id`: a person agreed
    decided_by: str | None  # the person in the system that a token belongs to, by the name it gave
    state: DecisionState
    needs: tuple[
        str, ...
    ]  # why a second person is needed: network | suspension | mass | irreversible | order | automated
    second_id: str | None
    second_at: datetime | None
    second_reason: str | None
    undoes: str | None
    made_at: datetime
    effective_at: datetime | None
    subjects: tuple[Affected, ...] = field(default=(), repr=False)
    links: tuple[NoticeLink, ...] = field(default=(), repr=False)  # of the notices that this very call made

    @property
    def waits(self) -> bool:
        """Whether a second person has to look."""
        return self.state == DecisionState.PROPOSED
