"""Public lists: every row accepted or rejected, kinds and dates from the list's own fields."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tarazu.errors import NothingToRead, NotReadable, NotValid, OptionError
from tarazu.policy.designations import Designation, Entity, read_entities, write_entities
from tarazu.policy.designations.importers import import_list
from tarazu.policy.designations.importers.names import given_first, names

UN = """<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z"><INDIVIDUALS>
<INDIVIDUAL><FIRST_NAME>JANE</FIRST_NAME><SECOND_NAME>EXAMPLE</SECOND_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>
<REFERENCE_NUMBER>QDi.001</REFERENCE_NUMBER><LISTED_ON>2015-04-07-04:00</LISTED_ON>
<NAME_ORIGINAL_SCRIPT>جین نمونه</NAME_ORIGINAL_SCRIPT>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Lady Sample Doe</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Example, Janet; Yasmin</ALIAS_NAME></INDIVIDUAL_ALIAS>
</INDIVIDUAL>
<INDIVIDUAL><FIRST_NAME>JOHN</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.001</REFERENCE_NUMBER>
<LISTED_ON>some day</LISTED_ON></INDIVIDUAL>
</INDIVIDUALS><ENTITIES>
<ENTITY><FIRST_NAME>SAMPLE ARMY OF NOWHERE (SAN)</FIRST_NAME><UN_LIST_TYPE>Taliban</UN_LIST_TYPE>
<REFERENCE_NUMBER>TAe.001</REFERENCE_NUMBER><LISTED_ON>2012-06-29</LISTED_ON>
<ENTITY_ALIAS><QUALITY/><ALIAS_NAME/></ENTITY_ALIAS></ENTITY>
<ENTITY><FIRST_NAME>SAMPLE TRADING</FIRST_NAME><UN_LIST_TYPE>Iran</UN_LIST_TYPE>
<REFERENCE_NUMBER>IRe.001</REFERENCE_NUMBER><LISTED_ON>2010-06-09</LISTED_ON></ENTITY>
<ENTITY><FIRST_NAME>TWICE</FIRST_NAME><REFERENCE_NUMBER>IRe.001</REFERENCE_NUMBER></ENTITY>
<ENTITY><FIRST_NAME/><REFERENCE_NUMBER>IRe.002</REFERENCE_NUMBER></ENTITY>
<ENTITY><FIRST_NAME>NAMELESS</FIRST_NAME></ENTITY>
</ENTITIES></CONSOLIDATED_LIST>"""

NIL = "-0- "
SDN = "\n".join(
    [
        f'1,"SAMPLE FRONT",{NIL},"FTO] [SDGT",' + f"{NIL}," * 7 + "\"a.k.a. 'Sam's Boys'; a.k.a. 'SF'.\"",
        '2,"DOE, Jane","individual","SDNTK",' + f"{NIL}," * 7 + NIL,
        '3,"SHIP","vessel","CUBA",' + f"{NIL}," * 7 + NIL,
        f'4,"SAMPLE BANK",{NIL},"IRAN",' + f"{NIL}," * 7 + NIL,
        "5,short",
        "\x1a",
    ]
)
ALT = f'1,11,"aka","FRONT OF SAMPLES",{NIL}\n2,12,"aka","ROE, Janet",{NIL}\n9,13,"aka","NOBODY",{NIL}\n'

EU_TABLE = """celex,recordId,programKey,annex,startDate,schema,name,alias,weakAlias,previousName
32001R2580,1,EU-TERR,II.A,,Person,DOE Jane,Janet Doe; JD,,
32002R0881,,EU-TAQA-EUAQ,I,6.10.2001,LegalEntity,Sample Group (SGX),جماعة المثال,Samples,
32022R2309,1,EU-HTI,I.ENTITIES,21 October 2022,Organization,Sample Gang,,,
32022R2309,2,EU-HTI,I.ENTITIES,10.2022,Organization,Other Gang,,,
"""
EU_CSV = """fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_DesignationDate;Entity_SubjectType;\
Entity_Regulation_Programme;NameAlias_WholeName;NameAlias_NameLanguage
27/02/2026;13;EU.27.28;2003-07-07;P;TAQA;Jane Sample Doe;EN
27/02/2026;13;EU.27.28;2003-07-07;P;TAQA;جين دو المثال;AR
27/02/2026;14;EU.28.29;;E;IRQ;Sample Trading;
27/02/2026;15;EU.29.30;;E;IRQ;;
"""
EU_XML = """<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-02-27T10:00:00+01:00">
<sanctionEntity euReferenceNumber="EU.27.28" designationDate="2003-07-07" logicalId="13">
<regulation programme="TAQA"/><subjectType code="person" classificationCode="P"/>
<nameAlias wholeName="Jane Sample Doe" nameLanguage="EN" strong="true"/>
<nameAlias wholeName="Sample Doe Lady" nameLanguage="" strong="false"/></sanctionEntity>
<sanctionEntity logicalId="14"><subjectType classificationCode="E"/></sanctionEntity></export>"""


def party(ident: str, schema: str, **properties: object) -> str:
    return json.dumps({"id": ident, "schema": schema, "properties": properties}, ensure_ascii=False)


FTM = "\n".join(
    [
        party("s1", "Sanction", entity=["NK-1"], authority=["UN Security Council"], startDate=["2014-05"]),
        party("NK-1", "Organization", name=["Sample Front"], topics=["crime.terror"], weakAlias=["Samples"]),
        party(
            "NK-2", "Person", name=["Jane Sample Doe"], topics=["crime.boss"],
            sanctions=[{"properties": {"authority": ["Some Ministry"], "country": ["xy"], "endDate": ["2020"]}}],
        ),
        party("NK-3", "Person", name=["A Politician"], topics=["role.pep"]),
        party("NK-4", "Organization", name=["B Group"], topics=["crime.terror"]),
        party("NK-5", "Vessel", name=["Ship"], topics=["sanction"]),
        "{broken",
        '{"id": "x"}',
    ]
)  # fmt: skip


def imported(folder: Path, source: str, **texts: str) -> tuple[dict[str, Entity], dict[str, int], int]:
    """Entities by id, rejected rows by reason, rows read; the sum must hold, and the list must survive a round."""
    paths = []
    for name, text in texts.items():
        paths.append(folder / name.replace("_", "."))
        paths[-1].write_text(text, encoding="utf-8")
    done = import_list(source, paths[:1])
    assert done.read == done.accepted + len(done.rejected)
    write_entities(done.entities, folder / "out.yaml")
    again = read_entities(folder / "out.yaml")
    assert {
        one.id: (one.kind, one.designations, {a.text for a in one.aliases}) for one in again.entities
    } == {
        one.id: (one.kind, one.designations, {a.text for a in one.aliases}) for one in done.entities.entities
    }
    return done.entities.by_id, done.reasons, done.read


def told(entity: Entity) -> dict[str, bool]:
    return {alias.text: alias.ambiguous for alias in entity.aliases}


def test_un(tmp_path: Path) -> None:
    found, reasons, read = imported(tmp_path, "un", list_xml=UN)
    assert read == 7 and reasons == {"bad_date": 1, "repeated_id": 1, "no_name": 1, "no_id": 1}
    assert {ident: entity.kind for ident, entity in found.items()} == {
        "un-qdi-001": "person", "un-tae-001": "terrorist_organisation", "un-ire-001": "sanctioned_organisation",
    }  # fmt: skip
    jane = found["un-qdi-001"]
    assert jane.designations == (Designation(authority="UN", programme="Al-Qaida", start=date(2015, 4, 7)),)
    assert told(jane) == {
        "JANE EXAMPLE": False, "جین نمونه": False, "Lady Sample Doe": True, "Janet Example": False, "Yasmin": True,
    }  # fmt: skip
    assert {alias.text: alias.lang for alias in jane.aliases}["جین نمونه"] == "fa"
    assert told(found["un-tae-001"]) == {"SAMPLE ARMY OF NOWHERE": False, "SAN": True}


def test_ofac_with_the_aliases_beside_it(tmp_path: Path) -> None:
    found, reasons, read = imported(tmp_path, "ofac", sdn_csv=SDN, alt_csv=ALT)
    assert read == 8 and reasons == {"not_a_party": 1, "broken_row": 1, "no_such_entity": 1}
    assert told(found["ofac-1"]) == {
        "SAMPLE FRONT": False,
        "Sam's Boys": True,
        "SF": True,
        "FRONT OF SAMPLES": False,
    }
    assert [one.programme for one in found["ofac-1"].designations] == ["FTO", "SDGT"]
    assert (
        found["ofac-1"].kind == "terrorist_organisation" and found["ofac-4"].kind == "sanctioned_organisation"
    )
    assert found["ofac-2"].kind == "person" and found["ofac-2"].designations[0].jurisdictions == ("US",)
    assert list(told(found["ofac-2"])) == ["Jane DOE", "Janet ROE"]


def test_eu_tables_of_a_regulation(tmp_path: Path) -> None:
    found, reasons, read = imported(tmp_path, "eu", list_csv=EU_TABLE)
    assert read == 4 and reasons == {"bad_date": 1}
    assert {ident: entity.kind for ident, entity in found.items()} == {
        "eu-32001r2580-doe-jane": "person",
        "eu-32002r0881-sample-group-sgx": "terrorist_organisation",
        "eu-32022r2309-sample-gang": "organised_crime",
    }
    assert told(found["eu-32001r2580-doe-jane"]) == {
        "Jane DOE": False, "DOE Jane": False, "Janet Doe": False, "JD": True,
    }  # fmt: skip
    assert found["eu-32022r2309-sample-gang"].designations[0].start == date(2022, 10, 21)


def test_eu_consolidated_csv_and_xml(tmp_path: Path) -> None:
    found, reasons, read = imported(tmp_path, "eu", list_csv=EU_CSV)
    assert read == 4 and reasons == {"no_name": 1}
    assert told(found["eu-27-28"]) == {"Jane Sample Doe": False, "جين دو المثال": False}
    assert found["eu-28-29"].kind == "sanctioned_organisation"
    found, reasons, read = imported(tmp_path, "eu", list_xml=EU_XML)
    assert read == 2 and reasons == {"no_name": 1}
    assert told(found["eu-27-28"]) == {"Jane Sample Doe": False, "Sample Doe Lady": True}
    assert found["eu-27-28"].designations[0].start == date(2003, 7, 7)


def test_ftm(tmp_path: Path) -> None:
    found, reasons, read = imported(tmp_path, "ftm", entities_json=FTM)
    assert read == 8
    assert reasons == {"broken_row": 2, "not_listed": 1, "no_listing": 1, "not_a_party": 1}
    assert found["NK-1"].kind == "terrorist_organisation" and told(found["NK-1"])["Samples"]
    assert found["NK-1"].designations == (Designation(authority="UN", start=date(2014, 5, 1)),)
    assert found["NK-2"].kind == "person"
    assert found["NK-2"].designations == (
        Designation(authority="Some Ministry", end=date(2021, 1, 1), jurisdictions=("XY",)),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sample Front (SFR)", ["Sample Front", "SFR"]),
        ("a) One Name; b) Two Name", ["One Name", "Two Name"]),
        ("Jane Doe (formerly listed as)", ["Jane Doe"]),
        ("Jane Doe (جين دو)", ["Jane Doe", "جين دو"]),
        ("جين دو (Jane Doe; Jayne Doe)", ["جين دو", "Jane Doe", "Jayne Doe"]),
        ("Doe, Jane", ["Jane Doe"]),
        ("Jane Doe, born 1 Jan. 1953 (Passport no. 1)", ["Jane Doe"]),
        ("Foundation (Branch of Nowhere)", ["Foundation (Branch of Nowhere)"]),
        (' "QUOTED" ', ["QUOTED"]),
        ("-", []),
    ],
)
def test_names_in_one_field_are_taken_apart(written: str, expected: list[str]) -> None:
    assert [one.text for one in names(written, person=True)] == expected


def test_family_names_in_capitals_go_last() -> None:
    assert given_first("AL DOE Jane Mary") == "Jane Mary AL DOE"
    assert given_first("Jane DOE") == "Jane DOE"


@pytest.mark.parametrize(
    ("source", "text", "error", "said"),
    [
        ("un", '<!DOCTYPE x [<!ENTITY a "b">]><CONSOLIDATED_LIST/>', NotValid, "a document type"),
        ("eu", "<!DOCTYPE x><export/>", NotValid, "a document type"),
        ("un", "<export/>", NotValid, "not <CONSOLIDATED_LIST>"),
        ("un", "<CONSOLIDATED_LIST/>", NothingToRead, "there are no rows"),
        ("ofac", "a,b,c", NotValid, "3 columns"),
        ("ofac", ALT, NotValid, "only aliases"),
        ("eu", "a,b,c", NotValid, "no shape of the EU list"),
        ("ftm", "no json", NothingToRead, "broken_row"),
        ("uk", "", OptionError, "Choose one of: un, ofac, eu, ftm"),
    ],
)
def test_files_that_are_no_such_list(
    tmp_path: Path, source: str, text: str, error: type[Exception], said: str
) -> None:
    (tmp_path / "f").write_text(text)
    with pytest.raises(error) as caught:
        import_list(source, [tmp_path / "f"])
    assert said in str(caught.value)


@pytest.mark.parametrize("source", ["un", "ofac", "eu", "ftm"])
def test_a_missing_file(tmp_path: Path, source: str) -> None:
    with pytest.raises(NotReadable, match="No such file"):
        import_list(source, [tmp_path / "none"])


@pytest.mark.parametrize(("source", "name", "text"), [
    ("un", "a.xml", UN), ("ofac", "sdn.csv", SDN), ("eu", "a.csv", EU_TABLE), ("eu", "b.csv", EU_CSV),
    ("ftm", "a", FTM),
])  # fmt: skip
def test_cut_files_give_a_list_or_one_of_our_errors(
    tmp_path: Path, source: str, name: str, text: str
) -> None:
    raw, path = text.encode(), tmp_path / name
    for at in range(0, len(raw), 7):
        path.write_bytes(raw[:at])
        try:
            done = import_list(source, [path])
        except (NotValid, NotReadable, NothingToRead):
            continue
        assert done.read == done.accepted + len(done.rejected)
