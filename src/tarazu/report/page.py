"""The report: one HTML file that asks nothing of anybody and can be mailed, archived and printed.

Everything a reader needs is in the HTML itself; the script adds the moving drawing, the cards and the tables'
filters. The policy in the page's head forbids every request and every script but the page's own, by hash.
"""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from tarazu.findings import HealthLine
from tarazu.report import chart, markup, moment, palette, picture, section, words
from tarazu.report.document import MARK, asset, document
from tarazu.report.payload import PER_PAIR, Carried, payload
from tarazu.report.scene import Scene, scene
from tarazu.report.still import EDGES, still
from tarazu.report.view import Findings

SCRIPTS = ("words.js", "sky.js", "cards.js", "tables.js", "report.js")
STRIPS = 8  # timelines before the rest is folded
ICONS = {
    True: '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M2.5 8.5l3.5 4 7.5-9"/></svg>',
    False: '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2L15 14H1zM8 6.5v3.5M8 11.6v.8"/></svg>',
}


@cache
def _script(pictures: bool) -> str:
    parts = "\n".join(asset(name) for name in (*SCRIPTS, *["pictures.js"] * pictures))
    return f'"use strict";(function () {{\n{parts}\n}})();'


def render(
    result: Findings, drawn: Scene | None = None, thumbnails: Mapping[str, bytes] | None = None
) -> str:
    """The whole report as one HTML document; `drawn` saves work when the scene was made already.

    `thumbnails` are small JPEGs that the sandbox made, by the object of co_media (a hash or a file's name).
    """
    drawn = drawn or scene(result)
    body = [_header(result, drawn)]
    carried = None
    data: dict[str, object] = {}
    pictures: dict[str, bytes] = {}
    if result.networks:
        data, carried = payload(result, drawn)
        body += [_drawing(drawn), _when(result), _glance(result)]
        pictures = picture.within(thumbnails or {}, _pictured(result))
        body += [picture.SETTING] * bool(pictures)
        body += [section.render(network, index, pictures) for index, network in enumerate(result.networks)]
    else:
        body.append(_empty(result))
    carrier = f'<script type="application/json" id="data">{markup.data(data)}</script>' if data else ""
    whole = f"""<a class="skip" href="#main">Skip to the networks</a>
{body[0]}
<main id="main">
{"".join(body[1:])}
</main>
{_footer(result, carried)}
{_keys() if data else ""}
{carrier}"""
    style = asset("report.css") + (asset("pictures.css") if pictures else "")
    return document(_title(result), whole, style, _script(bool(pictures)) if data else "")


def _pictured(result: Findings) -> Iterator[str]:
    """The objects whose pictures the page would show, as often as it would show them."""
    for network in result.networks:
        shared = [(each.trace, each.key) for each in network.moments]
        shared += [(each.trace, each.key) for each in network.objects]
        yield from (key for trace, key in shared if trace == moment.PICTURES)


def _total(result: Findings) -> int:
    return max(int(result.counts.get("accounts", 0)), result.accounts.height)


def _title(result: Findings) -> str:
    found = words.plural(len(result.networks), "coordinated network")
    return f"{found} among {words.plural(_total(result), 'account')}"


def _header(result: Findings, drawn: Scene) -> str:
    found, total = len(result.networks), _total(result)
    share = ""
    if found:
        members = len({member.account_id for member in drawn.members})
        share = (
            f"{words.count(members)} of {words.plural(total, 'account')} ({words.share(members, total)}) "
            f"{'is a member' if members == 1 else 'are members'}. "
        )
    posts = int(result.counts.get("posts", result.posts.height))
    first, last = _reach(result)
    when = f", {words.period(first, last)}, UTC" if first and last else ""
    title = f"{words.count(found) if found else 'No'} coordinated {'network' if found == 1 else 'networks'} among "
    health = "".join(_health(line) for line in result.health.lines)
    return f"""<header class="page">
<p class="name">{MARK}<span>Tarazu</span></p>
<div><h1>{title}<span class="nowrap">{words.plural(total, "account")}</span></h1>
<p class="base-line">{share}{words.plural(posts, "post")} read{when}.</p></div>
<ul class="health" aria-label="Does the promise hold on these data?">{health}</ul>
</header>"""


def _reach(result: Findings) -> tuple:  # type: ignore[type-arg]
    if result.posts.height:
        return result.posts["created_at"].min(), result.posts["created_at"].max()
    if result.networks:
        return min(n.first for n in result.networks), max(n.last for n in result.networks)
    return None, None


def _health(line: HealthLine) -> str:
    word = "holds" if line.ok else "take care"
    return (
        f'<li class="{"ok" if line.ok else "care"}">{ICONS[line.ok]}<strong>{word}</strong> '
        f'<span dir="auto">{markup.escape(markup.clean(line.line))}</span></li>'
    )


def _drawing(drawn: Scene) -> str:
    total = drawn.pairs.height
    printed = (
        f"{EDGES:,} of {words.count(total)} pairs are drawn, each account’s strongest first."
        if total > EDGES
        else f"All {words.plural(total, 'pair')} of accounts are drawn."
    )
    return f"""<section class="drawing" id="drawing" aria-label="The networks drawn">
<div class="tools" hidden>
<label class="find"><span>Find an account</span> <input type="search" id="find" autocomplete="off" spellcheck="false" dir="auto" aria-keyshortcuts="/"></label>
<span class="buttons"><button type="button" id="in" aria-label="Zoom in" title="Zoom in (+)">+</button><button type="button" id="out" aria-label="Zoom out" title="Zoom out (−)">−</button><button type="button" id="fit" title="Show all (0)">All</button><button type="button" id="keys" title="Keys (?)" aria-label="Show the keys">?</button></span>
</div>
<div class="stage">
<div class="sky" hidden><canvas id="sky" tabindex="0" role="application" aria-label="The networks drawn. Arrow keys move, plus and minus zoom, n and p go through accounts, e through the pairs of an account."></canvas><p class="tip" id="tip" hidden></p><p class="hint" id="hint" hidden>Click the drawing first, or hold Ctrl, to zoom with the wheel.</p></div>
<figure class="still-figure">{still(drawn)}</figure>
<aside class="panel" id="panel" aria-live="polite" aria-label="The account or pair you chose" hidden></aside>
</div>
<p class="caption"><span class="if-still">{printed}</span><span class="if-live" id="drawn"></span> Each disc is a network, each sign an account, each line a pair of accounts that acted together. A darker line is less likely by chance, the faintest are ties that count only together; a larger sign has more partners. Distance carries no meaning.</p>
</section>"""


def _when(result: Findings) -> str:
    begin, end = chart.reach(result.networks)
    strips = [
        chart.strip(network, index, begin, end, f'{palette.mark(index)}<a href="#{markup.escape(network.id)}">{markup.bdi(network.id)}</a>')
        for index, network in enumerate(result.networks[:60])
    ]  # fmt: skip
    more = ""
    if len(strips) > STRIPS:
        more = f"<details><summary>show {len(strips) - STRIPS} more</summary>{''.join(strips[STRIPS:])}</details>"
    if len(result.networks) > 60:
        more += f'<p class="quiet">The other {len(result.networks) - 60:,} networks have their timeline in their own section.</p>'
    return f"""<section class="when-all" id="when" aria-labelledby="when-title"><h2 id="when-title">When they posted</h2>
<p class="quiet">Members above the line, everyone below it, each to its own scale from zero. Times in UTC.</p>
{"".join(strips[:STRIPS])}{chart.axis(begin, end)}{more}</section>"""


def _glance(result: Findings) -> str:
    rows = []
    for index, network in enumerate(result.networks):
        main = ", ".join(
            words.noun(t) for t, _ in sorted(network.traces.items(), key=lambda p: (-p[1], p[0]))[:3]
        )
        anchor = markup.escape(network.id)
        rows.append(
            f'<tr><th scope="row" data-v="{index}">{palette.mark(index)}<a href="#{anchor}">{markup.bdi(network.id)}</a></th>'
            f'<td class="n" data-v="{len(network.members)}">{len(network.members):,}</td><td>{section.label(network)}</td>'
            f'<td>{markup.escape(main)}</td><td data-v="{network.first.timestamp():.0f}"><bdi>{words.period(network.first, network.last)}</bdi></td>'
            f'<td data-v="{network.p_value:g}">{words.chance(network.p_value)}</td></tr>'
        )
    head = (
        '<th scope="col">network</th><th scope="col" class="n">accounts</th><th scope="col">read as</th>'
        '<th scope="col">mostly through</th><th scope="col">between, UTC</th><th scope="col">by chance</th>'
    )
    return (
        '<nav class="glance" id="networks" aria-labelledby="glance-title"><h2 id="glance-title">The networks</h2>'
        + section.table(head, rows, "The networks", "networks", "networks.json")
        + "</nav>"
    )


def _empty(result: Findings) -> str:
    tested = int(result.counts.get("tested_pairs", 0))
    base = (
        f"{words.count(tested)} pairs of accounts were tested and none acted together more often than chance allows."
        if tested
        else "No two accounts acted on the same thing within the windows, so there was no pair to test."
    )
    return f"""<section class="empty"><svg viewBox="0 0 240 90" role="img" aria-label="A balance, level, with nothing in its pans">
<path d="M120 8v68M96 82h48M40 18h160"/><path d="M40 18L22 52M40 18l18 34M200 18l-18 34M200 18l18 34" class="thin"/>
<path d="M20 52h40a20 15 0 0 1-40 0zM180 52h40a20 15 0 0 1-40 0z" class="pan"/></svg>
<h2>Nothing was found, and that is a result</h2>
<p>{base}</p>
<p>If you expected a network: widen the windows, give more posts of the same days, or look at the raw counts with <code>tarazu pairs</code>.</p></section>"""


def _value(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(each) for each in value)
    return str(value)


def _footer(result: Findings, carried: Carried | None) -> str:
    def listed(pairs: list[tuple[str, str]]) -> str:
        return "".join(
            f"<div><dt>{markup.escape(name)}</dt><dd>{markup.escape(value)}</dd></div>"
            for name, value in pairs
        )

    settings = listed([(str(k), _value(v)) for k, v in result.parameters.items()])
    counts = listed([(k.replace("_", " "), words.count(int(v))) for k, v in result.counts.items()])
    versions = listed([(k, str(v)) for k, v in result.versions.items()])
    left = ""
    if carried is not None:
        if carried.whole:
            left = f"This page carries all {words.count(carried.rows)} pairs of posts behind the drawing; "
        else:
            left = (
                f"This page carries {words.count(carried.rows)} of {words.count(carried.of_rows)} pairs of posts, at most "
                f"{PER_PAIR} for one pair of accounts, and {words.count(carried.pairs)} of {words.count(carried.of_pairs)} "
                "pairs of accounts, the strongest first; long texts are cut. "
            )
        left = f"<h2>What is in this page</h2><p>{left}<code>evidence.parquet</code> and <code>edges.csv</code> beside it have everything.</p>"
    return f"""<footer class="page">
<h2>How to read this</h2>
<p>Coordinated means: these accounts acted together more often than the sharing times of the very same objects explain. It does not say who they are, and it does not say inauthentic: campaigns, newsrooms and fans coordinate openly. That judgement is a person’s.</p>
<p>“1 in 40,000” is how often accounts that act independently would be this close by luck alone, under the null model named below.</p>
{left}
<h2>Settings</h2><dl>{settings}</dl>
<h2>Counts</h2><dl>{counts}</dl>
<h2>Versions</h2><dl>{versions}</dl>
</footer>"""


def _keys() -> str:
    keys = (
        ("← → ↑ ↓", "move the drawing"),
        ("+ −", "zoom"),
        ("0", "show all"),
        ("n p", "next, previous account"),
        ("e", "next pair of the account: its posts"),
        ("/", "find an account"),
        ("Esc", "close the card"),
        ("?", "these keys"),
    )
    rows = "".join(
        f"<div><dt>{' '.join(f'<kbd>{markup.escape(k)}</kbd>' for k in key.split())}</dt><dd>{does}</dd></div>"
        for key, does in keys
    )
    return (
        f'<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>{rows}</dl>'
        '<form method="dialog"><button autofocus>Close</button></form></dialog>'
    )
