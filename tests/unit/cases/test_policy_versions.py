"""Versions of policy and entity list: kept, put in force by two people, put back, followed by every process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tarazu.cases.objection import DecisionRefused, SamePerson, WrongState
from tarazu.cases.policy_in_force import InForce
from tarazu.cases.policy_version import Kind, Superseded, Version, Written, read
from tarazu.cases.policy_versions import PolicyVersions
from tarazu.errors import InputError
from tarazu.policy.examples import example_policy, invented_entities
from tarazu.server.policies import take_in
from tarazu.settings import Settings
from tarazu.store import Actor, Store
from tarazu.store.tables.policies import policy_in_force
from tarazu.store.verify import verify

ADA, BEN = Actor("person", "ada"), Actor("person", "ben")
TEXT = example_policy().read_text(encoding="utf-8")


@pytest.fixture
def versions(store: Store) -> Iterator[PolicyVersions]:
    yield PolicyVersions(store)
    assert not verify(store).faults


def written(clause: str) -> Written:
    return read(Kind.POLICY, TEXT.replace("id: organised-crime", f"id: {clause}").encode(), "policy.yaml")


def added(versions: PolicyVersions, clause: str, by: Actor = ADA) -> Version:
    return versions.add(by, written(clause), "tried")


def clauses(held: InForce) -> list[str]:
    policy = held.policy()
    return [] if policy is None else [one.id for one in policy.clauses]


def test_two_people_put_a_version_in_force_and_every_process_follows(versions: PolicyVersions) -> None:
    here, there = InForce(versions.store), InForce(versions.store)  # two processes: nothing is shared
    first = added(versions, "gangs")
    assert added(versions, "gangs").id == first.id  # one file is one version
    assert clauses(here) == clauses(there) == []
    assert versions.put_in_force(first.id, ADA, "clearer").state == "waiting"
    assert clauses(here) == []
    with pytest.raises(SamePerson):
        versions.put_in_force(first.id, ADA, "clearer")
    with pytest.raises(DecisionRefused):
        versions.put_in_force(first.id, BEN, "  ")
    assert versions.put_in_force(first.id, BEN, "agreed", seen=0).state == "in_force"
    assert versions.waiting(Kind.POLICY) is None
    assert "gangs" in clauses(here) and "gangs" in clauses(there)
    same = here.settings()
    assert here.settings() is same and here.policy() is here.policy()  # parsed once
    second = added(versions, "mobs", BEN)
    with pytest.raises(Superseded):
        versions.put_in_force(second.id, ADA, "read before", seen=0)
    versions.put_in_force(second.id, ADA, "stricter")
    assert "mobs" in clauses(there) and "gangs" in [one.id for one in there.settings().policies[1].clauses]
    with pytest.raises(WrongState):
        versions.put_in_force(second.id, BEN, "again")
    # Putting back takes two people as well: who added it once is no longer the first of them.
    assert versions.put_in_force(first.id, BEN, "").state == "waiting"
    asked = versions.waiting(Kind.POLICY)
    assert asked is not None
    versions.decline(asked.id, ADA, "the new one is right")
    assert "mobs" in clauses(here)
    versions.put_in_force(first.id, BEN, "")
    assert versions.put_in_force(first.id, ADA, "").state == "in_force"
    assert "gangs" in clauses(there)
    assert [one.digest for one in versions.history(Kind.POLICY)] == [
        first.digest,
        second.digest,
        first.digest,
    ]
    assert versions.text(first.id) == written("gangs").text


def test_who_is_alone_may_do_it_and_it_is_written_down(store: Store) -> None:
    versions = PolicyVersions(store, sole=lambda _view, who: who == "ada")
    made = added(versions, "gangs")
    put = versions.put_in_force(made.id, ADA, "nobody else is here")
    now = versions.current(Kind.POLICY)
    assert put.alone and now is not None and now.alone and now.by == "ada"


def test_a_file_of_the_settings_counts_once_until_it_changes(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(written("gangs").text, encoding="utf-8")
    bare = Settings.load(data_folder=tmp_path)
    set_up = bare.model_copy(update={"policy": file, "entities": [invented_entities()]})
    versions, held = PolicyVersions(store), InForce(store)
    take_in(bare, store)
    assert "organised-crime" in clauses(held)
    take_in(set_up, store)
    listed = held.entities()
    assert "gangs" in clauses(held) and listed is not None and "redmarch-front" in listed.by_id
    versions.put_in_force(added(versions, "mobs").id, BEN, "stricter")
    for _ in range(2):  # starts
        take_in(set_up, store)
        take_in(bare, store)
    assert "mobs" in clauses(held)
    file.write_text(written("rackets").text, encoding="utf-8")
    take_in(set_up, store)
    assert "rackets" in clauses(held)
    with store.read() as view:
        assert len(view.rows(policy_in_force.select())) == 6
    assert not verify(store).faults


def test_what_is_no_policy_is_told_with_its_place() -> None:
    for raw, said in (
        (b"\xff\xfe", "UTF-8"),
        (b"policy: [1, 2", ":1:"),
        (b"just words", ":1:1"),
        (TEXT.replace("stances:", "stanzas:", 1).encode(), "stanzas"),
    ):
        with pytest.raises(InputError, match=said):
            read(Kind.POLICY, raw, "p.yaml")
