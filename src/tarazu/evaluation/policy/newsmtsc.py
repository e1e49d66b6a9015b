"""A check from outside that the model reads targets: NewsMTSC (Hamborg and Donnay 2021), sentiment toward a name.

It asks another question than ours (how a sentence portrays its target, not how the author stands), so the network
answers it with a head of its own.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from tarazu.policy.stance.masking import TARGET, plain, readable
from tarazu.policy.stance.model import OnnxStance

FILE = Path("stance") / "newsmtsc" / "devtest_rw.jsonl"
PRONOUN = re.compile(r"^(he|she|his|her|him|it|its|they|their|them|who|i|we|you|my|our)$", re.IGNORECASE)


def targets(path: Path) -> list[tuple[str, int, str]]:
    """Return (text with the target taken out, 0 negative | 1 neutral | 2 positive, group) for every target."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for target in row["targets"]:
            spans = [(target["from"], target["to"])]
            spans += [
                (other["from"], other["to"])
                for other in target.get("further_mentions") or ()
                if not PRONOUN.match(other["mention"])
            ]
            polarity = {2: 0, 4: 1, 6: 2}[round(target["polarity"])]
            found.append((marked(row["sentence_normalized"], spans), polarity, row["primary_gid"]))
    return found


def macro_f1(data: Path, model: OnnxStance) -> tuple[float, int]:
    """Return macro-F1 over negative, neutral and positive, and how many targets there are."""
    texts, truth, _ = zip(*targets(data / FILE), strict=True)
    said = [0] * len(texts)
    for rows, _, _, portrayal in model.shares(texts):
        for row, share in zip(rows, portrayal, strict=True):
            said[row] = int(share.argmax())
    scores = []
    for label in range(3):
        hit = sum(t == s == label for t, s in zip(truth, said, strict=True))
        scores.append(2 * hit / max(1, truth.count(label) + said.count(label)))
    return sum(scores) / 3, len(texts)


def marked(sentence: str, spans: list[tuple[int, int]]) -> str:
    """Return the sentence with its target taken out."""
    text, at = "", 0
    for start, end in sorted(set(spans)):
        if start >= at:
            text += plain(sentence[at:start]) + TARGET
            at = end
    return readable(text + plain(sentence[at:]))
