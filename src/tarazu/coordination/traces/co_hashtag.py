"""Two accounts use the same sequence of hashtags, or the same rare hashtag."""

from __future__ import annotations

import polars as pl

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import acts

SEQUENCE = 3  # hashtags in one post, in the order written
RARE_FLOOR = 100  # accounts; a tag of at most so many is always an object
# Of all accounts: above it a tag is the topic of the data, not a sign. In a month of election posts by 58 k
# accounts the most used tag had 0.8 %, so the bound costs nothing there and spares the core a day's trend.
RARE_SHARE = 0.01


class CoHashtag:
    """Objects of two kinds: '#a #b #c' for a post's whole sequence of three or more, '#a' for a rare tag."""

    name = "co_hashtag"
    version = "co_hashtag.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who used which hashtags and when, or None without hashtags."""
        tags = (
            acts.original(posts)
            .filter(pl.col("hashtags").list.len() > 0)
            .select("row", tag="hashtags")
            .explode("tag")
            .with_columns(
                tag="#" + pl.col("tag").str.strip_chars(" #＃").str.normalize("NFKC").str.to_lowercase()
            )
            .filter(pl.col("tag") != "#")
            .unique(maintain_order=True)
            .collect()
        )
        if tags.is_empty():
            return None
        sequences = (
            tags.lazy()
            .group_by("row", maintain_order=True)
            .agg("tag")
            .filter(pl.col("tag").list.len() >= SEQUENCE)
            .select("row", key=pl.col("tag").list.join(" "))
        )
        bound = max(RARE_FLOOR, int(RARE_SHARE * actors.count))
        who = pl.Series(actors.of_post[tags["row"].to_numpy()], dtype=pl.Int32)
        rare = (
            tags.lazy()
            .with_columns(account=who)
            .filter(pl.col("account").n_unique().over("tag") <= bound)
            .select("row", key="tag")
        )
        return acts.events(posts, actors, pl.concat([sequences, rare]).collect())
