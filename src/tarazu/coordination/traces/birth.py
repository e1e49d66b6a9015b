"""Accounts born together with like profiles: creation bursts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.coordination.events import Actors, PairTests
from tarazu.coordination.traces.cadence import RUNS, evenness

EVEN = "born at even distances"
SPANS = (600, 3_600, 21_600, 86_400)  # s: lengths of the windows of creation times that are scanned
SMALLEST = 5  # accounts in a burst
NEIGHBOURS = 1_000  # accounts born before and after the window that say which profiles are usual then
FEWEST = 100  # accounts with a creation time; with fewer nobody can say what is usual
PRIOR = 20  # accounts' worth of belief in the share among all accounts
SENSITIVITY = 2.0  # the p-value holds if the odds of a profile were wrong by this factor
DOUBT = 4.0  # standard errors by which a share among all accounts is taken higher than counted
REPORTED = 0.05  # bursts with a larger corrected p-value are not returned
NEXT = 4  # members after it that each member is paired with: a chain that no single account holds together
STORY = 12  # folded characters of a description that is more than "student" or "journalist"
SHARE = 0.5  # a burst of which more is in better bursts already is the same burst seen again
OVERLAP = 0.9  # the same for runs, which are of one length: a longer batch is found in pieces


@dataclass(frozen=True, kw_only=True, eq=False)
class Burst:
    """Accounts of one profile born within one window, more than the births around it predict."""

    profile: str  # what they have in common, readable: "handle L7D4, default avatar"
    start: int  # ms: creation of the first
    span: int  # s: the window
    members: NDArray[np.int32]  # account codes, in order of creation
    born: int  # accounts of any profile born in the window
    expected: float  # members expected among them
    p: float  # corrected for every window and profile scanned


class Birth:
    """Pairs of accounts of one creation burst.

    Given how many accounts were born in a window, the number of them with a certain shape of handle (or the
    same description) is binomial with the shape's share among the accounts born around the window, or among
    all, the larger of the two. A rush of sign-ups raises the births, not the share, so a rush of people with
    names of all shapes is no burst; nor is a day or an hour of the week when many join. Newcomers are alike
    in having no picture and no followers: these only choose with whom an account is compared.
    Among accounts without a picture, or with like followings, births one after the other at even distances
    are a burst too, whatever the names.
    """

    name = "birth"
    version = "birth.v1"

    def tests(
        self, posts: pl.DataFrame, accounts: pl.DataFrame | None, actors: Actors, windows: Sequence[int]
    ) -> PairTests | None:
        """Return each member of a burst paired with the next few, or None without creation times."""
        found = bursts(accounts, actors) if accounts is not None else None
        if found is None:
            return None
        rows: dict[tuple[int, int], tuple[int, int, float, float]] = {}
        for burst in found:
            row = (burst.span, len(burst.members), burst.expected, burst.p)
            for step in range(1, NEXT + 1):
                for one, two in zip(burst.members[:-step], burst.members[step:], strict=True):
                    rows.setdefault((min(int(one), int(two)), max(int(one), int(two))), row)
        source, target = np.array(list(rows), dtype=np.int32).reshape(-1, 2).T
        values = list(rows.values())
        return PairTests(
            trace=self.name,
            source=source,
            target=target,
            window=np.array([row[0] for row in values], dtype=np.int32),
            weight=np.array([row[1] for row in values], dtype=np.int32),
            expected=np.array([row[2] for row in values], dtype=np.float64),
            shared=np.ones(len(values), dtype=np.int32),
            p=np.array([row[3] for row in values], dtype=np.float64),
            tested=len(values),  # p is corrected for all that was scanned already
        )


def bursts(accounts: pl.DataFrame, actors: Actors) -> tuple[Burst, ...] | None:
    """Return the creation bursts, the surest first; None without enough creation times.

    All accounts of the table say what is usual and count in a burst; its members are those among `actors`.
    """
    codes = pl.DataFrame({"account_id": actors.ids}).with_row_index("code")
    known = (
        accounts.filter(pl.col("created_at").is_not_null())
        .unique("account_id", maintain_order=True)
        .join(codes, on="account_id", how="left", maintain_order="left")
        .with_columns(pl.col("code").cast(pl.Int64).fill_null(-1))
        .sort("created_at", "account_id")
    )
    if len(known) < FEWEST:
        return None
    born = known["created_at"].dt.epoch("ms").to_numpy().astype(np.int64)
    traits = _traits(known)
    scans = [
        _scan(way, group, traits[way].gather(rows), born[rows], rows)
        for group, rows in _groups(known)
        for way in traits.columns
    ]
    # Without a group, even births say more about the platform than about anybody.
    scans += [_runs(group, born[rows], rows, length) for group, rows in _groups(known)[1:] for length in RUNS]
    cells = sum(len(scan) for scan in scans)
    found: list[Burst] = []
    code = known["code"].to_numpy().astype(np.int32)
    taken = np.zeros(len(known), dtype=bool)
    best = (
        pl.concat(scans).filter(pl.col("p") * cells <= REPORTED).sort("p", -pl.col("count"), "first", "span")
    )
    groups = dict(_groups(known))
    for row in best.iter_rows(named=True):
        rows = groups[row["group"]]
        if row["way"] != EVEN:
            rows = rows[(traits[row["way"]].gather(rows) == row["value"]).fill_null(False).to_numpy()]
        inside = rows[
            (born[rows] >= born[row["first"]]) & (born[rows] <= born[row["first"]] + row["span"] * 1000)
        ]
        if taken[inside].mean() > (OVERLAP if row["way"] == EVEN else SHARE):
            continue
        taken[inside] = True
        found.append(
            Burst(
                profile=row["value"] + row["group"],
                start=int(born[row["first"]]),
                span=row["span"],
                members=code[inside][code[inside] >= 0],
                born=row["born"],
                expected=row["expected"],
                p=min(1.0, row["p"] * cells),
            )
        )
    return tuple(found)


def shape(handles: pl.Series) -> pl.Series:
    """Return the shapes of handles, runs of letters and digits: 'maria_1984' is 'L5_D4'."""
    runs = handles.str.extract_all(r"\p{L}+|\p{N}+|[^\p{L}\p{N}]").list.eval(
        pl.when(pl.element().str.contains(r"^\p{L}"))
        .then(pl.lit("L") + pl.element().str.len_chars().cast(pl.String))
        .when(pl.element().str.contains(r"^\p{N}"))
        .then(pl.lit("D") + pl.element().str.len_chars().cast(pl.String))
        .otherwise(pl.element())
    )
    return runs.list.join("")


def _traits(known: pl.DataFrame) -> pl.DataFrame:
    """Return the ways in which profiles can be alike, a column each; null: no such trait."""
    from tarazu.text.normalise import folded

    digits = (
        pl.col("handle").str.extract(r"^.*?\p{L}[^\p{L}\p{N}]?(\p{N}{2,})$").str.len_chars().cast(pl.String)
    )
    said = folded(known["description"])
    table = known.select(
        shape=pl.lit("handle ") + shape(known["handle"]),
        ending=pl.lit("handle ending in ") + digits + pl.lit(" digits"),
        story=pl.lit("description: ") + said.set(said.str.len_chars() < STORY, None).str.head(80),
    )
    return table.select(name for name in table.columns if table[name].null_count() < len(table))


def _groups(known: pl.DataFrame) -> list[tuple[str, NDArray[np.int64]]]:
    """Return the groups within which profiles are compared, with their rows."""
    numbered = known.with_row_index("place").with_columns(
        band=pl.lit(", followers ") + _band("followers") + pl.lit(", following ") + _band("following")
    )
    plain = numbered.filter(pl.col("avatar") == "default")["place"].to_numpy().astype(np.int64)
    out = [("", np.arange(len(known), dtype=np.int64)), (", default avatar", plain)]
    for (band,), rows in numbered.filter(pl.col("band").is_not_null()).group_by("band", maintain_order=True):
        out.append((str(band), rows["place"].to_numpy().astype(np.int64)))
    return [(name, rows) for name, rows in out if name == "" or rows.size >= FEWEST]


def _band(column: str) -> pl.Expr:
    """Return a number's power of ten as text: 0-8, 9-98, 99-998, ..."""
    step = (pl.col(column).clip(0) + 1).log10().floor().cast(pl.Int64)
    low, high = pl.lit(10) ** step - 1, pl.lit(10) ** (step + 1) - 2
    return low.cast(pl.Int64).cast(pl.String) + "-" + high.cast(pl.Int64).cast(pl.String)


def _runs(group: str, born: NDArray[np.int64], rows: NDArray[np.int64], length: int) -> pl.DataFrame:
    """Test every run of births in a group for machine-like evenness."""
    p = evenness(born, length)
    first = np.arange(p.size)
    low, high = np.maximum(first - NEIGHBOURS, 0), np.minimum(first + length + NEIGHBOURS, born.size - 1)
    span = born[first + length] - born[first] if p.size else np.zeros(0, dtype=np.int64)
    rate = (high - low - length) / np.maximum(born[high] - born[low] - span, 1) if p.size else np.zeros(0)
    return pl.DataFrame(
        {
            "way": np.full(p.size, EVEN),
            "group": np.full(p.size, group),
            "value": np.full(p.size, EVEN),
            "first": rows[first],
            "span": -(-span // 1000),
            "count": np.full(p.size, length + 1),
            "born": np.full(p.size, length + 1),
            "expected": rate * span,
            "p": p,
        },
        schema_overrides={"way": pl.String, "group": pl.String, "value": pl.String},
    )


def _highest(count: NDArray[np.int64], total: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return Wilson's upper bound of a share: from few accounts the usual is not well known."""
    total = np.maximum(total, 1)
    square = DOUBT**2
    middle = (count + square / 2) / (total + square)
    spread = DOUBT * np.sqrt(count * (1 - count / total) + square / 4) / (total + square)
    return np.asarray(middle + spread, dtype=np.float64)


def _scan(
    way: str, group: str, profile: pl.Series, born: NDArray[np.int64], rows: NDArray[np.int64]
) -> pl.DataFrame:
    """Test every window that starts at a birth, of every value that enough accounts have."""
    from scipy.stats import binom  # loaded when used: it takes longer than everything else here

    total = born.size
    codes = profile.rank("dense").fill_null(0).to_numpy().astype(np.int64)
    often = np.bincount(codes)
    often[0] = 0
    own = np.flatnonzero(often[codes] >= SMALLEST)
    own = own[np.argsort(codes[own], kind="stable")]
    value = codes[own]
    # One sorted number line for all values: places of a value are `value * total + rank`.
    line = value * total + own
    frames = []
    for span in SPANS:
        end = np.searchsorted(born, born[own] + span * 1000, side="right")
        # Accounts born in the very moment of the first are in the window too, whatever their order.
        begin = np.searchsorted(born, born[own], side="left")
        count = np.searchsorted(line, value * total + end) - np.searchsorted(line, value * total + begin)
        low, high = np.maximum(begin - NEIGHBOURS, 0), np.minimum(end + NEIGHBOURS, total)
        around = (
            np.searchsorted(line, value * total + high) - np.searchsorted(line, value * total + low) - count
        )
        outside = (high - low) - (end - begin)
        share = _highest(often[value] - count, total - (end - begin))
        share = np.maximum(share, (around + PRIOR * share) / (outside + PRIOR))
        share = SENSITIVITY * share / (1 + (SENSITIVITY - 1) * share)
        frames.append(
            pl.DataFrame(
                {
                    "way": np.full(own.size, way),
                    "group": np.full(own.size, group),
                    "value": profile.gather(own),
                    "first": rows[own],
                    "span": np.full(own.size, span),
                    "count": count,
                    "born": end - begin,
                    "expected": share * (end - begin),
                    "p": np.where(count >= SMALLEST, binom.sf(count - 1, end - begin, share), 1.0),
                },
                schema_overrides={"way": pl.String, "group": pl.String},
            )
        )
    return pl.concat(frames)
