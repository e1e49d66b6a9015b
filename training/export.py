"""Write a trained network as the package carries it: ONNX with 8-bit weights, its tokenizer, its card.

    python export.py --network run/network.pt --encoder encoder/ --card run/card.json --out WEIGHTS/

Weights of matrices and embeddings become 8-bit integers, one scale a column; what is computed between them stays in
floating point where that is cheaper than the loss.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from network import StanceNetwork, load


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
    given.out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(5, 1000, (3, 24))
    ids[:, 4] = network.target
    mask = torch.ones_like(ids)
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
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(
            str(exact),
            str(given.out / "model.onnx"),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
        import onnxruntime

        feed = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
        outputs = [
            onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, feed)[0]
            for path in (exact, given.out / "model.onnx")
        ]
        print(f"largest difference of a stance logit: {np.abs(outputs[0] - outputs[1]).max():.3f}")
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
