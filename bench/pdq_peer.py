"""threatexchange and faiss on the hashes and queries in a folder; run by `pdq_index.py` with their own interpreter."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

FEW = 300  # queries for what takes milliseconds each


def timed(what: str, queries: int, search: Callable[[], int]) -> dict[str, object]:
    """Best of five, after one that warms up."""
    hits = search()
    wall, cpu = [], []
    for _ in range(5):
        start, used = time.perf_counter(), time.process_time()
        search()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    return {
        "what": what,
        "queries/s": round(queries / min(wall), 1),
        "CPU us a query": round(min(cpu) / queries * 1e6, 1),
        "hits": hits,
        "queries": queries,
    }


def main() -> int:
    import faiss
    import numpy as np
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex

    folder = Path(sys.argv[1])
    hashes = np.load(folder / "hashes.npy").astype(">u8").view(np.uint8)
    queries = np.load(folder / "queries.npy").astype(">u8").view(np.uint8)
    texts = [words.tobytes().hex() for words in queries]
    index = PDQIndex([(words.tobytes().hex(), row) for row, words in enumerate(hashes)])
    flat = faiss.IndexBinaryFlat(256)
    flat.add(hashes)

    def one_a_call() -> int:
        return sum(len(index.query(text)) for text in texts[:FEW])

    def all_in_a_call() -> int:
        return sum(len(hits) for hits in index.index.search_with_distance_in_result(texts, 31).values())

    threads = f"{faiss.omp_get_max_threads()} threads"
    rows = [
        timed(f"threatexchange PDQIndex, one a call, {threads}", FEW, one_a_call),
        timed(f"its faiss index, all in a call, {threads}", len(texts), all_in_a_call),
        timed(
            f"faiss IndexBinaryFlat, all in a call, {threads}",
            FEW,
            lambda: int(flat.range_search(queries[:FEW], 32)[0][-1]),
        ),
    ]
    print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
