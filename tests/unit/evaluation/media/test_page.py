"""A part's section is replaced and the others stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.errors import OptionError, OutputError
from tarazu.evaluation.media import page, run


def test_a_section_is_replaced_alone(tmp_path: Path) -> None:
    page.write("verdicts", "## Judged\n\nold words\n", {"posts": 1}, tmp_path)
    page.write("robustness", "## Found\n\na table\n", {"pictures": 5}, tmp_path)
    page.write("verdicts", "## Judged\n\nnew words\n", {"posts": 2}, tmp_path)
    text = (tmp_path / "media.md").read_text(encoding="utf-8")
    assert text.startswith("# Evaluation of the media room")
    assert text.index("## Found") < text.index("## Judged")  # in the order of the page
    assert "new words" in text
    assert "old words" not in text
    assert "a table" in text
    record = json.loads((tmp_path / "media.json").read_text(encoding="utf-8"))
    assert record == {"robustness": {"pictures": 5}, "verdicts": {"posts": 2}}


@given(
    st.dictionaries(st.sampled_from(page.PARTS), st.text(alphabet="a #|<!->\n\\1", min_size=1, max_size=40))
)
def test_sections_come_back_as_they_were(known: dict[str, str]) -> None:
    known = {name: body.strip("\n") for name, body in known.items()}
    assert page.sections(page.joined(known)) == known


def test_a_damaged_record_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "media.json").write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match="remove it"):
        page.write("text", "## Words\n", {}, tmp_path)


def test_wrong_options_are_told() -> None:
    with pytest.raises(OptionError, match="no part 'sound'"):
        run.evaluate(parts=["sound"])
    with pytest.raises(OptionError, match="too few"):
        run.evaluate(parts=["robustness"], pictures=2)
