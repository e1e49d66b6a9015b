"""A small reworder in three languages: swaps words for synonyms, turns clauses round, adds openings."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

WORDS = json.loads((Path(__file__).parent / "rewording.json").read_text(encoding="utf-8"))


def _sets(language: str) -> list[list[str]]:
    return [group.split() for group in WORDS[language]["synonyms"]]


def message(language: str, random: Random, words: int = 14, names: int = 2) -> list[str]:
    """Return a message as a list of words: mostly from the synonym sets, with a name or two."""
    chosen = [random.choice(group) for group in random.sample(_sets(language), words - names)]
    for name in random.sample(WORDS[language]["names"].split(), names):
        chosen.insert(random.randrange(len(chosen)), name)
    return chosen


def reword(text: list[str], language: str, random: Random, swap: float, shuffle: bool = True) -> str:
    """Swap a share of the words for synonyms, turn two clauses round, wrap in an opening and an ending."""
    other = {word: group for group in _sets(language) for word in group}
    out = [
        random.choice([w for w in other[word] if w != word])
        if word in other and random.random() < swap
        else word
        for word in text
    ]
    if shuffle:
        cut = random.randrange(3, len(out) - 3)
        out = out[cut:] + out[:cut]
    if random.random() < 0.6:
        out.insert(0, random.choice(WORDS[language]["openings"]))
    if random.random() < 0.6:
        out.append(random.choice(WORDS[language]["endings"]))
    return " ".join(out)
