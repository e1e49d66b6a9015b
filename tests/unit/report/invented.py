"""An invented run for tests of the report: every name, text and number is made up."""

# ruff: noqa: E501  (strings are easier to read unbroken)
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle

import numpy as np
import polars as pl

from tarazu.findings import (
    Act,
    Health,
    HealthLine,
    Label,
    Member,
    Moment,
    Network,
    Role,
    SharedObject,
    Timeline,
)
from tarazu.records import conform
from tarazu.report.result import Result
from tarazu.report.view import ACCOUNTS, EDGES, EVIDENCE

START = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = {
    "en": (
        "The harbour bridge closes on Sunday and nobody asked the people who cross it every day #harbour",
        "Read what the port authority does not want to print: https://news.example/harbour?id=7",
        "Third week without trams on the east side. Ask them where the money went.",
    ),
    "fa": (
        "پل بندر از روز یکشنبه بسته می‌شود و هیچ‌کس از مردم نپرسید #بندر",
        "هفتهٔ سوم بدون تراموا در شرق شهر؛ بپرسید پول کجا رفت https://news.example/fa/12",
        "گزارش کامل شورای شهر دربارهٔ هزینه‌های بندر را بخوانید و برای دوستانتان بفرستید",
    ),
    "ar": (
        "سيُغلق جسر الميناء يوم الأحد ولم يسأل أحدٌ الناسَ الذين يعبرونه كل يوم #الميناء",
        "الأسبوع الثالث بلا ترام في شرق المدينة، اسألوهم أين ذهب المال",
        "اقرأ ما لا تريد سلطة الميناء نشره: https://news.example/ar/9",
    ),
    "und": (
        "🚢🚢🚢 #harbour 🔥🔥 👨‍👩‍👧‍👦 now now now",
        "🎉 1,000 signatures before noon 🎉 sign here ➡️ https://sign.example/h",
        "🟦🟧🟦🟧 together on Sunday 🟧🟦",
    ),
}
NAMES = {
    "en": ("Alder Finch", "North Pier", "Marlow K.", "Ida Quill", "Tram Watch", "Old Harbour Voice"),
    "fa": ("نسیم بندر", "راوی شهر", "کاوه م.", "صدای اسکله", "مینا_۷۴", "دیدبان تراموا"),
    "ar": ("صوت الميناء", "نورس", "أخبار الضفة", "سلمى ق.", "مرصد الترام", "ابن الجسر"),
    "und": ("🚢 harbour 🚢", "★ sunday ★", "~*pier*~", "🟦 blue", "now now", "✨"),
}
TRACES = ("co_url", "co_repost", "co_text", "co_hashtag", "synchrony")


@dataclass
class World:
    """Sizes of an invented run."""

    sizes: tuple[int, ...] = (46, 28, 19, 12, 7, 5)
    pairs_each: float = 4.0  # distinct pairs a member
    posts_each: int = 6
    seed: int = 7
    langs: tuple[str, ...] = ("en", "fa", "ar", "und")
    hostile: list[str] = field(default_factory=list)  # put into every field that comes from outside
    healthy: bool = False


def result(world: World | None = None) -> Result:
    """Build the run."""
    world = world or World()
    rng = np.random.default_rng(world.seed)
    hostile = world.hostile or None
    fields: dict[str, Iterator[str]] = {}

    def words(text: str, field: str) -> str:
        """`text`, or the next hostile string of this field: every field goes through all of them."""
        if hostile is None:
            return text
        return next(fields.setdefault(field, cycle(hostile)))

    networks, accounts, edges, evidence = [], [], [], []
    posts: dict[str, list[object]] = {k: [] for k in ("post_id", "account_id", "created_at", "text", "lang")}
    for code, size in enumerate(world.sizes):
        lang = world.langs[code % len(world.langs)]
        ids = [
            words(f"{code + 1}{i:05d}", "id") + (f"~{code}.{i}" if hostile is not None else "")
            for i in range(size)
        ]
        begin = START + timedelta(days=2 * code)
        own: list[list[tuple[str, datetime]]] = []
        for i, account in enumerate(ids):
            mine = []
            for j in range(world.posts_each):
                at = begin + timedelta(
                    hours=7 * j, seconds=float(np.round(rng.exponential(9) * (1 + i % 3), 1))
                )
                post = f"p{code}.{i}.{j}" + (words("", "post") if hostile is not None else "")
                text = TEXTS[lang][j % 3]
                text = text if rng.random() < 0.6 else f"{text} {rng.integers(10, 99)}"
                for key, value in zip(
                    posts, (post, account, at, words(text, "text"), words(lang, "lang")), strict=True
                ):
                    posts[key].append(value)
                mine.append((post, at))
            own.append(mine)
        seen: set[tuple[int, int]] = set()
        wanted = int(min(size * world.pairs_each, size * (size - 1) / 2))
        cluster = max(3, size // 5)
        while len(seen) < wanted:
            draw = rng.integers(0, size, (4 * wanted, 2))
            near = rng.random(len(draw)) < 0.7
            draw[near, 1] = (draw[near, 0] // cluster) * cluster + draw[near, 1] % cluster
            for a, b in draw:
                if a < b < size and len(seen) < wanted:
                    seen.add((int(a), int(b)))
        for a, b in sorted(seen):
            s, t = sorted((ids[a], ids[b]))
            kinds = rng.choice(len(TRACES), size=1 + int(rng.random() < 0.3), replace=False)
            for kind in kinds:
                p = float(10 ** -(4 + rng.exponential(4)))
                weight = int(3 + rng.integers(0, 28))
                window = int(rng.choice([10, 60, 300]))
                edges.append(
                    (s, t, TRACES[kind], window, weight, round(weight * 0.04, 3), p, min(p * 50, 0.01))
                )
                for j in range(int(rng.integers(1, 4))):
                    (pa, ta), (pb, tb) = own[a][j], own[b][j]
                    if ids[a] != s:
                        (pa, ta), (pb, tb) = (pb, tb), (pa, ta)
                    key = words(f"https://news.example/{lang}/{j}", "object")
                    gap = (tb - ta).total_seconds()
                    evidence.append((f"N{code + 1}", s, t, TRACES[kind], key, window, pa, pb, ta, tb, gap))
        members = []
        for i, account in enumerate(ids):
            role = (Role.STARTS, Role.AMPLIFIES, Role.AMPLIFIES, Role.BOTH)[i % 4]
            score = round(float(4 + rng.exponential(6)), 2)
            name = words(f"{NAMES[lang][i % 6]} {i if i > 5 else ''}".strip(), "name")
            members.append(
                Member(
                    account_id=account, role=role, score=score, posts=world.posts_each + i % 9,
                    edges=sum(1 for pair in seen if i in pair), joint=3 * world.posts_each,
                    core=i % 11 != 10, handle=words(f"{lang}_user{i}", "handle"), name=name,
                )
            )  # fmt: skip
            accounts.append((account, f"N{code + 1}", score, role.value))
        moments = []
        for j in range(3):
            acts = sorted(
                (
                    Act(account_id=ids[i], post_id=own[i][j][0], time=own[i][j][1], lang=words(lang, "act lang"),
                        text=words(TEXTS[lang][j] if rng.random() < 0.6 else f"{TEXTS[lang][j]} {i} !", "act"))
                    for i in range(min(size, (9, 5, 3)[j]))
                ),
                key=lambda act: act.time,
            )  # fmt: skip
            moments.append(
                Moment(
                    trace=TRACES[j], key=words(f"https://news.example/{lang}/{j}", "moment"), acts=tuple(acts)
                )
            )
        bins = rng.poisson(3, 96) * (rng.random(96) < 0.3) + (np.arange(96) % 24 == 8) * size
        networks.append(
            Network(
                id=f"N{code + 1}",
                label=Label.SAME_FEED if code == 3 else Label.COORDINATED,
                reason=words(
                    f"{size} accounts shared the same {min(40, 4 * size)} links within 10 seconds of each other, "
                    f"{size * 9} times; independent accounts would have done so about {size // 3} times.",
                    "reason",
                ),
                against=tuple(
                    words(t, "against")
                    for t in (
                        "All posts come from one publishing program, as scheduled posts of one newsroom would.",
                        "9 of the members name the same association in their profiles: this may be open campaigning.",
                    )[: 1 + code % 2]
                ),
                p_value=float(10 ** -(5 + 3 * code)),
                traces={"co_url": 3 * size, "co_repost": size, "co_text": size // 2},
                members=tuple(members),
                objects=tuple(
                    SharedObject(trace=TRACES[j % 4], key=words(f"https://news.example/{lang}/{j}", "shared"), members=max(2, size - j),
                                 others=int(rng.integers(0, 60)), first=begin + timedelta(hours=7 * j),
                                 span_seconds=float(20 + 40 * j))
                    for j in range(14)
                ),
                moments=tuple(moments),
                timeline=Timeline(
                    start=begin,
                    bin_seconds=3600,
                    members=tuple(int(b) for b in bins),
                    everyone=tuple(int(v) for v in rng.poisson(60 + 40 * np.sin(np.arange(96) / 24 * 6.28)) + bins),
                ),
                first=begin,
                last=begin + timedelta(days=4),
            )
        )  # fmt: skip
    total = sum(world.sizes)
    return Result(
        networks=tuple(networks),
        accounts=pl.DataFrame(accounts, schema=ACCOUNTS, orient="row"),
        edges=pl.DataFrame(edges, schema=EDGES, orient="row"),
        evidence=pl.DataFrame(evidence, schema=EVIDENCE, orient="row"),
        health=Health(
            lines=(
                HealthLine(
                    ok=True,
                    line=words(
                        "At most 1 in 100 edges is expected to be chance: the null held on shifted times.",
                        "health",
                    ),
                ),
                HealthLine(
                    ok=world.healthy,
                    line=words(
                        "12 % of shared links have fewer than 20 strangers; there the test leans on the sensitivity factor.",
                        "health",
                    ),
                ),
                *(HealthLine(ok=True, line=line) for line in world.hostile),
            )
        ),
        parameters=dict.fromkeys(world.hostile, tuple(world.hostile[:3]))
        | {"fdr": 0.01, "windows": (10, 60, 300, 1800), "traces": TRACES},
        versions={text: text for text in world.hostile}
        | {"tarazu": "0.1.0", "null": "self_controlled.v1", "co_url": "co_url.v1", "co_text": "co_text.v1"},
        counts={"posts": 218_971, "accounts": max(58_317, total), "tested_pairs": 1_204_331},
        posts=conform(pl.DataFrame(posts, schema_overrides={"created_at": pl.Datetime("ms", "UTC")})),
    )


def empty() -> Result:
    """A run that found nothing."""
    return Result(
        networks=(),
        accounts=pl.DataFrame(schema=ACCOUNTS),
        edges=pl.DataFrame(schema=EDGES),
        evidence=pl.DataFrame(schema=EVIDENCE),
        health=Health(lines=(HealthLine(ok=True, line="The null held on shifted times."),)),
        parameters={"fdr": 0.01, "windows": (10, 60, 300, 1800), "traces": TRACES},
        versions={"tarazu": "0.1.0"},
        counts={"posts": 4_210, "accounts": 913, "tested_pairs": 5_113},
        posts=conform(
            pl.DataFrame(
                schema={"post_id": pl.String, "account_id": pl.String, "created_at": pl.Datetime("ms", "UTC")}
            )
        ),
    )
