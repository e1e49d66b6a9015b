"""The health of a run: does the promised error rate hold on these data, and where not?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.coordination.cells import HOUR, make_cells
from tarazu.coordination.events import Events, PairTests
from tarazu.coordination.fuse import Fused, fuse
from tarazu.coordination.multiplicity import select
from tarazu.coordination.organic import in_minutes
from tarazu.coordination.reference import MAJORITY_MIN
from tarazu.coordination.timing import examine_pairs, learn
from tarazu.findings import Health, HealthLine

if TYPE_CHECKING:
    from tarazu.coordination.run import TraceRun

_SESSION_GAP = HOUR // 2
_SHIFT = 3 * HOUR
# The control run is skipped above this many events: it would double the time of the longest runs.
_CONTROL_MAX = 3_000_000


def shift_sessions(events: Events, rng: np.random.Generator) -> Events:
    """Move every session (acts less than half an hour apart) of every account by its own time within +-3 h.

    What people share, their sessions and the coarse rhythm stay; moments two accounts share do not.
    """
    order = np.lexsort((events.time, events.account))
    account, time = events.account[order], events.time[order]
    opens = np.r_[True, (account[1:] != account[:-1]) | (np.diff(time) > _SESSION_GAP)]
    session = np.cumsum(opens) - 1
    unit = 60_000 if in_minutes(time) else 1000
    moved = rng.integers(-_SHIFT // unit, _SHIFT // unit + 1, session[-1] + 1)[session] * unit
    return Events(
        account=account,
        object=events.object[order],
        time=time + moved,
        post=events.post[order],
        keys=events.keys,
    )


def survivors(runs: Sequence[TraceRun], accounts: int, windows: NDArray[np.int64], fdr: float) -> int | None:
    """Repeat the pair tests with all sessions moved at random: how many accounts are still named? None: too large."""
    if not runs or sum(len(r.events) for r in runs) > _CONTROL_MAX:
        return None
    rng = np.random.default_rng(1)
    tests: list[PairTests] = []
    for run in runs:
        null, keys = learn(make_cells(shift_sessions(run.events, rng), accounts), windows)
        tested = examine_pairs(null, keys)
        none = np.zeros(len(keys), np.int32)
        tests.append(
            PairTests(
                trace=run.name,
                source=(keys >> 32).astype(np.int32),
                target=(keys & 0xFFFFFFFF).astype(np.int32),
                window=none,
                weight=none,
                expected=np.zeros(len(keys)),
                shared=tested.shared,
                p=tested.combined,
                tested=len(keys),
            )
        )
    fused = fuse(tests)
    keep, _, _ = select(fused.source, fused.target, fused.p, fdr)
    return int(np.unique(np.r_[fused.source[keep], fused.target[keep]]).size)


def assess(posts: pl.DataFrame, runs: Sequence[TraceRun], fused: Fused, surviving: int | None) -> Health:
    """Say in a few sentences whether the promise holds."""
    lines: list[HealthLine] = []
    if not len(fused):
        lines.append(
            HealthLine(ok=True, line="No two accounts share two objects, so there was nothing to test.")
        )
    scarce = [r.name for r in runs if len(r.tests) and r.null.reference.scarce]
    enough = [r for r in runs if len(r.tests) and not r.null.reference.scarce]
    if enough:
        lowest = min(float(r.null.reference.majority.mean()) for r in enough)
        lines.append(
            HealthLine(
                ok=True,
                line=f"Strangers are the majority in at least {lowest:.0%} of the cells of "
                f"{', '.join(r.name for r in enough)}: their timing was learned from these data.",
            )
        )
    if scarce:
        lines.append(
            HealthLine(
                ok=False,
                line=f"In {', '.join(scarce)} fewer than {MAJORITY_MIN:.0%} of the cells have mostly strangers. "
                "A stored organic curve stands in for them; the error rate holds only if organic accounts here "
                "behave like those. Add posts of uninvolved accounts to make it hold.",
            )
        )
    if surviving is None:
        lines.append(
            HealthLine(ok=True, line="The control run with shifted sessions was skipped: too many events.")
        )
    elif len(fused):
        lines.append(
            HealthLine(
                ok=surviving == 0,
                line="Control: with every session moved by a random time of up to 3 hours, "
                + ("no account is named." if surviving == 0 else f"{surviving} accounts are still named."),
            )
        )
    if posts.height and in_minutes(posts["created_at"].dt.epoch("ms").to_numpy()):
        lines.append(
            HealthLine(
                ok=False,
                line="Times are whole minutes: within 10 seconds means within the same minute, and short windows "
                "have less power.",
            )
        )
    return Health(lines=tuple(lines))
