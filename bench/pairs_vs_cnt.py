"""Windowed pair counts: coordination-network-toolkit and us, on the same input, one after the other.

    python bench/pairs_vs_cnt.py                       synthetic: 250,000 posts, and 1.2 M reposts for the budget
    python bench/pairs_vs_cnt.py --posts 50000         synthetic, another size
    python bench/pairs_vs_cnt.py --data FOLDER         also the public sets in FOLDER (docs say where they are)

The toolkit gets a virtual environment of its own (from the package index) in --work, which is kept for the next time.
Its import and its compute are measured as two processes. Ours are the whole command, and the counting alone, with the
table loaded: the first call of a process (which loads the kernels from disk) and the median of the next five, beside
sorting the same rows by (object, time). The edges must be the same, or the command fails.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cost import as_row, machine, run, save, source_path

CNT = "coordination-network-toolkit==1.5.2"
# Budgets: CPU of the toolkit's compute over ours, and ours over sorting the rows.
RATIO, SORTS = 20.0, 2.0
COLUMNS = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--data", type=Path, help="folder with the public data sets")
    about.add_argument("--posts", type=int, nargs="*", help="sizes of the synthetic inputs")
    about.add_argument("--window", type=int, nargs="*", default=[60], help="seconds")
    about.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "tarazu-bench")
    about.add_argument(
        "--count", type=Path, help=argparse.SUPPRESS
    )  # a child: count this file and say how long
    chosen = about.parse_args()
    if chosen.count:
        return count(chosen.count, chosen.window[0])
    chosen.work.mkdir(parents=True, exist_ok=True)
    toolkit = install(chosen.work)
    inputs = {f"synthetic {n:,}": synthetic(chosen.work, n) for n in chosen.posts or (250_000, 1_200_000)}
    if chosen.data:
        inputs |= {
            "russian_retweets": russian(chosen.work, chosen.data),
            "ira": ira(chosen.work, chosen.data),
        }
    where = machine() | {"peer": CNT}
    costs: list[dict[str, object]] = []
    ratios: list[dict[str, object]] = []
    for name, path in inputs.items():
        for window in chosen.window:
            try:
                compare(name, path, window, toolkit, chosen.work, costs, ratios)
            except RuntimeError as error:
                print(error, file=sys.stderr)
                return 1
    save("pairs_vs_cnt", "Windowed pairs: coordination-network-toolkit and Tarazu", where,
         {"Ratios": ratios, "Costs": costs})  # fmt: skip
    return 0 if all(row["same edges"] for row in ratios) else 1


def compare(
    name: str,
    path: Path,
    window: int,
    toolkit: Path,
    work: Path,
    costs: list[dict[str, object]],
    ratios: list[dict[str, object]],
) -> None:
    """Run both on one input."""
    import polars as pl

    label = {"input": name, "window s": window}
    base = work / "cnt.db"
    base.unlink(missing_ok=True)
    loading, _ = run([toolkit, base, "preprocess", path])
    costs.append({**label, "step": "CNT import", **as_row(loading)})
    computing, _ = run(
        [toolkit, base, "compute", "co_retweet", "--time_window", str(window), "--min_edge_weight", "1",
         "--n_cpus", "2"]
    )  # fmt: skip
    costs.append({**label, "step": "CNT compute", **as_row(computing)})
    edges = work / "edges.csv"
    edges.unlink(missing_ok=True)
    command: list[str | Path] = [
        sys.executable, "-m", "tarazu.cli", "pairs", path, "--object", "repost_id", "--window", str(window),
        "--semantics", "cnt", "--out", edges,
    ]  # fmt: skip
    run(command, **source_path())  # compiles the kernels if they are not on disk yet
    edges.unlink()
    whole, _ = run(command, **source_path())
    costs.append({**label, "step": "tarazu pairs, whole command", **as_row(whole)})
    child, said = run([sys.executable, __file__, "--count", path, "--window", str(window)], **source_path())
    inside = json.loads(said.splitlines()[-1])
    for step in ("first", "again", "sort"):
        words = {
            "first": "our counting, first call",
            "again": "our counting, next",
            "sort": "sorting the rows",
        }
        costs.append({**label, "step": words[step], "CPU s": inside[step], "wall s": inside[step + "_wall"],
                      "peak MB": round(child.peak)})  # fmt: skip
    with sqlite3.connect(base) as connection:
        theirs = connection.execute(
            "select user_1, user_2, weight from co_retweet_network where user_1 <> user_2"
        ).fetchall()
    ours = pl.read_csv(edges, schema_overrides={"source": pl.String, "target": pl.String}).rows()
    ratios.append(
        {
            **label,
            "reposts": inside["rows"],
            "edges": len(ours),
            "same edges": set(ours) == set(theirs) and len(ours) == len(theirs),
            "CPU, CNT compute / our counting": computing.cpu / inside["again"],
            "of the first call": computing.cpu / inside["first"],
            "CPU, all of CNT / whole command": (loading.cpu + computing.cpu) / whole.cpu,
            "our counting / sorting": inside["again"] / inside["sort"],
            **budget(name, window, computing.cpu / inside["again"], inside["again"] / inside["sort"]),
        }
    )


def budget(name: str, window: int, ratio: float, sorts: float) -> dict[str, object]:
    """Say whether the budget is kept; it speaks of synthetic reposts at one minute."""
    if window != 60 or not name.startswith("synthetic"):
        return {f"{RATIO:g} x less": "", f"within {SORTS:g} sorts": ""}
    return {f"{RATIO:g} x less": ratio >= RATIO, f"within {SORTS:g} sorts": sorts <= SORTS}


def install(work: Path) -> Path:
    """Put the toolkit into a virtual environment of its own; return its command."""
    command = work / "cnt" / "bin" / "compute_networks"
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", work / "cnt"], check=True)
        subprocess.run([work / "cnt" / "bin" / "pip", "install", "--quiet", CNT], check=True)
    return command


def count(path: Path, window: int) -> int:
    """Child process: load the reposts, then count and sort with a clock around each."""
    import numpy as np
    import polars as pl

    from tarazu.coordination.pairs import count_pairs

    table = pl.read_csv(path, columns=["user_id", "repost_id", "timestamp"], schema_overrides={
        "user_id": pl.String, "repost_id": pl.String, "timestamp": pl.Int64}).drop_nulls("repost_id")  # fmt: skip
    account, obj = (
        (table[name].rank("dense") - 1).cast(pl.Int32).to_numpy() for name in ("user_id", "repost_id")
    )
    when = table["timestamp"].to_numpy() * 1000
    message = np.arange(table.height, dtype=np.int32)
    counting = [
        clock(lambda: count_pairs(account, obj, when, window * 1000, "cnt", message)) for _ in range(6)
    ]
    sorting = [clock(lambda: np.lexsort((when, obj))) for _ in range(5)]
    said: dict[str, float] = {"rows": table.height, "first": counting[0][0], "first_wall": counting[0][1]}
    for step, runs in (("again", counting[1:]), ("sort", sorting)):
        said[step] = statistics.median(cpu for cpu, _ in runs)
        said[f"{step}_wall"] = statistics.median(wall for _, wall in runs)
    print(json.dumps(said))
    return 0


def clock(work: object) -> tuple[float, float]:
    """CPU and wall seconds of a call."""
    assert callable(work)
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def synthetic(work: Path, posts: int) -> Path:
    """Reposts of objects with power-law popularity by accounts with power-law activity, over four weeks."""
    import numpy as np
    import polars as pl

    path = work / f"synthetic_{posts}.csv"
    if path.exists():
        return path
    rng = np.random.default_rng(1)
    accounts, objects = max(10, posts // 6), max(10, posts // 10)
    activity = 1 / (np.arange(accounts) + 10.0) ** 0.8
    popularity = 1 / (np.arange(objects) + 20.0) ** 0.9
    account = rng.choice(accounts, posts, p=activity / activity.sum())
    obj = rng.choice(objects, posts, p=popularity / popularity.sum())
    born = rng.integers(0, 28 * 86_400, objects)
    when = 1_700_000_000 + born[obj] + rng.lognormal(9, 1.6, posts).astype(np.int64)
    return write(
        path,
        pl.DataFrame({"user_id": account, "repost_id": obj, "timestamp": when}).select(
            pl.format("m{}", pl.int_range(pl.len())).alias("message_id"),
            pl.format("u{}", "user_id").alias("user_id"),
            pl.format("o{}", "repost_id").alias("repost_id"),
            "timestamp",
        ),
    )


def russian(work: Path, data: Path) -> Path:
    """Return the retweets of the Russian stream (CooRTweet's table)."""
    import polars as pl

    table = pl.read_parquet(data / "russian_retweets" / "russian_coord_tweets.parquet")
    return write(
        work / "russian.csv",
        table.select(
            # A few ids occur twice, and the toolkit would keep one of the two messages.
            pl.format("{}-{}", "content_id", pl.int_range(pl.len())).alias("message_id"),
            pl.col("account_id").alias("user_id"),
            pl.col("object_id").alias("repost_id"),
            pl.col("timestamp_share").cast(pl.Float64).cast(pl.Int64).alias("timestamp"),
        ),
    )


def ira(work: Path, data: Path) -> Path:
    """The IRA slice; a repost is known by its text without links and without the name of the author."""
    import polars as pl

    table = pl.read_parquet(next((data / "ira").glob("*.parquet")))
    text = (
        pl.col("content")
        .str.replace_all(r"https?://\S+", "")
        .str.replace(r"^RT @\w+:? ?", "")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .str.to_lowercase()
    )
    when = pl.col("publish_date").cast(pl.String)
    return write(
        work / "ira.csv",
        table.select(
            pl.col("message_id").cast(pl.String),
            pl.col("author_id").cast(pl.String).alias("user_id"),
            pl.when((pl.col("retweet").cast(pl.String) == "1") & (text != ""))
            .then(text.hash(1).cast(pl.String))
            .alias("repost_id"),
            pl.coalesce(
                when.str.to_datetime(form, strict=False)
                for form in ("%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
            ).dt.epoch("s").alias("timestamp"),
        ),
    )  # fmt: skip


def write(path: Path, table: object) -> Path:
    """Write a table with the toolkit's columns."""
    import polars as pl

    assert isinstance(table, pl.DataFrame)
    table.select(pl.col(c) if c in table.columns else pl.lit("").alias(c) for c in COLUMNS).write_csv(path)
    return path


if __name__ == "__main__":
    sys.exit(main())
