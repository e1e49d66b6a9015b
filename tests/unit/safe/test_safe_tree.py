"""Every value knows its place, and what could hurt or mislead is refused with one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.errors import NotReadable, NotValid
from tarazu.safe import tree
from tarazu.safe.faults import SHOWN, Faults

CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
TEXTS = st.text(CHARACTERS, max_size=20)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def plain(node: tree.Node) -> Any:
    if isinstance(node, tree.Map):
        return {key: plain(value) for key, value in node}
    if isinstance(node, tree.Seq):
        return [plain(one) for one in node.items()]
    assert isinstance(node, tree.Scalar)
    return node.written


def refused(text: str, *, json: bool = False) -> str:
    faults = Faults()
    with pytest.raises(NotValid) as caught:
        tree.parse(text, "f", faults, json=json)
        faults.stop()
    return str(caught.value)


@given(VALUES, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_json_is_read_as_python_reads_it(value: Any, indent: int | str | None, ascii: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii)
    assert plain(tree.parse(text, "f", Faults(), json=True)) == value


@given(st.text(alphabet="{}[],: \n\t-\"'a1&*!#|>%@\\u\u06af\ufeff\x00", max_size=40), st.booleans())
def test_any_letters_give_a_tree_or_a_fault_with_a_place(text: str, json: bool) -> None:
    faults = Faults()
    try:
        tree.parse(text, "f", faults, json=json)
        faults.stop()
    except NotValid as error:
        assert all(line.startswith("f:") for line in str(error).splitlines())


def test_types_are_those_that_are_asked_for() -> None:
    faults = Faults()
    top = tree.parse("a: NO\nb: 1267\nc: 2001-10-06\nd: [x, on]\ne: true\nf: .5\ng:\n", "f", faults).map()
    found = dict(top)
    assert [found["a"].text(), found["b"].text()] == ["NO", "1267"]
    assert found["c"].day() == date(2001, 10, 6)
    assert found["d"].texts() == ("x", "on")
    assert found["e"].flag() is True and found["f"].number(least=0, most=1) == 0.5
    assert "g" not in top and top.get("g") is None and found["g"].texts() == ()
    assert not len(faults)


def test_every_fault_has_line_and_column_in_code_points() -> None:
    faults = Faults()
    top = tree.parse('گروه: {👥: 2001-13-01, "id": [a]}\nid: [1, {}]\n', "f.yaml", faults).map(known=["id"])
    inner = top.nodes["گروه"].map(required=["kind"])
    inner.nodes["👥"].day(), inner.nodes["id"].text(), top.nodes["id"].texts()
    assert [line.split(";")[0] for line in faults] == [
        "f.yaml:1:1: the key 'گروه' is not known",
        "f.yaml:1:7: 'kind' is missing",
        "f.yaml:1:11: there is no day 2001-13-01",
        "f.yaml:1:29: there is a list where a text is needed",
        "f.yaml:2:9: there are 'key: value' pairs where a text is needed",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x", "f:1:4: an anchor (&x)"),
        ("a: *x", "f:1:4: an alias (*x)"),
        ("a: !!python/object/apply:os.system [x]", "f:1:4: a tag"),
        ("a: 1\n---\nb: 2", "f:2:1: a second document"),
        ("a: 1\nb: 2\n'a': 3", "f:3:1: the key 'a' is already in line 1"),
        ("? [a]\n: 1", "f:1:3: a key that is a list"),
        ("a:\n\t- b", "f:2:1: this is no YAML"),
        ("a: b: c", "f:1:5: this is no YAML"),
        ("a: x\u202ey\x07", "f:1:7: an invisible control character (U+0007)"),
        ('a: "\\0"', "f:1:4: the text holds U+0000"),
        ("[" * 40, "f:1:33: more than 32 levels"),
    ],
)
def test_what_yaml_refuses(text: str, said: str) -> None:
    assert refused(text).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,\n "a": 2}', "f:2:2: the key 'a' is already in line 1"),
        ('{"a": 1,}', "f:1:9: this is no JSON: '}' where a key"),
        ("[1,]", "f:1:4: this is no JSON: ']' where a value"),
        ("[1 2]", "f:1:4: this is no JSON: '2' where a comma"),
        ('["a]', "f:1:2: this is no JSON: unterminated string"),
        ('["\\ud800"]', "f:1:2: the text holds U+D800"),
        ("{'a': 1}", 'f:1:2: this is no JSON: "\'" where a key'),
        ("[NaN]", "f:1:2: this is no JSON: 'N' where a value"),
        ("[1}", "f:1:3: this is no JSON: '}' where a comma"),
        ('{"a":[1]', "f:1:9: this is no JSON: the file ends"),
        ("[" * 100_000, "f:1:33: more than 32 levels"),
    ],
)
def test_what_json_refuses(text: str, said: str) -> None:
    assert refused(text, json=True).startswith(said)


def test_only_the_first_faults_are_shown_and_the_rest_counted() -> None:
    lines = refused("\n".join(["a: 1"] * (SHOWN + 6))).splitlines()
    assert len(lines) == SHOWN + 1 and lines[-1] == "... and 5 more"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=r"missing\.yaml: No such file"):
        tree.read(tmp_path / "missing.yaml", Faults())
    (tmp_path / "utf16.yaml").write_bytes("id: a\n".encode("utf-16"))
    with pytest.raises(NotReadable, match="no UTF-8 text"):
        tree.read(tmp_path / "utf16.yaml", Faults())
    (tmp_path / "big.json").write_text('"' + "a" * 100 + '"')
    with pytest.raises(NotReadable, match="larger than"):
        tree.read(tmp_path / "big.json", Faults(), largest=50)
