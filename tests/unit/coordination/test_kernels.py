"""Whether compiled kernels are on disk, as numba itself sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tarazu
from tarazu.coordination.kernels import EVERY_RUN, PAIRS, kernels_ready, missing_kernels

ASK = "import sys; from tarazu.coordination.kernels import *; print(kernels_ready(PAIRS), 'numba' in sys.modules)"
COUNT = (
    "import numpy as np; from tarazu.coordination.pairs import *; z = np.zeros(2, np.int32);"
    "print(len(count_pairs(np.arange(2, dtype=np.int32), z, z.astype(np.int64), 1)[0]))"
)


def python(code: str, source: Path, **more: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1", **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_every_kernel_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for module in (*EVERY_RUN, *PAIRS):
        source = Path(tarazu.__file__).parent / module
        assert len(missing_kernels((module,))) == source.read_text("utf-8").count("njit(cache=True")
        assert not kernels_ready((module,))


@pytest.mark.parametrize("place", ["named folder", "beside the source", "user's folder"])
def test_ready_after_the_first_run_until_the_source_changes(tmp_path: Path, place: str) -> None:
    package = tmp_path / "library" / "tarazu"
    shutil.copytree(
        Path(tarazu.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "data")
    )
    home = {"XDG_CACHE_HOME": str(tmp_path / "home")}
    if place == "named folder":
        home["NUMBA_CACHE_DIR"] = str(tmp_path / "cache")
    if place == "user's folder":
        # As in a package that cannot be written to: nothing can be put into __pycache__, by root neither.
        (package / "coordination" / "__pycache__").write_text("no folder")
    assert python(ASK, package.parent, **home) == "False False"
    assert python(COUNT, package.parent, **home) == "1"
    assert python(ASK, package.parent, **home) == "True False"
    pairs = package / "coordination" / "pairs.py"
    pairs.write_text(pairs.read_text("utf-8") + "# changed\n", "utf-8")
    assert python(ASK, package.parent, **home) == "False False"
