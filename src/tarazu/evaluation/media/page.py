"""The page of the media room: one section a part, each made and replaced alone."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tarazu.errors import OutputError

PARTS = ("robustness", "text", "verdicts")  # in the order of the page
INTRODUCTION = """# Evaluation of the media room

Every picture here is drawn from a number by `tarazu.evaluation.media`: no real person, no real emblem. Each section is
made by its own run of `tarazu evaluate media --part PART --out docs/evaluation` and says when; without `--part`, all
are made.
"""


def write(part: str, section: str, figures: Mapping[str, Any], out: Path) -> None:
    """Put a part's section into media.md and its figures into media.json below `out`; the other parts stay.

    Raises OutputError when media.json there is not ours.
    """
    out.mkdir(parents=True, exist_ok=True)
    page, store = out / "media.md", out / "media.json"
    known = sections(page.read_text(encoding="utf-8")) if page.exists() else {}
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    made = (
        f"Made on {when} by `tarazu evaluate media --part {part}`, {platform.machine()}, "
        f"Python {platform.python_version()}."
    )
    known[part] = f"{section.strip()}\n\n{made}"
    page.write_text(joined(known), encoding="utf-8")
    record = _record(store)
    record[part] = dict(figures)
    text = json.dumps({name: record[name] for name in PARTS if name in record}, ensure_ascii=False, indent=1)
    store.write_text(text + "\n", encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """Return the sections of a page by the name of their part."""
    found = re.findall(r"<!-- part: (\w+) -->\n(.*?)\n<!-- end: \1 -->", text, flags=re.DOTALL)
    return {name: body.strip("\n") for name, body in found}


def joined(known: Mapping[str, str]) -> str:
    """Return the page of these sections."""
    parts = [
        f"<!-- part: {name} -->\n\n{known[name]}\n\n<!-- end: {name} -->\n" for name in PARTS if name in known
    ]
    return "\n".join([INTRODUCTION, *parts])


def _record(store: Path) -> dict[str, Any]:
    if not store.exists():
        return {}
    try:
        record = json.loads(store.read_text(encoding="utf-8"))
    except ValueError as wrong:
        raise OutputError(f"{store} is damaged ({wrong}); remove it and run all parts again.") from wrong
    if not isinstance(record, dict):
        raise OutputError(f"{store} is no record of this evaluation; remove it or choose another folder.")
    return record
