"""What the demo adds to a report of networks; the networks themselves are tested elsewhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tarazu.cli.demo import judge_invented
from tarazu.cli.place import check_folder
from tarazu.errors import OutputError
from tarazu.report.page import render

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))  # invented.py, judged.py
import invented
import judged


def test_it_judges_beside_the_networks_and_links_both_ways(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.html"
    report.write_text(render(invented.result()), encoding="utf-8")
    judge_invented(tmp_path, judged.Keywords())
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "48 posts about invented groups judged: 13 violate, 3 wait for a person, 32 stay up",
        f"Verdicts: {tmp_path / 'verdicts.html'}",
    ]
    lines = (tmp_path / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    assert len([json.loads(line) for line in lines]) == 48
    assert 'href="report.html"' in (tmp_path / "verdicts.html").read_text(encoding="utf-8")
    assert report.read_text(encoding="utf-8").count('href="verdicts.html"') == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "report.html",
        "verdicts.html",
        "verdicts.jsonl",
    ]
    check_folder(tmp_path, force=True)
    with pytest.raises(OutputError, match="--force"):
        check_folder(tmp_path, force=False)
