"""Reposts around one topic on Russian-language Twitter, January to August 2021 (CooRTweet, MIT). No labels.

One narrow topic, so most accounts share what the others share: a hard case for a null model.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tarazu.errors import InputError
from tarazu.records import conform

FILE = "russian_retweets/russian_coord_tweets.parquet"


def stream(data: Path) -> pl.DataFrame:
    """Read the reposts below the data folder: one row a repost, second resolution."""
    path = data / FILE
    if not path.exists():
        raise InputError(
            f"No {FILE} below {data}; docs/concepts/evaluation.md says where the public data sets are."
        )
    rows = pl.read_parquet(path).unique("content_id", keep="first", maintain_order=True)
    return conform(
        rows.select(
            pl.col("content_id").alias("post_id"),
            "account_id",
            (pl.col("timestamp_share").cast(pl.Float64) * 1000)
            .cast(pl.Int64)
            .cast(pl.Datetime("ms", "UTC"))
            .alias("created_at"),
            pl.col("object_id").alias("repost_of"),
        )
    ).sort("created_at", "post_id")
