"""One entry: public fields, a commitment to its body, and the hash that ties it to the one before."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass

from tarazu.ledger import canonical

GENESIS = "0" * 64  # what the first entry follows
_ENTRY = b"tarazu.ledger.entry.v1"
_BODY = b"tarazu.ledger.body.v1"
KEY_BYTES = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """The public part, kept for ever. What may have to be erased is in the body, never here."""

    seq: int  # 1, 2, 3, ... without a gap
    at: int  # milliseconds since 1970, UTC
    actor_kind: str  # person | rule | system | token
    actor_id: str
    kind: str  # what happened, for example decision.made
    subject: str  # to what, for example case:01J...
    commitment: str  # HMAC-SHA256 of the canonical body under a key of its own, hex
    prev: str  # hash of the entry before, hex
    hash: str  # hash of all of the above, hex


def hash_of(
    seq: int, at: int, actor_kind: str, actor_id: str, kind: str, subject: str, commitment: str, prev: str
) -> str:
    """SHA-256 over the public fields, each with its length before it, behind a name that nothing else uses."""
    taken = hashlib.sha256(_ENTRY)
    for field in (str(seq), str(at), actor_kind, actor_id, kind, subject, commitment, prev):
        # A lone surrogate cannot be stored, but a hash of what an attacker wrote must not stop the check.
        raw = field.encode("utf-8", "surrogatepass")
        taken.update(len(raw).to_bytes(8, "big"))
        taken.update(raw)
    return taken.hexdigest()


def hash_of_entry(entry: Entry) -> str:
    """What the hash of an entry must be."""
    return hash_of(
        entry.seq,
        entry.at,
        entry.actor_kind,
        entry.actor_id,
        entry.kind,
        entry.subject,
        entry.commitment,
        entry.prev,
    )


def commitment_of(key: bytes, body: str) -> str:
    """What says, to who holds the key, that this was the body, and nothing to who does not."""
    return hmac.digest(key, _BODY + body.encode("utf-8", "surrogatepass"), "sha256").hex()


def body_of(facts: Mapping[str, object]) -> str:
    """Facts as the text that is committed to."""
    return canonical.dumps(facts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """An entry with what is kept beside it."""

    entry: Entry
    body: str
    key: str  # hex


def seal(
    *,
    seq: int,
    at: int,
    actor_kind: str,
    actor_id: str,
    kind: str,
    subject: str,
    facts: Mapping[str, object],
    prev: str,
    key: bytes | None = None,
) -> Sealed:
    """Make the next entry after the one whose hash is `prev`."""
    key = os.urandom(KEY_BYTES) if key is None else key
    body = body_of(facts)
    commitment = commitment_of(key, body)
    made = hash_of(seq, at, actor_kind, actor_id, kind, subject, commitment, prev)
    entry = Entry(
        seq=seq,
        at=at,
        actor_kind=actor_kind,
        actor_id=actor_id,
        kind=kind,
        subject=subject,
        commitment=commitment,
        prev=prev,
        hash=made,
    )
    return Sealed(entry=entry, body=body, key=key.hex())
