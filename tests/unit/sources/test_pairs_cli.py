"""`tarazu pairs` gives the numbers that other tools give: on the public sets if they are here, else on the sample."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest

from tarazu.cli import main
from tarazu.evaluation.sample import sample_paths

DATA = os.environ.get("TARAZU_DATA")
needs_data = pytest.mark.skipif(
    DATA is None,
    reason="set TARAZU_DATA to the folder with the public data sets (docs/concepts/evaluation.md says where)",
)
GERMAN = "german/german_elections_2021.parquet"
RUSSIAN = "russian_retweets/russian_coord_tweets.parquet"

# file, object, window: pairs of messages, edges, accounts; then of coordination-network-toolkit: rows, sum, largest
PUBLISHED = [
    (RUSSIAN, "object_id", 60, (6_281, 6_206, 3_954), (12_412, 12_523, 4)),
    (RUSSIAN, "object_id", 3600, (290_963, 276_982, 8_080), (553_964, 579_868, 17)),
    (GERMAN, "url_id", 60, (7_896, 2_906, 1_843), (5_812, 15_764, 253)),
    (GERMAN, "url_id", 3600, (43_158, 27_304, 6_920), (54_608, 85_021, 435)),
    (GERMAN, "hashtag_id", 60, (6_499, 3_022, 1_522), (6_044, 12_961, 43)),
    (GERMAN, "hashtag_id", 3600, (35_842, 28_563, 4_151), (57_126, 68_450, 44)),
    (GERMAN, "phash_id", 60, (3_306, 1_289, 1_079), (2_578, 6_560, 44)),
    (GERMAN, "phash_id", 3600, (9_911, 6_575, 3_753), (13_150, 19_516, 46)),
    (GERMAN, "domain_id", 60, (9_099, 3_841, 3_024), (7_682, 17_916, 285)),
    (GERMAN, "domain_id", 3600, (102_535, 71_882, 12_748), (143_764, 187_354, 524)),
]
# The same of the bundled sample: column, window.
SAMPLE = [
    ("repost_of", 60, (2_612, 541, 109), (1_082, 4_538, 116)),
    ("repost_of", 3600, (77_821, 1_448, 113), (2_896, 124_379, 336)),
    ("urls", 60, (5_630, 2_525, 1_337), (5_050, 10_149, 125)),
    ("urls", 3600, (91_693, 20_793, 4_532), (41_586, 143_817, 276)),
    ("hashtags", 60, (50_994, 3_220, 1_139), (6_440, 40_611, 763)),
    ("media", 60, (2_086, 766, 626), (1_532, 4_134, 18)),
]


def edges(folder: Path, *words: object) -> pl.DataFrame:
    out = folder / "edges.csv"
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in ("pairs", *words, "--out", out)])
    assert end.value.code == 0
    return pl.read_csv(out, schema={"source": pl.String, "target": pl.String, "weight": pl.Int64})


def figures(folder: Path, *words: object) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Pairs of messages, edges, accounts; rows, sum and largest weight as the toolkit counts."""
    messages, objects, directed = (
        edges(folder, *words, "--semantics", how) for how in ("coortweet", "objects", "cnt")
    )
    assert messages.select("source", "target").equals(objects.select("source", "target"))
    assert messages.filter(pl.col("source") == pl.col("target")).is_empty()
    accounts = pl.concat([messages["source"], messages["target"].rename("source")]).n_unique()
    return (
        (int(messages["weight"].sum()), messages.height, accounts),
        (directed.height, int(directed["weight"].sum()), int(directed["weight"].to_numpy().max(initial=0))),
    )


@needs_data
@pytest.mark.parametrize(("file", "column", "window", "messages", "toolkit"), PUBLISHED)
def test_published_counts(
    tmp_path: Path,
    file: str,
    column: str,
    window: int,
    messages: tuple[int, int, int],
    toolkit: tuple[int, int, int],
) -> None:
    words: list[object] = [Path(DATA or "") / file, "--object", column, "--window", window]
    if file == GERMAN:
        words += ["--map", "timestamp=created_at", "--assume-utc"]
    assert figures(tmp_path, *words) == (messages, toolkit)


@pytest.mark.parametrize(("column", "window", "messages", "toolkit"), SAMPLE)
def test_counts_of_the_bundled_sample(
    tmp_path: Path, column: str, window: int, messages: tuple[int, int, int], toolkit: tuple[int, int, int]
) -> None:
    words = (sample_paths()[0], "--object", column, "--window", window)
    assert figures(tmp_path, *words) == (messages, toolkit)


def test_the_sample_agrees_with_a_walk_over_its_rows(tmp_path: Path) -> None:
    posts = (
        pl.read_parquet(sample_paths()[0])
        .select("post_id", "account_id", "created_at", "urls")
        .explode("urls")
    )
    acts = defaultdict(list)
    rows = posts.drop_nulls("urls").unique().with_columns(pl.col("created_at").dt.epoch("ms")).iter_rows()
    for post, account, time, url in rows:
        acts[url].append((time, account, post))
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for group in acts.values():
        group.sort()
        for place, (time, account, post) in enumerate(group):
            for then, other, answer in group[place + 1 :]:
                if then - time > 60_000:
                    break
                if other != account:
                    seen[account, other].add(post)
                    seen[other, account].add(answer)
    found = edges(tmp_path, sample_paths()[0], "--object", "urls", "--window", 60, "--semantics", "cnt")
    assert {(a, b): w for a, b, w in found.iter_rows()} == {pair: len(posts) for pair, posts in seen.items()}
