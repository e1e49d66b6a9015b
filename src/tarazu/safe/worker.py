"""The child's side: locks itself in, then does one job after another until its input ends.

Started by `Child` as a fresh interpreter; not for other uses.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

from tarazu.safe import jail, wire
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused

Task = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], list[wire.Buffer]]]

JOBS = 2_000  # a child is then replaced, so that what a library leaks never adds up


def main(task: str, fields: dict[str, Any]) -> None:
    """Answer jobs from standard input until it ends; `task` is `package.module:function`."""
    jobs, answers = _streams()
    limits = Limits.from_dict(fields)
    module_name, _, name = task.partition(":")
    try:
        module = import_module(module_name)
        function: Task = getattr(module, name)
        if prepare := getattr(module, "prepare", None):
            prepare()
        jail.lock(limits)
    except Exception as error:
        wire.send(answers, {"wrong": f"{type(error).__name__}: {error}"[:500]})
        return
    wire.send(answers, {"ready": True})
    for count in range(JOBS):
        try:
            header, parts = wire.receive(jobs, limits.bytes)
        except wire.BrokenWireError:
            return
        spent = count == JOBS - 1
        try:
            jail.allow(limits.cpu_seconds)
            given, pieces = function(header, parts[0])
            jail.allow(None)
            said: dict[str, Any] = {"given": given}
        except Refused as error:
            said, pieces = {"refused": error.reason}, []
        except MemoryError:
            # What is left of the memory is in pieces: the next file deserves a fresh child.
            said, pieces, spent = {"refused": _too_large(limits)}, [], True
        except Exception as error:
            said, pieces = {"refused": f"The reader stopped at this file ({_where(error)})."}, []
        jail.allow(None)
        wire.send(answers, {**said, "peak": jail.peak(), "spent": spent}, pieces)
        if spent:
            return


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Return our ends of the wire; what a library prints goes nowhere."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return jobs, answers


def _too_large(limits: Limits) -> str:
    return f"The file needs more than {limits.memory // 2**20} MiB of memory to open."


def _where(error: Exception) -> str:
    """Return the kind of an error and our own line it came through; its text may be the file's."""
    place, trace = "", error.__traceback__
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if name.startswith("tarazu.") and name != __name__:
            place = f" in {name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"


def start() -> None:
    """Read the arguments that `Child` gives: the task and the limits."""
    import json

    main(sys.argv[2], json.loads(sys.argv[3]))
