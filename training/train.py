"""Train the stance network on the labelled set and NewsMTSC.

    python train.py --encoder encoder/ --templates templates/ --newsmtsc NEWSMTSC/ --out run/

Every epoch draws each template line in another surface form. The same seed gives the same order.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from pathlib import Path

import examples as ex
import numpy as np
import torch
from moods import moods
from network import StanceNetwork, from_encoder, load, save
from scores import macro_f1
from split import part_of
from tokenizers import Tokenizer
from torch import nn

LONGEST = 96  # tokens in training; a longer text loses its end


def batches(data: list[ex.Example], tokenizer: Tokenizer, size: int, chance: random.Random | None) -> list:
    """Return batches of texts of about one length, in random order, as index lists with ids."""
    encoded = tokenizer.encode_batch([example.text for example in data])
    end = tokenizer.token_to_id("</s>")
    ids = [
        [*encoding.ids[: LONGEST - 1], end] if len(encoding.ids) > LONGEST else encoding.ids
        for encoding in encoded
    ]
    order = list(range(len(data)))
    if chance:
        chance.shuffle(order)
    order.sort(key=lambda n: len(ids[n]) // 6)
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    if chance:
        chance.shuffle(groups)
    return [(group, *padded([ids[n] for n in group])) for group in groups]


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and attention mask of one batch."""
    length = max(map(len, rows))
    ids = torch.ones(len(rows), length, dtype=torch.long)
    mask = torch.zeros(len(rows), length, dtype=torch.long)
    for n, row in enumerate(rows):
        ids[n, : len(row)] = torch.tensor(row)
        mask[n, : len(row)] = 1
    return ids, mask


@torch.inference_mode()
def outputs(network: StanceNetwork, data: list[ex.Example], tokenizer: Tokenizer) -> list[np.ndarray]:
    """Return the logits of the three heads for every example."""
    network.eval()
    heads: list[np.ndarray] = [
        np.zeros((len(data), n)) for n in (len(ex.STANCES), len(ex.PURPOSES), len(ex.PORTRAYALS))
    ]
    for group, ids, mask in batches(data, tokenizer, 64, None):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for logits, out in zip(network(ids, mask), heads, strict=True):
                out[group] = logits.float().numpy()
    return heads


def measured(network: StanceNetwork, data: list[ex.Example], tokenizer: Tokenizer) -> dict[str, float]:
    """Return macro-F1 a head (and of favour, against, neutral) over the examples that have its label."""
    stance, purpose, portrayal = outputs(network, data, tokenizer)
    found = {}
    for name, logits in (("stance", stance), ("purpose", purpose), ("portrayal", portrayal)):
        truth = np.array([getattr(example, name) for example in data])
        has = truth >= 0
        if has.any():
            found[name] = macro_f1(truth[has], logits[has].argmax(1))
    truth = np.array([example.stance for example in data])
    has = truth >= 0
    if has.any():
        sides = np.array([0, 0, 1, 2])
        shares = np.exp(stance - stance.max(1, keepdims=True))
        side = np.stack([shares[:, :2].sum(1), shares[:, 2], shares[:, 3]], 1).argmax(1)
        found["side"] = macro_f1(sides[truth[has]], side[has])
        for lang in ("en", "fa", "ar"):
            here = has & np.array([example.lang == lang for example in data])
            if here.any():
                found[f"side {lang}"] = macro_f1(sides[truth[here]], side[here])
    return found


HEADS = (("stance", 1.0), ("purpose", 0.5), ("portrayal", 1.0), ("mood", 0.6), ("sarcasm", 0.4))


def loss_of(network: StanceNetwork, ids, mask, rows: list[ex.Example], smoothing: float) -> torch.Tensor:
    """Return the sum of the losses of the heads that have labels, a row."""
    seen = network.seen(ids, mask)
    total = torch.zeros(())
    for name, weight in HEADS:
        truth = torch.tensor([getattr(row, name) for row in rows])
        has = truth >= 0
        if has.any():
            logits = getattr(network, name)(seen[has]).float()
            each = nn.functional.cross_entropy(logits, truth[has], label_smoothing=smoothing, reduction="sum")
            total = total + weight * each / len(rows)
    has = torch.tensor([row.emotions is not None for row in rows])
    if has.any():
        truth = torch.zeros(int(has.sum()), 28)
        for n, row in enumerate(row for row in rows if row.emotions is not None):
            truth[n, list(row.emotions)] = 1
        logits = network.emotion(seen[has]).float()
        total = total + 8.0 * nn.functional.binary_cross_entropy_with_logits(logits, truth) * has.sum() / len(
            rows
        )
    return total


class Average:
    """A running mean of the weights: steadier than the last step."""

    def __init__(self, network: StanceNetwork, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.kept = {name: p.detach().clone() for name, p in network.named_parameters() if p.requires_grad}

    def add(self, network: StanceNetwork) -> None:
        """Take the weights of one more step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for name, p in network.named_parameters():
                if name in self.kept:
                    self.kept[name].lerp_(p.detach(), 1 - decay)

    def swap(self, network: StanceNetwork) -> None:
        """Exchange the network's weights and the mean."""
        with torch.no_grad():
            for name, p in network.named_parameters():
                if name in self.kept:
                    here = p.detach().clone()
                    p.copy_(self.kept[name])
                    self.kept[name] = here


def parameters(network: StanceNetwork, frozen: int, rate: float) -> list[dict]:
    """Return parameter groups: embeddings and the lowest layers rest, upper layers learn faster than lower ones."""
    layers = len(network.encoder.encoder.layer)
    for parameter in network.encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    groups = []
    for n, layer in enumerate(network.encoder.encoder.layer):
        if n < frozen:
            for parameter in layer.parameters():
                parameter.requires_grad_(False)
            continue
        groups.append({"params": list(layer.parameters()), "lr": rate * 0.93 ** (layers - 1 - n)})
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    groups.append({"params": heads, "lr": rate * 5})
    return groups


JOINED = 0.10  # share of the short posts that get a post about somebody else beside them


def epoch_of(rows: list[dict], plain: list[ex.Example], chance: random.Random) -> list[ex.Example]:
    """Return the examples of one epoch, each template in a new surface form."""
    drawn = [
        ex.with_text(example, ex.varied(text, row["lang"], chance))
        for row in rows
        for text, example in ex.of_template(row)
    ]
    short: dict[str, list[ex.Example]] = {}
    for example in drawn:
        if len(example.text) < 140:
            short.setdefault(example.lang, []).append(example)
    data = [
        ex.joined(example, chance.choice(short[example.lang]), chance)
        if len(example.text) < 140 and chance.random() < JOINED
        else example
        for example in drawn
    ]
    return data + list(plain)


def main() -> None:
    """Train and write network.pt and log.json."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--start", type=Path, help="a network to go on from")
    arguments.add_argument("--templates", type=Path)
    arguments.add_argument("--newsmtsc", type=Path)
    arguments.add_argument(
        "--news-share", type=float, default=1.0, help="share of NewsMTSC drawn in each epoch"
    )
    arguments.add_argument("--moods", type=Path, help="folder with goemotions, xlmt and arsarcasm")
    arguments.add_argument("--moods-share", type=float, default=1.0, help="share of them drawn in each epoch")
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--epochs", type=int, default=4)
    arguments.add_argument("--rate", type=float, default=1e-4)
    arguments.add_argument("--frozen", type=int, default=2)
    arguments.add_argument("--batch", type=int, default=24)
    arguments.add_argument("--smoothing", type=float, default=0.05)
    arguments.add_argument("--decay", type=float, default=0.998, help="of the running mean of the weights")
    arguments.add_argument("--seed", type=int, default=7)
    given = arguments.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(given.seed)
    chance = random.Random(given.seed)
    tokenizer = Tokenizer.from_file(str(given.encoder / "tokenizer.json"))
    target = tokenizer.token_to_id(ex.TARGET)
    network = load(given.start) if given.start else from_encoder(given.encoder / "encoder.pt", target)
    rows = ex.templates(given.templates) if given.templates else []
    learn = [row for row in rows if part_of(row["family"]) == "train"]
    held = [ex.with_text(example, ex.marked(text)) for row in rows if part_of(row["family"]) == "dev"
            for text, example in ex.of_template(row)]  # fmt: skip
    news = ex.newsmtsc(given.newsmtsc / "train.jsonl") if given.newsmtsc else []
    news_held = ex.newsmtsc(given.newsmtsc / "devtest_rw.jsonl") if given.newsmtsc else []
    aside = moods(given.moods) if given.moods else []
    draw = [(news, int(len(news) * given.news_share)), (aside, int(len(aside) * given.moods_share))]
    optimiser = torch.optim.AdamW(parameters(network, given.frozen, given.rate), weight_decay=0.02)
    rates = [group["lr"] for group in optimiser.param_groups]
    a_epoch = len(epoch_of(learn, [], random.Random(0))) + sum(size for _, size in draw)
    average = Average(network, given.decay)
    steps = given.epochs * math.ceil(a_epoch / given.batch)
    print(f"{a_epoch} examples an epoch, {steps} steps; held out {len(held)} + {len(news_held)}", flush=True)
    log, step, began = [], 0, time.monotonic()
    given.out.mkdir(parents=True, exist_ok=True)
    for epoch in range(given.epochs):
        drawn = [example for part, size in draw for example in chance.sample(part, size)]
        data = epoch_of(learn, drawn, chance)
        network.train()
        total = 0.0
        for group, ids, mask in batches(data, tokenizer, given.batch, chance):
            warm = min(1.0, (step + 1) / (0.06 * steps))
            cool = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
            for settings, rate in zip(optimiser.param_groups, rates, strict=True):
                settings["lr"] = rate * warm * max(cool, 0.02)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(network, ids, mask, [data[n] for n in group], given.smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            average.add(network)
            total += loss.item()
            step += 1
            if step % 100 == 0:
                print(f"step {step}/{steps} {time.monotonic() - began:.0f} s", flush=True)
        average.swap(network)
        line = {"epoch": epoch + 1, "loss": round(total / math.ceil(a_epoch / given.batch), 4),
                "seconds": round(time.monotonic() - began)}  # fmt: skip
        for name, part in (("templates", held), ("newsmtsc", news_held)):
            if part:
                line[name] = {
                    key: round(value, 4) for key, value in measured(network, part, tokenizer).items()
                }
        log.append(line)
        print(json.dumps(line), flush=True)
        save(network, given.out / "network.pt")
        average.swap(network)
        (given.out / "log.json").write_text(json.dumps(log, indent=1) + "\n")


if __name__ == "__main__":
    main()
