"""HMA (hasher-matcher-actioner) as JSON: what its bank and hash endpoints take and give.

Read: the content of a bank as `/c/bank/NAME/content/ID?include_signals=true` gives it (`id, disable_until_ts,
original_media_uri, bank, signals`), what adding answers (`id, signals`), and the bare signals of `/h/hash`
(`{"pdq": ...}`), which is also what `/c/bank/NAME/signal` takes. One such object, a list of them, one a line, or
`{"bank": {...}, "content": [...]}`, which is what is written. `metadata` has HMA's shape for what a client knows
(`content_id`, `content_uri`, `json`); what HMA has no field for is kept in its `json`.

`disable_until_ts` 1 is enabled; 0 disabled, read as removed; a time, disabled until then, read as quarantined.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

from tarazu.errors import NotReadable
from tarazu.media.bank.entry import Entry
from tarazu.media.bank.exchange.item import Item, Rejected
from tarazu.media.bank.exchange.lines import lines_of
from tarazu.media.bank.exchange.signals import known, of_signals, signals_of
from tarazu.media.bank.state import State
from tarazu.sightings import PictureHash

LARGEST = 1 << 28  # bytes of a file that is one JSON text; one with an object a line may have any size
_TOLD = ("label", "entity_id", "shows", "reason", "source", "added_by")


def read(path: Path) -> Iterator[Item | Rejected]:
    """Read any of these."""
    with path.open("rb") as stream:
        head = stream.readline(1 << 20)
        alone = not stream.read(1)
    if not alone and _json(head) is not None:
        for position, line in lines_of(path):
            if line.strip():
                found = _json(line.encode("utf-8", errors="replace"))
                yield Rejected.of(position, "No JSON.", line) if found is None else _item(position, found, "")
        return
    if path.stat().st_size > LARGEST:
        raise NotReadable(f"{path} is larger than {LARGEST >> 20} MiB. Write one object a line, or split it.")
    whole = _json(path.read_bytes())
    if whole is None:
        raise NotReadable(
            f"{path} is no JSON. Give what HMA answered, or what `tarazu media bank export` wrote."
        )
    bank = ""
    if isinstance(whole, dict) and isinstance(whole.get("content"), list):
        named = whole.get("bank")
        bank = str(named.get("name", "")) if isinstance(named, dict) else ""
        whole = whole["content"]
    for position, one in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield _item(position, one, bank)


def write(entries: Iterable[Entry], stream: TextIO, *, bank: str) -> int:
    """Write the bank with its content, an entry a line; returns how many."""
    about = {"name": bank, "matching_enabled_ratio": 1.0}
    stream.write(f'{{"bank": {json.dumps(about, ensure_ascii=False)}, "content": [')
    count = 0
    for count, entry in enumerate(entries, 1):
        kept: dict[str, Any] = {name: getattr(entry, name) for name in _TOLD if getattr(entry, name)}
        kept["state"] = entry.state
        if entry.added_at is not None:
            kept["added_at"] = entry.added_at.isoformat()
        if entry.expires_at is not None:
            kept["expires_at"] = entry.expires_at.isoformat()
        if len(entry.frames) == 1:
            kept["quality"] = entry.frames[0].quality
        content = {
            "id": count,
            "disable_until_ts": int(entry.state is State.ACTIVE),
            "collab_metadata": {},
            "original_media_uri": None,
            "bank": about,
            "signals": signals_of(entry),
            "metadata": {"content_id": entry.id, "json": kept},
        }
        stream.write(("\n" if count == 1 else ",\n") + json.dumps(content, ensure_ascii=False))
    stream.write("\n]}\n")
    return count


def _json(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _item(position: int, one: Any, bank: str) -> Item | Rejected:
    sample = json.dumps(one, ensure_ascii=False)[:300]
    if not isinstance(one, dict):
        return Rejected.of(position, "Not an object.", sample)
    signals = one.get("signals", one)
    if not isinstance(signals, dict):
        return Rejected.of(position, "'signals' must be an object of types and strings.", sample)
    signals = {name: text for name, text in signals.items() if known(name)}
    if not all(isinstance(text, str) for text in signals.values()):
        return Rejected.of(position, "A signal must be a string.", sample)
    try:
        return Item(position, _entry(one, signals, bank))
    except (ValueError, TypeError) as error:
        return Rejected.of(position, str(error), sample)


def _entry(one: dict[str, Any], signals: dict[str, str], bank: str) -> Entry:
    told = of_signals(signals)
    metadata = _object(one.get("metadata"), "metadata")
    kept = _object(metadata.get("json"), "metadata.json")
    told |= {name: _text(kept[name], name) for name in _TOLD if kept.get(name) is not None}
    if "quality" in kept and "pdq" in signals:
        told["frames"] = (PictureHash(pdq=signals["pdq"].lower(), quality=int(kept["quality"])),)
    if kept.get("added_at") is not None:
        told["added_at"] = datetime.fromisoformat(_text(kept["added_at"], "added_at"))
        if told["added_at"].tzinfo is None:  # type: ignore[attr-defined]
            told["added_at"] = told["added_at"].replace(tzinfo=UTC)  # type: ignore[attr-defined]
    if kept.get("expires_at") is not None:
        told["expires_at"] = date.fromisoformat(_text(kept["expires_at"], "expires_at"))
    if metadata.get("content_id") is not None:
        told["id"] = _text(metadata["content_id"], "content_id")
    named = _object(one.get("bank"), "bank").get("name") or bank
    if "source" not in told and not kept and named:
        told["source"] = _text(named, "bank")
    return Entry(**told, state=_state(one, kept))  # type: ignore[arg-type]


def _state(one: dict[str, Any], kept: dict[str, Any]) -> State | None:
    if kept.get("state") is not None:
        return State(_text(kept["state"], "state"))
    match one.get("disable_until_ts"):
        case None | 1:
            return None
        case 0:
            return State.REMOVED
    return State.QUARANTINED


def _object(given: Any, name: str) -> dict[str, Any]:
    if given is not None and not isinstance(given, dict):
        raise ValueError(f"{name!r} must be an object.")
    return given or {}


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str):
        raise ValueError(f"{name!r} must be a string.")
    return given
