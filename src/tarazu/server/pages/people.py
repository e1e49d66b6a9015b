"""People: who works here, with which roles; invite, change, sign out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.server.desk import desk
from tarazu.server.guard import permit
from tarazu.server.links import Purpose
from tarazu.server.page import render
from tarazu.server.refusals import Conflict, NotFound, Refused, Unusable
from tarazu.server.roles import Role
from tarazu.server.second_factor import SecondFactors
from tarazu.server.sessions import Sessions
from tarazu.server.visitor import Person

router = APIRouter(include_in_schema=False)
Admin = Annotated[Person, Depends(permit("people.manage"))]


@router.get("/people")
def people(request: Request, person: Admin) -> Response:
    """Everybody."""
    return _page(request)


@router.post("/people")
def invite(
    request: Request,
    person: Admin,
    login: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form(max_length=254)] = "",
    roles: Annotated[list[str] | None, Form()] = None,
    languages: Annotated[list[str] | None, Form()] = None,
    skills: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Add somebody, and show the link that lets them in."""
    at_hand = desk(request)
    try:
        made = at_hand.people.add(
            person.actor,
            login=login,
            name=name,
            email=email,
            roles=_roles(roles),
            languages=_languages(languages),
            skills=_skills(skills),
        )
    except (Conflict, Unusable) as refused:
        return _page(request, refused=refused, typed={"login": login, "name": name, "email": email})
    return _page(request, link=at_hand.links.send(person.actor, Purpose.INVITE, made), link_of=made)


@router.get("/people/{person_id}")
def one(request: Request, person: Admin, person_id: str) -> Response:
    """One person, to change."""
    return _one(request, person_id)


@router.post("/people/{person_id}")
def change(
    request: Request,
    person: Admin,
    person_id: str,
    roles: Annotated[list[str] | None, Form()] = None,
    languages: Annotated[list[str] | None, Form()] = None,
    skills: Annotated[str, Form(max_length=500)] = "",
    active: Annotated[str, Form()] = "",
) -> Response:
    """Give and take roles, languages, skills; take somebody out, or in again."""
    try:
        desk(request).people.change(
            person.actor,
            person_id,
            roles=_roles(roles),
            languages=_languages(languages),
            skills=_skills(skills),
            active=active == "1",
        )
    except Unusable as refused:
        return _one(request, person_id, refused=refused)
    return RedirectResponse("/people", 303)


@router.post("/people/{person_id}/link")
def link(request: Request, person: Admin, person_id: str) -> Response:
    """A link with which this person sets a new password."""
    at_hand = desk(request)
    row = at_hand.people.row(person_id)
    purpose = Purpose.RESET if row.joined else Purpose.INVITE
    return _one(request, person_id, link=at_hand.links.send(person.actor, purpose, person_id))


@router.post("/people/{person_id}/sign-out")
def sign_out(request: Request, person: Admin, person_id: str) -> Response:
    """End all sessions of this person."""
    with desk(request).store.write(person.actor) as tx:
        Sessions.end_all_in(tx, person_id)
        tx.log("person.changed", f"person:{person_id}", {"sessions": "ended"})
    return RedirectResponse(f"/people/{person_id}", 303)


@router.post("/people/{person_id}/second-factor")
def second_factor(request: Request, person: Admin, person_id: str) -> Response:
    """Remove the second factor of somebody who lost it. All their sessions end."""
    if person_id == person.id:
        raise Unusable("people.own_factor")  # one's own needs one's password: see `own`
    with desk(request).store.write(person.actor) as tx:
        SecondFactors.remove_in(tx, person_id)
        Sessions.end_all_in(tx, person_id)
    return RedirectResponse(f"/people/{person_id}", 303)


def _page(
    request: Request,
    *,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
    link: str | None = None,
    link_of: str | None = None,
) -> Response:
    return render(
        request,
        "people.html",
        refused.status if refused else 200,
        rows=desk(request).people.all(),
        roles=list(Role),
        fault=refused,
        typed=typed or {"login": "", "name": "", "email": ""},
        link=link,
        link_of=link_of,
        hours=desk(request).settings.invite_hours,
    )


def _one(
    request: Request, person_id: str, *, refused: Refused | None = None, link: str | None = None
) -> Response:
    at_hand = desk(request)
    return render(
        request,
        "person.html",
        refused.status if refused else 200,
        row=at_hand.people.row(person_id),
        roles=list(Role),
        has_factor=at_hand.second_factors.has(person_id),
        sessions=at_hand.sessions.of(person_id),
        fault=refused,
        link=link,
        hours=at_hand.settings.invite_hours,
    )


def _roles(given: list[str] | None) -> list[Role]:
    try:
        return [Role(one) for one in given or ()]
    except ValueError:
        raise NotFound from None


def _languages(given: list[str] | None) -> list[str]:
    return [one for one in given or () if one.isalpha() and len(one) <= 8]


def _skills(given: str) -> list[str]:
    return [one for one in (part.strip() for part in given.split(",")) if one]
