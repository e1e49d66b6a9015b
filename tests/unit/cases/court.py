"""A small platform to decide about: cases as they come in, people who decide, a clock that only tests move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tarazu.cases.appeals import Appeals
from tarazu.cases.decision import Action, Choice, Decision
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.decisions import Decisions
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.notices import Notices
from tarazu.cases.staging import Staging
from tarazu.cases.strikes import Strikes
from tarazu.findings import Label, Member, Network, Role, Timeline
from tarazu.policy.clause import Policy
from tarazu.policy.policy_file import parse_policy
from tarazu.store import Actor, Store
from tarazu.store.tables.cases import cases
from tarazu.verdicts import Purpose, Severity, Stance

ADA, BEN, CLEO, DARA = (Actor("person", name, name.title()) for name in ("ada", "ben", "cleo", "dara"))
RULE = Actor("rule", "rule-1")
POLICY: Policy = parse_policy(
    """
policy: house-rules
version: "1"
clauses:
  - id: praise
    text:
      en: No praise of listed groups.
      fa: ستایش از گروه‌های فهرست‌شده ممنوع است.
      ar: تُمنع الإشادة بالجماعات المدرجة.
    severity: critical
    dsa_category: STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY
    dsa_keyword: KEYWORD_TERRORIST_CONTENT
  - id: concert
    text: {en: Do not act together in disguise.}
    covers: {kinds: [network]}
    severity: high
"""
)
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Clock:
    """A time that moves when a test says so."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


class Court:
    """Everything about deciding, over one store."""

    def __init__(self, store: Store, settings: DecisionSettings | None = None) -> None:
        self.clock = Clock()
        store.clock = self.clock
        self.store = store
        self.settings = settings or DecisionSettings(policies=(POLICY,))
        self.intake = Intake(store, self.clock)
        self.decisions = Decisions(store, self.clock, self.settings)
        self.appeals = Appeals(store, self.clock, self.settings)
        self.notices = Notices(store, self.clock, self.settings)
        self.strikes = Strikes(store, self.clock, self.settings)
        self.staging = Staging(self.decisions)
        self._posts = 0

    def post(
        self,
        author: str | None = "anna",
        text: str | None = None,
        lang: str = "en",
        platform: str = "square",
        kind: ItemKind = ItemKind.POST,
    ) -> str:
        """A new case about one post (or account)."""
        found = self._found(author, text, lang, platform, kind)
        (case_id,) = self.intake.findings([found]).case_ids
        return case_id

    def posts_like(self, text: str, number: int) -> None:
        """Further posts with the same words, by others: they join the case of the first."""
        more = [self._found(f"other{one}", text, "en", "square", ItemKind.POST) for one in range(number)]
        assert self.intake.findings(more).joined == number

    def _found(self, author: str | None, text: str | None, lang: str, platform: str, kind: ItemKind) -> Found:
        self._posts += 1
        self.clock.later(seconds=1)
        number = self._posts
        words = f"{_unlike(number)} forever" if text is None else text
        item = Item(
            kind=kind,
            external_id=author if kind == ItemKind.ACCOUNT and author else f"p{number}",
            platform=platform,
            author_id=author if kind == ItemKind.POST else None,
            text=words,
            lang=lang,
            created_at=START - timedelta(days=1),
        )
        return Found(
            item=item,
            kind=FindingKind.VIOLATION,
            body={"verdict": "violates", "words": [{"start": 0, "end": 4, "text": words[:4], "weight": 1.0}]},
            versions={"policy": f"house-rules@1#{POLICY.digest[:12]}", "stance": "s.v1", "entities": "e#1"},
            certainty=0.9,
            signature=f"violates {number}",
            severity=Severity.CRITICAL,
            clause_id="praise",
        )

    def network(self, size: int = 4, name: str = "n") -> str:
        """A new case about a network."""
        self.clock.later(seconds=1)
        names = [f"{name}{number:03}" for number in range(size)]
        network = Network(
            id="N1",
            label=Label.COORDINATED,
            reason="Together within seconds.",
            against=("They may know each other.",),
            p_value=1e-6,
            traces={"co_url": size},
            members=tuple(
                Member(account_id=one, role=Role.BOTH, score=5.0, posts=9, edges=2, joint=5) for one in names
            ),
            objects=(),
            moments=(),
            timeline=Timeline(start=START, bin_seconds=60, members=(1,), everyone=(2,)),
            first=START,
            last=START,
        )
        members = [Item(kind=ItemKind.ACCOUNT, external_id=one, platform="square") for one in names]
        return self.intake.network(network, members, {}, platform="square")

    def state(self, case_id: str) -> str:
        with self.store.read() as view:
            return str(view.value(select(cases.c.state).where(cases.c.id == case_id)))

    def choose(self, action: Action | str, **more: object) -> Choice:
        values: dict[str, object] = {"action": Action(action), "reason": "It praises them."}
        if Action(action).blames:
            values |= {"clause_id": "praise", "stance": Stance.PRAISE, "purpose": Purpose.EXPRESSION}
        return Choice(**(values | more))  # type: ignore[arg-type]

    def decide(self, case_id: str, action: Action | str, actor: Actor = ADA, **more: object) -> Decision:
        self.clock.later(seconds=1)
        return self.decisions.decide(case_id, actor, self.choose(action, **more))

    def both(self, case_id: str, action: Action | str, **more: object) -> Decision:
        """Decided by Ada, agreed to by Ben."""
        made = self.decide(case_id, action, **more)
        self.clock.later(seconds=1)
        return self.decisions.second(made.id, BEN, True)


def _unlike(number: int) -> str:
    """A text that is no near-duplicate of another."""
    numbers = (f"{number * 7919 * factor:x}" for factor in (1, 3, 7, 11, 13))
    return " ".join("".join(chr(97 + ord(digit) % 26) * 3 for digit in one) for one in numbers)
