"""Are the compiled kernels on disk? Asked before numba is loaded, so that a first run can say what it waits for.

numba keeps each compiled function beside its source (``__pycache__``), in the folder that ``NUMBA_CACHE_DIR`` names,
or, where the package cannot be written to, in the user's own cache folder. It writes one index file a function, named
after module, function and first line, and compares the source when it loads it. The check here reads names and times
only: a cache that is older than its source, or made by another numba or Python, counts as missing.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
# Modules that every run of `networks` on posts with shared objects compiles; the others depend on the data.
EVERY_RUN = ("coordination/cells.py", "coordination/candidates.py", "coordination/timing.py")
PAIRS = ("coordination/pairs.py",)
_KERNEL = re.compile(r"^@(?:nb\.)?njit\([^\n]*cache=True.*?^def (\w+)\(", re.MULTILINE | re.DOTALL)


def kernels_ready(modules: tuple[str, ...] = EVERY_RUN) -> bool:
    """Whether no kernel of `modules` has to be compiled first. Takes a millisecond or two; never loads numba."""
    return not missing_kernels(modules)


def missing_kernels(modules: tuple[str, ...] = EVERY_RUN) -> list[str]:
    """Return the kernels of `modules` (paths within the package) without a compiled form, as ``module:function``."""
    try:
        made_by = version("numba").encode()
    except PackageNotFoundError:
        made_by = b""
    return [
        f"{module}:{name}"
        for module in modules
        for name, line in _kernels(_PACKAGE / module)
        if not any(
            _fresh(folder, _PACKAGE / module, name, line, made_by) for folder in _folders(_PACKAGE / module)
        )
    ]


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


def _fresh(folder: Path, source: Path, name: str, line: int, made_by: bytes) -> bool:
    index = folder / f"{source.stem}.{name}-{line}.py{sys.version_info.major}{sys.version_info.minor}.nbi"
    try:
        # The index begins with the version of numba that wrote it.
        with index.open("rb") as file:
            return made_by in file.read(64) and index.stat().st_mtime >= source.stat().st_mtime
    except OSError:
        return False
