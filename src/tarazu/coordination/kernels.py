"""Are the compiled kernels on disk? Asked before numba is loaded, so that a first run can say what it waits for.

numba keeps each compiled function beside its source (``__pycache__``), in the folder that ``NUMBA_CACHE_DIR``
names, or, where the package cannot be written to, in the user's own cache folder. It writes one index file a
function, named after module, function and first line, and stamps it with its own version and the source. The
check here compares the stamp with the source and loads nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
# Modules that every run of `networks` on posts with shared objects compiles; the others depend on the data.
EVERY_RUN = ("coordination/cells.py", "coordination/candidates.py", "coordination/timing.py")
PAIRS = ("coordination/pairs.py",)
# Kernels that only uncommon data need: pairs by the hundred million, somebody twice on one object.
_UNCOMMON = {
    "coordination/pairs.py:_group_sizes",
    "coordination/pairs.py:_met",
    "coordination/pairs.py:_walk",
}
_KERNEL = re.compile(r"^@(?:nb\.)?njit\([^\n]*cache=True.*?^def (\w+)\(", re.MULTILINE | re.DOTALL)


def kernels_ready(modules: tuple[str, ...] = EVERY_RUN) -> bool:
    """Whether the kernels that `modules` commonly need are compiled. Takes milliseconds and never loads numba."""
    return not set(missing_kernels(modules)) - _UNCOMMON


def missing_kernels(modules: tuple[str, ...] = EVERY_RUN) -> list[str]:
    """Return the kernels of `modules` (paths in the package) without a compiled form: ``module:function``."""
    try:
        made_by = version("numba").encode()
    except PackageNotFoundError:
        return list(modules)
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    missing: list[str] = []
    for module in modules:
        source = _PACKAGE / module
        stamps = _stamps(source)
        folders = list(_folders(source))
        for name, line in _kernels(source):
            index = f"{source.stem}.{name}-{line}.{python}.nbi"
            if not any(_fresh(folder / index, stamps, made_by) for folder in folders):
                missing.append(f"{module}:{name}")
    return missing


def _kernels(source: Path) -> Iterator[tuple[str, int]]:
    """Yield the cached kernels of a module: name and line of the decorator."""
    text = source.read_text("utf-8")
    for found in _KERNEL.finditer(text):
        yield found[1], text.count("\n", 0, found.start()) + 1


def _folders(source: Path) -> Iterator[Path]:
    """Yield the folders in which numba looks for the compiled forms of a module."""
    hashed = (
        f"{source.parent.name}_{hashlib.sha1(str(source.parent).encode(), usedforsecurity=False).hexdigest()}"
    )
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(chosen) / hashed
        return
    yield source.parent / "__pycache__"
    yield _users_cache() / hashed


def _users_cache() -> Path:
    """Return the user's cache folder as numba chooses it on this system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "numba" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "numba"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "numba"


def _stamps(source: Path) -> tuple[bytes, ...]:
    """What numba writes into the index of a source: its hash; before 0.62 its time of change."""
    return hashlib.sha256(source.read_bytes()).digest(), struct.pack(">d", source.stat().st_mtime)


def _fresh(index: Path, stamps: tuple[bytes, ...], made_by: bytes) -> bool:
    try:
        with index.open("rb") as file:
            head = file.read(256)
    except OSError:
        return False
    return made_by in head and any(stamp in head for stamp in stamps)
