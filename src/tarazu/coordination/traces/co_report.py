"""Two accounts report the same post or account: mass flagging."""

from __future__ import annotations

import numpy as np
import polars as pl

from tarazu.coordination.events import Actors, Events


class CoReport:
    """The object is the reported post or account.

    Reporters who are not among `actors` are left out, so whoever wants them tested numbers them too. A report
    is no post: `post` is -1 in these events.
    """

    name = "co_report"
    version = "co_report.v1"

    def events(
        self, posts: pl.DataFrame, actors: Actors, reports: pl.DataFrame | None = None
    ) -> Events | None:
        """Return who reported what and when, or None without reports."""
        if reports is None or reports.is_empty():
            return None
        accounts = pl.DataFrame({"reporter_id": actors.ids}).with_row_index("account")
        known = reports.select("reporter_id", "subject", "created_at").join(
            accounts, on="reporter_id", how="inner", maintain_order="left"
        )
        objects = (
            known.group_by("subject", maintain_order=True)
            .agg(low=pl.col("account").min(), high=pl.col("account").max())
            .filter(pl.col("low") != pl.col("high"))
            .select("subject")
            .with_row_index("object")
        )
        joint = known.join(objects, on="subject", how="inner", maintain_order="left")
        if joint.is_empty():
            return None
        return Events(
            account=joint["account"].to_numpy().astype(np.int32),
            object=joint["object"].to_numpy().astype(np.int32),
            time=joint["created_at"].dt.epoch("ms").to_numpy().astype(np.int64),
            post=np.full(len(joint), -1, dtype=np.int32),
            keys=objects["subject"].alias("keys"),
        )
