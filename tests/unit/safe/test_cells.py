"""Cells that no spreadsheet runs."""

from __future__ import annotations

import re

import hypothesis.strategies as st
from hypothesis import given

from tarazu.report import cells as of_report
from tarazu.safe import cells

texts = st.text() | st.text(st.sampled_from("=+-@＝'\"\t\r\n ,;|a\u200b\ufeff"))


@given(texts)
def test_escaping_is_undone_exactly_and_leaves_no_formula(text: str) -> None:
    escaped = cells.escape(text)
    assert cells.unescape(escaped) == text
    assert not re.match(r"[\s\"\u200b\ufeff]*[=+\-@＝＋－＠\t\r\n]", escaped)
    assert escaped == of_report.escape(text)  # one rule for every file we write
