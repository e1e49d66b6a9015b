"""How long a user waits before anything happens: import, the first help, the kernels cold and warm.

    python bench/startup.py

Medians of --repeat processes. The cold run has an empty NUMBA_CACHE_DIR; what the kernels cost is the cold run of
networks on the bundled sample less the warm one. Where others keep all cores busy, wall time says nothing about us:
then the CPU time is held against the budget (nearly all of a start-up is one thread), and the table says so.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from cost import Cost, machine, run, save, source_path

# Budgets, s: `import tarazu`, the first help, the one-time compile.
IMPORT, HELP, COMPILE = 0.2, 0.5, 15.0
SAMPLE = """
import tarazu
from tarazu.evaluation.sample import sample_paths
tarazu.networks(tarazu.read(sample_paths()[0]))
"""
COUNT = """
import numpy as np
from tarazu.coordination.pairs import count_pairs
few = np.zeros(2, np.int32)
for semantics in ("objects", "coortweet", "cnt"):
    count_pairs(np.arange(2, dtype=np.int32), few, few.astype(np.int64), 1, semantics, few + 1)
"""


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--repeat", type=int, default=9, help="processes of each kind; the median counts")
    about.add_argument("--cold-runs", type=int, default=3, help="runs with empty caches")
    chosen = about.parse_args()
    repeat, cold_runs = chosen.repeat, chosen.cold_runs
    where = machine()
    busy = float(str(where["load_before"])) > int(str(where["cores"]))
    where["held against the budget"] = "CPU time, because the machine was busy" if busy else "wall time"
    bare = times(["-c", "pass"], repeat)
    rows = [
        row("an empty Python", bare, busy),
        row(
            "import tarazu, less the empty Python",
            times(["-c", "import tarazu"], repeat),
            busy,
            IMPORT,
            less=bare,
        ),
        row("tarazu --help", times(["-m", "tarazu.cli", "--help"], repeat), busy, HELP),
        row("tarazu networks --help", times(["-m", "tarazu.cli", "networks", "--help"], repeat), busy, HELP),
    ]
    for name, code in (("networks on the sample", SAMPLE), ("pairs of two rows", COUNT)):
        cold = [kernels(code) for _ in range(cold_runs)]
        warm = [second for _, second in cold]
        first = [first for first, _ in cold]
        rows.append(row(f"{name}, cold", middle(first), busy))
        rows.append(row(f"{name}, warm", middle(warm), busy))
        rows.append(row(f"{name}: compiling", middle(first), busy, COMPILE, less=middle(warm)))
    save("startup", "Start-up", where, {"Medians": rows})
    return 0 if all(r["kept"] is not False for r in rows) else 1


def times(arguments: list[str], repeat: int) -> Cost:
    """Median of `repeat` processes, after one that warms the disk."""
    run([sys.executable, *arguments], **source_path())
    return middle([run([sys.executable, *arguments], **source_path())[0] for _ in range(repeat)])


def kernels(code: str) -> tuple[Cost, Cost]:
    """Run `code` twice with a cache of its own: empty, then filled."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code]
        first, _ = run(command, **source_path(), NUMBA_CACHE_DIR=str(Path(folder)))
        second, _ = run(command, **source_path(), NUMBA_CACHE_DIR=str(Path(folder)))
    return first, second


def middle(costs: list[Cost]) -> Cost:
    return Cost(
        cpu=statistics.median(c.cpu for c in costs),
        wall=statistics.median(c.wall for c in costs),
        peak=statistics.median(c.peak for c in costs),
    )


def row(
    what: str, cost: Cost, busy: bool, budget: float | None = None, less: Cost | None = None
) -> dict[str, object]:
    wall = cost.wall - (less.wall if less else 0.0)
    cpu = cost.cpu - (less.cpu if less else 0.0)
    return {
        "what": what,
        "wall s": round(wall, 3),
        "CPU s": round(cpu, 3),
        "peak MB": "" if less else round(cost.peak),
        "budget s": "" if budget is None else budget,
        "kept": "" if budget is None else (cpu if busy else wall) <= budget,
    }


if __name__ == "__main__":
    sys.exit(main())
