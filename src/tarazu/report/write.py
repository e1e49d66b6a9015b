"""Every output file of a run, all or nothing.

The files are made in a hidden folder beside the target, flushed to disk, and moved into place by one rename.
A failure or an interrupt on the way leaves what was there before. The same result gives the same bytes.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tarazu.errors import OutputError
from tarazu.report import cells
from tarazu.report.graph import write_gexf, write_graphml
from tarazu.report.page import render
from tarazu.report.scene import scene
from tarazu.report.view import ACCOUNTS, EDGES, EVIDENCE, Findings, Rejections

SCHEMA = "tarazu.networks.v1"
FILES = (
    "accounts.csv",
    "edges.csv",
    "networks.json",
    "evidence.parquet",
    "network.gexf",
    "network.graphml",
    "report.html",
    "rejected.jsonl",
)
# What `tarazu demo` puts beside them, and what it leaves when it is stopped.
BESIDE = ("verdicts.jsonl", "verdicts.jsonl.part", "verdicts.html")
# Left behind by file browsers; a folder that holds nothing else is still ours to replace.
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def write(
    result: Findings,
    out: Path,
    reading: Rejections | None = None,
    thumbnails: Mapping[str, bytes] | None = None,
) -> None:
    """Write all of `FILES` into the folder `out`, which is made, or replaced if it holds only such files.

    `thumbnails` are those of `page.render`. Raises OutputError when `out` is a file, holds other files, or cannot be
    written.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100  (resolve() would follow a link and replace what it points to)
    try:
        _check(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}.partial-", dir=out.parent))
    except OSError as error:
        raise _refused(out, error) from error
    try:
        made.chmod(0o755)
        _fill(result, made, reading, thumbnails or {})
        _flush(made)
        _swap(made, out)
    except OSError as error:
        raise _refused(out, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _refused(out: Path, error: OSError) -> OutputError:
    return OutputError(
        f"Cannot write to {out}: {error.strerror or error}. Nothing was changed; "
        "free some space or choose another folder with --out."
    )


def _check(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise OutputError(f"{out} is not a folder; choose another name with --out.")
    if out.exists():
        other = sorted(
            entry.name
            for entry in out.iterdir()
            if entry.name not in LITTER and entry.name not in (*FILES, *BESIDE)
        )
        if other:
            raise OutputError(
                f"The folder {out} holds other files ({', '.join(other[:3])}); "
                "choose a new or empty folder with --out."
            )


def _fill(
    result: Findings, folder: Path, reading: Rejections | None, thumbnails: Mapping[str, bytes]
) -> None:
    drawn = scene(result)
    accounts = result.accounts.select([pl.col(n).cast(t) for n, t in ACCOUNTS.items()])
    edges = result.edges.select([pl.col(n).cast(t) for n, t in EDGES.items()])
    evidence = result.evidence.select([pl.col(n).cast(t) for n, t in EVIDENCE.items()])
    cells.write(accounts.sort("network_id", "account_id"), folder / "accounts.csv")
    cells.write(edges.sort("source", "target", "trace", "window"), folder / "edges.csv")
    evidence.sort(list(EVIDENCE)).write_parquet(folder / "evidence.parquet", compression="zstd")
    (folder / "networks.json").write_text(networks(result), encoding="utf-8", newline="\n")
    write_gexf(result, folder / "network.gexf", drawn)
    write_graphml(result, folder / "network.graphml", drawn)
    (folder / "report.html").write_text(render(result, drawn, thumbnails), encoding="utf-8", newline="\n")
    with (folder / "rejected.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        if reading is not None:
            for row in reading.rejected.iter_rows(named=True):
                file.write(json.dumps(_plain(row), ensure_ascii=True) + "\n")


def networks(result: Findings) -> str:
    """networks.json: the findings whole, with versions, parameters, counts and health."""
    value = {
        "schema": SCHEMA,
        "versions": result.versions,
        "parameters": result.parameters,
        "counts": result.counts,
        "health": {"ok": result.health.ok, "lines": result.health.lines},
        "networks": result.networks,
    }
    # ASCII only: a hostile character is an escape here, and lone surrogates survive.
    return json.dumps(_plain(value), ensure_ascii=True, indent=1, allow_nan=False) + "\n"


def _plain(value: object) -> object:
    """Dataclasses, times and tuples as JSON has them; a number JSON cannot say is null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "item"):  # numbers of numpy
        return _plain(value.item())
    return str(value)


def _flush(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return  # elsewhere a folder cannot be opened, and its entries need no flush
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(made: Path, out: Path) -> None:
    """Put `made` where `out` is. Whatever stops us, `out` is either the old folder or the new one, whole."""
    before: Path | None = None
    try:
        if out.exists():
            before = Path(tempfile.mkdtemp(prefix=f".{out.name}.before-", dir=out.parent))
            out.replace(before)
        made.replace(out)
    except BaseException:
        if before is not None and before.exists() and not out.exists():
            before.replace(out)
        raise
    finally:
        if before is not None and out.exists():
            shutil.rmtree(before, ignore_errors=True)
    _sync(out.parent)
