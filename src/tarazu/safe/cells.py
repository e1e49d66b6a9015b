"""Texts as cells of a CSV file that no spreadsheet can be made to run (CVE-2021-41270), reversibly.

A spreadsheet runs a cell that begins with = + - @, a tab or a carriage return, and with another separator than
ours it may start a new cell in the middle of a text. So wherever a cell could begin inside a text (at its start,
and after , ; | tab or a line end), an apostrophe is put in front of

* = + - @ and their full-width forms, with any blanks, controls or quotation marks before them;
* a tab, a carriage return, a line feed, likewise;
* an apostrophe, which makes the rule reversible.
"""

from __future__ import annotations

import re

_BEGIN = r"(?<![^,;|\t\r\n])"  # the start, or just after something that may separate cells
_ESCAPE = re.compile(_BEGIN + r"(?=[\s\x00-\x1f\x7f-\x9f\"'\u200b\ufeff]*[=+\-@＝＋－＠\t\r\n]|')")
_UNESCAPE = re.compile(_BEGIN + "'")


def escape(text: str) -> str:
    """`text` as a string that no spreadsheet runs; `unescape` gives it back exactly."""
    return _ESCAPE.sub("'", text)


def unescape(text: str) -> str:
    """The inverse of `escape`."""
    return _UNESCAPE.sub("", text)
