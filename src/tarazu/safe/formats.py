"""What kind of file some bytes are, by the bytes alone; a file's name says nothing.

Every kind that is read is named here, and nothing else is ever handed to a decoder.
"""

from __future__ import annotations

from tarazu.safe.refused import Refused

STILL = {
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "avif": "AVIF",
    "bmp": "BMP",
    "tiff": "TIFF",
}
MOVING = ("mp4", "mov", "webm", "mkv", "ts")  # beside animated GIF, PNG and WebP

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
)
# Named in the reason, because these are what a file with a picture's name often is.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"%!PS", "PostScript"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"#EXTM3U", "a playlist"),
    (b"ffconcat", "a playlist"),
    (b"<?xml", "XML or SVG"),
    (b"<svg", "SVG"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_BMP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)


def kind(data: bytes) -> str:
    """Return the name of the format, one of `STILL` or `MOVING`. Raises Refused."""
    if not data:
        raise Refused("The file is empty.")
    for start, name in _STARTS:
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if data[4:8] == b"ftyp":
        return _base_media(data)
    if data[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip") and b"moov" in data:
        return "mov"
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"webm" in data[:64] else "mkv"
    if len(data) >= 376 and data[0] == data[188] == 0x47:
        return "ts"
    head = data[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    for start, name in _OTHERS:
        if head[: len(start)].lower() == start.lower():
            raise Refused(f"The file is {name}, not a picture or video.")
    raise Refused("The file is no picture or video of a kind that is read.")


def _base_media(data: bytes) -> str:
    """Return the kind of an ISO base media file by its brands."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))}
    if data[8:12] == b"avis" or (b"avif" in brands and data[8:12] in (b"avif", b"mif1", b"msf1", b"miaf")):
        return "avif"
    if brands & {b"heic", b"heix", b"hevc", b"heim", b"heis"} or data[8:12] in (b"mif1", b"msf1"):
        raise Refused("The file is an HEIC picture, which is not read. Convert it to JPEG.")
    return "mov" if data[8:12] == b"qt  " else "mp4"


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height that a WebP claims, or None if it is none: its decoder takes memory before it tells."""
    name, start = data[12:16], data[20:30]
    if len(start) < 10:
        return None
    if name == b"VP8X":
        return int.from_bytes(start[4:7], "little") + 1, int.from_bytes(start[7:10], "little") + 1
    if name == b"VP8L":
        bits = int.from_bytes(start[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        return int.from_bytes(start[6:8], "little") & 0x3FFF, int.from_bytes(start[8:10], "little") & 0x3FFF
    return None
