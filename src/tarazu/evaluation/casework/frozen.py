"""The file of frozen findings behind the demo: one JSON line a finding, network or picture, packed."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from pydantic import Base64Bytes, Field, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from tarazu.cases.finding import Found
from tarazu.cases.item import Item
from tarazu.findings import Network


@dataclass(frozen=True, kw_only=True)
class FrozenNetwork:
    """A network as the scan hands it to the intake."""

    network: Network
    members: tuple[Item, ...]
    evidence: Mapping[str, object]
    platform: str
    versions: Mapping[str, str]
    reach: Annotated[float, Field(ge=0, le=1)]


@checked(frozen=True, kw_only=True)
class FrozenPicture:
    """The original of a picture that a finding names by its SHA-256."""

    sha256: str
    content: Base64Bytes

    @classmethod
    def of(cls, path: Path) -> FrozenPicture:
        """The picture in a file."""
        import base64

        content = path.read_bytes()
        return cls(sha256=hashlib.sha256(content).hexdigest(), content=base64.b64encode(content))


Frozen = Found | FrozenNetwork | FrozenPicture
_NAMES: dict[str, type[Any]] = {"finding": Found, "network": FrozenNetwork, "picture": FrozenPicture}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_NAMES[kind])


def path() -> Path:
    """Where the file lies."""
    return _data() / "demo_cases.jsonl.gz"


def judged() -> Path:
    """Where the judged posts lie; said here too, as what says it in `sample` loads polars."""
    return _data() / "judged_posts.jsonl"


def _data() -> Path:
    return Path(str(resources.files("tarazu.evaluation"))) / "data"


def write(file: Path, lines: Iterable[Frozen]) -> int:
    """Write the file; the same lines give the same bytes. Returns how many there are."""
    count = 0
    with file.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        for line in lines:
            kind = next(name for name, made in _NAMES.items() if isinstance(line, made))
            told = {"kind": kind, "is": _adapter(kind).dump_python(line, mode="json")}
            packed.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def read(file: Path | None = None) -> Iterator[Frozen]:
    """Every line of the file, in its order."""
    with gzip.open(file or path(), "rt", encoding="utf-8") as packed:
        for line in packed:
            told = json.loads(line)
            yield _adapter(told["kind"]).validate_python(told["is"])
