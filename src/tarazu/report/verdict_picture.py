"""What was seen in the media of a judged post: each picture blurred, the known pictures it matches, its words."""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tarazu.report import markup, picture
from tarazu.report.verdict_text import Span, quoted
from tarazu.report.verdict_view import PICTURES, Line, View
from tarazu.sightings import Transform

MATCHES = 3  # known pictures named under one
TURNED = {
    Transform.UPRIGHT: "",
    Transform.ROTATED_90: "turned by 90°",
    Transform.ROTATED_180: "turned upside down",
    Transform.ROTATED_270: "turned by 270°",
    Transform.FLIPPED: "flipped top to bottom",
    Transform.MIRRORED: "mirrored",
    Transform.ROTATED_90_FLIPPED: "flipped and turned",
    Transform.ROTATED_270_FLIPPED: "flipped and turned",
    Transform.PART: "as a part, or within a frame",
}
Seen = Mapping[str, Any]  # a sighting as a line of verdicts.jsonl has it


def pictures(view: View, line: Line, numbers: Mapping[str, int]) -> str:
    """The block under a post's words; nothing when no media was looked at. `numbers` are those of the entities."""
    sightings: list[Seen] = list(line.get("media") or ())
    if not sightings:
        return ""
    marks = _marks(view, line, numbers)
    items: list[str] = []
    at = 0
    for sighting in sightings:
        body = []
        for text in sighting["text"]:
            if not text["text"].strip():
                continue
            # The words of all pictures were read as one, a line end between them.
            body.append(_read(text, [_moved(mark, at, len(text["text"])) for mark in marks]))
            at += len(text["text"]) + 1
        if len(items) < PICTURES:
            items.append(f"<li>{_picture(view, sighting, ''.join(body))}</li>")
    left = len(sightings) - len(items)
    more = f'<p class="quiet">and {left:,} more in <code>verdicts.jsonl</code></p>' if left else ""
    return f'<ul class="seen" aria-label="Pictures of the post">{"".join(items)}</ul>{more}'


def _picture(view: View, sighting: Seen, read: str) -> str:
    facts = "".join(f"<li>{_match(view, match)}</li>" for match in sighting["matches"][:MATCHES])
    hidden = len(sighting["matches"]) - MATCHES
    if hidden > 0:
        facts += f'<li class="quiet">and {hidden:,} more known pictures</li>'
    notes = []
    if sighting["rejected"]:
        notes.append(f"Not looked at: {markup.escape(markup.clip(sighting['rejected'], 300))}")
    elif not sighting["matches"]:
        notes.append("It matches no known picture.")
    if sighting["unread"]:
        notes.append(f"Its words were not read: {markup.escape(markup.clip(sighting['unread'], 300))}")
    elif not read and not sighting["rejected"]:
        notes.append("No words were read in it.")
    facts += f'<li class="quiet">{" ".join(notes)}</li>' if notes else ""
    caption = f'<p class="quiet">{markup.bdi(markup.clip(sighting["path"], 80))}</p><ul>{facts}</ul>{read}'
    name = sighting["path"]
    return picture.figure(view.thumbnails.get(name, b""), caption, alt=_alt(view, sighting), name=name)


def _match(view: View, match: Mapping[str, Any]) -> str:
    """One known picture: whom it shows by its bank, which entry it is, how far and how it was turned."""
    entry, bank = (markup.bdi(markup.clip(match[name], 60)) for name in ("entry", "bank"))
    how = [f'<span class="nowrap">{match["distance"]:,} of 256 bits apart</span>']
    turned = TURNED[Transform(match["transform"])] if match["transform"] in set(Transform) else ""
    if turned:
        how.append(turned)
    if match["share"] < 1:
        how.append(f"in {100 * match['share']:.0f}\u00a0% of the frames")
    whom = ""
    if match["entity_id"]:
        what = markup.escape(markup.clip(match["shows"] or "picture", 40))
        whom = f"{what} of <strong>{markup.bdi(markup.clip(view.name(match['entity_id']), 80))}</strong>: "
    if match["negative"]:
        ends = " Known and fine: it argues against every other match."
    elif not match["decides"]:
        ends = " A new entry, or one that is held: it informs, and decides nothing."
    else:
        ends = ""
    return f"{whom}“{entry}” in the bank “{bank}”, {', '.join(how)}.{ends}"


def _alt(view: View, sighting: Seen) -> str:
    if not sighting["matches"]:
        return "A picture of the post. It matches no known picture."
    match = sighting["matches"][0]
    whom = f", {match['shows'] or 'picture'} of {view.name(match['entity_id'])}" if match["entity_id"] else ""
    return f"A picture of the post. It matches “{match['entry']}” in the bank “{match['bank']}”{whom}, {match['distance']} of 256 bits apart."


def _read(text: Mapping[str, Any], marks: list[Span]) -> str:
    said = quoted(text["text"], text["lang"], [mark for mark in marks if mark.end > mark.start])
    return f'<div class="in-picture"><p class="quiet">Words in it, read with {100 * text["confidence"]:.0f}\u00a0% certainty</p>{said}</div>'


def _marks(view: View, line: Line, numbers: Mapping[str, int]) -> list[Span]:
    """Names and deciding words among the words of all pictures."""
    named = [
        Span(start=m["start"], end=m["end"], mention=numbers[m["entity_id"]], title=view.name(m["entity_id"]))
        for m in line.get("drawn", ())
    ]
    return named + [
        Span(start=w["start"], end=w["end"], weight=float(w["weight"]))
        for w in line.get("words", ())
        if w.get("origin") == "picture"
    ]


def _moved(mark: Span, at: int, size: int) -> Span:
    """A mark within the words that begin `at` characters into all of them; empty when it is not in these."""
    start, end = min(max(mark.start - at, 0), size), min(max(mark.end - at, 0), size)
    return Span(start=start, end=end, mention=mark.mention, weight=mark.weight, title=mark.title)
