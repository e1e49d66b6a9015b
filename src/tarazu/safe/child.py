"""A process of our own that opens hostile bytes for us, one file after another.

It is a fresh interpreter with no environment, bounded memory and computing time (`jail`), and it can only answer with
plain JSON and raw bytes of bounded size. When it dies or misbehaves, that file is refused and the next one gets a
new process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, ClassVar, Self, cast

from tarazu.errors import OptionError, TarazuError
from tarazu.safe import wire
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused

Answer = tuple[dict[str, Any], list[bytes]]

START_SECONDS = 60.0  # to start; compiled kernels may have to be built first

# Isolated (-I) means that the interpreter ignores PYTHONPATH; our own search path is handed over as it is.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from tarazu.safe.worker import start; start()"
)
_KEPT = ("LD_LIBRARY_PATH", "NUMBA_CACHE_DIR", "SYSTEMROOT", "XDG_CACHE_HOME")
_SET = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class Child:
    """Does one job at a time; may be shared by threads, which then wait for each other."""

    trusted: ClassVar[tuple[str, ...]] = ("tarazu.",)  # what a task's name must begin with

    def __init__(self, task: str, limits: Limits | None = None) -> None:
        """`task` is `package.module:function`, taking (header, payload) and giving (header, parts)."""
        if not task.startswith(self.trusted) or ":" not in task:
            raise OptionError(f"{task}: not a task of ours. Give package.module:function of tarazu.")
        self.task = task
        self.limits = limits or Limits()
        self.peak = 0  # most bytes resident in any process so far, as far as it could say
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def run(self, header: dict[str, Any], payload: bytes | bytearray | memoryview = b"") -> Answer:
        """Do one job. Raises Refused with the reason, TarazuError when the child cannot even start."""
        if len(payload) > self.limits.bytes:
            raise Refused(f"The file is larger than {self.limits.bytes / 2**20:,.0f} MiB.")
        with self._lock:
            process = self._running()
            said, parts = self._ask(process, header, payload)
            if type(peak := said.get("peak")) is int:
                self.peak = max(self.peak, peak)
            if said.get("spent"):
                self._end()
        if (reason := said.get("refused")) is not None:
            raise Refused(str(reason)[:1000])
        given = said.get("given")
        if not isinstance(given, dict):
            raise Refused("The reader gave no answer about this file.")
        return given, parts

    @property
    def pid(self) -> int | None:
        """The number of the process, or None while there is none."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, process: subprocess.Popen[bytes], header: dict[str, Any], payload: wire.Buffer) -> Answer:
        seconds = self.limits.wall(len(payload))
        late = threading.Event()
        try:
            with _Clock(process, seconds, late):
                wire.send(cast(BinaryIO, process.stdin), header, (payload,))
                return wire.receive(cast(BinaryIO, process.stdout), self.limits.memory)
        except (OSError, wire.BrokenWireError) as error:
            process.kill()
            code = process.wait()
            self._end()
            if late.is_set():
                raise Refused(f"The file takes more than {seconds:,.0f} s to open.") from error
            if code == -getattr(signal, "SIGPROF", 0):
                raise Refused("The file takes more computing to open than a file of its size may.") from error
            raise Refused(f"The reader broke at this file ({_ending(code)}).") from error
        except BaseException:
            self._end()  # an answer that nobody waits for must not be taken for the next one
            raise

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        root = str(Path(__file__).resolve().parents[2])
        places = json.dumps([root, *(one for one in sys.path if Path(one).is_absolute() and one != root)])
        self._process = process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, places, self.task, json.dumps(self.limits.to_dict())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(sys.executable).anchor,
            env={name: os.environ[name] for name in _KEPT if name in os.environ} | _SET,
            start_new_session=True,
        )
        try:
            with _Clock(process, START_SECONDS, threading.Event()):
                said, _ = wire.receive(cast(BinaryIO, process.stdout), 0)
        except (OSError, wire.BrokenWireError) as error:
            said = {"wrong": f"{type(error).__name__}: {error}"}
        if not said.get("ready"):
            self._end()
            raise TarazuError(
                f"The process that opens files could not start ({said.get('wrong')}). Install Tarazu again."
            )
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()


class _Clock:
    """Kills a process that takes too long; works where pipes cannot be waited for with a timeout."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float, late: threading.Event) -> None:
        self.process, self.late = process, late
        self.timer = threading.Timer(seconds, self._ring)
        self.timer.daemon = True

    def _ring(self) -> None:
        self.late.set()
        self.process.kill()

    def __enter__(self) -> None:
        self.timer.start()

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()


def _ending(code: int) -> str:
    if code >= 0:
        return f"it ended with {code}"
    with contextlib.suppress(ValueError):
        return f"it ended with {signal.Signals(-code).name}"
    return f"it ended with signal {-code}"
