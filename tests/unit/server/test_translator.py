"""A translator over real HTTP: asked when somebody asks, remembered, and nobody waits for one that is away."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cases"))
from court import Court

from console import build
from tarazu.server.roles import Role
from tarazu.server.translator import AWAY, Translator
from tarazu.settings import Translator as Wanted


class Libre(ThreadingHTTPServer):
    """Speaks the protocol, and keeps what it was asked."""

    asked: list[dict[str, Any]]
    answer: tuple[int, bytes]
    moved: str = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/libre"


class Answering(BaseHTTPRequestHandler):
    server: Libre

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append({"path": self.path, **json.loads(body)})
        status, answer = self.server.answer
        self.send_response(status)
        if self.server.moved:
            self.send_header("location", self.server.moved)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def libre() -> Iterator[Libre]:
    server = Libre(("127.0.0.1", 0), Answering)
    server.asked, server.answer = [], (200, json.dumps({"translatedText": "زنده باد <b>"}).encode())
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_is_asked_once_in_the_protocol_with_its_key(libre: Libre) -> None:
    ask = Translator(Wanted(address=libre.address, key="k1"))  # type: ignore[arg-type]
    assert ask("Long live", "en", "fa") == "زنده باد <b>" == ask("Long live", "en", "fa")
    assert libre.asked == [
        {"path": "/libre/translate", "q": "Long live", "source": "en", "target": "fa", "format": "text",
         "api_key": "k1"}
    ]  # fmt: skip
    assert ask("Long live", "", "ar") and libre.asked[-1]["source"] == "auto"


@pytest.mark.parametrize(
    ("status", "answer", "away"),
    [(400, b'{"error": "fa is not supported"}', False), (200, b"<html>", False), (200, b"[]", False),
     (302, b"", False), (500, b"", True)],
)  # fmt: skip
def test_what_is_no_answer_is_none(libre: Libre, status: int, answer: bytes, away: bool) -> None:
    at = [0.0]
    ask = Translator(Wanted(address=libre.address), lambda: at[0])
    libre.answer, libre.moved = (status, answer), f"{libre.address}/elsewhere" if status == 302 else ""
    assert ask("a", "en", "fa") is None and len(libre.asked) == 1
    assert ask("b", "en", "fa") is None and len(libre.asked) == (1 if away else 2)
    at[0] += AWAY
    assert ask("c", "en", "fa") is None and len(libre.asked) == (2 if away else 3)


def test_it_stands_beside_the_post_when_somebody_asks(tmp_path: Path, libre: Libre) -> None:
    console = build(tmp_path, translator={"address": libre.address})
    court = Court(console.store)
    case_id, other = court.post(text="Long live the front"), court.post(text="Glory to them all, always")
    reader = console.client(Role.REVIEWER)
    assert "Translate" not in reader.page(f"/cases/{case_id}")  # it is in their language
    at = f"/cases/{case_id}?lang=fa"
    page = reader.page(at)
    assert f'action="/cases/{case_id}/translation"' in page and not libre.asked
    shown = reader.submit(f"/cases/{case_id}/translation?lang=fa").text
    assert "زنده باد &lt;b&gt;" in shown and "ترجمهٔ ماشینی" in shown and "side-by-side" in shown
    libre.answer = (503, b"")
    failed = reader.submit(f"/cases/{other}/translation?lang=fa")
    assert failed.status_code == 200 and "مترجم پاسخ نمی‌دهد" in failed.text and 'id="decide"' in failed.text
    console.store.close()
