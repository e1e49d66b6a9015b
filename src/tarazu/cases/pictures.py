"""Pictures of cases, in memory: which cases show nearly the same picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock

import numpy as np
import polars as pl
from sqlalchemy import select

from tarazu.media.index import HammingIndex
from tarazu.media.pdq import SAME, parse
from tarazu.store.tables.cases import case_pictures
from tarazu.store.view import View


class Pictures:
    """An index that follows the table; what others committed is taken up at the next `refresh`."""

    def __init__(self) -> None:
        self._index = HammingIndex()
        self._cases: list[str] = []  # id of a hash -> case
        self._last = 0
        self._following = Lock()

    def refresh(self, view: View) -> None:
        """Take up what was committed since. Call it before the transaction writes: it may yet be taken back."""
        with self._following:
            rows = view.rows(
                select(case_pictures)
                .where(case_pictures.c.number > self._last)
                .order_by(case_pictures.c.number)
            )
            if not rows:
                return
            first = len(self._cases)
            self._cases += [row.case_id for row in rows]
            self._index.add(parse(pl.Series([row.pdq for row in rows])), np.arange(first, len(self._cases)))
            self._last = int(rows[-1].number)

    def near(self, pdqs: Sequence[str]) -> list[str]:
        """Cases with a picture within 31 bits of one of these, the nearest first."""
        if not pdqs or not self._cases:
            return []
        hits = self._index.search(parse(pl.Series(list(pdqs))), SAME)
        order = np.lexsort((hits.id, hits.distance))
        return list(dict.fromkeys(self._cases[number] for number in hits.id[order].tolist()))


class FreshPictures:
    """The pictures of cases that one transaction has just opened."""

    def __init__(self) -> None:
        self._pdqs: list[str] = []
        self._cases: list[str] = []

    def add(self, case_id: str, pdqs: Iterable[str]) -> None:
        """Remember them until the transaction ends."""
        for pdq in pdqs:
            self._pdqs.append(pdq)
            self._cases.append(case_id)

    def near(self, pdqs: Sequence[str]) -> list[str]:
        """As `Pictures.near`."""
        if not pdqs or not self._pdqs:
            return []
        from tarazu.media.pdq import distance

        have, asked = parse(pl.Series(self._pdqs)), parse(pl.Series(list(pdqs)))
        apart = distance(have[:, None, :], asked[None, :, :]).min(axis=1)
        order = np.argsort(apart, kind="stable")
        return list(dict.fromkeys(self._cases[at] for at in order.tolist() if apart[at] <= SAME))
