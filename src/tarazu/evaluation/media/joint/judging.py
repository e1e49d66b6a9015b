"""The judge under test: the example policy, the invented list, a bank of the known pictures, the shipped model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tarazu.evaluation.media.joint.cases import Known
from tarazu.media.bank import Bank, Entry
from tarazu.media.scanner import Scanner
from tarazu.media.studio import Studio
from tarazu.policy.designations import read_entities
from tarazu.policy.emblems import Emblems
from tarazu.policy.examples import example_policy, invented_entities
from tarazu.policy.judge import Judge
from tarazu.policy.policy_file import read_policy
from tarazu.policy.stance.model import StanceModel
from tarazu.verdicts import Verdict


def banking(pictures: Sequence[tuple[Known, Path]], bank: Path) -> None:
    """Make a bank of the known pictures, as an operator who trusts them would."""
    made = Bank.create(bank, owner="evaluation", reason="drawn pictures")
    with made, Studio(features=True) as studio:
        studies = studio.map((path, None) for _, path in pictures)
        for (one, _), study in zip(pictures, studies, strict=True):
            made.add(
                Entry.of(study.hash, entity_id=one.entity, shows=one.shows, features=study.features),
                by="evaluation",
                trusted=True,
            )


def judging(
    posts: pl.DataFrame, media: Path, bank: Path, *, model: StanceModel | None = None
) -> Sequence[Verdict]:
    """Judge the drawn posts."""
    listed = read_entities(invented_entities())
    with Bank.open(bank) as opened, Scanner([opened], known=[Emblems(listed)], folder=media) as eye:
        judge = Judge(listed, read_policy(example_policy()), model, highlight=False, eye=eye)
        return list(judge.verdicts(posts))
