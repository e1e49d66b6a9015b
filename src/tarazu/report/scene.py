"""The accounts and pairs of a run with everything a drawing needs: codes, strength, positions.

Built once and used by the page, the notebook picture and the graph files, so that all show the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.findings import Member, Network
from tarazu.report import words
from tarazu.report.layout import Layout, arrange
from tarazu.report.view import EDGES, Findings


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """Members (code 0..n-1, by network, then score) and the distinct pairs between them, strongest first."""

    networks: tuple[Network, ...]
    members: tuple[Member, ...]
    home: NDArray[np.int64]  # index of the member's network
    pairs: pl.DataFrame  # source < target (codes), p: smallest, weight: sum, edge: False for a tie
    tests: pl.DataFrame  # pair, trace, window, weight, expected, p_value, q_value; strongest first in a pair

    @cached_property
    def code(self) -> dict[str, int]:
        """account_id -> member code."""
        return {member.account_id: index for index, member in enumerate(self.members)}

    @cached_property
    def layout(self) -> Layout:
        """Positions of members and discs."""
        p = self.pairs["p"].to_numpy()
        return arrange(
            self.home,
            self.pairs["source"].to_numpy().astype(np.int64),
            self.pairs["target"].to_numpy().astype(np.int64),
            np.minimum(-np.log10(np.maximum(p, 1e-300)), 30.0),
            len(self.networks),
        )

    @cached_property
    def degree(self) -> NDArray[np.int64]:
        """Distinct partners of each member."""
        ends = np.concatenate((self.pairs["source"].to_numpy(), self.pairs["target"].to_numpy()))
        return np.bincount(ends.astype(np.int64), minlength=len(self.members)).astype(np.int64)

    @cached_property
    def level(self) -> NDArray[np.int64]:
        """Strength of each pair in the three steps of `words.level`."""
        p = self.pairs["p"].to_numpy()
        return (p <= words.VERY).astype(np.int64) + (p <= words.EXTREME)

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """Place of each pair in the order of drawing: every account's strongest pair, then the seconds."""
        seen = [0] * len(self.members)
        turn = np.empty(self.pairs.height, dtype=np.int64)
        ends = zip(self.pairs["source"].to_list(), self.pairs["target"].to_list(), strict=True)
        for pair, (s, t) in enumerate(ends):
            turn[pair] = min(seen[s], seen[t])
            seen[s] += 1
            seen[t] += 1
        rank = np.empty_like(turn)
        rank[np.argsort(turn, kind="stable")] = np.arange(len(turn))
        return rank

    @cached_property
    def radius(self) -> NDArray[np.float64]:
        """Radius of each member in the drawing, in world units: grows slowly with its partners."""
        return np.minimum(3.4 + 0.45 * np.sqrt(self.degree), 6.5)


def scene(result: Findings) -> Scene:
    """Gather the drawing's material: significant edges, and ties, which are pairs with evidence but no edge.

    Members who joined through the group have ties only. Edges to accounts outside every network are left to
    edges.csv.
    """
    members: list[Member] = []
    home: list[int] = []
    seen: set[str] = set()
    for index, network in enumerate(result.networks):
        ranked = sorted(network.members, key=lambda m: (-m.score, m.account_id))
        # An account stands in one place only: with the first network that has it.
        ranked = [m for m in ranked if m.account_id not in seen]
        seen.update(m.account_id for m in ranked)
        members += ranked
        home += [index] * len(ranked)
    codes = pl.DataFrame(
        {"id": [m.account_id for m in members], "code": np.arange(len(members), dtype=np.int32)},
        schema={"id": pl.String(), "code": pl.Int32()},
    )
    edges = _coded(result.edges.select([pl.col(name).cast(dtype) for name, dtype in EDGES.items()]), codes)
    ties = _coded(result.evidence.select("source", "target"), codes).group_by("s", "t").agg(weight=pl.len())
    pairs = edges.group_by("s", "t").agg(p=pl.col("p_value").min(), weight=pl.col("weight").sum())
    ties = ties.join(pairs, on=["s", "t"], how="anti").select("s", "t", p=pl.lit(1.0), weight="weight")
    pairs = (
        pl.concat(
            [pairs.with_columns(edge=pl.lit(True)), ties.with_columns(edge=pl.lit(False))],
            how="vertical_relaxed",
        )
        .sort("edge", "p", "weight", "s", "t", descending=[True, False, True, False, False])
        .with_row_index("pair")
    )
    tests = edges.join(pairs.select("pair", "s", "t"), on=["s", "t"]).sort(
        "pair", "p_value", "trace", "window"
    )
    return Scene(
        networks=tuple(result.networks),
        members=tuple(members),
        home=np.array(home, dtype=np.int64),
        pairs=pairs.rename({"s": "source", "t": "target"}),
        tests=tests.select("pair", "trace", "window", "weight", "expected", "p_value", "q_value"),
    )


def _coded(frame: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """`frame` with s < t, the member codes of its source and target; rows with anyone else are left out."""
    return (
        frame.join(codes.rename({"id": "source", "code": "a"}), on="source")
        .join(codes.rename({"id": "target", "code": "b"}), on="target")
        .filter(pl.col("a") != pl.col("b"))
        .with_columns(s=pl.min_horizontal("a", "b"), t=pl.max_horizontal("a", "b"))
    )
