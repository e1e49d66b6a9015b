"""Pictures a second, end to end: opened in the sandbox, hashed, matched; and the same work of the libraries themselves.

    python bench/media_throughput.py
    python bench/media_throughput.py --pictures 400 --known 100000

Drawn pictures of about 900 x 700 as JPEG. The peer opens them with Pillow in its own process, without any limit, and
hashes them with pdqhash at full size (as ThreatExchange does) and at 512 pixels; it matches nothing. Reading the words
in pictures is another bench: bench/ocr.py.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from cost import machine, save
from tarazu.evaluation.media import drawings
from tarazu.media import pdq
from tarazu.media.bank import Bank, Entry
from tarazu.media.scanner import Scanner
from tarazu.media.studio import Studio

KINDS = (drawings.portrait, drawings.poster, drawings.flag, drawings.emblem, drawings.scene)


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--pictures", type=int, default=200)
    about.add_argument("--known", type=int, default=100_000, help="hashes in the bank")
    about.add_argument("--times", type=int, default=3, help="how often the pictures are gone through")
    chosen = about.parse_args()
    where = machine()
    with TemporaryDirectory() as room:
        files = list(drawn(Path(room), chosen.pictures))
        bank = filled(Path(room) / "known.bank", chosen.known, files)
        many = files * chosen.times
        rows = [
            row("hash: opened in 1 child, PDQ", many, lambda: hashed(many, workers=1)),
            row("hash: opened in 2 children, PDQ", many, lambda: hashed(many, workers=2)),
            row("hash, eight turns, 2 children", many, lambda: hashed(many, workers=2, turned=True)),
            row(f"match with {chosen.known:,} hashes, eight turns", many, lambda: matched(many, bank, False)),
            row("match, cropped and framed copies too", many, lambda: matched(many, bank, True)),
        ]
        if importlib.util.find_spec("pdqhash"):
            rows += [
                row("Pillow and pdqhash at full size, no sandbox", files, lambda: peer(files, None)),
                row("Pillow and pdqhash at 512 pixels, no sandbox", many, lambda: peer(many, 512)),
            ]
        bank.close()
    save(
        "media_throughput",
        "Pictures end to end",
        where
        | {
            "pictures": f"{len(files)} drawn, {chosen.times} times",
            "hashes in the bank": f"{chosen.known:,}",
        },
        {"Pictures a second": rows},
    )
    return 0


def row(what: str, files: list[Path], work: Callable[[], object]) -> dict[str, object]:
    """Time one way, after a first go that starts processes and loads kernels."""
    started = time.perf_counter()
    work()
    return {"what": what, "pictures/s": round(len(files) / (time.perf_counter() - started), 1)}


def drawn(room: Path, count: int) -> Iterator[Path]:
    """Yield files of drawn pictures."""
    for number in range(count):
        path = room / f"{number:05}.jpg"
        KINDS[number % len(KINDS)](number).save(path, quality=88)
        yield path


def filled(path: Path, count: int, files: list[Path]) -> Bank:
    """Return a bank of random hashes, and every fifth picture with its local features."""
    bank = Bank.create(path, owner="bench", reason="bench")
    words = np.random.default_rng(7).integers(0, 2**64, (count, 4), dtype=np.uint64)
    bank.add_many((Entry.picture(text) for text in pdq.text(words)), by="bench", trusted=True)
    with Studio(features=True) as studio:
        studies = studio.map((file, None) for file in files[::5])
        bank.add_many(
            [Entry.of(study.hash, features=study.features) for study in studies], by="bench", trusted=True
        )
    bank.match(words[:1])  # the index is made at the first match
    return bank


def hashed(files: list[Path], *, workers: int, turned: bool = False) -> int:
    with Studio(workers=workers, turned=turned) as studio:
        return sum(1 for _ in studio.map((file, None) for file in files))


def matched(files: list[Path], bank: Bank, parts: bool) -> int:
    with Scanner([bank], words=False, parts=parts) as scanner:
        return sum(bool(sighting.matches) for sighting in scanner.scan((file, None) for file in files))


def peer(files: list[Path], side: int | None) -> int:
    import pdqhash

    total = 0
    for file in files:
        with Image.open(file) as picture:
            pixels = picture.convert("RGB")
        if side is not None:
            pixels.thumbnail((side, side))
        total += pdqhash.compute(np.asarray(pixels))[1]
    return total


if __name__ == "__main__":
    sys.exit(main())
