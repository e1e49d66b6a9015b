"""Trying a version before it is in force: its own examples, and what it would have said of posts that are kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from tarazu.cases import rows
from tarazu.cases.decision import Action
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.judgements import judgements
from tarazu.cases.policy_in_force import InForce
from tarazu.cases.policy_version import Kind, Version
from tarazu.cases.policy_versions import PolicyVersions
from tarazu.cases.unread import posts_of
from tarazu.ledger import canonical
from tarazu.store import Actor, Store
from tarazu.store.ids import new_id
from tarazu.store.tables.cases import cases, items
from tarazu.store.tables.policies import policy_trials
from tarazu.store.times import moment, ms
from tarazu.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from tarazu.policy.clause import Policy
    from tarazu.policy.designations import EntityList
    from tarazu.policy.stance.model import StanceModel

POSTS = 500  # the latest ones that are judged again
SHOWN = 100  # changes that are listed
DEAD = timedelta(minutes=20)  # after which whoever ran a trial is taken for dead


@dataclass(frozen=True, kw_only=True)
class PolicyTrial:
    """One trial of a version."""

    id: str
    version_id: str
    state: str  # waiting | running | done | failed
    asked_at: datetime
    body: dict[str, Any]


class PolicyTrials:
    """The trials of an installation. They affect nobody, so that they are not in the ledger."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        self.store, self.clock = store, clock or store.clock

    def ask(self, version: Version, actor: Actor) -> None:
        """Ask for a trial; one that waits or runs is enough."""
        now = ms(self.clock())
        with self.store.write(actor) as tx:
            last = self._last(tx, version.id)
            if last is not None and last.state in ("waiting", "running"):
                return
            row = {
                "id": new_id(now), "version_id": version.id, "against_id": None, "kind": "backtest",
                "state": "waiting", "done": 0, "total": 0, "asked_by": actor.id, "asked_at": now, "beat_at": now,
                "body": "{}",
            }  # fmt: skip
            tx.run(insert(policy_trials), [row])

    def last(self, version_id: str) -> PolicyTrial | None:
        """The latest trial of a version."""
        with self.store.read() as view:
            return self._last(view, version_id)

    def waiting(self) -> bool:
        """Whether one is to be run."""
        with self.store.read() as view:
            return view.one(self._open().limit(1)) is not None

    def run(self, held: InForce, listed: Callable[[], EntityList], model: Callable[[], StanceModel]) -> int:
        """Run those that wait; gives how many."""
        count = 0
        while (trial_id := self._take()) is not None:
            try:
                body, state = self._tried(trial_id, held, listed(), model()), "done"
            except Exception as error:  # whatever it is, the page has to say that it ended
                body, state = {"error": type(error).__name__}, "failed"
            values = {"state": state, "body": canonical.dumps(body), "beat_at": ms(self.clock())}
            with self.store.write(Actor("system", "tarazu")) as tx:
                tx.run(update(policy_trials).where(policy_trials.c.id == trial_id).values(**values))
            count += 1
        return count

    def _take(self) -> str | None:
        now = ms(self.clock())
        with self.store.write(Actor("system", "tarazu")) as tx:
            row = tx.one(self._open().order_by(policy_trials.c.id).limit(1))
            if row is None:
                return None
            mine = policy_trials.c.id == row.id
            tx.run(update(policy_trials).where(mine).values(state="running", beat_at=now))
        return str(row.id)

    def _open(self) -> Any:
        dead = (policy_trials.c.state == "running") & (policy_trials.c.beat_at < ms(self.clock() - DEAD))
        return select(policy_trials).where((policy_trials.c.state == "waiting") | dead)

    def _last(self, view: Any, version_id: str) -> PolicyTrial | None:
        asked = select(policy_trials).where(policy_trials.c.version_id == version_id)
        row = view.one(asked.order_by(policy_trials.c.id.desc()).limit(1))
        if row is None:
            return None
        return PolicyTrial(
            id=row.id, version_id=row.version_id, state=row.state, asked_at=moment(row.asked_at),
            body=json.loads(row.body),
        )  # fmt: skip

    def _tried(self, trial_id: str, held: InForce, listed: EntityList, model: StanceModel) -> dict[str, Any]:
        from tarazu.policy.backtest import Remembering
        from tarazu.policy.judge import Judge
        from tarazu.policy.trial import trials

        with self.store.read() as view:
            version_id = view.value(select(policy_trials.c.version_id).where(policy_trials.c.id == trial_id))
        version = PolicyVersions(self.store).get(str(version_id))
        memory = Remembering(model)
        policy = held.policy()
        new_policy: Policy | None = held.policy_of(version) if version.kind == Kind.POLICY else policy
        assert new_policy is not None  # a list is tried by the policy in force
        new_list = held.list_of(version) if version.kind == Kind.ENTITIES else listed
        said: dict[str, Any] = {"examples": [], "passed": 0}
        if version.kind == Kind.POLICY:
            tried = trials(new_policy, memory)
            said["passed"] = sum(one.passed for one in tried)
            said["examples"] = [
                {
                    "line": one.example.line,
                    "text": one.text,
                    "wanted": str(one.example.outcome),
                    "said": str(one.verdict.outcome),
                }
                for one in tried
                if not one.passed
            ]  # fmt: skip
            said["of"] = len(tried)
        found = self._posts()
        if not found:
            return {**said, **self._compared([], [], [])}
        posts = posts_of([item for item, _ in found], self.clock())
        after = list(Judge(new_list, new_policy, memory, highlight=False).verdicts(posts))
        before = list(Judge(listed, policy, memory, highlight=False).verdicts(posts)) if policy else after
        return {**said, **self._compared(found, before, after)}

    def _posts(self) -> list[tuple[Item, str]]:
        """The latest posts that have words, each with its case."""
        asked = (
            select(items, cases.c.id.label("case_of"))
            .join(cases, cases.c.item_id == items.c.id)
            .where(items.c.kind == str(ItemKind.POST), items.c.text.is_not(None), items.c.text != "")
            .order_by(cases.c.id.desc())
            .limit(POSTS)
        )
        with self.store.read() as view:
            return [(rows.item(row), row.case_of) for row in view.rows(asked)]

    def _compared(
        self, found: Sequence[tuple[Item, str]], before: Sequence[Verdict], after: Sequence[Verdict]
    ) -> dict[str, Any]:
        with self.store.read() as view:
            settled = {one.case_id: one for one in judgements(view, [case_id for _, case_id in found])}
        moves = Counter((str(one.outcome), str(two.outcome)) for one, two in zip(before, after, strict=True))
        changed = [
            {"case": case_id, "text": (item.text or "")[:160], "before": str(one.outcome), "after": str(two.outcome)}
            for (item, case_id), one, two in zip(found, before, after, strict=True)
            if one.outcome != two.outcome
        ]  # fmt: skip
        acted = {case_id for case_id, one in settled.items() if one.action != Action.NO_ACTION}
        agreement = {}
        for name, verdicts in (("before", before), ("after", after)):
            judged = [
                (one.outcome == Outcome.VIOLATES, case_id in acted)
                for (_, case_id), one in zip(found, verdicts, strict=True)
                if case_id in settled
            ]
            agreement[name] = {
                "both": sum(said and did for said, did in judged),
                "said": sum(said for said, _ in judged),
                "did": sum(did for _, did in judged),
            }
        return {
            "posts": len(found),
            "settled": len(settled),
            "moves": [[*pair, many] for pair, many in sorted(moves.items()) if pair[0] != pair[1]],
            "changed": changed[:SHOWN],
            "changes": len(changed),
            "agreement": agreement,
        }
