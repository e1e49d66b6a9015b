"""What was found, how sure, and why. A finding is an opinion with reasons; it never acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member does inside its network, read from who acts first on the shared objects."""

    STARTS = "starts"  # usually among the first of the network on an object
    AMPLIFIES = "amplifies"  # usually after others of the network
    BOTH = "both"  # no clear side


class Label(StrEnum):
    """How a network is to be read. Neither label says "inauthentic": that is a person's judgement."""

    COORDINATED = "coordinated"  # together beyond what the sharing times of their objects predict
    SAME_FEED = "same feed"  # explained by one source: a feed, a scheduler, a publisher's own pages


@dataclass(frozen=True, kw_only=True)
class Member:
    """One account of a network."""

    account_id: str
    role: Role
    score: float  # -log10 of the account's p-value within the run, capped at 300
    posts: int  # posts of the account in the input
    edges: int  # significant edges inside the network
    joint: int  # joint actions (object, moment) inside the network
    core: bool = True  # False: joined through the group test, without a significant edge of its own
    handle: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class SharedObject:
    """An object on which members acted together."""

    trace: str
    key: str  # the url, hashtag, post id, text, ...
    members: int  # distinct members who acted on it
    others: int  # distinct accounts outside the network who acted on it
    first: datetime
    span_seconds: float  # first to last action of members on it


@dataclass(frozen=True, kw_only=True)
class Act:
    """One post of one member at one moment."""

    account_id: str
    post_id: str
    time: datetime
    text: str | None = None
    lang: str | None = None


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Members acting on one object within minutes: what a reader looks at first."""

    trace: str
    key: str
    acts: tuple[Act, ...]  # in order of time


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Posts per bin: the network's and everybody's, on one clock (UTC)."""

    start: datetime
    bin_seconds: int
    members: tuple[int, ...]
    everyone: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Network:
    """A coordinated network: its members, the evidence, and what argues against."""

    id: str  # N1, N2, ... by size
    label: Label
    reason: str  # one sentence a reviewer can read aloud
    against: tuple[str, ...]  # what argues against; never empty
    p_value: float  # of the network as a whole
    traces: dict[str, int]  # significant edges per trace
    members: tuple[Member, ...]
    objects: tuple[SharedObject, ...]  # top, by members
    moments: tuple[Moment, ...]  # a few, the strongest first
    timeline: Timeline
    first: datetime
    last: datetime
    rhythm: str | None = None  # the members' working day in one sentence; a description, never evidence


@dataclass(frozen=True, kw_only=True)
class HealthLine:
    """One sentence on whether the promise holds on these data."""

    ok: bool
    line: str


@dataclass(frozen=True, kw_only=True)
class Health:
    """The health of a run: where a line is not ok, the promised error rate may not hold."""

    lines: tuple[HealthLine, ...] = field(default_factory=tuple)

    @property
    def ok(self) -> bool:
        """Whether every line is ok."""
        return all(line.ok for line in self.lines)
