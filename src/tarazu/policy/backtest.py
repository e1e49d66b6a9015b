"""`policy backtest`: what a new policy would do to posts that an old one has judged, before it touches anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from tarazu.policy.clause import Policy
from tarazu.policy.designations import EntityList
from tarazu.policy.judge import Judge
from tarazu.policy.stance.model import Opinion, StanceModel
from tarazu.progress import SILENT, Progress
from tarazu.verdicts import Outcome, Verdict

SAMPLES = 5  # posts shown for every kind of change
MINUTES = 0.75  # of a reviewer for one post; a rule of thumb, said as one


@dataclass(frozen=True, kw_only=True)
class Change:
    """One post with another outcome."""

    post_id: str
    text: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """What changes between two policies on the same posts."""

    posts: int
    before: dict[Outcome, int]
    after: dict[Outcome, int]
    moves: dict[tuple[Outcome, Outcome], int]  # how many posts go from one outcome to another
    clauses: dict[str, tuple[int, int]]  # violations a clause, before and after
    samples: dict[tuple[Outcome, Outcome], list[Change]] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """Posts with another outcome."""
        return sum(count for (old, new), count in self.moves.items() if old != new)

    def minutes(self) -> tuple[float, float]:
        """Return the reviewers' load in minutes, before and after, at MINUTES a post."""
        return self.before.get(Outcome.REVIEW, 0) * MINUTES, self.after.get(Outcome.REVIEW, 0) * MINUTES


class Remembering:
    """A stance model that reads every text once: two policies ask about the same posts."""

    def __init__(self, model: StanceModel) -> None:
        self.model = model
        self.known: dict[str, Opinion] = {}
        self.card = getattr(model, "card", {})

    @property
    def version(self) -> str:
        """The version of the model behind."""
        return self.model.version

    def read(self, texts: Sequence[str], progress: Progress = SILENT) -> list[Opinion]:
        """Return one opinion a text, in order."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        self.known.update(zip(new, self.model.read(new, progress), strict=True))
        return [self.known[text] for text in texts]

    def forget(self) -> None:
        """Drop what was read."""
        self.known.clear()


def backtest(
    old: Policy,
    new: Policy,
    posts: pl.DataFrame,
    entities: EntityList,
    model: StanceModel | None = None,
    *,
    new_entities: EntityList | None = None,
    progress: Progress = SILENT,
) -> Backtest:
    """Judge `posts` by both policies and compare; `new_entities` also changes the list."""
    from tarazu.policy.judge import CHUNK
    from tarazu.policy.stance.model import OnnxStance

    memory = Remembering(model or OnnxStance())
    judges = (
        Judge(entities, old, memory, highlight=False),
        Judge(new_entities or entities, new, memory, highlight=False),
    )
    before: Counter[Outcome] = Counter()
    after: Counter[Outcome] = Counter()
    moves: Counter[tuple[Outcome, Outcome]] = Counter()
    clauses: dict[str, list[int]] = {clause.id: [0, 0] for policy in (old, new) for clause in policy.clauses}
    samples: dict[tuple[Outcome, Outcome], list[Change]] = {}
    with progress.stage("Judging by both policies", posts.height) as stage:
        for chunk in posts.iter_slices(CHUNK):
            both = zip(*(judge.of_chunk(chunk) for judge in judges), strict=True)
            for text, (one, two) in zip(chunk["text"], both, strict=True):
                before[one.outcome] += 1
                after[two.outcome] += 1
                moves[one.outcome, two.outcome] += 1
                for side, verdict in enumerate((one, two)):
                    if verdict.outcome == Outcome.VIOLATES:
                        for clause in verdict.clauses:
                            clauses[clause][side] += 1
                kept = samples.setdefault((one.outcome, two.outcome), [])
                if one.outcome != two.outcome and len(kept) < SAMPLES:
                    kept.append(Change(post_id=one.post_id, text=text or "", before=one, after=two))
            memory.forget()
            stage.advance(chunk.height)
    return Backtest(
        posts=posts.height,
        before=dict(before),
        after=dict(after),
        moves=dict(moves),
        clauses={clause: (counts[0], counts[1]) for clause, counts in clauses.items()},
        samples={move: changes for move, changes in samples.items() if changes},
    )
