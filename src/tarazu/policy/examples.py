"""The policies and the list that come with Tarazu: to start from, and to show that policy is data."""

from __future__ import annotations

from pathlib import Path

from tarazu.errors import NotReadable


def folder() -> Path:
    """Return the folder of the examples: beside the package when installed, in the repository when run from there."""
    here = Path(__file__).parents[1]
    for candidate in (here / "examples", here.parents[1] / "examples"):
        if (candidate / "policies").is_dir():
            return candidate
    raise NotReadable(
        "The examples are missing from this installation. Install Tarazu again, or give --policy and --entities."
    )


def example_policy(name: str = "dangerous-organisations") -> Path:
    """Return the path of an example policy."""
    return folder() / "policies" / f"{name}.yaml"


def example_entities() -> Path:
    """Return the path of the example list of designated entities."""
    return folder() / "entities" / "widely-designated.yaml"


def invented_entities() -> Path:
    """Return the path of a list of entities that do not exist, for demonstrations."""
    return folder() / "entities" / "invented.yaml"
