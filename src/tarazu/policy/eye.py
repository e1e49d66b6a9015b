"""What the judge asks of whoever looks at pictures: the sightings of a post's media, by reference."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from tarazu.sightings import MediaMatch, Sighting

LEGIBLE = 0.7  # confidence from which words read in a picture can decide


class Eye(Protocol):
    """Anything that looks at media: files through the sandbox, hashes against banks, or what was seen before."""

    @property
    def versions(self) -> Mapping[str, str]:
        """What a sighting depends on, by name and version: banks, the reader of words."""
        ...

    def look(self, media: Sequence[str]) -> Mapping[str, Sighting]:
        """Return what is seen in each of the references; one that is nothing to look at may be left out."""
        ...


def shown(sightings: Collection[Sighting], decides: bool) -> dict[str, MediaMatch]:
    """Return the entities that known pictures show, each with its nearest match.

    `decides` asks for entries that decide; without it, for those that only inform a person.
    """
    found: dict[str, MediaMatch] = {}
    for sighting in sightings:
        if any(match.negative and match.decides for match in sighting.matches):
            continue  # known and fine
        for match in sighting.matches:
            if match.entity_id is None or match.decides != decides:
                continue
            nearest = found.get(match.entity_id)
            if nearest is None or match.distance < nearest.distance:
                found[match.entity_id] = match
    return found


def words_in(sightings: Collection[Sighting]) -> tuple[str, float]:
    """Return the words read in the pictures of a post, and how surely: the confidence weighted by length."""
    read = [text for sighting in sightings for text in sighting.text if text.text.strip()]
    size = sum(len(text.text) for text in read)
    sure = sum(text.confidence * len(text.text) for text in read) / size if size else 1.0
    return "\n".join(text.text for text in read), sure
