"""What the report needs to know of a run: the fields, not where they were computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from tarazu.findings import Health, Network


class Findings(Protocol):
    """The fields of one finished run. `coordination.run.Run` and `report.result.Result` both have them."""

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks, largest first."""

    @property
    def accounts(self) -> pl.DataFrame:
        """account_id, network_id, score, role; members only."""

    @property
    def edges(self) -> pl.DataFrame:
        """source, target, trace, window, weight, expected, p_value, q_value."""

    @property
    def evidence(self) -> pl.DataFrame:
        """One row a pair of posts; the columns are in `EVIDENCE`."""

    @property
    def health(self) -> Health:
        """Whether the promised error rate holds on these data."""

    @property
    def parameters(self) -> Mapping[str, object]:
        """fdr, windows, traces."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of tarazu, of each trace and of the null model."""

    @property
    def counts(self) -> Mapping[str, int]:
        """posts, accounts, tested_pairs and other sizes of the run."""

    @property
    def posts(self) -> pl.DataFrame:
        """The input, for the texts."""


class Rejections(Protocol):
    """What the report needs of a `sources.Reading`: the rows that were not used."""

    @property
    def rejected(self) -> pl.DataFrame:
        """file, position, reason, sample."""


ACCOUNTS: dict[str, pl.DataType] = {
    "account_id": pl.String(),
    "network_id": pl.String(),
    "score": pl.Float64(),
    "role": pl.String(),
}
EDGES: dict[str, pl.DataType] = {
    "source": pl.String(),
    "target": pl.String(),
    "trace": pl.String(),
    "window": pl.Int32(),  # seconds
    "weight": pl.Int32(),
    "expected": pl.Float64(),
    "p_value": pl.Float64(),
    "q_value": pl.Float64(),
}
EVIDENCE: dict[str, pl.DataType] = {
    "network_id": pl.String(),
    "source": pl.String(),
    "target": pl.String(),
    "trace": pl.String(),
    "object": pl.String(),
    "window": pl.Int32(),  # seconds
    "source_post": pl.String(),
    "target_post": pl.String(),
    "source_time": pl.Datetime("ms", "UTC"),
    "target_time": pl.Datetime("ms", "UTC"),
    "delta_seconds": pl.Float64(),
}
