"""Which worlds are measured.

Controls, real operations, planted and evasive campaigns, the sizes that made the news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import polars as pl

from tarazu.evaluation import german, ira, news, organic, russian
from tarazu.evaluation.controls import CONTROLS, Control
from tarazu.evaluation.plants import CHANNEL, KINDS, Campaign, evasive, plant
from tarazu.evaluation.sample import sample_stream, sample_world
from tarazu.evaluation.worlds import (
    HOLDOUT_SEEDS,
    TUNE_SEEDS,
    World,
    permute_within_objects,
    shift_sessions,
)

SIZES = (10, 30, 100)
ACTIONS = (3, 5, 10, 20)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One world to measure, and where its result belongs."""

    suite: str  # nulls | controls | operations | purity | sample | planted | evasive | news
    name: str  # readable and unique: also the name of its result file
    build: Callable[[], World]
    facts: dict[str, str | int] = field(default_factory=dict)  # what the tables group by
    alone: bool = False  # its seconds and memory are shown: nothing else may run beside it


class Source:
    """The real data the worlds are made of: the public sets, or the bundled sample."""

    def __init__(self, data: Path | None) -> None:
        self.data = data

    @cached_property
    def stream(self) -> pl.DataFrame:
        """The organic stream as it is."""
        return german.stream(self.data) if self.data else sample_stream()

    def organic(self, _: np.random.Generator) -> World:
        """The stream as a world."""
        return World(name="organic stream", posts=self.stream, note="real, mostly organic")

    def shifted(self, rng: np.random.Generator) -> World:
        """The stream with all sessions shifted."""
        return World(name="sessions shifted", posts=shift_sessions(self.stream, rng))

    def streams(self) -> dict[str, Callable[[], pl.DataFrame]]:
        """Real posts by name, in which nothing is left to find once their times are mixed."""
        if self.data is None:
            return {"sample": lambda: sample_world().posts}
        data = self.data
        return {
            "german": lambda: self.stream,
            "russian_retweets": lambda: russian.stream(data),
            "ira": lambda: ira.posts(data),
        }

    def injected(self, rng: np.random.Generator, *, times: str, keep: str) -> World:
        """The operation inside the stream; of the sample, its own operation accounts."""
        if self.data:
            return ira.injected(self.data, rng, times=times, keep=keep)
        whole = sample_world()
        members = list(frozenset[str]().union(*whole.truth.values()))
        inside = whole.posts.filter(pl.col("account_id").is_in(members))
        crews = ira.campaigns(inside, whole.truth)
        return ira.inject(inside, crews, self.stream, rng, times=times, keep=keep, floor=30)

    def operation(self) -> World:
        """The operation alone."""
        if self.data:
            return ira.slice_world(self.data)
        whole = sample_world()
        members = list(frozenset[str]().union(*whole.truth.values()))
        return replace(whole, posts=whole.posts.filter(pl.col("account_id").is_in(members)))


def _seeded(build: Callable[[np.random.Generator], World], seed: int) -> Callable[[], World]:
    return lambda: build(np.random.default_rng(seed))


def _controlled(source: Source, control: Control, rng: np.random.Generator) -> World:
    return control(source.shifted(rng), rng)


def jobs(data: Path | None, quick: bool) -> Iterator[Job]:
    """All jobs. `quick`: one tuning seed, one size, the smallest worlds."""
    source = Source(data)
    seeds = TUNE_SEEDS[:1] if quick else HOLDOUT_SEEDS[:3]
    yield Job(suite="sample", name="the bundled sample", build=sample_world)
    yield Job(suite="purity", name="the operation alone", build=source.operation)
    yield from _operations(source, seeds)
    yield from _nulls(source, TUNE_SEEDS[:2] if quick else HOLDOUT_SEEDS)
    yield from _controls(source, seeds, quick)
    yield from _planted(source, seeds, quick)
    yield from _evasive(source, seeds, quick)
    if data and not quick:
        for seed in seeds[:2]:
            yield Job(
                suite="news", name=f"news {seed}", build=_seeded(partial(news.world, data), seed), alone=True
            )


BACKGROUNDS = {"shifted": "sessions shifted", "unlocked": "lockstep undone", "real": "as it is"}
KEPT = {"subjects": "thinned by subject", "days": "busiest days", "all": "all posts"}


def _operations(source: Source, seeds: tuple[int, ...]) -> Iterator[Job]:
    for keep, kept in KEPT.items():
        for times, where in BACKGROUNDS.items():
            for seed in seeds:
                yield Job(
                    suite="operations",
                    name=f"operation, {kept}, stream {where} {seed}",
                    build=_seeded(partial(source.injected, times=times, keep=keep), seed),
                    facts={"kept": kept, "background": where, "seed": seed},
                )


MIXERS = {"sessions shifted": shift_sessions, "times permuted": permute_within_objects}


def _mixed(
    posts: Callable[[], pl.DataFrame],
    mix: Callable[[pl.DataFrame, np.random.Generator], pl.DataFrame],
    name: str,
    rng: np.random.Generator,
) -> World:
    return World(name=name, posts=mix(posts(), rng))


def _nulls(source: Source, seeds: tuple[int, ...]) -> Iterator[Job]:
    for name, posts in source.streams().items():
        for how, mix in MIXERS.items():
            for seed in seeds:
                yield Job(
                    suite="nulls",
                    name=f"{name}, {how} {seed}",
                    build=_seeded(partial(_mixed, posts, mix, f"{name}, {how}"), seed),
                    facts={"data": name, "how": how, "seed": seed},
                )


def _controls(source: Source, seeds: tuple[int, ...], quick: bool) -> Iterator[Job]:
    def job(name: str, seed: int, build: Callable[[], World], alone: bool = False) -> Job:
        facts: dict[str, str | int] = {"control": name, "seed": seed}
        return Job(suite="controls", name=f"{name} {seed}", build=build, facts=facts, alone=alone)

    yield job("organic stream", 0, _seeded(source.organic, 0))
    sizes = ((5_000, 1),) if quick else ((20_000, len(seeds)), (100_000, 1))
    for size, runs in sizes:
        shape = organic.Shape(accounts=size, posts=size * 5)
        for seed in seeds[:runs]:
            build = _seeded(partial(organic.world, shape=shape), seed)
            yield job(f"synthetic, {size:,} accounts", seed, build, alone=size >= 100_000)
    for name, control in CONTROLS.items():
        for seed in seeds:
            yield job(name, seed, _seeded(partial(_controlled, source, control), seed))


def planted_world(source: Source | None, campaign: Campaign, seed: int) -> World:
    """The campaign in the shifted stream, or, without a source, in the synthetic organic world."""
    rng = np.random.default_rng(seed)
    if source is None or campaign.kind == "birth":
        base = organic.world(rng, organic.Shape(accounts=10_000, posts=50_000))
    else:
        base = source.shifted(rng)
        base = replace(base, posts=german.channelled(base.posts, CHANNEL.get(campaign.kind, "urls"), rng))
    return plant(base, campaign, rng)


def texts() -> dict[str, Campaign]:
    """The variants of copied and reworded texts."""
    base = Campaign(kind="co_text")
    variants = {"co_text, copied": base}
    for code, name in (("en", "English"), ("fa", "Persian"), ("ar", "Arabic")):
        variants[f"co_text, reworded in {name}"] = replace(base, language=code, reworded=True)
    return variants


def _planted(source: Source, seeds: tuple[int, ...], quick: bool) -> Iterator[Job]:
    """Ten joint actions with all seeds, other cells with one; a few cells in the synthetic world too."""
    kinds = {kind: Campaign(kind=kind) for kind in KINDS if kind != "co_text"} | texts()
    for label, base in kinds.items():
        birth = label == "birth"  # has no joint actions, and needs the accounts table of the synthetic world
        cells = [(n, 10) for n in ((30,) if quick else SIZES)]
        if not quick and not birth:
            sizes = (30,) if base.reworded else SIZES
            cells += [(n, k) for k in ACTIONS if k != 10 for n in sizes]
        runs = [("synthetic" if birth else "real", n, k, s) for n, k in cells for s in _some(seeds, k == 10)]
        if not quick and not birth:
            runs.append(("synthetic", 30, 10, seeds[0]))
        for where, n, k, seed in runs:
            home = source if where == "real" else None
            yield Job(
                suite="planted",
                name=f"{label}, {n} accounts, {k} actions, {where} {seed}",
                build=partial(planted_world, home, replace(base, n=n, k=k), seed),
                facts={"kind": label, "n": n, "k": k, "background": where, "seed": seed},
            )


def _evasive(source: Source, seeds: tuple[int, ...], quick: bool) -> Iterator[Job]:
    """30 accounts with all seeds; of links also 10 and 100 accounts with one."""
    for kind in ("co_url",) if quick else ("co_url", "co_repost", "co_text"):
        for n in (30,) if quick or kind != "co_url" else SIZES:
            for variant, campaign in evasive(kind, n).items():
                if campaign.objects != "fresh" and kind == "co_text":
                    continue
                for seed in _some(seeds, n == 30):
                    yield Job(
                        suite="evasive",
                        name=f"{kind}, {n} accounts, {variant} {seed}",
                        build=partial(planted_world, source, campaign, seed),
                        facts={"kind": kind, "n": n, "variant": variant, "seed": seed},
                    )


def _some(seeds: tuple[int, ...], every: bool) -> tuple[int, ...]:
    return seeds if every else seeds[:1]
