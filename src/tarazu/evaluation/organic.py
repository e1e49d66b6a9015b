"""A synthetic organic world of any size: nobody in it acts together.

Accounts have power-law activity, a time zone, a language, interests and sessions of minutes to half an hour.
Objects (posts, links, event tags) have power-law popularity and cascades: an action reaches an account at
birth + a lognormal delay and happens when the account is next online, so sessions and bursts are both there,
as in real streams. Everybody acts alone: two accounts meet only through interest, popularity, the hour of the
day and chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.evaluation.words import Writer, handles, pdq
from tarazu.evaluation.worlds import Ints, World
from tarazu.records import conform

START = 1_700_000_000_000 // 86_400_000 * 86_400_000  # ms; a Tuesday in November 2023, midnight UTC
LANGUAGES = np.array(["en", "fa", "ar"])
ZONES = np.array([-5, 0, 1, 3, 3])  # hours; where people live
RHYTHM = np.array([3, 2, 1, 1, 1, 2, 4, 6, 7, 7, 7, 7, 8, 8, 7, 7, 7, 8, 9, 10, 10, 9, 7, 5], float)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What the world is made of. Shares are shares of all posts."""

    accounts: int = 20_000
    posts: int = 100_000
    days: int = 28
    topics: int = 40
    reposts: float = 0.35
    links: float = 0.15
    replies: float = 0.12
    events: float = 0.05  # posts on a tag of a short-lived event; the rest are posts of the account's own
    texts: bool = True


@dataclass(frozen=True, eq=False)
class People:
    """The accounts of the world, as arrays by code."""

    weight: NDArray[np.float64]  # share of all posts
    zone: Ints  # hours from UTC
    topic: Ints
    language: Ints  # index into LANGUAGES


def world(rng: np.random.Generator, shape: Shape | None = None) -> World:
    """Build the world. About 200,000 posts a second and core without texts, a third of that with them."""
    shape = shape or Shape()
    people = make_people(rng, shape)
    chooser = Chooser(people, shape, rng)
    online = Sessions(people, shape, rng)
    parts = _own(rng, shape, people, chooser, online)
    sources = parts.select("row", "time", "account", "topic")
    parts = pl.concat(
        [
            parts,
            _cascades("repost", round(shape.posts * shape.reposts), sources, rng, chooser, online, shape),
            _cascades("reply", round(shape.posts * shape.replies), sources, rng, chooser, online, shape),
            _cascades("link", round(shape.posts * shape.links), None, rng, chooser, online, shape),
            _cascades("event", round(shape.posts * shape.events), None, rng, chooser, online, shape),
        ],
        how="diagonal",
    )
    names = pl.Series(rng.permutation(shape.accounts) + 10**6).cast(pl.String)
    posts = _finish(parts, names, rng, shape, people)
    return World(
        name=f"organic_{shape.accounts}",
        posts=posts,
        accounts=_accounts(names, rng, shape, people),
        note="synthetic, nobody acts together",
    )


def make_people(rng: np.random.Generator, shape: Shape) -> People:
    """Activity is Pareto with exponent 1.5, cut at 0.2 % of all posts and at 400 times the mean."""
    n = shape.accounts
    weight = rng.pareto(1.5, n) + 0.3
    weight = np.minimum(weight / weight.sum(), min(0.002, 400 / n))
    language = rng.choice(3, n, p=[0.5, 0.25, 0.25])
    zone = np.where(language == 0, rng.choice(ZONES[:3], n), 3) + rng.integers(-1, 2, n)
    share = 1 / (rng.permutation(shape.topics) + 3.0)
    topic = rng.choice(shape.topics, n, p=share / share.sum())
    return People(
        weight / weight.sum(), zone.astype(np.int64), topic.astype(np.int64), language.astype(np.int64)
    )


class Chooser:
    """Draws accounts: four of five from the object's topic, by activity."""

    def __init__(self, people: People, shape: Shape, rng: np.random.Generator) -> None:
        self.rng = rng
        self.order = np.argsort(people.topic, kind="stable")
        self.cumulated = np.concatenate([[0.0], np.cumsum(people.weight[self.order])])
        self.starts = np.searchsorted(people.topic[self.order], np.arange(shape.topics + 1))

    def topics(self, count: int) -> Ints:
        """What `count` new objects are about: as much as people post about it."""
        place = np.searchsorted(self.cumulated, self.rng.random(count), side="right") - 1
        topics: Ints = np.searchsorted(self.starts, place, side="right") - 1
        return topics

    def accounts(self, topic: Ints) -> Ints:
        """One account for each entry of `topic`."""
        low = self.cumulated[self.starts[topic]]
        high = self.cumulated[self.starts[topic + 1]]
        anyone = (self.rng.random(topic.size) < 0.2) | (high <= low)
        low, high = np.where(anyone, 0.0, low), np.where(anyone, 1.0, high)
        place = (
            np.searchsorted(self.cumulated, low + self.rng.random(topic.size) * (high - low), side="right")
            - 1
        )
        chosen: Ints = self.order[np.clip(place, 0, self.order.size - 1)].astype(np.int64)
        return chosen


class Sessions:
    """When each account is online.

    A visit or so a day, more if it posts more, 2 to 40 minutes, at its hours.
    """

    def __init__(self, people: People, shape: Shape, rng: np.random.Generator) -> None:
        self.rng = rng
        mean = people.weight * shape.posts / 2 + shape.days * min(1.2, 3e5 / shape.accounts)
        count = np.minimum(rng.poisson(mean) + 1, shape.days * 12)
        self.account = np.repeat(np.arange(shape.accounts), count)
        total = self.account.size
        taste = rng.normal(0, 2.0, shape.accounts)[self.account]  # early birds and night owls
        hour = np.searchsorted(np.cumsum(RHYTHM / RHYTHM.sum()), rng.random(total)) + rng.random(total)
        local = (hour + taste - people.zone[self.account]) % 24
        self.start = ((rng.integers(0, shape.days, total) + local / 24) * 86_400).astype(np.int64)
        order = np.lexsort((self.start, self.account))
        self.start, self.account = self.start[order], self.account[order]
        self.length = rng.lognormal(np.log(480), 0.8, total).astype(np.int64) + 60
        self.key = self.account * (shape.days * 100_000) + self.start
        self.span = shape.days * 100_000
        self.first = np.searchsorted(self.account, np.arange(shape.accounts + 1))

    def next(self, account: Ints, reached: Ints) -> Ints:
        """When the account acts on what reached it at `reached` (s).

        At once if online, else when next online; -1: never.
        """
        place = np.searchsorted(self.key, account * self.span + reached, side="right") - 1
        inside = place >= 0
        here = np.maximum(place, 0)
        inside &= (self.account[here] == account) & (reached <= self.start[here] + self.length[here])
        after = np.minimum(place + 1, self.key.size - 1)
        known = (place + 1 < self.key.size) & (self.account[after] == account)
        later = self.start[after] + (self.rng.random(account.size) * self.length[after]).astype(np.int64)
        return np.where(inside, reached, np.where(known, later, -1))

    def any(self, count: int, weight: NDArray[np.float64]) -> tuple[Ints, Ints]:
        """`count` moments of people online: accounts by activity, times in their sessions."""
        people = self.rng.choice(weight.size, count, p=weight)
        many = self.first[people + 1] - self.first[people]
        place = self.first[people] + (self.rng.random(count) * many).astype(np.int64)
        time = self.start[place] + (self.rng.random(count) * self.length[place]).astype(np.int64)
        return people.astype(np.int64), time


def _own(
    rng: np.random.Generator, shape: Shape, people: People, chooser: Chooser, online: Sessions
) -> pl.DataFrame:
    """Posts of the accounts' own: standing tags of their topic, mentions, pictures."""
    count = round(shape.posts * (1 - shape.reposts - shape.links - shape.replies - shape.events))
    account, time = online.any(count, people.weight)
    topic = people.topic[account]
    rank = np.minimum((rng.pareto(0.9, (count, 3)) * 2).astype(np.int64), 199)
    tags = rng.choice(4, count, p=[0.65, 0.2, 0.1, 0.05])
    named = chooser.accounts(topic)
    return pl.DataFrame(
        {
            "row": np.arange(count),
            "kind": pl.repeat("own", count, eager=True),
            "account": account,
            "time": time,
            "topic": topic,
            "object": pl.repeat(-1, count, dtype=pl.Int64, eager=True),
            "tags": tags,
            "tag1": topic * 200 + rank[:, 0],
            "tag2": topic * 200 + rank[:, 1],
            "tag3": topic * 200 + rank[:, 2],
            "named": np.where(rng.random(count) < 0.15, named, -1),
            "picture": rng.random(count) < 0.08,
        }
    )


def _cascades(
    kind: str,
    count: int,
    sources: pl.DataFrame | None,
    rng: np.random.Generator,
    chooser: Chooser,
    online: Sessions,
    shape: Shape,
) -> pl.DataFrame:
    """Actions on objects with power-law popularity.

    Birth, lognormal delays of the object's own median, sessions.
    """
    if sources is None:
        objects = max(1, count // (3 if kind == "link" else 12))
        birth = (rng.random(objects) * shape.days * 86_400).astype(np.int64)
        topic = chooser.topics(objects)
        author = np.full(objects, -1)
        rows = np.arange(objects)
    else:
        objects = min(sources.height, max(1, count // 2))
        picked = sources[np.sort(rng.choice(sources.height, objects, replace=False))]
        birth, topic = picked["time"].to_numpy(), picked["topic"].to_numpy()
        author, rows = picked["account"].to_numpy(), picked["row"].to_numpy()
    popularity = rng.pareto(1.1, objects) + 0.05
    popularity = np.minimum(popularity, 10_000 * np.median(popularity))
    popularity /= popularity.sum()
    median = rng.uniform(
        np.log(300 if kind == "event" else 900), np.log(4 * 3600), objects
    )  # delay, log seconds
    taken: list[pl.DataFrame] = []
    found = 0
    for _ in range(8):  # most of what reaches people is never acted on
        drawn = rng.choice(objects, count * 2, p=popularity)
        account = chooser.accounts(topic[drawn])
        reached = birth[drawn] + rng.lognormal(median[drawn], 1.3).astype(np.int64) + 1
        time = online.next(account, reached)
        late = np.exp(-np.maximum(time - reached, 0) / 5400)  # who comes late scrolls past
        keep = (time >= 0) & (time < shape.days * 86_400) & (account != author[drawn])
        keep &= rng.random(time.size) < late
        taken.append(pl.DataFrame({"account": account, "time": time, "drawn": drawn}).filter(pl.Series(keep)))
        found += taken[-1].height
        if found >= count * 1.1:
            break
    acts = pl.concat(taken)
    if sources is not None:  # one repost or answer a person and post
        acts = acts.unique(["account", "drawn"], keep="first", maintain_order=True)
    acts = acts.head(count)
    chosen = acts["drawn"].to_numpy()
    column = {"repost": "original", "reply": "original", "link": "object", "event": "object"}[kind]
    return acts.select(
        pl.lit(kind).alias("kind"),
        "account",
        "time",
        pl.Series("topic", topic[chosen]),
        pl.Series(column, rows[chosen]),
    )


def _finish(
    parts: pl.DataFrame, names: pl.Series, rng: np.random.Generator, shape: Shape, people: People
) -> pl.DataFrame:
    """Codes to names, in the columns of the posts table."""
    account = parts["account"].to_numpy()
    language = people.language[account]
    own = int((parts["kind"] == "own").sum())  # own posts come first: their row number is their place
    ids = pl.Series(rng.permutation(parts.height) + 10**9).cast(pl.String)
    source = parts["original"].fill_null(0)
    kind = parts["kind"]
    text = pl.Series("text", [None] * parts.height, dtype=pl.String)
    if shape.texts:
        fresh = (kind != "repost").to_numpy()
        written = pl.DataFrame(
            {"i": np.flatnonzero(fresh), "text": Writer(rng).posts(LANGUAGES[language[fresh]])}
        )
        rows = pl.DataFrame({"i": np.arange(parts.height)})
        text = rows.join(written, on="i", how="left", maintain_order="left")["text"]
        text = text.zip_with(kind != "repost", text.head(own).gather(source))
    memes = max(1, own // 25)
    which = np.minimum((rng.pareto(0.8, own) * 3).astype(np.int64), memes - 1)
    pictures = pl.Series(pdq(memes, rng)).gather(which)
    pictures = pictures.append(pl.repeat(None, parts.height - own, dtype=pl.String, eager=True))
    table = parts.select("time", "kind", "object", "tags", "tag1", "tag2", "tag3", "picture").with_columns(
        ids.alias("post_id"),
        names.gather(account).alias("account_id"),
        text.alias("text"),
        pl.Series(LANGUAGES).gather(language).alias("lang"),
        ids.gather(source).alias("source"),
        names.gather(parts["account"].gather(source)).alias("author"),
        pictures.alias("image"),
        names.gather(parts["named"].fill_null(0).clip(0)).alias("name"),
        (parts["named"].fill_null(-1) >= 0).alias("names"),
    )
    empty = pl.lit([], pl.List(pl.String))
    is_repost, is_reply = pl.col("kind") == "repost", pl.col("kind") == "reply"
    tags = [pl.format("tag{}", f"tag{i}") for i in (1, 2, 3)]
    return conform(
        table.select(
            "post_id",
            "account_id",
            "text",
            "lang",
            (pl.col("time") * 1000 + START).cast(pl.Datetime("ms", "UTC")).alias("created_at"),
            pl.when(is_repost).then("source").alias("repost_of"),
            pl.when(is_repost).then("author").alias("repost_of_account"),
            pl.when(is_reply).then("source").alias("reply_to"),
            pl.when(pl.col("kind") == "link")
            .then(pl.concat_list(pl.format("https://site{}.example/a{}", pl.col("object") % 997, "object")))
            .otherwise(empty)
            .alias("urls"),
            pl.when(pl.col("kind") == "event")
            .then(pl.concat_list(pl.format("event{}", "object")))
            .when(pl.col("tags") == 1)
            .then(pl.concat_list(tags[0]))
            .when(pl.col("tags") == 2)
            .then(pl.concat_list(*tags[:2]))
            .when(pl.col("tags") == 3)
            .then(pl.concat_list(*tags))
            .otherwise(empty)
            .alias("hashtags"),
            pl.when("names").then(pl.concat_list("name")).otherwise(empty).alias("mentions"),
            pl.when(pl.col("picture")).then(pl.concat_list("image")).otherwise(empty).alias("media"),
        )
    ).sort("created_at", "post_id")


def _accounts(names: pl.Series, rng: np.random.Generator, shape: Shape, people: People) -> pl.DataFrame:
    """Creation dates over ten growing years with busy days, invented handles, followers by activity."""
    n = shape.accounts
    days = 3650
    busy = rng.gamma(2.0, 1.0, days) * np.linspace(0.3, 1.5, days)
    day = rng.choice(days, n, p=busy / busy.sum())
    made = START - (days - day) * 86_400_000 + rng.integers(0, 86_400_000, n)
    followers = (rng.lognormal(4.5, 1.8, n) * (1 + people.weight * n * 0.1)).astype(np.int64)
    handle = pl.Series(handles(n, rng))
    return conform(
        pl.DataFrame(
            {
                "account_id": names,
                "handle": handle,
                "display_name": handle.str.replace_all(r"[_0-9]+", " ").str.strip_chars().str.to_titlecase(),
                "created_at": made,
                "followers": followers,
                "following": rng.lognormal(5, 1, n).astype(np.int64),
                "kind": pl.repeat("account", n, eager=True),
            }
        ).with_columns(pl.col("created_at").cast(pl.Datetime("ms", "UTC"))),
        "accounts",
    )
