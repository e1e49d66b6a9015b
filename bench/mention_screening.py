"""Screening for mentions of 20,000 names: posts a second, ours and the usual keyword finders', one after the other.

    python bench/mention_screening.py
    python bench/mention_screening.py --posts 50000 --aliases 5000

Posts of 100 to 140 characters in English, Persian and Arabic; one in a hundred names somebody of the list. The
peers look for the plain aliases in lower-cased text, in any place of a word (flashtext: whole words), with one thread
as they come; ours normalises, undoes disguises, reads romanised names and uses the cores there are. A peer that is
not installed is left out: pip install ahocorasick_rs pyahocorasick flashtext.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from importlib.resources import files

import polars as pl

from cost import machine, save
from tarazu.policy.designations.entity import Alias, Entity
from tarazu.policy.mentions import Linker

BUDGET = 150_000.0  # posts/s
LATIN = ([*"bdfghklmnprstvz", "sh", "kr", "tr"], [*"aeiou", "ai"])
ARABIC = ([*"بتجحخدرزسشصطعفقکلمنه"], [*"ایو", "", ""])
PERSIAN = ([*ARABIC[0], *"پچژگ"], ARABIC[1])


def main() -> int:
    about = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    about.add_argument("--posts", type=int, default=200_000)
    about.add_argument("--aliases", type=int, default=20_000)
    about.add_argument("--repeat", type=int, default=3, help="the best of these counts, for everybody")
    chosen = about.parse_args()
    where = machine()
    rng = random.Random(20260227)
    names = invented(chosen.aliases, rng)
    posts = written(chosen.posts, names, rng)
    series = pl.Series(posts)
    started = time.perf_counter()
    linker = Linker(
        [Entity(id=str(i), kind="group", name=n, aliases=(Alias(text=n),)) for i, n in enumerate(names)]
    )
    linker.screen(series[:10])
    built = time.perf_counter() - started
    ours, hits = best(lambda: int(linker.screen(series).sum()), chosen.repeat)
    rows = [row("tarazu, screen", len(posts), ours, hits, ours)]
    rows[0]["kept"] = len(posts) / ours >= BUDGET
    named = [post for post, hit in zip(posts, linker.screen(series), strict=True) if hit]
    linked, mentions = best(lambda: sum(bool(linker.link(post)) for post in named), 1)
    for name, find in peers(names).items():
        seconds, hits = best(lambda find=find: find(posts), chosen.repeat)
        rows.append(row(name, len(posts), seconds, hits, ours))
    more: list[dict[str, object]] = [
        {"what": "building the linker, kernels and all, s", "figure": built},
        {"what": "link, posts/s of those that name somebody", "figure": len(named) / linked},
        {"what": "posts that name somebody, by link", "figure": mentions},
        {"what": "peak memory, MB", "figure": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024},
    ]
    about_input = {"posts": f"{len(posts):,}", "aliases": f"{len(names):,}"}
    save(
        "mention_screening",
        "Mention screening",
        where | about_input,
        {"Posts a second": rows, "Beside": more},
    )
    return 0 if rows[0]["kept"] else 1


def row(what: str, posts: int, seconds: float, hits: int, ours: float) -> dict[str, object]:
    return {
        "what": what,
        "posts/s": round(posts / seconds),
        "hits": hits,
        "ours is faster by": round(seconds / ours, 2),
        "budget": round(BUDGET) if what.startswith("tarazu") else "",
        "kept": "",
    }


def best(work: Callable[[], int], repeat: int) -> tuple[float, int]:
    """Return the least seconds of `repeat` runs, and the answer."""
    seconds, answer = float("inf"), 0
    for _ in range(repeat):
        started = time.perf_counter()
        answer = work()
        seconds = min(seconds, time.perf_counter() - started)
    return seconds, answer


def invented(count: int, rng: random.Random) -> list[str]:
    """Return distinct names of one to three invented words, a third in each language."""
    names: dict[str, None] = {}
    while len(names) < count:
        consonants, vowels = (LATIN, PERSIAN, ARABIC)[len(names) % 3]
        words = [
            "".join(rng.choice(consonants) + rng.choice(vowels) for _ in range(rng.randint(2, 4)))
            for _ in range(rng.choice((1, 2, 2, 3)))
        ]
        name = " ".join(words)
        if len(name) > 5:
            names[name.title()] = None
    return list(names)


def written(count: int, names: list[str], rng: random.Random) -> list[str]:
    """Return posts of ordinary words; one in a hundred has a name in it."""
    lexicon = json.loads((files("tarazu.evaluation") / "data" / "words.json").read_text("utf-8"))["lexicon"]
    words = {lang: " ".join(lines).split() for lang, lines in lexicon.items() if lang in ("en", "fa", "ar")}
    posts = []
    for _ in range(count):
        lang = rng.choice(list(words))
        length, post = rng.randint(100, 140), ""
        while len(post) < length:
            post += rng.choice(words[lang]) + rng.choice((" ", " ", " ", " ", ", ", ". "))
        if rng.random() < 0.01:
            cut = post.index(" ", 40)
            post = f"{post[:cut]} {rng.choice(names)}{post[cut:]}"
        if rng.random() < 0.3:
            post += rng.choice(("https://example.org/a/b?c=1", "#" + rng.choice(words[lang]), "@somebody"))
        posts.append(post)
    return posts


def peers(names: list[str]) -> dict[str, Callable[[list[str]], int]]:
    """Return the peers that are installed: each counts the posts in which it finds an alias."""
    plain = [name.lower() for name in names]
    found: dict[str, Callable[[list[str]], int]] = {}
    if importlib.util.find_spec("ahocorasick_rs"):
        import ahocorasick_rs

        fast = ahocorasick_rs.AhoCorasick(plain)
        found["ahocorasick_rs, plain lower case"] = lambda posts: sum(
            bool(fast.find_matches_as_indexes(post.lower())) for post in posts
        )
    if importlib.util.find_spec("ahocorasick"):
        import ahocorasick

        slow = ahocorasick.Automaton()
        for name in plain:
            slow.add_word(name, name)
        slow.make_automaton()
        found["pyahocorasick, plain lower case"] = lambda posts: sum(
            next(slow.iter(post.lower()), None) is not None for post in posts
        )
    if importlib.util.find_spec("flashtext"):
        from flashtext import KeywordProcessor

        words = KeywordProcessor()
        words.add_keywords_from_list(plain)
        found["flashtext, whole words"] = lambda posts: sum(
            bool(words.extract_keywords(post)) for post in posts
        )
    return found


if __name__ == "__main__":
    sys.exit(main())
