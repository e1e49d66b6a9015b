"""A job in a process of its own: what it needs of memory goes back with it, and requests do not wait for its computing.

The child is told the settings as JSON and answers with one line of JSON. It ends when its parent does.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from typing import Any

from tarazu.server.clockwork.outcome import Outcome, failed
from tarazu.server.clockwork.supplies import Supplies, of_installation
from tarazu.settings import Settings

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from tarazu.server.clockwork.apart import start; start()"
)
_ONE = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
ENDS = 3.0  # seconds that a child has to end when it is asked to


class Apart:
    """A job under way."""

    def __init__(self, name: str, supplies: Supplies) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ONE},
            start_new_session=True,  # Ctrl-C is for us; we end it
        )
        assert self._process.stdin is not None
        said = {"job": name, "demo": supplies.demo, "settings": _plain(supplies.settings)}
        with contextlib.suppress(OSError):  # it died at once: `outcome` tells
            self._process.stdin.write(json.dumps(said).encode() + b"\n")
            self._process.stdin.flush()

    def outcome(self) -> Outcome | None:
        """How it ended; None while it works."""
        if self._process.poll() is None:
            return None
        assert self._process.stdout is not None
        said = self._process.stdout.read()
        self._close()
        try:
            return Outcome(**json.loads(said))
        except (ValueError, TypeError):
            return Outcome(
                error=f"The process of this job ended with {self._process.returncode}, saying nothing."
            )

    def end(self) -> None:
        """End it now. What it had not committed is undone."""
        self._process.terminate()
        try:
            self._process.wait(ENDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close()

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _plain(settings: Settings) -> dict[str, Any]:
    """What a job needs of the settings, in JSON; none needs what is behind a secret of another server."""
    told: dict[str, Any] = settings.model_dump(mode="json", exclude={"oidc", "translator"})
    return {**told, "store": settings.store_url, "data_folder": str(settings.data_folder.absolute())}


def start() -> None:
    """The child: do the job that the first line of the input names."""
    with contextlib.suppress(OSError):
        os.nice(10)
    told = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_follow, daemon=True).start()
    answer, sys.stdout = sys.stdout, sys.stderr  # whatever prints must not spoil the answer
    outcome = _done(told)
    print(
        json.dumps({"done": outcome.done, "mark": outcome.mark, "error": outcome.error}),
        file=answer,
        flush=True,
    )
    os._exit(0)  # at once: nothing here is worth tidying up


def _follow() -> None:
    """End when the parent does: its end of the pipe closes, however it died."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)


def _done(told: dict[str, Any]) -> Outcome:
    from tarazu.server.clockwork.jobs import EVERY
    from tarazu.store import Store

    try:
        settings = Settings.load(**told["settings"])
        (job,) = (one for one in EVERY if one.name == told["job"])
        with Store.open(settings.store_url, key=settings.key("ledger.signing")) as store:
            supplies = of_installation(settings, store, demo=told["demo"])
            return Outcome(mark=job.mark(supplies), done=job.work(supplies))
    except Exception as error:
        return failed(error)
