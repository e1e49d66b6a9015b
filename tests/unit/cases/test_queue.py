"""The queue: pages that lose nothing, locks that hold, search, and the next case."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tarazu.cases.case import CaseKind, CaseState
from tarazu.cases.filter import Filter, Order
from tarazu.cases.intake import Intake
from tarazu.cases.queue import Queue
from tarazu.cases.refusal import CaseError, CaseLocked, CaseNotFound
from tarazu.cases.report import ReportKind
from tarazu.store import Store
from tarazu.verdicts import Severity
from unit.cases.making import Watch, finding, post, report

WORDS = [
    "river",
    "stone",
    "lantern",
    "window",
    "orchard",
    "copper",
    "violin",
    "harbour",
    "meadow",
    "thunder",
    "velvet",
    "saddle",
]


@dataclass(frozen=True)
class Reviewer:
    id: str
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = field(default=())


def text(at: int) -> str:
    """Texts that are no near-duplicates."""
    return " ".join(WORDS[(at * step + step) % 12] + str(at * step) for step in range(1, 9))


def filled(store: Store, many: int, watch: Watch | None = None) -> Queue:
    watch = watch or Watch()
    severities = list(Severity)
    Intake(store, watch).findings(
        finding(
            post(f"p{at}", text(at), author=f"a{at}"),
            severity=severities[at % 4],
            certainty=at % 7 / 7,
            lang=("en-GB", "fa", "ar")[at % 3],
            clause_id=f"C{at % 2}",
        )
        for at in range(many)
    )
    return Queue(store, watch)


@pytest.mark.parametrize("order", list(Order))
def test_pages_show_every_case_once_in_order(store: Store, order: Order) -> None:
    queue, many = filled(store, 137), 137
    intake = Intake(store, queue.clock)
    for at in range(0, 60, 3):
        intake.report(report(f"p{at}", ReportKind.GOVERNMENT_ORDER))
    expected = 20 if order == Order.DUE else many
    seen, after = [], None
    while page := queue.page(order=order, limit=10, after=after):
        seen += page
        after = order.cursor(page[-1])
    assert len(seen) == len({row.id for row in seen}) == expected
    assert [order.key(row) for row in seen] == sorted(map(order.key, seen), reverse=not order.ascending)
    if order == Order.PRIORITY:
        assert all("government_order" in row.sources for row in seen[:20])


def test_filters_and_counts_agree(store: Store) -> None:
    queue = filled(store, 60)
    for chosen in (
        Filter(lang="fa"),
        Filter(lang="en"),
        Filter(clause_id="C1"),
        Filter(source="user"),
        Filter(),
    ):
        assert queue.count(chosen) == len(queue.page(chosen, limit=100))
    assert len(queue.page(Filter(lang="en"), limit=100)) == 20
    assert queue.counts() == {(CaseState.OPEN, CaseKind.POST): 60}
    queue.lock(queue.page()[0].id, "me")
    assert len(queue.page(Filter(assigned_to="me"))) == 1
    assert queue.count(Filter(unassigned=True)) == 59
    with pytest.raises(CaseError):
        queue.page(after="x")


def test_search_finds_folded_words_ids_and_names_from_their_beginning(store: Store) -> None:
    queue = filled(store, 30)
    Intake(store).findings([finding(post("w_1", "آن كتاب‌ها را مي‌خوانم", author="Ursula_9"))])

    def hits(words: str) -> list[str]:
        return [row.title for row in queue.page(Filter(search=words), limit=100)]

    assert (
        hits("کتابها میخوانم")
        == hits("@ursula_9")
        == hits("URSULA")
        == hits("w_1")
        == ["آن كتاب‌ها را مي‌خوانم"]
    )
    assert hits("rsula") == [] and hits("' OR 1=1 --") == [] and hits("%") == []
    assert (
        len(hits("lantern"))
        == sum("lantern" in text(at) for at in range(30))
        == queue.count(Filter(search="lantern"))
    )


def test_next_gives_each_case_to_one_of_many_threads(store: Store) -> None:
    queue = filled(store, 40)

    def work(name: int) -> list[str]:
        got = []
        while (row := queue.next(Reviewer(f"r{name}"))) is not None:
            assert row.locked_by == f"r{name}"
            got.append(row.id)
        return got

    with ThreadPoolExecutor(8) as pool:
        got = [one for some in pool.map(work, range(8)) for one in some]
    assert len(got) == len(set(got)) == 40


def test_two_processes_never_get_one_case(url: str) -> None:
    with Store.open(url) as store:
        filled(store, 12)
    program = (
        "import sys; from tarazu.store import Store; from tarazu.cases.queue import Queue\n"
        "class R: id = sys.argv[2]; languages = (); skills = ()\n"
        "q = Queue(Store.open(sys.argv[1]))\n"
        "while (row := q.next(R())) is not None: print(row.id)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, url, f"r{at}"], stdout=subprocess.PIPE, text=True)
        for at in range(2)
    ]
    got = [line for one in running for line in one.communicate(timeout=120)[0].split()]
    assert [one.returncode for one in running] == [0, 0]
    assert len(got) == len(set(got)) == 12


def test_locks_hold_expire_and_are_given_back(store: Store) -> None:
    watch = Watch()
    queue = filled(store, 1, watch)
    case = queue.page()[0].id
    until = queue.lock(case, "one")
    with pytest.raises(CaseLocked, match="Take another"):
        queue.lock(case, "two")
    watch.pass_(minutes=10)
    assert queue.extend(case, "one") == until + timedelta(minutes=10)
    assert not queue.unlock(case, "two") and queue.next(Reviewer("two")) is None
    watch.pass_(minutes=15)
    assert queue.page()[0].locked_by is None
    assert queue.lock(case, "two") and queue.page()[0].locked_by == "two"
    assert queue.unlock(case, "two") and not queue.unlock(case, "two")
    queue.lock(case, "one")
    watch.pass_(hours=1)
    assert queue.release() == 1
    with pytest.raises(CaseNotFound):
        queue.lock("nothing", "one")


def test_next_goes_by_language_and_skill(store: Store) -> None:
    queue = filled(store, 9)
    intake = Intake(store, queue.clock)
    order = intake.report(report("p1", ReportKind.GOVERNMENT_ORDER)).case_id  # p1 is Persian
    got = queue.next(Reviewer("one", ("en",), ("network",)))
    assert got is not None and got.lang == "en"
    unskilled = queue.next(Reviewer("two", ("fa",), ("network",)))
    assert unskilled is not None and unskilled.lang == "fa" and unskilled.id != order
    skilled = queue.next(Reviewer("three", ("fa",), ("order",)))
    assert skilled is not None and skilled.id == order
    assert queue.next(Reviewer("four", ("de",))) is None


def test_a_store_that_is_empty_has_empty_pages(new_url: Callable[[], str]) -> None:
    with Store.open(new_url()) as store:
        queue = Queue(store)
        assert queue.page() == [] and queue.count() == 0 and queue.counts() == {}
        assert queue.next(Reviewer("one")) is None
