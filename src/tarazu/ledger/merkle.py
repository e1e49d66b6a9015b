"""The tree of RFC 9162 over the hashes of entries: one root for all, and short proofs about one or about growth."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").hexdigest()


def leaf(entry_hash: str) -> bytes:
    """The leaf of an entry: a hash of its hash, apart from all inner nodes."""
    return sha256(b"\x00" + bytes.fromhex(entry_hash)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that only grows: keeps a hash a level, gives the root at any moment."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []  # roots of full subtrees, largest first

    def append(self, entry_hash: str) -> None:
        """Add the next entry."""
        made, size = leaf(entry_hash), self.size
        while size & 1:
            made = _node(self._full.pop(), made)
            size >>= 1
        self._full.append(made)
        self.size += 1

    def root(self) -> str:
        """The root over all entries so far, hex."""
        if not self._full:
            return EMPTY
        made = self._full[-1]
        for left in reversed(self._full[:-1]):
            made = _node(left, made)
        return made.hex()


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    cut = _cut(len(leaves))
    return _node(_root(leaves[:cut]), _root(leaves[cut:]))


def _cut(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What proves that `leaves[index]` is in the tree: the sisters on the way up."""
    if not 0 <= index < len(leaves):
        raise ValueError("no such leaf")
    if len(leaves) == 1:
        return []
    cut = _cut(len(leaves))
    if index < cut:
        return [*inclusion(leaves[:cut], index), _root(leaves[cut:])]
    return [*inclusion(leaves[cut:], index - cut), _root(leaves[:cut])]


def includes(root: str, size: int, index: int, one: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that leaf `one` is number `index` (from 0) of the tree of `size` with this root."""
    if not 0 <= index < size:
        return False
    at, last, made = index, size - 1, one
    for sister in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = _node(sister, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = _node(made, sister)
        at, last = at >> 1, last >> 1
    return last == 0 and made.hex() == root


def consistency(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """What proves that the first `size` leaves are the whole of an older tree."""
    if not 0 < size <= len(leaves):
        raise ValueError("no such older tree")
    return _consistency(leaves, size, whole=True)


def _consistency(leaves: Sequence[bytes], size: int, *, whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if whole else [_root(leaves)]
    cut = _cut(len(leaves))
    if size <= cut:
        return [*_consistency(leaves[:cut], size, whole=whole), _root(leaves[cut:])]
    return [*_consistency(leaves[cut:], size - cut, whole=False), _root(leaves[:cut])]


def extends(old_root: str, old_size: int, root: str, size: int, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` begins with the whole tree of `old_size`."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    path = [bytes.fromhex(old_root), *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sister in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = _node(sister, old), _node(sister, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = _node(new, sister)
        at, last = at >> 1, last >> 1
    return last == 0 and old.hex() == old_root and new.hex() == root
