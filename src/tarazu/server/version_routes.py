"""Addresses for versions, the same for policies and entity lists: add, look, put in force, decline, download."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.interval import Share
from tarazu.cases.objection import DecisionRefused, SamePerson, WrongState
from tarazu.cases.policy_in_force import InForce
from tarazu.cases.policy_trials import PolicyTrial, PolicyTrials
from tarazu.cases.policy_version import Kind, Superseded, Version, VersionNotFound, read
from tarazu.cases.policy_versions import PolicyVersions
from tarazu.errors import InputError
from tarazu.server import policies
from tarazu.server.clockwork.bell import ring
from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.page import render
from tarazu.server.queue_page import names
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import Person

Viewer = Annotated[Person, Depends(permit("policy.view"))]
Editor = Annotated[Person, Depends(permit("policy.edit"))]
Text = Annotated[str, Form()]
LARGEST = {Kind.POLICY: 1_000_000, Kind.ENTITIES: 9_000_000}  # bytes of one file
COMPARED = 5_000  # lines of a file; of a longer one they are not shown beside each other
AGAIN = 5  # seconds until the page of a version that is being tried is asked for again
SHOWN = 2_000  # lines of a difference
AT = {Kind.POLICY: "/policies", Kind.ENTITIES: "/entities"}
Listing = Callable[..., Response]  # (request, status, fault=, said=, written=)
Differing = Callable[[Any, Any], dict[str, Any]]  # what is in force, the version -> values for the page


def versions_of(request: Request) -> PolicyVersions:
    """The versions of the installation that answers."""
    at_hand = desk(request)
    return PolicyVersions(at_hand.store, at_hand.clock, policies.nobody_else)


def held(request: Request) -> InForce:
    """What is in force there."""
    at_hand = desk(request)
    return policies.in_force(request.app.state, at_hand.settings, at_hand.store)


def past(request: Request, kind: Kind) -> dict[str, Any]:
    """Values for `policies_versions.html`: every version, what was in force, what waits."""
    court = versions_of(request)
    versions, history, waiting = court.all(kind), court.history(kind), court.waiting(kind)
    ids = [one.added_by for one in versions] + [one.by for one in history] + [one.asked_by for one in history]
    return {
        "at": AT[kind],
        "kind": str(kind),
        "versions": versions,
        "history": history,
        "waiting": waiting,
        "people": names(desk(request).store, [*ids, waiting.asked_by if waiting else None]),
    }


def routes(kind: Kind, listing: Listing, differing: Differing) -> APIRouter:
    """The addresses of one kind."""
    router, at = APIRouter(include_in_schema=False), AT[kind]

    @router.post(at)
    def add(
        request: Request,
        person: Editor,
        file: Annotated[UploadFile | None, File()] = None,
        text: Text = "",
        note: Text = "",
    ) -> Response:
        """Keep a version, once it is found right. Nothing changes yet."""
        raw: bytes = text.encode()
        name = "pasted.json" if text.lstrip().startswith("{") else "pasted.yaml"
        if file is not None and file.filename:
            raw, name = file.file.read(LARGEST[kind] + 1), file.filename
        if not raw.strip():
            return listing(request, 422, fault="policy.fault_empty", written=text)
        if len(raw) > LARGEST[kind]:
            return listing(request, 413, fault="policy.fault_large")
        try:
            found = read(kind, raw, name)
        except InputError as refused:
            return listing(request, 422, fault="policy.fault_read", said=str(refused), written=text)
        made = versions_of(request).add(person.actor, found, note)
        held(request).remember(made, found)
        return RedirectResponse(f"{at}/versions/{made.id}", 303)

    @router.get(at + "/versions/{version_id}")
    def look(request: Request, person: Viewer, version_id: str) -> Response:
        """One version, beside what is in force."""
        return _page(request, person, _find(request, kind, version_id), differing)

    @router.get(at + "/versions/{version_id}/file")
    def download(request: Request, person: Viewer, version_id: str) -> Response:
        """The file, letter by letter."""
        found = _find(request, kind, version_id)
        told = {"content-disposition": f'attachment; filename="{found.file}"'}
        return Response(
            versions_of(request).text(version_id), headers=told, media_type="text/plain; charset=utf-8"
        )

    @router.post(at + "/versions/{version_id}/in-force")
    def put(request: Request, person: Editor, version_id: str, note: Text = "", seen: Text = "") -> Response:
        """Ask for it to be in force, or agree to that."""
        found = _find(request, kind, version_id)
        number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 12 else -1
        try:
            versions_of(request).put_in_force(version_id, person.actor, note, seen=number)
        except DecisionRefused as refused:
            return _page(request, person, found, differing, 409, _why(refused))
        return RedirectResponse(f"{at}/versions/{version_id}", 303)

    @router.post(at + "/versions/{version_id}/try")
    def attempt(request: Request, person: Editor, version_id: str) -> Response:
        """Try it on its own examples and on posts that are kept."""
        trials = PolicyTrials(desk(request).store, desk(request).clock)
        trials.ask(_find(request, kind, version_id), person.actor)
        ring(request, "trials")
        return RedirectResponse(f"{at}/versions/{version_id}", 303)  # no "#": a refresh would not load it

    @router.post(at + "/versions/{version_id}/decline")
    def decline(request: Request, person: Editor, version_id: str, reason: Text = "") -> Response:
        """Say no to what was asked, or take back what one asked oneself."""
        found = _find(request, kind, version_id)
        court = versions_of(request)
        waiting = court.waiting(kind)
        try:
            court.decline(
                waiting.id if waiting and waiting.version_id == version_id else "", person.actor, reason
            )
        except DecisionRefused as refused:
            return _page(request, person, found, differing, 409, _why(refused))
        return RedirectResponse(f"{at}/versions/{version_id}", 303)

    return router


def _why(refused: DecisionRefused) -> str:
    kinds = {
        SamePerson: "policy.v_same_person",
        Superseded: "policy.v_superseded",
        WrongState: "policy.v_wrong_state",
    }
    return kinds.get(type(refused), "policy.v_say_why")


def _find(request: Request, kind: Kind, version_id: str) -> Version:
    try:
        found = versions_of(request).get(version_id)
    except VersionNotFound:
        raise NotFound from None
    if found.kind != kind:
        raise NotFound
    return found


def _page(
    request: Request, person: Person, found: Version, differing: Differing, status: int = 200, fault: str = ""
) -> Response:
    court, known = versions_of(request), held(request)
    current = court.current(found.kind)
    waiting = court.waiting(found.kind)
    mine = waiting if waiting is not None and waiting.version_id == found.id else None
    with desk(request).store.read() as view:
        sole = policies.nobody_else(view, person.id)
    was = court.was_in_force(found.id)
    first = mine.asked_by if mine else None if was else found.added_by
    said, values, lines = "", dict[str, Any](), list[str]()
    now = known.version(found.kind)
    if now is not None and now.id != found.id:
        try:
            one = (known.policy_of, known.list_of)[found.kind == Kind.ENTITIES]
            values = differing(one(now), one(found))
            if found.kind == Kind.POLICY:
                lines = line_by_line(court.text(now.id), court.text(found.id))
        except InputError as unreadable:
            said = str(unreadable)
    asked = [found.added_by, current.by if current else None, mine.asked_by if mine else None]
    trial = PolicyTrials(desk(request).store, desk(request).clock).last(found.id)
    answer = render(
        request,
        "policies_version.html",
        status,
        at=AT[found.kind],
        version=found,
        current=current,
        in_force=current is not None and current.version_id == found.id,
        waiting=mine,
        other=waiting if mine is None else None,
        was=was,
        sole=sole,
        second=first is not None and first not in (person.id, "system"),
        may_answer=sole or first != person.id or mine is None,
        lines=lines,
        people=names(desk(request).store, asked),
        fault=fault,
        said=said,
        differs=values,
        trial=trial,
        shares=_shares(trial),
    )
    if trial is not None and trial.state in ("waiting", "running"):
        answer.headers["refresh"] = str(AGAIN)  # by the browser itself: nothing to run, nothing to switch on
    return answer


def _shares(trial: PolicyTrial | None) -> dict[str, tuple[Share, Share]]:
    """Precision and recall, as it is in force and as it would be."""
    told = trial.body.get("agreement", {}) if trial is not None else {}
    return {
        name: (Share(one["both"], one["said"]), Share(one["both"], one["did"])) for name, one in told.items()
    }


def line_by_line(old: str, new: str) -> list[str]:
    """What differs, line by line; nothing for files that are too long to be read so."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > COMPARED:
        return []
    lines = difflib.unified_diff(before, after, "", "", lineterm="", n=3)
    return [line for line in lines if not line.startswith(("--- ", "+++ "))][:SHOWN]
