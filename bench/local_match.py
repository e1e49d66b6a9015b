"""What finding cropped and framed copies costs, and what each way to find them finds.

    python bench/local_match.py                            ways on 60 drawings, then banks of 1, 10 and 100 thousand
    python bench/local_match.py --banks 1000 --drawings 20

The bank is drawings (tarazu.evaluation.media), added first, and, to make it large, made-up pictures: each has points
drawn from those of 250 further drawings, one of the 128 bits of each code turned over, at places of their own. What a
search costs hangs on how many codes are alike, so that is measured too, on drawings and on made-up pictures ("Load").
Search is timed for copies of drawings in the bank and for drawings that are in no bank.

Made-up pictures say what a large bank costs and whether a copy is still found in it. They say little about false
matches, for their points lie at random: those are counted on drawings, here and in docs/evaluation.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cost import machine, save
from tarazu.evaluation.media.changes import Change, changes, cropped
from tarazu.evaluation.media.drawings import picture
from tarazu.evaluation.media.finders import seen
from tarazu.media import pdq
from tarazu.media.local.features import Features, features
from tarazu.media.local.index import LocalIndex
from tarazu.media.local.keypoints import STEP, Keypoints, none

BANKS = (1_000, 10_000, 100_000)
DRAWINGS, SEARCHES = 60, 60
TURNED_BITS = 1
FURTHER, POOL = 2 * 10**6, 250  # number of the first of the drawings that made-up pictures are made of
LIKE = 18  # bits within which two codes are alike
SHOWN = {
    "border, 10 %",
    "uneven border, 20 %",
    "caption bar, top, white, 25 %",
    "screenshot, phone",
    "screenshot, browser",
    "screenshot, post",
    "cropped all round, 5 %",
    "cropped all round, 10 %",
    "cropped all round, 20 %",
    "cropped all round, 40 %",
    "cropped at one side, 5 %",
    "cropped at one side, 10 %",
    "cropped at one side, 40 %",
    "sticker, 6 %",
    "words over it, 20 %",
    "rotated slightly, 5 degrees",
    "mixed, cropped 10 % all round, in a post, JPEG 60",
}
# Sub-crops hashed when a picture is added: shares of the sides that are left, and how many places along each. A grid
# fits the crops of `changes`, which are round numbers from the middle, as it fits no others: OFF_GRID are others.
CROPS = ((0.95, 3), (0.9, 3), (0.8, 3), (0.7, 5), (0.6, 5))
# In large banks: changes that boxes hardly find, looked for by points alone.
HARD = (
    "cropped all round, 20 %",
    "cropped all round, 40 %",
    "mixed, cropped 10 % all round, in a post, JPEG 60",
)
OFF_GRID = (0.07, 0.13, 0.25, 0.35)  # shares of both sides that are cut away, anywhere


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--banks", type=int, nargs="*", default=list(BANKS), help="pictures in a bank")
    about.add_argument(
        "--drawings", type=int, default=DRAWINGS, help="known drawings, and as many unknown ones"
    )
    chosen = about.parse_args()
    drawn = [picture(number) for number in range(chosen.drawings)]
    known = [features(seen(one)) for one in drawn]
    where = machine()
    pool = [features(seen(picture(FURTHER + number, side=512))) for number in range(POOL)]
    sections = {
        "Ways": ways(drawn, known),
        "Load": load(known, pool),
        "Banks": [bank(size, drawn, known, pool) for size in chosen.banks],
    }
    save("local_match", "Cropped and framed copies", where, sections)
    return 0


def ways(drawn: list, known: list[Features]) -> list[dict[str, object]]:
    """Return the share found of each change, and the answers that are wrong, each way by itself."""
    finders = [_Hashes(whole), _Hashes(crops), _Local("boxes inside", boxes), _Local("points", points)]
    finders.append(_Local("points and boxes", lambda f: f))
    for number, one in enumerate(known):
        for finder in finders:
            finder.add(number, seen(drawn[number]), one)
    rows = []
    for change in (*(c for c in changes() if c.name in SHOWN), *off_grid()):
        rows.append({"change": change.name} | {f.name: share for f, share in _tried(finders, change, drawn)})
    wrong: dict[str, object] = {"change": "answers for as many unknown drawings"}
    for finder in finders:
        wrong[finder.name] = sum(
            len(finder.find(pixels, features(pixels)))
            for pixels in (seen(picture(10**6 + number)) for number in range(len(drawn)))
        )
    print(wrong, flush=True)
    return [*rows, wrong]


def _tried(finders: list, change: Change, drawn: list) -> Iterator[tuple[_Hashes | _Local, float]]:
    found = dict.fromkeys(finders, 0)
    for number, one in enumerate(drawn):
        pixels = seen(change(one, number))
        query = features(pixels)
        for finder in finders:
            found[finder] += number in finder.find(pixels, query)
    print(change.name, {finder.name: many for finder, many in found.items()}, flush=True)
    for finder, many in found.items():
        yield finder, round(many / len(drawn), 3)


def off_grid() -> Iterator[Change]:
    for share in OFF_GRID:

        def cut(one: Image.Image, draw: np.random.Generator, share: float = share) -> Image.Image:
            left, top = draw.uniform(0, share, 2)
            return cropped(one, left, top, share - left, share - top)

        yield Change(
            family="cropped anywhere", setting=f"{share:.0%}".replace("%", " %"), amount=share, make=cut
        )


def whole(pixels: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """PDQ"""
    return pdq.of_pixels(pixels)[0][None]


def crops(pixels: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """sub-crops"""
    tall, wide = pixels.shape[:2]
    found = [pdq.of_pixels(pixels)[0]]
    for share, places in CROPS:
        for y in np.linspace(0, 1 - share, places):
            for x in np.linspace(0, 1 - share, places):
                top, left = round(y * tall), round(x * wide)
                part = pixels[top : top + round(share * tall), left : left + round(share * wide)]
                found.append(pdq.of_pixels(part)[0])
    return np.stack(found)


class _Hashes:
    """Known pictures by the hashes of their parts; the query by its own."""

    def __init__(self, parts: Callable[[NDArray[np.uint8]], NDArray[np.uint64]]) -> None:
        self.name = str(parts.__doc__)
        self._parts = parts
        self._hashes: list[NDArray[np.uint64]] = []
        self._numbers: list[int] = []

    def add(self, number: int, pixels: NDArray[np.uint8], _: Features) -> None:
        found = self._parts(pixels)
        self._hashes.append(found)
        self._numbers += [number] * len(found)

    def find(self, pixels: NDArray[np.uint8], _: Features) -> set[int]:
        apart = pdq.distance(np.concatenate(self._hashes), pdq.of_pixels(pixels)[0][None])
        return set(np.array(self._numbers)[apart <= pdq.SAME].tolist())


class _Local:
    """The local index with a part of the features."""

    def __init__(self, name: str, part: Callable[[Features], Features]) -> None:
        self.name = name
        self._part = part
        self._index = LocalIndex()

    def add(self, number: int, _: NDArray[np.uint8], query: Features) -> None:
        self._index.add(number, self._part(query))

    def find(self, _: NDArray[np.uint8], query: Features) -> set[int]:
        return {hit.id for hit in self._index.search(self._part(query))}


def boxes(query: Features) -> Features:
    return replace(query, points=none())


def points(query: Features) -> Features:
    return replace(query, parts=())


def bank(size: int, drawn: list, known: list[Features], pool: list[Features]) -> dict[str, object]:
    """Return what a bank of `size` pictures costs and answers."""
    index = LocalIndex()
    for number, one in enumerate(known[:size]):
        index.add(number, one)
    begun = time.process_time()
    for number, one in enumerate(made_up(size - len(index), pool)):
        index.add(10**9 + number, one)
    adding = time.process_time() - begun
    by_name = {change.name: change for change in changes()}
    others = [features(seen(picture(10**6 + n))) for n in range(min(SEARCHES, len(drawn)))]
    row: dict[str, object] = {
        "pictures": size,
        "bytes a picture": round(index.bytes / size),
        "ms to make features": round(_features_ms(drawn), 1),
        "ms to add": round(1000 * adding / max(1, size - len(known)), 2),
    }
    index.search(others[0])
    begun = time.process_time()
    wrong = sum(len(index.search(other)) for other in others)
    row["ms to search, a stranger"] = round(1000 * (time.process_time() - begun) / len(others), 1)
    spent, asked = 0.0, 0
    for name in HARD:
        found = 0
        for number, one in enumerate(drawn[:SEARCHES]):
            query = points(features(seen(by_name[name](one, number))))
            begun = time.process_time()
            hits = {hit.id for hit in index.search(query)}
            spent += time.process_time() - begun
            asked += 1
            found += number in hits
            wrong += len(hits - {number})
        row[f"found by points alone: {name}"] = round(found / min(SEARCHES, len(drawn)), 3)
    row["ms to search, a copy"] = round(1000 * spent / asked, 1)
    row["wrong answers"] = wrong
    print(row, flush=True)
    return row


def load(known: list[Features], pool: list[Features]) -> list[dict[str, object]]:
    """Return how many codes are like one of a stranger's, a million codes."""
    asked = np.concatenate([one.points.codes[::5] for one in known])
    rows = []
    for name, bank in (("drawings", pool), ("made up", list(made_up(len(pool), pool)))):
        codes = np.concatenate([one.kept().points.codes for one in bank])
        alike = [(np.bitwise_count(codes ^ one).sum(axis=1) <= LIKE).mean() * 1e6 for one in asked]
        rows.append(
            {
                "pictures": name,
                "points a picture": round(len(codes) / len(bank)),
                "codes alike, of a million: mean": round(float(np.mean(alike))),
                "median": round(float(np.median(alike))),
                "9 of 10 below": round(float(np.quantile(alike, 0.9))),
            }
        )
        print(rows[-1], flush=True)
    return rows


def _features_ms(drawn: list) -> float:
    small = [seen(one) for one in drawn[:20]]
    begun = time.process_time()
    for one in small:
        features(one)
    return 1000 * (time.process_time() - begun) / len(small)


def made_up(many: int, pool: list[Features]) -> Iterator[Features]:
    """Give features of pictures that are none, with codes spread as those of drawings are."""
    codes = np.concatenate([one.kept().points.codes for one in pool])
    sizes = np.concatenate([one.kept().points.size for one in pool])
    chance = np.random.default_rng(4)
    kept = [one.kept() for one in pool]
    counts = [len(one.points) for one in kept]
    for _ in range(many):
        many_points = int(chance.choice(counts))
        rows = chance.integers(len(codes), size=many_points)
        bits = np.zeros((many_points, 128), np.uint8)
        np.put_along_axis(
            bits, chance.random((many_points, 128)).argpartition(TURNED_BITS)[:, :TURNED_BITS], 1, 1
        )
        turned = codes[rows] ^ np.packbits(bits, axis=1).view(np.uint64)
        frame = kept[chance.integers(len(kept))]
        places = [
            chance.integers(side * STEP, size=many_points).astype(np.uint16)
            for side in (frame.width, frame.height)
        ]
        angle = chance.integers(256, size=many_points).astype(np.uint8)
        yield replace(frame, points=Keypoints(*places, sizes[rows], angle, turned), parts=())


if __name__ == "__main__":
    raise SystemExit(main())
