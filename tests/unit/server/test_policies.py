"""Which policy and list a server judges by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tarazu.errors import TarazuError
from tarazu.policy.examples import example_policy, invented_entities
from tarazu.server.policies import decision_settings, entities
from tarazu.settings import Settings


def test_the_examples_unless_others_are_set(tmp_path: Path) -> None:
    bare = Settings.load(data_folder=tmp_path)
    assert "organised-crime" in [one.id for one in decision_settings(bare).policies[0].clauses]
    invented = {one.id for one in entities(bare, demo=True).entities}
    assert "redmarch-front" in invented and not invented & {one.id for one in entities(bare).entities}
    mine = tmp_path / "mine.yaml"
    text = example_policy().read_text(encoding="utf-8")
    mine.write_text(text.replace("id: organised-crime", "id: gangs"), encoding="utf-8")
    (tmp_path / "tarazu.toml").write_text(f'policy = "{mine}"\nentities = ["{invented_entities()}"]\n')
    made = Settings.load(data_folder=tmp_path)
    assert "gangs" in [one.id for one in decision_settings(made).policies[0].clauses]
    assert {one.id for one in entities(made).entities} == invented


def test_a_missing_policy_is_told_at_the_start(tmp_path: Path) -> None:
    made = Settings.load(data_folder=tmp_path, policy=tmp_path / "none.yaml")
    with pytest.raises(TarazuError, match=r"none\.yaml"):
        decision_settings(made)
