"""Tasks that misbehave, each in its own way."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

from tarazu.safe import jail
from tarazu.safe.refused import Refused

Answer = tuple[dict[str, Any], list[bytes]]


def echo(header: dict[str, Any], payload: bytes) -> Answer:
    print("this goes nowhere", flush=True)
    return header, [payload, payload[::-1]]


def number(header: dict[str, Any], payload: bytes) -> Answer:
    return {"pid": os.getpid(), "environment": sorted(os.environ)}, []


def misbehave(header: dict[str, Any], payload: bytes) -> Answer:
    match header["how"]:
        case "refuse":
            raise Refused("Not this one.")
        case "fail":
            raise KeyError("what the file says must not be repeated")
        case "compute":
            while True:
                pass
        case "compute in pieces":
            while True:
                with jail.paused():
                    pass
                sum(range(10_000))
        case "overdraw":
            sum(range(10**7))
            while True:
                with jail.paused():
                    sum(range(10**6))
                sum(range(10**6))
        case "our own work":
            for _ in range(20):
                with jail.paused():
                    sum(range(3 * 10**6))
        case "sleep":
            time.sleep(60)
        case "die":
            os._exit(3)
        case "crash":
            os.abort()
        case "eat":
            return {"eaten": len(bytes(300 * 2**20))}, []
        case "flood":
            return {}, [bytes(2**20)] * 200
        case "nonsense":
            for wire in range(3, 9):
                with contextlib.suppress(OSError):
                    os.write(wire, b"\xff" * 1000)
        case "write":
            Path(header["path"]).write_bytes(bytes(10))
        case "connect":
            socket.create_connection(("127.0.0.1", header["port"]))
        case "run":
            os.execv("/bin/true", ["true"])
        case "remove":
            Path(header["kept"]).unlink()
        case "fork":
            if os.fork() == 0:
                os._exit(0)
        case "kill":
            os.kill(os.getppid(), 0)
        case "thread":
            thread = threading.Thread(target=print)
            thread.start()
            thread.join()
    return {"survived": True}, []
