"""What is told about one list, and about the way from one to the next."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tarazu.cli.door import run
from tarazu.policy.designations import read_entities
from tarazu.policy.designations.checking import SUBJECTS, check
from tarazu.policy.designations.comparing import compare
from tarazu.policy.designations.ordinary import ordinary

OLD = """\
- id: a
  kind: hate_group
  name: Alpha Sample
  designations: [{authority: UN, from: 2001-01-01, jurisdictions: ["*"]}]
- {id: b, kind: hate_group, name: Beta Sample, aliases: [Beta Old]}
- {id: c, kind: person, name: Gamma Sample}
"""
NEW = """\
- id: a
  kind: hate_group
  name: Alpha Sample
  designations: [{authority: UN, from: 2001-01-01, to: 2026-05-01, jurisdictions: ["*"]}]
- id: b
  kind: organised_crime
  name: Beta Sample
  aliases: [Beta New]
  ambiguous: [Beta Sample]
  designations: [{authority: EU, from: 2026-01-01}]
- {id: d, kind: cult, name: Delta Sample}
"""


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW)):
        (tmp_path / name).write_text(text)
    return tmp_path / "old.yaml", tmp_path / "new.yaml"


def test_a_difference_names_every_change(lists: tuple[Path, Path]) -> None:
    old, new = map(read_entities, lists)
    found = compare(old, new)
    assert [one.id for one in found.added] == ["d"] and [one.id for one in found.dropped] == ["c"]
    assert [(one.id, one.on) for one in found.delisted] == [("a", date(2026, 5, 1))]
    assert [(one.id, one.authority, one.on) for one in found.listed] == [("b", "EU", date(2026, 1, 1))]
    (names,) = found.names
    assert (names.added, names.dropped, names.now_ambiguous) == (
        ("Beta New",),
        ("Beta Old",),
        ("Beta Sample",),
    )
    assert [(one.id, one.old, one.new) for one in found.kinds] == [("b", "hate_group", "organised_crime")]
    assert list(compare(old, old).lines()) == ["Nothing changed."]
    # What was added one way is dropped the other way.
    assert compare(new, old).added == found.dropped and compare(new, old).dropped == found.added


def test_check_remarks_each_subject(tmp_path: Path) -> None:
    (tmp_path / "l.yaml").write_text(
        "- {id: a, kind: cult, name: Alpha Sample, aliases: [the base, 'alpha-sample', 'Alpha Sample'],\n"
        "   designations: [{authority: UN, from: 2002-01-01, to: 2001-01-01}, {authority: X, jurisdictions: []}]}\n"
        "- {id: b, kind: person, name: Alpha Sample, ambiguous: [Jane]}\n"
    )
    remarks = check(read_entities(tmp_path / "l.yaml"))
    assert [one.subject for one in remarks] == sorted(
        (one.subject for one in remarks), key=list(SUBJECTS).index
    )
    told = {one.subject: one for one in remarks}
    assert set(told) == set(SUBJECTS)
    assert "l.yaml:2:19: no jurisdictions" in next(r.text for r in remarks if r.subject == "jurisdictions")
    assert told["shared"].entities == ("a", "b") and "'the base'" in told["ordinary"].text


def test_ordinary_names() -> None:
    marked = ["EF", "The Base", "القاعدة", "طالبان", "Youth Wing", "حماس"]
    assert ordinary(marked, [False] * len(marked)) == [True] * len(marked)
    kept = ["Sample Front", "Sendero Luminoso", "جبهة المثال", "Hizbul Mujahideen", "LTTE"]
    assert ordinary(kept, [False] * len(kept)) == [False] * len(kept)
    people = [
        "Yasmin",
        "Abu Mohammed",
        "Sa’id",
        "Haji Yusuf",
        "Abdul Rahman",
        "Jane Sample",
        "Abu Sample al-Example",
    ]
    assert ordinary(people, [True] * len(people)) == [True] * 5 + [False] * 2
    assert ordinary(["金铁三"], [True]) == [False]


def test_the_command_line(
    lists: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["entities", "diff", *map(str, lists), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "tarazu.entities-diff.v1" and told["delisted"][0]["on"] == "2026-05-01"
    assert run(["entities", "diff", *map(str, lists)]) == 0
    assert "Delisted (1)\n  a: Alpha Sample: UN from 2026-05-01" in capsys.readouterr().out
    assert run(["entities", "check", str(lists[1])]) == 0
    assert "3 entities with 4 names" in capsys.readouterr().out
    assert run(["entities", "check", *map(str, lists)]) == 2
    assert "the id 'a' is already used at" in capsys.readouterr().err
    (tmp_path / "e.json").write_text(
        '{"id": "x", "schema": "Organization", "properties": {"name": ["Sample Front"],'
        ' "sanctions": [{"properties": {"authority": ["M"], "country": ["xy"]}}]}}\nbroken\n'
    )
    out, rejected = tmp_path / "out.yaml", tmp_path / "rejected.jsonl"
    assert (
        run(
            [
                "entities",
                "import",
                "ftm",
                str(tmp_path / "e.json"),
                "--out",
                str(out),
                "--rejected",
                str(rejected),
            ]
        )
        == 0
    )
    assert "2 rows read: 1 accepted, 1 rejected." in capsys.readouterr().out
    assert read_entities(out).by_id["x"].name == "Sample Front"
    assert json.loads(rejected.read_text())["reason"] == "broken_row"
