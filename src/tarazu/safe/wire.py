"""Messages between us and a child: the length of a JSON object, the object, and the raw parts whose sizes it names.

No message carries code, and the reader says how large one may be.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO

LARGEST_HEADER = 16 * 2**20  # bytes of the JSON object
MOST_PARTS = 65_536

Buffer = bytes | bytearray | memoryview


class BrokenWireError(Exception):
    """The other side is gone, or says what no honest side says."""


def send(stream: BinaryIO, header: dict[str, Any], parts: Sequence[Buffer] = ()) -> None:
    """Write one message. Raises OSError when the other side is gone."""
    sizes = [memoryview(part).nbytes for part in parts]
    text = json.dumps({"header": header, "sizes": sizes}, separators=(",", ":")).encode()
    stream.write(struct.pack("<I", len(text)) + text)
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: BinaryIO, largest: int) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message whose parts hold at most `largest` bytes in all. Raises BrokenWireError."""
    (size,) = struct.unpack("<I", _exactly(stream, 4))
    if size > LARGEST_HEADER:
        raise BrokenWireError("a header too large")
    try:
        message = json.loads(_exactly(stream, size))
        header, sizes = message["header"], message["sizes"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BrokenWireError("no message") from error
    if not isinstance(header, dict) or not isinstance(sizes, list) or len(sizes) > MOST_PARTS:
        raise BrokenWireError("no message")
    if not all(type(one) is int and one >= 0 for one in sizes) or sum(sizes) > largest:
        raise BrokenWireError("parts too large")
    return header, [_exactly(stream, one) for one in sizes]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    got = stream.read(size)
    if len(got) != size:
        raise BrokenWireError("the message breaks off")
    return got
