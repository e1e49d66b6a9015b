"""Fields that several calls of the API share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, Path(pattern="^[0-9A-Za-z]{26}$", description="26 letters and digits")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=400)]  # an id of a platform, or a name
Short = Annotated[str, StringConstraints(max_length=200)]
Words = Annotated[str, StringConstraints(max_length=20_000)]


class Body(BaseModel):
    """A body of our own calls: what is not known is refused, so that nothing is lost unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
