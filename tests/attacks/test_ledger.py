"""Promise 6: the ledger cannot be altered unseen. 10,000 random attacks; each must be found, at the right entry.

Plain attacks change what is stored; the first entry that differs must be named exactly. Thorough ones compute the
hashes anew as far as they like, which only signed checkpoints can show; the first entry that differs must lie in the
stretch that is named, and the stretch must not reach over a checkpoint that still fits.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from tarazu.ledger.check import ERASED, Kept, check, subject_of
from tarazu.ledger.checkpoint import Checkpoint
from tarazu.ledger.entry import GENESIS, Entry, hash_of_entry, seal
from tarazu.ledger.merkle import Growing

ATTACKS, SIZE, EVERY = 10_000, 48, 8
FIELDS = ("at", "actor_kind", "actor_id", "kind", "subject", "commitment", "prev", "hash")
List = list[Kept]


def sealed(rng: random.Random, seq: int, prev: str, kind: str = "decision.made", subject: str = "") -> Kept:
    made = seal(
        seq=seq,
        at=1_760_000_000_000 + seq * 1000,
        actor_kind=rng.choice(("person", "rule")),
        actor_id=f"p{rng.randrange(5)}",
        kind=kind,
        subject=subject or f"case:{rng.randrange(9)}",
        facts={"n": rng.randrange(1000)},
        prev=prev,
        key=rng.randbytes(32),
    )
    return Kept(made.entry, made.body, made.key)


def honest(rng: random.Random) -> tuple[List, list[Checkpoint]]:
    """A ledger with two bodies erased in order, and a checkpoint every eight entries."""
    made: List = []
    points: list[Checkpoint] = []
    tree = Growing()
    for seq in range(1, SIZE + 1):
        prev = made[-1].entry.hash if made else GENESIS
        kind, subject = (ERASED, subject_of(seq - 10)) if seq in (20, 40) else ("decision.made", "")
        made.append(sealed(rng, seq, prev, kind, subject))
        tree.append(made[-1].entry.hash)
        if seq % EVERY == 0:
            head = made[-1].entry.hash
            points.append(Checkpoint(origin="T", size=seq, root=tree.root(), head=head, at=seq))
    for seq in (10, 30):
        made[seq - 1] = Kept(made[seq - 1].entry)
    return made, points


def other(rng: random.Random, value: object) -> object:
    """Something else than `value`, often only one letter away."""
    if isinstance(value, int):
        return value + rng.choice((-1, 1, 60_000))
    text = str(value)
    at = rng.randrange(len(text))
    return text[:at] + rng.choice([one for one in "0123456789abcdef" if one != text[at]]) + text[at + 1 :]


def numbered(kept: List) -> List:
    return [replace(one, entry=replace(one.entry, seq=n)) for n, one in enumerate(kept, 1)]


def rehashed(kept: List, first: int, last: int) -> List:
    """Entries `first` to `last` (from 0) chained anew, whole in themselves."""
    made = list(kept)
    for at in range(first, min(last + 1, len(made))):
        prev = made[at - 1].entry.hash if at else GENESIS
        entry = replace(made[at].entry, seq=at + 1, prev=prev)
        made[at] = replace(made[at], entry=replace(entry, hash=hash_of_entry(entry)))
    return made


def edit(rng: random.Random, kept: List) -> List:
    at, field = rng.randrange(len(kept)), rng.choice(FIELDS)
    entry: Entry = replace(kept[at].entry, **{field: other(rng, getattr(kept[at].entry, field))})  # type: ignore[arg-type]
    return [*kept[:at], replace(kept[at], entry=entry), *kept[at + 1 :]]


def edit_body(rng: random.Random, kept: List) -> List:
    at = rng.choice([n for n, one in enumerate(kept) if one.body is not None])
    one = kept[at]
    changed = rng.choice(
        (
            replace(one, body=other(rng, one.body)),
            replace(one, key=other(rng, one.key)),
            replace(one, body=None),
            replace(one, key=None),
            replace(one, body=None, key=None),
        )
    )
    return [*kept[:at], changed, *kept[at + 1 :]]


def delete(rng: random.Random, kept: List) -> List:
    at = rng.randrange(len(kept))
    left = [*kept[:at], *kept[at + rng.choice((1, 1, 2, 5)) :]]
    return numbered(left) if rng.random() < 0.5 else left


def insert(rng: random.Random, kept: List) -> List:
    at = rng.randrange(len(kept))
    prev = kept[at - 1].entry.hash if at else GENESIS
    new = rng.choice(
        (rng.choice(kept), sealed(rng, at + 1, prev), sealed(rng, at + 1, rng.randbytes(32).hex()))
    )
    put = [*kept[:at], new, *kept[at:]]
    return numbered(put) if rng.random() < 0.5 else put


def reorder(rng: random.Random, kept: List) -> List:
    made = list(kept)
    if rng.random() < 0.5:
        one, two = rng.sample(range(len(made)), 2)
        made[one], made[two] = made[two], made[one]
    else:
        first = rng.randrange(len(made) - 1)
        last = rng.randrange(first + 2, len(made) + 1)
        part = made[first:last]
        while made[first:last] == part:
            rng.shuffle(part)
        made[first:last] = part
    return numbered(made) if rng.random() < 0.5 else made


def truncate(rng: random.Random, kept: List) -> List:
    return kept[: rng.randrange(len(kept))]


def thorough(attack: Callable[[random.Random, List], List]) -> Callable[[random.Random, List], List]:
    """The same by somebody who computes hashes anew: of one entry, of a few, or of all that follow."""

    def made(rng: random.Random, kept: List) -> List:
        changed = numbered(attack(rng, kept))
        at = difference(kept, changed) - 1
        return rehashed(changed, at, at + rng.choice((0, 1, 3, SIZE, SIZE)))

    made.__name__ = f"{attack.__name__}, hashes anew"
    return made


def refill(rng: random.Random, kept: List) -> List:
    """Cut off, then grow again to the same length or beyond."""
    made = truncate(rng, kept)
    while len(made) < len(kept) + rng.randrange(2):
        made.append(sealed(rng, len(made) + 1, made[-1].entry.hash if made else GENESIS))
    return made


def difference(kept: List, changed: List) -> int:
    """The number of the first entry that is not what it was."""
    for seq, (one, two) in enumerate(zip(kept, changed, strict=False), 1):
        if one != two:
            return seq
    return min(len(kept), len(changed)) + 1


PLAIN = (edit, edit_body, delete, insert, reorder, truncate)
THOROUGH = (thorough(edit), thorough(delete), thorough(insert), thorough(reorder), refill)


def test_ten_thousand_attacks_are_found_at_the_right_entry() -> None:
    rng = random.Random(6)
    kept, points = honest(rng)
    clean = check(kept, points)
    assert clean.fault is None
    assert (clean.size, clean.bodies, clean.erased, clean.checkpoints) == (48, 46, 2, 6)

    tried: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(ATTACKS):
        attack = (*PLAIN, *THOROUGH)[number % (len(PLAIN) + len(THOROUGH))]
        changed = kept
        while changed[:SIZE] == kept:  # nothing changed, or more at the end, as a ledger grows
            changed = attack(rng, kept)
        truth = difference(kept, changed)
        fault = check(changed, points).fault
        tried[attack.__name__] += 1
        if fault is None:
            wrong.append(f"{number} {attack.__name__}: not found, {truth} differs")
            continue
        kinds[fault.kind.value] += 1
        exact[attack.__name__] += fault.at == truth
        covered = (truth - 1) // EVERY * EVERY  # by the last checkpoint before the first difference
        if not covered < fault.first <= truth <= fault.last or (attack in PLAIN and fault.at != truth):
            wrong.append(f"{number} {attack.__name__}: {fault!r}, {truth} differs")
    for name, count in tried.items():
        print(f"{name:>22}: {count} tried, {exact[name]} named exactly, the others within their stretch")
    print(f"{tried.total()} attacks, {len(wrong)} missed or named wrongly; told as {dict(kinds)}")
    assert tried.total() == ATTACKS
    assert not wrong, wrong[:8]
