"""One known picture or video of a bank: its hashes, whom it shows, where it is from, in which state it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tarazu.errors import InputError
from tarazu.media.bank.state import State
from tarazu.sightings import PictureHash

if TYPE_CHECKING:
    from tarazu.sightings import MediaHash

LEAST_QUALITY = 50  # below, PDQ's own advice is not to compare
MOST_FRAMES = 4096
LONGEST = 4000  # characters of a text
_LONGEST_ID = 200
_HEX = {length: re.compile(rf"[0-9a-f]{{{length}}}") for length in (32, 64)}
_STRANGE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
)  # a text of several lines is not a cell
_EMPTY = ("0" * 64, "f" * 64)  # what a picture of one colour hashes to; it would match any other such


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry as it is given to a bank or comes out of it. It needs a frame or a digest."""

    frames: tuple[PictureHash, ...] = ()  # one for a picture, more for a video
    sha256: str | None = None  # of the file's bytes
    md5: str | None = None
    id: str = ""  # empty: made of the hashes, so that one picture is in a bank once
    label: str = ""  # a comment for people
    entity_id: str | None = None  # whom it shows
    shows: str | None = None  # portrait | emblem | flag | poster | any word of the operator's
    reason: str = ""  # why it is known
    source: str = ""  # who gave it
    added_by: str = ""
    added_at: datetime | None = None  # set when it is added
    expires_at: date | None = None  # the first day (UTC) on which it no longer matches
    state: State | None = None  # set when it is added
    features: bytes | None = None  # local features, for cropped and framed copies

    @classmethod
    def picture(cls, pdq: str, quality: int = 100, **told: Any) -> Entry:
        """An entry of one picture, by its PDQ hash."""
        return cls(frames=(PictureHash(pdq=pdq.lower(), quality=quality),), **told)

    @classmethod
    def of(cls, hash: MediaHash, **told: Any) -> Entry:
        """An entry of a hashed file. Frames of too low a quality are left out; the digests always stand."""
        frames = tuple(frame for frame in hash.frames if frame.quality >= LEAST_QUALITY)
        return cls(frames=frames, sha256=hash.sha256, md5=hash.md5, **told)

    @property
    def pdq(self) -> str | None:
        """The hash of the picture, or of the first frame; None: known by its bytes only."""
        return self.frames[0].pdq if self.frames else None

    def made_id(self) -> str:
        """An id made of what is known of the picture: the same hashes give the same id."""
        told = " ".join([self.sha256 or "", self.md5 or "", *(frame.pdq for frame in self.frames)])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def check(self) -> None:
        """Raise InputError, with what to do, unless a bank can keep it."""
        fault = self._fault()
        if fault is not None:
            raise InputError(fault)

    def _fault(self) -> str | None:
        if not self.frames and self.sha256 is None and self.md5 is None:
            return "Nothing to know it by: give a PDQ hash of quality 50 or more, a SHA-256 or an MD5."
        if len(self.frames) > MOST_FRAMES:
            return f"{len(self.frames):,} frames; at most {MOST_FRAMES:,}. Give one frame a second, or fewer."
        for frame in self.frames:
            if not _HEX[64].fullmatch(frame.pdq):
                return f"'{frame.pdq[:80]}' is no PDQ hash: it must be 64 hexadecimal digits, in lower case."
            if not LEAST_QUALITY <= frame.quality <= 100:
                return (
                    f"A hash of quality {frame.quality} would match unrelated pictures; {LEAST_QUALITY} to 100 "
                    "is taken. Give the SHA-256 of the file instead: it matches exact copies."
                )
            if frame.pdq in _EMPTY:
                return f"The hash {frame.pdq[:4]}... is that of a picture of one colour. Leave it out."
            if not 0 <= frame.at < 1e9:
                return f"A frame cannot be at {frame.at} seconds. Give seconds from the start."
        for name, length in (("sha256", 64), ("md5", 32)):
            digest = getattr(self, name)
            if digest is not None and not _HEX[length].fullmatch(digest):
                return f"'{digest[:80]}' is no {name}: it must be {length} hexadecimal digits, in lower case."
        for name in _TEXTS:
            text = getattr(self, name)
            longest = _LONGEST_ID if name == "id" else LONGEST
            if text is not None and (len(text) > longest or _STRANGE.search(text)):
                return (
                    f"{name} must be one line of at most {longest:,} characters without control characters."
                )
        if "" in (self.entity_id, self.shows):
            return "entity_id and shows are left out, not empty, where nothing is to be said."
        if self.id != self.id.strip():
            return "An id cannot begin or end with a blank."
        return None


_TEXTS = [
    one.name
    for one in fields(Entry)
    if one.name not in ("frames", "sha256", "md5", "added_at", "expires_at", "state", "features")
]
