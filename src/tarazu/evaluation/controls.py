"""Negative controls: people who act alike without acting together, and machines to be called by their name.

Every control takes a world and adds one group to it. Groups in `benign` must not be flagged at all; groups in
`same_feed` may be shown, but only with the label "same feed".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.evaluation.worlds import Ints, World, fresh_ids, stack, table

Control = Callable[[World, np.random.Generator], World]


def slow_fans(world: World, rng: np.random.Generator) -> World:
    """30 fans share most of the 40 links of one source, each when it reads.

    Median two hours after publication.
    """
    return _fans(world, rng, "slow fans", median=7200, strangers=15)


def daily_fans(world: World, rng: np.random.Generator) -> World:
    """30 fans go through the day's links of one source in one sitting, each at its own hour."""
    fans = _people(world, rng, 30)
    published = _published(world, rng, 40)
    own_hour = rng.uniform(7, 23, fans.size) * 3600
    times, who, which = [], [], []
    for link, moment in enumerate(published):
        reads = np.flatnonzero(rng.random(fans.size) < 0.7)
        sitting = own_hour[reads] + rng.normal(0, 1200, reads.size)
        day = (moment // 86_400_000) * 86_400_000 + (sitting * 1000).astype(np.int64)
        day = np.where(day <= moment, day + 86_400_000, day)  # seen tomorrow
        order = rng.uniform(0, 600_000, reads.size).astype(np.int64)
        times.append(day + order)
        who.append(reads)
        which.append(np.full(reads.size, link))
    links = _links(published.size, rng)
    acts = _shares(world, fans[np.concatenate(who)], np.concatenate(times), links, np.concatenate(which), rng)
    return _with(world, acts, benign={"daily fans": fans})


def quick_fans(world: World, rng: np.random.Generator) -> World:
    """30 fans share links within minutes (median ten), while 60 strangers a link do the same."""
    return _fans(world, rng, "quick fans", median=600, strangers=60)


def tv_moment(world: World, rng: np.random.Generator) -> World:
    """A weekly show.

    300 viewers, three in five each week, post its tag within a minute of the goal, others later.
    """
    viewers = _people(world, rng, 300)
    first, last = _period(world)
    shows = np.arange(first + 3 * 86_400_000, last - 86_400_000, 7 * 86_400_000)
    tag = f"show{rng.integers(10**6)}"
    who, times = [], []
    for show in shows:
        there = np.flatnonzero(rng.random(viewers.size) < 0.6)
        goal = show + int(rng.integers(0, 5_400_000))
        who.append(viewers[there])
        times.append(goal + rng.integers(0, 60_000, there.size))
        strangers = _people(world, rng, 300)
        who.append(strangers)
        times.append(goal + rng.integers(0, 90_000, strangers.size))
    people = np.concatenate(who)
    acts = _acts(world, people, np.concatenate(times), {"hashtags": [[tag]] * people.size}, rng)
    return _with(world, acts, benign={"TV viewers": viewers})


def viral_post(world: World, rng: np.random.Generator, sharers: int = 12_000) -> World:
    """One post or link that 12,000 accounts share (at most half of the world's accounts)."""
    people = _people(world, rng, min(sharers, world.size // 2), least=1)
    first, last = _period(world)
    birth = int(first + (last - first) * rng.uniform(0.2, 0.7))
    times = birth + (rng.lognormal(np.log(5400), 1.3, people.size) * 1000).astype(np.int64)
    name = fresh_ids((), 1, rng)[0]
    if world.posts["repost_of"].null_count() < world.posts.height:
        columns: dict[str, object] = {"repost_of": [name] * people.size}
    else:
        columns = {"urls": [[f"https://viral.example/{name}"]] * people.size}
    return _with(
        world, _acts(world, people, times, columns, rng), benign={"sharers of one viral post": people}
    )


def party(world: World, rng: np.random.Generator) -> World:
    """80 activists share their party's two links a day; on four rally days they post one tag for hours."""
    activists = _people(world, rng, 80)
    first, last = _period(world)
    published = np.sort(rng.integers(first, last - 86_400_000, 2 * int((last - first) // 86_400_000)))
    share = rng.uniform(0.1, 0.6, activists.size)
    delay = rng.lognormal(np.log(7200), 0.6, activists.size)
    who, times, which = [], [], []
    for link, moment in enumerate(published):
        some = np.flatnonzero(rng.random(activists.size) < share)
        who.append(activists[some])
        times.append(moment + (rng.lognormal(np.log(delay[some]), 1.0) * 1000).astype(np.int64))
        others = _people(world, rng, 10)
        who.append(others)
        times.append(moment + (rng.lognormal(np.log(7200), 1.2, others.size) * 1000).astype(np.int64))
        which.append(np.full(some.size + others.size, link))
    posts = [
        _shares(
            world,
            np.concatenate(who),
            np.concatenate(times),
            _links(published.size, rng),
            np.concatenate(which),
            rng,
        )
    ]
    tag = f"rally{rng.integers(10**6)}"
    for evening in rng.choice(np.arange(first, last - 2 * 86_400_000, 86_400_000), 4, replace=False):
        crowd = np.concatenate([activists[rng.random(activists.size) < 0.7], _people(world, rng, 40)])
        moments = evening + int(17 * 3.6e6) + rng.integers(0, int(3 * 3.6e6), crowd.size)
        posts.append(_acts(world, crowd, moments, {"hashtags": [[tag]] * crowd.size}, rng))
    return _with(world, stack(posts), benign={"a party's activists": activists})


def newsroom(world: World, rng: np.random.Generator) -> World:
    """Six pages of one publisher: one program posts every article on most of them within ten seconds."""
    return _machines(world, rng, "newsroom", pages=6, links=60, each=0.9, spread=10)


def rss_bots(world: World, rng: np.random.Generator) -> World:
    """20 bots of strangers on one public feed: each polls every few minutes and posts what is new."""
    bots = _people(world, rng, 20)
    published = _published(world, rng, 80)
    poll = rng.choice([60, 120, 300], bots.size) * 1000
    phase = rng.integers(0, 300_000, bots.size)
    who = np.tile(np.arange(bots.size), published.size)
    which = np.repeat(np.arange(published.size), bots.size)
    wait = (phase[who] - published[which]) % poll[who]
    times = published[which] + wait + rng.integers(500, 3000, who.size)
    acts = _shares(world, bots[who], times, _links(published.size, rng), which, rng)
    return _with(world, acts, same_feed={"RSS bots": bots})


def notified(world: World, rng: np.random.Generator) -> World:
    """30 followers who are notified share one source's 40 links within minutes, and nobody else does."""
    return _fans(world, rng, "notified followers", median=240, strangers=0, label="same_feed")


CONTROLS: dict[str, Control] = {
    "slow fans": slow_fans,
    "daily fans": daily_fans,
    "quick fans": quick_fans,
    "TV moment": tv_moment,
    "one viral post": viral_post,
    "a party": party,
    "newsroom": newsroom,
    "RSS bots": rss_bots,
    "notified followers": notified,
}


def _fans(
    world: World, rng: np.random.Generator, name: str, median: float, strangers: int, label: str = "benign"
) -> World:
    fans = _people(world, rng, 30)
    published = _published(world, rng, 40)
    who, times, which = [], [], []
    for link, moment in enumerate(published):
        readers = fans[rng.random(fans.size) < 0.7]
        crowd = np.concatenate([readers, _people(world, rng, strangers)]) if strangers else readers
        who.append(crowd)
        times.append(moment + (rng.lognormal(np.log(median), 1.0, crowd.size) * 1000).astype(np.int64))
        which.append(np.full(crowd.size, link))
    acts = _shares(
        world,
        np.concatenate(who),
        np.concatenate(times),
        _links(published.size, rng),
        np.concatenate(which),
        rng,
    )
    return _with(world, acts, **{label: {name: fans}})


def _machines(
    world: World, rng: np.random.Generator, name: str, pages: int, links: int, each: float, spread: float
) -> World:
    own = _people(world, rng, pages)
    published = _published(world, rng, links)
    who = np.tile(np.arange(pages), links)
    which = np.repeat(np.arange(links), pages)
    kept = rng.random(who.size) < each
    who, which = who[kept], which[kept]
    times = published[which] + rng.integers(0, int(spread * 1000), who.size)
    return _with(
        world, _shares(world, own[who], times, _links(links, rng), which, rng), same_feed={name: own}
    )


def _with(
    world: World,
    acts: pl.DataFrame,
    benign: dict[str, NDArray[np.object_]] | None = None,
    same_feed: dict[str, NDArray[np.object_]] | None = None,
) -> World:
    return replace(
        world,
        posts=stack([world.posts, acts]),
        benign=world.benign | {k: frozenset(v.tolist()) for k, v in (benign or {}).items()},
        same_feed=world.same_feed | {k: frozenset(v.tolist()) for k, v in (same_feed or {}).items()},
    )


def _people(world: World, rng: np.random.Generator, count: int, least: int = 3) -> NDArray[np.object_]:
    """Accounts of the world with at least `least` posts that are in no campaign and no other group."""
    taken = frozenset().union(*world.truth.values(), *world.benign.values(), *world.same_feed.values())
    counts = (
        world.posts["account_id"]
        .value_counts(name="posts")
        .filter(pl.col("posts") >= least)
        .sort("account_id")
    )
    free = counts.filter(~pl.col("account_id").is_in(list(taken)))["account_id"]
    return free.sample(count, seed=int(rng.integers(2**31))).to_numpy().astype(object)


def _period(world: World) -> tuple[int, int]:
    times = world.posts["created_at"].dt.epoch("ms").to_numpy()
    return int(times.min()), int(times.max())


def _published(world: World, rng: np.random.Generator, count: int) -> Ints:
    """When a source publishes: at hours when people post."""
    times = world.posts["created_at"].dt.epoch("ms").to_numpy()
    last = int(times.max()) - 2 * 86_400_000
    return np.sort(rng.choice(times[times < last], count)).astype(np.int64)


def _links(count: int, rng: np.random.Generator) -> list[str]:
    site = f"https://source{rng.integers(10**6)}.example"
    return [f"{site}/{name}" for name in fresh_ids((), count, rng)]


def _shares(
    world: World,
    people: NDArray[np.object_],
    times: Ints,
    links: list[str],
    which: Ints,
    rng: np.random.Generator,
) -> pl.DataFrame:
    return _acts(world, people, times, {"urls": [[links[i]] for i in which]}, rng)


def _acts(
    world: World,
    people: NDArray[np.object_],
    times: Ints,
    columns: dict[str, object],
    rng: np.random.Generator,
) -> pl.DataFrame:
    seconds = times // 1000 * 1000
    ids = fresh_ids((), people.size, rng)
    return table({"post_id": ids, "account_id": people.tolist(), "created_at": seconds, **columns})
