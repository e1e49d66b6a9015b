"""Make the cases of `tarazu serve --demo`: what the judge and the network finder really say of the bundled posts.

    python examples/make_demo_cases.py src/tarazu/evaluation/data/demo_cases.jsonl.gz

Everything is found here, once, as `tarazu scan` finds it, and frozen; the server only reads it. Run it again after a
change of the model, the policy, the invented list or the sample.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from tarazu.cases import scan
from tarazu.cases.filing import Became
from tarazu.cases.finding import Found, Opened
from tarazu.coordination.run import networks as find_networks
from tarazu.evaluation.casework.frozen import Frozen, FrozenNetwork, FrozenPicture, write
from tarazu.evaluation.media.joint.cases import cases, known
from tarazu.evaluation.media.joint.draw import write as draw
from tarazu.evaluation.media.joint.draw import write_known
from tarazu.evaluation.media.joint.judging import banking
from tarazu.evaluation.media.joint.run import posts as drawn_posts
from tarazu.evaluation.sample import judged_path, sample_paths
from tarazu.media.bank import Bank
from tarazu.media.scanner import Scanner
from tarazu.policy.designations import read_entities
from tarazu.policy.emblems import Emblems
from tarazu.policy.examples import example_policy, invented_entities
from tarazu.policy.judge import Judge
from tarazu.policy.policy_file import read_policy
from tarazu.sources import read

PICTURES = ("test-en-01", "test-en-04", "test-en-07", "test-fa-02", "test-ar-04", "test-en-32")
EDGES = (
    150  # of a network that are frozen with it, the strongest first: enough to draw, and the file stays small
)


class Recorder:
    """Stands where the intake stands, and remembers what came."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.networks: list[FrozenNetwork] = []

    def findings(self, found: Sequence[Found]) -> Opened:
        """Remember findings."""
        self.found += found
        return Opened()

    def network_filed(self, network: Any, members: Any, evidence: Any, **more: Any) -> tuple[str, Became]:
        """Remember a network."""
        self.networks.append(
            FrozenNetwork(network=network, members=tuple(members), evidence=dict(evidence), **more)
        )
        return "", Became.OPENED


def made() -> Iterator[Frozen]:
    """Every line of the file."""
    listed, policy = read_entities(invented_entities()), read_policy(example_policy())
    recorder: Any = Recorder()
    scan.judged(recorder, read(judged_path()), Judge(listed, policy))
    with TemporaryDirectory() as room:
        yield from _pictures(recorder, listed, policy, Path(room))
    yield from recorder.found
    scan.EDGES = EDGES
    sample, _ = sample_paths()
    scan.networks(recorder, find_networks(read(sample).posts))
    yield from recorder.networks


def _pictures(recorder: Any, listed: Any, policy: Any, room: Path) -> Iterator[FrozenPicture]:
    chosen = [case for case in cases("test") if case.id in PICTURES]
    media, shelf, bank = room / "media", room / "known", room / "known.bank"
    media.mkdir()
    shelf.mkdir()
    banking([(one, write_known(one, shelf)) for one in known(chosen)], bank)
    posts = drawn_posts(chosen, [draw(case, media) for case in chosen])
    posts = posts.with_columns(
        platform=pl.lit("invented"), account_id=pl.concat_str(pl.lit("drawn-"), pl.col("post_id"))
    )
    with Bank.open(bank) as opened, Scanner([opened], known=[Emblems(listed)], folder=media) as eye:
        for post, verdict in zip(
            posts.iter_rows(named=True), Judge(listed, policy, eye=eye).verdicts(posts), strict=True
        ):
            one = scan.found(post, verdict, {}, 0)
            if one is not None:
                recorder.found.append(one)
                for name in post["media"]:
                    yield FrozenPicture.of(media / name)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    count = write(Path(sys.argv[1]), made())
    print(f"{sys.argv[1]}: {count} lines, {Path(sys.argv[1]).stat().st_size:,} bytes")
