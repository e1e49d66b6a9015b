"""A network as its page shows it: the drawing, when, side by side, who; out of the evidence that was frozen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tarazu import words
from tarazu.cases.case import Case
from tarazu.cases.decision import DecisionState
from tarazu.cases.finding import FindingKind
from tarazu.cases.staging import Takedown
from tarazu.server.marked import Piece
from tarazu.server.network_drawing import Drawing, Strip, draw, rail, strip
from tarazu.server.sentences import clip

TRACES = (
    "co_repost", "fast_repost", "co_url", "co_hashtag", "co_mention", "co_reply", "co_text", "co_media", "co_report",
    "synchrony", "birth",
)  # fmt: skip
TEXT = 600  # characters of one post in a moment
MOMENTS = 12
SHOWN = 12  # accounts under one text


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One text of a moment, and who posted it how many seconds after the first."""

    pieces: Sequence[Piece]
    lang: str
    by: Sequence[tuple[str, str]]  # name, how much later


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One moment."""

    what: str
    key: str
    at: datetime
    dots: Sequence[float]
    within: str
    accounts: int
    texts: Sequence[Said]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One member."""

    account_id: str
    platform: str
    name: str
    role: str
    joint: int
    pairs: int
    posts: int
    chance: str
    core: bool
    state: str  # free | limited | suspended
    excluded: bool  # left out of the decision that holds or waits


@dataclass(frozen=True, kw_only=True)
class NetworkPage:
    """Everything the template asks for."""

    label: str
    size: int
    first: datetime | None
    last: datetime | None
    chance: str
    reason: str
    against: Sequence[str]
    rhythm: str
    traces: Sequence[tuple[str, int]]
    objects: Sequence[Mapping[str, Any]]
    moments: Sequence[Seen]
    health: Sequence[Mapping[str, Any]]
    members: Sequence[Row]
    drawing: Drawing
    strip: Strip | None
    bar: str  # how long one bar of the timeline is
    edges: int
    versions: Mapping[str, str]


def page(lang: str, case: Case, names: Mapping[str, str], takedown: Takedown) -> NetworkPage:
    """Put it together; what is missing in the frozen evidence is left out, never guessed."""
    found = next((one for one in case.findings if one.kind == FindingKind.NETWORK), None)
    body: Mapping[str, Any] = found.body if found is not None else {}
    network: Mapping[str, Any] = body.get("network") or {}
    told = sorted(
        network.get("members") or (), key=lambda one: (-float(one.get("score") or 0), str(one["account_id"]))
    )
    called = {str(one["account_id"]): _name(one) for one in told} | dict(names)
    states = _states(takedown)
    edges: Sequence[Mapping[str, Any]] = body.get("edges") or ()
    line = strip(network.get("timeline") or {})
    return NetworkPage(
        label="same_feed" if network.get("label") == "same feed" else "coordinated",
        size=len(takedown.members),
        first=_at(network.get("first")),
        last=_at(network.get("last")),
        chance=chance(lang, float(network.get("p_value") or 0.0)) if network else "",
        reason=str(network.get("reason") or ""),
        against=[str(one) for one in network.get("against") or ()],
        rhythm=str(network.get("rhythm") or ""),
        traces=sorted(
            ((trace(lang, name), int(many)) for name, many in (network.get("traces") or {}).items()),
            key=lambda pair: (-pair[1], pair[0]),
        ),
        objects=[_object(lang, one) for one in network.get("objects") or ()],
        moments=[_moment(lang, one, called) for one in (network.get("moments") or ())[:MOMENTS] if one.get("acts")],
        health=[one for one in body.get("health") or () if not one.get("ok")],
        members=_rows(lang, told, called, takedown, states),
        drawing=draw(told, edges, called, states),
        strip=line,
        bar=span(lang, line.seconds) if line else "",
        edges=int(body.get("edges_in_all") or len(edges)),
        versions=found.versions if found is not None else {},
    )  # fmt: skip


def _states(takedown: Takedown) -> dict[str, str]:
    """What holds for each member; the later stage wins."""
    states = {one.id: "free" for one in takedown.members}
    for name, decision in (("limited", takedown.limit), ("suspended", takedown.suspend)):
        for one in decision.subjects if decision is not None else ():
            if one.account_id is not None and one.state == DecisionState.EFFECTIVE:
                states[one.account_id] = name
    return states


def span(lang: str, seconds: float) -> str:
    """A length of time in the unit one would say."""
    for unit, size, until in (("seconds", 1, 120), ("minutes", 60, 7200), ("hours", 3600, 172_800)):
        if seconds < until:
            count = seconds / size
            shown = round(count, 1) if count < 10 and unit == "seconds" else round(count)
            whole = int(shown) if float(shown).is_integer() else shown
            return words.say(lang, f"network.{unit}", count=whole)
    return words.say(lang, "network.days", count=round(seconds / 86_400))


def chance(lang: str, p: float) -> str:
    """A p-value in words with its number."""
    if p <= 1e-9:
        return words.say(lang, "network.chance_least")
    if p > 0.05:
        return words.say(lang, "network.chance_possible", times=_rounded(p))
    return words.say(
        lang, "network.chance_very" if p <= 1e-4 else "network.chance_unlikely", times=_rounded(p)
    )


def _rounded(p: float) -> int:
    times = 1 / p
    digits = int(10 ** max(0, math.floor(math.log10(times)) - 1))
    return int(times / digits + 0.5) * digits


def trace(lang: str, name: str) -> str:
    """What accounts did together, in words; the detector's own name where there are none."""
    return words.say(lang, f"network.did_{name}") if name in TRACES else name


def _object(lang: str, one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "key": clip(str(one.get("key") or ""), 240),
        "what": trace(lang, str(one.get("trace"))),
        "members": int(one.get("members") or 0),
        "others": int(one.get("others") or 0),
        "within": span(lang, float(one.get("span_seconds") or 0)),
    }


def _moment(lang: str, one: Mapping[str, Any], names: Mapping[str, str]) -> Seen:
    from tarazu.report.moment import shared

    acts = sorted(one["acts"], key=lambda act: str(act["time"]))
    times = [datetime.fromisoformat(str(act["time"])) for act in acts]
    later = [(at - times[0]).total_seconds() for at in times]
    groups: dict[str, list[int]] = {}
    for at, act in enumerate(acts):
        groups.setdefault(str(act.get("text") or "").strip(), []).append(at)
    texts = [text[:TEXT] + ("…" if len(text) > TEXT else "") for text in groups]
    spans = shared(texts)
    if len(groups) == 1:
        spans = [[]]  # one text: it is said that all are the same, nothing has to be marked
    return Seen(
        what=trace(lang, str(one.get("trace"))),
        key=clip(str(one.get("key") or ""), 200),
        at=times[0],
        dots=rail(later)[0],
        within=span(lang, later[-1]),
        accounts=len({str(act["account_id"]) for act in acts}),
        texts=[
            Said(
                pieces=_pieces(text, marks),
                lang=str(acts[who[0]].get("lang") or ""),
                by=[
                    (_called(acts[at], names), words.say(lang, "network.later", span=span(lang, later[at])))
                    for at in who
                ],
            )
            for (_, who), text, marks in zip(groups.items(), texts, spans, strict=True)
        ],
    )


def _called(act: Mapping[str, Any], names: Mapping[str, str]) -> str:
    account = str(act["account_id"])
    return clip(names.get(account, account), 48)


def _pieces(text: str, marks: Sequence[tuple[int, int]]) -> list[Piece]:
    made, at = [], 0
    for start, end in marks:
        made += [Piece(text=text[at:start]), Piece(text=text[start:end], level=1)]
        at = end
    return [one for one in (*made, Piece(text=text[at:])) if one.text]


def _rows(
    lang: str,
    told: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    takedown: Takedown,
    states: Mapping[str, str],
) -> list[Row]:
    about = {str(one["account_id"]): one for one in told}
    order = {account: at for at, account in enumerate(about)}
    decision = takedown.suspend or takedown.limit
    out = {one.account_id for one in decision.subjects if one.state == "excluded"} if decision else set()
    rows = []
    for one in sorted(takedown.members, key=lambda one: (order.get(one.id, len(order)), one.id)):
        known = about.get(one.id, {})
        score = known.get("score")
        rows.append(
            Row(
                account_id=one.id,
                platform=one.platform,
                name=clip(names.get(one.id, one.id), 80),
                role=str(known.get("role") or ""),
                joint=int(known.get("joint") or 0),
                pairs=int(known.get("edges") or 0),
                posts=int(known.get("posts") or 0),
                chance="" if score is None else chance(lang, 10.0 ** -float(score)),
                core=bool(known.get("core", True)),
                state=states[one.id],
                excluded=one.id in out,
            )
        )
    return rows


def _name(member: Mapping[str, Any]) -> str:
    return str(member.get("name") or member.get("handle") or member["account_id"])


def _at(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
