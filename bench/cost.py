"""What a command costs: CPU, wall time and peak memory of a child process; on which machine; written down."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "bench"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Resources of one child process and its own children."""

    cpu: float  # s, user and system
    wall: float  # s
    peak: float  # MB, resident


# A process starts with the peak memory of the one it was forked from, so a small one forks ours and reports.
_LAUNCHER = """
import json, os, sys, time
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
json.dump([used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss,
           os.waitstatus_to_exitcode(status)], open(sys.argv[1], "w"))
"""


def run(command: Sequence[str | Path], **more: str) -> tuple[Cost, str]:
    """Run `command` (with `more` in its environment); return what it cost and what it printed.

    Raises RuntimeError with the end of its messages if it fails.
    """
    words = [str(word) for word in command]
    with tempfile.NamedTemporaryFile() as told:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, told.name, *words],
            env={**os.environ, **more},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{words[0]} did not start: {done.stderr[-2000:]}")
        cpu, wall, peak, code = json.loads(Path(told.name).read_text())
    if code:
        raise RuntimeError(f"{' '.join(words[:4])} ended with {code}: {done.stderr[-2000:]}")
    return Cost(cpu=cpu, wall=wall, peak=peak * (1 if sys.platform == "darwin" else 1024) / 1e6), done.stdout


def machine() -> dict[str, object]:
    """Describe the machine and the moment, as far as they explain the figures."""
    model = platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), model)
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(memory, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "commit": _commit(),
    }


def _commit() -> str:
    done = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    )
    changed = subprocess.run(
        ["git", "-C", str(ROOT), "status", "--porcelain", "src"], capture_output=True, text=True
    )
    return (done.stdout.strip() or "unknown") + (" with changes" if changed.stdout.strip() else "")


def table(rows: Sequence[dict[str, object]]) -> str:
    """Lay rows out as a Markdown table; the columns are the keys of the first."""
    columns = list(rows[0])
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(_cell(row.get(c, '')) for c in columns)} |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 1 else f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def save(
    name: str, title: str, about: dict[str, object], sections: dict[str, list[dict[str, object]]]
) -> None:
    """Print the results, and write them to docs/bench as Markdown and JSON."""
    where = ", ".join(f"{k.replace('_', ' ')}: {v}" for k, v in about.items())
    parts = [f"# {title}", f"Made by `python bench/{name}.py`; {where}."]
    for heading, rows in sections.items():
        parts += [f"## {heading}", table(rows)]
    text = "\n\n".join(parts) + "\n"
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text)
    (RESULTS / f"{name}.json").write_text(json.dumps({"machine": about, **sections}, indent=1) + "\n")
    print(text)


def source_path() -> dict[str, str]:
    """Return the environment in which child processes import this source tree."""
    before = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join([str(ROOT / "src")] + ([before] if before else []))}


def as_row(cost: Cost) -> dict[str, object]:
    """Return the figures of a cost as columns."""
    figures = asdict(cost)
    return {"CPU s": figures["cpu"], "wall s": figures["wall"], "peak MB": round(figures["peak"])}
