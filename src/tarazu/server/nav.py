"""The entries of the navigation, in their order; those whose page is not there are left out at the start."""

from __future__ import annotations

# Key of the name in the catalogue `common`, address, permission.
ENTRIES = (
    ("common.nav_queue", "/queue", "case.view"),
    ("common.nav_search", "/search", "case.view"),
    ("common.nav_appeals", "/appeals", "appeal.view"),
    ("common.nav_policies", "/policies", "policy.view"),
    ("common.nav_rules", "/rules", "policy.view"),
    ("common.nav_quality", "/quality", "quality.view"),
    ("common.nav_audit", "/audit", "ledger.read"),
    ("common.nav_people", "/people", "people.manage"),
    ("common.nav_tokens", "/tokens", "api.token"),
    ("common.nav_settings", "/settings", "settings.view"),
    ("common.nav_own", "/own", "own.edit"),
)
