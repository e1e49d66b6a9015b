"""CSV -> batches of text columns, with the exact position of every row that cannot be read.

Blocks are cut at record ends and checked with array operations (quotes in their places, as many fields as the
header has, valid UTF-8); only what passes goes to the fast parser, so its forgiveness never decides what
counts. From the first misplaced quote of a block on, records are read one by one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.errors import NotReadable
from tarazu.sources.batch import Batch
from tarazu.sources.bytestream import ByteStream
from tarazu.sources.rejects import SAMPLE, Rejects

CHUNK = 8 << 20  # bytes that are parsed at once
LONGEST = 64 << 20  # bytes of one record; a longer one is an open quote
CUT = "file cut short: the rest of the compressed file is missing or damaged"
_DELIMITERS = ",\t;|"


class CsvTable:
    """One CSV file; `columns` are its header's names."""

    def __init__(self, stream: ByteStream, rejects: Rejects) -> None:
        self.stream = stream
        self.rejects = rejects
        self._blocks = iter(stream)
        self._buffer = b""
        self.read = 0  # records seen so far, the header and blank lines not counted
        self.columns: list[str] = []
        self._delimiter = ","
        self._read_header()

    def _more(self) -> bool:
        """Add about a chunk to the buffer; False at the end of the file."""
        parts = [self._buffer]
        size = 0
        for block in self._blocks:
            parts.append(block)
            size += len(block)
            if size >= CHUNK:
                break
        self._buffer = b"".join(parts)
        return size > 0

    def _read_header(self) -> None:
        self._more()
        self._buffer = self._buffer.removeprefix(b"\xef\xbb\xbf")
        start = 0
        while start < len(self._buffer) and self._buffer[start] in b"\r\n":
            start += 1
        self._buffer = self._buffer[start:]
        if not self._buffer:
            return
        if b"\n" not in self._buffer and b"\r" in self._buffer:
            raise NotReadable(f"{self.stream.path} ends its lines with CR alone; save it with LF or CRLF.")
        end = self._buffer.find(b"\n")
        quotes = self._buffer[: end if end >= 0 else len(self._buffer)].count(b'"')
        while end >= 0 and quotes % 2:  # a name may hold a line break
            following = self._buffer.find(b"\n", end + 1)
            quotes += self._buffer[end : following if following >= 0 else len(self._buffer)].count(b'"')
            end = following
        line = self._buffer if end < 0 else self._buffer[:end]
        if len(line) > 1 << 20:
            raise NotReadable(f"{self.stream.path} has no header line. Its first line must name the columns.")
        try:
            text = line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise NotReadable(f"{self.stream.path} is not UTF-8 text. Save it as UTF-8.") from error
        outside = "".join(text.split('"')[::2])
        self._delimiter = max(_DELIMITERS, key=outside.count)
        try:
            names = next(csv.reader([text], delimiter=self._delimiter, strict=True), [])
        except csv.Error as error:
            raise NotReadable(f"The header line of {self.stream.path} cannot be read: {error}.") from error
        self.columns = [name.strip() for name in names]
        self._buffer = b"" if end < 0 else self._buffer[end + 1 :]
        if end < 0 and self.stream.cut:
            raise NotReadable(f"{self.stream.path} is cut short in its header line. Fetch or pack it again.")

    def batches(self, wanted: Sequence[str]) -> Iterator[Batch]:
        """Read the `wanted` columns; rows that cannot be read go to the rejects."""
        csv.field_size_limit(LONGEST)
        places = sorted(self.columns.index(name) for name in wanted)
        names = [self.columns[place] for place in places]
        at_end = False
        while True:
            while len(self._buffer) < CHUNK and not at_end:
                at_end = not self._more()
            if not self._buffer:
                break
            before = len(self._buffer)
            whole = at_end and not self.stream.cut
            yield from self._chunk(names, places, whole)
            if len(self._buffer) < before:
                continue
            if before > LONGEST:  # one record fills the buffer
                self._drop_line("record longer than 64 MiB: a quote was never closed")
            elif not at_end:
                at_end = not self._more()
            else:
                break  # the record that the cut goes through
        if self.stream.cut:
            while self._buffer and b"\n" in self._buffer:  # records inside an open quote at the cut
                self._buffer = self._buffer[self._buffer.rindex(b"\n") + 1 :]
            self._cut()

    def _cut(self) -> None:
        self.read += 1
        self.rejects.add(self.read, CUT, self._buffer[:SAMPLE].decode("utf-8", errors="replace"))
        self._buffer = b""

    def _drop_line(self, reason: str) -> None:
        self.read += 1
        end = self._buffer.find(b"\n") + 1 or len(self._buffer)
        self.rejects.add(self.read, reason, self._buffer[:SAMPLE].decode("utf-8", errors="replace"))
        self._buffer = self._buffer[end:]

    def _chunk(self, names: list[str], places: list[int], whole: bool) -> Iterator[Batch]:
        """Read every complete record of the buffer and leave the rest in it."""
        buffer = self._buffer
        data = np.frombuffer(buffer, np.uint8)
        quotes = np.flatnonzero(data == 34)
        bad = _first_misplaced(data, quotes, ord(self._delimiter))
        ends = _outside(np.flatnonzero(data == 10), quotes)
        if bad is not None:
            ends = ends[ends < bad]
        elif whole and len(quotes) % 2:
            bad = int(quotes[-1])  # open until the end of the file
            ends = ends[ends < bad]
        elif whole and (not len(ends) or ends[-1] != len(buffer) - 1):
            ends = np.append(ends, len(buffer))
        stop = min(int(ends[-1]) + 1, len(buffer)) if len(ends) else 0
        if len(ends):
            batch = self._records(buffer, data, quotes, ends, names, places)
            if batch is not None:
                yield batch
        if bad is None:
            self._buffer = buffer[stop:]
            return
        yield from self._one_by_one(buffer[stop:], names, places, whole)

    def _records(
        self,
        buffer: bytes,
        data: NDArray[np.uint8],
        quotes: NDArray[np.int64],
        ends: NDArray[np.int64],
        names: list[str],
        places: list[int],
    ) -> Batch | None:
        starts = np.concatenate([[0], ends[:-1] + 1])
        size = ends - starts
        filled = (size > 1) | ((size == 1) & (data[np.minimum(starts, len(data) - 1)] != 13))
        starts, ends = starts[filled], ends[filled]
        count = len(starts)
        if not count:
            return None
        position = np.arange(self.read + 1, self.read + 1 + count)
        self.read += count
        delimiters = _outside(np.flatnonzero(data == ord(self._delimiter)), quotes)
        fields = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1
        good = fields == len(self.columns)
        for row in np.flatnonzero(~good).tolist():
            self.rejects.add(
                int(position[row]),
                f"{fields[row]} columns where the header has {len(self.columns)}",
                _sample(buffer, int(starts[row]), int(ends[row])),
            )
        for row in _not_utf8(buffer, starts, ends):
            if good[row]:
                good[row] = False
                self.rejects.add(
                    int(position[row]), "not UTF-8 text", _sample(buffer, int(starts[row]), int(ends[row]))
                )
        if not good.any():
            return None
        if good.all() and bool(filled.all()):
            clean: bytes = buffer[: int(ends[-1])]
        else:
            edges = np.flatnonzero(np.diff(np.concatenate([[0], good.view(np.int8), [0]])))
            clean = b"\n".join(
                buffer[int(starts[first]) : int(ends[last - 1])]
                for first, last in zip(edges[::2], edges[1::2], strict=True)
            )
            if not filled.all():
                clean = b"\n".join(buffer[int(starts[row]) : int(ends[row])] for row in np.flatnonzero(good))
        position = position[good]
        frame = self._parse(clean + b"\n", names, places)
        if frame.height != len(position):  # the parsers disagree: let the exact one decide
            lines = [buffer[int(starts[row]) : int(ends[row])] for row in np.flatnonzero(good)]
            rows = [
                next(csv.reader(io.StringIO(line.decode(), newline=""), delimiter=self._delimiter))
                for line in lines
            ]
            frame = _frame(rows, names, places)
        return Batch(frame=frame, position=pl.Series(position, dtype=pl.Int64))

    def _parse(self, clean: bytes, names: list[str], places: list[int]) -> pl.DataFrame:
        return pl.read_csv(
            io.BytesIO(clean),
            has_header=False,
            new_columns=[f"c{i}" for i in range(len(self.columns))],
            separator=self._delimiter,
            infer_schema=False,
        ).select(pl.col(f"c{place}").alias(name) for place, name in zip(places, names, strict=True))

    def _one_by_one(self, buffer: bytes, names: list[str], places: list[int], whole: bool) -> Iterator[Batch]:
        """Read records with the strict slow parser; a record that fails loses its first line only."""
        lines = _lines(buffer)
        rows: list[list[str]] = []
        position: list[int] = []
        at = 0
        offset = 0
        width = len(self.columns)
        while at < len(lines):
            line = lines[at]
            if not line.endswith(b"\n") and not whole:
                break
            if line in (b"\n", b"\r\n"):
                at, offset = at + 1, offset + len(line)
                continue
            used = 1
            try:
                if b'"' in line:
                    feed = _Feed(lines, at)
                    fields = next(csv.reader(feed, delimiter=self._delimiter, strict=True))
                    used = feed.used
                else:
                    fields = line.decode("utf-8").rstrip("\r\n").split(self._delimiter)
                reason = (
                    None if len(fields) == width else f"{len(fields)} columns where the header has {width}"
                )
            except UnicodeDecodeError:
                fields, reason = [], "not UTF-8 text"
            except csv.Error as error:
                if "end of data" in str(error) and not whole and len(buffer) - offset <= LONGEST:
                    break
                fields, reason = [], f"quotes out of place: {error}"
            self.read += 1
            if reason is None:
                rows.append(fields)
                position.append(self.read)
            else:
                self.rejects.add(self.read, reason, line[:SAMPLE].decode("utf-8", errors="replace").rstrip())
            offset += sum(map(len, lines[at : at + used]))
            at += used
        self._buffer = buffer[offset:]
        if rows:
            yield Batch(frame=_frame(rows, names, places), position=pl.Series(position, dtype=pl.Int64))


class _Feed:
    """Lines for the slow parser, counted as it takes them."""

    def __init__(self, lines: list[bytes], start: int) -> None:
        self.lines = lines
        self.start = start
        self.used = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.start + self.used >= len(self.lines):
            raise StopIteration
        line = self.lines[self.start + self.used]
        self.used += 1
        return line.decode("utf-8")


def _frame(rows: list[list[str]], names: list[str], places: list[int]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: [row[place] for row in rows] for place, name in zip(places, names, strict=True)},
        schema=dict.fromkeys(names, pl.String),
    )


def _lines(buffer: bytes) -> list[bytes]:
    """Lines at LF alone; splitlines would also cut at other characters."""
    lines = buffer.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _outside(places: NDArray[np.int64], quotes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of `places` that are not between quotes."""
    if not len(quotes):
        return places
    outside: NDArray[np.int64] = places[np.searchsorted(quotes, places) % 2 == 0]
    return outside


def _first_misplaced(data: NDArray[np.uint8], quotes: NDArray[np.int64], delimiter: int) -> int | None:
    """Where the first quote stands that neither opens nor closes a field, or None."""
    if not len(quotes):
        return None
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    ok = (opening == 0) | (before == delimiter) | (before == 10) | (before == 34)
    wrong = [opening[~ok]]
    after = data[np.minimum(closing + 1, len(data) - 1)]
    ok = (closing == len(data) - 1) | (after == delimiter) | (after == 10) | (after == 13) | (after == 34)
    wrong.append(closing[~ok])
    places = [int(part[0]) for part in wrong if len(part)]
    if not places:
        return None
    # The record that holds it may begin earlier, inside what looks like quotes: start over at its opening.
    first = min(places)
    index = int(np.searchsorted(quotes, first))
    return int(quotes[index - 1]) if index % 2 else first


def _not_utf8(buffer: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> list[int]:
    """Records with bytes that are not UTF-8."""
    if buffer.isascii():
        return []
    bad: list[int] = []
    view = memoryview(buffer)
    at, stop = int(starts[0]), int(ends[-1])
    while at < stop:
        try:
            str(view[at:stop], "utf-8")
            break
        except UnicodeDecodeError as error:
            row = int(np.searchsorted(starts, at + error.start, side="right")) - 1
            bad.append(row)
            if row + 1 >= len(starts):
                break
            at = int(starts[row + 1])
    return bad


def _sample(buffer: bytes, start: int, end: int) -> str:
    return buffer[start : min(end, start + SAMPLE)].decode("utf-8", errors="replace").rstrip("\r\n")
