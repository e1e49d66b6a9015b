"""The key that signs checkpoints (ed25519), and the public half that others check with."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from tarazu.errors import NotReadable
from tarazu.ledger.checkpoint import Checkpoint, Signed, name_of

_ALGORITHM = b"\x01"  # ed25519, in signed notes


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Checks signatures of one ledger. Its text form is that of signed notes: `name+id+key`."""

    origin: str
    raw: bytes

    @property
    def id(self) -> str:
        """Eight hex digits that say which key signed."""
        return hashlib.sha256(name_of(self.origin).encode() + b"\n" + _ALGORITHM + self.raw).hexdigest()[:8]

    def text(self) -> str:
        """To publish, once, where an attacker of the store cannot reach."""
        return f"{name_of(self.origin)}+{self.id}+{base64.b64encode(_ALGORITHM + self.raw).decode()}"

    def accepts(self, signed: Signed) -> bool:
        """Whether this key signed this checkpoint."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        if signed.checkpoint.origin != self.origin or signed.key_id != self.id:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(
                bytes.fromhex(signed.signature), signed.checkpoint.text().encode()
            )
        except (InvalidSignature, ValueError):
            return False
        return True


def parse_public_key(text: str, where: str = "the public key") -> PublicKey:
    """`name+id+key` -> the key; raises NotReadable unless it is one and its id fits."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raw = b""
    if name.startswith("tarazu/") and raw[:1] == _ALGORITHM and len(raw) == 33:
        found = PublicKey(name.removeprefix("tarazu/"), raw[1:])
        if found.id == key_id:
            return found
    raise NotReadable(f"{where} is no public key of a ledger. Give the line that 'tarazu ledger key' prints.")


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """Signs checkpoints of one ledger."""

    origin: str
    seed: bytes

    def public(self) -> PublicKey:
        """The half that is published."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return PublicKey(
            self.origin, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        )

    def sign(self, checkpoint: Checkpoint) -> Signed:
        """Sign; the checkpoint must be of this ledger."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if checkpoint.origin != self.origin:
            raise ValueError("a checkpoint of another ledger")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(checkpoint.text().encode())
        return Signed(checkpoint=checkpoint, key_id=self.public().id, signature=signature.hex())
