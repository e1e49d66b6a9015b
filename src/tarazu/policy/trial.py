"""`policy test`: a policy judges the examples written inside it. One that fails them is a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from tarazu.policy.clause import Example, Policy
from tarazu.policy.designations import EntityList
from tarazu.policy.designations.entity import EVERYWHERE, Alias, Designation, Entity
from tarazu.policy.judge import Judge
from tarazu.policy.stance.model import StanceModel
from tarazu.records import conform
from tarazu.sightings import MediaHash, MediaMatch, PictureText, Sighting, Transform
from tarazu.verdicts import Verdict

NAMES = {"en": "Redmarch Front", "fa": "جبهه سرخ‌کوه", "ar": "جبهة الوادي الأحمر"}  # no such group exists
PERSON = {"en": "Taran Velmik", "fa": "تاران ولمیک", "ar": "تاران فلميك"}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One example and what the policy said of it."""

    example: Example
    text: str
    verdict: Verdict

    @property
    def passed(self) -> bool:
        """Whether the outcome is the one written in the policy."""
        return self.verdict.outcome == self.example.outcome


def trials(policy: Policy, model: StanceModel | None = None) -> list[Trial]:
    """Judge every example of a policy, `{E}` filled with an invented entity that the policy covers, or does not."""
    entities: dict[str, Entity] = {}
    texts, rows = [], []
    seen: dict[str, Sighting] = {}
    for number, example in enumerate(policy.examples):
        entity = invented(policy, example)
        entities[entity.id] = entity
        name = (PERSON if entity.kind == "person" else NAMES).get(example.lang, NAMES["en"])
        name = name if example.listed else unlisted(name)
        texts.append(example.text.replace("{E}", name))
        if example.pictured or example.drawn:
            seen[str(number)] = sighting(example, name, entity.id)
        rows.append(
            {
                "post_id": str(number),
                "account_id": "example",
                "created_at": datetime.now(UTC),
                "lang": example.lang,
                "media": [str(number)] if str(number) in seen else None,
            }
        )
    schema = {"media": pl.List(pl.String)}
    posts = (
        conform(pl.DataFrame(rows, schema_overrides=schema).with_columns(text=pl.Series(texts)))
        if rows
        else None
    )
    judge = Judge(listing(list(entities.values())), policy, model, eye=Remembered(seen))
    verdicts = list(judge.verdicts(posts)) if posts is not None else []
    return [
        Trial(example=example, text=text, verdict=verdict)
        for example, text, verdict in zip(policy.examples, texts, verdicts, strict=True)
    ]


@dataclass(frozen=True)
class Remembered:
    """An eye that has seen the examples' pictures: nothing is drawn and nothing opened to test a policy."""

    seen: Mapping[str, Sighting]

    @property
    def versions(self) -> Mapping[str, str]:
        """Nothing: an example's picture is what the example says."""
        return {}

    def look(self, media: Sequence[str]) -> Mapping[str, Sighting]:
        """Return the sightings by the number of the example."""
        return {one: self.seen[one] for one in media}


def sighting(example: Example, name: str, entity_id: str) -> Sighting:
    """Return what is seen in an example's picture; somebody on no list is no known picture either."""
    portrait = MediaMatch(
        bank="examples",
        entry="portrait",
        distance=0,
        transform=Transform.UPRIGHT,
        entity_id=entity_id,
        shows="portrait",
    )
    words = (example.drawn or "").replace("{E}", name)
    return Sighting(
        hash=MediaHash(path="example", sha256="", md5=""),
        matches=(portrait,) if example.pictured and example.listed else (),
        text=(PictureText(lang=example.lang, text=words, confidence=1.0),) if words else (),
    )


def invented(policy: Policy, example: Example) -> Entity:
    """Return an invented entity of the kind an example is about, listed as the policy's clauses ask for."""
    clause = next(
        (c for c in policy.clauses if example.kind is None or not c.kinds or example.kind in c.kinds),
        policy.clauses[0],
    )
    kind = example.kind or min(clause.kinds - {"person"}, default="terrorist_organisation")
    names = PERSON if kind == "person" else NAMES
    listing = Designation(
        authority=min(clause.authorities, default="Example authority"),
        jurisdictions=(EVERYWHERE,),
    )
    id_ = f"invented-{kind}"
    return Entity(
        id=id_,
        kind=kind,
        name=names["en"],
        aliases=tuple(Alias(text=name, lang=lang) for lang, name in names.items()),
        designations=(listing,),
    )


def unlisted(name: str) -> str:
    """Return another invented name that no list has."""
    return {
        NAMES["en"]: "Larkfield Choir",
        NAMES["fa"]: "گروه کر سپیدار",
        NAMES["ar"]: "جوقة الصفصاف",
        PERSON["en"]: "Lena Orvell",
        PERSON["fa"]: "لنا اورول",
        PERSON["ar"]: "لينا أورفيل",
    }[name]


def listing(entities: Sequence[Entity]) -> EntityList:
    """Return entities as a list."""
    return EntityList(entities=tuple(entities), name="invented")
