"""All tables, one file an area. Importing this fills `METADATA`; a new file needs its name in `AREAS`."""

from __future__ import annotations

from importlib import import_module

AREAS = (
    "meta",
    "ledger",
    "outbox",
    "cases",
    "decisions",
    "people",
    "automation",
    "quality",
    "policies",
    "jobs",
)

for _area in AREAS:
    import_module(f"{__name__}.{_area}")
