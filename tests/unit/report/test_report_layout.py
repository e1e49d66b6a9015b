"""The picture is deterministic, quick, and its discs do not overlap."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tarazu.report.layout import arrange

SIZES = {
    "one": [1],
    "pair": [2],
    "few": [46, 28, 5],
    "large": [3000],
    "many": [3] * 1000,
    "mixed": [1200, 800, 400, 300, 150, 100, 50],
}


def drawn(sizes: list[int], edges: int = 30_000):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(3)
    home = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    source = rng.integers(0, len(home), edges)
    target = starts[home[source]] + rng.integers(0, 1 << 30, edges) % np.array(sizes)[home[source]]
    return arrange(home, source, target, rng.random(edges), len(sizes)), home


@pytest.mark.parametrize("name", SIZES)
def test_every_picture_is_finite_inside_its_disc_and_the_same_again(name: str) -> None:
    begin = time.process_time()
    first, home = drawn(SIZES[name])
    assert time.process_time() - begin < 6
    again, _ = drawn(SIZES[name])
    assert np.array_equal(first.x, again.x) and np.array_equal(first.y, again.y)
    away = np.hypot(first.x - first.disc_x[home], first.y - first.disc_y[home])
    assert np.isfinite(away).all() and (away <= first.disc_r[home] + 1e-6).all()


def test_discs_do_not_overlap() -> None:
    layout, _ = drawn(SIZES["mixed"])
    for i in range(len(layout.disc_r)):
        for j in range(i):
            gap = np.hypot(layout.disc_x[i] - layout.disc_x[j], layout.disc_y[i] - layout.disc_y[j])
            assert gap > layout.disc_r[i] + layout.disc_r[j]


def test_an_empty_picture() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert len(arrange(none, none, none, np.zeros(0), 0).x) == 0
