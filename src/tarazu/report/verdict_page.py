"""The page of verdicts: one HTML file with every judged post that names somebody, its words marked.

It asks nothing of anybody: no request, no script but its own. All of it can be read, and chosen from, without a
script; the script only counts what is left after a choice.
"""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tarazu.policy.clause import Clause, Policy
from tarazu.policy.designations import EntityList
from tarazu.policy.verdict_file import read_lines
from tarazu.report import markup, picture, words
from tarazu.report.document import MARK, asset, document
from tarazu.report.verdict_card import card
from tarazu.report.verdict_filter import Choices, choices
from tarazu.report.verdict_view import OUTCOMES, View, view
from tarazu.report.verdict_words import DOES, direction, icon, kind, language
from tarazu.verdicts import Outcome

LOOKED = """<p>A picture is matched with known pictures, never with a face: the same portrait under praise and under a critical headline is the same match, and the words decide. Alone, it waits for a person. Pictures are blurred until you look, and on paper.</p>
"""
HEADS = {
    Outcome.VIOLATES: "What violates a clause",
    Outcome.REVIEW: "What waits for a person",
    Outcome.ALLOWED: "What stays up",
}


def write_page(
    page: Path,
    verdicts: Path,
    posts: pl.DataFrame,
    entities: EntityList,
    policy: Policy,
    *,
    beside: str | None = None,
    thumbnails: Mapping[str, bytes] | None = None,
) -> None:
    """Write the page of a finished file of verdicts, whole or not at all.

    `posts` are the judged posts (columns of tarazu.records.POSTS); `beside` is the name of a report of networks in the
    same folder; `thumbnails` are JPEGs of ours, by `Sighting.hash.path`. Raises NotReadable when a line is no verdict.
    """
    html = render(view(read_lines(verdicts), posts, entities, policy, thumbnails), beside)
    page.absolute().parent.mkdir(parents=True, exist_ok=True)
    draft = page.with_name(f".{page.name}.part")
    try:
        draft.write_text(html, encoding="utf-8", newline="\n")
        draft.replace(page)
    finally:
        draft.unlink(missing_ok=True)


def render(seen: View, beside: str | None = None) -> str:
    """The whole page as one HTML document."""
    offered = choices(seen)
    body = (
        f"{offered.form()}{_legend()}{picture.SETTING if seen.thumbnails else ''}{_cards(seen, offered)}"
        if seen.lines
        else _empty(seen)
    )
    whole = f"""<a class="skip" href="#main">Skip to the posts</a>
{_header(seen, beside)}
<main id="main">
{_policy(seen)}
<section class="posts" id="posts" aria-labelledby="posts-title"><h2 id="posts-title">The posts</h2>
{body}</section>
</main>
{_footer(seen)}"""
    sheets = [asset("report.css"), asset("verdicts.css")] + [asset("pictures.css")] * bool(seen.looked)
    style = "\n".join((*sheets, offered.style()))
    parts = "\n".join([asset("verdicts.js")] + [asset("pictures.js")] * bool(seen.thumbnails))
    script = f'"use strict";(function () {{\n{parts}\n}})();' if seen.lines else ""
    return document(_sentence(seen), whole, style, script)


def does(outcome: Outcome, count: int) -> str:
    """'1 violates', '14 violate'."""
    return f"{words.count(count)} {DOES[outcome][0 if count == 1 else 1]}"


def _sentence(seen: View) -> str:
    parts = ", ".join(does(outcome, seen.counts.get(outcome, 0)) for outcome in OUTCOMES)
    return f"{words.plural(seen.total, 'post')}: {parts}"


def _header(seen: View, beside: str | None) -> str:
    total = seen.total
    named = sum(seen.named.values())
    bars = "".join(_bar(outcome, seen.counts.get(outcome, 0), total) for outcome in OUTCOMES)
    parts = ", ".join(f'<span class="nowrap">{does(o, seen.counts.get(o, 0))}</span>' for o in OUTCOMES)
    name = f" “{markup.bdi(seen.entities.name)}”" if seen.entities.name else ""
    link = ""
    if beside:
        link = (
            f'<p class="beside"><a href="{markup.escape(beside)}">The networks found in the same run</a></p>'
        )
    return f"""<header class="page">
<p class="name">{MARK}<span>Tarazu</span></p>
<div><h1>{words.plural(total, "post")}: {parts}</h1>
<p class="base-line">{words.count(named)} of {words.plural(total, "post")} {_does_name(seen, named)} somebody on the list{name} ({words.plural(len(seen.entities.entities), "entity", "entities")}).</p>{link}</div>
<ul class="bars" aria-label="How many posts">{bars}</ul>
</header>"""


def _does_name(seen: View, count: int) -> str:
    """'names', 'name or show': pictures are spoken of where they were looked at."""
    verbs = ("names", "shows") if count == 1 else ("name", "show")
    return " or ".join(verbs) if seen.looked else verbs[0]


def _bar(outcome: Outcome, count: int, total: int) -> str:
    # A hair is drawn for a share too small to see: none and few are not the same.
    wide = max(1000 * count / total, 2) if total and count else 0
    return (
        f'<li class="outcome {outcome}"><a href="#{outcome}">{icon(outcome)}<span>{DOES[outcome][0 if count == 1 else 1]}</span></a>'
        f'<svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="of" width="1000" height="10"/><rect width="{wide:.1f}" height="10"/></svg>'
        f'<span class="quiet">{words.count(count)} of {words.count(total)}, {words.share(count, total)}</span></li>'
    )


def _policy(seen: View) -> str:
    policy = seen.policy
    title = "".join(
        f'<span lang="{markup.escape(lang)}" dir="{direction(lang)}">{markup.escape(text)}</span>'
        for lang, text in policy.title.items()
    )
    clauses = "".join(_clause(seen, clause, n) for n, clause in enumerate(policy.clauses, 1))
    places = ", ".join(markup.bdi(place) for place in policy.jurisdictions)
    judged = f"judged for {places}" if places else "judged wherever a listing counts"
    return f"""<section class="policy" id="policy" aria-labelledby="policy-title"><h2 id="policy-title">The policy</h2>
<p class="titles">{title}</p>
<p class="quiet">{markup.bdi(policy.id)}, version {markup.bdi(policy.version)}; {judged}.</p>
{clauses}</section>"""


def _clause(seen: View, clause: Clause, number: int) -> str:
    broken, waiting = (seen.by_clause.get((clause.id, outcome), 0) for outcome in OUTCOMES[:2])
    said = f"{words.plural(broken, 'post')} {'violates' if broken == 1 else 'violate'} it, {does(Outcome.REVIEW, waiting)}"
    covers = ", ".join(sorted(kind(each) for each in clause.kinds)) or "everyone listed"
    forbids = " or ".join(sorted(clause.stances))
    texts = "".join(
        f'<p class="rule" lang="{markup.escape(lang)}" dir="{direction(lang)}">{markup.escape(text)}</p>'
        for lang, text in clause.text.items()
    )
    return f"""<article class="clause" id="clause-{number}"><h3>{markup.bdi(clause.id)}</h3>
<p class="quiet">covers {markup.escape(covers)}; forbids {markup.escape(forbids)}; severity {clause.severity}. {said}.</p>
<div class="rules">{texts}</div></article>"""


def _legend() -> str:
    return (
        '<p class="legend quiet"><span class="named">Dashed</span>: a name on the list. '
        '<mark class="w3">Marked</mark>: words that decided, the thicker the line the more; leave them out and the '
        "verdict changes. The share is the model’s own estimate, calibrated.</p>"
    )


def _cards(seen: View, offered: Choices) -> str:
    sections, number = [], 0
    for outcome in OUTCOMES:
        lines = seen.of(outcome)
        cards = []
        for line in lines:
            number += 1
            cards.append(card(seen, line, number, offered))
        left = []
        if seen.named.get(outcome, 0) > len(lines):
            left.append(
                f"{words.count(len(lines))} of {words.count(seen.named[outcome])} are shown; <code>verdicts.jsonl</code> has all."
            )
        unnamed = seen.counts.get(outcome, 0) - seen.named.get(outcome, 0)
        if unnamed:
            left.append(
                f"{words.plural(unnamed, 'other post')} {_does_name(seen, unnamed)} nobody on the list and "
                f"{'has' if unnamed == 1 else 'have'} no card."
            )
        if not lines and not left:
            left.append("None.")
        note = f'<p class="quiet">{" ".join(left)}</p>' if left else ""
        sections.append(
            f'<section class="outcomes" id="{outcome}" aria-labelledby="{outcome}-title"><h3 id="{outcome}-title" class="outcome {outcome}">{icon(outcome)}<span>{HEADS[outcome]}</span> <span class="quiet">{words.plural(seen.counts.get(outcome, 0), "post")}</span></h3>'
            f"{''.join(cards)}{note}</section>"
        )
    return "".join(sections)


def _empty(seen: View) -> str:
    read = words.plural(seen.total, "post")
    return f"""<section class="empty"><h3>Nobody on the list is named{" or shown" if seen.looked else ""}</h3>
<p>{read} {"was" if seen.total == 1 else "were"} read, and none names anybody on it, so all stay up.</p>
<p>If you expected a name: see how it is written with <code>tarazu judge --explain POST_ID</code>, and add that spelling to the list.</p></section>"""


def _footer(seen: View) -> str:
    rows = "".join(
        f"<div><dt>{markup.escape(str(name))}</dt><dd>{markup.bdi(str(value))}</dd></div>"
        for name, value in seen.versions.items()
    )
    languages = ", ".join(sorted({language(seen.post(line).lang) for line in seen.lines}))
    return f"""<footer class="page">
<h2>How to read this</h2>
<p>A verdict says what the written policy says of a post, on the day it was posted and by the listings in force that day. It is an opinion with reasons, not an act: nothing was removed. Naming somebody is never enough; the author’s own stance decides.</p>
<p>What the model is not sure of waits for a person. Names are hidden from it, so that the same words about two groups read the same.</p>
{LOOKED if seen.looked else ""}<h2>In this page</h2>
<p>{words.plural(len(seen.lines), "post")} with a card{f", in {markup.escape(languages)}" if languages else ""}. <code>verdicts.jsonl</code> beside it has a line for every post.</p>
<h2>Versions</h2><dl>{rows}</dl>
</footer>"""
