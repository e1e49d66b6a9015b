"""Banks to test with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bank_parts import Clock

from tarazu.media.bank import Bank


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bank(tmp_path: Path, clock: Clock) -> Iterator[Bank]:
    with Bank.create(tmp_path / "emblems.bank", owner="Trust", reason="to test", clock=clock) as made:
        yield made
