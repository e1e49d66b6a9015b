"""The bundled posts judged with a stand-in for the stance model, for the tests of the page of verdicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import polars as pl

from tarazu.policy.designations import EntityList
from tarazu.policy.designations.entity import Entity
from tarazu.policy.stance.model import PURPOSES, STANCES, Opinion
from tarazu.progress import SILENT, Progress
from tarazu.records import conform
from tarazu.verdicts import Purpose, Stance

SIDING = (
    "Proud of", "stand with them", "Glory to", "Long live", "salute", "Signed up",
    "درود بر", "پشتشان هستم", "زنده باد", "قدردانش", "عضو",
    "تحية لأبطال", "أنا معهم", "المجد", "عاشت", "انضممت", "أحيي",
)  # fmt: skip
AGAINST = ("burned", "آتش کشید", "أحرقت", "Thank you", "مرزبانانی", "حرس الحدود", "drum", "<mask> فقط نفرت")


class Keywords:
    """Reads a few words of the bundled posts as a model would read the whole; of a lion it is not sure."""

    version = "keywords-for-tests.1"

    def read(self, texts: Sequence[str], progress: Progress = SILENT) -> list[Opinion]:
        return [self.opinion(text) for text in texts]

    def opinion(self, text: str) -> Opinion:
        if any(word in text for word in AGAINST):
            chosen, share = Stance.CONDEMN, 0.91
        elif any(word in text for word in ("lion", "شیر", "الأسود")):
            chosen, share = Stance.PRAISE, 0.52
        elif any(word in text for word in SIDING):
            chosen, share = Stance.PRAISE, 0.97
        else:
            chosen, share = Stance.NEUTRAL, 0.88
        purpose = Purpose.NEWS if chosen == Stance.NEUTRAL else Purpose.EXPRESSION
        return Opinion(
            stance={s: share if s == chosen else (1 - share) / (len(STANCES) - 1) for s in STANCES},
            purpose={p: 0.8 if p == purpose else 0.2 / (len(PURPOSES) - 1) for p in PURPOSES},
        )


@cache
def bundled() -> tuple[pl.DataFrame, EntityList, Path]:
    """The posts, the invented list and the example policy."""
    from tarazu.evaluation.sample import judged_path
    from tarazu.policy.designations import read_entities
    from tarazu.policy.examples import example_policy, invented_entities
    from tarazu.sources import read

    return read(judged_path()).posts, read_entities(invented_entities()), example_policy()


def lines_of(posts: pl.DataFrame, entities: EntityList, policy: Path) -> list[dict[str, object]]:
    from tarazu.policy.judge import Judge
    from tarazu.policy.policy_file import read_policy

    verdicts = Judge(entities, read_policy(policy), Keywords()).verdicts(posts)
    return [json.loads(json.dumps(verdict.line())) for verdict in verdicts]


@cache
def page() -> str:
    """The page of the bundled posts."""
    from tarazu.policy.policy_file import read_policy
    from tarazu.report.verdict_page import render
    from tarazu.report.verdict_view import view

    posts, entities, policy = bundled()
    return render(
        view(lines_of(posts, entities, policy), posts, entities, read_policy(policy)), "report.html"
    )


def hostile(payloads: Sequence[str]) -> str:
    """A page on which every text, name, id and reason is a payload."""
    from dataclasses import replace

    from tarazu.policy.policy_file import read_policy
    from tarazu.report.verdict_page import render
    from tarazu.report.verdict_view import view

    count = len(payloads)
    posts = conform(
        pl.DataFrame(
            {
                "post_id": [f"{n} {text}" for n, text in enumerate(payloads)],
                "account_id": payloads,
                "created_at": ["2026-10-01T00:00:00"] * count,
                "text": payloads,
                "lang": payloads,
            }
        ).with_columns(pl.col("created_at").str.to_datetime())
    )
    entities = EntityList(
        entities=tuple(
            Entity(id=f"e{n} {text}", kind=text, name=text, aliases=()) for n, text in enumerate(payloads)
        ),
        name=payloads[0],
    )
    policy = read_policy(bundled()[2])
    clauses = tuple(
        replace(policy.clauses[0], id=f"{n}{text}", text={"en": text, text: text})
        for n, text in enumerate(payloads[:50])
    )
    policy = replace(policy, clauses=clauses, id=payloads[0], title={payloads[1]: payloads[2]})
    lines = [
        {
            "post_id": f"{n} {text}",
            "verdict": ("violates", "review", "allowed")[n % 3],
            "clauses": [f"{n % 60}{payloads[n % 60]}"],
            "mentions": [{"entity_id": f"e{n} {text}", "start": 0, "end": 2 + n % 5, "text": text[:2]}],
            "stances": [{"entity_id": f"e{n} {text}", "stance": "praise", "confidence": 0.9}],
            "purpose": "news",
            "words": [{"start": 1, "end": len(text) - 1, "text": text, "weight": 0.6}],
            "where": {text: "violates", "XB": "allowed"},
            "media": [],
            "reason": f"“{text}” {text}",
            "versions": {text: text},
        }
        for n, text in enumerate(payloads)
    ]
    return render(view(lines, posts, entities, policy), "report.html")
