"""Banks go out and come back exactly; what is no entry is rejected with its place, and nothing vanishes."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import hypothesis.strategies as st
import pytest
from bank_parts import folder
from hypothesis import given, settings

from tarazu.errors import NotReadable
from tarazu.media.bank import Bank, Entry, State
from tarazu.media.bank.exchange.signals import signals_of
from tarazu.media.bank.exchange.transfer import Form, give, recognised, take
from tarazu.sightings import PictureHash

HEX = "0f1e2d3c4b5a6978" * 4
OTHER = "a5" * 32

texts = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20)
some = st.none() | texts.filter(bool)
hashes = st.integers(1, 2**256 - 2).map(lambda n: f"{n:064x}")
frames = st.builds(
    PictureHash,
    pdq=hashes,
    quality=st.integers(50, 100),
    at=st.floats(0, 1e6).map(lambda at: at + 0.0),
)
entries = st.builds(
    Entry,
    frames=st.lists(frames, max_size=4).map(tuple),
    sha256=st.none() | hashes,
    md5=st.integers(0, 2**128 - 1).map(lambda n: f"{n:032x}"),
    id=texts.map(str.strip).filter(bool),
    label=texts,
    entity_id=some,
    shows=some,
    reason=texts,
    source=texts,
    added_by=texts.filter(bool),
    added_at=st.integers(0, 4 * 10**12).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC)),
    expires_at=st.none() | st.dates(date(2031, 1, 1)),
    state=st.sampled_from(State),
)
many = st.lists(entries, max_size=5, unique_by=lambda entry: entry.id)


def made(place: str, name: str, **told: bool) -> Bank:
    return Bank.create(Path(place) / name, owner="o", reason="r", **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [Form.CSV, Form.HMA])
@settings(max_examples=40)
@given(given=many)
def test_a_bank_comes_back_as_it_went(form: Form, given: list[Entry]) -> None:
    with folder() as place, made(place, "a") as one, made(place, "b") as two:
        assert one.add_many(given, by="a", trusted=True).refused == []
        assert list(one.entries()) == given
        file = Path(place) / "out"
        with file.open("w", encoding="utf-8", newline="") as stream:
            assert give(one, stream, form) == len(given)
        assert recognised(file) is form
        done = take(two, file, by="b", trusted=True)
        assert (done.accepted, done.rejected) == (len(given), [])
        assert list(two.entries()) == given


@pytest.mark.parametrize("form", [Form.THREATEXCHANGE, Form.THREATEXCHANGE_CSV])
@settings(max_examples=40)
@given(given=many)
def test_signals_come_back_as_they_went(form: Form, given: list[Entry]) -> None:
    active = [entry for entry in given if entry.state is State.ACTIVE]
    wanted = {signal for entry in active for signal in signals_of(entry).items()}
    with folder() as place, made(place, "a") as one, made(place, "b") as two:
        one.add_many(given, by="a", trusted=True)
        file = Path(place) / "out"
        with file.open("w", encoding="utf-8", newline="") as stream:
            give(one, stream, form)
        done = take(two, file, form, by="b", trusted=True) if active else None
        if done is not None:
            assert done.rejected == [] or all("already" in row.reason for row in done.rejected)
        assert {signal for entry in two.entries() for signal in signals_of(entry).items()} == wanted
        assert all(entry.state is State.ACTIVE for entry in two.entries())


@settings(max_examples=60)
@given(given=many)
def test_no_cell_is_a_formula(given: list[Entry]) -> None:
    from tarazu.report.cells import escape

    with folder() as place, made(place, "a") as bank:
        bank.add_many(given, by="a", trusted=True)
        stream = io.StringIO(newline="")
        give(bank, stream, Form.CSV)
        for row in csv.reader(io.StringIO(stream.getvalue(), newline="")):
            for cell in row:
                assert not re.match(r"[\s\"]*[=+\-@\t\r＝＋－＠]", cell)
        assert all(escape(entry.label) in stream.getvalue().replace('""', '"') for entry in given)


def taken(
    tmp_path: Path, content: str | bytes, name: str = "in", **told: object
) -> tuple[Bank, list[tuple[int, str]]]:
    negative = bool(told.pop("negative", False))
    bank = Bank.create(tmp_path / f"{name}.bank", owner="o", reason="r", negative=negative)
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    done = take(bank, file, by="b", **told)  # type: ignore[arg-type]
    assert done.read == done.accepted + len(done.rejected)
    assert done.accepted == len(list(bank.entries()))
    return bank, [(row.position, row.reason) for row in done.rejected]


def test_the_files_of_threatexchange_are_read(tmp_path: Path) -> None:
    """As `local_file` reads them, and as `tx dataset -P` of 1.2.17 prints them."""
    vpdq = json.dumps([f"{HEX},90,0.0", f"{OTHER},30,1.0"])
    bank, rejected = taken(
        tmp_path,
        f"pdq {HEX}\n\nvideo_md5 {'b' * 32}\nvpdq {vpdq}\n"
        f"raw_text hello\npdq zz\npdq {OTHER} 'Sample Signals' INVESTIGATION_SEED a,b\n"
        f'pdq {"1" * 64} "it\'s" NEGATIVE_CLASS\n{"c" * 64}\n{"d" * 32}\n'
        f"{'e' * 64} 'C' POSITIVE_CLASS\npdq {'7' * 64} DISPUTED x\npdq\n",
        trusted=True,
    )
    assert [position for position, _ in rejected] == [4, 5, 6, 8, 13]
    found = {entry.pdq or entry.md5: entry for entry in bank.entries()}
    assert set(found) == {HEX, "b" * 32, OTHER, "c" * 64, "d" * 32, "e" * 64, "7" * 64}
    assert (found[OTHER].source, found[OTHER].label) == ("Sample Signals", "a b")
    assert (found[OTHER].state, found[HEX].state) == (State.QUARANTINED, State.ACTIVE)


def test_the_table_of_threatexchange_is_read(tmp_path: Path) -> None:
    content = (
        "signal_type,signal_str,collab,category,tags\r\n"
        f"pdq,{HEX},C,POSITIVE_CLASS,entity:x shows:flag more\r\npdq,{OTHER},C,NEGATIVE_CLASS,\r\n"
        f"pdq,{OTHER},C,UNKNOWN,\r\nurl,http://x,C,POSITIVE_CLASS,\r\n"
    )
    bank, rejected = taken(tmp_path, content)
    (entry,) = bank.entries()
    assert (entry.entity_id, entry.shows, entry.label, entry.source) == ("x", "flag", "more", "C")
    assert entry.state is State.QUARANTINED  # nobody trusted the file
    assert [position for position, _ in rejected] == [2, 3, 4]
    assert "false" not in rejected[0][1] and "negative bank" in rejected[0][1]
    assert len(list(taken(tmp_path, content, "fine", negative=True)[0].entries())) == 2


@pytest.mark.parametrize("wrap", ["list", "lines", "bank"])
def test_what_hma_answers_is_read(tmp_path: Path, wrap: str) -> None:
    bank = {"name": "THEIRS", "matching_enabled_ratio": 1.0}
    content = {"disable_until_ts": 1, "collab_metadata": {}, "original_media_uri": None, "bank": bank}
    rows: list[object] = [
        {"id": 1, **content, "signals": {"pdq": HEX, "video_md5": "b" * 32}},
        {"id": 2, **content, "disable_until_ts": 0, "signals": {"pdq": OTHER, "unknown_type": "x"}},
        {"id": 3, **content, "disable_until_ts": 1900000000, "signals": {"pdq": "1" * 64}},
        {"pdq": "2" * 64},
        {"id": 9, "signals": {"pdq": 7}},
        {"id": 9, "signals": {}},
        [],
        {"pdq": "3" * 64, "metadata": {"content_id": "mine", "json": {"state": "asleep"}}},
    ]
    text = {
        "list": json.dumps(rows),
        "lines": "\n".join(map(json.dumps, rows)),
        "bank": json.dumps({"bank": bank, "content": rows}),
    }[wrap]
    taken_in, rejected = taken(tmp_path, text, trusted=True)
    assert [position for position, _ in rejected] == [5, 6, 7, 8]
    states = {entry.pdq: entry.state for entry in taken_in.entries()}
    assert states == {
        HEX: State.ACTIVE, OTHER: State.REMOVED, "1" * 64: State.QUARANTINED, "2" * 64: State.ACTIVE,
    }  # fmt: skip
    assert next(taken_in.entries()).md5 == "b" * 32
    assert next(taken_in.entries()).source == "THEIRS"


def test_a_table_by_hand_is_read(tmp_path: Path) -> None:
    bank, rejected = taken(
        tmp_path,
        f"\ufeffPDQ,label,expires_at,more\n{HEX.upper()},'=1+1,2040-01-01,x\n{OTHER},,soon,\n,,,\n{HEX},,,\n",
    )
    (entry,) = bank.entries()
    assert (entry.pdq, entry.label, entry.expires_at) == (HEX, "=1+1", date(2040, 1, 1))
    assert [position for position, _ in rejected] == [2, 3, 4]
    assert "already" in rejected[2][1]


def test_a_file_cannot_make_itself_trusted(tmp_path: Path) -> None:
    bank, _ = taken(tmp_path, f"pdq,state,added_by\n{HEX},active,boss\n{OTHER},removed,boss\n")
    assert [(entry.state, entry.added_by) for entry in bank.entries()] == [
        (State.QUARANTINED, "b"),
        (State.REMOVED, "b"),
    ]


PIECES = [
    b"pdq", HEX.encode(), OTHER.encode(), b" ", b",", b"\n", b'"', b"{", b"}", b"[", b"]", b":", b'"signals"', b"vpdq",
    b"=", b"'", b"state", b"\x00", b"\xff", b"NEGATIVE_CLASS", b"id,pdq\n", b"signal_type,signal_str\n",
]  # fmt: skip


@settings(max_examples=60)
@given(
    content=st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join),
    form=st.none() | st.sampled_from(Form),
)
def test_any_bytes_are_taken_or_refused_with_words(content: bytes, form: Form | None) -> None:
    with folder() as place, made(place, "a") as bank:
        file = Path(place) / "in"
        file.write_bytes(content)
        try:
            done = take(bank, file, form, by="b")
        except NotReadable as error:
            assert str(error)
            return
        assert done.read == done.accepted + len(done.rejected)
        assert done.accepted == len(list(bank.entries()))
        assert all(row.reason and row.position > 0 for row in done.rejected)
