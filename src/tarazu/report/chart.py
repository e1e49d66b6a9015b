"""Timelines: members of a network above the line, everyone below it, one clock, UTC."""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from tarazu.findings import Network, Timeline
from tarazu.report import palette, words
from tarazu.report.markup import escape

BINS = 260  # no more bars than can be told apart
WIDTH = 1000
UP, DOWN = 40, 16  # pixels for members and for everyone


def _thin(values: Sequence[int], most: int) -> tuple[list[int], int]:
    step = max(1, -(-len(values) // most))
    padded = np.pad(np.asarray(values, dtype=np.int64), (0, -len(values) % step))
    return padded.reshape(-1, step).sum(axis=1).tolist(), step


def _start(line: Timeline) -> datetime:
    return line.start.replace(tzinfo=UTC) if line.start.tzinfo is None else line.start


def reach(networks: Sequence[Network]) -> tuple[datetime, datetime]:
    """First and last instant of the timelines of `networks`."""
    begin = min(_start(n.timeline) for n in networks)
    end = max(
        _start(n.timeline) + timedelta(seconds=n.timeline.bin_seconds * max(1, len(n.timeline.members)))
        for n in networks
    )
    return begin, end


def strip(network: Network, index: int, begin: datetime, end: datetime, label: str = "") -> str:
    """One network's timeline between `begin` and `end` as HTML: name, bars, peaks."""
    line = network.timeline
    total = max((end - begin).total_seconds(), 1.0)
    share = line.bin_seconds * len(line.members) / total
    members, step = _thin(line.members, max(24, int(BINS * share)))
    everyone, _ = _thin(line.everyone, max(24, int(BINS * share)))
    seconds = line.bin_seconds * step
    left = (_start(line) - begin).total_seconds() / total * WIDTH
    width = seconds / total * WIDTH
    most, all_most = max(members, default=0), max(everyone, default=0)
    unit = _unit(seconds)
    sentence = (
        f"{network.id}: posts of members, at most {most:,} {unit}; "
        f"below, posts of everyone, at most {all_most:,} {unit}; {words.period(network.first, network.last)}, UTC"
    )
    up = _bars(members, left, width, UP, most, upward=True)
    down = _bars(everyone, left, width, DOWN, all_most, upward=False)
    return (
        f'<div class="strip"><div class="strip-name">{label}</div>'
        f'<svg viewBox="0 0 {WIDTH} {UP + DOWN + 2}" preserveAspectRatio="none" role="img" aria-label="{escape(sentence)}">'
        f'<path d="{up}" fill="{palette.colour(index)}" class="members"/><path d="{down}" class="everyone"/>'
        f'<path d="M0 {UP + 0.5}H{WIDTH}" class="base" vector-effect="non-scaling-stroke"/></svg>'
        f'<div class="strip-peak"><span>members, at most {most:,} {unit}</span>'
        f"<span>everyone, at most {all_most:,}</span></div></div>"
    )


def _unit(seconds: int) -> str:
    names = {60: "a minute", 3600: "an hour", 86_400: "a day", 604_800: "a week"}
    return names.get(seconds, f"in {words.span(seconds)}")


def _bars(values: Sequence[int], left: float, width: float, height: int, most: int, upward: bool) -> str:
    parts = []
    for position, value in enumerate(values):
        if value <= 0 or most <= 0:
            continue
        size = max(value / most * height, 0.8)
        x = left + position * width
        y = UP - size if upward else UP + 1.5
        parts.append(
            f"M{x:.1f} {y:.1f}h{max(width * 0.86, 0.6):.2f}v{size:.1f}h{-max(width * 0.86, 0.6):.2f}z"
        )
    return "".join(parts)


def axis(begin: datetime, end: datetime) -> str:
    """Names of a few instants under a strip: never mirrored, time runs left to right."""
    total = (end - begin).total_seconds()
    short = total < 3 * 86_400
    ticks = [begin + (end - begin) * part for part in (0, 0.25, 0.5, 0.75)]
    names = "".join(f"<span>{words.minute(t) if short else words.day(t)}</span>" for t in ticks)
    return f'<div class="axis" aria-hidden="true"><span></span><div class="ticks" dir="ltr">{names}</div><span>UTC</span></div>'


def rail(offsets: Sequence[float], index: int) -> str:
    """Seconds after the first as dots on a short line."""
    most = max(max(offsets, default=0.0), 1.0)
    dots = "".join(
        f'<circle cx="{6 + 388 * max(o, 0) / most:.1f}" cy="9" r="5" fill="{palette.colour(index)}" class="dot"/>'
        for o in sorted(offsets)
    )
    return (
        f'<svg class="rail" viewBox="0 0 400 18" width="400" height="18" role="img" '
        f'aria-label="{len(offsets)} posts within {escape(words.span(max(offsets, default=0)))}">'
        f'<path d="M0 9H400" class="base"/>{dots}</svg>'
    )
