"""JSON lines, and JSON arrays of objects -> objects, with the position of everything that is not one.

Numbers stay text as written, so that an id never passes through a float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tarazu.sources.bytestream import ByteStream
from tarazu.sources.rejects import SAMPLE, Rejects

CHUNK = 4 << 20  # bytes of lines that are handed on together
SLICE = 128 << 10  # bytes of an array that are looked at together
ELEMENTS = 10_000  # of an array that are handed on together
LONGEST = 64 << 20  # bytes of one object
CUT = "file cut short: the rest of the compressed file is missing or damaged"

_BAD = "\udcff"  # stands for a byte that is not UTF-8
_SURROGATE = re.compile("[\udc80-\udcff]")
_NOTHING_MORE = re.compile(r"\s*\Z")

Object = dict[str, Any]

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _: None)


class JsonLines:
    """The objects of one file, in lists of bounded size with their positions.

    Positions are line numbers, or, in an array, the number of the element.
    """

    def __init__(self, stream: ByteStream, rejects: Rejects) -> None:
        self.stream = stream
        self.rejects = rejects
        self.read = 0  # objects and what stands for them, blank lines not counted
        head = stream.peek().removeprefix(b"\xef\xbb\xbf").lstrip()
        self._array = head.startswith(b"[")

    def objects(self) -> Iterator[list[tuple[int, Object]]]:
        """Read on; every list belongs to about `CHUNK` bytes."""
        return self._elements() if self._array else self._by_line()

    def _by_line(self) -> Iterator[list[tuple[int, Object]]]:
        number = 0
        rest: list[bytes] = []
        held = 0
        first = True
        decode = _DECODER.decode
        for block in _joined(self.stream):
            if first:
                block, first = block.removeprefix(b"\xef\xbb\xbf"), False
            if b"\n" not in block:
                rest.append(block)
                held += len(block)
                if held > LONGEST:  # keep its start, forget the rest
                    rest, held = [b"".join(rest)[: LONGEST + 1]], LONGEST + 1
                continue
            lines = (b"".join(rest) + block).split(b"\n")
            last = lines.pop()
            rest, held = [last], len(last)
            found: list[tuple[int, Object]] = []
            for line in lines:
                number += 1
                self._line(number, line, found, decode)
            yield found
        last = b"".join(rest)
        if self.stream.cut:
            self.read += 1
            self.rejects.add(number + 1, CUT, _text(last))
        elif last.strip():
            found = []
            self._line(number + 1, last, found, decode)
            yield found

    def _line(self, number: int, line: bytes, found: list[tuple[int, Object]], decode: Any) -> None:
        if not line.strip():
            return
        self.read += 1
        if len(line) > LONGEST:
            self.rejects.add(number, "line longer than 64 MiB", _text(line))
            return
        try:
            value = decode(line.decode("utf-8"))
        except UnicodeDecodeError:
            self.rejects.add(number, "not UTF-8 text", _text(line))
            return
        except (ValueError, RecursionError):
            self.rejects.add(number, "not JSON", _text(line))
            return
        if not isinstance(value, dict):
            self.rejects.add(number, "not a JSON object", _text(line))
        elif b"\\u" in line and _halved(value):
            self.rejects.add(number, "half of a surrogate pair in the text", _text(line))
        else:
            found.append((number, value))

    def _elements(self) -> Iterator[list[tuple[int, Object]]]:
        """Objects of one array. After a broken element, reading goes on at the next line that opens like the
        first.
        """
        number = 0
        buffer = ""
        opened = False
        indent = ""
        first: re.Pattern[str] | None = None
        blocks = _slices(self.stream)
        more = True
        pending = b""
        found: list[tuple[int, Object]] = []
        want = 0
        while True:
            while more and len(buffer) <= want:
                block = next(blocks, b"")
                more = bool(block)
                text, pending = _decoded(pending + block, final=not more)
                buffer += text
            if not opened:
                start = buffer.index("[") + 1
                buffer, opened = buffer[start:], True
                indent = buffer[: len(buffer) - len(buffer.lstrip(" \t\r\n"))].rpartition("\n")[2]
                key = re.match(r'\s*\{\s*("[^"\\]{1,80}")\s*:', buffer)
                first = re.compile(r"\}\s*,\s*(?=\{\s*" + re.escape(key[1]) + r"\s*:)") if key else None
            at = 0
            closed = False
            want = 0
            while True:
                while at < len(buffer) and buffer[at] in " \t\r\n,":
                    at += 1
                if at >= len(buffer):
                    break
                if buffer[at] == "]" and _NOTHING_MORE.match(buffer, at + 1):
                    closed = not more
                    want = len(buffer) - at
                    break
                try:
                    value, end = _DECODER.raw_decode(buffer, at)
                except (ValueError, RecursionError):
                    if more and len(buffer) - at < LONGEST and not _broken(buffer, at):
                        want = 2 * (len(buffer) - at)
                        break
                    following = _next_element(buffer, at, indent, first)
                    if following < 0 and more and len(buffer) - at < LONGEST:
                        want = 2 * (len(buffer) - at)
                        break
                    number += 1
                    if following < 0 and not more and self.stream.cut:
                        self.read = number
                        self.rejects.add(number, CUT, buffer[at : at + SAMPLE])
                        yield found
                        return
                    self.rejects.add(number, "not JSON", buffer[at : at + SAMPLE])
                    at = following if following >= 0 else len(buffer)
                    continue
                number += 1
                if not isinstance(value, dict):
                    self.rejects.add(number, "not a JSON object", buffer[at : at + SAMPLE])
                elif "\\u" in buffer[at:end] and _halved(value):
                    self.rejects.add(number, "half of a surrogate pair in the text", buffer[at : at + SAMPLE])
                elif _BAD in buffer[at:end]:
                    self.rejects.add(number, "not UTF-8 text", buffer[at : at + SAMPLE])
                else:
                    found.append((number, value))
                at = end
            buffer = buffer[at:]
            if len(found) >= ELEMENTS:
                yield found
                found = []
            if closed or (not more and not buffer.strip(" \t\r\n,")):
                break
        if self.stream.cut and not closed:
            number += 1
            self.rejects.add(number, CUT)
        self.read = number
        yield found


def _slices(stream: ByteStream) -> Iterator[bytes]:
    """Small blocks: the position in an error message costs a walk over the whole buffer."""
    for block in stream:
        for at in range(0, len(block), SLICE):
            yield block[at : at + SLICE]


def _joined(stream: ByteStream) -> Iterator[bytes]:
    parts: list[bytes] = []
    size = 0
    for block in stream:
        parts.append(block)
        size += len(block)
        if size >= CHUNK:
            yield b"".join(parts)
            parts, size = [], 0
    if parts:
        yield b"".join(parts)


def _decoded(data: bytes, *, final: bool) -> tuple[str, bytes]:
    """Text of `data`, bytes that are not UTF-8 marked by a lone surrogate; and the unfinished end."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    keep = 0
    if not final:
        for back in range(1, min(4, len(data)) + 1):
            byte = data[-back]
            if byte & 0xC0 == 0xC0:
                need = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
                keep = back if need > back else 0
                break
            if byte < 0x80:
                break
    body = data[: len(data) - keep]
    try:
        return body.decode("utf-8"), data[len(data) - keep :]
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="surrogateescape")
        return _SURROGATE.sub(_BAD, text), data[len(data) - keep :]


def _broken(buffer: str, at: int) -> bool:
    """Whether the element at `at` fails well before the end of what has been read."""
    try:
        _DECODER.raw_decode(buffer, at)
    except json.JSONDecodeError as error:
        return error.pos < len(buffer) - 1024 and not error.msg.startswith("Unterminated string")
    except (ValueError, RecursionError):
        return True
    return False


def _next_element(buffer: str, at: int, indent: str, first: re.Pattern[str] | None) -> int:
    """Where the element after a broken one can begin, or -1.

    A line that opens an object at the first element's depth; in an array without lines, an object after a
    comma that begins with the first element's first key.
    """
    place = buffer.find("\n" + indent + "{", at + 1)
    if place >= 0:
        return place + 1
    found = first.search(buffer, at + 1) if first is not None else None
    return found.end() if found else -1


def _halved(value: Object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        return True
    return False


def _text(line: bytes) -> str:
    return line[: SAMPLE * 4].decode("utf-8", errors="replace")[:SAMPLE].rstrip("\r\n")
