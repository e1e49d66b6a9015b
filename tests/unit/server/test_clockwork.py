"""What happens by itself: when it is due, once, whatever fails and whoever dies. On both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from console import ORIGIN, Console, build
from tarazu.cases.decision import Action, Choice
from tarazu.cases.decisions import Decisions
from tarazu.cases.flagging import Flagging
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.report import Report, ReportKind
from tarazu.cli import jobs as command
from tarazu.errors import OptionError
from tarazu.server import policies
from tarazu.server.app import create_app
from tarazu.server.clockwork.clockwork import Clockwork
from tarazu.server.clockwork.job import Job
from tarazu.server.clockwork.jobs import EVERY, jobs
from tarazu.server.clockwork.outcome import Outcome
from tarazu.server.clockwork.register import LEASE, Register, entries
from tarazu.server.clockwork.supplies import Supplies
from tarazu.server.roles import Role
from tarazu.settings import Settings
from tarazu.store import Actor, Store
from tarazu.store.tables.automation import flag_members
from tarazu.store.tables.cases import cases, findings, reports
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.jobs import readings
from tarazu.store.tables.ledger import checkpoints
from tarazu.store.tables.outbox import outbox
from tarazu.store.tables.people import sessions
from tarazu.store.verify import verify
from tarazu.words.catalogue import LANGUAGES, catalogue

PRAISE = "Long live the Redmarch Front! Their fighters are heroes, join them today."
NEWS = "The court sentenced three members of the Redmarch Front on Monday, the ministry said."


@pytest.fixture
def console(tmp_path: Path, store: Store) -> Iterator[Console]:
    """An installation on each database in turn."""
    made = build(tmp_path, store, limits={"api_per_minute": 10**6})
    made.app.state.decision_settings = policies.decision_settings(made.settings)
    yield made


def supplies(console: Console) -> Supplies:
    return Supplies(
        settings=console.settings,
        store=console.store,
        clock=console.clock,
        deciding=lambda: policies.decision_settings(console.settings),
        entities=lambda: policies.entities(console.settings, demo=True),
        demo=True,
    )


def works(console: Console, *some: Job) -> Clockwork:
    return Clockwork(supplies(console), some or EVERY, apart=False)


def value(store: Store, asked: Any) -> Any:
    with store.read() as view:
        return view.value(asked)


def counting(told: list[str], name: str = "count", **more: Any) -> Job:
    def work(_supplies: Supplies) -> int:
        told.append(name)
        return len(told)

    return Job(name=name, every=timedelta(minutes=1), work=work, **more)


def test_every_job_does_its_work_when_it_is_due_and_not_before(console: Console) -> None:
    store, clock = console.store, console.clock
    program = console.program("report.add")
    body = {"item": {"id": "p1", "text": PRAISE, "author_id": "anna"}, "reason": "praise"}
    case_id = program.post("/api/v1/reports", json=body).json()["case_id"]
    console.client(Role.REVIEWER)
    clockwork = works(console)
    clockwork.look()
    first = entries(store)
    assert set(first) == {job.name for job in EVERY} and not any(one.failures for one in first.values())
    assert value(store, select(func.count()).select_from(findings)) == 1  # judge
    assert value(store, select(func.max(checkpoints.c.size))) > 1  # checkpoint
    person = Actor("person", "ada")
    choice = Choice(action=Action.LIMIT, clause_id="terrorism", reason="praise", duration=timedelta(hours=3))
    deciding = Decisions(store, clock, supplies(console).deciding())
    deciding.decide(case_id, person, choice)
    clockwork.look()
    assert entries(store) == first  # nothing is due at the same moment
    clock.move(minutes=1)
    clockwork.look()
    again = {name for name, one in entries(store).items() if one != first[name]}
    assert again == {"rules", "judge", "trials", "expiry"}
    assert value(store, select(decisions.c.state)) == "effective"
    clock.move(hours=3)
    clockwork.look()
    assert value(store, select(decisions.c.state)) == "expired"  # expiry
    assert (
        value(store, select(func.count()).select_from(sessions)) == 0
    )  # tidying: idle for more than an hour
    clock.move(days=190)
    clockwork.look()
    assert value(store, select(cases.c.title)) == ""  # retention
    assert not any(one.failures for one in entries(store).values()) and not verify(store).faults


def test_strikes_become_a_case_by_themselves(console: Console) -> None:
    store, clock = console.store, console.clock
    intake, deciding = Intake(store, clock), Decisions(store, clock, supplies(console).deciding())
    works(console).look()
    for number in range(3):
        item = Item(kind=ItemKind.POST, external_id=f"p{number}", text=f"words {number}", author_id="anna")
        filed = intake.report(Report(item=item, kind=ReportKind.USER, reason="x", reporter=f"r{number}"))
        choice = Choice(action=Action.REMOVE, clause_id="terrorism", reason="praise")
        deciding.decide(filed.case_id, Actor("person", "ada"), choice)
    clock.move(minutes=5)
    works(console).look()
    assert entries(store)["strikes"].done == 1
    assert value(store, select(func.count()).where(cases.c.kind == "account")) == 1


def test_servers_that_look_at_once_do_a_job_once(console: Console) -> None:
    told: list[str] = []
    job = counting(told)
    servers = [works(console, job) for _ in range(8)]
    for turn in range(1, 4):
        gate = threading.Barrier(len(servers))

        def look(one: Clockwork, gate: threading.Barrier = gate) -> None:
            gate.wait(30)
            one.look()

        threads = [threading.Thread(target=look, args=(one,)) for one in servers]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)
        assert len(told) == turn
        console.clock.move(minutes=1)


def test_a_job_that_fails_is_told_is_tried_later_each_time_and_stops_no_other(
    console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    broken = [True]

    def fail(_supplies: Supplies) -> int:
        told.append("bad")
        if broken[0]:
            raise RuntimeError("secret words of somebody")
        return 3

    bad = Job(name="retention", every=timedelta(minutes=1), work=fail)  # by a name that the page knows
    clockwork = works(console, bad, counting(told))
    pauses = []
    for _ in range(4):
        clockwork.look()
        entry = entries(console.store)["retention"]
        pauses.append((entry.next_at - console.clock()) / timedelta(minutes=1))
        console.clock.at = entry.next_at
    assert pauses == [1, 2, 4, 8] and told.count("bad") == 4 and told.count("count") == 4
    assert bad.pause(30) == timedelta(hours=1)
    assert "RuntimeError at test_clockwork.py" in (entry.error or "") and entry.failures == 4
    assert "job retention failed" in caplog.text and "secret words" not in caplog.text + (entry.error or "")
    page = console.client(Role.ADMIN).page("/settings")
    assert "Failed; in a row: 4" in page and "RuntimeError at" in page and "secret words" not in page
    health = TestClient(console.app, base_url=ORIGIN).get("/api/v1/health").json()
    (line,) = (one for one in health["jobs"] if one["name"] == "retention")
    assert (line["state"], line["failures"]) == ("failed", 4)
    broken[0] = False
    clockwork.look()
    entry = entries(console.store)["retention"]
    assert (entry.failures, entry.error, entry.done) == (0, None, 3)


def test_the_lease_of_a_server_that_died_ends(console: Console) -> None:
    job, clock = counting([]), console.clock
    dead, other = Register(console.store, "dead"), Register(console.store, "other")
    assert dead.claim(job, clock())
    clock.move(minutes=1)
    assert not other.claim(job, clock()) and not other.claim(job, clock(), early=True)
    assert dead.renew(job, clock())
    clock.move(seconds=LEASE.total_seconds() - 1)
    assert not other.claim(job, clock())
    clock.move(seconds=1)
    assert other.claim(job, clock())
    assert not dead.renew(job, clock())
    dead.finish(job, clock(), clock(), Outcome(error="too late to say"))
    assert entries(console.store)["count"].holder == "other"
    other.finish(job, clock(), clock(), Outcome(done=1))
    assert entries(console.store)["count"].done == 1


def test_ten_thousand_puppets_over_http_show_only_themselves(console: Console) -> None:
    many = int(os.environ.get("TARAZU_HTTP_REPORTS", "260"))  # release: 10000
    program, store = console.program("report.add"), console.store

    def send(post: str, reporter: str) -> str:
        body = {"item": {"id": post, "text": f"words of {post}"}, "reason": "bad", "reporter": reporter}
        answer = program.post("/api/v1/reports", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_id"])

    for number in range(12):
        send(f"honest{number % 6}", f"h{number}")
    took = []
    for number in range(many):
        console.clock.move(milliseconds=300)
        began = time.perf_counter()
        case_id = send("target", f"puppet{number}")
        took.append(time.perf_counter() - began)
    works(console).look()
    with store.read() as view:
        row = view.one(select(cases).where(cases.c.id == case_id))
        assert row is not None and row.reports == 1 and row.state == "open"
        assert view.value(select(func.count()).where(reports.c.case_id == case_id)) == many
        assert view.value(select(func.count()).select_from(decisions)) == 0
        assert view.value(select(func.count()).select_from(outbox)) == 0
        named = {one.reporter for one in view.rows(select(flag_members.c.reporter))}
    (group,) = Flagging(store, console.clock).groups()
    assert group.kind == "flood" and named == {f"puppet{number}" for number in range(many)}
    took.sort()
    print(
        f"{store.dialect}: {many} reports over HTTP, median {took[many // 2] * 1000:.1f} ms, "
        f"p95 {took[many * 95 // 100] * 1000:.1f} ms, longest {took[-1] * 1000:.0f} ms; 0 acts, it counts as 1"
    )


def test_a_reported_post_that_praises_a_listed_group_gets_its_finding_with_its_words(
    console: Console,
) -> None:
    program, store = console.program("report.add"), console.store
    made = {}
    for name, text in (("bad", PRAISE), ("news", NEWS), ("nobody", "A quiet day at the river.")):
        body = {"item": {"id": name, "text": text, "lang": "en", "author_id": "anna"}, "reason": "look"}
        made[name] = program.post("/api/v1/reports", json=body).json()["case_id"]
    coop = {"id": "coop", "typeId": "post", "data": {"text": PRAISE.replace("today", "now"), "author": "b"}}
    sent = {"reporter": {"kind": "user", "id": "u", "typeId": "t"}, "reportedAt": "now", "reportedItem": coop}
    key = {"X-API-KEY": program.headers["authorization"].removeprefix("Bearer ")}
    assert (
        TestClient(console.app, base_url=ORIGIN, headers=key).post("/api/v1/report", json=sent).status_code
        == 201
    )
    before = value(store, select(cases.c.priority).where(cases.c.id == made["bad"]))
    works(console).look()
    with store.read() as view:
        found = {row.case_id: row for row in view.rows(select(findings))}
        read = sorted(row.outcome for row in view.rows(select(readings.c.outcome)))
        row = view.one(select(cases).where(cases.c.id == made["bad"]))
    assert made["bad"] in found and made["news"] not in found and made["nobody"] not in found
    assert read == ["allowed", "allowed", "violates", "violates"] and entries(store)["judge"].done == 4
    body = json.loads(found[made["bad"]].body)
    assert body["verdict"] == "violates" and body["clauses"] == ["terrorism"]
    assert body["stances"][0]["stance"] in ("praise", "support") and body["words"]
    assert all(PRAISE[one["start"] : one["end"]] == one["text"] for one in body["words"])
    assert row is not None and row.clause_id == "terrorism" and row.priority > before
    assert json.loads(row.sources) == ["user"]
    page = console.client(Role.REVIEWER).page(f"/cases/{made['bad']}")
    assert "<mark" in page
    console.clock.move(minutes=2)
    works(console).look()  # nothing new: nothing is read
    assert entries(store)["judge"].done == 0
    console.clock.move(minutes=2)
    judge = next(job for job in EVERY if job.name == "judge")
    with store.write(Actor("system", "test")) as tx:  # as if another policy had been in force
        tx.run(readings.update().values(mark="another"))
    assert judge.work(supplies(console)) == 2  # those that were let stand are read again


def test_a_server_runs_its_jobs_apart_and_ends_within_seconds(tmp_path: Path, url: str) -> None:
    settings = Settings.load(data_folder=tmp_path, store=url)
    with Store.open(url, key=settings.key("ledger.signing")) as store:
        item = Item(kind=ItemKind.POST, external_id="bad", text=PRAISE, lang="en", author_id="anna")
        Intake(store).report(Report(item=item, kind=ReportKind.USER, reason="x", reporter="r"))
        app = create_app(settings, store, jobs=True, demo=True)
        app.state.decision_settings = policies.decision_settings(settings)
        with TestClient(app, base_url=ORIGIN):
            thread = app.state.clockwork._thread
            until = time.monotonic() + 60
            while value(store, select(func.count()).select_from(findings)) == 0 and time.monotonic() < until:
                assert thread.is_alive()
                time.sleep(0.1)
            began = time.monotonic()
        assert time.monotonic() - began < 5 and not thread.is_alive()
        assert value(store, select(func.count()).select_from(findings)) == 1
        assert not any(one.failures or one.holder for one in entries(store).values())


PARENT = """
import sys, time
from tarazu.server.clockwork.apart import Apart
from tarazu.server.clockwork.supplies import of_installation
from tarazu.settings import Settings
from tarazu.store import Store

settings = Settings.load(data_folder=sys.argv[1])
running = Apart("tidying", of_installation(settings, Store.open(settings.store_url)))
print(running._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux tells here which processes live")
def test_a_job_apart_ends_with_its_server(tmp_path: Path) -> None:
    settings = Settings.load(data_folder=tmp_path)
    with Store.open(settings.store_url, key=settings.key("ledger.signing")) as store:
        with store.write(Actor("system", "test")):  # the job waits for this, for 20 seconds
            made = subprocess.Popen(
                [sys.executable, "-c", PARENT, str(tmp_path)],
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
            assert made.stdout is not None
            child = int(made.stdout.readline())
            time.sleep(1)  # both are at work: nothing but the lock keeps the job
            assert lives(child)
            made.kill()
            made.wait(10)
            until = time.monotonic() + 10
            while lives(child) and time.monotonic() < until:
                time.sleep(0.05)
            assert not lives(child)
        made.stdout.close()


def lives(pid: int) -> bool:
    """Whether a process is there and is no mere name of one that ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_jobs_nothing_runs_and_the_page_says_so(console: Console) -> None:
    with TestClient(console.app, base_url=ORIGIN) as stranger:
        told = stranger.get("/api/v1/health").json()["jobs"]
    assert {one["state"] for one in told} == {"never"}
    assert "--no-jobs" in console.client(Role.ADMIN).page("/settings")
    assert "judge" not in {
        one.name for one in jobs(console.settings.model_copy(update={"judge_reports": False}))
    }


def test_the_command_runs_what_is_due_or_what_is_named(tmp_path: Path, url: str) -> None:
    words = ["run", "--data", str(tmp_path), "--store", url]
    Store.open(url, key=Settings.load(data_folder=tmp_path).key("ledger.signing")).close()
    done = CliRunner().invoke(command.app, words)
    assert done.exit_code == 0 and "expiry: 0" in done.output and "checkpoint" in done.output
    assert CliRunner().invoke(command.app, words).output == "Nothing is due.\n"
    assert CliRunner().invoke(command.app, [*words, "tidying"]).output == "tidying: 0\n"
    assert isinstance(CliRunner().invoke(command.app, [*words, "nonsense"]).exception, OptionError)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_words_for_every_job_and_for_what_it_did(tmp_path: Path, lang: str) -> None:
    known = catalogue(lang)
    for job in jobs(Settings.load(data_folder=tmp_path)):
        assert {f"settings.job_{job.name}", f"settings.job_did_{job.name}"} <= known.keys(), job.name
