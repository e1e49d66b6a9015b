"""`render(request, "queue.html", cases=...)`: a page in the language, direction and theme of who reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tarazu import words
from tarazu.server import csrf
from tarazu.server.desk import desk
from tarazu.server.nav import counts
from tarazu.server.recognition import recognise
from tarazu.server.visitor import Preferences, Visitor

_TEMPLATES = Path(__file__).parent / "templates"
LANG_COOKIE = "tarazu-lang"
THEMES = ("auto", "light", "dark")


def environment() -> Environment:
    """How templates are read: everything escaped, nothing undefined."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def visitor(request: Request) -> Visitor:
    """Who asks, also where no guard has looked: at an address that does not exist."""
    found = getattr(request.state, "visitor", None)
    return found if isinstance(found, Visitor) else recognise(request)


def language(request: Request) -> str:
    """The language of a page: what the person set, the link asks for, was chosen before, the browser wants."""
    settings = desk(request).settings
    person = visitor(request).person
    asked = (
        request.query_params.get("lang", ""),
        person.preferences.lang if person else "",
        request.cookies.get(LANG_COOKIE, ""),
        *words.accepted(request.headers.get("accept-language", "")),
    )
    return next((one for one in asked if one in settings.languages), settings.language)


def render(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page. `lang=` in `values` wins over the language of who asks (a notice is in its reader's)."""
    at_hand = desk(request)
    who = visitor(request)
    lang = str(values.pop("lang", None) or language(request))
    preferences = who.person.preferences if who.person else Preferences()
    context: dict[str, Any] = {
        "request": request,
        "lang": lang,
        "dir": words.direction(lang),
        "theme": preferences.theme,
        "preferences": preferences,
        "languages": at_hand.settings.languages,
        "person": who.person,
        "csrf_token": who.csrf,
        "csrf": partial(_field, who.csrf),
        "can": who.permissions.__contains__,
        "nav": _nav(request, who),
        "waiting_at": counts(at_hand.store, who.permissions),
        "here": request.url.path,
        "partial": request.headers.get("hx-request") == "true",
        "now": at_hand.clock(),
        "static": at_hand.assets.url,
        **speaking(lang, preferences.calendar),
    }
    made = request.app.state.templates.get_template(template).render(context | values)
    answer = HTMLResponse(made, status, headers={"content-language": lang, "vary": "Cookie, Accept-Language"})
    if "lang" in request.query_params and who.person is None:
        answer.set_cookie(LANG_COOKIE, lang, max_age=31_536_000, samesite="lax", httponly=True,
                          secure=at_hand.settings.secure)  # fmt: skip
    return answer


def speaking(lang: str, calendar: str = "gregorian") -> dict[str, Callable[..., str]]:
    """The functions of a template that speak: `say`, `number`, `date`, `day`."""
    return {
        "say": partial(words.say, lang),
        "number": partial(words.number, lang),
        "date": partial(_date, lang, calendar),
        "day": partial(_day, lang, calendar),
    }


def _date(lang: str, calendar: str, at: datetime) -> Markup:
    shown = words.date(lang, at, calendar=calendar)
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), shown)


def _day(lang: str, calendar: str, at: datetime) -> Markup:
    shown = words.day(lang, at, calendar=calendar)
    return Markup('<time datetime="{}">{}</time>').format(at.date().isoformat(), shown)


def _field(token: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, token)


def _nav(request: Request, who: Visitor) -> list[tuple[str, str]]:
    """Key of the name and address of every entry that this visitor may open."""
    return [(key, path) for key, path, permission in request.app.state.nav if permission in who.permissions]
