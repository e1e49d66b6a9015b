"""What is seen in one file: its hashes, the known pictures it matches, the words in it. Facts, no opinion.

A match says that two pictures are the same; what follows from it is the policy's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Transform(StrEnum):
    """How the known picture was turned to give the one at hand. The first eight are the symmetries of a square."""

    UPRIGHT = "upright"
    ROTATED_90 = "rotated_90"  # counter-clockwise
    ROTATED_180 = "rotated_180"
    ROTATED_270 = "rotated_270"
    FLIPPED = "flipped"  # top to bottom
    MIRRORED = "mirrored"  # left to right
    ROTATED_90_FLIPPED = "rotated_90_flipped"  # about one diagonal
    ROTATED_270_FLIPPED = "rotated_270_flipped"  # about the other
    PART = "part"  # one lies inside the other: cropped, framed, on a screenshot

    @property
    def inverse(self) -> Transform:
        """The one that undoes it: only the two quarter turns are not their own."""
        quarters = {Transform.ROTATED_90: Transform.ROTATED_270, Transform.ROTATED_270: Transform.ROTATED_90}
        return quarters.get(self, self)


@dataclass(frozen=True, kw_only=True)
class PictureHash:
    """One picture, or one frame of a moving one, as a PDQ hash."""

    pdq: str  # 64 hexadecimal digits
    quality: int  # 0 to 100; below 50 the picture has too little in it to be told from others
    at: float = 0.0  # seconds from the start


@dataclass(frozen=True, kw_only=True)
class MediaHash:
    """One file: the digests of its bytes, and the hashes of what it shows."""

    path: str
    sha256: str
    md5: str
    format: str | None = None  # jpeg, png, gif, webp, mp4, ...
    width: int = 0
    height: int = 0
    seconds: float = 0.0  # 0 for a still picture
    frames: tuple[PictureHash, ...] = ()  # one for a still picture
    rejected: str | None = None  # why nothing of it could be seen

    @property
    def moving(self) -> bool:
        """Whether it is a video or an animated picture."""
        return self.seconds > 0 or len(self.frames) > 1


@dataclass(frozen=True, kw_only=True)
class MediaMatch:
    """A known picture found in a file."""

    bank: str
    entry: str  # id of the entry in its bank
    distance: int  # bits in which the hashes differ, 0 to 256
    transform: Transform
    entity_id: str | None = None  # whom the known picture shows, if its bank says
    shows: str | None = None  # portrait | emblem | flag | poster | any word of the operator's
    negative: bool = False  # known and fine: argues against every other match
    decides: bool = True  # False: the entry is new or held, so it informs a person and decides nothing
    share: float = 1.0  # of the frames of a moving picture that match; 1 for a still one


@dataclass(frozen=True, kw_only=True)
class PictureText:
    """Words read in a picture, in reading order, right to left kept as Unicode has it."""

    lang: str  # en | fa | ar
    text: str  # lines joined with "\n"
    confidence: float  # 0 to 1, weighted by the length of the words


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """All that was seen in one file."""

    hash: MediaHash
    matches: tuple[MediaMatch, ...] = ()
    text: tuple[PictureText, ...] = ()
    unread: str | None = None  # why words in the picture were not looked for; None: they were

    @property
    def known(self) -> tuple[MediaMatch, ...]:
        """The matches that decide: none when the picture is known and fine, by an entry that may decide."""
        if any(match.negative and match.decides for match in self.matches):
            return ()
        return tuple(match for match in self.matches if match.decides)

    def line(self) -> dict[str, object]:
        """Return the sighting as a line of `matches.jsonl`."""
        return {
            "path": self.hash.path,
            "matches": [
                {
                    "bank": match.bank,
                    "entry": match.entry,
                    "distance": match.distance,
                    "transform": str(match.transform),
                    "entity_id": match.entity_id,
                    "shows": match.shows,
                    "negative": match.negative,
                    "decides": match.decides,
                    "share": round(match.share, 4),
                }
                for match in self.matches
            ],
            "text": [
                {"lang": one.lang, "text": one.text, "confidence": round(one.confidence, 4)}
                for one in self.text
            ],
            "unread": self.unread,
            "rejected": self.hash.rejected,
        }
