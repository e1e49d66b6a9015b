"""Two accounts post the same text: copied, nearly copied, or reworded within hours."""

from __future__ import annotations

import numpy as np
import polars as pl

from tarazu.coordination.events import Actors, Events
from tarazu.coordination.traces import acts

EXCERPT = 80  # characters of the text that a key shows


class CoText:
    """Objects of two kinds: near-duplicates at any time, and waves of rewordings within 3 hours.

    The key of a wave begins with 'reworded: '. A wave is an object only where it adds something: where at
    least two accounts are in it with texts that are no near-duplicates of one another. The key is the first
    text.
    """

    name = "co_text"
    version = "co_text.v1"

    def events(self, posts: pl.DataFrame, actors: Actors) -> Events | None:
        """Return who posted which text and when, or None without texts."""
        own = (
            acts.original(posts)
            .filter(pl.col("text").is_not_null())
            .select("row", "text", "created_at")
            .collect()
        )
        if own.is_empty():
            return None
        # Loaded here: compiled code costs time that `import tarazu` must not pay.
        from tarazu.text.near_duplicates import clusters
        from tarazu.text.normalise import folded
        from tarazu.text.rewordings import waves
        from tarazu.text.words import words

        plain = folded(own["text"])
        copy = clusters(plain)
        bags = words(plain)
        del plain  # the largest thing here, and the waves need room
        wave = waves(bags, own["created_at"].dt.epoch("ms").to_numpy().astype(np.int64))
        own = own.with_columns(
            account=pl.Series(actors.of_post[own["row"].to_numpy()], dtype=pl.Int32),
            copy=pl.Series(copy, dtype=pl.Int32),
            wave=pl.Series(wave, dtype=pl.Int32),
        )
        copied = _shared(own.filter(pl.col("copy") >= 0), "copy", "")
        # A wave of one copied text says nothing new. Texts too short to be copies differ if they are spelled
        # so.
        text = pl.when(pl.col("copy") >= 0).then(pl.col("copy")).otherwise(-1 - pl.col("row").cast(pl.Int64))
        loose = own.filter(pl.col("wave") >= 0)
        wider = loose.filter(text.min().over("wave") != text.max().over("wave"))
        return acts.events(posts, actors, pl.concat([copied, _shared(wider, "wave", "reworded: ")]))


def _shared(own: pl.DataFrame, cluster: str, prefix: str) -> pl.DataFrame:
    """Return (row, key, object) of the clusters that at least two accounts have."""
    joint = own.filter(pl.col("account").min().over(cluster) != pl.col("account").max().over(cluster))
    first = joint.group_by(cluster).agg(pl.col("text", "row").sort_by("created_at", "row").first())
    excerpt = pl.lit(prefix) + pl.col("text").str.replace_all(r"\s+", " ").str.head(EXCERPT)
    keys = first.select(cluster, key=excerpt, object=pl.lit(prefix) + pl.col("row").cast(pl.String))
    return joint.join(keys, on=cluster, how="left", maintain_order="left").select("row", "object", "key")
