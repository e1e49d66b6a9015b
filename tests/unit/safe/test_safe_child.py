"""A child does its job, and whatever it does else is over with that one job."""

from __future__ import annotations

import os
import platform
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tarazu.errors import OptionError, TarazuError
from tarazu.safe.child import Child
from tarazu.safe.children import Children
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused

SHORT = Limits(cpu_seconds=0.3, wall_seconds=10.0, memory=128 * 2**20)


class Drill(Child):
    trusted = ("child_tasks:",)


class Drills(Children):
    kind = Drill


@pytest.fixture
def child() -> Iterator[Drill]:
    with Drill("child_tasks:misbehave", SHORT) as one:
        yield one


def test_a_job_goes_there_and_back() -> None:
    with Drill("child_tasks:echo") as child:
        for payload in (b"", b"abc", bytes(3 * 2**20)):
            assert child.run({"n": 1, "name": "ک"}, payload) == (
                {"n": 1, "name": "ک"},
                [payload, payload[::-1]],
            )


def test_one_process_does_many_jobs_and_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    with Drill("child_tasks:number") as child:
        answers = [child.run({})[0] for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["pid"] != os.getpid()
    assert "SECRET_KEY" not in answers[0]["environment"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("refuse", "Not this one."),
        ("fail", "The reader stopped at this file (KeyError"),
        ("compute", "more computing"),
        ("compute in pieces", "more computing"),
        ("overdraw", "more computing"),
        ("die", "it ended with 3"),
        ("crash", "SIGABRT"),
        ("eat", "more than 128 MiB of memory"),
        ("flood", "The reader broke"),
        ("nonsense", "The reader broke"),
    ],
)
def test_misbehaviour_refuses_that_file_only(child: Drill, how: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        child.run({"how": how})
    assert said in refused.value.reason
    assert "must not be repeated" not in refused.value.reason
    assert child.run({"how": "nothing"}) == ({"survived": True}, [])


def test_the_clock_ends_a_child_that_only_waits() -> None:
    with Drill("child_tasks:misbehave", Limits(wall_seconds=1.0)) as child:
        with pytest.raises(Refused, match="more than 1 s"):
            child.run({"how": "sleep"})
        assert child.run({"how": "nothing"}) == ({"survived": True}, [])


def test_our_own_work_on_a_frame_is_not_counted() -> None:
    with Drill("child_tasks:misbehave", Limits(cpu_seconds=0.2)) as child:
        assert child.run({"how": "our own work"}) == ({"survived": True}, [])


LINUX = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")


@pytest.mark.skipif(not LINUX, reason="no such filter here")
def test_a_child_writes_removes_starts_and_connects_to_nothing(child: Drill, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("here", encoding="ascii")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for how in ("write", "remove", "connect", "run", "fork", "kill"):
            with pytest.raises(Refused, match="PermissionError"):
                child.run({"how": how, "path": str(tmp_path / "out"), "kept": str(kept), "port": port})
        assert not select.select([server], [], [], 0)[0]
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]
    assert child.run({"how": "thread"}) == ({"survived": True}, [])


def test_a_payload_over_the_limit_is_not_sent() -> None:
    with Drill("child_tasks:echo", Limits(bytes=10)) as child:
        with pytest.raises(Refused, match="larger than"):
            child.run({}, bytes(11))
        assert child.pid is None


def test_only_our_own_tasks_are_run() -> None:
    for task in ("os:system", "tarazu.safe.decode", "child_tasks:echo"):
        with pytest.raises(OptionError):
            Child(task)


def test_a_child_that_cannot_start_says_so() -> None:
    with (
        Child("tarazu.safe.decode:no_such_task") as child,
        pytest.raises(TarazuError, match="could not start"),
    ):
        child.run({})


def test_a_pool_answers_in_order_reads_little_ahead_and_gives_refusals(tmp_path: Path) -> None:
    taken = 0

    def jobs() -> Iterator[tuple[dict[str, object], bytes | Path]]:
        nonlocal taken
        for n in range(20):
            taken += 1
            yield {"n": n}, (tmp_path / "missing" if n == 7 else b"%d" % n)

    with Drills("child_tasks:echo", 2) as pool:
        for n, got in enumerate(pool.map(jobs())):
            assert taken <= n + 5
            if n == 7:
                assert isinstance(got, Refused)
            else:
                assert got == ({"n": n}, [b"%d" % n, (b"%d" % n)[::-1]])
        assert taken == 20
        with ThreadPoolExecutor(4) as threads:
            got = list(threads.map(lambda n: pool.run({"n": n}, b"x")[0]["n"], range(12)))
        assert got == list(range(12))


def test_a_child_ends_with_its_parent() -> None:
    """Also with one that is killed and can close nothing."""
    script = (
        "import os, sys; sys.path[:0] = sys.argv[1:]; from tarazu.safe.child import Child\n"
        "child = Child('tarazu.safe.decode:task')\n"
        "try:\n    child.run({'side': 9, 'limits': child.limits.to_dict()}, b'x')\n"
        "except Exception: pass\n"
        "print(child.pid, flush=True); os._exit(9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *sys.path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 9, done.stderr
    number = int(done.stdout)
    for _ in range(200):
        try:
            os.kill(number, 0)
            state = Path(f"/proc/{number}/stat")
            if state.exists() and ") Z " in state.read_text():
                return
        except OSError:
            return
        select.select([], [], [], 0.02)
    pytest.fail("the child lives on")
