"""Planted campaigns: for every trace, with camouflage, and evasive ones.

A plant never invents people: `n` accounts of the background with as many posts as the camouflage asks for
become members, and their joint actions are added to what they did anyway. So activity, hours and interests do
not betray them. (birth is the exception: its members get new creation dates and handles.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tarazu.evaluation.words import FIRST, Writer, flipped, pdq
from tarazu.evaluation.worlds import Ints, World, fresh_ids, popular, stack, table

KINDS = (
    "co_repost",
    "fast_repost",
    "co_url",
    "co_hashtag",
    "co_mention",
    "co_reply",
    "co_text",
    "co_media",
    "co_report",
    "synchrony",
    "birth",
)
CHANNEL = {
    "co_repost": "repost_of",
    "fast_repost": "repost_of",
    "co_reply": "reply_to",
    "co_mention": "mentions",
} | {
    "co_text": "text",
    "co_media": "media",
}  # what german.channelled must prepare; the others need nothing
WINDOW = 60  # seconds: one window of jitter


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """What a planted campaign does."""

    name: str = "planted"
    kind: str = "co_url"  # one of KINDS
    n: int = 30  # accounts
    k: int = 10  # joint actions
    jitter: float = WINDOW  # seconds: every member acts at moment + U(0, jitter)
    part: float = 1.0  # share of members in each action, chosen anew (1/3: rotating thirds)
    each: bool = False  # with part < 1: k actions for each account, so k / part for the campaign
    daily: bool = False  # slow drip: one joint action on each of k consecutive days
    camouflage: float = 0.5  # own posts of a member as a share of all its posts
    objects: str = (
        "fresh"  # fresh | followed (organic people share them too) | popular (existing, already rising)
    )
    language: str = "en"  # of co_text: en | fa | ar
    reworded: bool = False  # of co_text: every member writes it in its own words

    @property
    def actions(self) -> int:
        """Joint actions of the campaign as a whole."""
        return round(self.k / self.part) if self.each else self.k


def plant(world: World, campaign: Campaign, rng: np.random.Generator) -> World:
    """Put the campaign into the world; its name in `truth` tells the members."""
    taken = frozenset().union(*world.truth.values(), *world.benign.values(), *world.same_feed.values())
    members = recruit(world.posts, campaign, rng, taken)
    truth = world.truth | {campaign.name: frozenset(members)}
    if campaign.kind == "birth":
        return replace(world, accounts=born(world, members, rng), truth=truth)
    moments = pick_moments(world.posts, campaign, rng)
    who, when, which = schedule(len(members), moments, campaign, rng)
    people = np.array(members, dtype=object)[who]
    if campaign.kind == "co_report":
        subjects = np.array(subjects_of(world, len(moments), rng), dtype=object)[which]
        filed = table(
            {
                "report_id": fresh_ids((), len(who), rng, "r"),
                "reporter_id": people.tolist(),
                "subject": subjects.tolist(),
                "reason": ["spam"] * len(who),
                "created_at": when,
            },
            "reports",
        )
        usual = organic_reports(world, rng) if world.reports is None else world.reports
        reports = pl.concat([usual, filed]).sort("created_at", "report_id")
        return replace(world, reports=reports, truth=truth)
    columns: dict[str, object] = {
        "post_id": fresh_ids((), len(who), rng),
        "account_id": people.tolist(),
        "created_at": when,
    }
    extra: list[pl.DataFrame] = []
    columns |= content(world, campaign, rng, members, moments, which, extra)
    columns |= like(world.posts, people)
    added = table(columns)
    if campaign.kind in ("co_repost", "fast_repost", "co_reply"):
        extra.append(originals(world, campaign, rng, members, moments))
    if campaign.objects == "followed":
        extra.append(followers(world, added, rng))
    return replace(world, posts=stack([world.posts, added, *extra]), truth=truth)


def recruit(
    posts: pl.DataFrame, campaign: Campaign, rng: np.random.Generator, taken: frozenset[str]
) -> list[str]:
    """Accounts whose own posts are about the camouflage share of all they will have (reports.

    Any active account).
    """
    joint = campaign.k if campaign.each or campaign.part == 1 else campaign.k * campaign.part
    wanted = max(1.0, joint * campaign.camouflage / max(1 - campaign.camouflage, 0.01))
    counts = (
        posts.group_by("account_id").len().filter(~pl.col("account_id").is_in(list(taken))).sort("account_id")
    )
    distance = np.abs(np.log(counts["len"].to_numpy() / wanted))
    pool = np.argsort(distance + rng.random(distance.size) * 0.25, kind="stable")[: campaign.n]
    if pool.size < campaign.n:
        raise ValueError(f"the background has {pool.size} free accounts, the campaign needs {campaign.n}")
    return [str(a) for a in counts["account_id"].gather(pl.Series(pool.astype(np.uint32)))]


def pick_moments(posts: pl.DataFrame, campaign: Campaign, rng: np.random.Generator) -> Ints:
    """When the campaign acts (ms).

    At moments when other people post too, at least two hours apart if there is room.
    """
    times = posts["created_at"].dt.epoch("ms").to_numpy()
    first, last = int(times.min()), int(times.max())
    edge = int(3.6e6 + campaign.jitter * 1000)
    times = times[(times > first + edge) & (times < last - edge)]
    count = campaign.actions
    if campaign.daily:
        days = np.unique(times // 86_400_000)
        start = int(rng.integers(0, max(1, days.size - count + 1)))
        chosen = [int(rng.choice(times[times // 86_400_000 == d])) for d in days[start : start + count]]
        return np.array(chosen, np.int64)
    out: list[int] = []
    for gap in (7_200_000, 1_800_000, 0):
        for moment in rng.choice(times, count * 20):
            if len(out) == count:
                break
            if all(abs(int(moment) - o) >= gap for o in out):
                out.append(int(moment))
    return np.sort(np.array(out, np.int64))


def schedule(n: int, moments: Ints, campaign: Campaign, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Who acts when on which object: member numbers, times (ms), object numbers."""
    who: list[Ints] = []
    if campaign.part >= 1:
        who = [np.arange(n)] * moments.size
    else:
        crowd = max(2, round(n * campaign.part))
        order = rng.permutation(n)
        for _ in moments:  # a rota: everybody's turn comes equally often, in crews drawn anew
            if order.size < crowd:
                order = np.concatenate([order, rng.permutation(n)])
            turn: list[int] = []
            seen: set[int] = set()
            for index, member in enumerate(order):
                if int(member) not in seen and len(turn) < crowd:
                    seen.add(int(member))
                    turn.append(index)
            who.append(order[turn])
            order = np.delete(order, turn)
    which = np.repeat(np.arange(moments.size), [w.size for w in who])
    offset = rng.uniform(0, campaign.jitter * 1000, which.size).astype(np.int64) // 1000 * 1000
    if campaign.kind == "fast_repost":  # the bots answer within seconds of the original
        offset = rng.integers(2, max(3, min(20, int(campaign.jitter))), which.size) * 1000
    return np.concatenate(who), moments[which] + offset, which


def content(
    world: World,
    campaign: Campaign,
    rng: np.random.Generator,
    members: Sequence[str],
    moments: Ints,
    which: Ints,
    extra: list[pl.DataFrame],
) -> dict[str, object]:
    """The columns that carry the objects, one entry a joint post."""
    posts, kind, count = world.posts, campaign.kind, moments.size
    if kind == "co_url":
        names = [f"https://site{rng.integers(4000)}.example/{i}" for i in fresh_ids((), count, rng)]
        names = existing(posts, "urls", moments, names) if campaign.objects == "popular" else names
        return {"urls": [[names[i]] for i in which]}
    if kind == "co_hashtag":
        liked = popular(posts["hashtags"]).head(300).to_list()
        fresh = [f"tag{i}" for i in fresh_ids((), count, rng)]
        fresh = existing(posts, "hashtags", moments, fresh) if campaign.objects == "popular" else fresh
        # every second action is a new tag, the others a sequence of three well-known ones
        tags = [
            [fresh[i]] if i % 2 or len(liked) < 3 else [str(t) for t in rng.choice(liked, 3, replace=False)]
            for i in range(count)
        ]
        return {"hashtags": [tags[i] for i in which]}
    if kind == "co_mention":
        names = [f"person{i}" for i in fresh_ids((), count, rng)]
        names = existing(posts, "mentions", moments, names) if campaign.objects == "popular" else names
        return {"mentions": [[names[i]] for i in which]}
    if kind in ("co_repost", "fast_repost", "co_reply"):
        column = "reply_to" if kind == "co_reply" else "repost_of"
        names = [f"{campaign.name}-original-{i}" for i in range(count)]
        names = existing(posts, column, moments, names) if campaign.objects == "popular" else names
        found: dict[str, object] = {column: [names[i] for i in which]}
        if column == "repost_of":
            authors = authors_of(world, campaign, members, count)
            found["repost_of_account"] = [authors[i] for i in which]
        return found
    if kind == "co_media":
        masters = pdq(count, rng)
        bits = rng.integers(0, 16, which.size)  # two copies differ in at most 30 bits
        return {"media": [[flipped(masters[i], int(b), rng)] for i, b in zip(which, bits, strict=True)]}
    writer = Writer(rng)
    if kind == "co_text":
        start = int(rng.integers(100))
        write = writer.reworded if campaign.reworded else writer.message
        return {"text": [write(campaign.language, start + int(i)) for i in which]}
    if kind == "synchrony":
        written = posts["text"].null_count() < posts.height
        return {"text": writer.posts(rng.choice(["en", "fa", "ar"], which.size)).to_list()} if written else {}
    raise ValueError(f"no campaign kind {kind}; one of {', '.join(KINDS)}")


def existing(posts: pl.DataFrame, column: str, moments: Ints, fallback: Sequence[str]) -> list[str]:
    """An object that rises just before each moment: the most acted on in the hour before, each used once."""
    kept = posts.select("created_at", pl.col(column)).filter(pl.col(column).is_not_null())
    rows = kept.explode(column).drop_nulls() if posts.schema[column] == pl.List(pl.String) else kept
    out: list[str] = []
    for moment, spare in zip(moments, fallback, strict=True):
        time = pl.lit(int(moment)).cast(pl.Datetime("ms", "UTC"))
        recent = rows.filter(
            (pl.col("created_at") <= time) & (pl.col("created_at") > time - pl.duration(hours=1))
        )
        ranked = popular(recent[column]).to_list()
        out.append(next((str(o) for o in ranked if o not in out), spare))
    return out


def authors_of(world: World, campaign: Campaign, members: Sequence[str], count: int) -> list[str]:
    """Whose posts the campaign repeats: five accounts of the world that are no members, in turn."""
    inside = set(members)
    outside = [str(a) for a in world.posts["account_id"].unique().sort() if a not in inside]
    step = max(1, len(outside) // 5)
    return [outside[(i % 5) * step] for i in range(count)]


def originals(
    world: World, campaign: Campaign, rng: np.random.Generator, members: Sequence[str], moments: Ints
) -> pl.DataFrame:
    """The posts that are repeated or answered.

    An hour to six before the moment, or right at it for fast reposts.
    """
    before = (
        rng.uniform(1, 6, moments.size) * 3.6e6 if campaign.kind != "fast_repost" else np.zeros(moments.size)
    )
    time = np.maximum(
        moments - before.astype(np.int64), int(world.posts["created_at"].dt.epoch("ms").to_numpy().min())
    )
    authors = authors_of(world, campaign, members, moments.size)
    columns: dict[str, object] = {
        "post_id": [f"{campaign.name}-original-{i}" for i in range(moments.size)],
        "account_id": authors,
        "created_at": time,
    }
    return table(columns | like(world.posts, np.array(authors, dtype=object)))


def followers(world: World, added: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Organic people who share the campaign's objects in the next hours (median one hour), ten an object."""
    column = next(
        c
        for c in ("urls", "hashtags", "mentions", "media", "repost_of", "reply_to", "text")
        if added[c].null_count() < added.height
    )
    first = added.group_by(column).agg(pl.col("created_at").min(), pl.col("repost_of_account").first())
    if column in ("urls", "hashtags", "mentions", "media"):
        first = first.filter(pl.col(column).list.len() > 0)
    copies = (
        first.select(pl.all().repeat_by(10).explode())
        if first.schema[column] != pl.List(pl.String)
        else pl.concat([first] * 10)
    )
    people = world.posts["account_id"].sample(
        copies.height, with_replacement=True, seed=int(rng.integers(2**31))
    )
    delay = (rng.lognormal(np.log(3600), 1.2, copies.height) * 1000).astype(np.int64) // 1000 * 1000
    made = copies.with_columns(
        people.alias("account_id"),
        pl.Series("post_id", fresh_ids((), copies.height, rng)),
        (pl.col("created_at").dt.epoch("ms") + pl.Series(delay))
        .cast(pl.Datetime("ms", "UTC"))
        .alias("created_at"),
    )
    return table({c: made[c] for c in made.columns})


def like(posts: pl.DataFrame, people: np.ndarray[tuple[int], np.dtype[np.object_]]) -> dict[str, object]:
    """Platform and language as the account's other posts have them."""
    known = posts.group_by("account_id").agg(pl.col("platform").first(), pl.col("lang").first())
    wanted = pl.DataFrame({"account_id": people.tolist()}).join(
        known, on="account_id", how="left", maintain_order="left"
    )
    return {"platform": wanted["platform"], "lang": wanted["lang"]}


def subjects_of(world: World, count: int, rng: np.random.Generator) -> list[str]:
    """Posts of the background that the campaign reports."""
    return [str(p) for p in world.posts["post_id"].sample(count, seed=int(rng.integers(2**31)))]


def organic_reports(world: World, rng: np.random.Generator, count: int = 5000) -> pl.DataFrame:
    """What people report on their own.

    Posts of power-law notoriety, hours after they appear, each person once a post.
    """
    posts = world.posts.sample(max(1, count // 6), seed=int(rng.integers(2**31)))
    weight = rng.pareto(1.1, posts.height) + 0.05
    chosen = rng.choice(posts.height, count, p=weight / weight.sum())
    people = world.posts["account_id"].gather(pl.Series(rng.integers(0, world.posts.height, count)))
    delay = (rng.lognormal(np.log(3 * 3600), 1.3, count) * 1000).astype(np.int64) // 1000 * 1000
    filed = table(
        {
            "report_id": fresh_ids((), count, rng, "r"),
            "reporter_id": people,
            "subject": posts["post_id"].gather(pl.Series(chosen)),
            "reason": rng.choice(["spam", "abuse", "false information"], count),
            "created_at": posts["created_at"].dt.epoch("ms").gather(pl.Series(chosen)) + pl.Series(delay),
        },
        "reports",
    )
    return filed.unique(["reporter_id", "subject"], keep="first", maintain_order=True)


def born(world: World, members: Sequence[str], rng: np.random.Generator) -> pl.DataFrame:
    """Accounts table in which the members were made within two hours, with handles of one pattern."""
    if world.accounts is None:
        raise ValueError("a birth campaign needs a world with an accounts table")
    accounts = world.accounts
    start = int(accounts["created_at"].dt.epoch("ms").quantile(float(rng.uniform(0.5, 0.95))) or 0)
    made = start + np.sort(rng.integers(0, 7_200_000, len(members)))
    stem = str(rng.choice(["_news", "_voice", "_live"]))
    names = [
        f"{f}{stem}{d}"
        for f, d in zip(rng.choice(FIRST, len(members)), rng.integers(1000, 9999, len(members)), strict=True)
    ]
    fresh = pl.DataFrame({"account_id": list(members), "_made": made, "_handle": names})
    return (
        accounts.join(fresh, on="account_id", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(pl.col("_made").cast(pl.Datetime("ms", "UTC")), "created_at").alias("created_at"),
            pl.coalesce("_handle", "handle").alias("handle"),
        )
        .select(accounts.columns)
    )


def evasive(kind: str = "co_url", n: int = 30, k: int = 10) -> dict[str, Campaign]:
    """The evasive variants that are published, by name."""
    base = Campaign(kind=kind, n=n, k=k)
    return {
        "plain": base,
        "jitter 1 window": replace(base, jitter=WINDOW),
        "jitter 3 windows": replace(base, jitter=3 * WINDOW),
        "jitter 10 windows": replace(base, jitter=10 * WINDOW),
        "rotating thirds, ten each": replace(base, part=1 / 3, each=True),
        "rotating thirds, ten in all": replace(base, part=1 / 3),
        "slow drip": replace(base, daily=True),
        "80 % camouflage": replace(base, camouflage=0.8),
        "popular objects": replace(base, objects="popular"),
        "followed objects": replace(base, objects="followed"),
    }
