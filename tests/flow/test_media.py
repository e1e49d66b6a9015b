"""Pictures from files to hashes, matches, verdicts and networks, through the command line."""

from __future__ import annotations

import csv
import json
import zipfile

import pytest
from typer.testing import CliRunner

from tarazu.cli.app import app
from tarazu.evaluation.media.drawings import portrait, scene
from tarazu.policy.examples import example_policy, invented_entities


def command(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    """A folder of pictures, of which one is known; and the bank that knows it."""
    folder = tmp_path_factory.mktemp("album")
    media = folder / "media"
    media.mkdir()
    known = portrait(900)
    known.save(folder / "known.png")
    known.save(media / "same.jpg", quality=60)
    known.rotate(90, expand=True).resize((400, 520)).save(media / "turned.webp")
    wide, tall = known.size
    known.crop((wide // 20, tall // 20, wide, tall)).save(media / "cropped.jpg", quality=80)
    scene(901).save(media / "other.jpg")
    (media / "broken.jpg").write_bytes(b"\xff\xd8\xff" + bytes(200))
    bank = folder / "known.bank"
    command("media", "bank", "create", bank, "--owner", "us", "--reason", "to test")
    command(
        "media", "bank", "add", bank, folder / "known.png",
        "--entity", "davan-orlec", "--shows", "portrait", "--trusted",
    )  # fmt: skip
    return folder


def posts(folder, rows):
    path = folder / "posts.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for number, (text, media) in enumerate(rows):
            post = {
                "post_id": str(number),
                "account_id": f"a{number % 7}",
                "created_at": f"2026-11-14T12:00:{number % 60:02}Z",
                "text": text,
                "lang": "en",
                "media": media,
            }
            stream.write(json.dumps(post, ensure_ascii=False) + "\n")
    return path


def test_hashes_of_a_folder_and_of_an_archive(album, tmp_path):
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(album / "media" / "same.jpg", "inner/same.jpg")
        packed.writestr("../out.jpg", b"x")
    out = tmp_path / "hashes.csv"
    said = command("media", "hash", album / "media", archive, "--out", out)
    assert "read 7, accepted 5, rejected 2" in said
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["path"].rpartition("/")[2] for row in rows] == [
        "cropped.jpg", "other.jpg", "same.jpg", "turned.webp", "same.jpg",
    ]  # fmt: skip
    assert rows[2]["pdq"] == rows[4]["pdq"] and rows[2]["sha256"] == rows[4]["sha256"]
    assert {row["path"].rpartition("/")[2] for row in lines(tmp_path / "rejected.jsonl")} == {
        "broken.jpg",
        "out.jpg",
    }
    assert not (tmp_path.parent / "out.jpg").exists()


def test_matches_and_a_run_that_goes_on_where_it_stopped(album, tmp_path):
    out = tmp_path / "matches.jsonl"
    options = ("--bank", album / "known.bank", "--no-words", "--no-count")
    command("media", "match", album / "media", *options, "--out", out)
    whole = out.read_bytes()
    found = {row["path"].rpartition("/")[2]: row for row in lines(out)}
    assert [m["transform"] for m in found["same.jpg"]["matches"]] == ["upright"]
    assert [m["transform"] for m in found["turned.webp"]["matches"]] == ["rotated_90"]
    assert [m["transform"] for m in found["cropped.jpg"]["matches"]] == ["part"]
    assert found["other.jpg"]["matches"] == []
    assert found["broken.jpg"]["rejected"]
    out.unlink()
    # As a kill leaves it: some whole lines and the beginning of another.
    (tmp_path / "matches.jsonl.part").write_bytes(whole[: len(whole) // 2])
    command("media", "match", album / "media", *options, "--out", out, "--resume")
    assert out.read_bytes() == whole


def test_the_words_decide_about_the_same_portrait(album, tmp_path):
    table = posts(
        tmp_path,
        [
            ("Rest in glory, our commander. We will carry on your path.", ["turned.webp"]),
            ("This man murdered my cousin. Never forget what he did.", ["cropped.jpg"]),
            ("", ["same.jpg"]),
            ("Rest in glory, our commander. We will carry on your path.", ["other.jpg"]),
            ("Rest in glory, our commander.", ["../known.png", "/etc/hostname", "http://127.0.0.1/a.jpg"]),
        ],
    )
    out, page = tmp_path / "verdicts.jsonl", tmp_path / "verdicts.html"
    command(
        "judge", table, "--entities", invented_entities(), "--policy", example_policy(), "--out", out,
        "--media", album / "media", "--bank", album / "known.bank", "--no-words", "--page", page,
    )  # fmt: skip
    found = lines(out)
    assert [row["verdict"] for row in found] == ["violates", "allowed", "review", "allowed", "allowed"]
    assert found[4]["media"] == []  # names that lead out of the folder are not followed
    assert all("bank:known" in row["versions"] for row in found)
    assert "data:image/jpeg;base64," in page.read_text("utf-8")


def test_pictures_of_a_negative_bank_show_nobody(album, tmp_path):
    fine = tmp_path / "fine.bank"
    command("media", "bank", "create", fine, "--owner", "us", "--reason", "press", "--negative")
    command("media", "bank", "add", fine, album / "known.png")
    table = posts(tmp_path, [("Rest in glory, our commander.", ["same.jpg"])])
    out = tmp_path / "verdicts.jsonl"
    command(
        "judge", table, "--entities", invented_entities(), "--out", out, "--media", album / "media",
        "--bank", album / "known.bank", "--bank", fine, "--no-words",
    )  # fmt: skip
    assert [row["verdict"] for row in lines(out)] == ["allowed"]


def test_networks_take_one_picture_under_two_names_for_one(album, tmp_path):
    from datetime import UTC, datetime

    import polars as pl

    from tarazu.media.referenced import referenced
    from tarazu.records import conform

    table = conform(
        pl.DataFrame(
            {
                "post_id": ["1", "2", "3"],
                "account_id": ["a", "b", "c"],
                "created_at": [datetime(2026, 11, 1, tzinfo=UTC)] * 3,
                "media": [["same.jpg"], ["other.jpg", "gone.jpg"], ["broken.jpg"]],
            }
        )
    )
    found = referenced(table, album / "media")
    assert (found.hashed, len(found.rejected), found.absent) == (2, 1, 1)
    media = found.posts["media"].to_list()
    assert len(media[0][0]) == 64 and media[1][1:] == ["gone.jpg"] and media[2] == ["broken.jpg"]
    assert set(found.thumbnails) == {media[0][0], media[1][0]}
