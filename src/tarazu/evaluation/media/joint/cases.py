"""Posts of a picture and a caption, with the verdict that a careful moderator gives.

`dev` is for choosing thresholds and wording; `test` only for the figures. The two share no caption, no picture and
no manner of writing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tarazu.verdicts import Outcome

SPLITS = ("dev", "test")
CRITICAL_HEADLINES = ("front page, critical headline", "front page, critical headline and neutral caption")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What is drawn for one post."""

    kind: str  # portrait | emblem | flag | poster | front_page | meme | screenshot | card | scene
    seed: int  # of the drawing; of a portrait's, where words stand around one
    change: str  # jpeg | resize | crop | frame | mirror: what became of it before it was posted
    lines: tuple[str, ...] = ()  # words in it
    masthead: str = ""  # of a front page

    @property
    def shows(self) -> str | None:
        """The drawing that a bank may know: portrait, emblem or flag; None when there is none."""
        if self.kind in ("card", "scene"):
            return None
        return self.kind if self.kind in ("emblem", "flag") else "portrait"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One post with its truth."""

    id: str
    lang: str
    split: str
    form: str  # what the picture and the caption do together
    picture: Picture
    caption: str  # empty for none
    entity: str | None  # whom the picture shows, by the invented list; None for somebody or something unknown
    truth: Outcome

    @property
    def critical_headline(self) -> bool:
        """Whether it is a front page whose headline criticises whom it shows."""
        return self.form in CRITICAL_HEADLINES


@dataclass(frozen=True, kw_only=True, order=True)
class Known:
    """A picture that the bank holds, as it was before anybody changed it."""

    shows: str
    seed: int
    entity: str

    @property
    def name(self) -> str:
        """Name of the entry."""
        return f"{self.shows}-{self.seed}"


@cache
def every() -> tuple[Case, ...]:
    """Return every case, in file order."""
    file = resources.files("tarazu.evaluation").joinpath("data", "joint_posts.jsonl")
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        picture = row["picture"]
        found.append(
            Case(
                id=row["id"],
                lang=row["lang"],
                split=row["split"],
                form=row["form"],
                picture=Picture(
                    kind=picture["kind"],
                    seed=picture["seed"],
                    change=picture["change"],
                    lines=tuple(picture.get("lines", ())),
                    masthead=picture.get("masthead", ""),
                ),
                caption=row["caption"],
                entity=row["entity"],
                truth=Outcome(row["verdict"]),
            )
        )
    return tuple(found)


def cases(split: str = "test") -> tuple[Case, ...]:
    """Return the cases of one split."""
    return tuple(case for case in every() if case.split == split)


def known(chosen: Iterable[Case]) -> tuple[Known, ...]:
    """Return what the bank of some cases holds: every drawing of the list's entities that they show."""
    return tuple(
        sorted(
            {
                Known(shows=case.picture.shows, seed=case.picture.seed, entity=case.entity)
                for case in chosen
                if case.picture.shows is not None and case.entity is not None
            }
        )
    )
