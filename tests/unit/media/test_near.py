from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tarazu.media import pdq
from tarazu.media.near import leaders


def test_leaders_are_those_of_comparing_with_every_leader() -> None:
    random = np.random.default_rng(7)
    hashes = random.integers(0, 1 << 63, (100, 4)).astype(np.uint64)[random.integers(0, 100, 1_500)]
    for row in range(len(hashes)):  # up to 35 bits away from one of a hundred pictures
        for bit in random.choice(256, random.integers(0, 36), replace=False):
            hashes[row, bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    expected, chosen = np.arange(len(hashes)), [0]
    for row in range(1, len(hashes)):
        apart = pdq.distance(hashes[row], hashes[chosen])
        if apart.min() <= 31:
            expected[row] = chosen[int(apart.argmin())]
        else:
            chosen.append(row)
    assert (leaders(hashes) == expected).all()
    assert 100 <= len(chosen) < 1_000


def test_text_and_back() -> None:
    text = pl.Series(["0123456789abcdef" * 4, "f" * 64])
    assert pdq.text(pdq.parse(text)).to_list() == text.to_list()
    assert pdq.parse(text)[0, 0] == 0x0123456789ABCDEF
    assert pdq.is_pdq(pl.Series(["F" * 64, "f" * 63, "g" * 64])).to_list() == [True, False, False]
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        pdq.parse(pl.Series(["abc"]))


def test_few_hashes_and_wide_radius() -> None:
    assert leaders(np.zeros((0, 4), np.uint64)).size == 0
    assert leaders(np.zeros((3, 4), np.uint64)).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="0 to 31"):
        leaders(np.zeros((1, 4), np.uint64), 40)
