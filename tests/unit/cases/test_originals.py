"""Originals of pictures are kept whole, once, under what they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tarazu.cases.item import Item, ItemKind, Media
from tarazu.cases.originals import keep, keeper
from tarazu.errors import OutputError
from tarazu.media.files import within
from tarazu.server.gallery import Gallery


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=2_000))
def test_what_is_kept_is_what_was_given(tmp_path: Path, content: bytes) -> None:
    name = keep(tmp_path, content)
    kept = tmp_path / name[:2] / name
    assert kept.read_bytes() == content and name == hashlib.sha256(content).hexdigest()
    assert kept.stat().st_mode & 0o077 == 0
    before = kept.stat().st_mtime_ns
    assert keep(tmp_path, kept) == name and kept.stat().st_mtime_ns == before
    assert not list(tmp_path.rglob(".*"))


def test_the_console_finds_what_a_scan_kept_and_nothing_from_outside(tmp_path: Path) -> None:
    posted, media = tmp_path / "posted", tmp_path / "media"
    posted.mkdir()
    (posted / "a.jpg").write_bytes(b"a picture")
    (tmp_path / "secret").write_bytes(b"a secret")
    digest = hashlib.sha256(b"a picture").hexdigest()
    item = Item(
        kind=ItemKind.POST,
        external_id="p",
        media=(
            Media(ref="a.jpg", sha256=digest),
            Media(ref="../secret", sha256="0" * 64),
            Media(ref="gone.jpg", sha256="1" * 64),
        ),
    )
    keeper(media, lambda ref: within(posted, ref))(item)
    assert [path.name for path in media.rglob("*") if path.is_file()] == [digest]
    assert Gallery(media).find(item.media[0]) == media / digest[:2] / digest


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="data folder"):
        keep(tmp_path / "media", b"x")
