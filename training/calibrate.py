"""Make the network's shares mean what they say, and choose how sure it has to be.

    python calibrate.py --network run/network.pt --encoder encoder/ --templates templates/ --version stance.v1 \
        --out run/card.json

Temperatures are fitted on the families of the dev part. So are the two shares between which a person decides: the
narrowest band in which at most WRONG of the posts that should stay are removed and at most MISSED of the violating ones
stay up. The test part is not read here.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import examples as ex
import numpy as np
from network import load
from scores import macro_f1
from split import part_of
from tokenizers import Tokenizer
from train import outputs

WRONG, MISSED = 0.03, 0.12  # of the dev part: the goals themselves


def softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Return shares."""
    scaled = logits / temperature
    scaled = np.exp(scaled - scaled.max(1, keepdims=True))
    return scaled / scaled.sum(1, keepdims=True)


def temperature_of(logits: np.ndarray, truth: np.ndarray) -> float:
    """Return the temperature with the smallest log loss."""
    grid = np.geomspace(0.3, 6.0, 80)
    rows = np.arange(len(truth))
    losses = [-np.log(np.clip(softmax(logits, t)[rows, truth], 1e-9, 1)).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def band(forbidden: np.ndarray, violating: np.ndarray) -> tuple[float, float]:
    """Return (from which share a post violates, up to which it stays): the narrowest band that keeps both rates."""
    best = None
    cuts = np.round(np.arange(0.02, 0.99, 0.01), 2)
    for above in cuts:
        if (forbidden[~violating] >= above).mean() > WRONG:
            continue
        for below in cuts[cuts <= above]:
            if (forbidden[violating] <= below).mean() > MISSED:
                continue
            review = ((forbidden > below) & (forbidden < above)).mean()
            kept = (review, above - below)
            if best is None or kept < best[0]:
                best = (kept, float(above), float(below))
    if best is None:
        raise SystemExit("No band keeps both rates on the dev part; train a better network.")
    return best[1], best[2]


def main() -> None:
    """Fit and write the card."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--network", type=Path, required=True)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--templates", type=Path, required=True)
    arguments.add_argument("--version", required=True)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    network = load(given.network)
    tokenizer = Tokenizer.from_file(str(given.encoder / "tokenizer.json"))
    held = [
        ex.with_text(example, ex.marked(text))
        for row in ex.templates(given.templates)
        if part_of(row["family"]) == "dev"
        for text, example in ex.of_template(row)
    ]
    stance, purpose, _ = outputs(network, held, tokenizer)
    truth = np.array([example.stance for example in held])
    for_what = np.array([example.purpose for example in held])
    temperature = {"stance": temperature_of(stance, truth), "purpose": temperature_of(purpose, for_what)}
    shares = softmax(stance, temperature["stance"])
    forbidden, violating = shares[:, :2].sum(1), truth < 2
    above, below = band(forbidden, violating)
    card = {
        "version": given.version,
        "temperature": temperature,
        "certainty": {"violates": above, "allowed": below},
        "dev": {
            "lines": len(held),
            "stance_macro_f1": round(macro_f1(truth, stance.argmax(1)), 4),
            "purpose_macro_f1": round(macro_f1(for_what, purpose.argmax(1)), 4),
            "review": round(float(((forbidden > below) & (forbidden < above)).mean()), 4),
            "wrongly_removed": round(float((forbidden[~violating] >= above).mean()), 4),
            "missed": round(float((forbidden[violating] <= below).mean()), 4),
        },
    }
    given.out.write_text(json.dumps(card, indent=1) + "\n")
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
