"""Which part a family of templates belongs to: train, dev (for choices) or test (looked at last)."""

from __future__ import annotations

import hashlib


def part_of(family: str) -> str:
    """Return the part, decided by the family's name alone, so that a grown set keeps its parts."""
    draw = int.from_bytes(hashlib.sha256(f"stance:{family}".encode()).digest()[:4], "big") / 2**32
    return "train" if draw < 0.78 else "dev" if draw < 0.88 else "test"
