"""Two keys of one text, each with the way back to the original: the folded key and the skeleton.

The **folded key** is what a reader reads: compatibility forms, case, accents, Arabic-script variants, kashida,
vowel signs, invisible characters and digits of other scripts are unified; separators become one space. The
**skeleton** is what a reader of a *disguised* text reads: look-alikes of other alphabets, leet (0 1 3 4 5 7 @ $ !)
and Arabic letters by their shape are unified too, repeated letters become one, separators disappear. Many
ordinary words share a skeleton, so it never proves anything alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tarazu.text.folding import Folded, fold


class Key(NamedTuple):
    """A key and, for each of its characters, the code points start[i] to end[i] of the original text."""

    text: str
    start: tuple[int, ...]
    end: tuple[int, ...]


def folded_text(text: str) -> Folded:
    """Fold one string; lone surrogates are separators."""
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    return fold(data, np.array([0, data.size], dtype=np.int64))


def folded_key(text: str) -> Key:
    """Return the folded key. Links and e-mail addresses are left out; '@' and '$' within a word are kept."""
    letters = folded_text(text)
    key: list[tuple[str, int, int]] = []
    for letter, first, last, wide in zip(
        letters.letter.tolist(),
        letters.offset.tolist(),
        letters.end.tolist(),
        letters.wide.tolist(),
        strict=True,
    ):
        if wide and key:
            key.append((" ", key[-1][2], first))
        key.append((chr(letter), first, last))
    return _key(key)


def skeleton(text: str) -> Key:
    """Return the skeleton: looks of letters, repeated ones as one, without separators."""
    letters = folded_text(text)
    key: list[tuple[str, int, int]] = []
    for look, first, last in zip(
        letters.look.tolist(), letters.offset.tolist(), letters.end.tolist(), strict=True
    ):
        if key and key[-1][0] == chr(look):
            key[-1] = (key[-1][0], key[-1][1], last)
        else:
            key.append((chr(look), first, last))
    return _key(key)


def _key(parts: list[tuple[str, int, int]]) -> Key:
    return Key(
        "".join(part[0] for part in parts), tuple(part[1] for part in parts), tuple(part[2] for part in parts)
    )
