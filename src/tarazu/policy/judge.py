"""The judge: posts in, verdicts with reasons out. Posts that name nobody never reach the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import polars as pl

from tarazu.policy import reasons
from tarazu.policy.clause import Certainty, Policy
from tarazu.policy.deciding_words import Question, deciding_words
from tarazu.policy.designations import EntityList
from tarazu.policy.designations.entity import Entity
from tarazu.policy.mentions import Linker
from tarazu.policy.pattern import PatternRule
from tarazu.policy.ruling import Coverage, by_place, coverage, grounds
from tarazu.policy.stance.masking import masked
from tarazu.policy.stance.model import OnnxStance, Opinion, StanceModel
from tarazu.progress import SILENT, Progress
from tarazu.verdicts import Ground, Mention, Outcome, Purpose, Stance, StanceReading, Verdict, Words

CHUNK = 4_096  # posts judged at once: memory stays flat, and a run that was stopped has lost little


@dataclass(frozen=True, kw_only=True)
class Case:
    """One post that names somebody: what is known of it before anything is read."""

    post_id: str
    text: str
    lang: str | None
    day: date
    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]  # named, in order of appearance
    places: tuple[str, ...]
    covered: Coverage

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Ids of the entities whose stance matters: those under a clause, in order of appearance."""
        under = {entity_id for _, entity_id in self.covered}
        return tuple(entity.id for entity in self.entities if entity.id in under)

    def seen(self, entity_id: str) -> str:
        """Return the text as the model reads it for one entity."""
        return masked(self.text, self.mentions, entity_id)


class Judge:
    """Applies one policy with one list of entities and one model.

    `model` is the bundled one unless another is given; `highlight` asks for the deciding words of every post that
    violates or goes to a person (some 20 more readings each).
    """

    def __init__(
        self,
        entities: EntityList,
        policy: Policy,
        model: StanceModel | None = None,
        *,
        highlight: bool = True,
    ) -> None:
        self.entities, self.policy, self.highlight = entities, policy, highlight
        self.model: StanceModel = model or OnnxStance()
        self.linker = Linker(entities.entities)

    @cached_property
    def certainty(self) -> Certainty:
        """The policy's certainty, or the one that the model was calibrated to."""
        if self.policy.certainty is not None:
            return self.policy.certainty
        card = getattr(self.model, "card", {}).get("certainty", {})
        return Certainty(violates=card.get("violates", 0.75), allowed=card.get("allowed", 0.35))

    @cached_property
    def versions(self) -> dict[str, str]:
        """What a verdict depends on, by name and version."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            own = version("tarazu")
        except PackageNotFoundError:
            own = "source"
        return {
            "tarazu": own,
            "policy": f"{self.policy.id}@{self.policy.version}#{self.policy.digest[:12]}",
            "entities": f"{self.entities.name or 'entities'}#{self.entities.digest[:12]}",
            "mentions": self.linker.version,
            "stance": self.model.version,
        }

    def verdicts(self, posts: pl.DataFrame, progress: Progress = SILENT) -> Iterator[Verdict]:
        """Yield one verdict a post, in the order of `posts` (columns of tarazu.records.POSTS)."""
        with progress.stage("Judging posts", posts.height) as stage:
            for chunk in posts.iter_slices(CHUNK):
                yield from self.of_chunk(chunk)
                stage.advance(chunk.height)

    def of_chunk(self, posts: pl.DataFrame) -> Iterator[Verdict]:
        """Yield the verdicts of posts that are judged together: equal texts are read once."""
        cases = self.cases(posts)
        wanted = list(dict.fromkeys(case.seen(entity) for case in cases.values() for entity in case.asked))
        opinions = dict(zip(wanted, self.model.read(wanted), strict=True)) if wanted else {}
        drafts = {row: self.draft(case, opinions) for row, case in cases.items()}
        marked = self.marked(drafts) if self.highlight else {}
        for row, (post_id, text, lang) in enumerate(posts.select("post_id", "text", "lang").iter_rows()):
            draft = drafts.get(row)
            if draft is None:
                yield self.unnamed(post_id, text or "", lang)
            else:
                yield draft.verdict(marked.get(row, ()), self.versions)

    def cases(self, posts: pl.DataFrame) -> dict[int, Case]:
        """Return the posts that name somebody, by row."""
        texts = posts["text"].fill_null("")
        rows = self.linker.screen(texts).nonzero()[0].tolist()
        found = {}
        chosen = posts[rows].select("post_id", "text", "lang", "created_at")
        for row, (post_id, text, lang, time) in zip(rows, chosen.iter_rows(), strict=True):
            mentions = self.linker.link(text)
            if not mentions:
                continue
            named = [self.entities.by_id[id_] for id_ in dict.fromkeys(m.entity_id for m in mentions)]
            places = self.policy.places(named)
            day = time.date()
            found[row] = Case(
                post_id=post_id,
                text=text,
                lang=lang,
                day=day,
                mentions=mentions,
                entities=tuple(named),
                places=places,
                covered=coverage(self.policy, named, day, places),
            )
        return found

    def draft(self, case: Case, opinions: dict[str, Opinion]) -> Draft:
        """Return what the policy says of a case, the deciding words still to be found."""
        read = {entity: opinions[case.seen(entity)] for entity in case.asked}
        found = grounds(self.policy, case.covered, read, self.certainty)
        rule = next(
            (rule for rule in self.policy.patterns if rule.found(case.text) is not None), None
        )  # the first that matches speaks
        return Draft(
            case=case,
            policy=self.policy,
            opinions=read,
            grounds=found,
            rule=rule,
            certainty=self.certainty,
        )

    def marked(self, drafts: dict[int, Draft]) -> dict[int, tuple[Words, ...]]:
        """Return the deciding words of the drafts that do not stay up, by row."""
        questions = {row: q for row, draft in drafts.items() if (q := draft.question()) is not None}
        if not questions:
            return {}
        stances = {row: drafts[row].forbidden for row in questions}
        # Questions about the same forbidden stances are asked together.
        answers: dict[int, tuple[Words, ...]] = {}
        for forbidden in set(stances.values()):
            rows = [row for row in questions if stances[row] == forbidden]
            asked = partial(self.shares, forbidden=forbidden)
            found = deciding_words([questions[row] for row in rows], asked)
            answers.update(zip(rows, found, strict=True))
        return answers

    def shares(self, texts: Sequence[str], forbidden: frozenset[Stance]) -> list[float]:
        """Return the share of the forbidden stances in each text."""
        return [sum(opinion.stance[s] for s in forbidden) for opinion in self.model.read(texts)]

    def unnamed(self, post_id: str, text: str, lang: str | None) -> Verdict:
        """Return the verdict on a post that names nobody: it stays, unless a pattern sends it to a person."""
        rule = next((rule for rule in self.policy.patterns if rule.found(text) is not None), None)
        outcome = rule.outcome if rule is not None else Outcome.ALLOWED
        return Verdict(
            post_id=post_id,
            outcome=outcome,
            grounds=(),
            mentions=(),
            stances=(),
            purpose=None,
            words=rule_words(rule, text) if outcome == Outcome.REVIEW else (),
            where={},
            reason=reasons.of_rule(rule) if rule is not None else reasons.NOBODY,
            versions=self.versions,
            lang=lang,
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A case with its grounds."""

    case: Case
    policy: Policy
    opinions: dict[str, Opinion]  # by entity id
    grounds: tuple[Ground, ...]
    rule: PatternRule | None
    certainty: Certainty

    @property
    def outcome(self) -> Outcome:
        """What follows: the gravest ground, unless a pattern of the policy says otherwise."""
        by_grounds = Outcome.gravest(ground.outcome for ground in self.grounds)
        if self.rule is None:
            return by_grounds
        if self.rule.outcome == Outcome.ALLOWED:
            return Outcome.ALLOWED
        return Outcome.gravest((by_grounds, self.rule.outcome))

    @property
    def deciding(self) -> Ground | None:
        """The ground that the outcome rests on: the first of the gravest."""
        return next((g for g in self.grounds if g.outcome == self.outcome), None)

    @property
    def rule_text(self) -> str | None:
        """The deciding clause in words, unless the post stays up."""
        ground = self.deciding
        if ground is None or ground.outcome == Outcome.ALLOWED:
            return None
        return next(c.words(self.case.lang) for c in self.policy.clauses if c.id == ground.clause_id)

    @property
    def forbidden(self) -> frozenset[Stance]:
        """The stances that the deciding clause forbids."""
        ground = self.deciding
        return next(
            (c.stances for c in self.policy.clauses if ground and c.id == ground.clause_id), frozenset()
        )

    def question(self) -> Question | None:
        """Return what to ask for the deciding words; None when the post stays up."""
        ground = self.deciding
        if ground is None or ground.outcome == Outcome.ALLOWED:
            return None
        opinion = self.opinions[ground.entity_id]
        violates = ground.outcome == Outcome.VIOLATES
        return Question(
            text=self.case.text,
            mentions=self.case.mentions,
            entity_id=ground.entity_id,
            share=sum(opinion.stance[s] for s in self.forbidden),
            below=self.certainty.violates if violates else self.certainty.allowed,
        )

    def readings(self) -> tuple[StanceReading, ...]:
        """Return the stance toward every entity that a clause covers."""
        found = []
        for entity_id in self.case.asked:
            opinion = self.opinions[entity_id]
            stance = opinion.likeliest
            unsure = any(g.outcome == Outcome.REVIEW for g in self.grounds if g.entity_id == entity_id)
            found.append(
                StanceReading(
                    entity_id=entity_id,
                    stance=stance,
                    confidence=opinion.stance[stance],
                    shares=opinion.stance,
                    sure=opinion.answered and not unsure,
                )
            )
        return tuple(found)

    def purpose(self) -> Purpose | None:
        """Return what the post is for, read toward the entity that decided."""
        if not self.opinions:
            return None
        ground = self.deciding
        opinion = self.opinions[ground.entity_id if ground else self.case.asked[0]]
        return opinion.likeliest_purpose

    def verdict(self, words: tuple[Words, ...], versions: dict[str, str]) -> Verdict:
        """Return the finished verdict."""
        if not words and self.rule is not None and self.rule.outcome == Outcome.REVIEW:
            words = rule_words(self.rule, self.case.text)
        outcome = self.outcome
        where = by_place(self.grounds, self.case.places)
        if self.rule is not None:
            where = {
                place: Outcome.ALLOWED
                if self.rule.outcome == Outcome.ALLOWED
                else Outcome.gravest((one, self.rule.outcome))
                for place, one in where.items()
            }
        return Verdict(
            post_id=self.case.post_id,
            outcome=outcome,
            grounds=self.grounds,
            mentions=self.case.mentions,
            stances=self.readings(),
            purpose=self.purpose(),
            words=words,
            where=where,
            reason=reasons.of_draft(self, words, where),
            rule=self.rule_text,
            versions=versions,
            lang=self.case.lang,
        )


def rule_words(rule: PatternRule | None, text: str) -> tuple[Words, ...]:
    """Return the words that a pattern found."""
    span = rule.found(text) if rule is not None else None
    if span is None:
        return ()
    start, end = span
    return (Words(start=start, end=end, text=text[start:end], weight=1.0),)
