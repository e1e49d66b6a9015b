"""The policy and the entity list in force, ready to be used; asked at every use, parsed once a version."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from tarazu.cases import policy_standing
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.policy_version import Kind, Version, VersionNotFound, Written, of_row, parse
from tarazu.errors import NotValid
from tarazu.store import Store
from tarazu.store.tables.policies import policy_versions

if TYPE_CHECKING:
    from tarazu.policy.clause import Policy
    from tarazu.policy.designations import EntityList

EARLIER = 20  # policies no longer in force that findings may still cite
KEPT = {Kind.POLICY: EARLIER + 8, Kind.ENTITIES: 3}  # parsed, in memory

log = logging.getLogger("tarazu.cases")


class InForce:
    """One for each process. Another process may put a version in force: the store is asked each time, which costs one
    small select; a file is parsed once, and kept by its version. Safe for many threads.

    `fallback` is asked where the store has no policy, and for how decisions are made besides the policy; `listed`
    where it has no list. Each is asked once.
    """

    def __init__(
        self,
        store: Store,
        fallback: Callable[[], DecisionSettings] = DecisionSettings,
        listed: Callable[[], EntityList | None] = lambda: None,
    ) -> None:
        self.store, self.fallback, self.listed = store, cache(fallback), cache(listed)
        self._parsed: dict[Kind, OrderedDict[str, Policy | EntityList]] = {
            kind: OrderedDict() for kind in Kind
        }
        self._turn = threading.Lock()
        self._settings: tuple[int, DecisionSettings] | None = None
        self._current: dict[Kind, tuple[int, Version]] = {}

    def policy(self) -> Policy | None:
        """The policy in force."""
        found = self.settings().policies
        return found[0] if found else None

    def entities(self) -> EntityList | None:
        """The entity list in force."""
        version = self.version(Kind.ENTITIES)
        return self.listed() if version is None else self.list_of(version)

    def version(self, kind: Kind) -> Version | None:
        """Which version is in force; None where none is."""
        number = self._number(kind)
        if number == 0:
            return None
        known = self._current.get(kind)
        if known is not None and known[0] == number:
            return known[1]
        with self.store.read() as view:
            standing = policy_standing.current(view, kind)
            assert standing is not None  # rows of the history never go
            row = view.one(select(policy_versions).where(policy_versions.c.id == standing.version_id))
        assert row is not None
        self._current[kind] = (standing.number, of_row(row))
        return self._current[kind][1]

    def settings(self) -> DecisionSettings:
        """How decisions are made now: the policy in force first, then those that were."""
        number = self._number(Kind.POLICY)
        if number == 0:
            return self.fallback()
        known = self._settings
        if known is not None and known[0] == number:
            return known[1]
        with self.store.read() as view:
            past = policy_standing.history(view, Kind.POLICY, 200)
        ids = list(dict.fromkeys(one.version_id for one in past))
        policies = [self._load(ids[0], Kind.POLICY)]
        for one in ids[1 : EARLIER + 1]:
            try:
                policies.append(self._load(one, Kind.POLICY))
            except NotValid:  # written for an older Tarazu: it is kept and shown, nothing can rest on it
                log.warning("policy version %s cannot be read any more", one)
        made = replace(self.fallback(), policies=cast("tuple[Policy, ...]", tuple(policies)))
        self._settings = (past[0].number, made)
        return made

    def policy_of(self, version: Version) -> Policy:
        """A version of the policy. Raises NotValid where this Tarazu reads it no longer."""
        return cast("Policy", self._load(version.id, Kind.POLICY))

    def list_of(self, version: Version) -> EntityList:
        """A version of the entity list. Raises NotValid where this Tarazu reads it no longer."""
        return cast("EntityList", self._load(version.id, Kind.ENTITIES))

    def remember(self, version: Version, written: Written) -> None:
        """Keep what was parsed to be checked: nobody parses it again."""
        self._keep(version.kind, version.id, written.parsed)

    def _number(self, kind: Kind) -> int:
        with self.store.read() as view:
            return policy_standing.numbers(view).get(str(kind), 0)

    def _load(self, version_id: str, kind: Kind) -> Policy | EntityList:
        kept = self._parsed[kind]
        with self._turn:  # twenty threads that ask at once parse it once
            found = kept.get(version_id)
            if found is not None:
                kept.move_to_end(version_id)
                return found
            with self.store.read() as view:
                row = view.one(select(policy_versions).where(policy_versions.c.id == version_id))
            if row is None:
                raise VersionNotFound(version_id)
            made = parse(kind, row.text, row.name, row.format).parsed
            self._put(kind, version_id, made)
            return made

    def _keep(self, kind: Kind, version_id: str, parsed: Policy | EntityList) -> None:
        with self._turn:
            self._put(kind, version_id, parsed)

    def _put(self, kind: Kind, version_id: str, parsed: Policy | EntityList) -> None:
        kept = self._parsed[kind]
        kept[version_id] = parsed
        kept.move_to_end(version_id)
        while len(kept) > KEPT[kind]:
            kept.popitem(last=False)
