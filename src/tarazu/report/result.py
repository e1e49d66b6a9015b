"""The object a run returns: its tables, and the two ways to look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tarazu.findings import Health, Network
from tarazu.report.view import Findings, Rejections


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Result:
    """Coordinated networks and the evidence for every edge. Frames are Polars; times are UTC."""

    networks: tuple[Network, ...]  # largest first
    accounts: pl.DataFrame  # account_id, network_id, score, role; members only
    edges: pl.DataFrame  # source, target, trace, window (s), weight, expected, p_value, q_value
    evidence: pl.DataFrame  # one row a pair of posts behind an edge
    health: Health  # where a line is not ok, the promised error rate may not hold
    parameters: Mapping[str, object]  # fdr, windows, traces
    versions: Mapping[str, str]  # tarazu, each trace, the null model
    counts: Mapping[str, int]  # posts, accounts, tested_pairs, ...
    posts: pl.DataFrame  # the input, for the texts

    @classmethod
    def of(cls, run: Findings) -> Result:
        """Wrap a finished run."""
        return cls(
            networks=run.networks,
            accounts=run.accounts,
            edges=run.edges,
            evidence=run.evidence,
            health=run.health,
            parameters=run.parameters,
            versions=run.versions,
            counts=run.counts,
            posts=run.posts,
        )

    def write(
        self,
        out: str | Path,
        reading: Rejections | None = None,
        thumbnails: Mapping[str, bytes] | None = None,
    ) -> None:
        """Write every output file into the folder `out`, all or nothing; see `report.write.write`."""
        from tarazu.report.write import write

        write(self, Path(out), reading, thumbnails)

    def _repr_html_(self) -> str:
        from tarazu.report.notebook import repr_html

        return repr_html(self)

    def __repr__(self) -> str:
        found = f"{len(self.networks)} networks, {self.accounts.height} members, {self.edges.height} edges"
        return f"<Result: {found}>"
