from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import polars as pl
import pytest
from reworder import message, reword

from tarazu.text.normalise import folded
from tarazu.text.rewordings import waves
from tarazu.text.words import words

HOUR = 3_600_000


@pytest.mark.parametrize("swap", [0.2, 0.35, 0.5])
@pytest.mark.parametrize("language", ["en", "fa", "ar"])
def test_reworded_messages_are_found_among_others(language: str, swap: float) -> None:
    random = Random(f"{language}{swap}")
    texts, times, truth = [], [], []
    for number in range(10):  # ten messages, thirty rewordings each, within a minute
        base, moment = message(language, random), random.randrange(60 * 24) * HOUR
        for _ in range(30):
            texts.append(reword(base, language, random, swap))
            times.append(moment + random.randrange(60_000))
            truth.append(number)
    for _ in range(3_000):  # people who use the same words for something else
        texts.append(reword(message(language, random, names=0), language, random, 0.5))
        times.append(random.randrange(60 * 24 * HOUR))
        truth.append(-1)
    found = waves(words(folded(pl.Series(texts))), np.array(times))
    for number in range(10):
        members = [label for label, kind in zip(found, truth, strict=True) if kind == number]
        wave, size = Counter(members).most_common(1)[0]
        assert wave >= 0
        assert size >= 27
        assert np.count_nonzero(found == wave) <= size + 3


def test_the_same_words_a_day_later_are_another_wave() -> None:
    random = Random(1)
    base = message("en", random)
    texts = [reword(base, "en", random, 0.2) for _ in range(10)]
    times = np.array([0, 1, 2, 3, 4] * 2) * 60_000 + np.repeat([0, 24 * HOUR], 5)
    found = waves(words(folded(pl.Series(texts))), times)
    assert len(set(found[:5].tolist())) == len(set(found[5:].tolist())) == 1
    assert found[0] != found[5]


def test_nothing_to_say() -> None:
    assert waves(words(pl.Series(["", "so it is"])), np.array([0, 1])).tolist() == [-1, -1]
