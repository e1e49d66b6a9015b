"""Checkpoints: what the ledger was at a size, signed, in the form that transparency logs use (C2SP tlog-checkpoint).

tarazu/01J...                       which ledger
812                                 how many entries
CsUYapGGPo4dkMgIAUqom...            root of the tree over them, base64
head 3f9a...                        hash of the last entry
at 1763884800000                    when, milliseconds

— tarazu/01J... Az3grlgtzPICa5OS8npVmf1Myq/...
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from tarazu.errors import NotReadable

_FORM = re.compile(
    r"(?P<name>tarazu/[0-9A-Za-z]{1,40})\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"head (?P<head>[0-9a-f]{64})\nat (?P<at>[0-9]{1,16})\n"
    r"\n— (?P=name) (?P<signature>[A-Za-z0-9+/]{90,91}={0,2})\n?"
)


def name_of(origin: str) -> str:
    """The name under which the ledger `origin` is known outside."""
    return f"tarazu/{origin}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """What is signed."""

    origin: str  # which ledger
    size: int  # how many entries
    root: str  # of the tree over them, hex
    head: str  # hash of the last one, hex
    at: int  # milliseconds since 1970, UTC

    def text(self) -> str:
        """The lines that are signed."""
        root = base64.b64encode(bytes.fromhex(self.root)).decode()
        return f"{name_of(self.origin)}\n{self.size}\n{root}\nhead {self.head}\nat {self.at}\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A checkpoint with its signature. Whether it is right is asked of a `PublicKey`."""

    checkpoint: Checkpoint
    key_id: str  # eight hex digits
    signature: str  # hex

    def note(self) -> str:
        """The text to publish."""
        signature = base64.b64encode(bytes.fromhex(self.key_id + self.signature)).decode()
        return f"{self.checkpoint.text()}\n— {name_of(self.checkpoint.origin)} {signature}\n"


def parse(note: str, where: str = "the checkpoint") -> Signed:
    """A published text -> the checkpoint; raises NotReadable unless it is one. Does not check the signature."""
    found = _FORM.fullmatch(note.replace("\r\n", "\n"))
    if found is not None:
        try:
            signature = base64.b64decode(found["signature"], validate=True)
            root = base64.b64decode(found["root"], validate=True)
        except binascii.Error:
            signature = root = b""
        if len(signature) == 68 and len(root) == 32:
            return Signed(
                checkpoint=Checkpoint(
                    origin=found["name"].partition("/")[2],
                    size=int(found["size"]),
                    root=root.hex(),
                    head=found["head"],
                    at=int(found["at"]),
                ),
                key_id=signature[:4].hex(),
                signature=signature[4:].hex(),
            )
    raise NotReadable(
        f"{where} is no checkpoint of a ledger. Give the file as 'tarazu ledger checkpoint' wrote it."
    )
