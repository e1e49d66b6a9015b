"""The signals of ThreatExchange and HMA: a type and a string; what they say in terms of an entry.

| type | string |
|---|---|
| `pdq` | 64 hexadecimal digits |
| `vpdq` | a JSON list of `"HASH,QUALITY,SECONDS"`, one a frame |
| `video_md5`, `video_sha256` | the digest of a file; their only names for one, so pictures use them too |

The older names of ThreatExchange's API (`HASH_PDQ` and so on) are read as well.
"""

from __future__ import annotations

import json

from tarazu.media.bank.entry import LEAST_QUALITY, MOST_FRAMES, Entry
from tarazu.sightings import PictureHash

PDQ, VPDQ, MD5, SHA256 = "pdq", "vpdq", "video_md5", "video_sha256"
_NAMES = {
    PDQ: PDQ, "hash_pdq": PDQ, VPDQ: VPDQ,
    MD5: MD5, "md5": MD5, "photo_md5": MD5, "hash_md5": MD5, "hash_video_md5": MD5,
    SHA256: SHA256, "sha256": SHA256, "photo_sha256": SHA256, "hash_sha256": SHA256, "hash_video_sha256": SHA256,
}  # fmt: skip


def known(name: str) -> bool:
    """Whether a bank keeps signals of this type."""
    return name.lower() in _NAMES


def of_signals(signals: dict[str, str]) -> dict[str, object]:
    """Return frames, md5 and sha256 for an `Entry`; raises ValueError, with why, if a signal is none."""
    told: dict[str, object] = {}
    for name, text in signals.items():
        kind = _NAMES.get(name.lower())
        if kind == PDQ:
            told.setdefault("frames", (PictureHash(pdq=text.strip().lower(), quality=100),))
        elif kind == VPDQ:
            told["frames"] = _frames(text)
        elif kind == MD5:
            told["md5"] = text.strip().lower()
        elif kind == SHA256:
            told["sha256"] = text.strip().lower()
    if not told:
        kinds = ", ".join(sorted(signals)) or "none"
        raise ValueError(
            f"No signal that a bank keeps (pdq, vpdq, video_md5, video_sha256), but {kinds[:80]}."
        )
    return told


def signals_of(entry: Entry) -> dict[str, str]:
    """Return the signals of an entry: `pdq` for a picture with nothing more to say, else `vpdq`."""
    signals = {}
    if len(entry.frames) == 1 and entry.frames[0].at == 0:
        signals[PDQ] = entry.frames[0].pdq
    elif entry.frames:
        signals[VPDQ] = json.dumps([f"{one.pdq},{one.quality},{one.at!r}" for one in entry.frames])
    if entry.md5 is not None:
        signals[MD5] = entry.md5
    if entry.sha256 is not None:
        signals[SHA256] = entry.sha256
    return signals


def _frames(text: str) -> tuple[PictureHash, ...]:
    wrong = ValueError('A vpdq signal must be a JSON list of "HASH,QUALITY,SECONDS".')
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(listed, list) or len(listed) > 16 * MOST_FRAMES:
        raise wrong
    frames = []
    for one in listed:
        parts = one.split(",") if isinstance(one, str) else []
        try:
            pdq, quality, at = parts[0], int(parts[1]), float(parts[2])
        except (IndexError, ValueError):
            raise wrong from None
        if len(parts) != 3:
            raise wrong
        if quality >= LEAST_QUALITY:  # the others are not compared by vPDQ either
            frames.append(PictureHash(pdq=pdq.lower(), quality=quality, at=at))
    if not frames:
        raise ValueError("Every frame of it has a quality below 50.")
    return tuple(frames)
