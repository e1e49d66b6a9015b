"""The stance model that comes with Tarazu: a small multilingual encoder, run by onnxruntime."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tarazu.errors import NotReadable
from tarazu.progress import SILENT, Progress
from tarazu.verdicts import Purpose, Stance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STANCES = (Stance.PRAISE, Stance.SUPPORT, Stance.CONDEMN, Stance.NEUTRAL)
PURPOSES = (
    Purpose.EXPRESSION,
    Purpose.NEWS,
    Purpose.EDUCATION,
    Purpose.COUNTER_SPEECH,
    Purpose.CONDOLENCE,
    Purpose.SATIRE,
)
BATCH = 32  # texts at once; of about one length, so that little is padding
FOREIGN = 0.25  # share of pieces the network does not know, from which it gives no answer: another script
LONGEST = 192  # tokens; a longer text is cut around its target before it comes here, and at its end here


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What a model says of one text about its target. Shares are calibrated and add up to one."""

    stance: dict[Stance, float]
    purpose: dict[Purpose, float]
    answered: bool = True  # False: the model gave no usable answer, so nobody is sure

    @property
    def likeliest(self) -> Stance:
        """The stance with the largest share."""
        return max(self.stance, key=lambda stance: self.stance[stance])

    @property
    def likeliest_purpose(self) -> Purpose:
        """The purpose with the largest share."""
        return max(self.purpose, key=lambda purpose: self.purpose[purpose])


class StanceModel(Protocol):
    """Anything that reads texts with `<mask>` for the target: the bundled model, a larger one, an endpoint."""

    @property
    def version(self) -> str:
        """Name and version, kept with every verdict."""
        ...

    def read(self, texts: Sequence[str], progress: Progress = SILENT) -> list[Opinion]:
        """Return one opinion a text, in order."""
        ...


class OnnxStance:
    """A trained network in a folder: `model.onnx`, `tokenizer.json` and `card.json`.

    Loaded at the first reading (about a second). Raises NotReadable when the folder does not hold a model.
    """

    def __init__(self, folder: Path | None = None, threads: int = 0) -> None:
        self.folder = folder or bundled()
        self.threads = threads  # 0: as many as the machine has
        for name in ("model.onnx", "tokenizer.json", "card.json"):
            if not (self.folder / name).is_file():
                raise NotReadable(
                    f"{self.folder} holds no stance model: {name} is missing. Give the folder that "
                    "training/export.py wrote, or leave the option away to use the model that comes with Tarazu."
                )

    @cached_property
    def card(self) -> dict[str, Any]:
        """Name, version, temperatures and thresholds, as training wrote them."""
        card: dict[str, Any] = json.loads((self.folder / "card.json").read_text(encoding="utf-8"))
        return card

    @property
    def version(self) -> str:
        """Name and version of the network."""
        return str(self.card["version"])

    @cached_property
    def tokenizer(self) -> Any:
        """The tokenizer, cut at LONGEST tokens."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.enable_truncation(LONGEST)
        return tokenizer

    @cached_property
    def session(self) -> Any:
        """The network, ready to run."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def read(self, texts: Sequence[str], progress: Progress = SILENT) -> list[Opinion]:
        """Return one opinion a text, in order."""
        unknown = self.tokenizer.token_to_id("<unk>")
        foreign = [
            found.ids.count(unknown) >= FOREIGN * len(found.ids)
            for found in self.tokenizer.encode_batch(list(texts))
        ]
        opinions: list[Opinion | None] = [None] * len(texts)
        with progress.stage("Reading stances", len(texts)) as stage:
            for rows, stance, purpose, _ in self.shares(texts):
                for row, of_stance, of_purpose in zip(rows, stance, purpose, strict=True):
                    opinions[row] = Opinion(
                        stance=dict(zip(STANCES, map(float, of_stance), strict=True)),
                        purpose=dict(zip(PURPOSES, map(float, of_purpose), strict=True)),
                        answered=not foreign[row],
                    )
                stage.advance(len(rows))
        return [opinion for opinion in opinions if opinion is not None]

    def shares(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[list[int], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
        """Yield (rows, stance, purpose, portrayal) in batches of texts of about one length."""
        import numpy as np

        encoded = self.tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda row: len(encoded[row].ids))
        temperature = self.card["temperature"]
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            length = max(len(encoded[row].ids) for row in rows)
            ids = np.ones((len(rows), length), dtype=np.int64)
            mask = np.zeros((len(rows), length), dtype=np.int64)
            for n, row in enumerate(rows):
                tokens = encoded[row].ids
                ids[n, : len(tokens)] = tokens
                mask[n, : len(tokens)] = 1
            stance, purpose, portrayal = self.session.run(None, {"input_ids": ids, "attention_mask": mask})
            yield (
                rows,
                shared_out(stance, temperature["stance"]),
                shared_out(purpose, temperature["purpose"]),
                shared_out(portrayal, 1.0),
            )


def shared_out(logits: NDArray[Any], temperature: float) -> NDArray[np.float64]:
    """Return softmax of logits over a temperature, row by row."""
    import numpy as np

    scaled = logits.astype(np.float64) / temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = scaled / scaled.sum(axis=1, keepdims=True)
    return shares


def bundled() -> Path:
    """Return the folder of the model that comes with Tarazu."""
    return Path(__file__).parent / "weights"
