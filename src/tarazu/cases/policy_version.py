"""One version of a policy or an entity list, as it was written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Row

from tarazu.cases.objection import DecisionRefused
from tarazu.cases.refusal import CaseError
from tarazu.errors import NotReadable
from tarazu.store.times import moment

if TYPE_CHECKING:
    from tarazu.policy.clause import Policy
    from tarazu.policy.designations import EntityList


class Kind(StrEnum):
    """What there are versions of."""

    POLICY = "policy"
    ENTITIES = "entities"


class VersionNotFound(CaseError):
    """There is no such version."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no version {name!r}. Look it up in the list of versions.")


class Superseded(DecisionRefused):
    """Another version came in force meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file that was read and found right, not kept yet."""

    kind: Kind
    text: str
    format: str  # yaml | json
    digest: str  # as findings cite it
    name: str
    version: str
    size: int  # clauses, or entities
    parsed: Policy | EntityList


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version that is kept; its text is asked for apart, it may be long."""

    id: str
    kind: Kind
    digest: str
    name: str
    version: str
    format: str
    size: int
    added_by: str
    at: datetime
    note: str
    parent: str | None

    @property
    def file(self) -> str:
        """A name for the file, safe everywhere."""
        name = "".join(one if one.isascii() and (one.isalnum() or one in "-_") else "-" for one in self.name)
        return f"{name[:60].strip('-') or self.kind}-{self.digest[:12]}.{self.format}"


def read(kind: Kind, given: bytes | str, name: str) -> Written:
    """Read a policy or a list. Raises NotReadable for what is no text, NotValid with every fault and its place."""
    if isinstance(given, bytes):
        try:
            text = given.decode("utf-8")
        except UnicodeDecodeError as error:
            line = given.count(b"\n", 0, error.start) + 1
            raise NotReadable(f"{name}:{line}: this is no UTF-8 text. Save the file as UTF-8.") from None
    else:
        text = given
    return parse(kind, text, name, "json" if name.lower().endswith(".json") else "yaml")


def parse(kind: Kind, text: str, name: str, form: str) -> Written:
    """The same for a text whose format is known."""
    from tarazu.policy.designations import parse_entities
    from tarazu.policy.policy_file import of_tree
    from tarazu.safe import tree
    from tarazu.safe.faults import Faults

    bare = text.removeprefix("\ufeff")
    if kind == Kind.POLICY:
        faults = Faults()
        digest = hashlib.sha256(text.encode()).hexdigest()  # of the file, byte by byte
        policy = of_tree(tree.parse(bare, name, faults, json=form == "json"), digest)
        faults.stop()
        return Written(
            kind=kind, text=text, format=form, digest=digest, name=policy.id, version=policy.version,
            size=len(policy.clauses), parsed=policy,
        )  # fmt: skip
    listed = parse_entities(bare, name, json=form == "json")
    return of_list(listed, text, form)


def of_list(listed: EntityList, text: str, form: str) -> Written:
    """A list with the text it was read from."""
    return Written(
        kind=Kind.ENTITIES, text=text, format=form, digest=listed.digest, name=listed.name or "entities",
        version=listed.version or listed.digest[:12], size=len(listed.entities), parsed=listed,
    )  # fmt: skip


def read_files(kind: Kind, paths: Sequence[Path]) -> Written:
    """The same for files: several lists become one. Raises NotReadable, NotValid."""
    from tarazu.policy.designations import read_entities
    from tarazu.policy.designations.writing import as_yaml
    from tarazu.policy.policy_file import read_policy

    if kind == Kind.POLICY:
        read_policy(paths[0])  # the faults of a file that is not there are its own
    elif len(paths) > 1:
        listed = read_entities(*paths)
        return of_list(listed, as_yaml(listed), "yaml")
    try:
        return read(kind, paths[0].read_bytes(), str(paths[0]))
    except OSError as error:
        raise NotReadable(
            f"{paths[0]}: {error.strerror or error}. Give the path of a YAML or JSON file."
        ) from error


def of_row(row: Row[Any]) -> Version:
    """A row of `policy_versions`."""
    return Version(
        id=row.id, kind=Kind(row.kind), digest=row.digest, name=row.name, version=row.version, format=row.format,
        size=row.size, added_by=row.added_by, at=moment(row.at), note=row.note, parent=cast("str | None", row.parent),
    )  # fmt: skip
