"""What is kept of a picture to find cropped and framed copies of it.

`features` runs where the picture was decoded, in the child; what it returns travels as bytes, and the parent takes
nothing in them for granted. Whoever keeps features keeps a small grey image of the picture: treat them like it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tarazu.errors import InputError
from tarazu.media.local.keypoints import MOST, STEP, Keypoints, keypoints

AREA = 60_000  # pixels of the grey picture that points are looked for in
SIDE = 512  # its longest side at most
KEPT = 160  # points kept of a picture in a bank
THUMBNAIL = 64  # pixels a side of its grey image in a bank
COLOURS = 32  # cells a side of what is kept of the colours of a query
FEW_COLOURS = 16  # and of a picture in a bank
PARTS = 4  # the whole and up to three boxes inside
WHOLE = (0, 0, 65535, 65535)
MARK = b"TLF1"
UNHASHED = np.zeros((0, 4), np.uint64)
HEAD = struct.Struct("<4sHHHHHHB")
PART = struct.Struct("<4HB")


@dataclass(frozen=True)
class Part:
    """A box of the picture with the hashes of what is in it."""

    box: tuple[int, int, int, int]  # left, top, right, bottom in 65535ths of the picture's sides
    quality: int  # 0 to 100, as of PDQ
    hashes: NDArray[
        np.uint64
    ]  # 8 x 4 words, turned as in tarazu.sightings.Transform; 1 x 4 in a bank; 0 x 4: not yet

    @property
    def share(self) -> float:
        """Return its share of the picture's area."""
        left, top, right, bottom = self.box
        return (right - left) * (bottom - top) / 65535**2


@dataclass(frozen=True)
class Features:
    """One picture, as the local index sees it."""

    width: int  # of the grey picture, in pixels: the frame that points and sizes are measured in
    height: int
    grey: NDArray[
        np.uint8
    ]  # the whole picture, whatever its shape: height x width of a query, 64 x 64 in a bank
    colour: NDArray[
        np.uint8
    ]  # n x n x 2: red and blue differences (Cr, Cb) of n x n cells of the whole picture
    points: Keypoints
    parts: tuple[Part, ...]  # the whole first

    def kept(self) -> Features:
        """Return what a bank keeps: fewer points, a small grey image, few colours, upright hashes; about 8 KB."""
        parts = tuple(replace(part, hashes=part.hashes[:1]) for part in self.parts)
        grey, colour = _scaled(self.grey, THUMBNAIL), _scaled(self.colour, FEW_COLOURS)
        return replace(self, grey=grey, colour=colour, points=self.points.first(KEPT), parts=parts)

    def hashed(self, rgb: NDArray[np.uint8]) -> Features:
        """Return the features with the hashes of the parts of `rgb`, the picture that they were sketched from."""
        from tarazu.media import pdq

        tall, wide = rgb.shape[:2]
        parts = []
        for part in self.parts:
            left, top, right, bottom = part.box
            # A box was rounded down to 65535ths: rounding up gives the very pixels back.
            x0, x1 = -(-left * wide // 65535), -(-right * wide // 65535)
            y0, y1 = -(-top * tall // 65535), -(-bottom * tall // 65535)
            hashes, quality = pdq.turned(rgb[y0:y1, x0:x1])
            parts.append(replace(part, quality=quality, hashes=hashes))
        return replace(self, parts=tuple(parts))

    def to_bytes(self) -> bytes:
        """Return the features as bytes: the same picture gives the same."""
        points = self.points
        out = [
            HEAD.pack(
                MARK,
                self.width,
                self.height,
                *self.grey.shape[::-1],
                len(self.colour),
                len(points),
                len(self.parts),
            ),
            self.grey.tobytes(),
            self.colour.tobytes(),
            points.x.astype("<u2").tobytes(),
            points.y.astype("<u2").tobytes(),
            points.size.tobytes(),
            points.angle.tobytes(),
            points.codes.astype("<u8").tobytes(),
        ]
        for part in self.parts:
            out += [PART.pack(*part.box, part.quality), bytes([len(part.hashes)])]
            out += [part.hashes.astype("<u8").tobytes()]
        return b"".join(out)

    @staticmethod
    def from_bytes(data: bytes) -> Features:
        """Return the features in `data`. Raises InputError unless every size and position in it is possible."""
        try:
            return _read(data)
        except (struct.error, ValueError, IndexError) as wrong:
            raise InputError(
                f"These are no features of a picture ({wrong}); hash the picture again."
            ) from wrong


def features(rgb: NDArray[np.uint8]) -> Features:
    """Return the features of a picture, height x width x 3, RGB, at least 2 x 2."""
    return sketch(rgb).hashed(rgb)


def sketch(rgb: NDArray[np.uint8]) -> Features:
    """Return the features but for the hashes of the parts: all that needs OpenCV, and nothing that is compiled here.

    This half runs in the child, whose memory and time are bounded; `Features.hashed` is the other.
    """
    import cv2

    from tarazu.media.local.inside import inside

    cv2.setNumThreads(1)
    rgb = np.ascontiguousarray(rgb)
    tall, wide = rgb.shape[:2]
    scale = min(1.0, (AREA / (tall * wide)) ** 0.5, SIDE / max(tall, wide))
    width, height = max(2, round(wide * scale)), max(2, round(tall * scale))
    small = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    colour = _scaled(cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb)[..., 1:], COLOURS)
    parts = [Part(WHOLE, 0, UNHASHED)]
    for left, top, right, bottom in inside(small):
        x0, x1 = left * wide // width, -(-right * wide // width)
        y0, y1 = top * tall // height, -(-bottom * tall // height)
        box = (x0 * 65535 // wide, y0 * 65535 // tall, x1 * 65535 // wide, y1 * 65535 // tall)
        parts.append(Part(box, 0, UNHASHED))
    return Features(width, height, grey, colour, keypoints(grey), tuple(parts))


def _scaled(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    import cv2

    if image.shape[:2] == (side, side):
        return image
    small: NDArray[np.uint8] = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    return small


def _read(data: bytes) -> Features:
    mark, width, height, across, down, tones, many, pieces = HEAD.unpack_from(data)
    _require(mark == MARK, "another kind or version of data")
    _require(2 <= width <= SIDE and 2 <= height <= SIDE, "an impossible size")
    _require(
        2 <= across <= SIDE and 2 <= down <= SIDE and across * down <= 2 * AREA, "an impossible grey image"
    )
    _require(tones in (COLOURS, FEW_COLOURS), "impossible colours")
    _require(many <= MOST and 1 <= pieces <= PARTS, "too many points or parts")
    at = HEAD.size

    def take(size: int) -> bytes:
        nonlocal at
        _require(at + size <= len(data), "the end is missing")
        at += size
        return data[at - size : at]

    grey = np.frombuffer(take(across * down), np.uint8).reshape(down, across)
    colour = np.frombuffer(take(2 * tones**2), np.uint8).reshape(tones, tones, 2)
    x, y = (np.frombuffer(take(2 * many), "<u2").astype(np.uint16) for _ in range(2))
    size, angle = (np.frombuffer(take(many), np.uint8) for _ in range(2))
    codes = np.frombuffer(take(16 * many), "<u8").astype(np.uint64).reshape(many, 2)
    _require(
        not many or (x.max() <= width * STEP and y.max() <= height * STEP), "a point outside the picture"
    )
    parts = []
    for piece in range(pieces):
        left, top, right, bottom, quality = PART.unpack(take(PART.size))
        turns = take(1)[0]
        _require(
            turns in (0, 1, 8) and quality <= 100 and left < right and top < bottom, "an impossible part"
        )
        _require(piece > 0 or (left, top, right, bottom) == WHOLE, "a first part that is not the whole")
        hashes = np.frombuffer(take(32 * turns), "<u8").astype(np.uint64).reshape(turns, 4)
        parts.append(Part((left, top, right, bottom), quality, hashes))
    _require(at == len(data), "bytes left over")
    return Features(width, height, grey, colour, Keypoints(x, y, size, angle, codes), tuple(parts))


def _require(holds: bool, wrong: str) -> None:
    if not holds:
        raise ValueError(wrong)
