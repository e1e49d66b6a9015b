"""The bytes of one file, if they are not too many."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tarazu.safe.limits import MIB, Limits
from tarazu.safe.refused import Refused


def content(source: Path | str | bytes, limits: Limits) -> bytes:
    """Return the bytes of a regular file, or `source` itself when it is bytes. Raises Refused."""
    if isinstance(source, bytes):
        size, data = len(source), source
    else:
        try:
            # Not blocking: a pipe or a device with a picture's name must not hold us up.
            number = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(number, "rb") as stream:
                status = os.fstat(number)
                if not stat.S_ISREG(status.st_mode):
                    raise Refused("This is no regular file.")
                size = status.st_size
                data = stream.read(limits.bytes + 1) if size <= limits.bytes else b""
        except (OSError, ValueError) as error:
            raise Refused(f"The file cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if max(size, len(data)) > limits.bytes:
        raise Refused(f"The file is larger than {limits.bytes / MIB:,.0f} MiB.")
    return data
