"""Every step from one post to its verdict, in the order it was taken, for a person to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tarazu.policy.passage import Origin
from tarazu.text.normalise import folded

if TYPE_CHECKING:
    import polars as pl

    from tarazu.policy.judge import Judge
    from tarazu.sightings import Sighting


BY = {"post": "its words", "picture": "the words in its picture", "shown": "the picture alone"}


def explanation(judge: Judge, post: pl.DataFrame) -> str:
    """Return the steps of one post as text; `post` is a frame of one row."""
    row = post.row(0, named=True)
    text = row["text"] or ""
    lines = [
        f"Post {row['post_id']} of {row['created_at']:%Y-%m-%d}",
        f"  {text}",
        "",
        "1. Folded, for comparison",
    ]
    lines.append(f"  {folded(post['text'])[0] or '(no text)'}")
    screened = bool(judge.linker.screen(post["text"].fill_null(""))[0])
    lines += [
        "",
        "2. Screening",
        f"  {'may name somebody on the list' if screened else 'names nobody on the list'}",
    ]
    case = judge.cases(post).get(0)
    verdict = next(judge.of_chunk(post))
    if verdict.media:
        lines += ["", "   Pictures", *(line for sighting in verdict.media for line in pictures(sighting))]
    if case is not None:
        lines += ["", "3. Mentions"]
        for mention in case.mentions:
            entity = judge.entities.by_id[mention.entity_id]
            kind = "slogan of" if mention.slogan else "names"
            lines.append(
                f"  {mention.start}–{mention.end} “{mention.text}” {kind} {entity.name} ({entity.kind}), "
                f"as “{mention.alias}”, written {mention.written}"
            )
        lines += ["", f"4. Clauses that cover them on {case.day.isoformat()}"]
        if not case.covered:
            lines.append("  none: no listing under this policy was in force")
        for (clause, entity_id), where in case.covered.items():
            for place, listings in where.items():
                by = "; ".join(
                    f"{one.authority}{f' {one.programme}' if one.programme else ''}"
                    f"{f' since {one.start}' if one.start else ''}"
                    for one in listings
                )
                lines.append(
                    f"  {clause}: {entity_id} in {'any place' if place == '*' else place}, listed by {by}"
                )
        lines += ["", f"5. Stance and purpose ({judge.model.version})"]
        for entity_id in case.asked:
            for passage in case.passages(entity_id):
                seen = passage.seen(entity_id)
                opinion = judge.model.read([seen])[0]
                origin = "" if passage.origin == Origin.POST else ", in the picture"
                lines.append(f"  toward {entity_id}{origin}, read as: {seen}")
                lines.append(
                    "    stance   " + "  ".join(f"{s} {share:.2f}" for s, share in opinion.stance.items())
                )
                lines.append(
                    "    purpose  " + "  ".join(f"{p} {share:.2f}" for p, share in opinion.purpose.items())
                )
        sure = judge.certainty
        lines.append(
            f"  a violation from {sure.violates:.2f} of forbidden stances, no violation up to {sure.allowed:.2f}, "
            f"a person between the two; words that name nobody need {sure.unnamed:.2f}"
        )
    lines += ["", f"Verdict: {verdict.outcome}"]
    lines += [
        f"  clause {ground.clause_id}, {ground.entity_id}: {ground.outcome}, by {BY[ground.basis]}"
        for ground in verdict.grounds
    ]
    if len(verdict.where) > 1:
        lines += [f"  in {place}: {outcome}" for place, outcome in verdict.where.items()]
    if verdict.words:
        lines.append("  deciding words: " + ", ".join(f"“{w.text}” ({w.weight:.2f})" for w in verdict.words))
    lines.append(f"  {verdict.reason}")
    lines.append("  " + ", ".join(f"{name} {value}" for name, value in verdict.versions.items()))
    return "\n".join(lines)


def pictures(sighting: Sighting) -> list[str]:
    """Return what was seen in one file, a line each."""
    if sighting.hash.rejected:
        return [f"  {sighting.hash.path}: not opened. {sighting.hash.rejected}"]
    lines = [f"  {sighting.hash.path}"]
    for match in sighting.matches:
        kind = "known and fine" if match.negative else "decides" if match.decides else "only informs"
        lines.append(
            f"    {match.shows or 'picture'} “{match.entry}” of {match.bank}: {match.distance} bits apart, "
            f"{match.transform}, {kind}"
        )
    lines += [f"    words ({text.lang}, {text.confidence:.2f}): {text.text}" for text in sighting.text]
    if sighting.unread:
        lines.append(f"    {sighting.unread}")
    return lines
