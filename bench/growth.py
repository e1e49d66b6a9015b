"""How the whole way (read, networks with all traces, write the report) grows with the posts.

    python bench/growth.py                                   0.25, 1 and 2.5 M posts, and one crowded object
    python bench/growth.py --posts 250000 500000 1000000 2500000 5000000 10000000

Every size is a synthetic organic world of 28 days with three campaigns in it (30 accounts on links, 60 on reposts,
30 on texts), so that there is something to explain and to draw. Each run is a process of its own that sees two cores.
The exponent is the slope of log CPU over log posts; a fixed start-up would flatter it, so it is of the run's own CPU.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cost import as_row, machine, run, save, source_path

if TYPE_CHECKING:
    import polars as pl

    from tarazu.progress import Stage

SIZES = (250_000, 1_000_000, 2_500_000)
# posts: (wall s, peak MB) at most, on two cores; the exponent; seconds for one object with 100,000 actors.
BUDGETS = {250_000: (30.0, 2_000.0), 2_500_000: (300.0, 4_000.0)}
EXPONENT = 1.1
CROWD, CROWD_SECONDS = 100_000, 2.0
POSTS_PER_ACCOUNT = 5
SEED = 2000


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--posts", type=int, nargs="*", default=list(SIZES), help="sizes of the worlds")
    about.add_argument("--repeat", type=int, default=1, help="runs of each size; the median counts")
    about.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "tarazu-bench")
    about.add_argument("--child", choices=["make", "run", "crowd", "pairs"], help=argparse.SUPPRESS)
    chosen = about.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    if chosen.child:
        work = {"make": make, "run": whole, "crowd": crowd, "pairs": pairs}[chosen.child]
        print(json.dumps(work(chosen.work, chosen.posts[0])))
        return 0
    where = machine()
    where["cores_used"] = 2
    child(chosen.work, "make", 20_000)
    child(chosen.work, "run", 20_000)  # compiles the kernels if they are not on disk yet
    rows: list[dict[str, object]] = []
    stages: dict[str, dict[str, object]] = {}
    inner: list[tuple[int, float]] = []
    for posts in sorted(chosen.posts):
        child(chosen.work, "make", posts)
        runs = sorted(
            (child(chosen.work, "run", posts) for _ in range(chosen.repeat)), key=lambda r: r[0].cpu
        )
        cost, said = runs[len(runs) // 2]
        wall, peak = BUDGETS.get(posts, (math.inf, math.inf))
        kept = cost.wall <= wall and cost.peak <= peak if posts in BUDGETS else ""
        row: dict[str, object] = {key: said[key] for key in ("posts", "accounts", "tested pairs", "networks")}
        row |= {**as_row(cost), "CPU s of the run": said["cpu"], "budget": kept}
        if inner:
            row["exponent"] = math.log(said["cpu"] / inner[-1][1]) / math.log(said["posts"] / inner[-1][0])
        else:
            row["exponent"] = ""
        inner.append((said["posts"], said["cpu"]))
        rows.append(row)
        print(row, flush=True)
        for stage, seconds in said["stages"].items():
            stages.setdefault(stage, {"stage (CPU s)": stage})[f"{posts:,}"] = seconds
    crowds = [one_object(chosen.work, name) for name in ("pairs", "crowd")]
    sections = {"Whole run": rows, "Growth": [fit(inner)] if len(inner) > 1 else [], "One object": crowds}
    table = sorted(stages.values(), key=lambda s: -float(str(list(s.values())[-1])))
    for line in table:
        line |= {f"{p:,}": line.get(f"{p:,}", "") for p in sorted(chosen.posts)}
    save(
        "growth", "Growth of a whole run", where, {k: v for k, v in sections.items() if v} | {"Stages": table}
    )
    fine = all(row["budget"] is not False for row in rows) and all(row["budget"] for row in crowds)
    return 0 if fine and all(row["budget"] for row in sections["Growth"]) else 1


def child(work: Path, what: str, posts: int) -> tuple[Any, dict[str, Any]]:
    """Run one step in a process of its own."""
    command: list[str | Path] = [
        sys.executable,
        __file__,
        "--child",
        what,
        "--posts",
        str(posts),
        "--work",
        work,
    ]
    cost, said = run(command, **source_path(), POLARS_MAX_THREADS="2", NUMBA_NUM_THREADS="2")
    return cost, json.loads(said.splitlines()[-1])


def fit(points: list[tuple[int, float]]) -> dict[str, object]:
    """Least squares of log CPU over log posts."""
    x = [math.log(p) for p, _ in points]
    y = [math.log(c) for _, c in points]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum((a - mx) ** 2 for a in x)
    return {
        "sizes": len(points),
        "exponent": round(slope, 3),
        "at most": EXPONENT,
        "budget": slope <= EXPONENT,
    }


def one_object(work: Path, name: str) -> dict[str, object]:
    cost, said = child(work, name, CROWD)
    return {**said, "peak MB": round(cost.peak), "budget": said["wall s"] <= CROWD_SECONDS}


def make(work: Path, posts: int) -> dict[str, object]:
    """Build a world and keep it for the next time."""
    import numpy as np

    from tarazu.evaluation.organic import Shape, world
    from tarazu.evaluation.plants import Campaign, plant

    path = work / f"posts_{posts}.parquet"
    if not path.exists():
        rng = np.random.default_rng(SEED)
        # Some cascades end early: ask for a little more, so that the world has at least as many posts.
        shape = Shape(posts=round(posts * 1.07), accounts=max(1000, posts // POSTS_PER_ACCOUNT))
        made = world(rng, shape)
        for kind, members in (("co_url", 30), ("co_repost", 60), ("co_text", 30)):
            made = plant(made, Campaign(name=kind, kind=kind, n=members, k=12), rng)
        assert made.accounts is not None
        made.accounts.write_parquet(work / f"accounts_{posts}.parquet")
        made.posts.write_parquet(path)
    return {"posts": posts}


class Clock:
    """Progress that adds up CPU by stage."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}

    @contextlib.contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Stage]:
        from tarazu.progress import SILENT

        start = time.process_time()
        with SILENT.stage(name, total) as stage:
            yield stage
        self.stages[name] = self.stages.get(name, 0.0) + time.process_time() - start


def whole(work: Path, posts: int) -> dict[str, object]:
    """Read, find, write."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    import tarazu

    clock = Clock()
    cpu = time.process_time()
    with clock.stage("reading"):
        reading = tarazu.read(work / f"posts_{posts}.parquet", accounts=work / f"accounts_{posts}.parquet")
    result = tarazu.networks(reading, progress=clock)
    out = work / "result"
    shutil.rmtree(out, ignore_errors=True)
    with clock.stage("writing"):
        result.write(out, reading)
    return {
        "posts": reading.posts.height,
        "accounts": result.counts["accounts"],
        "tested pairs": result.counts["tested_pairs"],
        "networks": len(result.networks),
        "cpu": time.process_time() - cpu,
        "stages": clock.stages,
    }


def crowded(actors: int) -> pl.DataFrame:
    """Everybody reposts one post within a minute, and three others at other times."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(SEED)
    account = np.r_[np.arange(actors), rng.integers(0, actors, 3 * actors)]
    obj = np.r_[np.zeros(actors, np.int64), rng.integers(1, actors, 3 * actors)]
    time_ = np.r_[rng.integers(0, 60, actors), rng.integers(0, 28 * 86_400, 3 * actors)]
    return pl.DataFrame({"account": account, "object": obj, "time": time_ * 1000 + 1_700_000_000_000})


def pairs(work: Path, actors: int) -> dict[str, object]:
    """Raw pairs of weight 2 and more."""
    import numpy as np

    from tarazu.coordination.pairs import count_pairs

    table = crowded(actors)
    account, obj = (table[c].to_numpy().astype(np.int32) for c in ("account", "object"))
    when = table["time"].to_numpy()
    count_pairs(account[:9], obj[:9], when[:9], 60_000, min_weight=2)
    start, cpu = time.perf_counter(), time.process_time()
    found = len(count_pairs(account, obj, when, 60_000, min_weight=2)[0])
    return {"what": "raw pairs, weight 2 and more, 60 s", "actors": actors, "rows": table.height,
            "pairs": found, "wall s": time.perf_counter() - start, "CPU s": time.process_time() - cpu}  # fmt: skip


def crowd(work: Path, actors: int) -> dict[str, object]:
    """The extra cost of the crowded object in a run of networks on reposts."""
    import polars as pl

    import tarazu
    from tarazu.records import conform

    table = crowded(actors)
    posts = conform(
        table.select(
            pl.format("p{}", pl.int_range(pl.len())).alias("post_id"),
            pl.format("a{}", "account").alias("account_id"),
            pl.col("time").cast(pl.Datetime("ms", "UTC")).alias("created_at"),
            pl.format("o{}", "object").alias("repost_of"),
        )
    )
    tarazu.networks(posts.tail(actors), traces=["co_repost"])  # loads the kernels
    times = []
    for rows in (posts.tail(3 * actors), posts):
        start, cpu = time.perf_counter(), time.process_time()
        found = tarazu.networks(rows, traces=["co_repost"])
        times.append((time.perf_counter() - start, time.process_time() - cpu))
    return {"what": "networks, what the object adds", "actors": actors, "rows": posts.height,
            "pairs": found.counts["tested_pairs"], "wall s": times[1][0] - times[0][0],
            "CPU s": times[1][1] - times[0][1]}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
