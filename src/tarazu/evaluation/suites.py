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

from tarazu.evaluation import german, ira, news, organic
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

    suite: str  # controls | operations | purity | planted | evasive | news
    name: str  # readable and unique: also the name of its result file
    build: Callable[[], World]
    facts: dict[str, str | int] = field(default_factory=dict)  # what the tables group by


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

    def permuted(self, rng: np.random.Generator) -> World:
        """The stream with times shuffled inside objects."""
        return World(name="times permuted", posts=permute_within_objects(self.stream, rng))

    def injected(self, rng: np.random.Generator, *, times: str) -> World:
        """The operation inside the stream; of the sample, its own operation accounts."""
        if self.data:
            return ira.injected(self.data, rng, times=times)
        whole = sample_world()
        members = list(frozenset[str]().union(*whole.truth.values()))
        inside = whole.posts.filter(pl.col("account_id").is_in(members))
        return ira.inject(inside, ira.campaigns(inside, whole.truth), self.stream, rng, times=times, floor=30)

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
    """All jobs, cheap ones first. `quick`: one tuning seed, one size, the smallest worlds."""
    source = Source(data)
    seeds = TUNE_SEEDS[:1] if quick else HOLDOUT_SEEDS[:3]
    yield from _operations(source, seeds, quick)
    yield from _controls(source, seeds, quick)
    yield from _planted(source, seeds, quick)
    yield from _evasive(source, seeds, quick)
    if data and not quick:
        for seed in seeds:
            yield Job(
                suite="news",
                name=f"news {seed}",
                build=_seeded(partial(news.world, data), seed),
            )


def _operations(source: Source, seeds: tuple[int, ...], quick: bool) -> Iterator[Job]:
    yield Job(suite="purity", name="the operation alone", build=source.operation)
    for times, where in (
        ("shifted", "sessions shifted"),
        ("unlocked", "lockstep undone"),
        ("real", "as it is"),
    ):
        for seed in seeds:
            yield Job(
                suite="operations",
                name=f"operation in the stream, {where} {seed}",
                build=_seeded(partial(source.injected, times=times), seed),
                facts={"background": where, "seed": seed},
            )


def _controls(source: Source, seeds: tuple[int, ...], quick: bool) -> Iterator[Job]:
    def job(name: str, seed: int, build: Callable[[], World]) -> Job:
        return Job(
            suite="controls", name=f"{name} {seed}", build=build, facts={"control": name, "seed": seed}
        )

    yield job("organic stream", 0, _seeded(source.organic, 0))
    for seed in seeds if quick else HOLDOUT_SEEDS:
        yield job("sessions shifted", seed, _seeded(source.shifted, seed))
    for seed in seeds:
        yield job("times permuted", seed, _seeded(source.permuted, seed))
    sizes = (5_000,) if quick else (20_000, 100_000)
    for size in sizes:
        shape = organic.Shape(accounts=size, posts=size * 5)
        for seed in seeds:
            yield job(
                f"synthetic, {size:,} accounts",
                seed,
                _seeded(partial(organic.world, shape=shape), seed),
            )
    for name, control in CONTROLS.items():
        for seed in seeds:
            yield job(
                name,
                seed,
                _seeded(partial(_controlled, source, control), seed),
            )


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
    kinds = {kind: Campaign(kind=kind) for kind in KINDS if kind != "co_text"} | texts()
    for label, base in kinds.items():
        grid = [(n, 10) for n in ((30,) if quick else SIZES)]
        if not quick and label != "birth":
            grid += [(30, k) for k in ACTIONS if k != 10]
        for where, home in (("real", source), ("synthetic", None)):
            if (quick and where == "synthetic" and label != "birth") or (
                label == "birth" and where == "real"
            ):
                continue
            for n, k in grid:
                for seed in seeds if where == "real" else seeds[:1]:
                    campaign = replace(base, n=n, k=k)
                    yield Job(
                        suite="planted",
                        name=f"{label}, {n} accounts, {k} actions, {where} {seed}",
                        build=partial(planted_world, home, campaign, seed),
                        facts={"kind": label, "n": n, "k": k, "background": where, "seed": seed},
                    )


def _evasive(source: Source, seeds: tuple[int, ...], quick: bool) -> Iterator[Job]:
    for kind in ("co_url",) if quick else ("co_url", "co_repost", "co_text"):
        for n in (30,) if quick or kind != "co_url" else SIZES:
            for variant, campaign in evasive(kind, n).items():
                if campaign.objects != "fresh" and kind == "co_text":
                    continue
                for seed in seeds:
                    yield Job(
                        suite="evasive",
                        name=f"{kind}, {n} accounts, {variant} {seed}",
                        build=partial(planted_world, source, campaign, seed),
                        facts={"kind": kind, "n": n, "variant": variant, "seed": seed},
                    )
