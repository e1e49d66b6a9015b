"""Write a trained network as the package carries it: ONNX with 8-bit weights, its tokenizer, its card.

    python export.py --network run/network.pt --encoder encoder/ --card run/card.json --out WEIGHTS/

Matrices are kept as 8-bit integers with a scale for every block of 32 weights, the table of pieces with a scale a row.
What flows between them is rounded row by row at most, so a post's shares do not depend on which other posts it is read
with. Why not dynamic quantisation: docs/decisions/eight-bit-weights.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from network import StanceNetwork, load


class Table(torch.nn.Module):
    """A table of vectors in 8 bits, one scale a row."""

    def __init__(self, table: torch.nn.Embedding) -> None:
        super().__init__()
        scale = table.weight.detach().abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", (table.weight.detach() / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the vectors of some ids."""
        return self.rows[ids].to(torch.float32) * self.scale[ids]


class Released(torch.nn.Module):
    """The network with the heads that are shipped."""

    def __init__(self, network: StanceNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the logits of stance, purpose and portrayal."""
        return self.network(input_ids, attention_mask)


def main() -> None:
    """Export, quantise, compare, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--network", type=Path, required=True)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--card", type=Path, help="written by calibrate.py; without it a plain one")
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    network = load(given.network).eval()
    words = network.encoder.embeddings.word_embeddings
    given.out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(5, 1000, (3, 24))
    ids[:, 4] = network.target
    mask = torch.ones_like(ids)
    with torch.inference_mode():
        before = network(ids, mask)[0].numpy()
    network.encoder.embeddings.word_embeddings = Table(words)
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(
            Released(network),
            (ids, mask),
            str(exact),
            input_names=["input_ids", "attention_mask"],
            output_names=["stance", "purpose", "portrayal"],
            dynamic_axes={
                "input_ids": {0: "texts", 1: "tokens"},
                "attention_mask": {0: "texts", 1: "tokens"},
                "stance": {0: "texts"},
                "purpose": {0: "texts"},
                "portrayal": {0: "texts"},
            },
            opset_version=17,
            dynamo=False,
        )
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        packer = MatMulNBitsQuantizer(
            onnx.load(exact), bits=8, block_size=32, is_symmetric=True, accuracy_level=4
        )
        packer.process()
        packer.model.save_model_to_file(str(given.out / "model.onnx"))
    import onnxruntime

    session = onnxruntime.InferenceSession(str(given.out / "model.onnx"), providers=["CPUExecutionProvider"])
    after = session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]
    print(f"largest difference of a stance logit: {np.abs(before - after).max():.3f}")
    shutil.copyfile(given.encoder / "tokenizer.json", given.out / "tokenizer.json")
    card = json.loads(given.card.read_text()) if given.card else {
        "version": "stance.draft", "temperature": {"stance": 1.0, "purpose": 1.0}, "certainty": {}}  # fmt: skip
    (given.out / "card.json").write_text(
        json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    for path in sorted(given.out.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
