"""Policies and entity lists in the console: added, compared, put in force by two, put back, searched."""

from __future__ import annotations

import re
import time

from console import Browser, Console, console
from tarazu.cases.decision import Action, Choice
from tarazu.cases.decisions import Decisions
from tarazu.policy.designations import Alias, Designation, Entity, EntityList
from tarazu.policy.designations.writing import as_yaml
from tarazu.policy.examples import example_policy
from tarazu.server.clockwork.jobs import EVERY
from tarazu.server.clockwork.supplies import of_installation
from tarazu.server.policies import decision_settings, take_in
from tarazu.server.roles import Role
from tarazu.store import Actor

__all__ = ["console"]
PRAISE = "Long live the Redmarch Front! Their fighters are heroes, join them today."
TEXT = example_policy().read_text(encoding="utf-8")
GANGS = TEXT.replace("id: organised-crime", "id: gangs")


def add(browser: Browser, text: str, at: str = "/policies") -> str:
    answer = browser.submit(at, text=text, note="new")
    assert answer.status_code == 303, answer.text[:2000]
    return str(answer.headers["location"])


def seen(page: str) -> str:
    (number,) = re.findall(r'name="seen" value="(\d+)"', page)
    return str(number)


def test_a_version_is_compared_put_in_force_by_two_and_put_back(console: Console) -> None:
    take_in(console.settings, console.store)
    ada, ben = console.client(Role.POLICY_EDITOR), console.client(Role.POLICY_EDITOR)
    at = add(ada, GANGS)
    page = ada.page(at)
    assert "gangs is new" in re.sub(r"[\u2068\u2069]", "", page) and "<ins>" in page
    assert ada.get(f"{at}/file").text == GANGS
    assert ada.submit(f"{at}/in-force", note="clearer", seen=seen(page)).status_code == 303
    assert "Somebody else who may change policies has to agree" in ada.page(at)
    assert ada.submit(f"{at}/in-force", note="clearer", seen=seen(page)).status_code == 409
    assert "waits for a second person" in ben.page("/policies")
    page = ben.page(at)
    assert ben.submit(f"{at}/in-force", note="yes", seen="0").status_code == 409  # what he saw is long over
    assert ben.submit(f"{at}/in-force", note="yes", seen=seen(page)).status_code == 303
    reviewer = console.client(Role.REVIEWER)
    assert "gangs" in reviewer.page("/policies") and "Add a version" not in reviewer.page("/policies")
    assert 'value="gangs"' in reviewer.page("/queue")  # every page follows, without a restart
    former = [one for one in re.findall(r"/policies/versions/\w{26}", ben.page("/policies")) if one not in at]
    page = ben.page(former[0])
    assert "Put back in force" in page
    assert ben.submit(f"{former[0]}/in-force", seen=seen(page)).status_code == 303
    assert ben.submit(f"{former[0]}/decline", reason="a mistake").status_code == 303
    assert ben.submit(f"{former[0]}/in-force", seen=seen(page)).status_code == 303
    assert ada.submit(f"{former[0]}/in-force", seen=seen(page)).status_code == 303
    assert "organised-crime" in reviewer.page("/policies")


def test_who_is_the_only_editor_is_warned_and_may(console: Console) -> None:
    take_in(console.settings, console.store)
    ada = console.client(Role.POLICY_EDITOR)
    at = add(ada, GANGS)
    page = ada.page(at)
    assert "nobody looks at this a second time" in page
    assert ada.submit(f"{at}/in-force", note="alone", seen=seen(page)).status_code == 303
    assert "alone: nobody else could agree" in ada.page("/policies")


def test_hostile_files_are_told_in_words(console: Console) -> None:
    ada = console.client(Role.POLICY_EDITOR)
    bomb = "a: &a [1,1]\nb: &b [*a,*a]\n"
    for text, code, said in (
        ("", 422, "Choose a file"),
        ("just words", 422, ":1:1"),
        ("x: [1, 2", 422, "pasted.yaml:"),
        (bomb, 422, "pasted.yaml:"),
        (TEXT.replace("stances:", "stanzas:", 1), 422, "stanzas"),
        ("<script>alert(1)</script>", 422, "&lt;script&gt;"),
    ):
        answer = ada.submit("/policies", text=text)
        assert answer.status_code == code and said in answer.text and "<script>alert" not in answer.text
    for raw, code, said in ((b"\x00\xff" * 50, 422, "UTF-8"), (b"a" * 10_000_000, 413, "too large")):
        answer = ada.post(
            "/entities",
            data={"csrf": ada.csrf},
            files={"file": ("x.yaml", raw)},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert answer.status_code == code and said in answer.text


def many(count: int, ended: bool = False) -> str:
    named = [
        Entity(
            id=f"e{number}", kind="terrorist_organisation", name=f"Front {number}x",
            aliases=(Alias(text=f"Front {number}x", lang="en"), Alias(text=f"جبهه {number} کوه", lang="fa")),
            designations=(Designation(authority="Council", jurisdictions=("EU",)),),
        )
        for number in range(count)
    ]  # fmt: skip
    named[0] = Entity(
        id="a/b",
        kind="person",
        name="<b>Bold & Co</b>",
        aliases=(Alias(text="<b>Bold & Co</b>"),),
        designations=(),
    )
    text = as_yaml(EntityList(entities=tuple(named), name="mine", version="2"))
    return text.replace("e1\n", "e-one\n", 1) if ended else text


def test_entities_are_searched_in_three_scripts_and_compared(console: Console) -> None:
    ada = console.client(Role.POLICY_EDITOR)
    at = add(ada, many(120), "/entities")
    assert ada.submit(f"{at}/in-force", note="first", seen="0").status_code == 303
    page = ada.page("/entities?page=3")
    assert "Page 3 of 3" in re.sub(r"[\u2068\u2069]", "", page)
    for words in ("FRONT 77X", "جبهه ۷۷ كوه", "front-77x"):
        page = ada.page("/entities", params={"q": words})
        assert "1 entity" in re.sub(r"[\u2068\u2069]", "", page) and "Front 77x" in page, words
    page = ada.page("/entities/one?id=a%2Fb")
    assert "&lt;b&gt;Bold &amp; Co" in page and "<b>Bold" not in page
    assert (
        "Council" in ada.page("/entities/one?id=e5") and ada.get("/entities/one?id=none").status_code == 404
    )
    page = ada.page(add(ada, many(120, ended=True), "/entities"))
    assert "Added" in page and "e-one" in page and "Removed" in page


def test_a_version_is_tried_on_its_examples_and_on_posts_that_people_decided(console: Console) -> None:
    take_in(console.settings, console.store, demo=True)
    program, ada = console.program("report.add"), console.client(Role.POLICY_EDITOR)
    made = {}
    for name, text in (("bad", PRAISE), ("quiet", "A quiet day at the river.")):
        body = {"item": {"id": name, "text": text, "lang": "en", "author_id": "anna"}, "reason": "look"}
        made[name] = program.post("/api/v1/reports", json=body).json()["case_id"]
    deciding = Decisions(console.store, console.clock, decision_settings(console.settings))
    choice = Choice(action=Action.REMOVE, clause_id="terrorism", reason="praise")
    deciding.decide(made["bad"], Actor("person", "ben"), choice)
    at = add(ada, TEXT.replace("stances: [praise, support]", "stances: [condemn]"))
    assert ada.submit(f"{at}/try").status_code == 303
    waiting = ada.get(at)
    assert waiting.headers["refresh"] == "5" and "within a minute" in waiting.text
    supplies = of_installation(console.settings, console.store)
    (job,) = (one for one in EVERY if one.name == "trials")
    assert job.wanted(supplies, None) and job.work(supplies) == 1 and not job.wanted(supplies, None)
    answer = ada.get(at)
    said = re.sub(r"[\u2068\u2069]", "", answer.text)
    assert "refresh" not in answer.headers
    assert "1 of the latest 2 posts" in said and f"/cases/{made['bad']}" in said and "violates → " in said
    assert "People acted on 1 of 1 posts" in said and "It calls 0 of 1 posts violations" in said
    assert "Its own examples:" in said


def test_a_long_list_is_quick(console: Console) -> None:
    ada = console.client(Role.POLICY_EDITOR)
    began = time.perf_counter()
    at = add(ada, many(2_000), "/entities")
    added = time.perf_counter() - began
    ada.submit(f"{at}/in-force", note="first", seen="0")
    ada.page("/entities")
    began = time.perf_counter()
    ada.page("/entities?q=front+1777x")
    took = time.perf_counter() - began
    print(f"2,000 entities: added in {added:.1f} s, searched in {took * 1000:.0f} ms")
    assert took < 0.2


def test_a_program_adds_and_asks_and_a_person_agrees(console: Console) -> None:
    take_in(console.settings, console.store)
    program, ada = console.program("policy.view", "policy.edit"), console.client(Role.POLICY_EDITOR)
    for word, text in (("policies", GANGS), ("entities", many(3))):
        made = program.post(f"/api/v1/{word}", json={"text": text, "note": "new"})
        assert made.status_code == 201, made.text
        digest = made.json()["digest"]
        asked = program.post(f"/api/v1/{word}/{digest}/in-force", json={"note": "clearer"})
        assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
        all_ = program.get(f"/api/v1/{word}").json()
        assert all_["waiting"] == digest != all_["in_force"]["digest"] and len(all_["versions"]) == 2
        assert program.get(f"/api/v1/{word}/{digest}").json()["text"] == text
        (at,) = set(re.findall(rf"/{word}/versions/\w{{26}}(?=\">Look)", ada.page(f"/{word}")))
        ada.submit(f"{at}/in-force", note="agreed", seen=seen(ada.page(at)))
        assert program.get(f"/api/v1/{word}").json()["in_force"]["digest"] == digest
        wrong = program.post(f"/api/v1/{word}", json={"text": "just words"})
        assert wrong.status_code == 422 and ":1:1" in wrong.text
        assert program.get(f"/api/v1/{word}/{'0' * 64}").status_code == 404
