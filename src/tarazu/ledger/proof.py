"""A proof that one entry is in the ledger, for an outsider who may see nothing else of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from tarazu.errors import NotReadable
from tarazu.ledger import canonical, merkle
from tarazu.ledger.checkpoint import Signed, parse
from tarazu.ledger.entry import Entry, hash_of_entry
from tarazu.ledger.signing import PublicKey


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry, a signed checkpoint, and the hashes that lead from the one to the other."""

    entry: Entry
    path: tuple[str, ...]  # hex, from the entry up
    signed: Signed

    def holds(self, key: PublicKey) -> bool:
        """Whether it proves the entry, given the public key of the ledger."""
        point = self.signed.checkpoint
        return (
            key.accepts(self.signed)
            and hash_of_entry(self.entry) == self.entry.hash
            and merkle.includes(
                point.root,
                point.size,
                self.entry.seq - 1,
                merkle.leaf(self.entry.hash),
                [bytes.fromhex(one) for one in self.path],
            )
        )

    def text(self) -> str:
        """To hand over: one line of JSON."""
        return canonical.dumps(
            {"entry": asdict(self.entry), "path": self.path, "checkpoint": self.signed.note()}
        )


def parse_proof(text: str, where: str = "the proof") -> Proof:
    """What `text` gave -> the proof; raises NotReadable unless it is one. Does not say whether it holds."""
    try:
        read = json.loads(text)
        entry = Entry(**read["entry"])
        path = tuple(bytes.fromhex(one).hex() for one in read["path"])
        strings = all(
            isinstance(one, str) for name, one in asdict(entry).items() if name not in ("seq", "at")
        )
        if type(entry.seq) is int and type(entry.at) is int and strings and len(path) <= 64:
            return Proof(entry, path, parse(read["checkpoint"], where))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise NotReadable(f"{where} is no proof of an entry. Give the file as 'tarazu ledger prove' wrote it.")
