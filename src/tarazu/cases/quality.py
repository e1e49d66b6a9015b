"""How well people decide: golden cases, second looks that do not know the first, agreement."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from tarazu.cases import clean
from tarazu.cases.agreement import Kappa, cohen, fleiss
from tarazu.cases.case import CaseState
from tarazu.cases.decision import Action
from tarazu.cases.file import CaseFile, read_file
from tarazu.cases.interval import Share
from tarazu.cases.refusal import CaseError
from tarazu.errors import OptionError
from tarazu.ledger import canonical
from tarazu.store import Actor, Store
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.quality import golden, second_looks
from tarazu.store.times import ms
from tarazu.store.view import View

RECENT = 5_000  # decided cases among which a second look is chosen


@dataclass(frozen=True, kw_only=True)
class QualitySettings:
    """How much is looked at twice."""

    share: float = 0.05  # of what people decide
    within: timedelta = timedelta(days=30)  # after it was decided

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise OptionError("`share` of second looks is between 0 and 1.")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody would do with a case."""

    action: Action
    clause_id: str | None = None

    @property
    def label(self) -> str:
        """What is compared: the clause that is broken, or that none is."""
        return (self.clause_id or "?") if self.action.blames else "none"

    def json(self) -> str:
        """As it is kept."""
        return canonical.dumps({"action": str(self.action), "clause": self.clause_id})

    @classmethod
    def of(cls, kept: str) -> Answer:
        """Out of what is kept."""
        read = json.loads(kept)
        return cls(action=Action(read["action"]), clause_id=read["clause"])


class Quality:
    """Golden cases and second looks."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] | None = None,
        settings: QualitySettings | None = None,
    ) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock, self.settings = store, clock or store.clock, settings or QualitySettings()

    def make_golden(self, case_id: str, person: Actor, expected: Answer, note: str) -> None:
        """Say what the right answer to a case is, and why; again replaces it."""
        if not note.strip():
            raise CaseError("Say why this answer is right: whoever answered otherwise will read it.")
        with self.store.write(person) as tx:
            read_file(tx, case_id)
            tx.run(delete(golden).where(golden.c.case_id == case_id))
            row = {"case_id": case_id, "expected": expected.json(), "note": clean.text(note.strip())}
            tx.run(insert(golden), [{**row, "made_by": person.id, "made_at": ms(self.clock())}])
            tx.log("golden.made", f"case:{case_id}", {"action": str(expected.action)})

    def no_longer_golden(self, case_id: str, person: Actor) -> None:
        """Take a case out of the golden ones."""
        with self.store.write(person) as tx:
            if tx.run(delete(golden).where(golden.c.case_id == case_id)):
                tx.log("golden.removed", f"case:{case_id}")

    def golden(self) -> Mapping[str, tuple[Answer, str]]:
        """Case -> the right answer, and why."""
        with self.store.read() as view:
            rows = view.rows(select(golden).order_by(golden.c.case_id))
            return {row.case_id: (Answer.of(row.expected), row.note) for row in rows}

    def next(self, person_id: str) -> str | None:
        """A case for this person to look at without knowing what was decided; None where there is none."""
        with self.store.read() as view:
            mine = {
                row.case_id
                for row in view.rows(
                    select(second_looks.c.case_id).where(second_looks.c.person_id == person_id)
                )
            }
            looked = {row.case_id for row in view.rows(select(second_looks.c.case_id).distinct())}
            had_part = _had_part(view, person_id)
            known = [row.case_id for row in view.rows(select(golden.c.case_id).order_by(golden.c.case_id))]
            recent = (
                select(cases.c.id)
                .where(cases.c.state.in_((str(CaseState.DECIDED), str(CaseState.CLOSED))))
                .where(cases.c.decided_at > ms(self.clock() - self.settings.within), cases.c.title != "")
                .order_by(cases.c.decided_at.desc(), cases.c.id)
                .limit(RECENT)
            )
            drawn = [row.id for row in view.rows(recent) if self._drawn(row.id)]
        asked: list[str] = [one for one in known if one not in mine]
        asked += [one for one in drawn if one not in looked]
        return next((one for one in asked if one not in had_part), None)

    def file(self, case_id: str) -> CaseFile:
        """A case for a second look: what was found, and nothing of what was decided or answered."""
        with self.store.read() as view:
            file = read_file(view, case_id)
        return replace(
            file,
            state=CaseState.OPEN,
            reports=tuple(replace(one, answer=None, answered_at=None) for one in file.reports),
        )

    def answer(self, case_id: str, person: Actor, answer: Answer) -> None:
        """Keep a second look. It changes nothing about the case. Raises CaseError for who had a part in it."""
        if answer.action.blames and not answer.clause_id:
            raise CaseError(f"To {answer.action}, name the clause that was broken.")
        with self.store.write(person) as tx:
            read_file(tx, case_id)
            if case_id in _had_part(tx, person.id, case_id):
                raise CaseError(
                    "You had a part in this case, so your second look would say nothing. Take the next."
                )
            here = (second_looks.c.case_id == case_id) & (second_looks.c.person_id == person.id)
            if tx.one(select(second_looks.c.at).where(here)) is not None:
                raise CaseError("You have looked at this case already. Take the next one.")
            known = tx.one(select(golden.c.case_id).where(golden.c.case_id == case_id)) is not None
            row = {"case_id": case_id, "person_id": person.id, "kind": "golden" if known else "look"}
            tx.run(insert(second_looks), [{**row, "answer": answer.json(), "at": ms(self.clock())}])
            tx.log("quality.answered", f"case:{case_id}", {"golden": known})

    def scores(self) -> dict[str, Share]:
        """Person -> share of golden cases answered rightly."""
        right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        asked = select(second_looks, golden.c.expected).join(
            golden, golden.c.case_id == second_looks.c.case_id
        )
        with self.store.read() as view:
            for row in view.rows(asked):
                right[row.person_id][0] += Answer.of(row.answer).label == Answer.of(row.expected).label
                right[row.person_id][1] += 1
        return {person: Share(good, of) for person, (good, of) in sorted(right.items())}

    def agreement(self) -> tuple[Kappa, Kappa]:
        """Cohen's kappa of who decided and who looked again, Fleiss's of all who judged a case."""
        asked = (
            select(second_looks.c.case_id, second_looks.c.answer)
            .where(second_looks.c.kind == "look")
            .order_by(second_looks.c.case_id, second_looks.c.at, second_looks.c.person_id)
        )
        looks: dict[str, list[str]] = defaultdict(list)
        with self.store.read() as view:
            for row in view.rows(asked):
                looks[row.case_id].append(Answer.of(row.answer).label)
            first = _first_labels(view)
        pairs = [(first[case_id], said[0]) for case_id, said in looks.items() if case_id in first]
        every = [[*([first[case_id]] if case_id in first else []), *said] for case_id, said in looks.items()]
        return cohen(pairs), fleiss(every)

    def _drawn(self, case_id: str) -> bool:
        """Whether a case is among the share: nobody can tell beforehand, and it stays so."""
        drawn = int.from_bytes(hashlib.sha256(f"second look {case_id}".encode()).digest()[:8], "big")
        return drawn < self.settings.share * 2**64


def _had_part(view: View, person_id: str, case_id: str | None = None) -> set[str]:
    part = (decisions.c.actor_id == person_id) | (decisions.c.second_id == person_id)
    asked = select(decisions.c.case_id).where(part).distinct()
    if case_id is not None:
        asked = asked.where(decisions.c.case_id == case_id)
    return {row.case_id for row in view.rows(asked)}


def _first_labels(view: View) -> dict[str, str]:
    """What a person decided first in each case that was looked at again."""
    looked = select(second_looks.c.case_id)
    asked = (
        select(decisions.c.case_id, decisions.c.action, decisions.c.clause_id)
        .where(
            decisions.c.case_id.in_(looked), decisions.c.undoes.is_(None), decisions.c.actor_kind != "rule"
        )
        .order_by(decisions.c.case_id, decisions.c.number.desc())
    )
    return {
        row.case_id: Answer(action=Action(row.action), clause_id=row.clause_id).label
        for row in view.rows(asked)
    }
