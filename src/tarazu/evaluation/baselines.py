"""What people use today, to stand beside us: counts with a weight threshold, and TF-IDF similarity.

Both are written here from their published description, on sparse matrices, and run on the same posts as we
do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tarazu.evaluation.worlds import Ints, Members

WINDOWS = (60, 3600)
WEIGHTS = (1, 2, 3, 5, 10, 20, 40)
CHANNELS = ("co_repost", "co_url", "co_hashtag")


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """Account pairs with a number: joint objects (counts) or a similarity."""

    ids: pl.Series  # code -> account
    left: Ints
    right: Ints
    weight: np.ndarray[tuple[int], np.dtype[np.float64]]

    def networks(self, least: float) -> list[Members]:
        """Connected components of the edges of at least this weight, largest first."""
        keep = self.weight >= least
        if not keep.any():
            return []
        size = len(self.ids)
        matrix = sparse.coo_matrix(
            (np.ones(int(keep.sum())), (self.left[keep], self.right[keep])), shape=(size, size)
        )
        part = connected_components(matrix, directed=False)[1]
        touched = np.zeros(size, bool)
        touched[self.left[keep]] = touched[self.right[keep]] = True
        frame = pl.DataFrame({"part": part, "id": self.ids}).filter(pl.Series(touched))
        groups = (
            frame.group_by("part").agg("id").sort(pl.col("id").list.len(), "part", descending=[True, False])
        )
        return [frozenset(members) for members in groups["id"].to_list()]

    def communities(self, least: float) -> list[Members]:
        """Louvain communities (networkx, weighted, fixed seed) of the same edges.

        For comparison of divisions.
        """
        import networkx

        keep = self.weight >= least
        graph = networkx.Graph()
        edges = zip(
            self.left[keep].tolist(), self.right[keep].tolist(), self.weight[keep].tolist(), strict=True
        )
        graph.add_weighted_edges_from(edges)
        names = self.ids.to_list()
        parts = networkx.community.louvain_communities(graph, seed=0) if graph.number_of_edges() else []
        return [frozenset(names[i] for i in part) for part in parts]


def events(posts: pl.DataFrame, channel: str) -> pl.DataFrame:
    """Account, object, time (s) of a channel: reposted post, link as written, hashtag, and so on."""
    column = {
        "co_repost": "repost_of",
        "co_url": "urls",
        "co_hashtag": "hashtags",
        "co_mention": "mentions",
        "co_reply": "reply_to",
        "co_media": "media",
        "co_text": "text",
    }[channel]
    rows = posts.select(
        "account_id", pl.col(column).alias("object"), pl.col("created_at").dt.epoch("s").alias("time")
    )
    rows = rows.filter(pl.col("object").is_not_null())
    if rows.schema["object"] == pl.List(pl.String):
        rows = rows.explode("object").drop_nulls("object")
    return rows


def counts(
    posts: pl.DataFrame, channels: Sequence[str] = CHANNELS, window: int = 60, most: int = 60_000_000
) -> Graph:
    """Pairs of accounts by the number of distinct objects on which both acted within `window` seconds.

    All channels are added. That is what users of co-action toolkits do: count, then keep edges of weight w.
    Pairs within a window are counted before they are made; objects that alone would make more than `most`
    pairs are left out, largest first.
    """
    ids = posts["account_id"].unique().sort()
    code = pl.Series(range(len(ids)), dtype=pl.Int64)
    keys: list[Ints] = []
    many = len(ids)
    for channel in channels:
        rows = events(posts, channel).with_columns(
            pl.col("account_id").replace_strict(ids, code, return_dtype=pl.Int64)
        )
        rows = rows.with_columns(pl.col("object").rank("dense").alias("object")).sort(
            "object", "time", "account_id"
        )
        if not rows.height:
            continue
        account = rows["account_id"].to_numpy()
        thing = rows["object"].to_numpy().astype(np.int64)
        time = rows["time"].to_numpy()
        span = int(time.max() - time.min()) + window + 2
        key = thing * span + (time - time.min())
        end = np.searchsorted(key, key + window, side="right")
        number = end - np.arange(key.size) - 1
        if number.sum() > most:
            heavy = np.bincount(thing, number)
            order = np.argsort(-heavy)
            kept = heavy.sum() - np.cumsum(heavy[order])
            drop = order[: int(np.argmax(kept <= most)) + 1]
            number = np.where(np.isin(thing, drop), 0, number)
        first = np.repeat(np.arange(key.size), number)
        start = np.concatenate([[0], np.cumsum(number)[:-1]])
        second = first + 1 + np.arange(first.size) - np.repeat(start, number)
        a, b = account[first], account[second]
        low, high = np.minimum(a, b), np.maximum(a, b)
        differ = low != high
        pair = (low * many + high)[differ]
        table = pl.DataFrame({"pair": pair, "object": thing[first][differ]}).unique()
        keys.append(table["pair"].to_numpy())
    joined = np.concatenate(keys) if keys else np.zeros(0, np.int64)
    pairs, weight = np.unique(joined, return_counts=True)
    return Graph(ids=ids, left=pairs // many, right=pairs % many, weight=weight.astype(np.float64))


def similarity(posts: pl.DataFrame, channels: Sequence[str] = CHANNELS, least: int = 5) -> Graph:
    """Fused cosine similarity of TF-IDF vectors of the accounts, channel by channel, the largest one counts.

    As Luceri et al. (2024) propose: accounts are documents, objects are words. Accounts need `least` actions
    in a channel (theirs: ten posts); objects of one account say nothing and are left out, and so are objects
    of more than 2,000 accounts, which have next to no weight and would make the matrix dense.
    """
    ids = posts["account_id"].unique().sort()
    code = pl.Series(range(len(ids)), dtype=pl.Int64)
    many = len(ids)
    fused: sparse.csr_matrix | None = None
    for channel in channels:
        rows = events(posts, channel)
        rows = rows.with_columns(pl.col("account_id").replace_strict(ids, code, return_dtype=pl.Int64))
        rows = rows.filter(pl.len().over("account_id") >= least)
        tf = rows.group_by("account_id", "object").len()
        tf = tf.with_columns(pl.len().over("object").alias("df")).filter(
            (pl.col("df") > 1) & (pl.col("df") <= 2000)
        )
        if not tf.height:
            continue
        people = tf["account_id"].n_unique()
        value = tf["len"].to_numpy() * (np.log((1 + people) / (1 + tf["df"].to_numpy())) + 1)
        column = (tf["object"].rank("dense").to_numpy() - 1).astype(np.int64)
        matrix = sparse.csr_matrix(
            (value, (tf["account_id"].to_numpy(), column)), shape=(many, int(column.max()) + 1)
        )
        norm = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        matrix = sparse.diags(1 / np.maximum(norm, 1e-12)) @ matrix
        cosine = sparse.triu(matrix @ matrix.T, k=1).tocsr()
        fused = cosine if fused is None else fused.maximum(cosine)
    if fused is None:
        return Graph(ids=ids, left=np.zeros(0, np.int64), right=np.zeros(0, np.int64), weight=np.zeros(0))
    edges = fused.tocoo()
    return Graph(
        ids=ids, left=edges.row.astype(np.int64), right=edges.col.astype(np.int64), weight=edges.data
    )


def lockstep(posts: pl.DataFrame, window: int = 60, weight: int = 3) -> Members:
    """Accounts that shared `weight` same objects within `window` seconds of the same other account."""
    graph = counts(posts, ("co_url", "co_hashtag", "co_media"), window)
    return frozenset[str]().union(*graph.networks(weight))


def pruned(graph: Graph, percentile: float) -> list[Members]:
    """Networks of the edges above a percentile of all similarities (Luceri et al.: the 99.5th and so on)."""
    if not graph.weight.size:
        return []
    return graph.networks(float(np.percentile(graph.weight, percentile)))


PERCENTILES = (90.0, 95.0, 99.0, 99.5, 99.9)
