from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tarazu.evaluation import organic
from tarazu.evaluation.controls import CONTROLS
from tarazu.evaluation.plants import CHANNEL, KINDS, Campaign, evasive, plant, schedule
from tarazu.evaluation.sample import sample_stream, sample_world
from tarazu.evaluation.suites import jobs
from tarazu.evaluation.worlds import (
    HOLDOUT_SEEDS,
    TUNE_SEEDS,
    World,
    permute_within_objects,
    rekey,
    shift_sessions,
)
from tarazu.records import POSTS


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def base() -> World:
    return organic.world(rng(), organic.Shape(accounts=3000, posts=20_000))


def test_seeds_for_tuning_and_publishing_are_disjoint() -> None:
    assert not set(TUNE_SEEDS) & set(HOLDOUT_SEEDS)


def test_organic_world_has_the_schema_unique_ids_and_is_reproducible(base: World) -> None:
    assert dict(base.posts.schema) == POSTS
    assert base.posts["post_id"].n_unique() == base.posts.height
    again = organic.world(rng(), organic.Shape(accounts=3000, posts=20_000))
    assert again.posts.equals(base.posts)
    assert again.accounts is not None and base.accounts is not None and again.accounts.equals(base.accounts)


def test_reposts_follow_their_original(base: World) -> None:
    originals = base.posts.select(
        "post_id", pl.col("created_at").alias("born"), pl.col("account_id").alias("author")
    )
    reposts = base.posts.join(originals, left_on="repost_of", right_on="post_id")
    assert reposts.height == base.posts["repost_of"].count()
    assert (reposts["created_at"] > reposts["born"]).all()
    assert (reposts["repost_of_account"] == reposts["author"]).all()
    assert (reposts["account_id"] != reposts["author"]).all()


def test_session_shift_keeps_what_and_moves_when(base: World) -> None:
    moved = shift_sessions(base.posts, rng())
    both = base.posts.join(moved, on="post_id", suffix="_new")
    assert both.height == base.posts.height
    gap = (both["created_at_new"] - both["created_at"]).dt.total_seconds().abs()
    assert gap.max() <= 3 * 3600
    assert gap.median() > 1800
    assert (both["urls"] == both["urls_new"]).all()


def test_permutation_keeps_every_objects_times(base: World) -> None:
    links = base.posts.filter(pl.col("urls").list.len() > 0)
    mixed = permute_within_objects(links, rng())

    def curve(frame: pl.DataFrame) -> list[tuple[object, ...]]:
        return frame.select(pl.col("urls").list.first(), "created_at").sort("urls", "created_at").rows()

    assert curve(links) == curve(mixed)
    assert not mixed.sort("post_id")["created_at"].equals(links.sort("post_id")["created_at"])


def test_rekey_hides_names_and_keeps_structure(base: World) -> None:
    world = plant(base, Campaign(n=10), rng())
    hidden = rekey(world, rng(1))
    assert hidden.posts["text"].null_count() == hidden.posts.height
    assert not set(hidden.posts["account_id"]) & set(world.posts["account_id"])
    assert hidden.size == world.size
    sizes = [
        w.posts["urls"].explode().drop_nulls().value_counts()["count"].sort().to_list()
        for w in (world, hidden)
    ]
    assert sizes[0] == sizes[1]
    members = list(hidden.truth["planted"])
    assert hidden.posts.filter(pl.col("account_id").is_in(members)).height == (
        world.posts.filter(pl.col("account_id").is_in(list(world.truth["planted"]))).height
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_campaign_can_be_planted(base: World, kind: str) -> None:
    world = plant(base, Campaign(kind=kind, n=12, k=5), rng(3))
    members = world.truth["planted"]
    assert len(members) == 12
    assert world.posts["post_id"].n_unique() == world.posts.height
    if kind == "birth":
        assert world.accounts is not None
        made = world.accounts.filter(pl.col("account_id").is_in(list(members)))["created_at"]
        assert (made.max() - made.min()).total_seconds() <= 7200  # type: ignore[operator, union-attr]
        assert world.posts.equals(base.posts)
    elif kind == "co_report":
        assert world.reports is not None
        filed = world.reports.filter(pl.col("reporter_id").is_in(list(members)))
        assert filed.group_by("subject").len().filter(pl.col("len") >= 12).height == 5
    else:
        added = world.posts.join(base.posts, on="post_id", how="anti").filter(
            pl.col("account_id").is_in(list(members))
        )
        assert added.height == 60
        assert added["account_id"].value_counts()["count"].to_list() == [5] * 12


def test_members_act_within_the_jitter() -> None:
    for jitter in (60, 180, 600):
        campaign = Campaign(jitter=jitter)
        moments = np.array([0, 10**8], np.int64)
        _, when, which = schedule(30, moments, campaign, rng())
        late = when - moments[which]
        assert late.min() >= 0
        assert late.max() < jitter * 1000


def test_thirds_take_turns_and_each_acts_as_often_as_promised() -> None:
    campaign = evasive()["rotating thirds, ten each"]
    assert campaign.actions == 30
    who, _, which = schedule(30, np.arange(30, dtype=np.int64) * 10**8, campaign, rng())
    assert np.bincount(which).tolist() == [10] * 30
    assert np.bincount(who).tolist() == [10] * 30
    assert len({tuple(sorted(who[which == i])) for i in range(30)}) > 25


def test_slow_drip_is_one_action_a_day(base: World) -> None:
    world = plant(base, evasive(n=10)["slow drip"], rng())
    added = world.posts.join(base.posts, on="post_id", how="anti")
    assert added["urls"].list.first().n_unique() == 10
    assert (
        added.group_by(pl.col("urls").list.first())
        .agg(pl.col("created_at").min())["created_at"]
        .dt.date()
        .n_unique()
        == 10
    )


def test_camouflage_is_the_share_that_was_asked_for(base: World) -> None:
    world = plant(base, Campaign(n=10, camouflage=0.8), rng())
    posts = world.posts.filter(pl.col("account_id").is_in(list(world.truth["planted"]))).height
    assert 0.7 < 1 - 100 / posts < 0.9


@pytest.mark.parametrize("name", CONTROLS)
def test_controls_add_their_group_and_nothing_else(base: World, name: str) -> None:
    world = CONTROLS[name](base, rng())
    groups = world.benign | world.same_feed
    assert len(groups) == 1
    assert not world.truth
    assert set(world.posts["account_id"]) == set(base.posts["account_id"])
    assert world.posts["post_id"].n_unique() == world.posts.height > base.posts.height


def test_sample_is_labelled_and_names_no_one() -> None:
    world = sample_world()
    assert 100_000 < world.posts.height < 120_000
    people = set(world.posts["account_id"])
    assert len(world.truth) == 5
    assert all(members <= people for members in world.truth.values())
    assert world.posts["account_id"].str.contains(r"^[a-z]+_[a-z]+_\d{3}$").all()
    assert world.posts["mentions"].explode().drop_nulls().str.contains(r"^[a-z]+_[a-z]+_\d{3}$").all()
    links = world.posts["urls"].explode().drop_nulls()
    assert links.str.contains(r"^https://[a-z0-9]+\.example/").all()
    assert not world.posts["text"].drop_nulls().str.contains("https?://t.co").any()
    assert not set(sample_stream()["account_id"]) & frozenset().union(*world.truth.values())


def test_planting_in_the_real_stream_needs_its_channel() -> None:
    from tarazu.evaluation.german import channelled

    stream = sample_stream()
    for channel in sorted(set(CHANNEL.values())):
        made = channelled(stream, channel, rng())
        column = made[channel]
        filled = column.list.len().sum() if column.dtype == pl.List(pl.String) else column.count()
        assert filled > 1000, channel


def test_jobs_have_unique_names() -> None:
    for quick in (True, False):
        names = [job.name for job in jobs(None, quick)]
        assert len(set(names)) == len(names)
