"""The statement of reasons: whole in every language, and valid for the EU's database, whatever was decided."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tarazu import words
from tarazu.cases import dsa
from tarazu.cases.decision import BLAMES, Action
from tarazu.cases.statement import Statement, of_body
from tarazu.verdicts import Purpose, Stance

SECRET = "Zahra-Nobody"  # in everything that a person wrote or is called
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
FOUND = ("government_order", "trusted_flagger", "user", "violation", "media_match", "network", "flagging")
CATEGORIES, KEYWORDS = sorted(dsa.terms()["categories"]), sorted(dsa.terms()["keywords"])


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    kind = draw(st.sampled_from(["decided", "decided", "undone", "upheld", "reversed"]))
    to = draw(st.sampled_from(["affected", "affected", "reporter"]))
    at = draw(TIMES)
    post = draw(st.booleans())
    text = draw(st.one_of(st.none(), st.text(min_size=1).map(lambda said: f"{SECRET} {said}")))
    ordered = draw(st.booleans())
    return Statement(
        kind=kind,
        to=to,
        lang=draw(st.sampled_from(words.LANGUAGES)),
        puid="01M6DQSBJGEDJMQPJ5EF9T2SXF",
        action=draw(st.sampled_from([*BLAMES, Action.RESTORE] if to == "affected" else list(Action))),
        subject_kind="post" if post else "account",
        at=at,
        content_at=at - timedelta(days=1),
        quote=text if post else None,
        name=None if post else SECRET,
        posts=draw(st.integers(1, 200)),
        pictures=draw(st.integers(0, 4)),
        content_lang=draw(st.sampled_from([None, "fa", "ar-EG", "ckb", "en"])),
        clause_id=draw(st.sampled_from([None, "terrorism"])),
        rule=draw(st.sampled_from([None, "Rule. " * 900])),
        rule_in_english=draw(st.sampled_from([None, "Rule. " * 900])),
        stance=draw(st.sampled_from([None, *Stance])),
        purpose=draw(st.sampled_from([None, *Purpose])),
        deciding=(SECRET,) if post and draw(st.booleans()) else (),
        members=0 if post else draw(st.integers(0, 500)),
        found=tuple(draw(st.lists(st.sampled_from(FOUND), unique=True))),
        detected=draw(st.booleans()),
        automated=draw(st.sampled_from(["fully", "partially", "not"])),
        people=draw(st.integers(1, 2)),
        authority="Ministry" if ordered else None,
        basis="Act 1 " * 200 if ordered else None,
        jurisdictions=tuple(draw(st.lists(st.sampled_from(["*", "EU", "DE", "US", "IR", "FR"]), min_size=1))),
        expires_at=draw(st.one_of(st.none(), TIMES)),
        appeal_until=draw(st.one_of(st.none(), TIMES)),
        appeal_days=draw(st.integers(1, 60)),
        reported_at=draw(st.one_of(st.none(), TIMES)),
        answer=draw(st.sampled_from([None, f"{SECRET} is right."])),
        dsa_category=draw(st.sampled_from([None, "STATEMENT_CATEGORY_MADE_UP", *CATEGORIES])),
        dsa_keyword=draw(st.sampled_from([None, "KEYWORD_MADE_UP", *KEYWORDS])),
    )


@given(statements())
def test_a_statement_is_whole_and_comes_back_as_it_was(statement: Statement) -> None:
    body = json.loads(json.dumps(statement.body()))
    assert of_body(body) == statement
    assert statement.title
    for section in statement.sections:
        assert section.heading and all(section.text)
        assert not any("{" in line.replace(statement.quote or "", "") for line in section.text)
    names = [section.name for section in statement.sections]
    if statement.to == "affected" and statement.kind == "decided" and statement.action in BLAMES:
        wanted = {"what", "content", "facts", "found", "automation"}
        wanted |= {"rule"} if statement.rule else set()
        wanted |= {"where", "how_long"} if statement.action != Action.WARN else set()
        wanted |= {"appeal"} if statement.appeal_until else set()
        assert wanted <= set(names)
    if statement.to == "reporter":
        said = " ".join(line for section in statement.sections for line in section.text)
        assert set(names) <= {"what", "answer", "appeal"}
        assert SECRET not in said.replace(statement.answer or "", "")


@given(statements())
def test_its_record_is_valid_and_names_nobody(statement: Statement) -> None:
    record = statement.dsa()
    if record is None:
        assert statement.to == "reporter" or statement.kind != "decided" or statement.action not in BLAMES
        return
    check(record)
    assert SECRET not in json.dumps(record, ensure_ascii=False)


def check(record: dict[str, object]) -> None:
    """The rules of the EU's transparency database for one statement."""
    required = (
        "decision_ground content_type category content_date application_date decision_facts source_type "
        "automated_detection automated_decision puid"
    )
    for name in required.split():
        assert record[name], name
    assert re.fullmatch(r"[a-zA-Z0-9-_]{1,500}", str(record["puid"]))
    restrictions = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
    assert any(record.get(name) for name in restrictions)
    assert record["category"] in CATEGORIES
    assert set(listed(record, "category_specification")) <= set(KEYWORDS)
    assert len(str(record["decision_facts"])) <= 5000
    assert record["automated_detection"] in ("Yes", "No")
    for name in ("content_date", "application_date"):
        date.fromisoformat(str(record[name]))
    for value, other in (
        ("DECISION_VISIBILITY_OTHER", "decision_visibility_other"),
        ("CONTENT_TYPE_OTHER", "content_type_other"),
        ("KEYWORD_OTHER", "category_specification_other"),
    ):
        fields = ("decision_visibility", "content_type", "category_specification")
        used = any(value in listed(record, name) for name in fields)
        assert bool(record.get(other)) == used
    if record["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT":
        ground, explanation = "illegal_content_legal_ground", "illegal_content_explanation"
    else:
        ground, explanation = "incompatible_content_ground", "incompatible_content_explanation"
    assert 0 < len(str(record[ground])) <= 500
    assert 0 < len(str(record[explanation])) <= 2000
    assert set(listed(record, "territorial_scope")) <= dsa.EEA
    assert len(str(record.get("content_language", "EN"))) == 2
    assert dsa.EU < dsa.EEA and len(dsa.EU) == 27


def listed(record: dict[str, object], name: str) -> list[str]:
    value = record.get(name, [])
    assert isinstance(value, list)
    return value


def test_every_sentence_stands_in_every_language_with_the_same_values() -> None:
    folder = Path(words.__file__).parent
    said = {
        lang: json.loads((folder / f"notice.{lang}.json").read_text(encoding="utf-8"))
        for lang in words.LANGUAGES
    }
    names = {lang: set(found) for lang, found in said.items()}
    assert names["en"] == names["fa"] == names["ar"]
    for key in names["en"]:
        values = {
            lang: re.findall(r"{(\w+)}", json.dumps(found[key], ensure_ascii=False))
            for lang, found in said.items()
        }
        assert set(values["en"]) == set(values["fa"]) == set(values["ar"]), key
