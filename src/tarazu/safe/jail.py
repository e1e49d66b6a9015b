"""Limits that a process sets on itself and cannot lift: memory, computing time, no files, programs, connections.

What a platform does not have is left out; the parent's clock is the limit that always holds.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tarazu.safe import syscalls
from tarazu.safe.limits import Limits

MARGIN = 24 * 2**20  # bytes: the stack, and the libraries that load later

_until: float | None = None  # of time.process_time(): when the process ends


def lock(limits: Limits) -> None:
    """Set the limits that hold for the rest of the process."""
    try:
        import resource
    except ImportError:  # not POSIX
        return
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, 0)
    if sys.platform == "linux":
        # Data is every private page that can be written; what is resident beyond it is the shared libraries. Pages
        # that libraries took at their start and never touched (the buffers of a BLAS) are not counted against it.
        untouched = max(0, _status("VmData") - _status("RssAnon"))
        room = limits.memory - _status("RssFile") - MARGIN
        _bound(resource.RLIMIT_DATA, max(room, 32 * 2**20) + untouched)
    else:
        _bound(resource.RLIMIT_AS, max(limits.memory, 512 * 2**20))
    syscalls.give_up()


def allow(seconds: float | None) -> None:
    """Give so many seconds of computing from now on; then the process ends. None: no limit."""
    global _until
    _until = None if seconds is None else time.process_time() + seconds
    _arm()


def extend(seconds: float) -> None:
    """Give so many seconds of computing more, if there is a limit at all: none is set outside a child."""
    global _until
    if _until is not None and seconds > 0:
        _until += seconds
        _arm()


def left() -> float | None:
    """Return the seconds of computing that are left; None without a limit."""
    return None if _until is None else max(0.0, _until - time.process_time())


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Do not count the time that our own work on a small frame takes."""
    remaining = left()
    if remaining is None:
        yield
        return
    allow(None)
    try:
        yield
    finally:
        allow(remaining)


def peak() -> int:
    """Return the most bytes this process ever had resident; 0 where it cannot be known."""
    return _status("VmHWM")


def _arm() -> None:
    """Set the kernel's timer, or end now when nothing is left.

    The kernel rounds up by a tick each time: it is never asked how much is left, and a limit that has passed is not
    set again, or one who sets it often enough would never meet it.
    """
    if not hasattr(signal, "setitimer"):
        return
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    remaining = left()
    if remaining == 0.0:
        signal.raise_signal(signal.SIGPROF)
    signal.setitimer(signal.ITIMER_PROF, remaining or 0.0)


def _bound(which: int, value: int) -> None:
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (value, value))


def _status(name: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    for line in lines:
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0
