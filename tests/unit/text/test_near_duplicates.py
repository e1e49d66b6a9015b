from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import polars as pl

from tarazu.text.near_duplicates import clusters


def shingles(text: str) -> set[str]:
    return {text[at : at + 5] for at in range(len(text) - 4)}


def jaccard(one: str, two: str) -> float:
    a, b = shingles(one), shingles(two)
    return len(a & b) / len(a | b)


def worlds(random: Random, alphabet: str) -> list[str]:
    def word() -> str:
        return "".join(random.choice(alphabet) for _ in range(random.randrange(2, 9)))

    texts = []
    for _ in range(18):
        base = [word() for _ in range(random.randrange(8, 25))]
        for _ in range(6):
            copy = list(base)
            for _ in range(random.randrange(4)):
                copy[random.randrange(len(copy))] = word()
            texts.append(" ".join(copy))
    random.shuffle(texts)
    return texts


def test_against_brute_force() -> None:
    random = Random(5)
    texts = (
        worlds(random, "abcdefghijklmno")
        + worlds(random, "ابپتثجچحخدذر")
        + worlds(random, "あいうえおかき東京")
    )
    labels = clusters(pl.Series(texts))
    sets = [shingles(text) for text in texts]
    alike = together = wrong = 0
    for i, j in combinations([at for at, text in enumerate(texts) if len(text) >= 25], 2):
        similar = len(sets[i] & sets[j]) / len(sets[i] | sets[j])
        alike += similar >= 0.7
        together += similar >= 0.7 and labels[i] == labels[j]
        wrong += labels[i] == labels[j] and similar < 0.35
    assert alike > 100
    assert together / alike > 0.9  # a representative between two groups may take one of them
    assert wrong == 0


def test_a_chain_does_not_become_one_cluster() -> None:
    words = [f"word{number:03d}" for number in range(120)]
    chain = [" ".join(words[at : at + 20]) for at in range(100)]  # neighbours share 19 of 20 words
    labels = clusters(pl.Series(chain))
    assert jaccard(chain[0], chain[-1]) < 0.2
    assert np.bincount(labels).max() < 12


def test_short_and_missing_texts_are_no_objects() -> None:
    long = "a text that is long enough to be a copy"
    assert clusters(pl.Series(["good morning", None, "", long, long])).tolist() == [-1, -1, -1, 0, 0]


def test_a_popular_template_is_cheap() -> None:
    template = "please sign this petition against the new law before friday night dear"
    texts = pl.Series([f"{template} {number}" for number in range(20_000)])
    assert clusters(texts).max() == 0
