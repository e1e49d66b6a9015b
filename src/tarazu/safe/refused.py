"""Why a file was not opened."""

from __future__ import annotations

from tarazu.errors import InputError


class Refused(InputError):
    """The file is not what it claims, costs too much to open, or is of no kind that is read; one sentence says why."""

    @property
    def reason(self) -> str:
        """Return the sentence, for a person."""
        return str(self)
