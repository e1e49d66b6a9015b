"""The judge: posts in, verdicts with reasons out. Posts that name nobody, and show nobody, never reach the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial

import polars as pl

from tarazu.policy import reasons
from tarazu.policy.clause import Certainty, Policy
from tarazu.policy.deciding_words import Question, deciding_words
from tarazu.policy.designations import EntityList
from tarazu.policy.designations.entity import Entity
from tarazu.policy.eye import LEGIBLE, Eye, shown, words_in
from tarazu.policy.mentions import Linker
from tarazu.policy.passage import Origin, Passage
from tarazu.policy.pattern import PatternRule
from tarazu.policy.reading import Basis, Reading
from tarazu.policy.ruling import Coverage, by_place, coverage, grounds
from tarazu.policy.stance.model import OnnxStance, Opinion, StanceModel
from tarazu.progress import SILENT, Progress
from tarazu.sightings import MediaMatch, Sighting
from tarazu.verdicts import Ground, Mention, Outcome, Purpose, Stance, StanceReading, Verdict, Words

CHUNK = 4_096  # posts judged at once: memory stays flat, and a run that was stopped has lost little


@dataclass(frozen=True, kw_only=True)
class Case:
    """One post that names or shows somebody: what is known of it before anything is read."""

    post_id: str
    lang: str | None
    day: date
    words: Passage  # the author's
    drawn: Passage  # those in its pictures
    entities: tuple[Entity, ...]  # named, in order of appearance, then those only shown
    places: tuple[str, ...]
    covered: Coverage
    sightings: tuple[Sighting, ...] = ()
    shown: Mapping[str, MediaMatch] = field(default_factory=dict)  # by known pictures that decide
    informed: Mapping[str, MediaMatch] = field(default_factory=dict)  # by those that only inform

    @property
    def text(self) -> str:
        """What the author wrote."""
        return self.words.text

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Where the author's words name somebody."""
        return self.words.mentions

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Ids of the entities whose stance matters: those under a clause, in order of appearance."""
        under = {entity_id for _, entity_id in self.covered}
        return tuple(entity.id for entity in self.entities if entity.id in under)

    def passages(self, entity_id: str) -> tuple[Passage, ...]:
        """Return the words to be read toward an entity.

        Words that do not name it are about it only if a picture of the post shows it or names it.
        """
        pictured = entity_id in self.shown or entity_id in self.informed
        elsewhere = pictured or self.drawn.names(entity_id)
        return tuple(
            passage
            for passage, beside in ((self.words, elsewhere), (self.drawn, pictured))
            if passage.names(entity_id) or (beside and passage.speaks)
        )

    def seen(self, entity_id: str) -> tuple[str, ...]:
        """Return the texts as the model reads them for one entity."""
        return tuple(passage.seen(entity_id) for passage in self.passages(entity_id))

    def reading(self, entity_id: str, opinions: Mapping[str, Opinion]) -> Reading:
        """Return how the post reads toward an entity; `opinions` are by the text that was read."""
        by_origin = {p.origin: opinions[p.seen(entity_id)] for p in self.passages(entity_id)}
        return Reading(
            post=by_origin.get(Origin.POST),
            picture=by_origin.get(Origin.PICTURE),
            named=self.words.names(entity_id),
            written=self.drawn.names(entity_id),
            shown=entity_id in self.shown,
            informed=entity_id in self.informed,
            short=self.words.short,
            legible=self.drawn.legible,
        )


class Judge:
    """Applies one policy with one list of entities and one model.

    `model` is the bundled one unless another is given; `highlight` asks for the deciding words of every post that
    violates or goes to a person (some 20 more readings each). `eye` looks at the media of posts; without one, words
    alone are judged.
    """

    def __init__(
        self,
        entities: EntityList,
        policy: Policy,
        model: StanceModel | None = None,
        *,
        highlight: bool = True,
        eye: Eye | None = None,
    ) -> None:
        self.entities, self.policy, self.highlight, self.eye = entities, policy, highlight, eye
        self.model: StanceModel = model or OnnxStance()
        self.linker = Linker(entities.entities)

    @cached_property
    def certainty(self) -> Certainty:
        """The policy's certainty, or the one that the model was calibrated to."""
        if self.policy.certainty is not None:
            return self.policy.certainty
        card = getattr(self.model, "card", {}).get("certainty", {})
        violates = card.get("violates", 0.75)
        return Certainty(
            violates=violates, allowed=card.get("allowed", 0.35), unnamed=max(violates, Certainty.unnamed)
        )

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
            **(self.eye.versions if self.eye is not None else {}),
        }

    def verdicts(self, posts: pl.DataFrame, progress: Progress = SILENT) -> Iterator[Verdict]:
        """Yield one verdict a post, in the order of `posts` (columns of tarazu.records.POSTS)."""
        with progress.stage("Judging posts", posts.height) as stage:
            for chunk in posts.iter_slices(CHUNK):
                yield from self.of_chunk(chunk)
                stage.advance(chunk.height)

    def of_chunk(self, posts: pl.DataFrame) -> Iterator[Verdict]:
        """Yield the verdicts of posts that are judged together: equal texts are read once."""
        sightings = self.sightings(posts)
        cases = self.cases(posts, sightings)
        wanted = list(
            dict.fromkeys(
                text for case in cases.values() for entity in case.asked for text in case.seen(entity)
            )
        )
        opinions = dict(zip(wanted, self.model.read(wanted), strict=True)) if wanted else {}
        drafts = {row: self.draft(case, opinions) for row, case in cases.items()}
        marked = self.marked(drafts) if self.highlight else {}
        for row, (post_id, text, lang) in enumerate(posts.select("post_id", "text", "lang").iter_rows()):
            draft = drafts.get(row)
            if draft is None:
                yield self.unnamed(post_id, text or "", lang, sightings.get(row, ()))
            else:
                yield draft.verdict(marked.get(row, ()), self.versions)

    def sightings(self, posts: pl.DataFrame) -> dict[int, tuple[Sighting, ...]]:
        """Return what is seen in the media of the posts, by row; each file is looked at once."""
        if self.eye is None:
            return {}
        media = {
            row: kept for row, refs in enumerate(posts["media"]) if refs is not None and (kept := list(refs))
        }
        seen = self.eye.look(list(dict.fromkeys(ref for refs in media.values() for ref in refs)))
        return {row: tuple(seen[ref] for ref in refs if ref in seen) for row, refs in media.items()}

    def cases(
        self, posts: pl.DataFrame, sightings: Mapping[int, tuple[Sighting, ...]] | None = None
    ) -> dict[int, Case]:
        """Return the posts that name or show somebody, by row."""
        sightings = self.sightings(posts) if sightings is None else sightings
        texts = posts["text"].fill_null("")
        rows = sorted({*self.linker.screen(texts).nonzero()[0].tolist(), *sightings})
        found = {}
        chosen = posts[rows].select("post_id", "text", "lang", "created_at")
        for row, (post_id, text, lang, time) in zip(rows, chosen.iter_rows(), strict=True):
            looked = sightings.get(row, ())
            words = Passage(text=text or "", mentions=self.linker.link(text or ""))
            in_picture, sure = words_in(looked)
            drawn = Passage(
                text=in_picture,
                mentions=self.linker.link(in_picture) if in_picture else (),
                origin=Origin.PICTURE,
                legible=sure >= LEGIBLE,
            )
            known, informed = shown(looked, decides=True), shown(looked, decides=False)
            ids = dict.fromkeys(m.entity_id for m in (*words.mentions, *drawn.mentions))
            named = [
                self.entities.by_id[id_]
                for id_ in dict.fromkeys((*ids, *known, *informed))
                if id_ in self.entities.by_id
            ]
            if not named:
                continue
            places = self.policy.places(named)
            day = time.date()
            found[row] = Case(
                post_id=post_id,
                lang=lang,
                day=day,
                words=words,
                drawn=drawn,
                entities=tuple(named),
                places=places,
                covered=coverage(self.policy, named, day, places),
                sightings=looked,
                shown=known,
                informed=informed,
            )
        return found

    def draft(self, case: Case, opinions: Mapping[str, Opinion]) -> Draft:
        """Return what the policy says of a case, the deciding words still to be found; `opinions` are by text."""
        readings = {entity: case.reading(entity, opinions) for entity in case.asked}
        found = grounds(self.policy, case.covered, readings, self.certainty)
        rule = next(
            (rule for rule in self.policy.patterns if rule.found(case.text) is not None), None
        )  # the first that matches speaks
        return Draft(
            case=case,
            policy=self.policy,
            readings=readings,
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

    def unnamed(
        self, post_id: str, text: str, lang: str | None, sightings: tuple[Sighting, ...] = ()
    ) -> Verdict:
        """Return the verdict on a post that names and shows nobody: it stays, unless a pattern sends it to a person."""
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
            reason=reasons.of_rule(rule) if rule is not None else reasons.of_nobody(sightings),
            versions=self.versions,
            lang=lang,
            media=sightings,
            drawn_text=words_in(sightings)[0],
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A case with its grounds."""

    case: Case
    policy: Policy
    readings: dict[str, Reading]  # by entity id
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

    def opinion(self, entity_id: str) -> Opinion | None:
        """Return the reading that decides about an entity; None when no words do."""
        reading = self.readings[entity_id]
        ground = next(
            (g for g in self.grounds if g.entity_id == entity_id and g.outcome == self.outcome), None
        )
        basis = Basis(ground.basis) if ground is not None else Basis.POST
        if basis == Basis.SHOWN:
            return None
        return reading.picture if basis == Basis.PICTURE else reading.post

    def question(self) -> Question | None:
        """Return what to ask for the deciding words; None when the post stays up, or no words decided."""
        ground = self.deciding
        if ground is None or ground.outcome == Outcome.ALLOWED:
            return None
        opinion = self.opinion(ground.entity_id)
        if opinion is None:
            return None
        violates = ground.outcome == Outcome.VIOLATES
        passage = self.case.drawn if ground.basis == Basis.PICTURE else self.case.words
        named = passage.names(ground.entity_id)
        return Question(
            passage=passage,
            entity_id=ground.entity_id,
            share=sum(opinion.stance[s] for s in self.forbidden),
            below=(self.certainty.violates if named else self.certainty.unnamed)
            if violates
            else self.certainty.allowed,
        )

    def stances(self) -> tuple[StanceReading, ...]:
        """Return the stance toward every entity that a clause covers, where words say one."""
        found = []
        for entity_id in self.case.asked:
            opinion = self.opinion(entity_id)
            if opinion is None:
                continue
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
        if not self.readings:
            return None
        ground = self.deciding
        opinion = self.opinion(ground.entity_id if ground else self.case.asked[0])
        return opinion.likeliest_purpose if opinion is not None else None

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
            stances=self.stances(),
            purpose=self.purpose(),
            words=words,
            where=where,
            reason=reasons.of_draft(self, words, where),
            rule=self.rule_text,
            versions=versions,
            lang=self.case.lang,
            media=self.case.sightings,
            drawn=self.case.drawn.mentions,
            drawn_text=self.case.drawn.text,
        )


def rule_words(rule: PatternRule | None, text: str) -> tuple[Words, ...]:
    """Return the words that a pattern found."""
    span = rule.found(text) if rule is not None else None
    if span is None:
        return ()
    start, end = span
    return (Words(start=start, end=end, text=text[start:end], weight=1.0),)
