"""Archives that people make come out whole; damaged ones are refused and leave nothing."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tarazu.errors import NotReadable, OutputError
from tarazu.safe.archive import Quota, extract, is_archive, members
from tarazu.safe.member_names import safe_name
from tarazu.safe.refused import Refused

FILES = {
    "a.png": bytes(range(256)) * 1000,
    "empty.txt": b"",
    "عکس/پوستر.jpg": b"x" * 511,
    "d/" + "long-" * 30 + ".gif": b"y" * 513,
    "d/e/ü.webp": b"z" * 512,
}


def zipped(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.mkdir("d")
        for name, data in FILES.items():
            archive.writestr(name, data)
    return out.getvalue()


def streamed() -> bytes:
    """A zip file written to a pipe: sizes come after each file, not before."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(form: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in {"d": None, **FILES}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data or b"")
            entry.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
            archive.addfile(entry, io.BytesIO(data or b""))
    return out.getvalue()


PLAIN = tarred(tarfile.PAX_FORMAT)
ARCHIVES: dict[str, bytes] = {
    "zip": zipped(zipfile.ZIP_DEFLATED),
    "zip stored": zipped(zipfile.ZIP_STORED),
    "zip streamed": streamed(),
    "tar pax": PLAIN,
    "tar gnu": tarred(tarfile.GNU_FORMAT),
    "tar.gz": gzip.compress(PLAIN),
    "tar.gz in two": gzip.compress(PLAIN[:700]) + gzip.compress(PLAIN[700:]) + bytes(100),
    "tar.bz2": bz2.compress(PLAIN),
    "tar.xz": lzma.compress(PLAIN),
    "tar.zst": zstandard.compress(PLAIN),
    "tar.zst in two": zstandard.compress(PLAIN[:700]) + zstandard.compress(PLAIN[700:]),
}


def file(folder: Path, data: bytes) -> Path:
    path = folder / "any name"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ARCHIVES)
def test_everything_comes_out_as_it_went_in(tmp_path: Path, kind: str) -> None:
    source = file(tmp_path, ARCHIVES[kind])
    assert is_archive(source)
    extracted = extract(source, tmp_path / "new" / "folder")
    assert extracted.refused == ()
    names = [path.relative_to(tmp_path / "new" / "folder").as_posix() for path in extracted.files]
    assert {name: path.read_bytes() for name, path in zip(names, extracted.files, strict=True)} == FILES
    assert {member.name: member.size for member in members(source)} == {n: len(d) for n, d in FILES.items()}


def test_members_can_be_left_unread_but_not_read_late(tmp_path: Path) -> None:
    for data in (ARCHIVES["tar.gz"], ARCHIVES["tar pax"]):
        source = file(tmp_path, data)
        assert {one.name: one.read() for one in members(source) if one.name.startswith("d/")} == {
            name: data for name, data in FILES.items() if name.startswith("d/")
        }
        with pytest.raises(RuntimeError, match="before the next one"):
            next(iter(list(members(source)))).read()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    source = file(tmp_path, PLAIN)
    with pytest.raises(OutputError, match="not empty"):
        extract(source, tmp_path)
    assert list(tmp_path.iterdir()) == [source]
    with pytest.raises(OutputError, match="cannot be written"):
        extract(source, source)
    with pytest.raises(NotReadable, match="cannot be opened"):
        extract(tmp_path / "none", tmp_path / "out")


@pytest.mark.parametrize("quota", [Quota(bytes=200_000), Quota(entries=3), Quota(ratio=0, free=1000)])
def test_over_the_quota_nothing_stays(tmp_path: Path, quota: Quota) -> None:
    for data in (ARCHIVES["tar.gz"], ARCHIVES["zip"]):
        with pytest.raises(Refused, match=r"more than|limit is"):
            extract(file(tmp_path, data), tmp_path / "out", quota=quota)
        assert list((tmp_path / "out").iterdir()) == []


def test_a_file_over_its_own_limit_stays_in_and_the_rest_comes_out(tmp_path: Path) -> None:
    extracted = extract(file(tmp_path, PLAIN), tmp_path / "out", quota=Quota(member=1000))
    assert [(one.name, one.refused) for one in extracted.refused] == [
        ("a.png", "It has 256,000 bytes; the limit is 1,000.")
    ]
    assert len(extracted.files) == len(FILES) - 1


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(ARCHIVES)),
    st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 2**20),
)
def test_damage_is_refused_or_changes_only_what_is_damaged(
    tmp_path_factory: pytest.TempPathFactory, kind: str, edits: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(ARCHIVES[kind])
    for at, value in edits:
        # Most of an archive is content; its first and last parts are where it says what it is.
        data[[at % len(data), at % 700, -1 - at % 300][at % 3] % len(data)] = value
    source = file(tmp_path_factory.mktemp("damaged"), bytes(data[: len(data) - cut % 50]))
    try:
        size = sum(len(piece) for one in members(source) if not one.refused for piece in one.pieces())
    except Refused as error:
        assert error.reason.endswith(".")
    else:
        assert size <= sum(map(len, FILES.values())) + len(data)


@given(st.text(st.characters() | st.sampled_from("./\\: \u2025\uff0e\uff0f"), max_size=40))
def test_a_name_that_is_taken_is_one_within_the_folder_and_stays_as_it_is(raw: str) -> None:
    try:
        name = safe_name(raw)
    except Refused:
        return
    parts = name.split("/")
    assert all(part and part.strip(". ") and not set(part) & set('\\:*?"<>|\0') for part in parts)
    assert not any(unicodedata.category(letter) == "Cc" for letter in name)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a/./b//c.png", "a/b/c.png"),
        ("a\\b.png", "a/b.png"),
        ("12:30?.png", "12_30_.png"),
        ("con.png", "_con.png"),
        ("end. ", "end__"),
        ("e\u0301.png", "\u00e9.png"),
        ("می\u200cروم.png", "می\u200cروم.png"),
        ("\u202egnp.exe", "_gnp.exe"),
    ],
)
def test_awkward_names(raw: str, name: str) -> None:
    assert safe_name(raw) == name


def test_the_end_is_reached_however_small_the_pieces(tmp_path: Path) -> None:
    packed: Callable[[bytes], bytes] = gzip.compress
    many = b"".join(packed(PLAIN[at : at + 97]) for at in range(0, len(PLAIN), 97))
    assert len(extract(file(tmp_path, many), tmp_path / "out").files) == len(FILES)
