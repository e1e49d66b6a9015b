"""What the pages about cases ask: queue, cases, decisions, pictures, and what a person has looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.queue import Queue
from tarazu.cases.view import Cases
from tarazu.server import policies
from tarazu.server.desk import desk
from tarazu.server.exposure import Exposure, Rest
from tarazu.server.gallery import Gallery
from tarazu.settings import Wellbeing

if TYPE_CHECKING:
    from tarazu.cases.decisions import Decisions

Translator = Callable[[str, str, str], str | None]  # text, from, into -> the translation, or None


@dataclass(frozen=True, kw_only=True, slots=True)
class Casework:
    """One of these for each application."""

    queue: Queue
    cases: Cases
    deciding: Callable[[], DecisionSettings]  # as it is now: another policy may come in force at any time
    make: Callable[[DecisionSettings], Decisions]
    exposure: Exposure
    gallery: Gallery
    translate: Translator | None

    @property
    def settings(self) -> DecisionSettings:
        """How decisions are made now."""
        return self.deciding()

    @property
    def decisions(self) -> Decisions:
        """Decisions as they are made now."""
        return self.make(self.deciding())


def casework(request: Request) -> Casework:
    """That of the application which answers `request`, made when it is first asked for."""
    state = request.app.state
    if not hasattr(state, "casework"):
        from tarazu.cases.decisions import Decisions

        at_hand = desk(request)
        state.casework = Casework(
            queue=Queue(at_hand.store, at_hand.clock),
            cases=Cases(at_hand.store, at_hand.clock),
            deciding=policies.in_force(state, at_hand.settings, at_hand.store).settings,
            make=lambda settings: Decisions(at_hand.store, at_hand.clock, settings),
            exposure=Exposure(at_hand.store, at_hand.clock, _rest(at_hand.settings.wellbeing)),
            gallery=Gallery(at_hand.settings.data_folder / "media"),
            translate=getattr(state, "translate", None),
        )
    return cast(Casework, state.casework)


def _rest(wanted: Wellbeing) -> Rest:
    return Rest(
        minutes=wanted.rest_minutes,
        reveals=wanted.rest_reveals,
        put_off=wanted.put_off_minutes,
        pause=wanted.pause_minutes,
    )
