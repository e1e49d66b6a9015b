"""What people really hand in: each ends in a clear message or in rejected rows, never in a traceback."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
import zstandard

from tarazu.cli import main
from tarazu.errors import InputError, NothingToRead, NotReadable, OptionError, UnknownLayout
from tarazu.sources import Reading, read

HEADER = "post_id,account_id,created_at,text\n"
ROW = "1,a,2021-05-06T07:08:09Z,hello\n"


def _file(folder: Path, content: str | bytes, name: str = "posts.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _reasons(reading: Reading) -> list[tuple[int, str]]:
    return reading.rejected.select("position", "reason").rows()


def _command(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tarazu.cli", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


BAD: dict[str, tuple[str | bytes, type[InputError], str]] = {
    "empty": ("", NothingToRead, "is empty"),
    "blank lines": ("\n\n\r\n", NothingToRead, "no rows"),
    "byte order mark only": (b"\xef\xbb\xbf", NothingToRead, "no rows"),
    "header only": (HEADER, NothingToRead, "only a header"),
    "binary": (bytes(range(256)) * 64, NotReadable, "binary file"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(5000), NotReadable, "binary file"),
    "zip": (b"PK\x03\x04" + bytes(100), NotReadable, "unpack it"),
    "utf-16": ("\ufeff" + HEADER + ROW, NotReadable, "UTF-16"),
    "not our columns": ("id;who;when\n1;2;3\n", UnknownLayout, "--map YOURS=post_id"),
    "all naive": (
        HEADER + "1,a,2021-05-06T07:08:09,x\n2,b,2021-05-06 07:08,y\n",
        NothingToRead,
        "--assume-utc",
    ),
    "year 30,000": (HEADER + "1,a,30000-01-01T00:00:00Z,x\n", NothingToRead, "1990 to 2100"),
    "truncated parquet": (b"PAR1" + bytes(500), NotReadable, "Parquet"),
    "a gzip of nothing": (gzip.compress(b""), NothingToRead, "no rows"),
    "a gzip cut in its head": (
        gzip.compress(HEADER.encode() + ROW.encode() * 99)[:12],
        NotReadable,
        "cut short",
    ),
    "json scalars": ("[1, 2, 3]", NothingToRead, "not a JSON object"),
    "deep json": ("{" + '"a":[' * 100_000, NothingToRead, "not JSON"),
    "one endless line": ("a" * 3_000_000, NotReadable, "no header line"),
}
BAD["utf-16"] = (str(BAD["utf-16"][0]).encode("utf-16-le"), NotReadable, "UTF-16")


@pytest.mark.parametrize("case", BAD)
def test_the_message_says_what_to_do(tmp_path: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    content, error, words = BAD[case]
    path = _file(tmp_path, content)
    with pytest.raises(error, match="(?s).*" + words.replace("(", "\\(")):
        read(path)
    with pytest.raises(SystemExit) as end:
        main(["networks", str(path), "--out", str(tmp_path / "out")])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("case", ["empty", "binary", "not our columns"])
def test_the_real_command_ends_with_a_message_and_a_code(tmp_path: Path, case: str) -> None:
    done = _command("networks", _file(tmp_path, BAD[case][0]), "--out", tmp_path / "out")
    assert done.returncode == 2
    assert BAD[case][2] in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="no file"):
        read(tmp_path / "none.csv")
    with pytest.raises(NotReadable, match="folder"):
        read(tmp_path)


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, zstandard.compress], ids=["gzip", "bzip2", "zstd"]
)
@pytest.mark.parametrize("form", ["csv", "jsonl", "array"])
def test_a_cut_file_keeps_the_rows_before_the_cut(tmp_path: Path, pack: object, form: str) -> None:
    lines = [
        json.dumps({"post_id": f"{os.urandom(12).hex()}", "account_id": "a", "created_at": 1_600_000_000 + n})
        for n in range(60_000)
    ]
    if form == "csv":
        rows = [json.loads(line) for line in lines]
        text = HEADER + "".join(f'{row["post_id"]},a,{row["created_at"]},"x"\n' for row in rows)
    else:
        text = "\n".join(lines) if form == "jsonl" else "[" + ",\n".join(lines) + "]"
    packed = pack(text.encode())  # type: ignore[operator]
    reading = read(_file(tmp_path, packed[: int(len(packed) * 0.7)], "cut"))
    (count,) = reading.files
    assert count.rejected == 1
    assert 10_000 < count.accepted < 59_000
    position, reason = _reasons(reading)[0]
    assert position == count.read == count.accepted + 1
    assert reason.startswith("file cut short")


def test_mixed_offsets_are_one_clock(tmp_path: Path) -> None:
    times = [
        "2021-05-06T07:08:09Z",
        "2021-05-06T09:08:09+02:00",
        "2021-05-06 11:38:09.000+0430",
        "1620284889",
    ]
    path = _file(tmp_path, HEADER + "".join(f"{n},a,{time},x\n" for n, time in enumerate(times)))
    assert read(path).posts["created_at"].n_unique() == 1


def test_seconds_of_the_year_30000_do_not_pass_for_milliseconds(tmp_path: Path) -> None:
    reading = read(_file(tmp_path, HEADER + "1,a,1620284889,x\n2,b,884541340800,y\n"))
    assert reading.posts["post_id"].to_list() == ["1"]
    assert _reasons(reading) == [(2, "time outside the years 1990 to 2100")]


def test_repeated_ids_are_merged_or_refused(tmp_path: Path) -> None:
    header = "post_id,account_id,created_at,urls,text\n"
    rows = [
        "1,a,1620284889,http://x.example,",
        "2,b,1620284889,,",
        "1,a,1620284889,http://y.example,late",
        "1,b,1620284889,,",
        "1,a,1620284890,,",
        "2,b,1620284889,,",
    ]
    reading = read(_file(tmp_path, header + "\n".join(rows)))
    (count,) = reading.files
    assert (count.read, count.accepted, count.rejected, count.merged) == (6, 4, 2, 2)
    assert [position for position, _ in _reasons(reading)] == [4, 5]
    assert "duplicate post_id" in _reasons(reading)[0][1]
    first, second = reading.posts.to_dicts()
    assert first["urls"] == ["http://x.example", "http://y.example"]
    assert first["text"] == "late"
    assert second["urls"] is None


def test_long_texts_null_bytes_emoji_and_lines_in_quotes_are_read(tmp_path: Path) -> None:
    long = "ل🙂" * 500_000
    rows = [
        f'1,a,1620284889,"{long}"',
        "2,a,1620284889,nul\x00l",
        '3,a,1620284889,"two\r\nlines, ""quoted"""',
    ]
    reading = read(_file(tmp_path, HEADER + "\r\n".join(rows)))
    texts = reading.posts["text"].to_list()
    assert texts == [long, "nul\x00l", 'two\r\nlines, "quoted"']
    (as_json,) = read(
        _file(
            tmp_path, json.dumps({"post_id": 1, "account_id": 2, "created_at": 1620284889, "text": long}), "l"
        )
    ).posts["text"]
    assert as_json == long


def test_ids_stay_as_written_or_are_refused(tmp_path: Path) -> None:
    ids = [
        "007",
        "123456789012345678901234567890",
        "1.0E+18",
        "1e+18",
        "12e45",
        "-1",
        "nan",
        "",
        "a\x00b",
        "1.5",
        "x" * 1001,
    ]
    reading = read(_file(tmp_path, HEADER + "".join(f"{one},a,1620284889,x\n" for one in ids)))
    assert reading.posts["post_id"].to_list() == [
        "007",
        "123456789012345678901234567890",
        "12e45",
        "-1",
        "1.5",
    ]
    reasons = [reason.split(":")[0] for _, reason in _reasons(reading)]
    assert reasons == [
        "damaged id in post_id",
        "damaged id in post_id",
        "no post_id",
        "no post_id",
        "control character in post_id",
        "post_id is longer than 1000 characters",
    ]


def test_float_ids_of_parquet_are_refused_where_digits_are_lost(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    pl.DataFrame(
        {
            "post_id": [1.0, 2.0**60, 3.5, float("nan"), None],
            "account_id": [7, 8, 9, 10, 11],
            "created_at": [1620284889] * 5,
        }
    ).write_parquet(path)
    reading = read(path)
    assert reading.posts.select("post_id", "account_id").rows() == [("1", "7")]
    assert [reason.split(" ")[0] for _, reason in _reasons(reading)] == ["damaged", "damaged", "no", "no"]


def test_every_kind_of_bad_row_keeps_its_position(tmp_path: Path) -> None:
    rows = [
        b"1,a,1620284889,fine",
        b"2,a,1620284889",
        b"3,a,1620284889,too,many",
        b"4,a,1620284889,\xff\xfe",
        b'5,a,1620284889,"open',
        b"",
        b'6,a,1620284889,"fine"',
        b'7,a,1620284889,"bad"quote',
        b"8,a,not a time,x",
        b"9,,1620284889,x",
        b'10,a,1620284889,in"side',
        b"11,a,2021-05-06,x",
    ]
    reading = read(_file(tmp_path, HEADER.encode() + b"\n".join(rows)))
    assert reading.posts["post_id"].to_list() == ["1", "6", "10"]
    assert [position for position, _ in _reasons(reading)] == [2, 3, 4, 5, 7, 8, 9, 11]
    assert reading.files[0].read == 11


@pytest.mark.parametrize("place", [0, 500_000, 999_999])
def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path, place: int) -> None:
    rows = [f"{n},a,1620284889,hello" for n in range(1_000_000)]
    rows[place] = rows[place].replace("hello", '"hello')
    reading = read(_file(tmp_path, HEADER + "\n".join(rows)))
    assert reading.files[0].read == 1_000_000
    assert [position for position, _ in _reasons(reading)] == [place + 1]


def test_bad_json_lines_keep_their_line_numbers(tmp_path: Path) -> None:
    good = '{"post_id": 1, "account_id": "a", "created_at": 1620284889}'
    lines = [
        good,
        "",
        "{",
        "[1]",
        '{"post_id": "\\ud800", "account_id": 1, "created_at": 1620284889}',
        "null",
        good[:-1],
    ]
    reading = read(_file(tmp_path, "\n".join(lines), "posts.json"))
    assert reading.posts.height == 1
    assert [position for position, _ in _reasons(reading)] == [3, 4, 5, 6, 7]


def test_a_mapping_that_makes_no_sense_is_explained(tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER + ROW)
    with pytest.raises(OptionError, match="not one of our columns"):
        read(path, map={"text": "body"})
    with pytest.raises(OptionError, match="no such column"):
        read(path, map={"body": "text"})
    with pytest.raises(OptionError, match="two columns"):
        read(path, map={"text": "client", "post_id": "client"})
    with pytest.raises(OptionError, match="no layout"):
        read(path, layout="myspace")


def test_an_older_result_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    path = _file(tmp_path, HEADER + ROW)
    for words, say in (([], "--force"), (["--force"], "will not delete")):
        with pytest.raises(SystemExit) as end:
            main(["networks", str(path), "--out", str(out), *words])
        assert end.value.code == 3
        assert say in capsys.readouterr().err
    assert (out / "thesis.txt").read_text() == "mine"


def test_interrupting_leaves_one_line_and_no_file(tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER + "".join(f"{n},a{n},1620284889,x\n" for n in range(3_000_000)))
    out = tmp_path / "out"
    out.mkdir()
    running = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tarazu.cli",
            "pairs",
            path,
            "--object",
            "text",
            "--window",
            "60",
            "--out",
            out / "e.csv",
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    time.sleep(1.2)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert said.strip().splitlines()[-1].startswith("tarazu: Stopped")
    assert "Traceback" not in said
    assert list(out.iterdir()) == []
