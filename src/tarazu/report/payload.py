"""What the page's script gets: the scene, the tests of each pair and as many pairs of posts as fit.

Columns, not rows, and every text once, so that thousands of accounts stay a few megabytes. What did not fit
is counted, and the page says so; evidence.parquet has everything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tarazu.report import markup, palette, words
from tarazu.report.scene import Scene
from tarazu.report.view import EVIDENCE, Findings

PAIRS = 40_000  # pairs of accounts that the page carries, strongest first
PER_PAIR = 20  # pairs of posts for one pair of accounts
CHARACTERS = 2_600_000  # of texts, objects and ids in the evidence that the page carries
ROWS = 60_000  # pairs of posts that the page carries
TEXT = 420  # characters of one post
KEY = 200  # characters of one object


@dataclass(frozen=True, kw_only=True)
class Carried:
    """How much of the evidence is in the page."""

    pairs: int
    of_pairs: int
    rows: int
    of_rows: int

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return self.pairs == self.of_pairs and self.rows == self.of_rows


def payload(result: Findings, scene: Scene) -> tuple[dict[str, object], Carried]:
    """The data for the script and what was left out of it."""
    layout = scene.layout
    pairs = scene.pairs.head(PAIRS)
    tests = scene.tests.filter(pl.col("pair") < pairs.height)
    traces = sorted(
        set(scene.tests["trace"].unique().to_list()) | set(result.evidence["trace"].unique().to_list())
    )
    trace_code = pl.DataFrame(
        {"trace": traces, "k": range(len(traces))}, schema={"trace": pl.String, "k": pl.Int32}
    )
    rows, total = _evidence(result, scene, pairs.height)
    rows = rows.join(trace_code, on="trace", how="left", maintain_order="left")
    tests = tests.join(trace_code, on="trace", how="left", maintain_order="left")
    # Reports and births are acts without a post: the empty id stands for them.
    rows = rows.with_columns(pl.col("source_post", "target_post").fill_null(""))
    used = pl.concat([rows["source_post"], rows["target_post"]]).unique(maintain_order=True)
    posts = pl.DataFrame({"post_id": used}).join(
        result.posts.select("post_id", "text").unique("post_id", keep="first"),
        on="post_id",
        how="left",
        maintain_order="left",
    )
    at = dict(zip(used.to_list(), range(len(used)), strict=True))
    texts = _Table(TEXT)
    keys = _Table(KEY)
    members = scene.members
    data: dict[str, object] = {
        "networks": [
            {
                "id": markup.clean(network.id),
                "n": len(network.members),
                "label": network.label.value,
                "colour": palette.colour(index),
                "shape": palette.shape(index),
                "x": round(float(layout.disc_x[index]), 1),
                "y": round(float(layout.disc_y[index]), 1),
                "r": round(float(layout.disc_r[index]), 1),
            }
            for index, network in enumerate(scene.networks)
        ],
        "outlines": palette.OUTLINES,
        "accounts": {
            "id": [markup.key(m.account_id) for m in members],
            "handle": [m.handle and markup.shorten(markup.clean(m.handle), KEY) for m in members],
            "name": [m.name and markup.shorten(markup.clean(m.name), KEY) for m in members],
            "network": scene.home.tolist(),
            "role": [m.role.value for m in members],
            "p": [_significant(10.0**-m.score) for m in members],
            "posts": [m.posts for m in members],
            "joint": [m.joint for m in members],
            "core": [int(m.core) for m in members],
            "degree": scene.degree.tolist(),
            "x": np.round(layout.x, 1).tolist(),
            "y": np.round(layout.y, 1).tolist(),
            "r": np.round(scene.radius, 1).tolist(),
        },
        "pairs": {
            "s": pairs["source"].to_list(),
            "t": pairs["target"].to_list(),
            "level": scene.level[: pairs.height].tolist(),
            "rank": scene.rank[: pairs.height].tolist(),
        },
        "tests": {
            "pair": tests["pair"].to_list(),
            "trace": tests["k"].to_list(),
            "window": tests["window"].to_list(),
            "weight": tests["weight"].to_list(),
            "expected": [_significant(v) for v in tests["expected"].to_list()],
            "p": [_significant(v) for v in tests["p_value"].to_list()],
            "q": [_significant(v) for v in tests["q_value"].to_list()],
        },
        "rows": {
            "pair": rows["pair"].to_list(),
            "trace": rows["k"].to_list(),
            "object": [keys.add(v) for v in rows["object"].to_list()],
            "a": [at[v] for v in rows["source_post"].to_list()],
            "b": [at[v] for v in rows["target_post"].to_list()],
            "ta": rows["source_time"].dt.epoch("ms").to_list(),
            "tb": rows["target_time"].dt.epoch("ms").to_list(),
        },
        "left": _left(result, scene, rows),
        "posts": {
            "id": [markup.shorten(markup.clean(v), KEY) for v in used.to_list()],
            "text": [texts.add(v) for v in posts["text"].to_list()],
        },
        "texts": texts.values,
        "objects": keys.values,
        "traces": [{"did": words.did(t), "noun": words.noun(t)} for t in traces],
        "allPairs": scene.pairs.height,
    }
    return data, Carried(pairs=pairs.height, of_pairs=scene.pairs.height, rows=rows.height, of_rows=total)


def _significant(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(f"{value:.3g}")


def _numbered(result: Findings, scene: Scene) -> pl.DataFrame:
    """The evidence with member codes and pair numbers, the source being the pair's smaller code."""
    frame = result.evidence.select([pl.col(name).cast(kind) for name, kind in EVIDENCE.items()])
    codes = pl.DataFrame(
        {"id": list(scene.code), "code": list(scene.code.values())},
        schema={"id": pl.String, "code": pl.UInt32},
    )
    frame = frame.join(codes.rename({"id": "source", "code": "ca"}), on="source").join(
        codes.rename({"id": "target", "code": "cb"}), on="target"
    )
    turned = pl.col("ca") > pl.col("cb")

    def swap(one: str, other: str) -> list[pl.Expr]:
        return [
            pl.when(turned).then(other).otherwise(one).alias(one),
            pl.when(turned).then(one).otherwise(other).alias(other),
        ]

    frame = frame.with_columns(
        *swap("ca", "cb"), *swap("source_post", "target_post"), *swap("source_time", "target_time")
    )
    pairs = scene.pairs.select(
        "pair", pl.col("source").cast(pl.UInt32).alias("ca"), pl.col("target").cast(pl.UInt32).alias("cb")
    )
    return frame.join(pairs, on=["ca", "cb"])


def _evidence(result: Findings, scene: Scene, pairs: int) -> tuple[pl.DataFrame, int]:
    """Rows the page carries: every pair gets its first before any gets its second, the strongest first."""
    frame = _numbered(result, scene)
    total = result.evidence.height
    frame = (
        frame.filter(pl.col("pair") < pairs)
        .with_columns(gap=(pl.col("target_time") - pl.col("source_time")).abs())
        .sort("pair", "gap", "source_time", "trace", "object", "source_post", "target_post")
        .with_columns(rank=pl.int_range(pl.len()).over("pair"))
        .filter(pl.col("rank") < PER_PAIR)
        .sort("rank", "pair", maintain_order=True)
        .head(ROWS)
    )
    length = result.posts.select(
        "post_id", size=pl.col("text").str.len_chars().fill_null(0).clip(0, TEXT)
    ).unique("post_id", keep="first")
    text = result.posts.select("post_id", "text").unique("post_id", keep="first")
    size = frame.select("source_post", "target_post", "object")
    size = size.join(
        length.rename({"post_id": "source_post", "size": "a"}),
        on="source_post",
        how="left",
        maintain_order="left",
    )
    size = size.join(
        length.rename({"post_id": "target_post", "size": "b"}),
        on="target_post",
        how="left",
        maintain_order="left",
    )
    size = size.join(
        text.rename({"post_id": "source_post", "text": "at"}),
        on="source_post",
        how="left",
        maintain_order="left",
    )
    size = size.join(
        text.rename({"post_id": "target_post", "text": "bt"}),
        on="target_post",
        how="left",
        maintain_order="left",
    )
    # A text, post or object costs only where it first appears.
    cost = size.select(
        pl.when(pl.col("at").is_first_distinct()).then("a").otherwise(0).fill_null(0)
        + pl.when(pl.col("bt").is_first_distinct()).then("b").otherwise(0).fill_null(0)
        + pl.when(pl.col("source_post").is_first_distinct()).then(24).otherwise(0)
        + pl.when(pl.col("target_post").is_first_distinct()).then(24).otherwise(0)
        + pl.when(pl.col("object").is_first_distinct())
        .then(pl.col("object").str.len_chars().clip(0, KEY))
        .otherwise(0)
    ).to_series()
    within = int((cost.cum_sum() <= CHARACTERS).sum()) if frame.height else 0
    return frame.head(within).sort("pair", "source_time", "target_time", "rank"), total


def _left(result: Findings, scene: Scene, rows: pl.DataFrame) -> dict[str, int]:
    """For each pair, how many of its pairs of posts the page does not carry; none, and it is absent."""
    every = _numbered(result, scene).group_by("pair").agg(pl.len().alias("all"))
    here = rows.group_by("pair").agg(pl.len().alias("here"))
    lost = (
        every.join(here, on="pair", how="left")
        .with_columns(lost=pl.col("all") - pl.col("here").fill_null(0))
        .filter(pl.col("lost") > 0)
        .sort("pair")
    )
    return {
        str(pair): count for pair, count in zip(lost["pair"].to_list(), lost["lost"].to_list(), strict=True)
    }


class _Table:
    """Texts by number, each kept once."""

    def __init__(self, limit: int) -> None:
        self.values: list[str] = []
        self._at: dict[str, int] = {}
        self._limit = limit

    def add(self, text: str | None) -> int:
        if text is None:
            return -1
        text = markup.shorten(markup.clean(text), self._limit)
        if text not in self._at:
            self._at[text] = len(self.values)
            self.values.append(text)
        return self._at[text]
