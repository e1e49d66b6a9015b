"""What the detectors work on: accounts as codes, and who acted on which object when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Actors:
    """Codes of the accounts of one run."""

    ids: pl.Series  # String, sorted: code -> account_id
    of_post: NDArray[np.int32]  # code of the author of each row of posts

    @property
    def count(self) -> int:
        """How many accounts there are."""
        return len(self.ids)

    @classmethod
    def of(cls, posts: pl.DataFrame) -> Actors:
        """Number the authors of `posts` in the order of their ids."""
        ids = posts["account_id"].unique().sort()
        codes = posts["account_id"].replace_strict(
            ids, pl.Series(range(len(ids)), dtype=pl.Int32), return_dtype=pl.Int32
        )
        return cls(ids=ids, of_post=codes.to_numpy())


@dataclass(frozen=True, kw_only=True, eq=False)
class Events:
    """Facts of one trace: `account` acted on `object` at `time`. One row a (post, object)."""

    account: NDArray[np.int32]
    object: NDArray[np.int32]  # dense codes
    time: NDArray[np.int64]  # ms since 1970, UTC
    post: NDArray[np.int32]  # row of posts
    keys: pl.Series  # String: object code -> what a person reads

    def __len__(self) -> int:
        return int(self.account.size)


@dataclass(frozen=True, kw_only=True, eq=False)
class PairTests:
    """One row a tested pair of accounts, of one trace."""

    trace: str
    source: NDArray[np.int32]  # account codes, source < target
    target: NDArray[np.int32]
    window: NDArray[np.int32]  # seconds: the window with the smallest p
    weight: NDArray[np.int32]  # joint actions within it
    expected: NDArray[np.float64]  # of them, expected under the null
    shared: NDArray[np.int32]  # objects (or cells) the test rests on
    p: NDArray[np.float64]  # combined over windows, super-uniform under the null
    tested: int  # hypotheses to correct for, at least the number of rows

    def __len__(self) -> int:
        return int(self.source.size)
