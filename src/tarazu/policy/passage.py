"""The words of a post: what its author wrote, and what stands written in its pictures. Each is read by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tarazu.policy.stance.masking import TARGET, masked
from tarazu.verdicts import Mention

LETTERS = re.compile(r"[^\W\d_]{2,}")
FEW = 3  # words; a caption of fewer that takes no side (a date, a place) leaves the word to its picture


class Origin(StrEnum):
    """Where words stand."""

    POST = "post"
    PICTURE = "picture"


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Words with the entities they name. Offsets of mentions are code points of `text`."""

    text: str
    mentions: tuple[Mention, ...] = ()
    origin: Origin = Origin.POST
    legible: bool = True  # False: read in a picture, and not surely

    @property
    def speaks(self) -> bool:
        """Whether there are words at all, not only signs and numbers."""
        return LETTERS.search(self.text) is not None

    @property
    def short(self) -> bool:
        """Whether it has fewer words than a sentence needs."""
        return len(LETTERS.findall(self.text)) < FEW

    def names(self, entity_id: str) -> bool:
        """Whether the entity is named here."""
        return any(mention.entity_id == entity_id for mention in self.mentions)

    def seen(self, entity_id: str) -> str:
        """Return the words as the model reads them for one entity.

        Words under a picture of somebody need not name whom they are about: then the mark stands before them.
        """
        text = masked(self.text, self.mentions, entity_id)
        return text if self.names(entity_id) else pointed(text)


def pointed(text: str) -> str:
    """Return words that name nobody, with the mark of the entity they stand beside."""
    return f"{TARGET}. {text}"
