"""The emblems of an entity list, as known pictures: whoever shows one shows the entity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tarazu.media import pdq
from tarazu.policy.designations import EntityList
from tarazu.sightings import MediaMatch, Transform

TURNS = tuple(Transform)[:8]
BANK = "emblems"  # as matches name it


class Emblems:
    """Few enough to be compared one by one. An emblem decides: the operator put it on the list himself."""

    def __init__(self, entities: EntityList) -> None:
        held = [(emblem, entity.id) for entity in entities.entities for emblem in entity.emblems]
        self.owners = [owner for _, owner in held]
        self.hashes = pdq.parse(pl.Series([emblem.lower() for emblem, _ in held], dtype=pl.String))

    def __len__(self) -> int:
        return len(self.owners)

    def match_frames(
        self,
        hashes: NDArray[np.uint64] | None = None,
        quality: Sequence[int] | NDArray[np.int64] | int = 100,
        *,
        sha256: str | None = None,
        md5: str | None = None,
        distance: int | None = None,
    ) -> list[MediaMatch]:
        """Return the emblems that n x t x 4 words show, each once, with its nearest frame and turn."""
        if hashes is None or not len(hashes) or not self.owners:
            return []
        within = pdq.SAME if distance is None else distance
        good = np.broadcast_to(np.asarray(quality), len(hashes)) >= pdq.LEAST_QUALITY
        apart = pdq.distance(hashes[good][:, :, None, :], self.hashes)  # frames x turns x emblems
        found = []
        for number, owner in enumerate(self.owners):
            one = apart[:, :, number]
            if not one.size or one.min() > within:
                continue
            turn = int(one.min(axis=0).argmin())
            found.append(
                MediaMatch(
                    bank=BANK,
                    entry=f"{owner}-{number}",
                    distance=int(one.min()),
                    transform=TURNS[turn].inverse,
                    entity_id=owner,
                    shows="emblem",
                    share=float((one.min(axis=1) <= within).mean()),
                )
            )
        return found
