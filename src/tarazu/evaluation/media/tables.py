"""The figures of robustness as tables in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from tarazu.evaluation.media.finders import LOCAL, PLAIN, TOGETHER, TURNS, UPSTREAM

Record = Mapping[str, Any]
Wanted = Callable[[Mapping[str, Any]], bool]
FRAMED = ("border", "uneven border", "caption bar", "screenshot")
CROPPED = ("cropped at one side", "cropped all round")
INTRODUCTION = """## Found again after changes

How to read this. {pictures} drawings of five kinds (portraits, posters, flags, emblems, scenes; seeds that nothing
was chosen on) are in a bank. Each is changed in {ways} ways and looked for. **{plain}** is one PDQ hash of the picture
as it is decoded (at most 512 pixels a side), found within 31 bits; **{turns}** hashes the picture at hand in its eight
turns; **{local}** looks for parts by local features; **{together}** is what either of these two finds. **{upstream}**
is the reference implementation on the picture at full size. Shares of a crop are of the width and of the height: 20 %
all round leaves the middle 80 % of each, so 10 % are cut off at every edge.

These are drawings. Photographs have finer detail, and what holds for them is to be measured on them.
"""


def section(record: Record) -> str:
    """Return the whole section."""
    head = INTRODUCTION.format(
        pictures=record["pictures"],
        ways=len(record["changes"]),
        plain=PLAIN,
        turns=TURNS,
        local=LOCAL,
        together=TOGETHER,
        upstream=UPSTREAM,
    )
    parts = [head, goals(record), recall(record), kinds(record), false(record), cost(record)]
    return "\n".join(parts)


def share(record: Record, finder: str, wanted: Wanted, kind: str | None = None) -> float:
    """Return the share of the changed pictures that a finder finds, of the changes that are wanted."""
    columns = [n for n, change in enumerate(record["changes"]) if wanted(change)]
    rows = [row["found"][finder] for row in record["rows"] if row["known"] and kind in (None, row["kind"])]
    total = len(columns) * len(rows)
    return sum(found[n] == "1" for found in rows for n in columns) / total if total else 0.0


def best(record: Record) -> str:
    """Return the name of the finder that the goals are held against."""
    return TOGETHER if TOGETHER in record["finders"] else TURNS


def goals(record: Record) -> str:
    """Return what was promised, and whether it holds."""
    full = best(record)
    plain, other = wrong_share(record, PLAIN), wrong_share(record, full)

    def of(*families: str, up_to: float = 9e9, least: float = -1) -> Wanted:
        return lambda c: c["family"] in families and least <= c["amount"] <= up_to

    def line(goal: str, finder: str, wanted: Wanted, least: float) -> str:
        value = share(record, finder, wanted)
        return f"| {goal} | {finder} | {value:.1%} | {'yes' if value >= least else 'NO'} |"

    lines = [
        "| goal | finder | measured | holds |",
        "|---|---|--:|--:|",
        line("all eight turns: 99 %", TURNS, of("as it is", "turned"), 0.99),
        line("JPEG quality 40 and above: 99 %", PLAIN, of("JPEG quality", least=40), 0.99),
        line("resized, 0.25 to 2: 99 %", PLAIN, of("resized"), 0.99),
        line("framed (borders, captions, screenshots): 90 %", full, of(*FRAMED), 0.9),
        line("cropped by up to 10 %: 90 %", full, of(*CROPPED, up_to=0.1), 0.9),
        f"| false answers: no more than plain PDQ ({plain:.3%} of the queries) | {full} | {other:.3%} "
        f"| {'yes' if other <= plain else 'NO'} |",
    ]
    return "\n".join(lines) + "\n"


def recall(record: Record) -> str:
    """Return the share found, a line a change, the families apart."""
    names = list(record["finders"])
    lines = ["### By change", "", "| change | " + " | ".join(names) + " |", "|---|" + "--:|" * len(names)]
    for family, group in groupby(record["changes"], key=lambda change: change["family"]):
        for change in group:
            cells = " | ".join(percent(share(record, name, change.__eq__)) for name in names)
            lines.append(f"| {family}{', ' + change['setting'] if change['setting'] else ''} | {cells} |")
    return "\n".join(lines) + "\n"


def kinds(record: Record) -> str:
    """Return the share found by kind of picture and group of changes."""
    full = best(record)
    groups: dict[str, Wanted] = {
        "light, size, JPEG": lambda c: c["family"] not in (*FRAMED, *CROPPED, "turned", "mixed"),
        "turned": lambda c: c["family"] == "turned",
        "framed": lambda c: c["family"] in FRAMED,
        "cropped to 10 %": lambda c: c["family"] in CROPPED and c["amount"] <= 0.1,
        "cropped 15 to 40 %": lambda c: c["family"] in CROPPED and c["amount"] > 0.1,
        "mixed": lambda c: c["family"] == "mixed",
    }
    drawn = list(dict.fromkeys(row["kind"] for row in record["rows"] if row["known"]))
    lines = [
        f"### By kind of picture: {full} (plain PDQ)",
        "",
        "| | " + " | ".join(groups) + " |",
        "|---|" + "--:|" * len(groups),
    ]
    for kind in drawn:
        pairs = [[share(record, name, wanted, kind) for name in (full, PLAIN)] for wanted in groups.values()]
        cells = (f"{percent(ours)} ({percent(plain)})" for ours, plain in pairs)
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def wrong_counts(record: Record, finder: str, known: bool) -> tuple[int, int, int]:
    """Return queries, queries with a false answer, and false answers."""
    rows = [row for row in record["rows"] if row["known"] == known]
    wrong: Sequence[int] = [len(found) - 1 for row in rows for found in row["wrong"][finder]]
    return sum(row["queries"] for row in rows), len(wrong), sum(wrong)


def wrong_changes(record: Record, finder: str) -> Counter[str]:
    """Return how often each change led to a false answer; strangers count by themselves."""
    changes = [f"{c['family']}, {c['setting']}" if c["setting"] else c["family"] for c in record["changes"]]
    return Counter(
        changes[found[0]] if row["known"] else "strangers"
        for row in record["rows"]
        for found in row["wrong"][finder]
    )


def wrong_share(record: Record, finder: str) -> float:
    """Return the share of all queries that had a false answer."""
    asked, wrong, _ = wrong_counts(record, finder, True)
    strange, odd, _ = wrong_counts(record, finder, False)
    return (wrong + odd) / max(1, asked + strange)


def false(record: Record) -> str:
    """Return the false answers."""
    known = record["pictures"]
    lines = [
        "### False answers",
        "",
        f"Finders that compare hashes search {known:,} known drawings, {record['decoys']:,} further ones and "
        f"{record['unrelated hashes']:,} unrelated hashes ({record['unrelated hashes'] // 8:,} drawings at 128 pixels, "
        f"each in its eight turns); `{LOCAL}` searches the {known + record['decoys']:,} drawings. Asked: every changed "
        f"picture, and {record['strangers']:,} drawings that are in no bank. Of the further ones and of those, every "
        "third is shown on a phone, in a browser or in a post, with the same signs and buttons: what they share is "
        "nothing that should be found. 95 %: no more than this share of such queries has a false answer.",
        "",
        "| finder | changed pictures | with a false answer | strangers | with a false answer | false answers | 95 % |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name in record["finders"]:
        (asked, wrong, many), (strange, odd, more) = (
            wrong_counts(record, name, known) for known in (True, False)
        )
        bound = upper(wrong + odd, asked + strange)
        lines.append(
            f"| {name} | {asked:,} | {wrong:,} | {strange:,} | {odd:,} | {many + more:,} | {bound:.3%} |"
        )
    told = [
        f"{name}: " + ", ".join(f"{change} ({n})" for change, n in wrong_changes(record, name).most_common())
        for name in record["finders"]
        if wrong_changes(record, name)
    ]
    if told:
        lines += ["", "Where they come from (queries). " + ". ".join(told) + "."]
    return "\n".join(lines) + "\n"


def upper(wrong: int, asked: int) -> float:
    """Return the share below which the truth lies with 95 % (Clopper and Pearson, one-sided)."""
    from scipy.stats import beta

    return float(beta.ppf(0.95, wrong + 1, asked - wrong)) if wrong < asked else 1.0


def cost(record: Record) -> str:
    """Return the milliseconds that learning and looking take."""
    lines = [
        "### Cost",
        "",
        "Milliseconds a picture, hashing and search together, decoding apart; measured beside other work.",
        "",
        "| finder | to learn | to look for |",
        "|---|--:|--:|",
    ]
    asked = sum(row["queries"] for row in record["rows"])
    for name in record["rows"][0]["seconds"]:
        spent = 1000 * sum(row["seconds"][name] for row in record["rows"]) / asked
        learning = [row["learning"][name] for row in record["rows"] if name in row.get("learning", {})]
        lines.append(f"| {name} | {sum(learning) / len(learning):.1f} | {spent:.1f} |" if learning else "")
    return "\n".join(line for n, line in enumerate(lines) if line or n < 5) + "\n"


def percent(value: float) -> str:
    """Return a share with as many digits as it needs."""
    return f"{value:.0%}" if value in (0, 1) else f"{value:.1%}"
