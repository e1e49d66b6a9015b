"""Styles, scripts and pictures of our own: named by their content, so that a browser may keep them for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    path: Path
    kind: str


class Assets:
    """All files under `static/`, read once."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._urls: dict[str, str] = {}
        self._files: dict[str, Asset] = {}
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.suffix not in _TYPES:
                continue
            name = path.relative_to(folder).as_posix()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            hashed = f"{name.removesuffix(path.suffix)}.{digest}{path.suffix}"
            self._urls[name] = f"/static/{hashed}"
            self._files[hashed] = Asset(path, _TYPES[path.suffix])

    def url(self, name: str) -> str:
        """Where a file is found; KeyError for one that is not there."""
        return self._urls[name]

    def find(self, hashed: str) -> Asset | None:
        """The file of an address."""
        return self._files.get(hashed)
