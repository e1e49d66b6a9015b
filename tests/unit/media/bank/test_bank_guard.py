"""A flood is stopped soon, chance never; what a person confirmed goes on until it grows tenfold."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bank_parts import words

from tarazu.media.bank import Bank, Entry, State
from tarazu.media.bank.guard import Business
from tarazu.sightings import MediaHash, MediaMatch, Sighting, Transform

KNOWN = "0f1e2d3c4b5a6978" * 4


def held_after(share: float, seed: int, most: int) -> int | None:
    """Uploads until one that matches this share of them is held."""
    draw, one = random.Random(seed), Business()
    for upload in range(1, most + 1):
        if draw.random() < share:
            one = one.after_match(upload)
            if one.flooding:
                return upload
    return None


@pytest.mark.parametrize(("share", "by"), [(1.0, 8), (0.5, 40), (0.1, 250), (0.01, 2_500), (0.001, 45_000)])
def test_a_flood_is_held_in_time(share: float, by: int) -> None:
    assert all(held_after(share, seed, by) for seed in range(20))


def test_a_rare_entry_is_never_held() -> None:
    assert held_after(1 / 10_000, 1, 1_000_000) is None
    one = Business()
    for upload in range(1, 8):  # seven in a row
        one = one.after_match(upload)
        assert not one.flooding


def test_a_held_entry_informs_and_a_person_lets_it_go_on(bank: Bank) -> None:
    id = bank.add(Entry.picture(KNOWN), by="a", trusted=True)
    found = bank.match(words(KNOWN))
    assert found[0].decides
    held = [bank.count_upload(found) for _ in range(8)]
    assert held == [[]] * 7 + [[id]]
    assert bank.entry(id).state is State.HELD
    assert not bank.match(words(KNOWN))[0].decides
    assert (bank.changes(id)[-1].by, bank.changes(id)[-1].what) == ("flood guard", "held")
    assert bank.count_upload(found) == []  # once is enough
    bank.confirm(id, by="Ben")
    assert bank.entry(id).state is State.ACTIVE
    assert bank.count_uploads([found] * 500) == []  # every upload was its usual rate
    record = bank.record(id)
    assert (record.matched, record.uploads) == (509, 509)


def test_a_confirmed_entry_is_held_again_when_it_grows_tenfold(bank: Bank) -> None:
    id = bank.add(Entry.picture(KNOWN), by="a", trusted=True)
    found = bank.match(words(KNOWN))
    sparse = [found if number % 100 == 0 else [] for number in range(3000)]
    assert bank.count_uploads(sparse) == [id]
    bank.confirm(id, by="Ben")
    assert bank.count_uploads(sparse * 3) == []  # the same rate, 1 in 100
    assert bank.count_uploads([found, []] * 100) == [id]  # 1 in 2


def test_a_held_negative_entry_silences_nothing(tmp_path: Path) -> None:
    """A blank picture that got among the known and fine must not clear everything."""
    with Bank.create(tmp_path / "fine.bank", owner="o", reason="r", negative=True) as fine:
        fine.add(Entry.picture(KNOWN), by="a")
        other = MediaMatch(bank="other", entry="e", distance=0, transform=Transform.UPRIGHT)
        hash = MediaHash(path="p", sha256="", md5="")
        found = fine.match(words(KNOWN))
        assert Sighting(hash=hash, matches=(*found, other)).known == ()
        assert fine.count_uploads([found] * 8)
        assert Sighting(hash=hash, matches=(*fine.match(words(KNOWN)), other)).known == (other,)


def test_matches_of_other_banks_are_not_counted_here(bank: Bank) -> None:
    from dataclasses import replace

    id = bank.add(Entry.picture(KNOWN), by="a")
    others = [replace(one, bank="other") for one in bank.match(words(KNOWN))]
    bank.count_uploads([others] * 20)
    assert bank.record(id).matched == 0
