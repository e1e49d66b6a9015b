"""A policy is checked to the last key, and every fault says where it stands and what to do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tarazu.errors import InputError, NotValid
from tarazu.policy.examples import folder
from tarazu.policy.policy_file import parse_policy, read_policy
from tarazu.verdicts import Outcome, Stance

GOOD = """policy: p
clauses:
  - id: one
    text: {en: No praise., fa: ستایش نه}
    covers: {kinds: [terrorist_organisation]}
    stances: [praise]
"""


def test_a_policy_says_what_is_written():
    policy = parse_policy(GOOD)
    (clause,) = policy.clauses
    assert clause.stances == {Stance.PRAISE} and clause.partisan == Outcome.VIOLATES
    assert clause.words("fa-IR") == "ستایش نه" and clause.words("de") == "No praise."
    assert policy.places([]) == ("*",)


def test_rules_act_alone_only_where_the_policy_says_so():
    assert parse_policy(GOOD).automation is None
    written = parse_policy(GOOD + "automation: {allowed: [one], precision: 0.95, least: 50}\n").automation
    assert written is not None
    assert (written.allowed, written.precision, written.least) == (frozenset({"one"}), 0.95, 50)


FAULTS = [
    ("stances: [praise]", "stances: [prase]", 6, "did you mean 'praise'"),
    ("stances: [praise]", "stance: [praise]", 6, "did you mean 'stances'"),
    ("policy: p\n", "", 1, "'policy' is missing"),
    ("- id: one\n    text", "- text", 3, "'id' is missing"),
    ("covers: {kinds: [terrorist_organisation]}", "covers: everything", 5, "'key: value' pairs"),
    ("policy: p\n", "policy: p\ncertainty: {violates: 0.2, allowed: 0.8}\n", 2, "the smaller share"),
    ("policy: p\n", "policy: p\ncertainty: {violates: 2, allowed: 0.8}\n", 2, "at most 1"),
    (
        "policy: p\n",
        "policy: p\npatterns: [{id: a, pattern: '(?=x)', outcome: review, because: b}]\n",
        2,
        "write",
    ),
    (
        "policy: p\n",
        "policy: p\npatterns: [{id: a, pattern: x, outcome: violates, because: b}]\n",
        2,
        "cannot remove",
    ),
    ("policy: p\n", "policy: p\nautomation: {allowed: [won]}\n", 2, "use one of: one"),
    ("policy: p\n", "policy: p\nautomation: {precision: 0.9}\n", 2, "'allowed' is missing"),
    ("policy: p\n", "policy: p\nautomation: {allowed: [one], precision: 1}\n", 2, "at most 0.9999"),
    ("policy: p\n", "policy: p\nautomation: {allowed: [one], least: 5}\n", 2, "at least 20"),
    ("    stances", "    stances: [condemn]\n    stances", 7, "already in line 6"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), FAULTS)
def test_a_fault_is_told_with_line_column_and_what_to_do(old, new, line, words):
    assert old in GOOD
    with pytest.raises(NotValid) as caught:
        parse_policy(GOOD.replace(old, new), "p.yaml")
    message = str(caught.value)
    assert f"p.yaml:{line}:" in message and words in message


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_policy_is_refused_or_read_and_never_crashes(data):
    text = read_text("dangerous-organisations")
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(
        st.sampled_from(["", ":", "- ", "{", "]", "\t", "\n", "&a ", "*a", "!!x ", "\x00", "'", "%"])
    )
    cut = data.draw(st.integers(0, 30))
    try:
        parse_policy(text[:at] + put + text[at + cut :])
    except InputError as error:
        assert "policy:" in str(error)


def read_text(name):
    return (folder() / "policies" / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["dangerous-organisations", "strict", "loose"])
def test_the_examples_are_written_in_three_languages(name):
    policy = read_policy(folder() / "policies" / f"{name}.yaml")
    assert {"en", "fa", "ar"} <= set(policy.title)
    for clause in policy.clauses:
        assert set(clause.text) == {"en", "fa", "ar"}
        assert clause.dsa_category and clause.dsa_keyword
    assert {example.lang for example in policy.examples} == {"en", "fa", "ar"}
    assert any(not example.listed for example in policy.examples)
