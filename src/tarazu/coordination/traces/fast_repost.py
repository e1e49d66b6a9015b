"""Two accounts repost the same post within a minute of its birth."""

from __future__ import annotations

import polars as pl

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import acts

FAST_MS = 60_000  # reposts sooner than this are hard to do by hand after reading
TWITTER_EPOCH = 1_288_834_974_657  # ms; ids since November 2010 are (ms since this) << 22
TWITTER_SHIFT, MASTODON_SHIFT = 22, 16  # Mastodon: (ms since 1970) << 16


class FastRepost:
    """The object is the post that was repeated; only acts within 60 s of the original are events.

    The original's time is its own row's, else the one inside its id (X and Mastodon ids count milliseconds).
    An id of another kind read as a time would have to hit the very minute of the repost to do harm.
    """

    name = "fast_repost"
    version = "fast_repost.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return the fast reposts, or None when there are none or no original's time is known."""
        reposts = posts.lazy().with_row_index("row").filter(pl.col("repost_of").is_not_null())
        born = posts.lazy().select(repost_of="post_id", born=pl.col("created_at").dt.epoch("ms"))
        number = pl.col("repost_of").str.extract(r"^(\d{15,19})$").cast(pl.Int64, strict=False)
        inside = (
            pl.when(pl.col("platform").str.to_lowercase() == "mastodon")
            .then(number // (1 << MASTODON_SHIFT))
            .otherwise(number // (1 << TWITTER_SHIFT) + TWITTER_EPOCH)
        )
        delay = pl.col("created_at").dt.epoch("ms") - pl.coalesce("born", inside)
        fast = (
            reposts.select("row", "repost_of", "created_at", "platform")
            .join(born.unique("repost_of"), on="repost_of", how="left")
            .filter(delay.is_between(0, FAST_MS))
            .select("row", key="repost_of")
            .sort("row")
        )
        return acts.events(posts, actors, fast.collect())
