"""Any OpenAI-compatible endpoint as the stance model: a larger model at the same place in the judge.

Names are taken out before a text leaves the machine, as they are for the bundled model. What comes back is one JSON
object; anything else counts as no answer, and a person has to read the post.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from typing import Any

from tarazu.errors import OptionError
from tarazu.policy.stance.model import PURPOSES, STANCES, Opinion
from tarazu.progress import SILENT, Progress
from tarazu.verdicts import Purpose, Stance

KEY = "TARAZU_ENDPOINT_KEY"  # environment variable with the key, if the endpoint wants one
SECONDS = 60.0  # for one answer
LARGEST = 1 << 20  # bytes of one answer
GUIDE = """You label posts for content moderators. <mask> stands for an entity, <other> for another one.
Answer with one JSON object and nothing else: {"stance": {...}, "purpose": {...}}.
"stance" holds your probabilities for how the AUTHOR stands toward <mask>:
praise (admires, honours, glorifies, thanks, defends its name), support (takes its side in action: joins, recruits,
gives, spreads, wishes it victory, justifies it), condemn (blames, rejects, mocks, or thanks its opponents), neutral
(reports, asks, mentions, quotes others, mourns without taking its side).
"purpose" holds your probabilities for what the post is for: expression, news, education, counter_speech, condolence,
satire. Quoted praise is not the author's. Label sarcasm by what is meant. Each group of probabilities adds up to 1."""


class EndpointStance:
    """A model behind `POST {base}/chat/completions`.

    `base` is the address up to and with `/v1`. The key, if any, is read from TARAZU_ENDPOINT_KEY.
    """

    def __init__(self, base: str, model: str, key: str | None = None) -> None:
        self.base, self.model = base.rstrip("/"), model
        self.key = key if key is not None else os.environ.get(KEY)
        self.card: dict[str, Any] = {}

    @classmethod
    def of(cls, given: str) -> EndpointStance:
        """Return the endpoint of `URL#MODEL`. Raises OptionError when the name of the model is missing."""
        base, _, model = given.partition("#")
        if not model:
            raise OptionError(f"--model {given}: name the model behind the address, as in {base}#MODEL.")
        return cls(base, model)

    @property
    def version(self) -> str:
        """The model's name, and how it is asked."""
        return f"endpoint.v1:{self.model}"

    def read(self, texts: Sequence[str], progress: Progress = SILENT) -> list[Opinion]:
        """Return one opinion a text, asking for one after the other."""
        opinions = []
        with progress.stage("Asking the endpoint", len(texts)) as stage:
            for text in texts:
                opinions.append(self.ask(text))
                stage.advance(1)
        return opinions

    def ask(self, text: str) -> Opinion:
        """Return the endpoint's opinion of one text.

        Raises OptionError when nobody answers at the address or the endpoint refuses the request.
        """
        from http.client import HTTPException
        from urllib.error import HTTPError, URLError
        from urllib.request import Request, urlopen

        body = json.dumps(
            {
                "model": self.model,
                "temperature": 0,
                "messages": [{"role": "system", "content": GUIDE}, {"role": "user", "content": text}],
            }
        ).encode()
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            # The operator names the address; Request refuses what is no URL, and only http(s) comes here.
            with urlopen(Request(f"{self.base}/chat/completions", body, headers), timeout=SECONDS) as answer:
                return opinion_of(answer.read(LARGEST))
        except HTTPError as error:
            if error.code in (400, 401, 403, 404):
                raise OptionError(
                    f"The endpoint {self.base} refused the request ({error.code} {error.reason}). Check the address, "
                    f"the model's name and {KEY}."
                ) from error
            return NO_ANSWER
        except (URLError, OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise OptionError(
                f"Nobody answers at {self.base} ({reason}). Start the endpoint, or leave --model away."
            ) from error


NO_ANSWER = Opinion(
    stance={stance: 1 / len(STANCES) for stance in STANCES},
    purpose={purpose: 1 / len(PURPOSES) for purpose in PURPOSES},
    answered=False,
)


def opinion_of(answer: bytes) -> Opinion:
    """Return the opinion in an answer; NO_ANSWER when there is none."""
    try:
        said = json.loads(answer)["choices"][0]["message"]["content"]
        found = json.loads(re.search(r"\{.*\}", said, re.DOTALL).group())  # type: ignore[union-attr]
        return Opinion(
            stance=added_up({Stance(name): float(share) for name, share in found["stance"].items()}, STANCES),
            purpose=added_up(
                {Purpose(name): float(share) for name, share in found["purpose"].items()}, PURPOSES
            ),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return NO_ANSWER


def added_up(shares: dict[Any, float], names: Sequence[Any]) -> dict[Any, float]:
    """Return the shares of every name, adding up to one. Raises ValueError when they cannot."""
    kept = {name: shares.get(name, 0.0) for name in names}
    total = sum(kept.values())
    if not total > 0 or any(not 0 <= share <= 1e6 for share in kept.values()):
        raise ValueError("no shares")
    return {name: share / total for name, share in kept.items()}
