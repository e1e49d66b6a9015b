"""The drawn posts are what their forms say, in every language, and the two splits share nothing."""

from collections import Counter
from pathlib import Path

import pytest

from tarazu.evaluation.media.joint.cases import SPLITS, Case, cases, every, known
from tarazu.evaluation.media.joint.posted import CHANGES
from tarazu.policy.designations import EntityList, read_entities
from tarazu.policy.mentions import Linker
from tarazu.verdicts import Outcome

INVENTED = Path(__file__).parents[5] / "examples" / "entities" / "invented.yaml"


@pytest.fixture(scope="module")
def listed() -> EntityList:
    return read_entities(INVENTED)


def named(linker: Linker, case: Case) -> set[str]:
    texts = (case.caption, " ".join(case.picture.lines))
    return {mention.entity_id for text in texts for mention in linker.link(text)}


def test_test_has_forty_posts_a_language_and_every_form_in_each() -> None:
    test = cases("test")
    assert Counter(case.lang for case in test) == {"en": 40, "fa": 40, "ar": 40}
    assert Counter(case.lang for case in cases("dev")) == {"en": 20, "fa": 20, "ar": 20}
    assert len({case.id for case in every()}) == 180
    forms = {case.form for case in test}
    for lang in ("en", "fa", "ar"):
        assert {case.form for case in test if case.lang == lang} == forms
    assert {case.form for case in cases("dev")} <= forms


def test_a_form_has_one_verdict() -> None:
    verdicts: dict[str, set[Outcome]] = {}
    for case in every():
        verdicts.setdefault(case.form, set()).add(case.truth)
    assert all(len(found) == 1 for found in verdicts.values())


def test_the_splits_share_no_words_and_no_picture() -> None:
    dev, test = (cases(split) for split in SPLITS)
    decoration = {"", "..."}
    assert not {c.caption for c in dev} & {c.caption for c in test} - decoration
    assert not {line for c in dev for line in c.picture.lines} & {
        line for c in test for line in c.picture.lines
    }
    assert not {c.picture.seed for c in dev} & {c.picture.seed for c in test}
    within = [case.caption for case in test if len(case.caption.split()) > 2]
    assert len(within) == len(set(within))


def test_posts_name_whom_their_form_says(listed: EntityList) -> None:
    linker = Linker(listed.entities)
    for case in every():
        found = named(linker, case)
        if "without a name" in case.form or case.truth == Outcome.REVIEW:
            assert not found, case.id
        elif "by name" in case.form and case.entity is not None:
            assert case.entity in found, case.id
        elif case.form.startswith("card") or case.form == "scene, praise by name":
            assert found, case.id


def test_only_listed_entities_are_behind_what_does_not_stay_up(listed: EntityList) -> None:
    from tarazu.evaluation.media.joint.run import WHEN

    linker = Linker(listed.entities)
    for case in every():
        about = ({case.entity} if case.entity else set()) | named(linker, case)
        in_force = {one for one in about if listed.by_id[one].designated(WHEN.date())}
        if case.truth != Outcome.ALLOWED:
            assert in_force, case.id
        elif "nobody" in case.form:
            assert not in_force, case.id


def test_one_drawing_shows_one_entity() -> None:
    for split in SPLITS:
        held = known(cases(split))
        assert len({(one.shows, one.seed) for one in held}) == len(held)
    assert {case.picture.change for case in every()} == set(CHANGES)
