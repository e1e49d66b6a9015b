"""A real Chromium for the report; skipped with a plain message only where none is installed."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "report"))  # invented.py, payloads.py

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Opened:
    """A page and everything it did that it should not have done."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def check(self) -> None:
        """No request but the file itself, no console error, no dialog, no script of anyone else's."""
        assert self.requests == [] and self.errors == [] and self.dialogs == []
        assert self.page.evaluate("window.__ran") is None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium found on PATH: the report was not looked at in a browser")
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed: pip install 'tarazu[test]'")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def look(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Open HTML as a file in a fresh context; options go to the context (viewport, color_scheme, ...)."""
    contexts = []

    def open_(html: str, fragment: str = "", **options: Any) -> Opened:
        file = tmp_path / f"report{len(contexts)}.html"
        file.write_text(html, encoding="utf-8")
        context = chromium.new_context(**({"viewport": {"width": 1280, "height": 860}} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        opened = Opened(page)
        page.on(
            "request",
            lambda r: None if r.url.startswith((file.as_uri(), "data:")) else opened.requests.append(r.url),
        )
        page.on("console", lambda m: opened.errors.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: opened.errors.append(str(e)))
        page.on("dialog", lambda d: (opened.dialogs.append(d.message), d.dismiss()))
        page.goto(file.as_uri() + fragment)
        page.wait_for_timeout(400)
        return opened

    yield open_
    for context in contexts:
        context.close()
