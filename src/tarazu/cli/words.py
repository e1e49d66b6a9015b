"""Options that are written as text -> values."""

from __future__ import annotations

from collections.abc import Sequence

from tarazu.errors import OptionError


def mapping(pairs: Sequence[str] | None) -> dict[str, str]:
    """`theirs=ours`, several -> a mapping; the last '=' parts them, because a header may contain one."""
    found: dict[str, str] = {}
    for pair in pairs or ():
        theirs, equals, ours = pair.rpartition("=")
        if not equals or not theirs or not ours:
            raise OptionError(f"--map {pair}: write it as THEIRS=OURS, for example --map tweet_id=post_id.")
        if theirs in found:
            raise OptionError(f"--map gives the column {theirs!r} twice. Keep one of them.")
        found[theirs] = ours.strip()
    return found


def windows(text: str) -> tuple[int, ...]:
    """`10,60,300` -> seconds, ascending."""
    try:
        found = sorted({int(part) for part in text.replace(" ", "").split(",") if part})
    except ValueError as error:
        raise OptionError(
            f"--window {text}: write whole seconds parted by commas, for example 10,60,300."
        ) from error
    if not found or found[0] < 1:
        raise OptionError(f"--window {text}: a window is one second or longer.")
    if found[-1] > 86_400 * 7:
        raise OptionError(f"--window {text}: a window is at most a week (604800 seconds).")
    return tuple(found)


def names(words: Sequence[str] | None) -> tuple[str, ...] | None:
    """Repeated or comma-parted names -> names, or None for the default."""
    found = [part.strip() for word in words or () for part in word.split(",") if part.strip()]
    return tuple(dict.fromkeys(found)) or None
