"""One network on the page: the reason, what argues against, the moments, the objects, the members."""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Mapping

from tarazu.findings import Label, Member, Network, SharedObject
from tarazu.report import chart, markup, moment, palette, picture, words

ROWS = 20  # rows of a table before the rest is folded
LISTED = 2_000  # members of one network that the page lists
FILTER = 20  # tables longer than this get a filter and sortable heads
LABELS = {
    Label.COORDINATED: (
        "coordinated",
        '<path d="M1.5 8a2 2 0 1 0 4 0a2 2 0 1 0-4 0M10.5 8a2 2 0 1 0 4 0a2 2 0 1 0-4 0M5.5 8h5"/>',
    ),
    Label.SAME_FEED: (
        "same feed",
        '<path d="M3 13a10 10 0 0 1 0-.01M3 8a5 5 0 0 1 5 5M3 3a10 10 0 0 1 10 10"/>',
    ),
}
ROLES = {"starts": "starts", "amplifies": "amplifies", "both": "both"}


def label(network: Network) -> str:
    """The label as icon and word."""
    word, path = LABELS[network.label]
    return f'<span class="label"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{path}</svg>{word}</span>'


def render(network: Network, index: int, thumbnails: Mapping[str, bytes] = moment.NONE) -> str:
    """The network as an <article>, deep link `#N1`; `thumbnails` are of shared pictures, by their object."""
    members = {member.account_id: member for member in network.members}
    anchor = markup.escape(network.id)
    moments = [moment.render(each, members, index, thumbnails) for each in network.moments]
    begin, end = chart.reach([network])
    more = ""
    if len(moments) > 3:
        more = f"<details><summary>show {len(moments) - 3} more moments</summary>{''.join(moments[3:])}</details>"
    against = "".join(f'<li dir="auto">{markup.escape(markup.clean(line))}</li>' for line in network.against)
    traces = ", ".join(
        f"{noun} {count:,}" for noun, count in sorted(
            ((words.noun(t), c) for t, c in network.traces.items()), key=lambda pair: (-pair[1], pair[0])
        )
    )  # fmt: skip
    rhythm = f'<p class="quiet">{markup.escape(network.rhythm)}</p>' if network.rhythm else ""
    return f"""
<article class="network" id="{anchor}" aria-labelledby="{anchor}-title" data-network="{index}">
<header>
<h2 id="{anchor}-title">{palette.mark(index)}<a class="self" href="#{anchor}">{markup.bdi(network.id)}</a>
 <span class="size">{words.plural(len(network.members), "account")}</span> {label(network)}</h2>
<p class="period">{words.period(network.first, network.last)}, UTC</p>
</header>
<div class="scales">
<section class="for"><h3>Why it is here</h3>
<p class="reason" dir="auto">{markup.escape(markup.clean(network.reason))}</p>
<p class="chance">{words.chance(network.p_value).capitalize()}. <span class="quiet">Pairs behind it: {markup.escape(traces)}.</span></p></section>
<section class="against"><h3>What argues against</h3><ul>{against}</ul></section>
</div>
<section class="moments" aria-label="Moments of {anchor}"><h3>Side by side</h3>
{"".join(moments[:3]) or '<p class="quiet">No single moment stands out; the evidence is in the table of pairs.</p>'}{more}</section>
<section class="time" aria-label="Timeline of {anchor}"><h3>When</h3>{chart.strip(network, index, begin, end)}{chart.axis(begin, end)}{rhythm}</section>
<section aria-label="Objects of {anchor}"><h3>What they shared</h3>{_objects(network.objects, thumbnails)}</section>
<section aria-label="Members of {anchor}"><h3>Members</h3>{_members(network)}</section>
</article>"""


def table(head: str, rows: list[str], name: str, unit: str, kept: str) -> str:
    """A table whose rows beyond the first twenty are folded behind a button that says how many they are."""
    tools = ' data-tools="1"' if len(rows) > FILTER else ""
    rest = "".join(rows[ROWS:])
    more = ""
    if rest:
        left = len(rows) - ROWS
        rest = f'<tbody class="rest">{rest}</tbody>'
        more = (
            f'<button type="button" class="more" data-more="{left}">show {left:,} more</button>'
            f'<p class="printed">and {left:,} more {unit}, in {kept}</p>'
        )
    return (
        f'<div class="table"><div class="scroll" tabindex="0" role="region" aria-label="{name}">'
        f"<table{tools}><thead><tr>{head}</tr></thead><tbody>{''.join(rows[:ROWS])}</tbody>{rest}</table></div>{more}</div>"
    )


def _objects(objects: tuple[SharedObject, ...], thumbnails: Mapping[str, bytes]) -> str:
    head = (
        '<th scope="col">object</th><th scope="col">how</th><th scope="col" class="n">members</th>'
        '<th scope="col" class="n">others</th><th scope="col" class="n">within</th><th scope="col">first, UTC</th>'
    )
    rows = [
        f'<tr><td class="key" dir="auto">{_object(each, thumbnails)}</td>'
        f"<td>{markup.escape(words.noun(each.trace))}</td>"
        f'<td class="n" data-v="{each.members}">{each.members:,}</td><td class="n" data-v="{each.others}">{each.others:,}</td>'
        f'<td class="n" data-v="{each.span_seconds:g}">{words.span(each.span_seconds)}</td>'
        f'<td data-v="{each.first.timestamp():.0f}"><bdi>{words.minute(each.first)}</bdi></td></tr>'
        for each in objects
    ]
    return (
        table(head, rows, "Shared objects", "objects", "evidence.parquet")
        if rows
        else '<p class="quiet">None listed.</p>'
    )


def _object(each: SharedObject, thumbnails: Mapping[str, bytes]) -> str:
    said = markup.escape(markup.shorten(markup.clean(each.key), 240))
    thumbnail = thumbnails.get(each.key) if each.trace == moment.PICTURES else None
    return picture.figure(thumbnail, said, alt=moment.ALT, name=each.key) if thumbnail else said


def _members(network: Network) -> str:
    order = {"starts": 0, "both": 1, "amplifies": 2}
    ranked = sorted(network.members, key=lambda m: (order.get(m.role, 3), -m.score, m.account_id))
    counted = {role: sum(m.role == role for m in network.members) for role in order}
    sentence = "; ".join(
        f"{words.count(counted[role])} {verb}"
        for role, verb in (
            ("starts", "usually first on an object"),
            ("amplifies", "usually after others of the network"),
            ("both", "on no clear side"),
        )
        if counted[role]
    )
    head = (
        '<th scope="col">account</th><th scope="col">id</th><th scope="col">role</th>'
        '<th scope="col" class="n">joint acts</th><th scope="col" class="n">pairs</th>'
        '<th scope="col" class="n">posts</th><th scope="col">alone, by chance</th>'
    )
    left = len(ranked) - LISTED
    rest = f'<p class="quiet">The other {left:,} members are in accounts.csv.</p>' if left > 0 else ""
    rows = [_member(m) for m in ranked[:LISTED]]
    return f"<p>{sentence}.</p>" + table(head, rows, "Members", "accounts", "accounts.csv") + rest


def _member(member: Member) -> str:
    name = markup.clip(markup.clean(member.name or member.handle or member.account_id), 80)
    handle = (
        f' <bdi class="handle">@{markup.escape(markup.clip(markup.clean(member.handle), 60))}</bdi>'
        if member.handle and member.name
        else ""
    )
    core = "" if member.core else ' <span class="quiet">joined through the group</span>'
    return (
        f'<tr><td><button type="button" class="who-is" data-account="{markup.escape(markup.key(member.account_id))}">{markup.bdi(name)}</button>'
        f'{handle}{core}</td><td class="id"><bdi>{markup.escape(markup.shorten(markup.clean(member.account_id), 80))}</bdi></td>'
        f"<td>{ROLES.get(member.role, markup.escape(member.role))}</td>"
        f'<td class="n" data-v="{member.joint}">{member.joint:,}</td><td class="n" data-v="{member.edges}">{member.edges:,}</td>'
        f'<td class="n" data-v="{member.posts}">{member.posts:,}</td>'
        f'<td data-v="{member.score:g}">{words.chance(10.0**-member.score)}</td></tr>'
    )
