"""A verdict as a finding: everything that a reviewer is shown, frozen as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.item import Item, ItemKind, Media
from tarazu.cases.networks import plain
from tarazu.cases.priority import SEVERITY
from tarazu.media.pdq import LEAST_QUALITY
from tarazu.sightings import Sighting
from tarazu.verdicts import Outcome, Severity, Verdict

UNSURE = 0.5  # certainty of what a person has to read: the judge could not tell


def item_of(post: Mapping[str, Any], sightings: tuple[Sighting, ...], author: Mapping[str, Any]) -> Item:
    """A row of the posts table as an item; `author` is its row of the accounts table, if there is one."""
    context = {
        name: post[name]
        for name in ("reply_to", "quote_of", "repost_of", "repost_of_account", "urls", "hashtags", "client")
        if post.get(name)
    }
    seen = {one.hash.path: one for one in sightings}
    return Item(
        kind=ItemKind.POST,
        external_id=post["post_id"],
        platform=post["platform"] or "",
        author_id=post["account_id"],
        author_name=author.get("display_name") or author.get("handle"),
        text=post["text"] or "",
        lang=post["lang"],
        created_at=post["created_at"],
        media=tuple(_media(ref, seen.get(ref)) for ref in post["media"] or ()),
        context=context,
    )


def _media(ref: str, sighting: Sighting | None) -> Media:
    if sighting is None:
        digits = len(ref) == 64 and all(one in "0123456789abcdefABCDEF" for one in ref)
        return Media(ref=ref, pdq=ref.lower() if digits else None)
    frames = (frame.pdq for frame in sighting.hash.frames if frame.quality >= LEAST_QUALITY)
    return Media(ref=ref, pdq=next(frames, None), sha256=sighting.hash.sha256 or None)


def found(verdict: Verdict, item: Item, reach: float) -> Found | None:
    """What a verdict has to say to people; None where the post stays up."""
    if verdict.outcome == Outcome.ALLOWED:
        return None
    grounds = [ground for ground in verdict.grounds if ground.outcome == verdict.outcome]
    gravest = max(grounds, key=lambda one: SEVERITY[one.severity], default=None)
    entities = sorted({ground.entity_id for ground in grounds})
    clauses = verdict.clauses
    where = sorted(place for place, outcome in verdict.where.items() if outcome == verdict.outcome)
    # Only a known picture speaks: nothing of the words does.
    pictured = bool(grounds) and all(ground.basis == "shown" for ground in grounds)
    body = plain(
        {
            **verdict.line(),
            "grounds": [asdict(ground) for ground in verdict.grounds],
            "shares": {
                reading.entity_id: {str(stance): round(share, 4) for stance, share in reading.shares.items()}
                for reading in verdict.stances
            },
            "drawn_text": verdict.drawn_text,
        }
    )
    return Found(
        item=item,
        kind=FindingKind.MEDIA_MATCH if pictured else FindingKind.VIOLATION,
        body=body,
        versions=verdict.versions,
        certainty=_certainty(verdict, set(entities)),
        signature=" ".join([str(verdict.outcome), ",".join(clauses), ",".join(entities)])[:200],
        severity=gravest.severity if gravest is not None else Severity.MEDIUM,
        reach=reach,
        clause_id=clauses[0] if clauses else None,
        jurisdiction=" ".join(where)[:200] or None,
        lang=verdict.lang,
    )


def _certainty(verdict: Verdict, entities: set[str]) -> float:
    if verdict.outcome == Outcome.REVIEW:
        return UNSURE
    sure = [reading.confidence for reading in verdict.stances if reading.entity_id in entities]
    return max(sure, default=UNSURE)
