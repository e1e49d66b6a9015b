"""A bank finds what comparing with every entry would find, and says how."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from bank_parts import Clock, flipped, words

from tarazu.errors import InputError, OptionError
from tarazu.media.bank import Bank, Entry
from tarazu.media.pdq import distance
from tarazu.sightings import PictureHash, Transform

KNOWN = "0f1e2d3c4b5a6978" * 4


def text(row: np.ndarray) -> str:
    return row.astype(">u8").tobytes().hex()


@pytest.mark.parametrize("within", [0, 17, 31])
def test_it_finds_what_comparing_with_all_finds(tmp_path: Path, within: int) -> None:
    rng = np.random.default_rng(within)
    rows = rng.integers(0, 1 << 64, (300, 4), dtype=np.uint64)
    near = rows[:40].copy()
    for place in range(40):  # 0 to 39 bits away
        for bit in rng.choice(256, place, replace=False):
            near[place, bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    with Bank.create(tmp_path / "a.bank", owner="o", reason="r", distance=within) as bank:
        bank.add_many((Entry.picture(text(row), id=str(n)) for n, row in enumerate(rows)), by="a")
        for asked in near:
            apart = distance(rows, asked)
            wanted = sorted((int(d), str(n)) for n, d in enumerate(apart) if d <= within)
            assert [(one.distance, one.entry) for one in bank.match(asked[None])] == wanted


def test_a_turned_picture_is_found_once_by_its_nearest_turn(bank: Bank) -> None:
    bank.add(Entry.picture(KNOWN, entity_id="x", shows="emblem"), by="a")
    turned = np.zeros((8, 4), dtype=np.uint64)
    turned[2], turned[5] = words(flipped(KNOWN, 9)), words(flipped(KNOWN, 3))
    (found,) = bank.match(turned)
    assert (found.transform, found.distance) == (Transform.MIRRORED, 3)
    assert (found.entity_id, found.shows, found.share) == ("x", "emblem", 1.0)


def test_a_poor_hash_is_found_by_its_bytes_only(bank: Bank) -> None:
    bank.add(Entry.picture(KNOWN, sha256="a" * 64, md5="b" * 32), by="a")
    assert bank.match(words(KNOWN), quality=50)
    assert not bank.match(words(KNOWN), quality=49)
    assert bank.match(words(KNOWN), quality=0, sha256="A" * 64)[0].distance == 0
    assert bank.match(md5="b" * 32)
    assert not bank.match(sha256="b" * 64)


def test_an_entry_matches_until_its_day(bank: Bank, clock: Clock) -> None:
    bank.add(Entry.picture(KNOWN, md5="b" * 32, expires_at=clock().date() + timedelta(days=1)), by="a")
    clock.pass_days(0.49)
    assert bank.match(words(KNOWN), md5="b" * 32)
    clock.pass_days(0.02)
    assert not bank.match(words(KNOWN), md5="b" * 32)


def video(*hashes: str, quality: int = 90) -> tuple[PictureHash, ...]:
    return tuple(PictureHash(pdq=pdq, quality=quality, at=float(at)) for at, pdq in enumerate(hashes))


FILM = [f"{n + 1:x}" * 64 for n in range(10)]  # no two within 31 bits


def asked(hashes: list[str]) -> np.ndarray:
    return np.concatenate([words(pdq) for pdq in hashes])


@pytest.mark.parametrize(
    ("upload", "share"),
    [
        (FILM, 1.0),
        (FILM[:2], 1.0),  # a piece of the known video
        (FILM[:8] + ["a3" * 32] * 50, 8 / 9),  # equal frames count once
        ([*FILM[:8], *(f"{n}5" * 32 for n in "012346789bcdef")], 8 / 22),  # most of it, inside a longer one
        ([*FILM[:7], "a3" * 32, "b4" * 32], None),
    ],
)
def test_a_video_is_found_by_its_share(bank: Bank, upload: list[str], share: float | None) -> None:
    bank.add(Entry(frames=video(*FILM)), by="a")
    found = bank.match_frames(asked(upload))
    assert [one.share for one in found] == ([] if share is None else [pytest.approx(share)])


def test_a_known_still_is_found_in_one_frame(bank: Bank) -> None:
    bank.add(Entry.picture(FILM[3]), by="a")
    (found,) = bank.match_frames(asked(FILM))
    assert found.share == pytest.approx(0.1)
    assert not bank.match_frames(asked(FILM), [90, 90, 90, 10] + [90] * 6)


def test_nonsense_is_refused(bank: Bank) -> None:
    with pytest.raises(InputError, match="shape"):
        bank.match(np.zeros((3, 4), dtype=np.uint64))
    with pytest.raises(OptionError, match="outside 0 to 31"):
        bank.match(words(KNOWN), distance=32)
    assert bank.match_frames(np.empty((0, 1, 4), dtype=np.uint64), []) == []


def test_an_index_kept_on_disk_is_followed_and_never_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reopened after changes by others, after a purge, and with a copy of another bank in its place."""
    import shutil

    from tarazu.media.bank import live_index

    monkeypatch.setattr(live_index, "WORTH", 50)
    rng = np.random.default_rng(1)
    rows = [text(row) for row in rng.integers(0, 1 << 64, (120, 4), dtype=np.uint64)]
    first, second = tmp_path / "first.bank", tmp_path / "second.bank"
    for path, some in ((first, rows[:60]), (second, rows[60:])):
        with Bank.create(path, owner="o", reason="r") as bank:
            bank.add_many((Entry.picture(one, id=one[:8]) for one in some), by="a")
            assert bank.match(words(some[0]))
    kept = tmp_path / "first.bank.index"
    assert any(kept.iterdir())
    with Bank.open(first) as bank:
        bank.remove(rows[1][:8], by="a", reason="r")
        bank.add(Entry.picture(rows[70], id="new"), by="a")
    with Bank.open(first) as bank:
        assert [bool(bank.match(words(rows[n]))) for n in (0, 1, 70)] == [True, False, True]
        bank.purge(rows[0][:8], by="a", reason="law")
        assert not kept.exists()
        assert not bank.match(words(rows[0]))
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(tmp_path / "second.bank.index", kept)
    with Bank.open(first) as bank:
        assert [bool(bank.match(words(rows[n]))) for n in (2, 61)] == [True, False]


def test_what_another_purged_is_not_written_to_disk_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tarazu.media.bank import live_index

    monkeypatch.setattr(live_index, "WORTH", 20)
    rows = [text(row) for row in np.random.default_rng(2).integers(0, 1 << 64, (80, 4), dtype=np.uint64)]
    path = tmp_path / "a.bank"
    with Bank.create(path, owner="o", reason="r") as bank, Bank.open(path) as other:
        bank.add_many((Entry.picture(one, id=one[:8]) for one in rows[:40]), by="a")
        assert other.match(words(rows[0]))
        bank.purge(rows[0][:8], by="a", reason="law")
        bank.add_many((Entry.picture(one, id=one[:8]) for one in rows[40:]), by="a")
        assert other.match(words(rows[50])) and not other.match(words(rows[0]))
        copies = [one for one in tmp_path.rglob("*") if one.is_file()]
        assert any("index" in str(one) for one in copies)
        hidden = words(rows[0])[0]
        for secret in (hidden.tobytes(), hidden.astype(">u8").tobytes()):
            assert all(secret not in one.read_bytes() for one in copies)
