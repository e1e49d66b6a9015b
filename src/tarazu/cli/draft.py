"""A result that grows line by line beside its place, so that a run that was stopped can go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from tarazu.errors import OptionError

if TYPE_CHECKING:
    from tarazu.media.files import Named


class Draft:
    """Lines of JSON about files, in their order; `left` are the files still to do.

    Every line has `path` and `rejected` (the reason, or null): accepted + rejected = read.
    """

    def __init__(self, out: Path, named: list[Named], *, resume: bool) -> None:
        """Begin anew, or go on behind the last whole line of a stopped run over the same files. Raises OptionError."""
        self.out, self.path = out, out.with_name(f"{out.name}.part")
        self.read = len(named)
        self.rejected: list[dict[str, Any]] = []
        self.matched = 0
        self._size = done = 0
        if resume and self.path.is_file():
            for line, size in self._lines():
                if done >= len(named) or line.get("path") != named[done].name:
                    raise OptionError(f"{self.path} is not about these files. Begin anew without --resume.")
                self._count(line)
                done, self._size = done + 1, self._size + size
        self.left = named[done:]
        self._stream: BinaryIO | None = None

    @property
    def accepted(self) -> int:
        """Files that could be looked at."""
        return self.read - len(self.rejected)

    def __enter__(self) -> Self:
        self.out.absolute().parent.mkdir(parents=True, exist_ok=True)
        self._stream = self.path.open("r+b" if self._size else "wb")
        self._stream.truncate(self._size)
        self._stream.seek(self._size)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def add(self, line: dict[str, Any]) -> None:
        """Write one line."""
        assert self._stream is not None
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        self._stream.write(text.encode("utf-8", "backslashreplace") + b"\n")
        self._count(line)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield what was written."""
        for line, _ in self._lines():
            yield line

    def finish(self) -> None:
        """Put the lines in their place."""
        self.path.replace(self.out)

    def _count(self, line: dict[str, Any]) -> None:
        if line["rejected"] is not None:
            self.rejected.append({"path": line["path"], "reason": line["rejected"]})
        self.matched += bool(line.get("matches"))

    def _lines(self) -> Iterator[tuple[dict[str, Any], int]]:
        with self.path.open("rb") as stream:
            for line in stream:
                if not line.endswith(b"\n"):
                    return  # cut short when the run was stopped
                try:
                    yield json.loads(line), len(line)
                except ValueError as error:
                    raise OptionError(f"{self.path} is damaged. Begin anew without --resume.") from error
