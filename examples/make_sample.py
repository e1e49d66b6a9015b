"""Make the bundled sample: an operation's posts inside an organic stream, pseudonymised.

    python examples/make_sample.py DATA src/tarazu/evaluation/data

DATA holds `ira/` and `german/` (docs say where the public sets are). Writes sample.parquet and
sample_truth.parquet and fails if an original handle is left in them. What is done:

- three weeks of the German stream, posts that carry a link, tag or picture; ids are the source's pseudonyms, renamed;
- of the operation, the busiest accounts of one crew of each category, with all they posted in three weeks of their own,
  mapped into the stream's weeks (whole weeks, the day turned so that its rhythm fits; U(0, 60) s added to every post);
- accounts, @mentions and repeated handles get invented names, links get invented addresses, ids get new numbers; posts
  that name an original handle without '@', or contain a slur, are left out. There are no profiles.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import polars as pl

from tarazu.evaluation import german, ira
from tarazu.records import conform

ACCOUNTS = {"RightTroll": 30, "LeftTroll": 40, "HashtagGamer": 28, "NonEnglish": 36, "NewsFeed": 14}
WEEKS = 3
LANGUAGES = {
    "English": "en",
    "Russian": "ru",
    "Ukrainian": "uk",
    "German": "de",
    "Bulgarian": "bg",
    "Serbian": "sr",
}
ADJECTIVES = (
    "amber ashen azure birch brass bright brisk calm cedar chalk clear cobalt copper coral crisp dusty"
    " early ember fern flint frosty gentle golden grassy green hazel humble indigo ivory jade late lemon"
    " linen lunar maple mellow misty mossy navy north oaken olive opal pale pearl pine plain quiet rainy"
    " round rustic sandy silver slate smooth snowy south spruce steady still stony summer sunny teal"
    " tidal velvet violet warm willow windy winter woven"
)
NOUNS = (
    "anchor apple badger barn basin bay beacon bell bench bridge brook cabin canoe canyon castle cloud"
    " coast cove crane creek delta drum dune falcon fence ferry field finch garden gate glade grove"
    " harbor heron hill island kettle kite lake lamp lantern lark ledge loom marsh meadow mill moon oar"
    " orchard otter owl path pebble pond quarry quill raft reef ridge river robin rope sail seed shell"
    " shore sparrow spring stone stork swan thrush tower trail tulip valley"
)
SLURS = re.compile(
    r"n[i1]gg|fagg?ot|\bfags?\b|kike|\bspic\b|cunt|retard|raghead|towelhead|tranny|хохл|жид|пидор",
    re.IGNORECASE,
)
MENTION = re.compile(r"@(\w+)")
LINK = re.compile(r"https?://\S*")


def names(count: int, rng: np.random.Generator, taken: set[str]) -> list[str]:
    """Invented names of three parts that are none of the original handles."""
    out: list[str] = []
    first, second = ADJECTIVES.split(), NOUNS.split()
    seen = set(taken)
    while len(out) < count:
        name = f"{rng.choice(first)}_{rng.choice(second)}_{rng.integers(100, 1000)}"
        if name not in seen:
            seen.add(name)
            out.append(name)
    return out


def operation(
    data: Path, stream: pl.DataFrame, rng: np.random.Generator
) -> tuple[pl.DataFrame, dict[str, str]]:
    """The operation's posts in the stream's weeks, original names; and the category of each account."""
    source = ira.posts(data)
    raw = pl.read_parquet(data / ira.FILE, columns=["message_id", "language"])
    known = raw.with_columns(pl.col("language").replace_strict(LANGUAGES, default=None).alias("lang"))
    source = source.drop("lang").join(
        known.select(pl.col("message_id").alias("post_id"), "lang"), on="post_id", how="left"
    )
    source = source.filter(~pl.Series([bool(SLURS.search(t)) for t in source["text"]]))
    parts: list[pl.DataFrame] = []
    label: dict[str, str] = {}
    for name, members in ira.categories(data).items():
        own = source.filter(pl.col("account_id").is_in(list(members)))
        own = ira.into_period(own, stream, rng)
        crews = ira.crews(own)
        group = sorted(crews[0]) if crews else own["account_id"].unique().sort().to_list()
        count = own.filter(pl.col("account_id").is_in(group)).group_by("account_id").len()
        count = count.filter(pl.col("len") >= 30).sort("account_id")
        busiest = count.sort("len", "account_id", descending=[True, False])["account_id"]
        chosen = busiest.head(ACCOUNTS[name]).to_list()
        own = own.filter(pl.col("account_id").is_in(chosen))
        parts.append(conform(own))
        label |= {str(a): name for a in chosen}
    return pl.concat(parts), label


def plain_handles(handles: set[str], authors: set[str]) -> set[str]:
    """Handles that may not be left even without '@'.

    All authors', and all that are not a short plain word.
    """
    marked = {h for h in handles if len(h) >= 5 and (re.search(r"[_0-9]", h) or re.search(r"[a-z][A-Z]", h))}
    marked |= {h for h in handles if len(h) >= 9}
    return {h.lower() for h in marked | authors}


def main(data: Path, out: Path) -> None:
    """Write the sample and check it."""
    rng = np.random.default_rng(20211)
    stream = german.stream(data).filter(ira.with_objects())
    start = stream["created_at"].dt.truncate("1w").unique().sort()[2]
    end = start + np.timedelta64(7 * WEEKS, "D").astype("timedelta64[ms]").item()
    stream = stream.filter((pl.col("created_at") >= start) & (pl.col("created_at") < end))
    posts, label = operation(data, stream, rng)
    everything = pl.read_parquet(data / ira.FILE, columns=["author_id", "content"])
    authors = set(everything["author_id"])
    handles = {h for text in everything["content"] for h in MENTION.findall(text)} | authors
    forbidden = plain_handles(handles, authors)
    kept = [
        not forbidden & set(re.findall(r"\w+", re.sub(MENTION, "", LINK.sub("", t)).lower()))
        for t in posts["text"]
    ]
    print(f"{len(kept) - sum(kept)} of {len(kept)} posts name a handle in plain words: left out")
    posts = posts.filter(pl.Series(kept))

    people = sorted(set(stream["account_id"]) | set(posts["account_id"]))
    mentioned = sorted(
        {h.lower() for t in posts["text"] for h in MENTION.findall(t)} - {a.lower() for a in people}
    )
    fresh = names(len(people) + len(mentioned), rng, {h.lower() for h in handles})
    name_of = dict(zip([*people, *mentioned], fresh, strict=True))
    spoken = {key.lower(): value for key, value in name_of.items()}
    links: dict[str, str] = {}

    def link(match: re.Match[str]) -> str:
        known = links.setdefault(match[0], f"https://link{len(links) % 97}.example/{len(links) + 1000}")
        return known

    texts = [MENTION.sub(lambda m: "@" + spoken[m[1].lower()], LINK.sub(link, t)) for t in posts["text"]]
    subjects = posts["repost_of"].drop_nulls().unique().sort()
    numbers = pl.Series([str(n) for n in rng.permutation(len(subjects)) + 7_000_000], dtype=pl.String)
    posts = posts.with_columns(
        pl.Series("text", texts),
        pl.Series("urls", [re.findall(r"https://link\S+", t) for t in texts], dtype=pl.List(pl.String)),
        pl.Series("mentions", [MENTION.findall(t) for t in texts], dtype=pl.List(pl.String)),
        pl.col("repost_of").replace(subjects, numbers),
    )
    sample = pl.concat([stream.with_columns(pl.lit(None, pl.String).alias("platform")), posts])
    sample = sample.with_columns(pl.col("account_id").replace_strict(name_of)).sort(
        "created_at", "account_id", "post_id"
    )
    sample = sample.with_columns(
        pl.Series([str(n) for n in rng.permutation(sample.height) + 1_000_000]).alias("post_id")
    )
    truth = pl.DataFrame({"account_id": [name_of[a] for a in label], "campaign": list(label.values())}).sort(
        "account_id"
    )
    truth = truth.filter(pl.col("account_id").is_in(sample["account_id"].unique().to_list()))
    check(sample, forbidden, handles, set(fresh))
    out.mkdir(parents=True, exist_ok=True)
    sample.write_parquet(out / "sample.parquet", compression="zstd", compression_level=19)
    truth.write_parquet(out / "sample_truth.parquet", compression="zstd")
    size = (out / "sample.parquet").stat().st_size / 1e6
    print(
        f"{sample.height} posts, {sample['account_id'].n_unique()} accounts, {truth.height} labelled, "
        f"{size:.1f} MB"
    )


def check(sample: pl.DataFrame, forbidden: set[str], handles: set[str], invented: set[str]) -> None:
    """Raise if an original handle is left anywhere.

    As a word of a text, tag or link, as an id, or after '@'.
    """
    lowered = {h.lower() for h in handles}
    for column in ("account_id", "mentions"):
        values = sample[column].explode() if column == "mentions" else sample[column]
        left = set(values.drop_nulls().unique()) - invented
        if left:
            raise SystemExit(f"{column} holds names that are not invented: {sorted(left)[:5]}")
    for text in sample["text"].drop_nulls():
        after_at = {h.lower() for h in MENTION.findall(text)} - invented
        words = set(re.findall(r"\w+", text.lower()))
        if after_at or words & forbidden:
            raise SystemExit(f"a handle is left: {after_at or words & forbidden}")
    for column in ("hashtags", "urls"):
        for value in sample[column].explode().drop_nulls().unique():
            if set(re.findall(r"\w+", value.lower())) & forbidden:
                raise SystemExit(f"a handle is left in {column}: {value}")
    if invented & lowered:
        raise SystemExit("an invented name is an original handle")
    print(f"checked against {len(lowered)} original handles: none is left")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python examples/make_sample.py DATA OUT")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
