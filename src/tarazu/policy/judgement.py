"""Verdicts on a table of posts, as Python users get them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from tarazu.verdicts import Outcome, Verdict

SPAN: dict[str, Any] = {"start": pl.Int64, "end": pl.Int64, "text": pl.String}
SIGHTING: dict[str, Any] = {
    "path": pl.String,
    "matches": pl.List(
        pl.Struct(
            {
                "bank": pl.String,
                "entry": pl.String,
                "distance": pl.Int64,
                "transform": pl.String,
                "entity_id": pl.String,
                "shows": pl.String,
                "negative": pl.Boolean,
                "decides": pl.Boolean,
                "share": pl.Float64,
            }
        )
    ),
    "text": pl.List(pl.Struct({"lang": pl.String, "text": pl.String, "confidence": pl.Float64})),
    "unread": pl.String,
    "rejected": pl.String,
}
FRAME: dict[str, Any] = {
    "post_id": pl.String,
    "verdict": pl.String,
    "clauses": pl.List(pl.String),
    "mentions": pl.List(pl.Struct({"entity_id": pl.String, **SPAN})),
    "stances": pl.List(pl.Struct({"entity_id": pl.String, "stance": pl.String, "confidence": pl.Float64})),
    "purpose": pl.String,
    "words": pl.List(pl.Struct({**SPAN, "weight": pl.Float64, "origin": pl.String})),
    "rule": pl.String,
    "media": pl.List(pl.Struct(SIGHTING)),
    "drawn": pl.List(pl.Struct({"entity_id": pl.String, **SPAN})),
    "reason": pl.String,
}


@dataclass(frozen=True, eq=False)
class Judgement:
    """One verdict a post, in the order of the posts."""

    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many posts have each outcome."""
        return dict(Counter(verdict.outcome for verdict in self.verdicts))

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The verdicts as a Polars frame, with the columns of `verdicts.jsonl` except `where` and `versions`."""
        lines = [verdict.line() for verdict in self.verdicts]
        return pl.DataFrame({name: [line[name] for line in lines] for name in FRAME}, schema=FRAME)

    def write(self, path: Path | str) -> None:
        """Write `verdicts.jsonl`, whole or not at all."""
        from tarazu.policy.verdict_file import lines_of

        path = Path(path)
        draft = path.with_name(f"{path.name}.part")
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as stream:
            stream.writelines(lines_of(self.verdicts))
        draft.replace(path)

    def __len__(self) -> int:
        return len(self.verdicts)
