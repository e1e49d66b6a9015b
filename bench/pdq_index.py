"""Search among PDQ hashes: exact, how quick beside threatexchange and faiss, how much memory, and while it grows.

    python bench/pdq_index.py --peer PYTHON           all of it, a few minutes
    python bench/pdq_index.py --only exact memory     some of it, shown and not written down

PYTHON is the interpreter of a virtual environment with the peers: pip install threatexchange==1.2.17 (brings faiss).
Both search the same hashes in the same run. threatexchange's PDQIndex takes one hash a call: it is asked so with the
threads it takes by itself (as it comes; the budget is held against that) and with one, which is quicker on a busy
machine. Its faiss index, below its own interface, is also asked for all in one call. Where others keep the cores busy,
the ratio of CPU says more than that of queries a second, and memory that others use slows ours most.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from cost import machine, run, save, source_path
from pdq_peer import timed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATIO, MEGABYTES, APPENDS = 60.0, 1500.0, 1000.0  # budgets
PARTS = ("exact", "speed", "memory", "live")
SEED = 20261123
Rows = list[dict[str, object]]


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--peer", type=Path, help="interpreter that has threatexchange")
    about.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    about.add_argument("--hashes", type=int, default=1_000_000)
    about.add_argument("--many", type=int, default=10_000_000, help="hashes for the memory")
    about.add_argument("--queries", type=int, default=2_000)
    about.add_argument("--part", nargs=2, help=argparse.SUPPRESS)  # a child: which part, in which folder
    chosen = about.parse_args()
    if chosen.part:
        name, folder = chosen.part
        does: dict[str, Callable[[argparse.Namespace, Path], Rows]] = {
            "exact": exact, "speed": speed, "memory": memory, "live": live,
        }  # fmt: skip
        print(json.dumps(does[name](chosen, Path(folder))))
        return 0
    where = machine()
    found: dict[str, Rows] = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in chosen.only:
            found[part] = child(Path(sys.executable), part, folder, chosen)
            if part == "speed" and chosen.peer:
                found[part] += peer(chosen.peer, folder)
                found[part] += peer(chosen.peer, folder, OMP_NUM_THREADS="1")
                found["ratios"] = ratios(found[part])
    if set(chosen.only) == set(PARTS) and chosen.peer:
        titles = {"exact": "Beside brute force", "speed": "Queries a second", "ratios": "Ratios",
                  "memory": "Many hashes", "live": "While it grows"}  # fmt: skip
        save("pdq_index", "Search among PDQ hashes", where | {"hashes": f"{chosen.hashes:,}"},
             {titles[name]: rows for name, rows in found.items()})  # fmt: skip
    else:
        print(json.dumps(found, indent=1))
    return 0 if all(row.get("kept", True) for rows in found.values() for row in rows) else 1


def child(python: Path, part: str, folder: str, chosen: argparse.Namespace, **more: str) -> Rows:
    """Do one part in a process of its own, so that its memory is its own."""
    sizes = ["--hashes", chosen.hashes, "--many", chosen.many, "--queries", chosen.queries]
    _, told = run([python, __file__, "--part", part, folder, *map(str, sizes)], **source_path(), **more)
    rows: Rows = json.loads(told.splitlines()[-1])
    return rows


def peer(python: Path, folder: str, **more: str) -> Rows:
    """Search the same hashes for the same queries with the peers."""
    _, told = run([python, Path(__file__).with_name("pdq_peer.py"), folder], **more)
    rows: Rows = json.loads(told.splitlines()[-1])
    return rows


def spread(count: int, random: np.random.Generator) -> NDArray[np.uint64]:
    return random.integers(0, 1 << 64, (count, 4), dtype="u8")


def turned(hashes: NDArray[np.uint64], most: int, random: np.random.Generator) -> NDArray[np.uint64]:
    """Copies with 0 to `most` bits changed."""
    import numpy as np

    copies = hashes.copy()
    for copy in copies:
        bits = random.choice(256, random.integers(0, most + 1), replace=False)
        np.bitwise_xor.at(copy, bits >> 6, np.uint64(1) << (bits & 63).astype(np.uint64))
    return copies


def exact(chosen: argparse.Namespace, folder: Path) -> Rows:
    """Compare with brute force (numpy): six tenths spread evenly, two near another, two in twenty dense clusters."""
    import numpy as np

    from tarazu.media.index import HammingIndex

    random, n = np.random.default_rng(SEED), chosen.hashes
    even = spread(n * 6 // 10, random)
    planted = turned(even[: n // 5], 40, random)
    pictures = np.repeat(spread(20, random), (n - len(even) - len(planted)) // 20, axis=0)
    equal = random.random(len(pictures)) < 0.5
    clustered = np.where(equal[:, None], pictures, turned(pictures, 25, random))
    hashes = np.concatenate([even, planted, clustered])[random.permutation(n)]
    kinds = {"spread": even, "planted": planted, "clustered": clustered}
    index = HammingIndex(hashes)
    rows: Rows = []
    for kind, some in kinds.items():
        queries = turned(some[random.integers(0, len(some), chosen.queries // 3 + 1)], 40, random)
        wrong, counts, seconds = dict.fromkeys(DISTANCES, 0), dict.fromkeys(DISTANCES, 0), {}
        hits = {}
        for distance in DISTANCES:
            start = time.perf_counter()
            hits[distance] = index.search(queries, distance)
            seconds[distance] = time.perf_counter() - start
        for at, query in enumerate(queries):
            apart = np.bitwise_count(hashes ^ query).sum(axis=1, dtype=np.int16)
            for distance in DISTANCES:
                near = np.flatnonzero(apart <= distance)
                near = near[np.argsort(apart[near], kind="stable")]
                found = hits[distance]
                mine = slice(*np.searchsorted(found.query, [at, at + 1]))
                same = np.array_equal(found.id[mine], near) and np.array_equal(
                    found.distance[mine], apart[near]
                )
                wrong[distance] += not same
                counts[distance] += len(near)
        rows += [
            {"hashes near the queries": kind, "distance": distance, "queries": len(queries), "hits": counts[distance],
             "queries that differ from brute force": wrong[distance], "kept": wrong[distance] == 0,
             "queries/s": round(len(queries) / seconds[distance])}
            for distance in DISTANCES
        ]  # fmt: skip
    return rows


DISTANCES = (0, 10, 20, 31, 40, 63)


def speed(chosen: argparse.Namespace, folder: Path) -> Rows:
    """Ours, on hashes spread evenly; the hashes and queries stay in the folder for the peers."""
    import numpy as np

    from tarazu.media.index import HammingIndex

    random = np.random.default_rng(SEED + 1)
    hashes = spread(chosen.hashes, random)
    queries = turned(hashes[random.integers(0, len(hashes), chosen.queries)], 40, random)
    np.save(folder / "hashes.npy", hashes)
    np.save(folder / "queries.npy", queries)
    index = HammingIndex(hashes)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    n = len(queries)
    return [
        timed("tarazu, one a call", n, lambda: sum(len(index.search(query)) for query in queries)),
        timed("tarazu, all in a call, one thread", n, lambda: len(index.search(queries))),
        timed(
            f"tarazu, all in a call, {cores} threads", n, lambda: len(index.search(queries, threads=cores))
        ),
    ]


def ratios(rows: Rows) -> Rows:
    """Ours over theirs, like with like, in queries a second and in CPU."""

    def best(key: str, *words: str) -> Any:
        values = [row[key] for row in rows if all(word in str(row["what"]) for word in words)]
        return max(values) if key == "queries/s" else min(values)

    rate, cpu = "queries/s", "CPU us a query"
    as_it_comes, best_of = (str(rows[3]["what"]),), ("PDQIndex",)
    cases = (
        ("all in a call, over PDQIndex as it comes", ("tarazu, all",), as_it_comes, RATIO),
        ("one a call, over PDQIndex as it comes", ("tarazu, one",), as_it_comes, None),
        ("all in a call, over PDQIndex, the better of its threads and one", ("tarazu, all",), best_of, None),
        ("one a call, over PDQIndex, the better of its threads and one", ("tarazu, one",), best_of, None),
        ("all in a call, over its faiss index, all in a call", ("tarazu, all",), ("its faiss",), None),
        ("all in a call, over faiss IndexBinaryFlat, all in a call", ("tarazu, all",), ("Flat",), None),
    )
    told: Rows = []
    for what, ours, theirs, budget in cases:
        ratio = best(rate, *ours) / best(rate, *theirs)
        row: dict[str, object] = {
            "what": what, "ratio of queries/s": ratio, "ratio of CPU": best(cpu, *theirs) / best(cpu, *ours),
        }  # fmt: skip
        told.append(row | ({"budget": budget, "kept": ratio >= budget} if budget else {}))
    both = {row["hits"] for row in rows if row["queries"] == rows[0]["queries"]}
    told[0]["same hits"] = len(both) == 1
    return told


def memory(chosen: argparse.Namespace, folder: Path) -> Rows:
    """Build of many hashes, which stay in memory beside the index, and search."""
    import resource

    import numpy as np

    from tarazu.media.index import HammingIndex

    random = np.random.default_rng(SEED + 2)
    hashes = spread(chosen.many, random)
    queries = turned(hashes[random.integers(0, len(hashes), chosen.queries)], 31, random)
    start = time.perf_counter()
    index = HammingIndex(hashes)
    built = time.perf_counter() - start
    row = timed("", len(queries), lambda: len(index.search(queries)))
    alone = timed("", 300, lambda: sum(len(index.search(query)) for query in queries[:300]))
    peak = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    )
    assert len(queries) <= int(str(row["hits"]))
    return [
        {"what": "peak memory, MB, the caller's own hashes among it", "figure": peak, "budget": MEGABYTES,
         "kept": peak < MEGABYTES},
        {"what": "hashes", "figure": len(index)},
        {"what": "building, s", "figure": built},
        {"what": "queries/s, all in a call, one thread", "figure": row["queries/s"]},
        {"what": "queries/s, one a call", "figure": alone["queries/s"]},
    ]  # fmt: skip


def live(chosen: argparse.Namespace, folder: Path) -> Rows:
    """One thread appends at a steady pace, another searches for what it knows to be there; then as fast as it goes."""
    import numpy as np

    from tarazu.media.index import HammingIndex

    random, n = np.random.default_rng(SEED + 3), chosen.hashes
    seconds, more = 10.0, 60_000
    hashes = spread(n + more, random)
    index = HammingIndex(hashes[:n])
    there, done, pauses = [n], Event(), [0.0]

    def append(pace: float) -> None:
        start = time.perf_counter()
        while not done.is_set():
            behind = int((time.perf_counter() - start) * pace) - (there[0] - n)
            for at in range(there[0], min(there[0] + behind, len(hashes))):
                began = time.perf_counter()
                index.add(hashes[at : at + 1], [at])
                pauses[0] = max(pauses[0], time.perf_counter() - began)
                there[0] = at + 1
            time.sleep(0.005)

    def search(until: float) -> tuple[float, int]:
        start, asked, missed = time.perf_counter(), 0, 0
        while time.perf_counter() - start < until:
            present = there[0]  # all below were added before this query starts
            rows = np.concatenate(
                [random.integers(0, present, 24), present - 1 - random.integers(0, min(present, 50), 8)]
            )
            missed += len(np.setdiff1d(np.arange(len(rows)), index.search(hashes[rows], 31).query))
            asked += len(rows)
        return asked / (time.perf_counter() - start), missed

    before, _ = search(seconds / 2)
    writer = Thread(target=append, args=(APPENDS,))
    writer.start()
    start = there[0]
    during, missed = search(seconds)
    reached = (there[0] - start) / seconds
    done.set()
    writer.join()
    return [
        {"what": "appends/s reached, one a call", "figure": round(reached, 1), "budget": APPENDS * 0.98,
         "kept": reached >= APPENDS * 0.98},
        {"what": "entries there before a query started that it missed", "figure": missed, "budget": 0,
         "kept": missed == 0},
        {"what": "queries/s meanwhile, 32 a call", "figure": during},
        {"what": "queries/s before, 32 a call", "figure": before},
        {"what": "longest pause of an append, s", "figure": pauses[0]},
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
