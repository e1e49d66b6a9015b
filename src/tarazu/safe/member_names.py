"""Names in an archive as names in a folder: what points elsewhere is refused, what is only awkward is changed."""

from __future__ import annotations

import re
import unicodedata

from tarazu.safe.refused import Refused

_LONGEST = 255  # bytes of one part, the limit of common file systems
_LONGEST_PATH = 1024  # bytes
_DEEPEST = 16  # folders
_AWKWARD = re.compile(
    r'[<>:"|?*\u202a-\u202e\u2066-\u2069]'
)  # not in names on Windows, or turning the text round
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.I)


def safe_name(raw: str) -> str:
    """Return a relative path with `/`, each part a plain name, that means the same on every system.

    Raises Refused for one that is absolute, leads to a parent, has control characters or is too long.
    """
    name = unicodedata.normalize("NFC", raw).replace("\\", "/")
    # The second reading: dots and separators in letters that some systems turn into the plain ones.
    for reading in (name, unicodedata.normalize("NFKC", name).replace("\\", "/")):
        if reading.startswith("/") or re.match(r"[A-Za-z]:", reading):
            raise Refused("Its name is absolute.")
        if any(set(part) <= {".", " "} and part.count(".") > 1 for part in reading.split("/")):
            raise Refused("Its name leads to a parent folder.")
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in name):
        raise Refused("Its name has control characters, or bytes that are no text.")
    parts = [_plain(part) for part in name.split("/") if part not in ("", ".")]
    if not parts:
        raise Refused("It has no name.")
    if len(parts) > _DEEPEST:
        raise Refused(f"It lies under more than {_DEEPEST} folders.")
    path = "/".join(parts)
    if len(path.encode()) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST for part in parts):
        raise Refused("Its name is too long.")
    return path


def same_name(name: str) -> str:
    """Return what two names share when a file system may take them for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def shown(raw: str) -> str:
    """Return a name as it can be shown: no control characters, at most 200 letters."""
    return "".join(one if one.isprintable() else "\ufffd" for one in raw[:200])


def _plain(part: str) -> str:
    part = _AWKWARD.sub("_", part)
    part = part.rstrip(". ") + "_" * (len(part) - len(part.rstrip(". ")))
    return "_" + part if _DEVICES.fullmatch(part) else part
