from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from brute_force import random_hashes, triples
from hypothesis import given, settings
from hypothesis import strategies as st

from tarazu.errors import NotReadable, OutputError
from tarazu.media.index import HammingIndex

HASHES = random_hashes(3_000, np.random.default_rng(5))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "index"
    index = HammingIndex(HASHES, tail_rows=100)
    index.remove([7])
    index.save(folder)
    return folder


def copy(folder: Path, to: Path) -> Path:
    to.mkdir()
    for path in folder.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    return to


def test_saving_again_writes_only_what_is_new(saved: Path, tmp_path: Path) -> None:
    folder = copy(saved, tmp_path / "index")
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.bin") if "dead" not in path.name}
    index = HammingIndex.open(folder)
    index.add(HASHES[:2], [9_000, 9_001])
    index.save(folder)
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.bin") if "dead" not in path.name}
    assert before.items() <= after.items()
    assert len(after) == 2 * len(before)
    again = HammingIndex.open(folder, mmap=False)
    assert len(again) == 3_001
    assert triples(again.search(HASHES[[0, 7]], 0)) == [(0, 0, 0), (0, 9_000, 0)]


def test_a_save_that_stops_half_way_leaves_the_index_as_it_was(saved: Path, tmp_path: Path) -> None:
    folder = copy(saved, tmp_path / "index")
    stray = folder / f"{'0' * 16}.hashes.bin"
    stray.write_bytes(b"half of a file")
    (folder / f"{'0' * 8}.tmp").write_bytes(b"{")
    index = HammingIndex.open(folder)
    assert len(index) == 2_999
    index.save(folder)
    assert not stray.exists()
    assert not list(folder.glob("*.tmp"))


def test_what_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "index.json").mkdir()
    with pytest.raises(OutputError, match="choose another folder"):
        HammingIndex(HASHES[:10]).save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.json"]


def test_no_index_and_another_version(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="Give the folder"):
        HammingIndex.open(tmp_path)
    folder = copy(saved, tmp_path / "index")
    from tarazu.media.index.folder import _checksum

    content = json.loads((folder / "index.json").read_text()) | {"version": 99}
    del content["checksum"]
    (folder / "index.json").write_text(json.dumps(content | {"checksum": _checksum(content)}))
    with pytest.raises(NotReadable, match="version 99"):
        HammingIndex.open(folder)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_cut_or_missing_file_is_refused(
    saved: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = copy(saved, tmp_path_factory.mktemp("cut") / "index")
    path = folder / data.draw(st.sampled_from(sorted(one.name for one in folder.iterdir())))
    if data.draw(st.booleans()):
        path.write_bytes(path.read_bytes()[: data.draw(st.integers(0, path.stat().st_size - 1))])
    else:
        path.unlink()
    with pytest.raises(NotReadable, match=r"build the index again|Give the folder"):
        HammingIndex.open(folder)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_changed_byte_is_refused_when_all_are_read_and_never_crashes(
    saved: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = copy(saved, tmp_path_factory.mktemp("changed") / "index")
    path = folder / data.draw(st.sampled_from(sorted(one.name for one in folder.iterdir())))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    if path.suffix != ".json":  # there, a changed space changes nothing
        with pytest.raises(NotReadable, match="build the index again"):
            HammingIndex.open(folder, mmap=False)
    try:
        index = HammingIndex.open(folder)
    except NotReadable:
        return
    index.search(HASHES[:5], 10)
