"""A machine that translates posts for who reads them: any server that speaks LibreTranslate's protocol.

The operator names it; nothing is sent anywhere else: no redirect is followed, and no proxy of the environment is used.
It may fail: then the page says so, and is not slowed down by it again for a while.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

from tarazu.settings import Translator as Wanted

LONGEST = 10_000  # characters of one text
LARGEST = 1 << 20  # bytes of one answer
KEPT = 500  # translations, the latest
AWAY = 30.0  # seconds for which a server that did not answer is not asked


class Translator:
    """Translates one text at a time, and remembers."""

    def __init__(self, wanted: Wanted, clock: Callable[[], float] = time.monotonic) -> None:
        self.wanted, self._clock = wanted, clock
        self._kept: OrderedDict[tuple[str, str, str], str] = OrderedDict()
        self._lock = threading.Lock()
        self._away_until = -1.0

    def __call__(self, text: str, spoken: str, into: str) -> str | None:
        """The text in another language; None where there is no answer. `spoken` may be empty: the server guesses."""
        asked = (text[:LONGEST], spoken or "auto", into)
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
                return self._kept[asked]
            if self._clock() < self._away_until:
                return None
        try:
            status, answer = self._ask(*asked)
        except (OSError, http.client.HTTPException):
            status, answer = 0, b""
        made = _translation(answer) if status == 200 else None
        with self._lock:
            if not status or status >= 500:
                self._away_until = self._clock() + AWAY
            if made is not None:
                self._kept[asked] = made
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return made

    def _ask(self, text: str, spoken: str, into: str) -> tuple[int, bytes]:
        parts = urlsplit(self.wanted.address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        body = {"q": text, "source": spoken, "target": into, "format": "text"}
        if key := self.wanted.key.get_secret_value():
            body["api_key"] = key
        line = kind(parts.hostname or "", parts.port, timeout=self.wanted.timeout)
        try:
            headers = {"content-type": "application/json", "accept": "application/json"}
            line.request("POST", f"{parts.path}/translate", json.dumps(body), headers)
            answer = line.getresponse()
            return answer.status, answer.read(LARGEST)
        finally:
            line.close()


def _translation(answer: bytes) -> str | None:
    try:
        read = json.loads(answer)
    except ValueError:
        return None
    said = read.get("translatedText") if isinstance(read, dict) else None
    return said if isinstance(said, str) and said.strip() else None
