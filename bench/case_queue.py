"""100,000 cases: how long taking them in, a page, a search, a whole case take.

    PYTHONPATH=src:tests python bench/case_queue.py sqlite|postgresql [CASES]

Texts are invented words, English and Persian letters, the common ones as common as in a language.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tarazu.cases.case import CaseState
from tarazu.cases.filter import Filter, Order
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.queue import Queue
from tarazu.cases.view import Cases
from tarazu.store import Store
from tarazu.verdicts import Severity

LETTERS = {"en": "abcdefghijklmnoprstuvw", "fa": "ابپتجچدرزسشعغفقکگلمنوهی"}
ROUNDS = 15


@dataclass(frozen=True)
class Reviewer:
    """Somebody who reads Persian."""

    id: str = "r1"
    languages: tuple[str, ...] = ("fa",)
    skills: tuple[str, ...] = ()


def vocabulary(rng: random.Random, letters: str) -> list[str]:
    """8,000 words."""
    return ["".join(rng.choice(letters) for _ in range(rng.randint(3, 9))) for _ in range(8000)]


def findings(rng: random.Random, words: dict[str, list[str]], many: int) -> Iterator[Found]:
    """So many posts that violate something."""
    for at in range(many):
        lang = rng.choice(("en", "fa", "fa"))
        text = " ".join(
            words[lang][min(int(rng.paretovariate(0.6)), 7999)] for _ in range(rng.randint(8, 30))
        )
        yield Found(
            item=Item(
                kind=ItemKind.POST,
                external_id=f"p{at}",
                text=text,
                author_id=f"a{rng.randrange(20_000)}",
                author_name=f"Name {at}",
                lang=lang,
                platform="x",
            ),
            kind=FindingKind.VIOLATION,
            body={"reason": "x" * 400},
            versions={"policy": "p@1"},
            certainty=rng.random(),
            signature=f"violates C{rng.randrange(9)} E{rng.randrange(50)}",
            severity=rng.choice(list(Severity)),
            reach=rng.random(),
            clause_id=f"C{rng.randrange(9)}",
        )


def timed(name: str, act: Callable[[], object]) -> None:
    """Print how long something takes, once warm."""
    act()
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - begun))
    print(f"  {name:32} median {statistics.median(took):7.1f} ms, most {max(took):7.1f} ms", flush=True)


def measure(store: Store, many: int) -> None:
    """Fill the store and time what people wait for."""
    rng = random.Random(3)
    words = {lang: vocabulary(rng, letters) for lang, letters in LETTERS.items()}
    begun = time.perf_counter()
    came = Intake(store).findings(findings(rng, words, many))
    took = time.perf_counter() - begun
    print(f"{store.dialect}: {came.opened:,} cases of {came.found:,} findings in {took:.0f} s", flush=True)
    queue, cases, fa = Queue(store), Cases(store), words["fa"]
    ids = [row.id for row in queue.page(limit=200)]
    after, behind = "", None
    for _ in range(many // 1000):
        page = queue.page(limit=400, after=behind)
        after = behind = Order.PRIORITY.cursor(page[-1])
    shown: dict[str, tuple[Filter, Order]] = {
        "first page": (Filter(), Order.PRIORITY),
        "Persian": (Filter(lang="fa"), Order.PRIORITY),
        "Arabic (none)": (Filter(lang="ar"), Order.PRIORITY),
        "one clause": (Filter(clause_id="C3"), Order.PRIORITY),
        "reported by users (none)": (Filter(source="user"), Order.PRIORITY),
        "unassigned": (Filter(unassigned=True), Order.PRIORITY),
        "two states": (Filter(states=(CaseState.OPEN, CaseState.DECIDED)), Order.PRIORITY),
        "newest": (Filter(), Order.NEWEST),
        "due": (Filter(), Order.DUE),
        "search: common word": (Filter(search=fa[1]), Order.PRIORITY),
        "search: 1 in 100": (Filter(search=fa[60]), Order.PRIORITY),
        "search: rare word": (Filter(search=fa[7000]), Order.PRIORITY),
        "search: no hit": (Filter(search="zzzzqq"), Order.PRIORITY),
        "search: two words": (Filter(search=f"{fa[3]} {fa[9]}"), Order.PRIORITY),
        "search: id": (Filter(search="p4711"), Order.PRIORITY),
    }
    for name, (chosen, order) in shown.items():
        timed(name, lambda chosen=chosen, order=order: queue.page(chosen, order))
    timed("page 40 % down", lambda: queue.page(after=after))
    timed("count of a search", lambda: queue.count(Filter(search=fa[60])))
    timed("counts by state and kind", queue.counts)
    timed("next case, locked", lambda: queue.next(Reviewer()))
    timed("whole case", lambda: cases.case(rng.choice(ids)))


def main(database: str = "sqlite", many: str = "100000") -> None:
    """Measure on one database."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as room, Store.open(f"sqlite:///{Path(room)}/cases.db") as store:
            measure(store, int(many))
        return
    import stores

    for cluster in stores.cluster(durable=True):
        with Store.open(cluster.new()) as store:
            measure(store, int(many))


if __name__ == "__main__":
    main(*sys.argv[1:])
