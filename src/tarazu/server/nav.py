"""The entries of the navigation, in their order; those whose page is not there are left out at the start."""

from __future__ import annotations

from collections.abc import Container

from sqlalchemy import func, select

from tarazu.store import Store
from tarazu.store.tables.decisions import decisions

# Key of the name in the catalogue `common`, address, permission.
ENTRIES = (
    ("common.nav_queue", "/queue", "case.view"),
    ("common.nav_search", "/search", "case.view"),
    ("common.nav_second", "/second", "case.second"),
    ("common.nav_appeals", "/appeals", "appeal.view"),
    ("common.nav_policies", "/policies", "policy.view"),
    ("common.nav_entities", "/entities", "policy.view"),
    ("common.nav_rules", "/rules", "policy.view"),
    ("common.nav_quality", "/quality", "quality.view"),
    ("common.nav_audit", "/audit", "ledger.read"),
    ("common.nav_people", "/people", "people.manage"),
    ("common.nav_tokens", "/tokens", "api.token"),
    ("common.nav_settings", "/settings", "settings.view"),
    ("common.nav_own", "/own", "own.edit"),
)


def counts(store: Store, permissions: Container[str]) -> dict[str, int]:
    """Address -> how many wait there for who looks; one walk over an index."""
    if "case.second" not in permissions:
        return {}
    asked = select(func.count()).select_from(decisions).where(decisions.c.state == "proposed")
    with store.read() as view:
        return {"/second": int(view.value(asked) or 0)}
