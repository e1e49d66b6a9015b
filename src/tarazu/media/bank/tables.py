"""What the search index reads in a bank."""

from __future__ import annotations

import sqlite3

import numpy as np
from numpy.typing import NDArray

from tarazu.media.bank.live_index import Hashes

_GONE = "('removed', 'restored')"  # a restored one may have been removed in the same stretch
_COME = "('added', 'restored')"


class BankTables:
    """The hashes of all entries that are not removed, in any state: what is found informs, at least."""

    def revision(self, reader: sqlite3.Connection) -> int:
        """The last line of the change log."""
        (found,) = reader.execute("SELECT max(revision) FROM change").fetchone()
        return int(found)

    def era(self, reader: sqlite3.Connection) -> int:
        """How many entries were purged."""
        return int(reader.execute("SELECT purged FROM bank").fetchone()[0])

    def past(self, reader: sqlite3.Connection, revision: int) -> str:
        """The bank's mark, its era and the change at a revision."""
        asked = "SELECT mark, purged, at, what, id FROM bank, change WHERE revision = ?"
        return " ".join(map(str, reader.execute(asked, (revision,)).fetchone() or ()))

    def everything(self, reader: sqlite3.Connection) -> Hashes:
        """All of them."""
        asked = "SELECT f.key, f.pdq FROM frame f JOIN entry e ON e.key = f.entry WHERE e.state <> 'removed'"
        return Hashes.of(reader.execute(asked).fetchall())

    def gone(self, reader: sqlite3.Connection, revision: int) -> NDArray[np.int64]:
        """Frames of entries that were removed since."""
        asked = (
            "SELECT key FROM frame WHERE entry IN "
            f"(SELECT entry FROM change WHERE revision > ? AND what IN {_GONE})"
        )
        return np.array([key for (key,) in reader.execute(asked, (revision,))], dtype=np.int64)

    def come(self, reader: sqlite3.Connection, revision: int) -> Hashes:
        """Frames of entries that came since and are still there."""
        asked = (
            "SELECT f.key, f.pdq FROM frame f JOIN entry e ON e.key = f.entry WHERE e.state <> 'removed' AND "
            f"e.key IN (SELECT entry FROM change WHERE revision > ? AND what IN {_COME})"
        )
        return Hashes.of(reader.execute(asked, (revision,)).fetchall())
