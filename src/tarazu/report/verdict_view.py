"""What the page of verdicts shows: the counts of all lines, and the lines that get a card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from tarazu.policy.clause import Policy
from tarazu.policy.designations import EntityList
from tarazu.policy.designations.entity import Entity
from tarazu.report.picture import within
from tarazu.verdicts import Outcome, Severity

MOST = 500  # cards on a page
PICTURES = 4  # pictures of one post that are shown; more are counted
OUTCOMES = (Outcome.VIOLATES, Outcome.REVIEW, Outcome.ALLOWED)  # the order of reading
_GRAVEST = {str(severity): -rank for rank, severity in enumerate(Severity)}

Line = Mapping[str, Any]  # a line of verdicts.jsonl


@dataclass(frozen=True, kw_only=True)
class Post:
    """What a card says of a post besides its verdict."""

    text: str | None
    lang: str | None
    time: datetime | None


@dataclass(frozen=True, kw_only=True)
class View:
    """All that the page is made of."""

    entities: EntityList
    policy: Policy
    counts: Mapping[str, int]  # lines an outcome
    named: Mapping[str, int]  # lines an outcome that would get a card
    by_clause: Mapping[tuple[str, str], int]  # (clause, outcome) -> lines
    lines: tuple[Line, ...]  # with a card, in the order of reading
    posts: Mapping[str, Post] = field(default_factory=dict)  # of those lines, by id
    versions: Mapping[str, str] = field(default_factory=dict)
    looked: int = 0  # lines with media that was looked at
    thumbnails: Mapping[str, bytes] = field(default_factory=dict)  # JPEG, by the file of the sighting

    @property
    def total(self) -> int:
        """Posts judged."""
        return sum(self.counts.values())

    def of(self, outcome: Outcome) -> tuple[Line, ...]:
        """The lines of an outcome that have a card."""
        return tuple(line for line in self.lines if line["verdict"] == outcome)

    def entity(self, entity_id: str) -> Entity | None:
        """An entity of the list; None when the list is not the one that was judged with."""
        return self.entities.by_id.get(entity_id)

    def name(self, entity_id: str) -> str:
        """The name of an entity, or its id."""
        entity = self.entity(entity_id)
        return entity.name if entity else entity_id

    def post(self, line: Line) -> Post:
        """The post of a line."""
        return self.posts.get(line["post_id"]) or Post(text=None, lang=None, time=None)

    def clause_index(self, clause_id: str) -> int | None:
        """The place of a clause in the policy, from 1; it makes the anchor `clause-1`."""
        return next((n for n, clause in enumerate(self.policy.clauses, 1) if clause.id == clause_id), None)


def view(
    lines: Iterable[Line],
    posts: pl.DataFrame,
    entities: EntityList,
    policy: Policy,
    thumbnails: Mapping[str, bytes] | None = None,
) -> View:
    """Go through all lines once and keep at most `MOST`: the gravest outcome first, then the gravest clause.

    `thumbnails` are small JPEGs that the sandbox made, by `Sighting.hash.path`; a file without one has no picture.
    """
    severity = {clause.id: _GRAVEST[clause.severity] for clause in policy.clauses}
    counts: Counter[str] = Counter()
    named: Counter[str] = Counter()
    by_clause: Counter[tuple[str, str]] = Counter()
    kept: dict[tuple[int, int], list[Line]] = {}
    versions: Mapping[str, str] = {}
    looked = 0
    for line in lines:
        outcome = Outcome(line["verdict"])
        counts[outcome] += 1
        versions = versions or line["versions"]
        for clause_id in line["clauses"]:
            by_clause[clause_id, outcome] += 1
        looked += bool(line.get("media"))
        if not about(line) and outcome == Outcome.ALLOWED:
            continue
        named[outcome] += 1
        grave = min((severity.get(clause_id, 0) for clause_id in line["clauses"]), default=0)
        same = kept.setdefault((OUTCOMES.index(outcome), grave), [])
        if len(same) < MOST:
            same.append(line)
    shown = [line for _, same in sorted(kept.items(), key=lambda item: item[0]) for line in same][:MOST]
    return View(
        entities=entities,
        policy=policy,
        counts=counts,
        named=named,
        by_clause=by_clause,
        lines=tuple(shown),
        posts=_posts(posts, [line["post_id"] for line in shown]),
        versions=versions,
        looked=looked,
        thumbnails=within(thumbnails or {}, (file for line in shown for file in files(line))),
    )


def about(line: Line) -> list[str]:
    """The entities that a post names, in its words or in its pictures, or shows, in order of appearance."""
    found = [m["entity_id"] for m in (*line["mentions"], *line.get("drawn", ()))]
    for sighting in line.get("media") or ():
        if not any(match["negative"] and match["decides"] for match in sighting["matches"]):
            found += [match["entity_id"] for match in sighting["matches"] if match["entity_id"]]
    return list(dict.fromkeys(found))


def files(line: Line) -> list[str]:
    """The files of a post whose pictures its card shows."""
    return [sighting["path"] for sighting in (line.get("media") or ())[:PICTURES]]


def _posts(posts: pl.DataFrame, ids: list[str]) -> dict[str, Post]:
    wanted = posts.filter(pl.col("post_id").is_in(ids)).select("post_id", "text", "lang", "created_at")
    return {
        post_id: Post(text=text, lang=lang, time=time) for post_id, text, lang, time in wanted.iter_rows()
    }
