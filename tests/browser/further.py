"""What the pages beyond queue and case show: a network that is proposed to be limited, a decision with its appeal."""

from __future__ import annotations

from datetime import timedelta

import casework

from tarazu.cases.appeals import Appeals
from tarazu.cases.decision import Action, Choice
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.networks import plain
from tarazu.cases.queue import Queue
from tarazu.cases.report import Report, ReportKind
from tarazu.cases.rule import RuleDraft
from tarazu.cases.rules import Rules
from tarazu.cases.staging import Staging
from tarazu.findings import Act, Label, Member, Moment, Network, Role, SharedObject, Timeline
from tarazu.server.casework import casework as work_of
from tarazu.server.people import People
from tarazu.server.roles import Role as Duty
from tarazu.server.sessions import Sessions
from tarazu.server.visitor import Preferences
from tarazu.store import Actor
from tarazu.verdicts import Purpose, Stance

TEXTS = (
    "همین امروز به خیابان بیایید و صدای ما را به همه برسانید #روز_نو",
    "Come to the square today and make our voice heard everywhere #newday",
)


def network(console: casework.Console, size: int = 23, prefix: str = "acct") -> str:
    """A network case: moments in two languages, a timeline, what argues against."""
    now = console.store.clock()
    start = now - timedelta(days=4)
    names = [f"Garden {number}" if number % 3 else f"باغ {number}" for number in range(size)]
    members = tuple(
        Member(
            account_id=f"{prefix}-{number}", role=tuple(Role)[number % 3], score=30.0 - number, posts=40 + number,
            edges=6, joint=31 - number, core=number < size - 2, name=names[number],
        )
        for number in range(size)
    )  # fmt: skip
    acts = tuple(
        Act(
            account_id=f"{prefix}-{number}", post_id=f"n{number}", time=start + timedelta(seconds=2 * number * number),
            text=TEXTS[number % 2], lang="fa" if number % 2 == 0 else "en",
        )
        for number in range(7)
    )  # fmt: skip
    one = Network(
        id="N1",
        label=Label.COORDINATED,
        reason=f"{size} accounts posted nearly the same text within 72 seconds of each other, 31 times.",
        against=("All of them say in their profile that they belong to one campaign.",),
        p_value=2.4e-7,
        traces={"co_text": 60, "co_url": 14},
        members=members,
        objects=(
            SharedObject(
                trace="co_url", key="https://news.invalid/a/long/address/of/an/article", members=12, others=3,
                first=start, span_seconds=340,
            ),
        ),
        moments=(
            Moment(trace="co_text", key="come to the square", acts=acts),
            Moment(trace="co_url", key="https://news.invalid/a", acts=acts[:3]),
        ),
        timeline=Timeline(
            start=start, bin_seconds=3600, members=tuple((7 * h) % 11 for h in range(96)),
            everyone=tuple(90 + (h * 37) % 80 for h in range(96)),
        ),
        first=start,
        last=now,
    )  # fmt: skip
    edges = [
        {
            "source": f"{prefix}-{a}", "target": f"{prefix}-{b}", "trace": "co_text", "window": 60, "weight": 5,
            "expected": 0.2, "p_value": 10.0 ** -(3 + (a * b) % 9), "q_value": 1e-3,
        }
        for a in range(size) for b in range(a + 1, size) if (a * 7 + b * 3) % 5 == 0
    ]  # fmt: skip
    accounts = [
        Item(kind=ItemKind.ACCOUNT, external_id=f"{prefix}-{number}", platform="example",
             author_id=f"{prefix}-{number}", author_name=names[number], lang="fa")
        for number in range(size)
    ]  # fmt: skip
    evidence = plain({"edges": edges, "edges_in_all": len(edges), "health": []})
    return Intake(console.store, console.store.clock).network(one, accounts, evidence, platform="example")


def person(console: casework.Console, login: str, name: str, lang: str, *roles: Duty) -> Actor:
    """Somebody more than the console begins with."""
    people, settings = People(console.store, console.store.clock), console.app.state.desk.settings
    made = people.add(None, login=login, name=name, roles=roles)
    people.prefer(made, Preferences(lang=lang, calendar="jalali" if lang == "fa" else "gregorian"))
    tokens = dict(console.tokens)
    tokens[login] = Sessions(console.store, settings, console.store.clock).begin(made, "password")
    console.tokens = tokens
    return Actor("person", made, name)


def seed(console: casework.Console) -> dict[str, str]:
    """Everything; gives the ids that addresses are made of."""

    class Asked:  # `casework` asks for nothing else of a request
        app = console.app

    decisions = work_of(Asked()).decisions  # type: ignore[arg-type]
    rey = Actor("person", console.ids["rey"], "Rey")
    everybody = (Duty.LEAD, Duty.ADMIN, Duty.AUDITOR, Duty.POLICY_EDITOR)
    person(console, "noor", "Noor", "en", *everybody)
    mina = person(console, "mina", "مینا", "fa", *everybody)
    case = network(console)
    reason = "They post the same words within seconds and say nowhere that they belong together."
    clause = decisions.settings.policies[0].clauses[0].id
    limit = Choice(action=Action.LIMIT, reason=reason, clause_id=clause, exclude=("acct-4",))
    staged = Staging(decisions).stage(case, rey, limit)
    free = network(console, 24)
    posts = Queue(console.store, console.store.clock).page()
    post = next(row.id for row in posts if row.title.startswith("What a night"))
    farsi = next(row.id for row in posts if row.title.startswith("همین"))
    read = next(row.id for row in posts if row.title.startswith("Join"))
    tokens = []
    for one in (post, farsi, read):
        choice = Choice(
            action=Action.LIMIT, reason="The post praises Redmarch Front, which this clause does not allow.",
            clause_id=clause, stance=Stance.PRAISE, purpose=Purpose.EXPRESSION,
        )  # fmt: skip
        made = decisions.decide(one, rey, choice)
        if made.waits:
            made = decisions.second(made.id, Actor("person", console.ids["layla"], "Layla"), True)
        tokens.append(next(link.token for link in made.links if link.recipient_kind == "affected"))
    appeal = Appeals(console.store, console.store.clock, decisions.settings).open(
        tokens[0], "I wrote about a concert of that name. The march is a piece of music.", "en"
    )
    rule = Rules(console.store, console.store.clock, deciding=decisions.settings).create(
        mina,
        RuleDraft(
            name="Praise in Persian",
            condition={"outcome": ["violates"], "lang": ["fa"], "certainty": 0.97},
            action=Action.LIMIT,
            clause_id=clause,
            reason="It praises a listed group.",
        ),
    )
    token = (
        Intake(console.store, console.store.clock)
        .report(
            Report(
                item=Item(kind=ItemKind.POST, external_id="p77"),
                kind=ReportKind.ANONYMOUS,
                reason="Look at this.",
            )
        )
        .token
    )
    return {
        "network": case, "free": free, "proposed": staged.id, "appeal": appeal.id, "notice": tokens[0],
        "notice_fa": tokens[1], "notice_open": tokens[2], "rule": rule.id, "receipt": token or "",
    }  # fmt: skip
