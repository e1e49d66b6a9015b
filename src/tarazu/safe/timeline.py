"""How long each frame of an animated GIF, PNG or WebP is shown, read from block headers alone; nothing is decoded.

A claimed number of frames counts for nothing: what is listed here was found in the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

LONGEST = 10.0  # seconds one frame can count for, so that no claimed pause empties the rest of the sampling
SHORTEST = 0.1  # what browsers make of a frame shown for less than 11 ms


def timeline(data: bytes, kind: str) -> list[float]:
    """Return the seconds of each frame; of a still picture, or a kind that never moves, an empty list."""
    walk = {"gif": _gif, "png": _png, "webp": _webp}.get(kind)
    if walk is None:
        return []
    seconds = [min(LONGEST, one if one >= 0.011 else SHORTEST) for one in walk(data)]
    return seconds if len(seconds) > 1 else []


def sampled(seconds: list[float], frames: int) -> list[tuple[int, float]]:
    """Return (frame, when it starts) of those to look at: one a second, at most about `frames`, first and last too.

    A frame is taken when it is what one sees at a whole number of steps; the last is what stays when it ends.
    """
    step = max(1.0, sum(seconds) / max(1, frames - 1))
    out, start, due = [], 0.0, 0
    for index, shown in enumerate(seconds):
        if due * step < start + shown - 1e-9 or index == len(seconds) - 1:
            out.append((index, start))
            due = int((start + shown - 1e-9) / step) + 1
        start += shown
    return out[: frames - 1] + out[-1:] if len(out) > frames else out


def _gif(data: bytes) -> Iterator[float]:
    if len(data) < 13:
        return
    at, shown = 13 + _table(data[10]), 0.0
    while at + 1 < len(data):
        block = data[at]
        if block == 0x21:  # extension
            if data[at + 1] == 0xF9 and at + 6 <= len(data):
                shown = int.from_bytes(data[at + 4 : at + 6], "little") / 100
            at = _past(data, at + 2)
        elif block == 0x2C and at + 10 < len(data):  # image
            yield shown
            shown = 0.0
            at = _past(data, at + 11 + _table(data[at + 9]))
        else:
            return


def _table(flags: int) -> int:
    """Return the bytes of a colour table."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past(data: bytes, at: int) -> int:
    """Return where the sub-blocks that begin at `at` are over."""
    end = len(data)
    while at < end and (size := data[at]):
        at += size + 1
    return at + 1


def _png(data: bytes) -> Iterator[float]:
    at, animated = 8, False
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"acTL":
            animated = True
        elif name == b"IDAT" and not animated:
            return
        elif name == b"fcTL" and animated:
            share = int.from_bytes(data[at + 28 : at + 30], "big")
            yield share / (int.from_bytes(data[at + 30 : at + 32], "big") or 100)
        at += size + 12


def _webp(data: bytes) -> Iterator[float]:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"ANMF":
            yield int.from_bytes(data[at + 20 : at + 23], "little") / 1000
        at += 8 + size + (size & 1)
