"""Pages with pictures for tests: the bundled posts, each with a drawn square, a match and words in it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import invented
import judged
import polars as pl
from PIL import Image, ImageDraw

from tarazu.policy.policy_file import read_policy
from tarazu.report.page import render as render_networks
from tarazu.report.verdict_page import render
from tarazu.report.verdict_view import view

HASH = "ab" * 32


@cache
def thumbnail(number: int = 0) -> bytes:
    """A small JPEG, another one for every number."""
    square = Image.new("RGB", (320, 240), (40 + 3 * number % 200, 90, 120))
    ImageDraw.Draw(square).ellipse((60 + number, 40, 220, 200), fill=(230, 200, 90))
    out = io.BytesIO()
    square.save(out, "JPEG", quality=80)
    return out.getvalue()


def match(**changes: Any) -> dict[str, Any]:
    return {
        "bank": "listed",
        "entry": "portrait-12",
        "distance": 8,
        "transform": "mirrored",
        "entity_id": "davan-orlec",
        "shows": "portrait",
        "negative": False,
        "decides": True,
        "share": 1.0,
    } | changes


def sighting(path: str, *matches: Mapping[str, Any], words: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    return {
        "path": path,
        "matches": list(matches),
        "text": [{"lang": lang, "text": text, "confidence": 0.87} for lang, text in words],
        "unread": None,
        "rejected": None,
    }


def page(lines: Sequence[dict[str, Any]] | None = None, thumbnails: Mapping[str, bytes] | None = None) -> str:
    """The page of the bundled posts; every one has a picture unless lines are given."""
    posts, entities, policy = judged.bundled()
    if lines is None:
        said = ("fa", "درود بر داوان اورلک\nسالار کوهستان")
        lines = [
            line
            | {"media": [sighting(f"{line['post_id']}.jpg", match(), words=[said])]}
            | {"drawn": [{"entity_id": "davan-orlec", "start": 8, "end": 19, "text": "داوان اورلک"}]}
            for line in judged.lines_of(posts, entities, policy)
        ]
        thumbnails = {f"{line['post_id']}.jpg": thumbnail(n) for n, line in enumerate(lines)}
    return render(view(lines, posts, entities, read_policy(policy), thumbnails))


def hostile(payloads: Sequence[str]) -> str:
    """The same with a payload wherever a picture says something."""
    lines = []
    posts, entities, policy = judged.bundled()
    every = judged.lines_of(posts, entities, policy)
    for number, text in enumerate(payloads):
        seen = sighting(
            f"{number}{text}",
            match(bank=text, entry=text, entity_id=text, shows=text, transform=text),
            words=[(text, text)],
        )
        seen |= {"unread": text, "rejected": text if number % 2 else None}
        drawn = [{"entity_id": text, "start": 0, "end": 3, "text": text[:3]}]
        lines.append(every[number % len(every)] | {"post_id": f"{number}", "media": [seen], "drawn": drawn})
    thumbnails = {f"{number}{text}": thumbnail(number % 9) for number, text in enumerate(payloads)}
    return page(lines, thumbnails)


def networks(key: str = HASH) -> str:
    """A report of networks whose first moment and first object are a picture, and links between accounts too."""
    result = invented.result()
    changed = tuple(
        replace(
            network,
            moments=(replace(network.moments[0], trace="co_media", key=key), *network.moments[1:]),
            objects=(replace(network.objects[0], trace="co_media", key=key), *network.objects[1:]),
        )
        for network in result.networks
    )
    picture = pl.col("trace") == "co_url"
    evidence = result.evidence.with_columns(
        object=pl.when(picture).then(pl.lit(key)).otherwise("object"),
        trace=pl.when(picture).then(pl.lit("co_media")).otherwise("trace"),
    )
    return render_networks(
        replace(result, networks=changed, evidence=evidence), thumbnails={key: thumbnail()}
    )
