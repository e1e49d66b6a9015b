"""Entity lists: read as written, written so that they read the same, refused with place and advice."""

from __future__ import annotations

import json
import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.errors import NotValid
from tarazu.policy.designations import Alias, Designation, Entity, EntityList, read_entities, write_entities

EXAMPLE = """\
list: example
version: "2026-11"
entities:
  - id: x-1
    kind: terrorist_organisation
    name: Example Front
    aliases: {en: [Example Front, EF], fa: [جبهه نمونه], ar: [جبهة المثال]}
    slogans: {ar: [نحن باقون]}
    emblems: [%s]
    ambiguous: [ef, جبهه]
    context: [fighters, گروه]
    designations:
      - {authority: UN, programme: 1267, from: 2001-10-06, to: null, jurisdictions: ["*"]}
      - {authority: NO, to: "2020-01-01", jurisdictions: [NO, EU]}
""" % ("0a" * 32)

WORDS = st.text(string.ascii_letters + "گروهجبهةي " + "\u200c", min_size=1, max_size=12).filter(
    lambda text: text.strip("\u200c ") == text and any(map(str.isalpha, text))
)
DAYS = st.none() | st.dates(date(1970, 1, 1), date(2100, 1, 1))
ALIASES = st.lists(
    st.tuples(WORDS, st.sampled_from(["en", "fa", "und"])), min_size=1, max_size=5, unique=True
)


@st.composite
def entities(draw: st.DrawFn) -> Entity:
    from tarazu.policy.designations.ordinary import folded

    written = draw(ALIASES)
    # What is ambiguous is so in every spelling that folds to the same.
    keys = folded([text for text, _ in written])
    marked = {
        key: tuple(draw(st.lists(WORDS, max_size=2, unique=True)))
        for key in draw(st.sets(st.sampled_from(keys)))
    }
    aliases = [
        Alias(text=text, lang=lang, ambiguous=key in marked, context=marked.get(key, ()), slogan=at % 3 == 2)
        for at, (key, (text, lang)) in enumerate(zip(keys, written, strict=True))
    ]
    listings = st.builds(
        Designation,
        authority=WORDS,
        programme=st.none() | WORDS | st.just("1267"),
        start=DAYS,
        end=DAYS,
        jurisdictions=st.sampled_from([("*",), ("NO",), ("EU", "GB"), ()]),
    )
    return Entity(
        id="x",
        kind=draw(st.sampled_from(["person", "hate_group", "cult"])),
        name=aliases[0].text,
        aliases=tuple(aliases),
        designations=tuple(draw(st.lists(listings, max_size=2))),
    )


@given(entities())
def test_what_is_written_reads_the_same(tmp_path_factory: pytest.TempPathFactory, entity: Entity) -> None:
    path = tmp_path_factory.mktemp("lists") / "list.yaml"
    write_entities(EntityList(entities=(entity,), name="a: b", version="1"), path)
    read = read_entities(path)
    (again,) = read.entities
    assert (read.name, read.version) == ("a: b", "1")
    assert (again.id, again.kind, again.name, again.designations) == (
        entity.id, entity.kind, entity.name, entity.designations,
    )  # fmt: skip
    assert {(one.text, one.lang, one.slogan, one.ambiguous) for one in again.aliases} == {
        (one.text, one.lang, one.slogan, one.ambiguous) for one in entity.aliases
    }
    write_entities(read, path)
    assert read_entities(path).digest == read.digest


def test_the_example(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(EXAMPLE, encoding="utf-8")
    listed = read_entities(tmp_path / "a.yaml")
    (entity,) = listed.entities
    assert listed.by_id["x-1"] is entity and listed.version == "2026-11"
    told = {one.text: one for one in entity.aliases}
    assert set(told) == {"Example Front", "EF", "جبهه نمونه", "جبهة المثال", "نحن باقون", "جبهه"}
    assert {one.text for one in entity.aliases if one.ambiguous} == {"EF", "جبهه"}
    assert told["EF"].context == ("fighters", "گروه") and told["نحن باقون"].slogan
    assert entity.designations[0] == Designation(authority="UN", programme="1267", start=date(2001, 10, 6))
    assert entity.designations[1].jurisdictions == ("NO", "EU")
    assert entity.designated(date(2020, 1, 1), ["NO"])[0].authority == "UN"


def test_json_and_a_bare_list_say_the_same(tmp_path: Path) -> None:
    item = {"id": "x", "kind": "person", "name": "A B", "ambiguous": {"A B": ["c"]}}
    (tmp_path / "a.json").write_text(json.dumps([item], ensure_ascii=False))
    (tmp_path / "b.yaml").write_text(
        "- {id: x, kind: person, name: A B, ambiguous: [{alias: A B, context: c}]}"
    )
    assert read_entities(tmp_path / "a.json").digest == read_entities(tmp_path / "b.yaml").digest


def test_every_fault_of_every_file_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "entities:\n- {id: x, kind: terrorist_organization, nmae: A}\n- {id: y, kind: Person, name: }\n"
    )
    (tmp_path / "b.yaml").write_text(
        "- {id: z, kind: cult, name: A, aliases: {english: [b]}, emblems: [ff]}\n"
        "- id: z\n  kind: cult\n  name: B\n"
        "  designations: [{from: 2001-1-6, jurisdictions: [uk]}, {authority: UN, jurisdictions: []}]\n"
    )
    with pytest.raises(NotValid) as caught:
        read_entities(tmp_path / "a.yaml", tmp_path / "b.yaml")
    told = [line.removeprefix(str(tmp_path) + "/") for line in str(caught.value).splitlines()]
    assert [line.split(";")[0] for line in told] == [
        "a.yaml:2:3: 'name' is missing",
        "a.yaml:2:17: the kind 'terrorist_organization' is not known",
        "a.yaml:2:41: the key 'nmae' is not known",
        "a.yaml:3:3: 'name' is missing",
        "a.yaml:3:17: 'Person' is not a kind",
        "b.yaml:1:42: 'english' is no language tag",
        "b.yaml:1:67: 'ff' is not a PDQ hash",
        "b.yaml:2:3: the id 'z' is already used at " + str(tmp_path / "b.yaml:1:3"),
        "b.yaml:5:18: 'authority' is missing",
        "b.yaml:5:25: '2001-1-6' where a date is needed",
        "b.yaml:5:51: 'uk' is not a jurisdiction",
    ]
    assert "did you mean 'terrorist_organisation'?" in told[1] and "did you mean 'name'?" in told[2]


def test_an_id_of_two_files_is_a_fault(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text("- {id: x, kind: cult, name: A}")
    with pytest.raises(NotValid, match=r"b\.yaml:1:3: the id 'x' is already used at .*a\.yaml:1:3"):
        read_entities(tmp_path / "a.yaml", tmp_path / "b.yaml")
