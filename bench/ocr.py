"""Pictures a second whose words are read, apart from everything else that is done to a picture.

    python bench/ocr.py
    python bench/ocr.py --posters 2

Three kinds of pictures, 800 to 1,200 pixels wide and already decoded: posters with two to four lines on plain paper,
posters with a drawn scene behind the words, drawings without words. "Finding" is the test whether there are lines at
all, before tesseract; each line found costs a reading in English and in Persian, and in Arabic where it leans that way.
"Starting" is a tesseract that loads a model and reads one empty line: what a process a call costs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from cost import machine, save
from tarazu.evaluation.media import word_posters
from tarazu.evaluation.media.drawings import picture
from tarazu.evaluation.media.poster_lines import TUNING
from tarazu.evaluation.media.words_in_pictures import entities, names
from tarazu.media import ocr
from tarazu.media.ocr import engine
from tarazu.media.ocr.reading import strips

Pixels = NDArray[np.uint8]


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--posters", type=int, default=2, help="posters a font and background")
    chosen = about.parse_args()
    absent = ocr.missing() or word_posters.missing()
    if absent is not None:
        print(absent)
        return 2
    where = machine()
    drawn = list(word_posters.posters(TUNING, names(entities()), seed=3, each=chosen.posters))
    kinds = {
        "posters, plain": [poster.pixels for poster in drawn if not poster.busy],
        "posters, busy": [poster.pixels for poster in drawn if poster.busy],
        "drawings without words": [np.asarray(picture(number)) for number in range(20 * chosen.posters)],
    }
    save(
        "ocr",
        "Words in pictures",
        where | {"reader": ocr.version()},
        {
            "Pictures a second": [row(name, pictures) for name, pictures in kinds.items()],
            "Starting": [starting(lang) for lang in ocr.available()],
        },
    )
    return 0


def row(name: str, pictures: list[Pixels]) -> dict[str, object]:
    """Measure one kind of pictures."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    before = cpu()
    one = seconds(lambda: [ocr.read(pixels) for pixels in pictures])
    used = cpu() - before
    with ThreadPoolExecutor(cores) as pool:
        several = seconds(lambda: list(pool.map(ocr.read, pictures)))
    finding = seconds(lambda: [strips(pixels) for pixels in pictures])
    found = [len(strips(pixels)) for pixels in pictures]
    return {
        "pictures": name,
        "number": len(pictures),
        "pictures/s, one thread": len(pictures) / one,
        f"pictures/s, {cores} threads": len(pictures) / several,
        "CPU s a picture": used / len(pictures),
        "of it finding, s": finding / len(pictures),
        "lines read a picture": statistics.fmean(found),
        "never started": f"{sum(not count for count in found) / len(found):.0%}",
    }


def starting(lang: str) -> dict[str, object]:
    """Measure what a process a call costs."""
    empty = np.full((48, 48), 255, np.uint8)
    return {
        "language": lang,
        "s": statistics.median(seconds(lambda: engine.words([empty], lang)) for _ in range(9)),
    }


def cpu() -> float:
    """Return the CPU seconds of this process and of the children that have ended."""
    return sum(os.times()[:4])


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    raise SystemExit(main())
