"""Twenty people decide at once over HTTP: is a decision lost or doubled, and how long does each wait?

    PYTHONPATH=src:tests python bench/reviewers.py sqlite|postgresql [DECISIONS] [CASES]

A real `tarazu serve` in a process of its own. Each reviewer has a session and a connection, takes a case, reads it,
decides, and is led to the next one. Three times, each with so many DECISIONS: everybody presses the key at the same
moment, again and again; everybody thinks for a second between two cases; nobody thinks at all, so the server is never
idle. One decision in five is sent twice at once (a double click), one case in five is decided by somebody else at the
same moment. At the end the store is counted: every answer that said "decided" must be one decision that stands, each
case must have one, and the ledger must verify.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from sqlalchemy import func, select, text

from case_queue import LETTERS, findings, vocabulary
from tarazu.cases.intake import Intake
from tarazu.server import csrf
from tarazu.server.people import People
from tarazu.server.sessions import Sessions
from tarazu.settings import Settings
from tarazu.store import SYSTEM, Store
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import decisions
from tarazu.store.verify import verify

REVIEWERS = 20
FRESH = 5  # seconds after which a connection is not trusted to be open still
ACTIONS = (("no_action", ""), ("remove", "terrorism"), ("label", "organised-crime"), ("warn", "terrorism"))


@dataclass
class Waits:
    """Milliseconds by kind of request, and what was answered."""

    of: dict[str, list[float]] = field(default_factory=dict)
    decided: list[str] = field(default_factory=list)  # ids that the server said were made
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, kind: str, begun: float) -> None:
        with self.lock:
            self.of.setdefault(kind, []).append(1000 * (time.perf_counter() - begun))


@dataclass(frozen=True)
class Pace:
    """When a reviewer who has read a case decides."""

    name: str
    think: float = 0.0  # seconds on average
    together: threading.Barrier | None = None

    def wait(self, rng: random.Random) -> None:
        """Think, or wait for the others."""
        if self.think:
            time.sleep(rng.uniform(0.5, 1.5) * self.think)
        if self.together is not None:
            with suppress(threading.BrokenBarrierError):
                self.together.wait(30)

    def end(self) -> None:
        """This one waits no more: nor need the others."""
        if self.together is not None:
            self.together.abort()


class Browser:
    """One connection with a session."""

    def __init__(self, port: int, session: str, settings: Settings, waits: Waits) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = f"{csrf.session_cookie(settings)}={session}"
        self.csrf = csrf.of_session(settings, session)
        self.waits = waits
        self.used = 0.0

    def ask(
        self, kind: str, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, where it leads, the page."""
        headers = {"Cookie": self.cookie}
        body = None
        if fields is not None:
            body = urlencode({"csrf": self.csrf, **fields})
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Sec-Fetch-Site": "same-origin",
            }
        begun = time.perf_counter()
        if begun - self.used > FRESH:
            self.connection.close()  # the next request opens it again
        self.used = begun
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.waits.took(kind, begun)
        self.used = time.perf_counter()
        return answer.status, answer.getheader("location") or "", text


def work(
    who: int,
    mine: Browser,
    second: Browser,
    other: Browser,
    waits: Waits,
    left: Iterator[int],
    guard: threading.Lock,
    pace: Pace,
) -> None:
    """Take, read, decide, until there is nothing left to do."""
    rng = random.Random(who)
    where = ""
    while True:
        with guard:
            if next(left, None) is None:
                pace.end()
                return
        if not where.startswith("/cases/"):
            _, where, _ = mine.ask("take the next", "POST", "/queue/next", {})
        if not where.startswith("/cases/"):
            waits.faults.append(f"no case to take: {where}")
            return
        path = urlsplit(where).path
        status, _, page = mine.ask("read the case", "GET", path)
        key = re.search(r'name="key" value="([^"]+)"', page)
        if status != 200 or key is None:
            waits.faults.append(f"{path}: {status}, no form")
            where = ""
            continue
        action, clause = rng.choice(ACTIONS)
        sent = {
            "action": action,
            "clause": clause,
            "reason": "words that the clause names",
            "place": "*",
            "key": key[1],
        }
        pace.wait(rng)
        chance = rng.random()
        rivals = []
        if chance < 0.2:  # a double click: the same key, on another connection, at once
            rivals = [threading.Thread(target=decide, args=(second, path, sent, waits))]
        elif chance < 0.4:  # somebody else, who found the address
            rivals = [threading.Thread(target=decide, args=(other, path, sent | {"key": ""}, waits))]
        for one in rivals:
            one.start()
        where = decide(mine, path, sent, waits)
        for one in rivals:
            one.join()


def decide(browser: Browser, path: str, sent: dict[str, str], waits: Waits) -> str:
    """Send the form; note the decision that the answer names; give where it leads: the next case."""
    status, where, page = browser.ask("decide", "POST", f"{path}/decide", sent)
    done = re.search(r"done=([0-9A-Z]{26})", where)
    with waits.lock:
        if status == 303 and done:
            waits.decided.append(done[1])
        elif status in (409, 422):
            waits.refused += 1
        else:
            waits.faults.append(f"{path}: {status} {where} {page[:200]}")
    return where


@contextmanager
def serving(folder: Path, url: str) -> Iterator[tuple[int, float]]:
    """`tarazu serve` on the store; gives its port and the seconds until it answered."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from tarazu.cli import main; main()",
        "serve",
        "--data",
        str(folder),
        "--store",
        url,
    ]
    begun = time.perf_counter()
    log = (folder / "log").open("w")
    process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
    try:
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), 1):
                    break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError("the server ended") from None
                time.sleep(0.05)
        yield port, time.perf_counter() - begun
        print(f"  server: {resident(process.pid):.0f} MB resident after the work", flush=True)
    finally:
        process.terminate()
        process.wait(30)


def resident(pid: int) -> float:
    """MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def measure(store: Store, url: str, folder: Path, many: int, filled: int) -> None:
    """Fill, let them work, count."""
    rng = random.Random(5)
    words = {lang: vocabulary(rng, letters) for lang, letters in LETTERS.items()}
    print(f"{store.dialect}: filling {filled:,} cases", flush=True)
    Intake(store).findings(findings(rng, words, filled))
    if (
        store.dialect == "postgresql"
    ):  # which it does by itself within a minute or so, and any that has run has done
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    settings = Settings.load(data_folder=folder, store=url)
    people, sessions = People(store, store.clock), Sessions(store, settings, store.clock)
    tokens = []
    for n in range(REVIEWERS):
        made = people.add(
            SYSTEM,
            login=f"r{n}",
            name=f"Reviewer {n}",
            roles=("reviewer",),
            languages=("en", "fa", "ar"),
            password_hash="-",
        )
        tokens.append(sessions.begin(made, "password"))
    waits = Waits()
    with serving(folder, url) as (port, ready):
        print(f"  ready after {ready:.1f} s", flush=True)
        browsers = [[Browser(port, one, settings, waits) for _ in range(3)] for one in tokens]
        for trio in browsers:  # pages and templates are made once
            trio[0].ask("first page", "GET", "/queue")
        for pace in (
            Pace("all at the same moment", together=threading.Barrier(REVIEWERS)),
            Pace("a second of thought", think=1.0),
            Pace("no thought at all"),
        ):
            together(browsers, waits, many, pace)
    count(store, waits)


def together(browsers: list[list[Browser]], waits: Waits, many: int, pace: Pace) -> None:
    """Let them work at one pace; print what they waited."""
    waits.of.clear()
    guard, left = threading.Lock(), iter(range(many))
    threads = []
    for n, (mine, second, _) in enumerate(browsers):
        other = browsers[(n + 7) % REVIEWERS][2]
        threads.append(threading.Thread(target=work, args=(n, mine, second, other, waits, left, guard, pace)))
    begun = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    took = time.perf_counter() - begun
    print(f"  {pace.name}: {many / took:.1f} cases a second, load {os.getloadavg()[0]:.1f}")
    for kind in ("read the case", "decide"):
        told = sorted(waits.of[kind])
        print(
            f"    {kind:14} {len(told):5} requests, median {statistics.median(told):6.1f} ms, "
            f"p95 {told[int(0.95 * len(told))]:6.1f} ms, most {told[-1]:6.1f} ms",
            flush=True,
        )


def count(store: Store, waits: Waits) -> None:
    """What stands against what was said to stand."""
    said = set(waits.decided)
    with store.read() as view:
        rows = view.rows(select(decisions.c.id, decisions.c.case_id, decisions.c.state))
        decided = view.value(select(func.count()).select_from(cases).where(cases.c.state == "decided"))
    kept = {row.id for row in rows}
    by_case = {row.case_id for row in rows if row.state == "effective"}
    lost, unsaid, doubled = len(said - kept), len(kept - said), len(rows) - len(by_case)
    print(
        f"  {len(said)} decisions acknowledged, {len(kept)} stand on {decided} cases, {waits.refused} refused: "
        f"{lost} lost, {doubled} doubled, {unsaid} made but not acknowledged"
    )
    for fault in waits.faults[:5]:
        print("  FAULT", fault)
    whole = verify(store)
    for fault in whole.faults:
        print("  FAULT", fault)
    print(f"  ledger of {whole.ledger.size:,} entries: {'whole' if not whole.faults else 'NOT WHOLE'}")
    if lost or doubled or unsaid or waits.faults or whole.faults:
        raise SystemExit("Decisions were lost or doubled, or requests failed.")


def main(database: str = "sqlite", many: str = "1000", filled: str = "10000") -> None:
    """Measure on one database."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        if database == "sqlite":
            url = f"sqlite:///{folder / 'tarazu.db'}"
            with Store.open(url) as store:
                measure(store, url, folder, int(many), int(filled))
            return
        import stores

        for cluster in stores.cluster(durable=True):
            url = cluster.new()
            with Store.open(url) as store:
                measure(store, url, folder, int(many), int(filled))


if __name__ == "__main__":
    main(*sys.argv[1:])
