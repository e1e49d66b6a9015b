"""What a benchmark world is: posts, accounts, reports, and who in them acted together.

A world is built from a source (real or synthetic) and a numpy Generator, never from global randomness.
Seeds used while tuning and seeds used for published figures are separate constants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.records import POSTS, conform

TUNE_SEEDS = tuple(range(10))
HOLDOUT_SEEDS = tuple(range(2000, 2020))  # 1000 to 1009 were looked at while the worlds were designed
LISTS = ("urls", "hashtags", "mentions", "media")

Ints = NDArray[np.int64]
Members = frozenset[str]


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """A labelled data set.

    `truth`: campaigns that should be found. `same_feed`: groups that are automation on one source, where a
    network is right only with the label "same feed". `benign`: groups in which nobody may be flagged.
    Accounts in `others` are neither right nor wrong to flag. Everybody else is organic.
    """

    name: str
    posts: pl.DataFrame
    accounts: pl.DataFrame | None = None
    reports: pl.DataFrame | None = None
    truth: dict[str, Members] = field(default_factory=dict)
    same_feed: dict[str, Members] = field(default_factory=dict)
    benign: dict[str, Members] = field(default_factory=dict)
    others: Members = frozenset()
    note: str = ""

    @property
    def size(self) -> int:
        """How many accounts post."""
        return self.posts["account_id"].n_unique()


def shift_sessions(
    posts: pl.DataFrame, rng: np.random.Generator, span: float = 3.0, gap: float = 0.5
) -> pl.DataFrame:
    """Move every session of every account by its own U(-span, span) hours.

    A session ends where an account is silent for more than `gap` hours. What people share, how active they
    are and the coarse rhythm of the day stay; moments shared by two accounts do not. Posts of whole minutes
    stay on whole minutes.
    """
    table = posts.sort("account_id", "created_at", "post_id")
    time = table["created_at"].dt.epoch("ms").to_numpy()
    account = table["account_id"].rle_id().to_numpy()
    new = np.ones(len(time), bool)
    new[1:] = (account[1:] != account[:-1]) | (np.diff(time) > gap * 3.6e6)
    session = np.cumsum(new) - 1
    unit = 60 if not (time % 60_000).any() else 1  # seconds
    steps = rng.uniform(-span, span, int(session[-1]) + 1 if len(time) else 0) * 3600 / unit
    shift = steps.astype(np.int64) * unit * 1000
    return with_times(table, time + shift[session]).sort("created_at", "post_id")


def permute_within_objects(posts: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Shuffle times among posts that share an object and a block of six hours; others keep their times.

    A post with several objects moves with the first one listed. Every object keeps its own curve.
    """
    key = pl.concat_str(
        [
            pl.coalesce(
                [pl.col(c).list.first() for c in LISTS]
                + [pl.col("repost_of"), pl.col("reply_to"), pl.col("post_id")]
            )
        ]
    )
    table = posts.with_columns(
        key.alias("_key"),
        pl.col("created_at").dt.epoch("ms").floordiv(6 * 3_600_000).alias("_block"),
        pl.Series("_random", rng.random(posts.height)),
    )
    ordered = table.sort("_key", "_block", "created_at")
    shuffled = table.sort("_key", "_block", "_random")
    return shuffled.with_columns(ordered["created_at"]).select(list(POSTS)).sort("created_at", "post_id")


def with_times(posts: pl.DataFrame, milliseconds: Ints) -> pl.DataFrame:
    """Replace the times of `posts` (ms since 1970, UTC)."""
    return posts.with_columns(pl.Series("created_at", milliseconds).cast(pl.Datetime("ms", "UTC")))


def table(columns: dict[str, object], kind: str = "posts") -> pl.DataFrame:
    """Build a posts, accounts or reports frame of plain columns; `created_at` may be milliseconds."""
    frame = pl.DataFrame(columns)
    if frame.schema["created_at"].is_integer():
        frame = frame.with_columns(pl.col("created_at").cast(pl.Datetime("ms", "UTC")))
    return conform(frame, kind)


def fresh_ids(
    taken: Iterable[str], count: int, rng: np.random.Generator, prefix: str = "", digits: int = 15
) -> list[str]:
    """`count` ids not in `taken`: `prefix` and random digits, so that the order of ids says nothing."""
    known = set(taken)
    out: list[str] = []
    while len(out) < count:
        for number in rng.integers(10 ** (digits - 1), 10**digits, count - len(out)):
            name = f"{prefix}{number}"
            if name not in known:
                known.add(name)
                out.append(name)
    return out


def rekey(world: World, rng: np.random.Generator) -> World:
    """Give accounts, posts and objects new names of one form; drop texts, platforms, languages; shuffle.

    After this neither a name nor an order tells where a row came from.
    """
    posts = world.posts
    people = posts["account_id"].unique().sort()
    names = pl.Series("new", fresh_ids((), len(people), rng, "a"))
    numbers = pl.Series("new", fresh_ids((), posts.height, rng))
    posts = posts.with_columns(
        pl.lit(None, pl.String).alias(c) for c in ("text", "lang", "platform", "client")
    )
    old_posts = posts["post_id"]
    posts = posts.with_columns(
        pl.col("account_id").replace_strict(people, names),
        pl.col("repost_of_account").replace(people, names),
        numbers.alias("post_id"),
        pl.col("repost_of").replace(old_posts, numbers),
        pl.col("reply_to").replace(old_posts, numbers),
    )
    for column, form in (
        ("urls", "https://site.example/{}"),
        ("hashtags", "tag{}"),
        ("media", "{}"),
        ("mentions", "u{}"),
    ):
        objects = posts[column].explode().drop_nulls().unique().sort()
        if len(objects) and not (column == "media" and objects.str.len_chars().max() == 64):
            fresh = pl.Series([form.format(i) for i in fresh_ids((), len(objects), rng)], dtype=pl.String)
            posts = posts.with_columns(pl.col(column).list.eval(pl.element().replace(objects, fresh)))
    posts = posts.sample(fraction=1.0, shuffle=True, seed=int(rng.integers(2**31)))
    to_new = dict(zip(people.to_list(), names.to_list(), strict=True))

    def renamed(groups: dict[str, Members]) -> dict[str, Members]:
        return {k: frozenset(to_new[a] for a in v if a in to_new) for k, v in groups.items()}

    return World(
        name=world.name,
        posts=posts,
        truth=renamed(world.truth),
        same_feed=renamed(world.same_feed),
        benign=renamed(world.benign),
        others=frozenset(to_new[a] for a in world.others if a in to_new),
        note=world.note,
    )


def popular(objects: pl.Series) -> pl.Series:
    """The distinct objects of a column (lists are opened), the most frequent first, ties by name."""
    flat = objects.explode() if objects.dtype == pl.List(pl.String) else objects
    counts = flat.drop_nulls().alias("object").value_counts(name="count")
    return counts.sort(["count", "object"], descending=[True, False])["object"]


def stack(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Posts of several sources in one table, in order of time."""
    return pl.concat(frames, how="vertical").sort("created_at", "post_id")
