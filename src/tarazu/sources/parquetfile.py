"""Parquet -> batches of its own types."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from tarazu.errors import NotReadable
from tarazu.sources.batch import Batch
from tarazu.sources.bytestream import ByteStream

ROWS = 262_144


class ParquetFile:
    """One Parquet file; `columns` are its top-level columns."""

    def __init__(self, stream: ByteStream) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = stream.path
        source: Any = stream.path
        if stream.packed:  # its index stands at the end, so the whole file has to be unpacked
            source = io.BytesIO(b"".join(stream))
            if stream.cut:
                raise NotReadable(
                    f"{self.path} is cut short; a Parquet file is of use only whole. Fetch it again."
                )
        try:
            self._file: Any = pq.ParquetFile(source)
        except (pa.ArrowException, OSError) as error:
            raise NotReadable(
                f"{self.path} is a damaged or unfinished Parquet file. Fetch or write it again."
            ) from error
        self.columns: list[str] = list(self._file.schema_arrow.names)
        self.rows: int = self._file.metadata.num_rows

    def batches(self, wanted: Sequence[str]) -> Iterator[Batch]:
        """Read the `wanted` columns. Raises NotReadable where the file is damaged inside."""
        import pyarrow as pa

        start = 1
        try:
            for part in self._file.iter_batches(batch_size=ROWS, columns=list(wanted)):
                part.validate(full=True)
                frame = pl.DataFrame(pl.from_arrow(part))
                count = frame.height
                yield Batch(
                    frame=frame, position=pl.int_range(start, start + count, dtype=pl.Int64, eager=True)
                )
                start += count
        except (pa.ArrowException, OSError) as error:
            raise NotReadable(f"{self.path} is damaged near row {start}. Fetch or write it again.") from error
