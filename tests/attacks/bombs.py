"""Files that lie, explode or never end; all made in code, none larger than a few MiB."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av
import numpy as np
from PIL import Image

MAGIC = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Bomb:
    kind: str
    name: str
    data: bytes


def picture(form: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """Return a good small picture."""
    stream = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(stream, form, **options)
    return stream.getvalue()


def animation(form: str, frames: int = 4, **options: object) -> bytes:
    stream = io.BytesIO()
    first, *rest = [Image.new("RGB", (64, 48), (40 * n % 256, 90, 30)) for n in range(frames)]
    first.save(stream, form, save_all=True, append_images=rest, duration=500, **options)
    return stream.getvalue()


@cache
def video(form: str = "mp4", codec: str = "mpeg4", sizes: tuple[tuple[int, int], ...] = ((64, 48),)) -> bytes:
    """Return a good small video of two seconds a size; several sizes follow each other in one stream."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=form) as container:
        out = container.add_stream(codec, rate=10)
        out.width, out.height = sizes[0]
        out.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for part, (width, height) in enumerate(sizes):
            encoder = out.codec_context if part == 0 else av.CodecContext.create(codec, "w")
            if part:
                encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
                encoder.framerate, encoder.time_base = 10, Fraction(1, 10)
            shown = [np.full((height, width, 3), 10 * n, np.uint8) for n in range(20)]
            for n, pixels in enumerate([*shown, None]):
                frame = None if pixels is None else av.VideoFrame.from_ndarray(pixels, format="rgb24")
                if frame is not None:
                    frame.pts, frame.time_base = n, Fraction(1, 10)
                for packet in encoder.encode(frame):
                    packet.stream = out
                    if part:
                        packet.pts, packet.dts = packet.pts + 20 * part, packet.dts + 20 * part
                    container.mux(packet)
    return stream.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def header(width: int, height: int, depth: int = 8, colour: int = 2, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


@cache
def zeros(mib: int) -> bytes:
    """Return so many MiB of nothing, compressed a thousandfold."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(mib)) + packer.flush()


def png(*chunks: bytes) -> bytes:
    return MAGIC + b"".join(chunks) + chunk(b"IEND", b"")


def png_claims() -> Iterator[tuple[str, bytes]]:
    body = chunk(b"IDAT", zeros(1))
    for width, height in (
        (50_000, 50_000),
        (65_535, 65_535),
        (2**31 - 1, 2**31 - 1),
        (1, 2**31 - 1),
        (9000, 9000),
    ):
        for colour in (2, 6):
            yield f"{width} x {height}, colour type {colour}", png(header(width, height, 8, colour), body)
    yield "interlaced", png(header(30_000, 30_000, 8, 6, 1), body)
    yield "16 bits a channel", png(header(20_000, 20_000, 16, 6), body)
    yield "no pixels", png(header(0, 0), body)
    yield "no rows", png(header(100, 0), body)
    yield "no such depth", png(header(10, 10, 7), body)


def png_explodes() -> Iterator[tuple[str, bytes]]:
    image = chunk(b"IDAT", zlib.compress(bytes(31 * 10)))
    for mib in (20, 100, 300):
        texts = chunk(b"zTXt", b"Comment\0\0" + zeros(mib))
        yield f"zTXt of {mib} MiB", png(header(10, 10), texts, image)
        texts = chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(mib))
        yield f"iTXt of {mib} MiB", png(header(10, 10), texts, image)
        yield f"iCCP of {mib} MiB", png(header(10, 10), chunk(b"iCCP", b"icc\0\0" + zeros(mib)), image)
    many = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1_000_000), 9))
    yield "200 zTXt of 1 MB", png(header(10, 10), *[many] * 200, image)
    yield "60 million pixels in 230 KB", png(header(8000, 7500), chunk(b"IDAT", zeros(172)))
    yield "60 million pixels with alpha", png(header(8000, 7500, 8, 6), chunk(b"IDAT", zeros(229)))


def gif(width: int, height: int, frames: int, delay: int = 10) -> bytes:
    one = b"\x21\xf9\x04\x00" + struct.pack("<H", delay) + b"\x00\x00"
    one += b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    return screen + one * frames + b"\x3b"


def gifs() -> Iterator[tuple[str, bytes]]:
    for frames in (1, 2, 1000):
        yield f"65,535 x 65,535, {frames} frames", gif(65_535, 65_535, frames)
    yield "100,000 frames of a million pixels", gif(1000, 1000, 100_000)
    yield "100,000 frames of 250,000 pixels", gif(500, 500, 100_000)
    yield "2,000 frames of 30 million pixels", gif(6000, 5000, 2000)
    yield "40 frames of 60 million pixels", gif(8000, 7500, 40)
    inner = b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0x80, 0, 0) + bytes(6)
    yield (
        "a frame outside its screen",
        inner + b"\x2c" + struct.pack("<HHHHB", 60_000, 60_000, 65_000, 65_000, 0),
    )


def apng(width: int, height: int, frames: int) -> bytes:
    parts, sequence = [header(width, height), chunk(b"acTL", struct.pack(">II", frames, 0))], 0
    row = zlib.compress(bytes(4))
    for n in range(frames):
        size = (width, height, 0, 0) if n == 0 else (1, 1, 0, 0)
        parts.append(chunk(b"fcTL", struct.pack(">IIIIIHHBB", sequence, *size, 1, 10, 0, 0)))
        sequence += 1
        if n == 0:
            parts.append(chunk(b"IDAT", zeros(width * height * 3 // 2**20 + 1)))
        else:
            parts.append(chunk(b"fdAT", struct.pack(">I", sequence) + row))
            sequence += 1
    return png(*parts)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(n + struct.pack("<I", len(b)) + b + bytes(len(b) & 1) for n, b in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def three(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def webp(width: int, height: int, frames: int) -> bytes:
    """Return an animation of one-pixel frames on a large canvas."""
    small = picture("WEBP", (2, 2), lossless=True)[12:]
    frame = three(0) * 2 + three(1) * 2 + three(100) + b"\0" + small
    screen = b"\x02\0\0\0" + three(width - 1) + three(height - 1)
    return riff((b"VP8X", screen), (b"ANIM", bytes(6)), *[(b"ANMF", frame)] * frames)


def lossless(width: int, height: int, alpha: int = 0) -> bytes:
    """Return a picture of one colour: five code tables of one symbol each, so no bit at all for a pixel."""
    bits = (width - 1) | (height - 1) << 14 | alpha << 28
    return riff((b"VP8L", b"\x2f" + struct.pack("<I", bits) + b"\x88\x88\x08" + bytes(8)))


def animations() -> Iterator[tuple[str, bytes]]:
    yield "PNG, 5,000 frames of 20 million pixels", apng(5000, 4000, 5000)
    yield "PNG, 20,000 frames of a million pixels", apng(1000, 1000, 20_000)
    yield "PNG, 70 million pixels", apng(10_000, 7000, 2)
    yield (
        "PNG, a second frame larger than the first",
        png(
            header(10, 10),
            chunk(b"acTL", struct.pack(">II", 2, 0)),
            chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 10, 10, 0, 0, 1, 1, 0, 0)),
            chunk(b"IDAT", zlib.compress(bytes(310))),
            chunk(b"fcTL", struct.pack(">IIIIIHHBB", 1, 60_000, 60_000, 0, 0, 1, 1, 0, 0)),
            chunk(b"fdAT", struct.pack(">I", 2) + zeros(1)),
        ),
    )
    yield "WebP, 16,384 x 16,384, 2 frames", webp(16_384, 16_384, 2)
    yield "WebP, 16,777,216 x 16", webp(2**24, 16, 2)
    yield "WebP, 5,000 frames of 20 million pixels", webp(5000, 4000, 5000)
    yield "WebP, 50,000 frames of a million pixels", webp(1000, 1000, 50_000)
    yield "WebP, 60 million pixels", webp(8000, 7500, 2)


def lossless_webps() -> Iterator[tuple[str, bytes]]:
    for width, height in ((16_384, 16_384), (16_384, 4096), (16_384, 3900), (8000, 7500), (5000, 4000)):
        yield f"{width} x {height}", lossless(width, height)
        yield f"{width} x {height} with alpha", lossless(width, height, 1)


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def progressive(width: int, height: int, scans: int) -> bytes:
    """Return a picture of very many scans that say nothing: every block of each is an end of band."""
    table = segment(0xDB, b"\0" + b"\1" * 64)
    start = segment(0xC2, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    one_code = bytes([1] + [0] * 15)
    codes = segment(0xC4, b"\x00" + one_code + b"\x00") + segment(0xC4, b"\x10" + one_code + b"\xe0")
    blocks = -(-width // 8) * -(-height // 8)
    run = segment(0xDA, b"\x01\x01\x00\x01\x3f\x00") + bytes(-(-(blocks // 16_384 + 1) * 15 // 8))
    first = segment(0xDA, b"\x01\x01\x00\x00\x00\x00") + bytes(-(-blocks // 8))
    return b"\xff\xd8" + table + start + codes + first + run * scans + b"\xff\xd9"


def jpegs() -> Iterator[tuple[str, bytes]]:
    good = picture("JPEG")
    at = good.index(b"\xff\xc0") + 5
    for width, height in (
        (65_500, 65_500),
        (65_535, 65_535),
        (65_535, 1000),
        (10_000, 7000),
        (0, 100),
        (100, 0),
    ):
        yield f"claims {width} x {height}", good[:at] + struct.pack(">HH", height, width) + good[at + 4 :]
    for side, scans in ((7900, 2000), (7900, 20_000), (4000, 30_000)):
        yield f"{scans} scans of {side} x {side}", progressive(side, side, scans)
    yield "a segment that never ends", good[:20] + b"\xff\xe1\xff\xff" + good[20:]
    yield "only its first bytes", good[:3]


def tiff(
    entries: dict[int, tuple[int, int, int]], order: str = "<", follow: int = 0, body: bytes = b""
) -> bytes:
    """Return a TIFF of one directory: tag -> (type, count, value)."""
    start = b"II*\0" if order == "<" else b"MM\0*"
    fields = b""
    for tag, (kind, count, value) in sorted(entries.items()):
        packed = struct.pack(order + ("HH" if kind == 3 else "I"), *((value, 0) if kind == 3 else (value,)))
        fields += struct.pack(order + "HHI", tag, kind, count) + packed
    directory = struct.pack(order + "H", len(entries)) + fields + struct.pack(order + "I", follow)
    return start + struct.pack(order + "I", 8) + directory + body


def tiff_entries(width: int, height: int, **other: tuple[int, int, int]) -> dict[int, tuple[int, int, int]]:
    names = {"compression": 259, "strips": 273, "sizes": 279, "rows": 278, "samples": 277, "bits": 258}
    names |= {"tile_width": 322, "tile_height": 323, "tiles": 324, "tile_sizes": 325}
    plain = {
        256: (4, 1, width),
        257: (4, 1, height),
        258: (3, 1, 8),
        259: (3, 1, 1),
        262: (3, 1, 1),
        273: (4, 1, 122),
        277: (3, 1, 1),
        278: (4, 1, height),
        279: (4, 1, width * height & 0xFFFFFFFF),
    }
    return plain | {names[name]: value for name, value in other.items()}


def tiffs() -> Iterator[tuple[str, bytes]]:
    packed = zeros(10)
    for width, height in ((60_000, 60_000), (2**31 - 1, 2**31 - 1), (2**32 - 1, 1), (0, 10), (9000, 9000)):
        yield f"claims {width} x {height}", tiff(tiff_entries(width, height), body=bytes(500))
    yield "big-endian", tiff(tiff_entries(60_000, 60_000), ">", body=bytes(500))
    deflated = (3, 1, 8)
    packing = tiff_entries(8000, 7500, compression=deflated, sizes=(4, 1, len(packed)))
    yield "deflated, 60 million pixels, cut off", tiff(packing, body=packed)
    yield "a strip of 4 GB", tiff(tiff_entries(5000, 5000, sizes=(4, 1, 2**32 - 1), compression=deflated))
    yield "a strip outside the file", tiff(tiff_entries(500, 500, strips=(4, 1, 2**31)))
    yield (
        "a billion strips",
        tiff(tiff_entries(500, 500, strips=(4, 10**9, 8), sizes=(4, 10**9, 8), rows=(4, 1, 1))),
    )
    huge = (4, 1, 2**31 - 16)
    entries = tiff_entries(
        500, 500, tile_width=huge, tile_height=huge, tiles=(4, 1, 200), tile_sizes=(4, 1, 9)
    )
    del entries[273], entries[279], entries[278]
    yield "tiles of 2 billion pixels a side", tiff(entries | {259: deflated}, body=bytes(500))
    yield "65,535 samples a pixel", tiff(tiff_entries(500, 500, samples=(3, 1, 65_535)))
    yield "a directory at the end of time", b"II*\0\xff\xff\xff\xff"
    yield "a directory inside its own header", b"II*\0\x00\x00\x00\x00"


def bmps() -> Iterator[tuple[str, bytes]]:
    for width, height, bits in (
        (50_000, 50_000, 24),
        (2**31 - 1, 2**31 - 1, 32),
        (9000, -9000, 24),
        (0, 0, 24),
    ):
        info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, 0, 0, 0, 0, 0)
        yield f"claims {width} x {height}", b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info
    info = struct.pack("<IiiHHIIiiII", 40, 7900, 7900, 1, 8, 1, 0, 0, 0, 256, 0)
    rle = b"BM" + struct.pack("<IHHI", 54, 0, 0, 1078) + info + bytes(1024)
    yield "62 million pixels run-length coded, cut off", rle + b"\xff\x00" * 1000
    yield "no such compression", rle[:30] + struct.pack("<I", 99) + rle[34:]


def avifs() -> Iterator[tuple[str, bytes]]:
    good = picture("AVIF")
    at = good.index(b"ispe") + 8
    for width, height in ((65_535, 65_535), (2**31, 2**31), (30_000, 30_000), (9000, 9000), (0, 0)):
        yield f"claims {width} x {height}", good[:at] + struct.pack(">II", width, height) + good[at + 8 :]
    yield "boxes in boxes", good[:28] + b"".join(struct.pack(">I4s", 2**20, b"meta") for _ in range(10_000))
    yield "a box of no length", good[:28] + struct.pack(">I4sQ", 1, b"meta", 2**63) + good[28:]
    yield "HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + good[28:]


def others() -> Iterator[tuple[str, bytes]]:
    starts = {
        "HTML": b"<!DOCTYPE html><script>alert(1)</script>",
        "HTML after a byte order mark": b"\xef\xbb\xbf<html>",
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "XML with entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        "PDF": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>",
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60000 60000\n(%pipe%id) (r) file\n",
        "ZIP": b"PK\x03\x04" + bytes(100),
        "gzip": b"\x1f\x8b\x08" + bytes(100),
        "a program": b"\x7fELF" + bytes(100),
        "MVG": b"push graphic-context\nimage over 0,0 0,0 'https://example.org/x.png'",
        "an icon": b"\0\0\1\0\1\0" + bytes(100),
        "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100),
        "PPM": b"P6 60000 60000 255\n",
        "Photoshop": b"8BPS\0\1" + bytes(100),
        "text": b"nothing to see" * 20,
        "noise": bytes(range(255, 0, -1)) * 4,
    }
    yield from starts.items()


def empties() -> Iterator[tuple[str, bytes]]:
    yield "no bytes", b""
    yield "one byte", b"\xff"
    starts = (b"\xff\xd8\xff", MAGIC, b"GIF89a", b"RIFF\x04\0\0\0WEBP", b"II*\0", b"\0\0\0\x0cftypavif")
    for start in (*starts, b"\0\0\0\x0cftypisom", b"\x1a\x45\xdf\xa3"):
        yield f"only {start!r}", start


def broken() -> Iterator[tuple[str, bytes]]:
    for form in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"):
        good = picture(form, (640, 480))
        yield f"half a {form}", good[: len(good) // 2]
        yield f"{form} with its middle gone", good[:20] + good[len(good) - 20 :]
    yield "half a video", video()[: len(video()) // 2]
    yield "PNG whose checksums lie", png(header(10, 10)[:-4] + b"lies", chunk(b"IDAT", zeros(1)))


def replaced(data: bytes, name: bytes, offset: int, value: bytes) -> bytes:
    """Return the bytes with something else at so many bytes after the end of a name."""
    at = data.index(name) + len(name) + offset
    return data[:at] + value + data[at + len(value) :]


def videos() -> Iterator[tuple[str, bytes]]:
    good = video()
    for samples in (2**32 - 1, 2**31, 400_000_000):
        lie = replaced(good, b"stsz", 4, struct.pack(">II", 1, samples))
        lie = replaced(lie, b"stts", 4, struct.pack(">III", 1, samples, 1))
        yield f"{samples:,} frames", lie
    yield "without its index", good.replace(b"moov", b"zzzz")
    good = video("mov", "mjpeg")
    entry = replaced(good, b"stsd", 12 + 28, struct.pack(">HH", 60_000, 60_000))
    size = b"\xff\xc0\x00\x11\x08"
    lie = entry.replace(size + struct.pack(">HH", 48, 64), size + struct.pack(">HH", 60_000, 60_000))
    yield "claims 60,000 x 60,000 in every frame", lie
    yield "an unknown decoder", replaced(good, b"stsd", 12, b"zzzz")
    yield "a decoder that is not allowed", replaced(good, b"stsd", 12, b"cvid")
    for form, codec in (("webm", "libvpx"), ("matroska", "mpeg4")):
        good = video(form, codec)
        yield f"{form}, cut in its header", good[:200]
        yield f"{form} of one endless element", good[:4] + b"\x01\xff\xff\xff\xff\xff\xff\xfe" + good[5:300]
    yield "transport stream of nothing", (b"\x47" + bytes(187)) * 2000
    yield "transport stream of noise", (b"\x47" + bytes(range(187))) * 2000
    with io.BytesIO() as stream:
        with av.open(stream, "w", format="mp4") as container:
            sound = container.add_stream("aac", rate=8000)
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            frame.sample_rate = 8000
            container.mux([*sound.encode(frame), *sound.encode()])
        yield "sound only", stream.getvalue()


def reaching(address: str) -> Iterator[tuple[str, bytes]]:
    """Give files that ask their reader to fetch the address."""
    where = address.encode()
    yield "HLS", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n" + where + b"/a.ts\n#EXT-X-ENDLIST\n"
    yield "concat", b"ffconcat version 1.0\nfile '" + where + b"/a.mp4'\n"
    yield "SDP", b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"
    yield "DASH", b'<?xml version="1.0"?><MPD><BaseURL>' + where + b"</BaseURL></MPD>"
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="' + where + b'/x.png"/></svg>'
    yield "ASX", b'<asx version="3.0"><entry><ref href="' + where + b'"/></entry></asx>'
    yield "playlist behind a brand", b"\0\0\0\x14ftypisom\0\0\0\0isom#EXTM3U\n" + where
    url = b"\0\0\0\0" + where + b"/a.mov\0"
    reference = struct.pack(">I4s", len(url) + 8, b"url ") + url
    drefs = b"dref\0\0\0\0\0\0\0\x01" + reference
    good = video("mov")
    old = good.index(b"dref")
    size = int.from_bytes(good[old - 4 : old], "big")
    grown = bytearray(good[: old - 4] + struct.pack(">I", len(drefs) + 4) + drefs + good[old - 4 + size :])
    for name in (b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        at = grown.rindex(name, 0, old) - 4
        grown[at : at + 4] = struct.pack(
            ">I", int.from_bytes(grown[at : at + 4], "big") + len(drefs) + 4 - size
        )
    yield "QuickTime whose pictures are elsewhere", bytes(grown)


KINDS = {
    "PNG that claims": png_claims,
    "PNG that explodes": png_explodes,
    "GIF": gifs,
    "animated PNG and WebP": animations,
    "lossless WebP": lossless_webps,
    "JPEG": jpegs,
    "TIFF": tiffs,
    "BMP": bmps,
    "AVIF": avifs,
    "something else": others,
    "nearly nothing": empties,
    "broken": broken,
    "video": videos,
}


def bombs() -> list[Bomb]:
    return [Bomb(kind, name, data) for kind, make in KINDS.items() for name, data in make()]


def small() -> Iterator[tuple[str, bytes]]:
    """Give what the makers above make when asked for little: all good, so that no bomb is a dud."""
    yield "PNG", png(header(10, 10), chunk(b"zTXt", b"Comment\0\0" + zeros(0)), chunk(b"IDAT", zeros(1)))
    yield "GIF", gif(100, 90, 3)
    yield "animated PNG", apng(100, 90, 3)
    yield "animated WebP", webp(100, 90, 3)
    yield "lossless WebP", lossless(100, 90)
    yield "progressive JPEG", progressive(100, 90, 3)
    for order in "<>":
        yield f"TIFF {order}", tiff(tiff_entries(10, 10), order, body=bytes(100))
    packed = zeros(1)
    deflated = tiff_entries(1024, 1024, compression=(3, 1, 8), sizes=(4, 1, len(packed)))
    yield "deflated TIFF", tiff(deflated, body=packed)
    for form, codec in (("mp4", "mpeg4"), ("mov", "mjpeg"), ("webm", "libvpx"), ("matroska", "mpeg4")):
        yield form, video(form, codec)


def heavy() -> Iterator[tuple[str, bytes]]:
    """Give odd files that a reader may accept: they must be cheap all the same."""
    good = picture("PNG")
    yield "PNG with 300 MiB behind its pixels", png(header(10, 10), chunk(b"IDAT", zeros(300)))
    garbage = chunk(b"eXIf", b"MM\0*\0\0\0\x08" + b"\xff" * 5000)
    yield "PNG with garbage as EXIF", good[:33] + garbage + good[33:]
    loop = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"
    yield "JPEG whose EXIF contains itself", picture("JPEG", exif=b"Exif\0\0" + loop)
    yield "JPEG with a colour profile of 1 MB", picture("JPEG", icc_profile=b"\xff" * 10**6)
    yield "TIFF whose next directory is this one", tiff(tiff_entries(10, 10), follow=8, body=bytes(500))
    yield "picture and web page at once", good + b"<html><script>alert(1)</script></html>"
    yield "picture and ZIP at once", picture("JPEG") + b"PK\x03\x04" + bytes(100)
    packed = zeros(58)
    entries = tiff_entries(8000, 7500, compression=(3, 1, 8), sizes=(4, 1, len(packed)))
    yield "TIFF of 60 million grey pixels in 60 KB", tiff(entries, body=packed)
    yield "GIF of no pixels", gif(0, 0, 1)
    yield "WebM that changes its size", video("webm", "libvpx", ((64, 48), (320, 240), (32, 32)))
    yield "video that claims a thousand years", replaced(video(), b"mvhd", 16, b"\x7f\xff\xff\xff")
    yield "video whose second frame comes in 24 days", replaced(video(), b"stts", 12, b"\x7f\xff\xff\xff")
    yield "GIF of 3,000 frames, ten minutes each", gif(100, 100, 3000, 60_000)
