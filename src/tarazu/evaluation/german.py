"""The organic stream: posts around the German federal election of 2021 on two platforms (CooRTweet, MIT).

Mostly organic, but not free of coordination: publishers run many pages, parties post together. `stream` gives
it as it is, `shifted` without any moment that two accounts share. Ids are pseudonyms; there are no texts.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from tarazu.errors import InputError
from tarazu.evaluation.worlds import World, shift_sessions
from tarazu.records import conform

FILE = "german/german_elections_2021.parquet"
CHANNELS = ("urls", "repost_of", "reply_to", "mentions", "media", "text")


def stream(data: Path) -> pl.DataFrame:
    """Read the stream below the data folder: exploded rows united into posts, second resolution."""
    path = data / FILE
    if not path.exists():
        raise InputError(
            f"No {FILE} below {data}; docs/concepts/evaluation.md says where the public data sets are."
        )
    rows = pl.read_parquet(path).drop_nulls(["post_id", "account_id", "timestamp"])
    domain = rows.filter(pl.col("url_id").is_not_null()).group_by("url_id").agg(pl.col("domain_id").min())
    rows = (
        rows.drop("domain_id")
        .join(domain, on="url_id", how="left")
        .sort("post_id", "account_id", "timestamp")
    )
    site = pl.col("domain_id").fill_null("0")
    rows = rows.with_columns(
        pl.when(pl.col("url_id").is_not_null())
        .then(pl.format("https://site{}.example/{}", site, "url_id"))
        .alias("url"),
        pl.format("tag{}", "hashtag_id").alias("tag"),
        pl.format("image{}", "phash_id").alias("image"),
    )

    def united(column: str, name: str) -> pl.Expr:
        return pl.col(column).drop_nulls().unique(maintain_order=True).alias(name)

    posts = rows.group_by("post_id", "account_id", "timestamp", maintain_order=True).agg(
        united("url", "urls"), united("tag", "hashtags"), united("image", "media")
    )
    posts = posts.unique("post_id", keep="first", maintain_order=True).with_columns(
        (pl.col("timestamp").cast(pl.Float64) * 1000)
        .cast(pl.Int64)
        .cast(pl.Datetime("ms", "UTC"))
        .alias("created_at"),
        pl.when(pl.col("account_id").str.starts_with("fb_"))
        .then(pl.lit("facebook"))
        .otherwise(pl.lit("twitter"))
        .alias("platform"),
    )
    return conform(posts).sort("created_at", "post_id")


def organic(data: Path) -> World:
    """The stream as it is: nothing is labelled, under half a percent may be flagged."""
    return World(
        name="german", posts=stream(data), note="real, mostly organic; openly coordinated publishers inside"
    )


def shifted(data: Path, rng: np.random.Generator) -> World:
    """The stream with every account session moved by its own U(-3 h, 3 h): no coordination is left."""
    return World(
        name="german_shifted",
        posts=shift_sessions(stream(data), rng),
        note="session-shifted negative control",
    )


def channelled(posts: pl.DataFrame, channel: str, rng: np.random.Generator) -> pl.DataFrame:
    """Move the links of the stream into another channel, so that real sharing times are the reference there.

    `repost_of`, `reply_to`: the first share of a link becomes the original, later shares repeat or answer it.
    `mentions`: every link becomes an account that is mentioned. `media`: pictures become PDQ hashes.
    `text`: every post gets a text of its own, posts of one link carry its headline (share buttons do that).
    """
    from tarazu.evaluation.words import Writer, pdq

    if channel in ("urls", "hashtags"):
        return posts
    if channel == "media":
        images = posts["media"].explode().drop_nulls().unique().sort()
        return posts.with_columns(
            pl.col("media").list.eval(pl.element().replace(images, pl.Series(pdq(len(images), rng))))
        )
    link = pl.col("urls").list.first()
    if channel == "mentions":
        handles = posts["urls"].explode().drop_nulls().unique().sort()
        names = pl.Series([f"person{n}" for n in rng.permutation(len(handles))], dtype=pl.String)
        return posts.with_columns(
            pl.col("urls").list.eval(pl.element().replace(handles, names)).alias("mentions"), _no_links()
        )
    if channel in ("repost_of", "reply_to"):
        first = pl.col("post_id").sort_by("created_at").first().over(link)
        author = pl.col("account_id").sort_by("created_at").first().over(link)
        later = link.is_not_null() & (first != pl.col("post_id")) & (author != pl.col("account_id"))
        made = [pl.when(later).then(first).alias(channel)]
        if channel == "repost_of":
            made.append(pl.when(later).then(author).alias("repost_of_account"))
        return posts.with_columns(made).with_columns(_no_links())
    if channel == "text":
        writer = Writer(rng)
        languages = rng.choice(["en", "fa", "ar"], posts.height, p=[0.5, 0.25, 0.25])
        own = writer.posts(languages)
        links = posts["urls"].list.first()
        keys = links.drop_nulls().unique().sort()
        headlines = writer.posts(rng.choice(["en", "fa", "ar"], len(keys), p=[0.5, 0.25, 0.25]))
        head = links.replace_strict(keys, headlines, default=None, return_dtype=pl.String)
        return posts.with_columns(head.fill_null(own).alias("text"), _no_links())
    raise ValueError(f"no channel {channel}")


def _no_links() -> pl.Expr:
    return pl.lit([], pl.List(pl.String)).alias("urls")
