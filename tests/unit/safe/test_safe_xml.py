"""XML is read record by record, and cannot reach out or explode (promise 13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tarazu.errors import NotReadable, NotValid
from tarazu.safe.xml import elements

GOOD = (
    '<l:list xmlns:l="urn:x" date="2026"><meta>m</meta>\n<row id="1"><n>a&amp;b</n>t</row>\n<row/></l:list>'
)
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<x>&b;</x>'


def file(folder: Path, text: str) -> Path:
    path = folder / "list.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_wanted_elements_come_with_their_lines_and_without_name_spaces(tmp_path: Path) -> None:
    (_, root), *rows = elements(file(tmp_path, GOOD), ("row",))
    assert (root.tag, root.attrib, len(root)) == ("list", {"date": "2026"}, 0)
    assert [(line, one.get("id"), one.findtext("n")) for line, one in rows] == [
        (2, "1", "a&b"),
        (3, None, None),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "a document type"),
        ('<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>', "a document type"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "a document type"),
        ("<x>&b;</x>", "this is no XML"),
        ("<x>\n<y></x>", "list.xml:2:"),
        ("<x>", "it may be cut off"),
        ("no xml", "this is no XML"),
        ("", "this is no XML"),
        ("<x>" * 100, "more than 64 levels"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(NotValid) as caught:
        list(elements(file(tmp_path, text), ("y",)))
    assert said in str(caught.value)


def test_a_file_that_is_too_large_or_missing(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="larger than"):
        list(elements(file(tmp_path, GOOD), ("row",), largest=20))
    with pytest.raises(NotReadable, match="No such file"):
        list(elements(tmp_path / "none.xml", ("row",)))
