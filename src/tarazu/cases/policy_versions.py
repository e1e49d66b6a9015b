"""Versions of the policy and of the entity list: added, tried, put in force by two people, put back.

What comes in force follows one rule:

- Putting a version in force takes two people. One asks, another agrees. Who added a version counts as having asked for
  it, until it was in force for the first time. A program may ask; only a person agrees, and not the one whose token
  asked. Where nobody else may change policies, the one person may do it alone, and that is written down.
- A file named in the settings is taken in at the start, and put in force when it is not the file that was taken in
  last. So what was put in force in the console stays in force over restarts, until somebody changes the file.
- The bundled example comes in force only where nothing but an earlier example is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from tarazu.cases import clean, policy_standing
from tarazu.cases.objection import DecisionRefused, SamePerson, WrongState
from tarazu.cases.policy_standing import Proposal, Standing
from tarazu.cases.policy_version import Kind, Superseded, Version, VersionNotFound, Written, of_row
from tarazu.ledger import canonical
from tarazu.store import SYSTEM, Actor, Store
from tarazu.store.actor import ActorKind
from tarazu.store.ids import new_id
from tarazu.store.tables.people import tokens
from tarazu.store.tables.policies import policy_in_force, policy_proposals, policy_versions
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction
from tarazu.store.view import View

NOTE = 2_000  # characters
NAME = 200
_SHOWN = [one for one in policy_versions.c if one.name not in ("text", "text_digest")]
Sole = Callable[[View, str], bool]


@dataclass(frozen=True, kw_only=True)
class Put:
    """What came of asking for a version."""

    state: str  # in_force | waiting
    alone: bool = False


def nobody_is_sole(view: View, person_id: str) -> bool:
    """The careful answer: somebody else is always needed."""
    return False


class PolicyVersions:
    """The versions of an installation. `sole(view, person)` says whether nobody else may change policies."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime] | None = None, sole: Sole = nobody_is_sole
    ) -> None:
        self.store, self.clock, self.sole = store, clock or store.clock, sole

    def get(self, version_id: str) -> Version:
        """One version. Raises VersionNotFound."""
        with self.store.read() as view:
            return self._load(view, version_id)

    def by_digest(self, kind: Kind, digest: str) -> Version:
        """The version with this digest. Raises VersionNotFound."""
        with self.store.read() as view:
            found = self._known(view, kind, digest)
        if found is None:
            raise VersionNotFound(digest)
        return found

    def text(self, version_id: str) -> str:
        """The file, letter by letter."""
        with self.store.read() as view:
            found = view.value(select(policy_versions.c.text).where(policy_versions.c.id == version_id))
        if found is None:
            raise VersionNotFound(version_id)
        return str(found)

    def all(self, kind: Kind, limit: int = 200) -> list[Version]:
        """The versions, the latest first."""
        asked = select(*_SHOWN).where(policy_versions.c.kind == str(kind))
        with self.store.read() as view:
            return [
                of_row(row) for row in view.rows(asked.order_by(policy_versions.c.id.desc()).limit(limit))
            ]

    def current(self, kind: Kind) -> Standing | None:
        """What is in force."""
        with self.store.read() as view:
            return policy_standing.current(view, kind)

    def history(self, kind: Kind) -> list[Standing]:
        """What was in force, the latest first."""
        with self.store.read() as view:
            return policy_standing.history(view, kind)

    def waiting(self, kind: Kind) -> Proposal | None:
        """What waits for a second person."""
        with self.store.read() as view:
            return policy_standing.waiting(view, kind)

    def was_in_force(self, version_id: str) -> bool:
        """Whether it ever was."""
        with self.store.read() as view:
            return self._was(view, version_id)

    def add(self, actor: Actor, written: Written, note: str = "") -> Version:
        """Keep a version; nothing changes yet. The same file twice is one version."""
        with self.store.write(actor) as tx:
            return self._add(tx, written, note)

    def put_in_force(self, version_id: str, actor: Actor, note: str, *, seen: int | None = None) -> Put:
        """Ask for a version, or agree to it as the second person: see the rule above.

        `seen` is the number of what was in force when the person looked (0: nothing). Raises Superseded where that
        has changed, SamePerson, WrongState, DecisionRefused, VersionNotFound.
        """
        note = clean.text(note.strip())[:NOTE]
        with self.store.write(actor) as tx:
            version = self._load(tx, version_id)
            now = policy_standing.current(tx, version.kind)
            if now is not None and now.version_id == version.id:
                raise WrongState("This version is in force already. There is nothing to do.")
            if seen is not None and seen != (now.number if now else 0):
                raise Superseded("Another version came in force meanwhile. Look at the differences again.")
            before = self._was(tx, version.id)
            if not note and not before:
                raise DecisionRefused("Say why it should be in force: the note is kept with the history.")
            asked = policy_standing.waiting(tx, version.kind)
            mine = asked if asked is not None and asked.version_id == version.id else None
            if mine is not None:
                first: str | None = mine.asked_by
            else:
                first = None if before or version.added_by == SYSTEM.id else version.added_by
            if actor.kind == ActorKind.PERSON:
                if first is not None and self._behind(tx, first) != actor.id:
                    self._enforce(tx, version, "console", note, asked_by=first, proposal=asked)
                    return Put(state="in_force")
                if self.sole(tx, actor.id):
                    self._enforce(tx, version, "console", note, proposal=asked, alone=True)
                    return Put(state="in_force", alone=True)
            if mine is None:
                self._ask(tx, version, note, asked)
            elif mine.asked_by == actor.id and actor.kind == ActorKind.PERSON:
                raise SamePerson(
                    "You asked for it yourself. Somebody else who may change policies has to agree."
                )
            return Put(state="waiting")

    def decline(self, proposal_id: str, actor: Actor, reason: str) -> None:
        """Answer no, or take one's own back. Raises WrongState, DecisionRefused without a reason."""
        reason = clean.text(reason.strip())[:NOTE]
        if not reason:
            raise DecisionRefused("Say why not: whoever asked wants to know.")
        with self.store.write(actor) as tx:
            row = tx.one(select(policy_proposals).where(policy_proposals.c.id == proposal_id))
            if row is None or row.state != "waiting":
                raise WrongState("Nothing waits here any more. Load the page again.")
            self._answer(tx, proposal_id, "declined", reason)
            tx.log(f"{row.kind}.declined", f"{row.kind}:{row.version_id}", {"reason": reason})

    def take_in(self, written: Written, source: str) -> None:
        """A file of the settings (`file`) or the bundled one (`example`), at every start: see the rule above."""
        with self.store.write(SYSTEM) as tx:
            past = policy_standing.history(tx, written.kind, 1_000)
            taken = [one for one in past if one.source == source]
            if source == "example" and past and past[0].source != "example":
                return
            if taken and taken[0].digest == written.digest:
                return
            version = self._add(tx, written, "")
            if past and past[0].version_id == version.id:
                return  # in force already, by people: nothing is to be said twice
            asked = policy_standing.waiting(tx, written.kind)
            self._enforce(tx, version, source, "", proposal=asked)

    def _add(self, tx: Transaction, written: Written, note: str) -> Version:
        known = self._known(tx, written.kind, written.digest)
        if known is not None:
            return known
        now = policy_standing.current(tx, written.kind)
        made = new_id(ms(self.clock()))
        row = {
            "id": made, "kind": str(written.kind), "digest": written.digest,
            "name": clean.text(written.name)[:NAME], "version": clean.text(written.version)[:NAME],
            "format": written.format, "size": written.size, "text": written.text,
            "text_digest": canonical.digest_text(written.text), "added_by": tx.actor.id, "at": ms(self.clock()),
            "note": clean.text(note.strip())[:NOTE], "parent": now.version_id if now else None,
        }  # fmt: skip
        tx.run(insert(policy_versions), [row])
        facts = {"digest": written.digest, "text": row["text_digest"], "size": written.size}
        tx.log(f"{written.kind}.added", f"{written.kind}:{made}", facts)
        return self._load(tx, made)

    def _ask(self, tx: Transaction, version: Version, note: str, old: Proposal | None) -> None:
        if old is not None:
            self._answer(tx, old.id, "replaced", "")
        row = {
            "id": new_id(ms(self.clock())), "kind": str(version.kind), "version_id": version.id,
            "state": "waiting", "asked_by": tx.actor.id, "at": ms(self.clock()), "note": note,
        }  # fmt: skip
        tx.run(insert(policy_proposals), [row])
        tx.log(
            f"{version.kind}.asked", f"{version.kind}:{version.id}", {"digest": version.digest, "note": note}
        )

    def _enforce(
        self,
        tx: Transaction,
        version: Version,
        source: str,
        note: str,
        *,
        asked_by: str | None = None,
        proposal: Proposal | None = None,
        alone: bool = False,
    ) -> None:
        if proposal is not None:
            state = "agreed" if proposal.version_id == version.id else "replaced"
            self._answer(tx, proposal.id, state, note)
        row = {
            "kind": str(version.kind), "version_id": version.id, "since": ms(self.clock()), "source": source,
            "asked_by": asked_by, "by": tx.actor.id, "alone": int(alone), "note": note,
        }  # fmt: skip
        tx.run(insert(policy_in_force), [row])
        facts = {
            "digest": version.digest,
            "source": source,
            "asked_by": asked_by,
            "alone": alone,
            "note": note,
        }
        tx.log(f"{version.kind}.in_force", f"{version.kind}:{version.id}", facts)

    def _answer(self, tx: Transaction, proposal_id: str, state: str, answer: str) -> None:
        values = {
            "state": state,
            "answered_by": tx.actor.id,
            "answered_at": ms(self.clock()),
            "answer": answer,
        }
        tx.run(update(policy_proposals).where(policy_proposals.c.id == proposal_id).values(**values))

    def _behind(self, view: View, actor_id: str) -> str:
        """The person: of a program, who made its token."""
        made_by = view.value(select(tokens.c.made_by).where(tokens.c.id == actor_id))
        return str(made_by) if made_by is not None else actor_id

    def _was(self, view: View, version_id: str) -> bool:
        asked = select(policy_in_force.c.number).where(policy_in_force.c.version_id == version_id).limit(1)
        return view.value(asked) is not None

    def _known(self, view: View, kind: Kind, digest: str) -> Version | None:
        asked = select(*_SHOWN).where(policy_versions.c.kind == str(kind), policy_versions.c.digest == digest)
        row = view.one(asked)
        return None if row is None else of_row(row)

    def _load(self, view: View, version_id: str) -> Version:
        row = view.one(select(*_SHOWN).where(policy_versions.c.id == version_id))
        if row is None:
            raise VersionNotFound(version_id)
        return of_row(row)
