"""The bundled sample: part of a real operation inside part of an organic stream, pseudonymised.

111,910 posts of 16,816 accounts in three weeks. Sources and terms: NOTICE. `examples/make_sample.py` makes it.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import polars as pl

from tarazu.evaluation.worlds import World
from tarazu.records import conform


def sample_paths() -> tuple[Path, Path | None]:
    """Where the posts of the sample lie, and its accounts table (none.

    The sources have no profiles we may show).
    """
    return Path(str(resources.files("tarazu.evaluation"))) / "data" / "sample.parquet", None


def sample_world() -> World:
    """The sample with its labels: categories that Linvill and Warren coded by hand."""
    posts, _ = sample_paths()
    truth = pl.read_parquet(posts.with_name("sample_truth.parquet"))
    groups = truth.group_by("campaign").agg("account_id").sort("campaign")
    return World(
        name="sample",
        posts=conform(pl.read_parquet(posts)),
        truth={str(name): frozenset(members) for name, members in groups.iter_rows()},
        note="IRA accounts of five categories in the German stream, which has open coordination too",
    )


def sample_stream() -> pl.DataFrame:
    """The organic part of the sample.

    The background for planted campaigns where the data sets are not at hand.
    """
    world = sample_world()
    members = frozenset().union(*world.truth.values())
    return world.posts.filter(~pl.col("account_id").is_in(list(members)))


def judged_path() -> Path:
    """Where the posts lie that the demo judges: 48, invented like everybody they name, a third each en, fa and ar.

    Two columns are not read as part of a post: `shows` says what a post is there for, `meant` is its outcome under
    the example policy.
    """
    return Path(str(resources.files("tarazu.evaluation"))) / "data" / "judged_posts.jsonl"
