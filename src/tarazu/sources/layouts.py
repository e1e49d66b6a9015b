"""Known layouts, and which of them a file has: recognised by column names, completed by a user's mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tarazu.errors import OptionError, UnknownLayout
from tarazu.records import REQUIRED, SCHEMAS

Object = dict[str, Any]


class NotAPost(Exception):
    """The object is something else than a post; the text is the reason its row is rejected with."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How one kind of source writes posts."""

    name: str
    known_by: tuple[frozenset[str], ...]  # any of these sets of columns identifies it
    names: Mapping[str, str] = field(default_factory=dict)  # ours -> theirs
    accounts: Mapping[str, str] = field(default_factory=dict)  # ours -> theirs, of the author in a post's row
    naive_is_utc: bool = False  # the layout's definition says so
    platform: str | None = None
    flatten: Callable[[Object], Object] | None = None  # nested JSON -> our columns; raises NotAPost
    account_of: Callable[[Object], list[Object]] | None = None  # nested JSON -> rows of the accounts table

    def fits(self, columns: Iterable[str]) -> bool:
        """Whether a file with these columns has this layout."""
        have = frozenset(columns)
        return any(known <= have for known in self.known_by)


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Which column of a file fills which of ours."""

    layout: Layout
    source: Mapping[str, str]  # ours -> theirs


def known() -> tuple[Layout, ...]:
    """Every layout, the most particular first."""
    from tarazu.sources.bluesky import BLUESKY, BLUESKY_VIEWS
    from tarazu.sources.cnt import CNT
    from tarazu.sources.coortweet import COORTWEET
    from tarazu.sources.mastodon import MASTODON
    from tarazu.sources.x_archive import X_ARCHIVE

    return (X_ARCHIVE, CNT, COORTWEET, MASTODON, BLUESKY, BLUESKY_VIEWS, OWN)


OWN = Layout(name="own", known_by=(frozenset(REQUIRED["posts"]),))
MAPPED = Layout(name="mapped", known_by=())


def by_name(name: str) -> Layout:
    """The layout called `name`. Raises OptionError with the names there are."""
    for layout in known():
        if layout.name == name:
            return layout
    names = ", ".join(layout.name for layout in known())
    raise OptionError(f"There is no layout {name!r}. Known are: {names}.")


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raise OptionError unless every target of a mapping is one of our columns, each named once."""
    ours_known = {name for schema in SCHEMAS.values() for name in schema}
    seen: dict[str, str] = {}
    for theirs, ours in mapping.items():
        if ours not in ours_known:
            columns = ", ".join(SCHEMAS["posts"])
            raise OptionError(
                f"--map {theirs}={ours}: {ours!r} is not one of our columns. Those of posts are: {columns}."
            )
        if ours in seen:
            raise OptionError(f"--map gives {ours} two columns, {seen[ours]} and {theirs}. Keep one of them.")
        seen[ours] = theirs


def assign(
    path: object,
    columns: list[str],
    mapping: Mapping[str, str],
    *,
    table: str = "posts",
    layout: str | None = None,
    nested: bool = False,
) -> Assignment:
    """Find the layout of a file with `columns` and what fills our columns.

    Raises UnknownLayout if a required column stays empty, OptionError if a column is named twice in the file.
    """
    schema = SCHEMAS[table]
    required = REQUIRED[table]
    found: Layout | None = None
    if table == "posts":
        if layout is not None:
            found = by_name(layout)
        else:
            found = next(
                (one for one in known() if one.fits(columns) and (one.flatten is None or nested)),
                None,
            )
    source: dict[str, str] = {}
    if found is not None and found.flatten is not None:
        return Assignment(layout=found, source={name: name for name in schema})
    if found is not None and found.names:
        source = {ours: theirs for ours, theirs in found.names.items() if theirs in columns}
    elif table == "accounts":
        for one in known():
            if one.accounts.get("account_id") in columns and "account_id" not in columns:
                source = {ours: theirs for ours, theirs in one.accounts.items() if theirs in columns}
                found = one
                break
    if not source:
        source = {name: name for name in schema if name in columns}
    mine = {theirs: ours for theirs, ours in mapping.items() if ours in schema and theirs in columns}
    source = {ours: theirs for ours, theirs in source.items() if theirs not in mine}
    source.update({ours: theirs for theirs, ours in mine.items()})
    missing = [name for name in required if name not in source]
    if missing:
        raise UnknownLayout(_unknown(path, columns, missing, table))
    twice = [theirs for theirs in source.values() if columns.count(theirs) > 1]
    if twice:
        raise UnknownLayout(f"{path} has more than one column called {twice[0]!r}. Rename one of them.")
    return Assignment(layout=found or MAPPED, source=source)


def _unknown(path: object, columns: list[str], missing: list[str], table: str) -> str:
    shown = ", ".join(repr(name[:60]) for name in columns[:30]) or "none"
    if len(columns) > 30:
        shown += f" and {len(columns) - 30} more"
    example = " ".join(f"--map YOURS={name}" for name in missing)
    kind = f"the {table} table" if table != "posts" else "posts"
    return (
        f"{path}: no known layout fits its columns ({shown}). For {kind} still needed: {', '.join(missing)}. "
        f"Say which columns they are, for example: {example}"
    )
