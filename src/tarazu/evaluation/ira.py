"""Real operations: tweets of accounts of the Internet Research Agency, named by Twitter (Linvill & Warren).

Every account of the set belongs to the operation; `account_category` says to which part. The times have
minute resolution. `slice_world` is the set alone, `injected` puts the behaviour into the organic stream.
"""

from __future__ import annotations

from hashlib import md5
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tarazu.errors import InputError
from tarazu.evaluation import german
from tarazu.evaluation.baselines import lockstep
from tarazu.evaluation.spans import contiguous
from tarazu.evaluation.worlds import Members, World, fresh_ids, popular, rekey, shift_sessions, stack
from tarazu.records import conform

FILE = "ira/ira_2016-09_2016-11.parquet"
CAMPAIGNS = (
    "RightTroll",
    "LeftTroll",
    "HashtagGamer",
    "NewsFeed",
    "NonEnglish",
)  # the others have one account

FLOOR = 50  # posts with objects: members are matched to organic accounts that active


def posts(data: Path) -> pl.DataFrame:
    """Read the set.

    A repost's object is the hash of the repeated text without links (the set has no original ids).
    """
    path = data / FILE
    if not path.exists():
        raise InputError(
            f"No {FILE} below {data}; docs/concepts/evaluation.md says where the public data sets are."
        )
    rows = pl.read_parquet(path)
    content = pl.col("content")
    words = content.str.replace_all(r"https?://\S+", "").str.replace(r"^RT @\w+:? ?", "")
    words = words.str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase()
    repost = (pl.col("retweet") == "1") & (words != "")
    frame = conform(
        rows.select(
            pl.col("message_id").alias("post_id"),
            pl.col("author_id").alias("account_id"),
            pl.col("publish_date").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="ms").alias("created_at"),
            content.alias("text"),
            pl.when(repost).then(words).alias("repost_of"),
            content.str.extract_all(r"https?://[^\s\"'<>…]+").alias("urls"),
            content.str.extract_all(r"#\w+").list.eval(pl.element().str.slice(1)).alias("hashtags"),
            content.str.extract_all(r"@\w+").list.eval(pl.element().str.slice(1)).alias("mentions"),
        )
    )
    texts = frame["repost_of"].drop_nulls().unique().sort()
    keys = pl.Series(
        [md5(t.encode(), usedforsecurity=False).hexdigest()[:15] for t in texts], dtype=pl.String
    )
    return frame.with_columns(pl.col("repost_of").replace(texts, keys))


def categories(data: Path) -> dict[str, Members]:
    """Accounts by hand-coded category, categories of one account left out."""
    rows = pl.read_parquet(data / FILE, columns=["author_id", "account_category"]).unique()
    groups = rows.group_by("account_category").agg("author_id").sort("account_category")
    return {
        str(name): frozenset(members)
        for name, members in groups.iter_rows()
        if len(members) > 1 and name in CAMPAIGNS
    }


def crews(posts: pl.DataFrame, joint: int = 10) -> list[Members]:
    """Connected groups of accounts that repost `joint` texts within an hour of one another, largest first."""
    acts = posts.filter(pl.col("repost_of").is_not_null())
    acts = acts.select("account_id", "repost_of", pl.col("created_at").dt.epoch("s").alias("time"))
    pairs = (
        acts.join(acts, on="repost_of")
        .filter(
            (pl.col("account_id") < pl.col("account_id_right"))
            & ((pl.col("time") - pl.col("time_right")).abs() <= 3600)
        )
        .group_by("account_id", "account_id_right")
        .agg(pl.col("repost_of").n_unique().alias("weight"))
        .filter(pl.col("weight") >= joint)
    )
    ids = pl.concat([pairs["account_id"], pairs["account_id_right"]]).unique().sort()
    if not len(ids):
        return []
    code = pl.Series(range(len(ids)), dtype=pl.Int64)
    left = pairs["account_id"].replace_strict(ids, code).to_numpy()
    right = pairs["account_id_right"].replace_strict(ids, code).to_numpy()
    matrix = coo_matrix((np.ones(left.size), (left, right)), shape=(len(ids), len(ids)))
    part = connected_components(matrix, directed=False)[1]
    groups = pl.DataFrame({"part": part, "id": ids}).group_by("part").agg("id")
    groups = groups.sort(pl.col("id").list.len(), "part", descending=[True, False])
    return [frozenset(members) for members in groups["id"].to_list()]


def campaigns(source: pl.DataFrame, groups: dict[str, Members], least: int = 8) -> dict[str, Members]:
    """The crews of `least` accounts or more in each hand-coded category, by name.

    A category says what accounts are like, not who works together: half of the Russian-language accounts
    share no text with another one, the others are several crews, and the news feeds repeat nobody.
    """
    out: dict[str, Members] = {}
    for name, members in groups.items():
        found = [
            c for c in crews(source.filter(pl.col("account_id").is_in(list(members)))) if len(c) >= least
        ]
        out |= {f"{name} {i}": crew for i, crew in enumerate(found, 1)}
    return out


def slice_world(data: Path) -> World:
    """The set alone: recall and purity only, every account belongs to the operation; all its categories."""
    rows = pl.read_parquet(data / FILE, columns=["author_id", "account_category"]).unique()
    groups = rows.group_by("account_category").agg("author_id").sort("account_category")
    return World(
        name="ira",
        posts=posts(data),
        truth={str(name): frozenset(members) for name, members in groups.iter_rows()},
        note="all accounts are one operation, minute resolution",
    )


def acts(source: pl.DataFrame) -> pl.DataFrame:
    """Joint-action objects of the set in the stream's three channels, posts without objects left out.

    A repeated text becomes a link (four of five texts) or a picture, chosen by the text; a link stays a
    link, hashtags stay hashtags. So no channel is used by one class only.
    """
    picture = pl.col("repost_of").str.slice(0, 4).str.to_integer(base=16, strict=False) % 100 < 22
    key = pl.format("r{}", "repost_of")
    empty = pl.lit([], pl.List(pl.String))
    has = pl.col("repost_of").is_not_null()
    out = source.with_columns(
        pl.when(has & ~picture)
        .then(pl.concat_list(key))
        .when(has)
        .then(empty)
        .otherwise("urls")
        .alias("urls"),
        pl.when(has & picture).then(pl.concat_list(key)).otherwise(empty).alias("media"),
        empty.alias("mentions"),
        pl.lit(None, pl.String).alias("repost_of"),
        pl.lit(None, pl.String).alias("text"),
    )
    return out.filter(with_objects())


def with_objects() -> pl.Expr:
    """Posts that carry a link, a hashtag or a picture."""
    return pl.sum_horizontal(pl.col(c).list.len().fill_null(0) for c in ("urls", "hashtags", "media")) > 0


def into_period(source: pl.DataFrame, target: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Map times into the weeks of `target`: shifted by whole weeks, the day turned so that its rhythm fits.

    Minutes become seconds by adding U(0, 60) s to every post on its own. That tears joint actions apart by up
    to a minute and can only hurt us. Posts outside the target's weeks are cut.
    """
    minutes = source["created_at"].dt.epoch("s").to_numpy()
    theirs = np.bincount(minutes // 3600 % 24, minlength=24).astype(float)
    ours = np.bincount(target["created_at"].dt.hour().to_numpy(), minlength=24).astype(float)
    turn = int(np.argmax([np.dot(np.roll(theirs, h), ours) for h in range(24)]))
    stream = target["created_at"].dt.epoch("s").to_numpy()
    first, last = int(stream.min()), int(stream.max())
    # the busiest window of the source as long as the target
    day = minutes // 86400
    days = (last - first) // 86400
    counts = np.bincount(day - day.min())
    start = int(np.argmax(np.convolve(counts, np.ones(days, int), "valid"))) if counts.size > days else 0
    weeks = round((first / 86400 - float(day.min() + start)) / 7)
    moved = minutes + weeks * 7 * 86400 + turn * 3600
    seconds = moved + rng.integers(0, 60, moved.size)
    frame = source.with_columns(pl.Series("created_at", seconds * 1000).cast(pl.Datetime("ms", "UTC")))
    return frame.filter(pl.Series((seconds >= first) & (seconds <= last)))


def subjects(source: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Add `_order`: a random rank of each post's subject, the same for all accounts.

    A subject is a repeated text, or a link or first tag of one day. Keeping the subjects of lowest rank is
    what a collection by query does: it has few of an account's posts, but all accounts on the subjects it
    has.
    """
    first = pl.coalesce(pl.col("urls").list.first(), pl.col("hashtags").list.first(), pl.col("post_id"))
    day = pl.col("created_at").dt.date().cast(pl.String)
    repeated = pl.coalesce("repost_of", pl.col("media").list.first())
    link = pl.col("urls").list.first()
    key = pl.coalesce(repeated, pl.when(link.str.starts_with("r")).then(link), pl.concat_str(first, day))
    keyed = source.with_columns(key.alias("_subject"))
    ranks = keyed.select("_subject").unique().sort("_subject")
    ranks = ranks.with_columns(pl.Series("_order", rng.permutation(ranks.height)))
    return keyed.join(ranks, on="_subject", how="left", maintain_order="left").drop("_subject")


def retimed(background: pl.DataFrame, times: str, rng: np.random.Generator) -> pl.DataFrame:
    """The stream with its `times`: "real", "shifted" (every session), or "unlocked".

    "unlocked" shifts the sessions of accounts in open lockstep only (three objects within a minute of another
    account: publishers' pages), so that nobody in it acts together and everybody else's timing is real. The
    rule that picks them is a weight threshold, which flatters weight thresholds.
    """
    if times == "real":
        return background
    if times == "shifted":
        return shift_sessions(background, rng)
    if times != "unlocked":
        raise ValueError(f"times are real, shifted or unlocked, not {times}")
    known = pl.col("account_id").is_in(list(lockstep(background)))
    return stack([background.filter(~known), shift_sessions(background.filter(known), rng)])


def matched(
    source: pl.DataFrame, background: pl.DataFrame, rng: np.random.Generator, floor: int
) -> pl.DataFrame:
    """Thin the source's accounts to the activity of the background's accounts with at least `floor` posts.

    The k-th most active account of the source gets the posts of the k-th quantile of those accounts; which
    posts, is decided by subject (see `subjects`). Accounts with less than `floor` posts are left out.
    """
    organic = background.group_by("account_id").len().filter(pl.col("len") >= floor)["len"].sort().to_numpy()
    own = source.group_by("account_id").len().filter(pl.col("len") >= floor).sort("len", "account_id")
    share = (np.arange(own.height) + 0.5) / max(own.height, 1)
    quota = np.minimum(np.quantile(organic, share).astype(np.int64), own["len"].to_numpy())
    own = own.with_columns(pl.Series("_quota", quota))
    return (
        subjects(source, rng)
        .join(own.select("account_id", "_quota"), on="account_id")
        .sort("_order", "created_at", "post_id")
        .with_columns(pl.int_range(pl.len()).over("account_id").alias("_place"))
        .filter(pl.col("_place") < pl.col("_quota"))
        .select(source.columns)
    )


def collided(
    source: pl.DataFrame, background: pl.DataFrame, rng: np.random.Generator, share: float = 0.1
) -> pl.DataFrame:
    """Rename `share` of the source's objects to popular ones of the background (its 300 most shared)."""
    out = source
    for column in ("urls", "hashtags", "media"):
        objects = source[column].explode().drop_nulls().unique().sort()
        liked = popular(background[column]).head(300)
        chosen = objects.filter(pl.Series(rng.random(len(objects)) < share, dtype=pl.Boolean))
        if len(chosen) and len(liked):
            goal = liked.gather(pl.Series(rng.integers(0, len(liked), len(chosen)), dtype=pl.UInt32))
            out = out.with_columns(pl.col(column).list.eval(pl.element().replace(chosen, goal)))
    return out


def injected(
    data: Path,
    rng: np.random.Generator,
    *,
    times: str = "shifted",
    keep: str = "subjects",
    floor: int = FLOOR,
) -> World:
    """The operation's behaviour inside the organic stream, several crews at once; `keep`: see `inject`.

    Posts without objects are left out of both classes; names, platform, language, texts and time resolution do
    not separate the classes (`scores.leaks` measures what is left). `real`: the stream as it is, with its own
    open coordination; else see `retimed`. Campaigns are the crews (`campaigns`) as they are in the whole set;
    members whose joint acts were thinned away count as missed. The operation's other accounts are `others`.
    """
    background = german.stream(data).filter(with_objects())
    source = posts(data)
    truth = campaigns(source, categories(data))
    return inject(source, truth, background, rng, times=times, keep=keep, floor=floor)


def inject(
    source: pl.DataFrame,
    truth: dict[str, Members],
    background: pl.DataFrame,
    rng: np.random.Generator,
    *,
    times: str,
    keep: str,
    floor: int,
) -> World:
    """Put the acts of `source` into `background`, in its weeks, under new names.

    `keep`: "subjects" thins every account to organic activity by subject (`matched`); "days" keeps each crew's
    busiest days whole until its posts per account are organic ones (`spans.contiguous`); "all" keeps everything,
    and then activity separates the classes. Members with less than `floor` posts are `others`.
    """
    background = retimed(background, times, rng)
    if keep == "subjects":
        behaviour = matched(into_period(acts(source), background, rng), background, rng, floor)
    elif keep == "days":
        behaviour = contiguous(acts(source), truth, background, rng, floor)
    elif keep == "all":
        behaviour = into_period(acts(source), background, rng)
    else:
        raise ValueError(f"keep is subjects, days or all, not {keep}")
    behaviour = collided(behaviour, background, rng)
    behaviour = behaviour.with_columns(pl.Series("post_id", fresh_ids((), behaviour.height, rng, "i")))
    counts = behaviour["account_id"].value_counts(name="posts")
    inside = frozenset(counts["account_id"])
    least = 1 if keep == "subjects" else floor
    active = frozenset(counts.filter(pl.col("posts") >= least)["account_id"])
    present = {name: members & active for name, members in truth.items()}
    present = {name: members for name, members in present.items() if len(members) > 2}
    world = World(
        name=f"operation, stream {times}, {keep}",
        posts=stack([background, behaviour]),
        truth=present,
        others=inside - frozenset().union(*present.values()),
        note="IRA acts in the German stream, re-keyed; whole weeks shifted, seconds dithered post by post",
    )
    return rekey(world, rng)
