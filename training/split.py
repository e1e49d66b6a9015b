"""Which part a family of templates belongs to, and the files of held-out posts that the package carries.

    python split.py --templates templates/ --apart apart/posts.jsonl --out ../src/tarazu/evaluation/data

Training reads the part `train`, calibration and every choice `dev`; `test` comes last, in `tarazu evaluate policy`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

TRAIN, DEV = 0.78, 0.10
KEPT = ("id", "family", "lang", "text", "stance", "stance_f", "purpose", "phenomenon", "kind")


def part_of(family: str) -> str:
    """Return the part, decided by the family's name alone, so that a grown set keeps its parts."""
    draw = int.from_bytes(hashlib.sha256(f"stance:{family}".encode()).digest()[:4], "big") / 2**32
    return "train" if draw < TRAIN else "dev" if draw < TRAIN + DEV else "test"


def write(rows: list[dict], path: Path) -> None:
    """Write what the evaluation needs of some posts."""
    lines = [json.dumps({key: row[key] for key in KEPT if row.get(key)}, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(rows)} posts, {len({row.get('family', row['id']) for row in rows})} families")


def main() -> None:
    """Write the held-out posts."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--templates", type=Path, required=True)
    arguments.add_argument("--apart", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    from examples import templates

    held = [row for row in templates(given.templates) if part_of(row["family"]) == "test"]
    write(held, given.out / "stance_held_out.jsonl")
    apart = [json.loads(line) for line in given.apart.read_text(encoding="utf-8").splitlines()]
    write(apart, given.out / "stance_apart.jsonl")


if __name__ == "__main__":
    main()
