"""Archives cannot escape or explode (promise 13): nothing outside the folder, nothing over the quota."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import hostile_archives
import pytest
from hostile_archives import EVIL, GOOD, OK_TAR, PACKERS, Hostile, tarred

from tarazu.safe.archive import Quota, extract, members
from tarazu.safe.refused import Refused

QUOTA = Quota(bytes=4 * 2**20, member=2**20, entries=200, free=2**20)
GROUPS = ("names", "kinds", "nested", "bombs", "lies", "cut")
MEMORY = 64 * 2**20  # bytes above what the process had before

_outside: list[tuple[str, Any]] = []
_into: str | None = None  # the one folder that may be written to

_CHANGES = (
    "os.mkdir",
    "os.remove",
    "os.rmdir",
    "os.rename",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.utime",
)
_NEVER = (
    "os.symlink",
    "os.link",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "socket.connect",
)


def _hook(event: str, details: tuple[Any, ...]) -> None:
    """Below every library: let this process write nothing outside the folder, and note that it wanted to."""
    if _into is None:
        return
    writes = event == "open" and details[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if event in _NEVER or ((writes or event in _CHANGES) and not _inside(details[0])):
        _outside.append((event, details))
        raise PermissionError(f"{event} {details}")


def _inside(path: Any) -> bool:
    real = os.path.realpath(os.fspath(path))
    return real == _into or real.startswith(f"{_into}{os.sep}")


sys.addaudithook(_hook)


def taken_out(archive: Hostile, folder: Path) -> tuple[dict[str, bytes], str | None]:
    """Return the files that came out of an archive, and why it was refused, if it was; hold it to the promise."""
    global _into
    source, into = folder / "archive", folder / "deep" / "into"
    into.mkdir(parents=True)
    source.write_bytes(archive.data)
    reason = None
    _into = str(into.resolve())
    try:
        extract(source, into, quota=QUOTA)
    except Refused as error:
        reason = error.reason
    finally:
        _into = None
    assert sorted(path.name for path in folder.rglob("*") if into not in path.parents) == [
        "archive",
        "deep",
        "into",
    ]
    found = [path for path in into.rglob("*") if not path.is_dir()]
    assert all(path.is_file() and not path.is_symlink() and path.stat().st_nlink == 1 for path in found)
    assert len(found) <= QUOTA.entries and sum(path.stat().st_size for path in found) <= QUOTA.bytes
    assert not reason or not list(into.iterdir())
    return {str(path.relative_to(into)): path.read_bytes() for path in found}, reason


def wrong(archive: Hostile, folder: Path) -> str | None:
    """Return what did not happen as it has to."""
    files, reason = taken_out(archive, folder)
    if archive.whole:
        return None if reason and len(reason) < 200 else f"{archive.name}: taken out, {list(files)}"
    if reason or files != {"good.txt": GOOD}:
        return f"{archive.name}: {reason or list(files)}"
    kept = [one for one in members(folder / "archive", quota=QUOTA) if one.refused]
    return (
        None if kept and all(one.name.isprintable() for one in kept) else f"{archive.name}: nothing kept in"
    )


@functools.cache
def archives_of(group: str) -> list[Hostile]:
    return list(getattr(hostile_archives, group)())


@pytest.mark.parametrize("group", GROUPS)
def test_hostile_archives(tmp_path: Path, group: str) -> None:
    _outside.clear()
    told = [wrong(one, tmp_path / str(number)) for number, one in enumerate(archives_of(group))]
    assert [said for said in told if said] == []
    assert _outside == []


CHILD = """
import sys
from pathlib import Path
from tarazu.safe.archive import Quota, extract
from tarazu.safe.refused import Refused

def used():  # the most so far; what getrusage says begins with the parent's
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

folder, start, refused = Path(sys.argv[1]), used(), 0
for source in sorted(folder.glob("*.archive")):
    try:
        extract(source, folder / (source.stem + "-out"), quota=Quota())
    except Refused:
        refused += 1
print(refused, used() - start)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the most memory used is read from /proc")
def test_bombs_take_little_memory_under_the_quota_everybody_has(tmp_path: Path) -> None:
    zeros = OK_TAR + tarred(
        b"evil", bytes(17 * 2**20)
    )  # the default quota lets 16 MiB pass before it compares
    bombs = [*(pack(zeros) for pack in PACKERS.values()), *(one.data for one in archives_of("bombs"))]
    for number, data in enumerate(bombs):
        (tmp_path / f"{number}.archive").write_bytes(data)
    run = [sys.executable, "-c", CHILD, str(tmp_path)]
    refused, used = map(int, subprocess.run(run, check=True, capture_output=True, text=True).stdout.split())
    assert refused >= 15 and used < MEMORY


def test_there_are_enough_and_the_guard_would_see() -> None:
    archives = [one for group in GROUPS for one in archives_of(group)]
    assert len({one.data for one in archives}) >= 200
    assert sum(EVIL in one.data for one in archives) > 100
    global _into
    _outside.clear()
    _into = "/nowhere"
    try:
        with pytest.raises(PermissionError):
            Path("seen").write_bytes(b"")
    finally:
        _into = None
    assert len(_outside) == 1
