"""The application: desk, routes, guard, edge. `create_app(settings)` makes one; nothing is global."""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from types import ModuleType

from anyio.to_thread import current_default_thread_limiter
from argon2 import PasswordHasher
from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool

from tarazu.server import api, failures, guard, nav, pages, policies
from tarazu.server.assets import Assets
from tarazu.server.clockwork.clockwork import Clockwork
from tarazu.server.clockwork.jobs import jobs as every_job
from tarazu.server.clockwork.supplies import Supplies
from tarazu.server.desk import Desk
from tarazu.server.edge import Edge
from tarazu.server.links import Links
from tarazu.server.oidc import Provider
from tarazu.server.page import environment
from tarazu.server.passwords import Passwords
from tarazu.server.people import People
from tarazu.server.rates import Rates
from tarazu.server.second_factor import SecondFactors
from tarazu.server.sessions import Sessions
from tarazu.server.tokens import Tokens
from tarazu.server.translator import Translator
from tarazu.settings import Settings
from tarazu.store import Store
from tarazu.store.times import now

# Requests at work at once. The others wait in their order: with more of them the interpreter's lock goes round between
# threads that hold up the one writer, and everybody waits longer (measured by `bench/reviewers.py`).
THREADS = 12


def create_app(
    settings: Settings,
    store: Store | None = None,
    *,
    clock: Callable[[], datetime] = now,
    hasher: PasswordHasher | None = None,
    jobs: bool = False,
    demo: bool = False,
) -> FastAPI:
    """The console and the API on one store, with `jobs` also what has to happen by itself, while it is served.

    Raises RuntimeError for a route that nobody guards.
    """
    opened = store or Store.open(settings.store_url, key=settings.key("ledger.signing"), clock=clock)
    app = FastAPI(title="Tarazu", openapi_url=None, docs_url=None, redoc_url=None, lifespan=_living)
    app.state.desk = Desk(
        settings=settings,
        store=opened,
        clock=clock,
        assets=Assets(),
        passwords=Passwords(hasher),
        people=People(opened, clock),
        sessions=Sessions(opened, settings, clock),
        links=Links(opened, settings, clock),
        second_factors=SecondFactors(opened, settings, clock),
        tokens=Tokens(opened, clock),
        rates=Rates(opened, settings, clock),
        oidc=Provider(settings, clock) if settings.oidc.issuer else None,
    )
    app.state.clockwork = _clockwork(app, app.state.desk, demo) if jobs else None
    app.state.translate = Translator(settings.translator) if settings.translator.address else None
    app.state.templates = environment()
    for router in (*routers(pages), *routers(api)):
        # Taken over one by one, not as a whole: each stays a plain route that the guard can look at.
        app.router.routes.extend(router.routes)
    there = {getattr(route, "path", "") for route in app.routes}
    app.state.nav = tuple(entry for entry in nav.ENTRIES if entry[1] in there)
    failures.install(app)
    guard.check(app)
    app.add_middleware(Edge, settings=settings, fault=failures.fault)
    return app


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    """While the application is served, its jobs run; afterwards nothing of it is left open."""
    current_default_thread_limiter().total_tokens = THREADS
    works: Clockwork | None = app.state.clockwork
    if works is not None:
        works.start()
    try:
        yield
    finally:
        if works is not None:
            await run_in_threadpool(works.stop)
        banks = getattr(app.state, "banks", None)
        if banks is not None:
            banks.close()


def _clockwork(app: FastAPI, desk: Desk, demo: bool) -> Clockwork:
    held = policies.in_force(app.state, desk.settings, desk.store, demo=demo)
    supplies = Supplies(
        settings=desk.settings,
        store=desk.store,
        clock=desk.clock,
        deciding=held.settings,
        entities=lambda: held.entities() or policies.entities(desk.settings, demo=demo),
        demo=demo,
    )
    return Clockwork(supplies, every_job(desk.settings))


def routers(package: ModuleType) -> Iterator[APIRouter]:
    """The `router` of every file in a package, by name of the file."""
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        module = import_module(f"{package.__name__}.{found.name}")
        router = getattr(module, "router", None)
        if isinstance(router, APIRouter):
            yield router
