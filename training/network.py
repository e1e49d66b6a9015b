"""The stance network: the encoder, what it says at the target and of the whole text, three small heads."""

from __future__ import annotations

from pathlib import Path

import torch
from examples import PORTRAYALS, PURPOSES, STANCES
from torch import nn
from transformers import BertConfig, BertModel


class StanceNetwork(nn.Module):
    """Token ids -> logits of stance, purpose and portrayal."""

    def __init__(self, shape: dict, target: int) -> None:
        super().__init__()
        self.shape, self.target = shape, target
        self.encoder = BertModel(BertConfig(**shape, attn_implementation="eager"), add_pooling_layer=False)
        width = shape["hidden_size"]
        self.dropout = nn.Dropout(0.1)
        self.stance = head(2 * width, width, len(STANCES))
        self.purpose = head(2 * width, width, len(PURPOSES))
        self.portrayal = head(2 * width, width, len(PORTRAYALS))
        # Heads that only training has.
        self.mood = head(2 * width, width, 3)
        self.sarcasm = head(2 * width, width, 2)
        self.emotion = head(2 * width, width, 28)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the logits of stance, purpose and portrayal."""
        seen = self.seen(input_ids, attention_mask)
        return self.stance(seen), self.purpose(seen), self.portrayal(seen)

    def seen(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return what the encoder says at the target and of the whole text; without a target, the text twice."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        whole = attention_mask.unsqueeze(-1).to(hidden.dtype)
        there = (input_ids == self.target).unsqueeze(-1).to(hidden.dtype)
        text = (hidden * whole).sum(1) / whole.sum(1)
        marks = there.sum(1)
        target = (hidden * there).sum(1) / marks.clamp(min=1)
        target = torch.where(marks > 0, target, text)
        return self.dropout(torch.cat([target, text], dim=-1))


def head(width: int, inner: int, classes: int) -> nn.Sequential:
    """Return a head with one hidden layer."""
    return nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Dropout(0.1), nn.Linear(inner, classes))


def from_encoder(path: Path, target: int) -> StanceNetwork:
    """Return a network on the unpacked encoder, with fresh heads."""
    saved = torch.load(path, weights_only=True)
    network = StanceNetwork(saved["shape"], target)
    missing, unexpected = network.encoder.load_state_dict(saved["state"], strict=False)
    if unexpected or any("position_ids" not in name for name in missing):
        raise SystemExit(f"The encoder does not fit: missing {missing}, unexpected {unexpected}.")
    return network


def load(path: Path) -> StanceNetwork:
    """Return a trained network."""
    saved = torch.load(path, weights_only=True)
    network = StanceNetwork(saved["shape"], saved["target"])
    network.load_state_dict(saved["state"])
    return network


def save(network: StanceNetwork, path: Path) -> None:
    """Write a network."""
    torch.save({"shape": network.shape, "target": network.target, "state": network.state_dict()}, path)
