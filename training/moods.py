"""What the encoder learns first: mood, emotion and sarcasm of whole texts, from sets whose terms allow it.

GoEmotions (Demszky et al. 2020, Apache-2.0), XLM-T's English and Arabic sentiment (Barbieri et al. 2022, Apache-2.0),
ArSarcasm v2 (Abu Farha et al. 2021, MIT). None of them says whom a text is about: what is learned here is how praise,
thanks, grief, anger and mockery sound, before the network is asked toward whom.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from examples import Example

from tarazu.policy.stance.masking import readable

EMOTIONS = 28
MOODS = ("negative", "neutral", "positive")


def moods(folder: Path) -> list[Example]:
    """Return the training parts of the three sets under `folder`."""
    return [*goemotions(folder / "goemotions"), *xlmt(folder / "xlmt"), *arsarcasm(folder / "arsarcasm")]


def goemotions(folder: Path) -> Iterator[Example]:
    """Yield texts with their emotions; the last column is an id."""
    for line in (folder / "train.tsv").read_text(encoding="utf-8").splitlines():
        text, labels, _ = line.split("\t")
        emotions = tuple(map(int, labels.split(",")))
        yield Example(text=readable(text), emotions=emotions, source="goemotions", family="", lang="en")


def xlmt(folder: Path) -> Iterator[Example]:
    """Yield tweets with their mood."""
    for lang, name in (("en", "xlmt_english"), ("ar", "xlmt_arabic")):
        texts = (folder / name / "train_text.txt").read_text(encoding="utf-8").splitlines()
        labels = (folder / name / "train_labels.txt").read_text(encoding="utf-8").split()
        for text, label in zip(texts, labels, strict=True):
            yield Example(text=readable(text), mood=int(label), source="xlmt", family="", lang=lang)


def arsarcasm(folder: Path) -> Iterator[Example]:
    """Yield Arabic tweets with mood and sarcasm."""
    with (folder / "training.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Example(
                text=readable(row["tweet"].strip('"')),
                mood={"NEG": 0, "NEU": 1, "POS": 2}[row["sentiment"]],
                sarcasm=int(row["sarcasm"] == "TRUE"),
                source="arsarcasm",
                family="",
                lang="ar",
            )
