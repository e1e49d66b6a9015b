"""How well words in pictures are read: drawn posters whose words are known, and drawings without any.

Character accuracy is 1 - (edits to the truth) / (length of the truth), not below 0, a poster at a time. *Folded* is
counted on the letters that mention linking compares, *strict* on the characters as they are (NFC, blanks as one).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tarazu.errors import OptionError
from tarazu.evaluation.media import word_posters
from tarazu.evaluation.media.drawings import picture
from tarazu.evaluation.media.poster_lines import HELD_OUT
from tarazu.evaluation.media.word_posters import WordPoster
from tarazu.media import ocr
from tarazu.media.ocr.reading import strips
from tarazu.policy.designations.entity import Entity
from tarazu.policy.mentions import Linker
from tarazu.progress import SILENT, Progress
from tarazu.sightings import PictureText

SEED, EACH = 2027, 6  # posters a font and background
WORDLESS_SEED, WORDLESS = 700_000, 100  # drawings without words


@dataclass(frozen=True, kw_only=True)
class PosterFigures:
    """What was read on one poster."""

    lang: str
    font: str
    display: bool
    busy: bool
    folded: float  # character accuracy
    strict: float
    linked: bool  # whether the entity of the headline was found in what was read
    mistaken: bool  # whether another entity was
    english: float | None  # folded accuracy of the English line below, if there is one


@dataclass(frozen=True, kw_only=True)
class TextFigures:
    """Figures of all posters, and of drawings without words."""

    posters: tuple[PosterFigures, ...]
    wordless: int  # drawings without words
    unstarted: int  # of them, those for which tesseract was never started
    invented: int  # of them, those in which words were read all the same
    version: str

    def where(self, **wanted: object) -> tuple[PosterFigures, ...]:
        """Return the posters whose fields have these values."""
        return tuple(one for one in self.posters if all(getattr(one, k) == v for k, v in wanted.items()))

    def record(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return asdict(self)


def run(progress: Progress = SILENT, *, each: int = EACH, wordless: int = WORDLESS) -> TextFigures:
    """Read `each` held-out posters a font and background, and so many drawings without words.

    Raises OptionError when tesseract, a language or a font is not installed, and says which.
    """
    absent = ocr.missing() or word_posters.missing()
    if absent is not None:
        raise OptionError(absent)
    listed = entities()
    linker = Linker(listed)
    drawn = word_posters.posters(HELD_OUT, names(listed), seed=SEED, each=each)
    with progress.stage("Reading posters") as stage, ThreadPoolExecutor(2) as pool:
        figures = []
        for one in pool.map(lambda poster: measured(poster, linker), drawn):
            figures.append(one)
            stage.advance()
    with progress.stage("Looking for words where there are none", wordless) as stage:
        unstarted = invented = 0
        for number in range(WORDLESS_SEED, WORDLESS_SEED + wordless):
            pixels = np.asarray(picture(number))
            unstarted += not strips(pixels)
            invented += bool(ocr.read(pixels))
            stage.advance()
    return TextFigures(
        posters=tuple(figures),
        wordless=wordless,
        unstarted=unstarted,
        invented=invented,
        version=ocr.version(),
    )


def entities() -> tuple[Entity, ...]:
    """Return the invented entities of the example list."""
    from tarazu.policy.designations import read_entities
    from tarazu.policy.examples import invented_entities

    return tuple(read_entities(invented_entities()).entities)


def names(listed: Iterable[Entity]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return (entity id, name) pairs a language, without slogans and ambiguous names."""
    out: dict[str, list[tuple[str, str]]] = {lang: [] for lang in word_posters.FONTS}
    for entity in listed:
        for alias in entity.aliases:
            if alias.lang in out and not alias.slogan and not alias.ambiguous:
                out[alias.lang].append((entity.id, alias.text))
    return {lang: tuple(pairs) for lang, pairs in out.items()}


def measured(poster: WordPoster, linker: Linker) -> PosterFigures:
    """Read a poster and compare."""
    told = ocr.read(poster.pixels)
    own, truth = _text(told, poster.lang), "\n".join(poster.lines)
    linked = {mention.entity_id for text in told for mention in linker.link(text.text)}
    return PosterFigures(
        lang=poster.lang,
        font=poster.font,
        display=poster.display,
        busy=poster.busy,
        folded=accuracy(folded(truth), folded(own)),
        strict=accuracy(strict(truth), strict(own)),
        linked=poster.entity_id in linked,
        mistaken=bool(linked - {poster.entity_id}),
        english=accuracy(folded("\n".join(poster.english)), folded(_text(told, "en")))
        if poster.english
        else None,
    )


def _text(told: tuple[PictureText, ...], lang: str) -> str:
    return "\n".join(text.text for text in told if text.lang == lang)


def strict(text: str) -> str:
    """Return a text as it is, in NFC, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def folded(text: str) -> str:
    """Return the letters that mention linking compares, words apart by one blank."""
    from tarazu.text.folding import fold
    from tarazu.text.letters import BREAK, OTHER, SPACE, STOP

    data: NDArray[np.uint8] = np.frombuffer(text.encode(), np.uint8)
    letters = fold(data, np.array([0, data.size], np.int64))
    out: list[str] = []
    for letter, gap in zip(letters.letter.tolist(), letters.gap.tolist(), strict=True):
        out.append(" " * bool(gap & (SPACE | STOP | OTHER | BREAK) and out) + chr(letter))
    return "".join(out)


def accuracy(truth: str, told: str) -> float:
    """Return the character accuracy of `told`, 0 to 1."""
    if not truth:
        return 1.0 if not told else 0.0
    return max(0.0, 1 - edits(truth, told) / len(truth))


def edits(one: str, other: str) -> int:
    """Return how many characters must be put in, left out or changed to make one text the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, row[0] = row[0], at
        for to, wanted in enumerate(other, start=1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (letter != wanted))
    return row[-1]
