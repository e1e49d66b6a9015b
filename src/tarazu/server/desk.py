"""What every page and every call of the API has at hand: settings, store, clock. Passed in, never global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from tarazu.settings import Settings
from tarazu.store import Store

if TYPE_CHECKING:
    from tarazu.server.assets import Assets
    from tarazu.server.links import Links
    from tarazu.server.oidc import Provider
    from tarazu.server.passwords import Passwords
    from tarazu.server.people import People
    from tarazu.server.rates import Rates
    from tarazu.server.second_factor import SecondFactors
    from tarazu.server.sessions import Sessions
    from tarazu.server.tokens import Tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """One of these for each application."""

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    assets: Assets
    passwords: Passwords
    people: People
    sessions: Sessions
    links: Links
    second_factors: SecondFactors
    tokens: Tokens
    rates: Rates
    oidc: Provider | None


def desk(request: HTTPConnection) -> Desk:
    """The desk of the application that answers `request`; also usable as `Depends(desk)`."""
    return cast(Desk, request.app.state.desk)
