"""Processes to be killed. For each line `URL NAME FILE LIMIT` it forks a child and prints its number.

The child writes changes to the store and puts each one's name into FILE after its commit, never before. With a
LIMIT no file may grow beyond so many bytes, as on a full disk; what the store says then goes into FILE too.
"""

from __future__ import annotations

import os
import resource
import signal
import sys

from sqlalchemy import insert

from tarazu.errors import StoreError
from tarazu.store import SYSTEM, Store
from tarazu.store.tables.meta import meta

ATTEMPTS_WHEN_FULL = 16


def change(store: Store, name: str) -> None:
    """A row, an act and an entry: all three or none."""
    with store.write(SYSTEM) as tx:
        tx.run(insert(meta).values(name=name, value="x" * 1500))
        tx.send("remove", "post", name, target="platform")
        tx.run(insert(meta).values(name=f"{name}-more", value="y"))
        tx.log("test.written", name, {"name": name})


def write(url: str, name: str, file: str, limit: int) -> None:
    told = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with Store.open(url) as store:
        os.write(told, b"ready\n")
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        number = 0
        while not limit or number < ATTEMPTS_WHEN_FULL:
            number += 1
            try:
                change(store, f"{name}.{number}")
            except StoreError as error:
                os.write(told, f"! {type(error).__name__}\n".encode())
            else:
                os.write(told, f"{name}.{number}\n".encode())
    os.write(told, b"end\n")


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        url, name, file, limit = line.split()
        child = os.fork()
        if child == 0:
            try:
                write(url, name, file, int(limit))
            finally:
                os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
