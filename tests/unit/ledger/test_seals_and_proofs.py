"""Canonical text, seals, the tree's proofs, signed checkpoints."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.errors import NotReadable
from tarazu.ledger import canonical, merkle
from tarazu.ledger.checkpoint import Checkpoint, parse
from tarazu.ledger.entry import GENESIS, hash_of, hash_of_entry, seal
from tarazu.ledger.signing import Signer, parse_public_key

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=12,
)
HASHES = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=40)
FIELDS = st.tuples(st.integers(), st.integers(), *([st.text(max_size=8)] * 6))


@given(JSON)
def test_canonical_text_reads_back_and_is_one(value: object) -> None:
    text = canonical.dumps(value)
    assert json.loads(text) == value
    assert canonical.dumps(json.loads(text)) == text


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical.dumps(float("nan"))


@given(FIELDS, FIELDS)
def test_no_two_entries_share_a_hash(one: tuple, two: tuple) -> None:  # type: ignore[type-arg]
    assert (hash_of(*one) == hash_of(*two)) == (one == two)


def test_letters_that_wander_between_fields_change_the_hash() -> None:
    assert hash_of(1, 2, "ab", "c", "", "", "", "") != hash_of(1, 2, "a", "bc", "", "", "", "")


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_a_commitment_says_nothing_without_its_key(facts: dict[str, object]) -> None:
    def one() -> object:
        return seal(
            seq=1, at=2, actor_kind="person", actor_id="p", kind="k", subject="s", facts=facts, prev=GENESIS
        )

    first, second = one(), one()
    assert first.body == second.body  # type: ignore[attr-defined]
    assert first.entry.commitment != second.entry.commitment  # type: ignore[attr-defined]
    assert first.entry.hash == hash_of_entry(first.entry)  # type: ignore[attr-defined]


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:cut]) + plain_root(leaves[cut:])).digest()


@given(HASHES, st.data())
def test_the_tree_proves_one_entry_and_growth_and_nothing_else(
    hashes: list[str], data: st.DataObject
) -> None:
    roots, tree = [merkle.EMPTY], merkle.Growing()
    for one in hashes:
        tree.append(one)
        roots.append(tree.root())
    leaves = [merkle.leaf(one) for one in hashes]
    size = len(leaves)
    assert [plain_root(leaves[:n]).hex() for n in range(size + 1)] == roots

    at = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(leaves, at)
    assert merkle.includes(roots[size], size, at, leaves[at], proof)
    assert not merkle.includes(roots[size], size, at, merkle.leaf("ab" * 32), proof)
    assert not merkle.includes(roots[size], size, at, leaves[at], [*proof, bytes(32)])
    elsewhere = data.draw(st.integers(-1, size))
    if elsewhere != at:
        assert (
            not merkle.includes(roots[size], size, elsewhere, leaves[at], proof)
            or leaves[elsewhere] == leaves[at]
        )

    old = data.draw(st.integers(1, size))
    grown = merkle.consistency(leaves, old)
    assert merkle.extends(roots[old], old, roots[size], size, grown)
    assert not merkle.extends("ab" * 32, old, roots[size], size, grown)
    assert not merkle.extends(roots[old], old, "ab" * 32, size, grown)
    assert not merkle.extends(roots[old], old, roots[size], size, [*grown, bytes(32)])


POINT = Checkpoint(origin="01KB", size=812, root="0f" * 32, head="a0" * 32, at=1_763_884_800_000)
SIGNER = Signer("01KB", bytes(range(32)))


def test_a_checkpoint_goes_round_as_text_and_only_its_key_accepts_it() -> None:
    signed = SIGNER.sign(POINT)
    back = parse(signed.note())
    key = parse_public_key(SIGNER.public().text())
    assert back == signed and key.accepts(back)
    assert not Signer("01KB", bytes(32)).public().accepts(back)
    assert not Signer("01KC", SIGNER.seed).public().accepts(back)
    for changed in (
        {"size": 811},
        {"root": "0e" * 32},
        {"head": "a1" * 32},
        {"at": 1},
    ):
        assert not key.accepts(replace(back, checkpoint=replace(POINT, **changed)))


@given(st.integers(0, 10_000), st.characters())
def test_a_changed_text_is_no_checkpoint_or_not_accepted(at: int, letter: str) -> None:
    note = SIGNER.sign(POINT).note()
    at %= len(note)
    changed = note[:at] + letter + note[at + 1 :]
    try:
        read = parse(changed)
    except NotReadable:
        return
    assert read == parse(note) or not SIGNER.public().accepts(read)


@pytest.mark.parametrize("text", ["", "tarazu/01KB", "tarazu/01KB+00000000+AA==", "x+y+z"])
def test_what_is_no_public_key_is_told(text: str) -> None:
    with pytest.raises(NotReadable, match="no public key"):
        parse_public_key(text)
