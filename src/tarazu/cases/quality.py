"""How well people decide: golden cases, second looks that do not know the first, agreement."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from tarazu.cases import clean
from tarazu.cases.agreement import Kappa, cohen, fleiss
from tarazu.cases.answer import Answer
from tarazu.cases.case import CaseKind, CaseState
from tarazu.cases.comparing import compared
from tarazu.cases.erasing import GONE
from tarazu.cases.file import CaseFile, json_list, read_file
from tarazu.cases.filter import spoken
from tarazu.cases.interval import Share
from tarazu.cases.locks import fits
from tarazu.cases.refusal import CaseError
from tarazu.errors import OptionError
from tarazu.store import Actor, Store
from tarazu.store.tables.cases import cases
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.quality import golden, second_looks
from tarazu.store.times import ms
from tarazu.store.view import View

DECIDED = (str(CaseState.DECIDED), str(CaseState.CLOSED))
RECENT = 5_000  # decided cases among which a second look is chosen


@dataclass(frozen=True, kw_only=True)
class QualitySettings:
    """How much is looked at twice."""

    share: float = 0.05  # of what people decide
    within: timedelta = timedelta(days=30)  # after it was decided
    few: int = 20  # fewer cases than this are too few to say a share of

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise OptionError("`share` of second looks is between 0 and 1.")


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
            if read_file(tx, case_id).kind == CaseKind.NETWORK:
                raise CaseError("A network is decided in stages; choose the case of a post or an account.")
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

    def next(self, person_id: str, languages: Sequence[str] = (), skills: Sequence[str] = ()) -> str | None:
        """A case for this person to look at without knowing what was decided; None where there is none.

        Golden ones first, then what is drawn of the decided cases and nobody has looked at. `languages` and
        `skills` are theirs: they get nothing that the queue would not give them.
        """
        with self.store.read() as view:
            mine = select(second_looks.c.case_id).where(second_looks.c.person_id == person_id)
            seen = {row.case_id for row in view.rows(mine)} | _had_part(view, person_id)
            posts = (cases.c.kind != str(CaseKind.NETWORK)) & cases.c.key.not_like(f"{GONE}%")
            if languages:
                posts &= spoken(languages)
            known = (
                select(golden.c.case_id, cases.c.skills)
                .join(cases, cases.c.id == golden.c.case_id)
                .where(posts, golden.c.made_by != person_id, cases.c.state.in_(DECIDED))
                .order_by(golden.c.case_id)
            )
            asked = [(row.case_id, row.skills) for row in view.rows(known)]
            recent = (
                select(cases.c.id, cases.c.skills)
                .where(posts, cases.c.state.in_(DECIDED))
                .where(cases.c.decided_at > ms(self.clock() - self.settings.within))
                .order_by(cases.c.decided_at.desc(), cases.c.id)
                .limit(RECENT)
            )
            looked = {row.case_id for row in view.rows(select(second_looks.c.case_id).distinct())}
            drawn = [(row.id, row.skills) for row in view.rows(recent) if self._drawn(row.id)]
            asked += [one for one in drawn if one[0] not in looked]
        fit = (one for one, needed in asked if one not in seen and fits(json_list(needed), skills))
        return next(fit, None)

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
        pairs, every = [], []
        with self.store.read() as view:
            for one in compared(view):
                if one.first is not None:
                    pairs.append((one.first, one.looks[0]))
                every.append([*([one.first] if one.first is not None else []), *one.looks])
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
