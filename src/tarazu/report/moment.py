"""One moment: posts of members on one object within minutes, side by side, with the words they share marked."""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tarazu.findings import Act, Member, Moment
from tarazu.report import chart, markup, picture, words

RUN = 3  # words in a row that must agree before they are marked
TEXT = 600  # characters shown of one post
PICTURES = "co_media"  # the trace whose objects are pictures
ALT = "The picture that these accounts posted."
NONE: Mapping[str, bytes] = {}
SHOWN = 12  # accounts named under one text before the list is folded
_WORD = re.compile(r"\w[\w\u200c\u200d'’]*", re.UNICODE)


def shared(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """For each text the stretches (start, end) whose every run of three words is in at least one other text."""
    found = [list(_WORD.finditer(text)) for text in texts]
    runs = [
        [tuple(w.group().casefold() for w in ws[i : i + RUN]) for i in range(len(ws) - RUN + 1)]
        for ws in found
    ]
    seen = Counter(run for each in runs for run in set(each))
    stretches: list[list[tuple[int, int]]] = []
    for ws, each in zip(found, runs, strict=True):
        spans: list[tuple[int, int]] = []
        for position, run in enumerate(each):
            if seen[run] < 2:
                continue
            start, end = ws[position].start(), ws[position + RUN - 1].end()
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        stretches.append(spans)
    return stretches


def marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` as HTML with the stretches in <mark>."""
    out, at = [], 0
    for start, end in spans:
        out.append(f"{markup.escape(text[at:start])}<mark>{markup.escape(text[start:end])}</mark>")
        at = end
    return "".join(out) + markup.escape(text[at:])


def render(
    moment: Moment, members: dict[str, Member], index: int, thumbnails: Mapping[str, bytes] = NONE
) -> str:
    """The moment as HTML: what was shared, a rail of seconds, each different text once with who posted it when."""
    acts = sorted(moment.acts, key=lambda act: act.time)
    if not acts:
        return ""
    first = acts[0].time
    offsets = [(act.time - first).total_seconds() for act in acts]
    groups: dict[str | None, list[tuple[Act, float]]] = {}
    for act, offset in zip(acts, offsets, strict=True):
        groups.setdefault(act.text and act.text.strip(), []).append((act, offset))
    texts = [markup.shorten(markup.clean(text or ""), TEXT) for text in groups]
    spans = shared(texts)
    people = len({act.account_id for act in acts})
    cards = "".join(
        _card(text, marks, said, members, len(acts), bool(key))
        for (key, said), text, marks in zip(groups.items(), texts, spans, strict=True)
    )
    return (
        f'<section class="moment"><header><h4>{words.plural(people, "account")} {markup.escape(words.did(moment.trace))} '
        f"{words.within(offsets[-1])}</h4>"
        f"{_shared(moment, thumbnails)}"
        f'<div class="when">{chart.rail(offsets, index)}<p>from <bdi>{words.clock(first)}</bdi> UTC</p></div></header>'
        f'<div class="cards">{cards}</div></section>'
    )


def _shared(moment: Moment, thumbnails: Mapping[str, bytes]) -> str:
    said = f'<p class="object" dir="auto">{markup.escape(markup.shorten(markup.clean(moment.key), 200))}</p>'
    thumbnail = thumbnails.get(moment.key) if moment.trace == PICTURES else None
    return picture.figure(thumbnail, said, alt=ALT, name=moment.key) if thumbnail else said


def _card(
    text: str,
    marks: list[tuple[int, int]],
    said: list[tuple[Act, float]],
    members: dict[str, Member],
    acts: int,
    has: bool,
) -> str:
    if not has:
        body = '<p class="absent">no text in the input</p>'
    else:
        lang = said[0][0].lang
        tag = (
            f' lang="{markup.escape(lang)}"'
            if lang and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", lang)
            else ""
        )
        body = f'<blockquote class="said" dir="auto"{tag}>{marked(text, marks)}</blockquote>'
    same = (
        f'<p class="same">word for word the same, {len(said)} accounts</p>' if has and len(said) > 1 else ""
    )
    people = [
        f'<li><span class="later">{words.later(offset)}</span> {who(act.account_id, members)}</li>'
        for act, offset in said
    ]
    listed = f'<ol class="who">{"".join(people[:SHOWN])}</ol>'
    if len(people) > SHOWN:
        listed += (
            f"<details><summary>show {len(people) - SHOWN} more</summary>"
            f'<ol class="who">{"".join(people[SHOWN:])}</ol></details>'
        )
    wide = " all" if len(said) == acts and acts > 1 else ""
    return f'<article class="card{wide}">{body}{same}{listed}</article>'


def who(account_id: str, members: dict[str, Member]) -> str:
    """An account by the best name it has, as a button that opens its card where scripts run."""
    member = members.get(account_id)
    name = account_id
    if member is not None:
        name = member.name or member.handle or account_id
    shown = markup.clip(markup.clean(name), 48)
    return f'<button type="button" class="who-is" data-account="{markup.escape(markup.key(account_id))}">{markup.bdi(shown)}</button>'
