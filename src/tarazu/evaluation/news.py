"""Campaigns of the sizes that made the news, built from real behaviour, among 100,000 organic accounts.

On 21 August 2018 Twitter named 284 accounts and Facebook 652 accounts, pages and groups. Their data are not
in our hands, so the sizes are theirs and the behaviour is that of the Internet Research Agency's accounts:

1. Source: one category of the set; of its accounts those that reposted ten or more texts within an hour of
one and the same other account of the category, in the largest connected group of such accounts. 2. A member
is a copy of a random source account. It takes part in the objects that its source took part in, on whole days
drawn in one random order for the campaign, until it has as many posts as a random organic account with thirty
posts or more. What it does there alone is its camouflage. 3. Times: on a repeated text the member acts when a
random source account did that repeated the text within an hour of the member's source (a bootstrap of the
text's own acts), plus U(0, 60) s, independent for every post. 4. A copy becomes a member only if it then
shares ten texts or more with other members within an hour. 5. Objects are renamed to names of the organic
world's form, a tenth of the links and tags to popular organic ones. Every repeated text becomes a post of an
organic account, which organic people repost too. Texts are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tarazu.evaluation import ira, organic
from tarazu.evaluation.words import Writer, handles
from tarazu.evaluation.worlds import World, fresh_ids, popular, stack
from tarazu.records import conform


@dataclass(frozen=True, kw_only=True)
class Size:
    """One campaign that made the news."""

    name: str
    members: int
    source: str  # category of the set whose behaviour it has
    kinds: dict[str, float]  # share of accounts, pages, groups


SIZES = (
    Size(name="284 accounts", members=284, source="NonEnglish", kinds={"account": 1.0}),
    Size(
        name="652 accounts, pages and groups",
        members=652,
        source="HashtagGamer",
        kinds={"account": 0.4, "page": 0.4, "group": 0.2},
    ),
)
SHAPE = organic.Shape(accounts=150_000, posts=600_000)


def world(
    data: Path, rng: np.random.Generator, shape: organic.Shape = SHAPE, sizes: tuple[Size, ...] = SIZES
) -> World:
    """The organic stream with every campaign of `sizes` in it."""
    base = organic.world(rng, shape)
    assert base.accounts is not None
    kinds = rng.choice(["account", "page", "group"], base.accounts.height, p=[0.85, 0.1, 0.05])
    accounts = [base.accounts.with_columns(pl.Series("kind", kinds))]
    posts = [base.posts]
    truth: dict[str, frozenset[str]] = {}
    source = ira.posts(data)
    taken = set(base.accounts["account_id"])
    for size in sizes:
        acts, names = campaign(
            source, ira.categories(data)[size.source], base.posts, taken, size.members, rng
        )
        posts.append(acts)
        truth[size.name] = frozenset(names)
        taken |= truth[size.name]
        accounts.append(_profiles(names, size, accounts[0], rng))
    return World(
        name="news",
        posts=stack(posts),
        accounts=pl.concat(accounts).sort("account_id"),
        truth=truth,
        note="sizes of 21 August 2018, behaviour bootstrapped from IRA accounts, synthetic organic stream",
    )


def campaign(
    source: pl.DataFrame,
    category: frozenset[str],
    background: pl.DataFrame,
    taken: set[str],
    members: int,
    rng: np.random.Generator,
) -> tuple[pl.DataFrame, list[str]]:
    """Posts of a campaign of `members` accounts with what organic people add; and the ids of its members."""
    own = ira.into_period(source.filter(pl.col("account_id").is_in(list(category))), background, rng)
    people = sorted(ira.crews(own)[0])
    own = own.filter(pl.col("account_id").is_in(people))
    acts = _copies(own, people, background, round(members * 2.5), rng)
    joined = _joint(acts)
    fit = joined.filter(pl.col("texts") >= 10)["copy"].sort().to_list()
    if len(fit) < members:
        raise ValueError(f"only {len(fit)} copies take part in ten texts, {members} are needed")
    chosen = sorted(rng.choice(np.array(fit), members, replace=False).tolist())
    # texts shared with copies that were not chosen do not count: ask again of the chosen ones
    acts = acts.filter(pl.col("copy").is_in(chosen))
    names = fresh_ids(taken, members, rng, digits=7)
    acts = acts.with_columns(
        pl.col("copy").replace_strict(chosen, names, return_dtype=pl.String).alias("account_id")
    )
    return _rekeyed(acts, background, rng), names


def _copies(
    own: pl.DataFrame, people: list[str], background: pl.DataFrame, count: int, rng: np.random.Generator
) -> pl.DataFrame:
    """`count` copies of source accounts with their posts and bootstrapped times (steps 2 and 3)."""
    active = background.group_by("account_id").len().filter(pl.col("len") >= 30)["len"].sort().to_numpy()
    copies = pl.DataFrame(
        {
            "copy": np.arange(count),
            "account_id": rng.choice(np.array(people), count),
            "quota": rng.choice(active, count).astype(np.int64),
        }
    )
    acts = (
        ira.subjects(own, rng)
        .join(copies, on="account_id")
        .sort("copy", "_order", "created_at", "post_id")
        .with_columns(pl.int_range(pl.len()).over("copy").alias("place"))
        .filter(pl.col("place") < pl.col("quota"))
        .drop("_order", "place", "quota")
        .with_columns(pl.col("created_at").dt.epoch("s").alias("time"))
    )
    # times of the same text within an hour, one of them at random
    texts = own.filter(pl.col("repost_of").is_not_null()).select(
        "repost_of", pl.col("created_at").dt.epoch("s").alias("other")
    )
    drawn = (
        acts.filter(pl.col("repost_of").is_not_null())
        .select("copy", "post_id", "repost_of", "time")
        .join(texts, on="repost_of")
        .filter((pl.col("other") - pl.col("time")).abs() <= 3600)
        .sort("copy", "post_id", "other")
    )
    drawn = drawn.with_columns(pl.Series("luck", rng.random(drawn.height)))
    drawn = drawn.sort("luck").unique(["copy", "post_id"], keep="first", maintain_order=True)
    acts = acts.join(
        drawn.select("copy", "post_id", "other"), on=["copy", "post_id"], how="left", maintain_order="left"
    )
    seconds = acts["other"].fill_null(acts["time"]) // 60 * 60 + pl.Series(rng.integers(0, 60, acts.height))
    return acts.with_columns(
        (seconds * 1000).cast(pl.Datetime("ms", "UTC")).alias("created_at"), seconds.alias("time")
    )


def _joint(acts: pl.DataFrame) -> pl.DataFrame:
    """Of each copy, how many texts it repeats within an hour of another copy."""
    reposts = acts.filter(pl.col("repost_of").is_not_null()).sort("repost_of", "time", "copy")
    near = pl.lit(False)
    for step in (-2, -1, 1, 2):  # neighbours in time on the same text, by another copy
        other = pl.col("copy").shift(step).over("repost_of")
        gap = (pl.col("time") - pl.col("time").shift(step).over("repost_of")).abs()
        near = near | ((other != pl.col("copy")) & (gap <= 3600)).fill_null(False)
    return reposts.filter(near).group_by("copy").agg(pl.col("repost_of").n_unique().alias("texts"))


def _rekeyed(acts: pl.DataFrame, background: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """New names for everything, invented texts, originals by organic accounts, organic reposts (step 5)."""
    people = background["account_id"].unique().sort()
    crowd = background["account_id"]  # by activity
    writer = Writer(rng)

    def anybody(count: int, pool: pl.Series) -> pl.Series:
        return pool.gather(pl.Series(rng.integers(0, len(pool), count)))

    acts = acts.with_columns(
        pl.Series("post_id", fresh_ids((), acts.height, rng)), pl.lit("en").alias("lang")
    )
    for column, form in (("urls", "https://site{}.example/b{}"), ("hashtags", "tag{1}"), ("mentions", "")):
        objects = acts[column].explode().drop_nulls().unique().sort()
        if not len(objects):
            continue
        if column == "mentions":
            renamed = anybody(len(objects), people)
        else:
            numbers = rng.permutation(len(objects)) + 10**6
            renamed = pl.Series([form.format(n % 997, n) for n in numbers])
            liked = popular(background[column]).head(300)
            lucky = pl.Series(rng.random(len(objects)) < 0.1)
            renamed = anybody(len(objects), liked).zip_with(lucky, renamed)
        acts = acts.with_columns(pl.col(column).list.eval(pl.element().replace(objects, renamed)))
    keys = (
        acts.filter(pl.col("repost_of").is_not_null())
        .group_by("repost_of")
        .agg(pl.col("time").min())
        .sort("repost_of")
    )
    first = int(background["created_at"].dt.epoch("s").to_numpy().min())
    count = keys.height
    born = np.maximum(keys["time"].to_numpy() - rng.integers(60, 7200, count), first)
    originals = pl.DataFrame(
        {
            "key": keys["repost_of"],
            "post_id": fresh_ids((), count, rng),
            "account_id": anybody(count, crowd),
            "text": writer.posts(np.full(count, "en")),
            "created_at": pl.Series(born * 1000).cast(pl.Datetime("ms", "UTC")),
        }
    )
    lookup = originals.select(
        pl.col("key").alias("repost_of"),
        pl.col("post_id").alias("original"),
        pl.col("account_id").alias("author"),
        "text",
    )
    acts = acts.drop("text").join(lookup, on="repost_of", how="left", maintain_order="left")
    fresh = writer.posts(np.full(acts.height, "en"))
    acts = acts.with_columns(
        pl.col("text").fill_null(fresh),
        pl.col("original").alias("repost_of"),
        pl.col("author").alias("repost_of_account"),
    )
    copies = originals[np.repeat(np.arange(count), rng.poisson(3, count))]
    wait = (rng.lognormal(np.log(5400), 1.2, copies.height) * 1000).astype(np.int64) // 1000 * 1000
    organic_reposts = copies.select(
        pl.Series("post_id", fresh_ids((), copies.height, rng)),
        anybody(copies.height, crowd).alias("account_id"),
        (pl.col("created_at").dt.epoch("ms") + pl.Series(wait))
        .cast(pl.Datetime("ms", "UTC"))
        .alias("created_at"),
        "text",
        pl.col("post_id").alias("repost_of"),
        pl.col("account_id").alias("repost_of_account"),
    )
    parts = [conform(acts), conform(originals), conform(organic_reposts)]
    return pl.concat(parts).with_columns(pl.col("lang").fill_null("en"))


def _profiles(names: list[str], size: Size, like: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Profiles drawn from the organic ones, with handles and kinds of their own."""
    drawn = like.sample(len(names), with_replacement=True, seed=int(rng.integers(2**31)))
    kinds = rng.choice(list(size.kinds), len(names), p=list(size.kinds.values()))
    return drawn.with_columns(
        pl.Series("account_id", names),
        pl.Series("handle", handles(len(names), rng)),
        pl.Series("kind", kinds),
    )
