"""How good a result is.

Account precision and recall, campaigns found, false networks, purity against coverage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from tarazu.evaluation.worlds import Members, World

PRECISE = 0.95  # the precision a threshold must reach to be called usable


@dataclass(frozen=True, kw_only=True)
class Score:
    """The result of one method on one world."""

    method: str
    networks: int
    flagged: int  # accounts in a network (those called "same feed" left out)
    precision: float  # of flagged accounts, how many belong to a campaign; 1 when nothing is flagged
    recall: float  # of campaign accounts, how many are flagged
    f1: float
    campaigns: int  # in the world
    found: int  # campaigns of which one network holds half of the members and consists mostly of them
    false_networks: int  # networks in which campaign members are a minority
    false_accounts: int  # flagged accounts that belong to no campaign
    benign: float  # of accounts in benign groups, how many are flagged (worst group)

    def row(self) -> dict[str, object]:
        """As a plain dictionary."""
        return asdict(self)


def score(method: str, networks: Sequence[Members], world: World) -> Score:
    """Compare networks with the truth of the world.

    Networks called "same feed" are to be left out by the caller.
    """
    truth = frozenset().union(*world.truth.values()) if world.truth else frozenset()
    flagged = frozenset().union(*networks) - world.others if networks else frozenset()
    right = len(flagged & truth)
    precision = right / len(flagged) if flagged else 1.0
    recall = right / len(truth) if truth else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    found = sum(
        any(
            2 * len(n & members) >= len(members) and 2 * len(n & members) > len(n - world.others)
            for n in networks
        )
        for members in world.truth.values()
    )
    return Score(
        method=method,
        networks=len(networks),
        flagged=len(flagged),
        precision=precision,
        recall=recall,
        f1=f1,
        campaigns=len(world.truth),
        found=found,
        false_networks=sum(2 * len(n & (truth | world.others)) < len(n) for n in networks),
        false_accounts=len(flagged - truth),
        benign=max((len(flagged & group) / len(group) for group in world.benign.values()), default=0.0),
    )


def best_threshold(candidates: Mapping[str, Sequence[Members]], world: World) -> Score:
    """The threshold a user would wish for: highest recall at precision .95, chosen with the truth in hand.

    If none is that precise, the one with the highest F1. Nobody can choose so well in practice.
    """
    scores = [score(name, networks, world) for name, networks in candidates.items()]
    precise = [s for s in scores if s.precision >= PRECISE and s.flagged]
    return (
        max(precise, key=lambda s: (s.recall, s.precision))
        if precise
        else max(scores, key=lambda s: (s.f1, s.precision))
    )


def nmi(left: Sequence[object], right: Sequence[object]) -> float:
    """Normalised mutual information of two labellings of the same things (arithmetic mean, 0 to 1)."""
    if len(left) != len(right):
        raise ValueError("the labellings must have the same length")
    if not left:
        return 1.0
    a = np.unique(np.array([str(x) for x in left]), return_inverse=True)[1]
    b = np.unique(np.array([str(x) for x in right]), return_inverse=True)[1]
    joint = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(joint, (a, b), 1.0)
    joint /= len(left)
    pa, pb = joint.sum(1), joint.sum(0)
    entropies = -(pa * np.log(pa)).sum(), -(pb * np.log(pb)).sum()
    if entropies[0] + entropies[1] < 1e-15:
        return 1.0
    some = joint > 0
    information = (joint[some] * np.log(joint[some] / np.outer(pa, pb)[some])).sum()
    return float(max(0.0, 2 * information / (entropies[0] + entropies[1])))


@dataclass(frozen=True, kw_only=True)
class Purity:
    """How a result divides accounts that are all of one operation."""

    method: str
    networks: int
    coverage: float  # share of labelled accounts in a network
    nmi: float  # of the covered accounts: network against label


def purity(method: str, networks: Iterable[Members], labels: Mapping[str, Members], everybody: int) -> Purity:
    """Coverage of `everybody`; NMI of networks against labels over the covered accounts with a label."""
    label_of = {a: name for name, members in labels.items() for a in members}
    mine: list[object] = []
    theirs: list[object] = []
    covered = 0
    number = 0
    for number, members in enumerate(networks, 1):
        covered += len(members)
        for account in members:
            if account in label_of:
                mine.append(number)
                theirs.append(label_of[account])
    return Purity(method=method, networks=number, coverage=covered / everybody, nmi=nmi(mine, theirs))


def leaks(world: World) -> dict[str, float]:
    """How well simple facts separate campaign accounts from organic ones as active: AUC, .5 is not at all.

    "As active": at least as many posts as the least active twentieth of the campaign accounts. Facts: number
    of posts, shares of posts with a link, a tag, a picture, at night, on the full minute, number of days. A
    value far from .5 says that a detector could cheat with it.
    """
    truth = frozenset().union(*world.truth.values())
    night = pl.col("created_at").dt.hour().is_between(0, 5)
    table = world.posts.group_by("account_id").agg(
        pl.len().cast(pl.Float64).alias("posts"),
        (pl.col("urls").list.len().fill_null(0) > 0).mean().alias("links"),
        (pl.col("hashtags").list.len().fill_null(0) > 0).mean().alias("tags"),
        (pl.col("media").list.len().fill_null(0) > 0).mean().alias("pictures"),
        night.mean().alias("night"),
        (pl.col("created_at").dt.second() == 0).mean().alias("full minutes"),
        pl.col("created_at").dt.date().n_unique().cast(pl.Float64).alias("days"),
    )
    floor = float(table.filter(pl.col("account_id").is_in(list(truth)))["posts"].quantile(0.05) or 0)
    table = table.filter(pl.col("posts") >= floor)
    table = table.filter(~pl.col("account_id").is_in(list(world.others)))
    member = table["account_id"].is_in(list(truth)).to_numpy()
    return {name: auc(table[name].to_numpy(), member) for name in table.columns[1:]}


def auc(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], positive: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> float:
    """Probability that a positive has the larger value, ties count half; .5 if one class is empty."""
    ones, zeros = int(positive.sum()), int((~positive).sum())
    if not ones or not zeros:
        return 0.5
    ranks = pl.Series(values).rank("average").to_numpy()
    return float((ranks[positive].sum() - ones * (ones + 1) / 2) / (ones * zeros))
