"""A console with cases in it, on loopback, for a real browser: invented posts in three languages."""

# ruff: noqa: E501  (data read better unbroken)
from __future__ import annotations

import hashlib
import io
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind, Media
from tarazu.cases.report import Report, ReportKind
from tarazu.cases.verdict_found import found
from tarazu.policy.policy_file import read_policy
from tarazu.server.app import create_app
from tarazu.server.people import People
from tarazu.server.roles import Role
from tarazu.server.sessions import Sessions
from tarazu.server.visitor import Preferences
from tarazu.settings import Settings
from tarazu.sightings import MediaHash, MediaMatch, PictureText, Sighting, Transform
from tarazu.store import Store
from tarazu.verdicts import Ground, Mention, Outcome, Purpose, Severity, Stance, StanceReading, Verdict, Words

KEY = bytes(range(32))  # of no value outside tests
POLICY = Path(__file__).parents[2] / "examples" / "policies" / "dangerous-organisations.yaml"
# language, text, who is named in it, the words that decided, how the author stands
POSTS = (
    ("en", "The heroes of Redmarch Front will never be forgotten. Glory to them!", "Redmarch Front", "Glory to them", "praise"),
    ("fa", "درود بر قهرمانان جبههٔ سرخ‌مرز! راهشان ادامه دارد و نامشان زنده است.", "جبههٔ سرخ‌مرز", "درود بر قهرمانان", "praise"),
    ("ar", "انضموا إلى جبهة الحد الأحمر اليوم وادعموهم بكل ما تستطيعون.", "جبهة الحد الأحمر", "انضموا إلى", "support"),
    ("en", "Police said on Tuesday that two members of Redmarch Front were arrested near the border.", "Redmarch Front", "", "neutral"),
    ("en", "Join Redmarch Front today and donate what you can, they fight for us.", "Redmarch Front", "Join", "support"),
    ("fa", "هرگز جبههٔ سرخ‌مرز را برای آنچه با شهر من کرد نمی‌بخشم.", "جبههٔ سرخ‌مرز", "", "condemn"),
    ("fa", "همین امروز به جبههٔ سرخ‌مرز بپیوندید؛ آن‌ها برای ما می‌جنگند.", "جبههٔ سرخ‌مرز", "بپیوندید", "support"),
    ("en", "What a night! Long live Redmarch Front and everyone who marches with it.", "Redmarch Front", "Long live", "praise"),
)  # fmt: skip


def verdict(number: int, lang: str, text: str, name: str, decided: str, stance: str) -> Verdict:
    taking = stance in ("praise", "support")
    start, sure = text.index(name), 0.97 - number / 50
    rest = dict.fromkeys(Stance, (1 - sure) / 3) | {Stance(stance): sure}
    at = text.index(decided) if decided else 0
    return Verdict(
        post_id=f"p{number}", outcome=Outcome.VIOLATES if taking else Outcome.REVIEW,
        grounds=(Ground(clause_id="terrorism", entity_id="redmarch", outcome=Outcome.VIOLATES if taking else Outcome.REVIEW,
                        listed_by=("UN",), jurisdictions=("*",), severity=Severity.CRITICAL if number % 2 else Severity.HIGH),),
        mentions=(Mention(entity_id="redmarch", start=start, end=start + len(name), text=name, alias=name),),
        stances=(StanceReading(entity_id="redmarch", stance=Stance(stance), confidence=sure, shares=rest),),
        purpose=Purpose.EXPRESSION if taking else Purpose.NEWS,
        words=(Words(start=at, end=at + len(decided), text=decided, weight=0.61),) if decided else (),
        where={"*": Outcome.VIOLATES if taking else Outcome.REVIEW},
        reason=f"The post {'praises' if stance == 'praise' else 'names'} “{name}”, listed by UN: {round(100 * sure)} %.",
        versions={"policy": "dangerous-organisations@2026-11#0123456789ab", "model": "stance.v2", "judge": "judge.v1"},
        lang=lang,
    )  # fmt: skip


def picture(folder: Path) -> str:
    """A picture to look at, kept under its SHA-256."""
    drawn = Image.new("RGB", (480, 320), "#b01c2e")
    drawn.paste("#f4efe2", (40, 130, 440, 190))
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    digest = hashlib.sha256(stream.getvalue()).hexdigest()
    (folder / digest[:2]).mkdir(parents=True, exist_ok=True)
    (folder / digest[:2] / digest).write_bytes(stream.getvalue())
    return digest


def seed(store: Store, media: Path) -> None:
    """Eight judged posts (one with a picture, one seen twice), user reports, and an order with its clock."""
    intake = Intake(store, store.clock)
    now = store.clock()
    digest = picture(media)
    results = []
    for number, (lang, text, name, decided, stance) in enumerate(POSTS):
        made = verdict(number, lang, text, name, decided, stance)
        pictures: tuple[Media, ...] = ()
        if number == 1:
            pictures = (Media(ref="banner.png", sha256=digest),)
            read = PictureText(lang="fa", text="جبههٔ سرخ‌مرز\nتا آخر", confidence=0.91)
            match = MediaMatch(
                bank="emblems",
                entry="redmarch-flag",
                distance=6,
                transform=Transform.UPRIGHT,
                entity_id="redmarch",
            )
            seen = Sighting(
                hash=MediaHash(path="banner.png", sha256=digest, md5=""), matches=(match,), text=(read,)
            )
            drawn = (Mention(entity_id="redmarch", start=0, end=13, text="جبههٔ سرخ‌مرز", alias="جبههٔ سرخ‌مرز"),)
            made = Verdict(**{**_fields(made), "media": (seen,), "drawn": drawn, "drawn_text": read.text})
        item = Item(
            kind=ItemKind.POST, external_id=f"p{number}", platform="mastodon" if number == 4 else "example",
            author_id=f"a{number}", author_name=f"Writer {number}", text=text, lang=lang,
            created_at=now - timedelta(hours=5 + number), media=pictures,
            context={"reply_to": "p99", "hashtags": ["march"]} if number == 0 else {},
        )  # fmt: skip
        one = found(made, item, 0.1 * number)
        assert one is not None
        results.append(one)
    intake.findings(results)
    twin = Item(
        kind=ItemKind.POST,
        external_id="p0b",
        platform="example",
        author_id="a9",
        author_name="Writer 9",
        text=POSTS[0][1],
        lang="en",
    )
    again = found(verdict(0, *POSTS[0]), twin, 0)
    assert again is not None
    intake.findings([again])
    for number in range(3):
        intake.report(
            Report(
                item=results[3].item,
                kind=ReportKind.USER,
                reason="I do not think this belongs here.",
                reporter=f"u{number}",
            )
        )
    intake.report(
        Report(item=results[6].item, kind=ReportKind.GOVERNMENT_ORDER, reason="Remove within one hour.", reporter="ministry",
               authority="Ministry of the Interior", legal_basis="Regulation 2021/784, Art. 3", jurisdiction="DE")
    )  # fmt: skip


def _fields(made: Verdict) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__dataclass_fields__}


@dataclass
class Console:
    """A console that runs."""

    url: str
    store: Store
    app: Any
    tokens: Mapping[str, str]  # login -> token of a session
    ids: Mapping[str, str]  # login -> id
    clock: list[timedelta]

    def cookie(self, login: str) -> dict[str, Any]:
        return {
            "name": "tarazu",
            "value": self.tokens[login],
            "url": self.url,
            "httpOnly": True,
            "sameSite": "Lax",
        }


@contextmanager
def console(folder: Path, *, filled: bool = True, name: str = "Rey Viewer") -> Iterator[Console]:
    """Start one on a free port, with three people: two reviewers (English, Persian) and a lead (Arabic)."""
    import uvicorn

    shift = [timedelta()]

    def clock() -> datetime:
        return datetime.now(UTC) + shift[0]

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(
        data_folder=folder, public_url=f"http://127.0.0.1:{port}", store=f"sqlite:///{folder / 'cases.db'}"
    )
    store = Store.open(settings.store_url, key=KEY, clock=clock)
    if filled:
        seed(store, folder / "media")
    people, sessions = People(store, clock), Sessions(store, settings, clock)
    tokens, ids = {}, {}
    for login, called, role, lang in (
        ("rey", name, Role.REVIEWER, "en"), ("shirin", "شیرین", Role.REVIEWER, "fa"), ("layla", "ليلى", Role.LEAD, "ar"),
    ):  # fmt: skip
        ids[login] = people.add(None, login=login, name=called, roles=[role])
        people.prefer(ids[login], Preferences(lang=lang, calendar="jalali" if lang == "fa" else "gregorian"))
        tokens[login] = sessions.begin(ids[login], "password")
    app = create_app(settings, store, clock=clock)
    app.state.decision_settings = DecisionSettings(policies=(read_policy(POLICY),))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    try:
        yield Console(f"http://127.0.0.1:{port}", store, app, tokens, ids, shift)
    finally:
        server.should_exit = True
        thread.join(10)
        store.close()
