"""Archives as nobody honest writes them, byte by byte. Each is small; what it would become is not."""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import zstandard

EVIL = b"evil" * 25  # the content that must not get out
GOOD = b"good" * 25
ZEROS = bytes(8 * 2**20)  # what bombs are filled with, eight times the quota of the tests


@dataclass(frozen=True)
class Hostile:
    """One archive, and what has to become of it."""

    name: str
    data: bytes
    whole: bool = False  # refused whole; otherwise what is evil in it stays in, and `good.txt` comes out


@dataclass(frozen=True, kw_only=True)
class Zipped:
    """One file of a zip archive, every field of which can lie."""

    name: bytes
    data: bytes = EVIL
    method: int = 0
    flags: int = 0x800
    mode: int = stat.S_IFREG | 0o644
    size: int | None = None  # as said
    packed: int | None = None  # bytes of it, as said
    check: int | None = None
    inner: bytes | None = None  # its name in its own header
    more: bytes = b""  # additions to its own header
    at: int | None = None  # where the list says it is

    def body(self) -> bytes:
        if self.method != 8:
            return self.data
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.data) + packer.flush()

    def fields(self, body: bytes) -> bytes:
        check = zlib.crc32(self.data) if self.check is None else self.check
        packed = len(body) if self.packed is None else self.packed
        size = len(self.data) if self.size is None else self.size
        return struct.pack("<HHHHHIII", 20, self.flags, self.method, 0, 33, check, packed, size)

    def local(self) -> bytes:
        body, name = self.body(), self.name if self.inner is None else self.inner
        lengths = struct.pack("<HH", len(name), len(self.more))
        return b"PK\3\4" + self.fields(body) + lengths + name + self.more + body

    def listed(self, at: int) -> bytes:
        at = at if self.at is None else self.at
        tail = struct.pack("<HHHHHII", len(self.name), 0, 0, 0, 0, self.mode << 16, at)
        return b"PK\1\2" + struct.pack("<H", 0x314) + self.fields(self.body()) + tail + self.name


def zipped(*files: Zipped, end: Callable[[int, int, int], bytes] | None = None) -> bytes:
    out, listed = b"", b""
    for one in files:
        listed += one.listed(len(out))
        out += one.local()
    end = end or zip_end
    return out + listed + end(len(files), len(listed), len(out))


def zip_end(count: int, size: int, at: int, comment: bytes = b"") -> bytes:
    count = min(count, 65535)
    return b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, size, at, len(comment)) + comment


def header(
    name: bytes = b"evil",
    kind: bytes = b"0",
    size: int | bytes = 0,
    link: bytes = b"",
    magic: bytes = b"ustar\00000",
    before: bytes = b"",
    check: bytes | None = None,
) -> bytes:
    said = size if isinstance(size, bytes) else b"%011o\0" % size
    block = (
        name.ljust(100, b"\0")[:100] + b"0000644\0" + b"0000000\0" * 2 + said + b"00000000000\0" + b" " * 8
    )
    block = (
        (block + kind + link.ljust(100, b"\0") + magic).ljust(345, b"\0")
        + before.ljust(155, b"\0")
        + bytes(12)
    )
    return block[:148] + (check or b"%06o\0 " % sum(block)) + block[156:]


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def tarred(name: bytes, data: bytes = EVIL, kind: bytes = b"0", **more: bytes) -> bytes:
    return header(name, kind, len(data), **more) + padded(data)


def record(key: bytes, value: bytes) -> bytes:
    text = b" %b=%b\n" % (key, value)
    length = len(text) + 1
    while len(b"%d" % length) + len(text) != length:
        length += 1
    return b"%d" % length + text


def pax(*records: bytes, kind: bytes = b"x") -> bytes:
    return tarred(b"pax", b"".join(records), kind)


OK_ZIP = Zipped(name=b"good.txt", data=GOOD)
OK_TAR = tarred(b"good.txt", GOOD)
END = bytes(1024)

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor(level=3).compress,
}

NAMES = [
    "../evil", "../../evil", "a/../../evil", "a/b/../../../evil", "./../evil", "..//evil", "a/..", "/evil",
    "//evil", "/etc/cron.d/evil", "/proc/self/mem", "C:/evil", "C:evil", "z:\\evil", "C:\\..\\evil",
    "\\evil", "\\\\host\\c$\\evil", "\\\\?\\C:\\evil", "..\\evil", "a\\..\\..\\evil", "..\\/evil",
    "..../evil", ".../evil", ".. /evil", " ../evil", "a/ .. /../evil", "..\\..\\..\\evil",
    "\u2024\u2024/evil", "\u2025/evil", "\uff0e\uff0e/evil", "\uff0e\uff0e\uff0fevil", "..\uff0fevil",
    "\uff0fevil", "..\uff3cevil", "..\ufe68evil", "\uff23:/evil", "evil\nname", "\x1b[2Jevil", "evil\x7f",
    "evil\x85", "e" * 256, "\u06f1" * 130, "/".join(["ab"] * 600)[1:], "d/" * 17 + "evil", ".",
]  # fmt: skip


def names() -> Iterator[Hostile]:
    for name in NAMES:
        raw = name.encode()
        yield Hostile(f"zip name {name[:30]!a}", zipped(OK_ZIP, Zipped(name=raw)))
        long = b"" if len(raw) <= 100 else pax(record(b"path", raw))
        yield Hostile(f"tar name {name[:30]!a}", OK_TAR + long + tarred(raw[:100]) + END)
    yield Hostile("zip name with a null", zipped(OK_ZIP, Zipped(name=b"evil\0.png")))
    yield Hostile("zip name with a null first", zipped(OK_ZIP, Zipped(name=b"\0evil")))
    yield Hostile("zip no name", zipped(OK_ZIP, Zipped(name=b"")))
    yield Hostile("tar no name", OK_TAR + tarred(b"") + END)
    yield Hostile("tar name that is no text", OK_TAR + tarred(b"\xff\xfeevil") + END)
    yield Hostile("tar long name", OK_TAR + tarred(b"@", b"../evil\0", b"L") + tarred(b"evil") + END)
    yield Hostile("tar extended name", OK_TAR + pax(record(b"path", b"/tmp/evil")) + tarred(b"evil") + END)
    yield Hostile(
        "tar extended name with a null", OK_TAR + pax(record(b"path", b"a\0b")) + tarred(b"evil") + END
    )
    yield Hostile("tar prefix", OK_TAR + tarred(b"evil", before=b"a/../..") + END)
    yield Hostile("tar name for all", pax(record(b"path", b"evil"), kind=b"g") + OK_TAR + END, whole=True)
    yield Hostile("tar size for all", pax(record(b"size", b"9"), kind=b"g") + OK_TAR + END, whole=True)
    for one, other in (
        ("good.txt", "good.txt"),
        ("good.txt", "GOOD.txt"),
        ("good.txt", "./good.txt"),
        ("good.txt", "good.txt/evil"),
        ("good.txt", "Good.TXT/a/evil"),
        ("good.txt", "g\uff4f\uff4fd.txt"),
        ("good.txt", "goo\u00addd.txt/../evil"),
    ):
        yield Hostile(
            f"zip twice {other!a}", zipped(Zipped(name=one.encode(), data=GOOD), Zipped(name=other.encode()))
        )
        yield Hostile(f"tar twice {other!a}", tarred(one.encode(), GOOD) + tarred(other.encode()) + END)


def kinds() -> Iterator[Hostile]:
    for target in (b"/etc/passwd", b"..", b"../../evil", b"good.txt", b"/"):
        for kind in (b"1", b"2"):
            yield Hostile(f"tar link {kind!r} {target!r}", OK_TAR + header(b"evil", kind, link=target) + END)
        link = Zipped(name=b"evil", data=target, mode=stat.S_IFLNK | 0o777)
        yield Hostile(f"zip link {target!r}", zipped(OK_ZIP, link))
    through = header(b"d", b"2", link=b"..") + tarred(b"d/../evil")
    yield Hostile("tar file through a link", OK_TAR + through + END)
    for kind in (b"3", b"4", b"6", b"S", b"V", b"M", b"D", b"N", b"Z", b"\xff"):
        yield Hostile(f"tar kind {kind!r}", OK_TAR + header(b"evil", kind) + END)
    for kind in (b"1", b"2", b"3", b"5", b"6", b"V"):
        yield Hostile(
            f"tar kind {kind!r} with content", OK_TAR + tarred(b"evil", EVIL, kind) + END, whole=True
        )
    for key, value in (
        (b"GNU.sparse.major", b"1"),
        (b"GNU.sparse.size", b"9999999"),
        (b"GNU.sparse.map", b"0,9"),
    ):
        yield Hostile(f"tar holes {key!r}", OK_TAR + pax(record(key, value)) + tarred(b"evil") + END)
    for mode in (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFDIR):
        yield Hostile(f"zip mode {mode:o}", zipped(OK_ZIP, Zipped(name=b"evil", mode=mode)))
    for method in (1, 6, 9, 12, 14, 93, 95, 99):
        yield Hostile(f"zip method {method}", zipped(OK_ZIP, Zipped(name=b"evil", method=method)))
    for flag in (0x1, 0x41):
        yield Hostile(f"zip encrypted {flag}", zipped(OK_ZIP, Zipped(name=b"evil", flags=flag | 0x800)))


def nested() -> Iterator[Hostile]:
    bomb = zipped(Zipped(name=b"evil", data=ZEROS, method=8))
    inner = {
        "zip": bomb,
        "tar": tarred(b"evil") + END,
        "7z": b"7z\xbc\xaf\x27\x1c" + EVIL,
        "rar": b"Rar!\x1a\x07" + EVIL,
    }
    inner |= {f"tar.{name}": pack(tarred(b"evil", ZEROS)) for name, pack in PACKERS.items()}
    for name, data in inner.items():
        yield Hostile(f"{name} in zip", zipped(OK_ZIP, Zipped(name=b"evil.png", data=data)))
        yield Hostile(f"{name} in packed zip", zipped(OK_ZIP, Zipped(name=b"evil", data=data, method=8)))
        yield Hostile(f"{name} in tar.xz", lzma.compress(OK_TAR + tarred(b"evil.png", data) + END))
    for name, pack in PACKERS.items():
        yield Hostile(f"tar.{name} packed again", gzip.compress(pack(OK_TAR + END)), whole=True)


def bombs() -> Iterator[Hostile]:
    yield Hostile(
        "zip deflate",
        zipped(OK_ZIP, *(Zipped(name=b"%d" % n, data=ZEROS[: 2**20], method=8) for n in range(9))),
        True,
    )
    yield Hostile("zip one too large", zipped(OK_ZIP, Zipped(name=b"evil", data=ZEROS, method=8)))
    small = Zipped(name=b"evil", data=ZEROS, method=8, size=10, check=zlib.crc32(bytes(10)))
    yield Hostile("zip larger than said", zipped(small, OK_ZIP), whole=True)
    for name, pack in PACKERS.items():
        yield Hostile(f"tar.{name} of zeros", pack(OK_TAR + tarred(b"evil", ZEROS) + END), whole=True)
        yield Hostile(
            f"tar.{name} of many", pack(b"".join(tarred(b"%d" % n, ZEROS[:900_000]) for n in range(9))), True
        )
        yield Hostile(
            f"tar.{name} with a name of zeros", pack(OK_TAR + tarred(b"@", ZEROS, b"L")), whole=True
        )
        yield Hostile(f"tar.{name} of nothing", pack(ZEROS), whole=True)
        yield Hostile(f"tar.{name} with holes", pack(OK_TAR + tarred(b"evil", ZEROS, b"S") + END), whole=True)
    # One kernel that every entry of the list points to; the next two quote the headers between them (Fifield 2019).
    kernel = Zipped(name=b"evil", data=ZEROS[: 2**20], method=8)
    yield Hostile(
        "zip all in one place", zipped(kernel, *(Zipped(name=b"%d" % n, at=0) for n in range(150))), True
    )
    yield Hostile("zip quoted", quoted(150), whole=True)
    yield Hostile("zip quoted in additions", quoted_in_additions(100), whole=True)
    packed = zipped(OK_ZIP, Zipped(name=b"evil"))
    yield Hostile(
        "zip that ends in its list",
        packed.replace(b"good" * 25, b"good" * 25)[:-22] + zip_end(2, 108, 150),
        True,
    )
    yield Hostile("zip of many", zipped(*(Zipped(name=b"%d" % n, data=b"") for n in range(300))), whole=True)
    yield Hostile(
        "zip of very many",
        zipped(*(Zipped(name=b"%d" % (n % 10), data=b"", at=0) for n in range(9000))),
        True,
    )
    yield Hostile("tar of many", b"".join(header(b"%d" % n) for n in range(300)) + END, whole=True)
    yield Hostile(
        "tar of many links", b"".join(header(b"%d" % n, b"2") for n in range(300)) + END, whole=True
    )
    yield Hostile(
        "tar of many folders", b"".join(header(b"%d/" % n, b"5") for n in range(300)) + END, whole=True
    )
    yield Hostile("gz of many empty ones", gzip.compress(b"") * 20_000, whole=True)
    yield Hostile("gz with a long name", b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * 2**20, whole=True)
    yield Hostile(
        "zst that wants 2 GiB", b"\x28\xb5\x2f\xfd\0\xa8" + struct.pack("<I", 9)[:3] + b"x", whole=True
    )
    yield Hostile("xz that wants 4 GiB", xz_of_4_gib(), whole=True)


def quoted(count: int) -> bytes:
    """Fifield's bomb: each file begins with the headers of all after it, quoted as stored text of deflate."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body, data = packer.compress(ZEROS[: 2**19]) + packer.flush(), ZEROS[: 2**19]
    out, listed, places = b"", b"", []
    for n in reversed(range(count)):
        check = zlib.crc32(data)
        fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, check, len(body), len(data))
        head = b"PK\3\4" + fields + struct.pack("<HH", 4, 0) + b"%04d" % n
        places.append((len(head), fields, n))
        out = head + body
        quote = b"\0" + struct.pack("<HH", len(head), len(head) ^ 0xFFFF) + head
        body, data = quote + body, head + data
    at = 0
    for length, fields, n in reversed(places):
        listed += (
            b"PK\1\2"
            + struct.pack("<H", 0x314)
            + fields
            + struct.pack("<HHHHHII", 4, 0, 0, 0, 0, 0, at)
            + b"%04d" % n
        )
        at += length + 5
    return out + listed + zip_end(count, len(listed), len(out))


def quoted_in_additions(count: int) -> bytes:
    """The same with the headers hidden in the additions to the header before."""
    kernel = Zipped(name=b"0000", data=ZEROS[: 2**19], method=8)
    out, places = kernel.local(), [kernel]
    for n in range(1, count):
        more = (
            b"\xfe\xca"
            + struct.pack("<H", min(65535, 34 + sum(len(one.more) for one in places[-1:])))
            + out[:34]
            + places[-1].more
        )
        one = Zipped(name=b"%04d" % n, data=ZEROS[: 2**19], method=8, more=more)
        out, places = one.local(), [*places, one]
        if len(more) > 60_000:
            break
    end = len(out)
    listed = b"".join(one.listed(end - len(one.local())) for one in places)
    return out + listed + zip_end(len(places), len(listed), end)


def xz_of_4_gib() -> bytes:
    """An xz file whose one block says that it needs the largest dictionary."""
    packed = lzma.compress(OK_TAR + END)
    block = bytearray(packed[12 : 12 + (packed[12] + 1) * 4])
    place = block.index(b"\x21\x01") + 2
    block[place] = 40
    block[-4:] = struct.pack("<I", zlib.crc32(block[:-4]))
    return packed[:12] + bytes(block) + packed[12 + len(block) :]


def lies() -> Iterator[Hostile]:
    evil = Zipped(name=b"evil")
    for name, one in {
        "said to be longer": Zipped(name=b"evil", size=200, packed=200),
        "said to be longer, packed": Zipped(name=b"evil", method=8, size=500),
        "with a wrong check": Zipped(name=b"evil", check=7),
        "with two names": Zipped(name=b"evil", inner=b"../evil"),
        "with two names of two lengths": Zipped(name=b"evil", inner=b"good"),
        "that is nowhere": Zipped(name=b"evil", at=2**31),
        "that is in the middle": Zipped(name=b"evil", at=20),
        "packed damaged": Zipped(name=b"evil", data=b"\xff" * 50, method=8, packed=3),
    }.items():
        yield Hostile(f"zip {name}", zipped(OK_ZIP, one), whole=True)
    yield Hostile(
        "zip list beyond its end", zipped(OK_ZIP, end=lambda n, size, at: zip_end(n, size, at + 2**20)), True
    )
    yield Hostile(
        "zip list too long", zipped(OK_ZIP, end=lambda n, size, at: zip_end(n, 2**31, at)), whole=True
    )
    yield Hostile("zip list of 64 bit", zipped(OK_ZIP, end=zip64_end), whole=True)
    yield Hostile("zip without its end", zipped(OK_ZIP, evil)[:-22], whole=True)
    for size in (
        b"99999999999\0",
        b"-0000000001\0",
        b"0x000000100\0",
        b"\xff" * 12,
        b"\x80" + b"\xff" * 11,
        b"\x81" + bytes(11),
    ):
        yield Hostile(
            f"tar size {size!r}",
            OK_TAR + header(b"evil", size=size) + padded(EVIL) + END,
            whole=True,
        )
    yield Hostile("tar with a wrong check", OK_TAR + header(b"evil", check=b"000000\0 ") + END, whole=True)
    yield Hostile(
        "tar extended size too large", OK_TAR + pax(record(b"size", b"900000")) + tarred(b"evil"), whole=True
    )
    yield Hostile(
        "tar extended size no number", OK_TAR + pax(record(b"size", b"-1")) + tarred(b"evil"), whole=True
    )
    for said in (
        b"7 a=b\n",
        b"0 a=b\n",
        b"-6 a=b\n",
        b"9" * 30 + b" a=b\n",
        b"6 ab\n",
        b"6  a=b\n",
        b"6a=b\n\n",
        b"99 a=b\n",
    ):
        yield Hostile(
            f"tar extension {said[:12]!r}", OK_TAR + tarred(b"x", said, b"x") + tarred(b"evil") + END, True
        )
    yield Hostile("tar extension said to be 8 GiB", OK_TAR + header(b"x", b"x", size=2**33 - 1), whole=True)
    yield Hostile(
        "tar extension of 2 MiB", OK_TAR + tarred(b"x", record(b"c", bytes(2**21)), b"x") + END, whole=True
    )
    yield Hostile(
        "tar extension after extension", OK_TAR + pax(record(b"a", b"b")) * 100 + tarred(b"evil"), whole=True
    )


def zip64_end(count: int, size: int, at: int) -> bytes:
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 2**60, 2**60, 2**62, at)
    place = b"PK\6\7" + struct.pack("<IQI", 0, at + size, 1)
    return record + place + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)


def cut() -> Iterator[Hostile]:
    plain = OK_TAR + tarred(b"evil", bytes(range(256)) * 40)
    for name, data in {
        "zip": zipped(OK_ZIP, Zipped(name=b"evil", data=bytes(range(256)) * 40)),
        "tar": plain,
        **{f"tar.{name}": pack(plain) for name, pack in PACKERS.items()},
    }.items():
        for part in (2, 30, 50, 70, 90, 99):
            yield Hostile(f"{name} cut at {part} %", data[: len(data) * part // 100], whole=True)
    for name, data in {
        "nothing": b"",
        "one byte": b"P",
        "zeros": bytes(2048),
        "words": b"evil " * 400,
        "a picture": b"\x89PNG\r\n\x1a\n" + EVIL * 20,
        "a program": b"\x7fELF" + EVIL * 20,
        "7z": b"7z\xbc\xaf\x27\x1c" + EVIL * 20,
        "rar": b"Rar!\x1a\x07\x00" + EVIL * 20,
        "zip by its first bytes": b"PK\3\4" + EVIL * 20,
        "gz by its first bytes": b"\x1f\x8b\x08" + EVIL * 20,
        "bz2 by its first bytes": b"BZh9" + EVIL * 20,
        "xz by its first bytes": b"\xfd7zXZ\0" + EVIL * 20,
        "zst by its first bytes": b"\x28\xb5\x2f\xfd" + EVIL * 20,
        "packed words": gzip.compress(b"evil " * 400),
        "a picture with a zip behind": b"\x89PNG\r\n\x1a\n" + zipped(OK_ZIP),
    }.items():
        yield Hostile(f"no archive: {name}", data, whole=True)
