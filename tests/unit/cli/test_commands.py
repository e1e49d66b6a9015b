from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tarazu.cli import main, words
from tarazu.cli.place import whole_file
from tarazu.errors import OptionError, OutputError

ROWS = """post_id,account_id,created_at,link
1,a,1629589836,x
2,b,1629589840,x
3,b,1629589841,x
4,c,1629599999,x
5,a,1629589836,y
6,b,1629589896,y
7,c,1629589897,y
"""


def _run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in arguments])
    return int(end.value.code or 0)


@pytest.mark.parametrize(
    ("semantics", "edges"),
    [
        ("objects", [("a", "b", 2), ("b", "c", 1)]),
        ("coortweet", [("a", "b", 3), ("b", "c", 1)]),
        ("cnt", [("a", "b", 2), ("b", "a", 3), ("b", "c", 1), ("c", "b", 1)]),
    ],
)
def test_pairs_are_counted_as_asked(
    tmp_path: Path, semantics: str, edges: list[tuple[str, str, int]]
) -> None:
    path, out = tmp_path / "posts.csv", tmp_path / "edges.csv"
    path.write_text(ROWS)
    assert (
        _run("pairs", path, "--object", "link", "--window", 60, "--semantics", semantics, "--out", out) == 0
    )
    assert pl.read_csv(out).rows() == edges
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_pairs_of_a_trace_and_of_a_column_agree(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(ROWS)
    shared = ["pairs", path, "--map", "link=repost_of", "--window", 60]
    assert _run(*shared, "--object", "repost_of", "--out", tmp_path / "one.csv") == 0
    assert _run(*shared, "--trace", "co_repost", "--out", tmp_path / "two.csv") == 0
    assert (tmp_path / "one.csv").read_text() == (tmp_path / "two.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "either --trace or --object"),
        (["--trace", "co_dance"], 2, "co_repost"),
        (["--object", "dance"], 2, "no such column"),
        (["--object", "link", "--window", "-1"], 2, "--window"),
        (["--object", "link", "--map", "x"], 2, "THEIRS=OURS"),
        (["--object", "link", "--nonsense"], 2, "No such option"),
    ],
)
def test_a_misused_option_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(ROWS)
    given = ["pairs", path, "--out", tmp_path / "e.csv", "--window", 60, *arguments]
    assert _run(*given) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "e.csv").exists()


def test_a_fault_of_ours_is_one_line_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(ROWS)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tarazu.sources.read_actions", broken)
    given = ["pairs", str(path), "--object", "link", "--window", "60", "--out", str(tmp_path / "e.csv")]
    assert _run(*given) == 1
    said = capsys.readouterr().err
    assert "fault of Tarazu" in said and "--debug" in said and len(said.splitlines()) == 1
    with pytest.raises(ZeroDivisionError):
        main([*given, "--debug"])


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--version") == 0
    assert capsys.readouterr().out.startswith("tarazu ")
    assert _run("--help") == 0
    helped = capsys.readouterr().out
    assert all(verb in helped for verb in ("networks", "pairs", "demo", "evaluate"))


def test_help_does_not_load_what_it_does_not_need() -> None:
    started = time.perf_counter()
    check = (
        "import sys; sys.argv = ['tarazu', '--help']\n"
        "import tarazu.cli\n"
        "try: tarazu.cli.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'polars', 'numpy', 'numba', 'pyarrow', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", check], check=True, stdout=subprocess.DEVNULL)
    assert time.perf_counter() - started < 5  # 0.1 s alone; a busy machine must not fail this


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "e.csv"
    out.write_text("old")
    with pytest.raises(ZeroDivisionError), whole_file(out) as draft:
        draft.write_text("half")
        raise ZeroDivisionError
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_written_options_are_read() -> None:
    assert words.mapping(["a=b=text", "id=post_id"]) == {"a=b": "text", "id": "post_id"}
    assert words.windows("60, 10,60") == (10, 60)
    assert words.names(["co_url,co_text", "co_url"]) == ("co_url", "co_text")
    assert words.names(None) is None
    for wrong in ("", "x", "0", "-5", "99999999"):
        with pytest.raises(OptionError):
            words.windows(wrong)


def test_a_place_that_cannot_be_written_is_named_before_the_work(tmp_path: Path) -> None:
    from tarazu.cli.place import check_file, check_folder

    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        check_folder(tmp_path / "file", force=False)
    with pytest.raises(OutputError, match="is a folder"):
        check_file(tmp_path)
