"""What people outside see: the notice behind their link, the appeal, the report form and its receipt."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tarazu.cases.appeals import TEXT, Appeals
from tarazu.cases.intake import Intake
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.notices import NoticePage, Notices
from tarazu.cases.objection import AppealRefused, NoticeNotFound
from tarazu.cases.refusal import ReportRefused
from tarazu.cases.report import Report, ReportKind
from tarazu.server.casework import casework
from tarazu.server.clockwork.bell import reported
from tarazu.server.desk import desk
from tarazu.server.guard import permit, public
from tarazu.server.page import render
from tarazu.server.refusals import NotFound
from tarazu.server.visitor import Person, Visitor

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Visitor, Depends(public)]
Adder = Annotated[Person, Depends(permit("report.add"))]
Text = Annotated[str, Form()]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,100}")
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")
FIELDS = (
    "what",
    "reason",
    "comment",
    "contact",
    "kind",
    "authority",
    "legal_basis",
    "jurisdiction",
    "reporter",
)


@router.get("/n/{token}")
def notice(request: Request, token: str, visitor: Anybody) -> Response:
    """What was decided about somebody, and why; in their language."""
    return _notice(request, token, _page(request, token))


@router.post("/n/{token}/appeal")
def appeal(request: Request, token: str, visitor: Anybody, text: Text = "") -> Response:
    """Appeal, once."""
    found = _page(request, token)
    text = text.replace("\r\n", "\n").strip()
    fault = "" if text else "public.fault_text"
    if len(text) > TEXT:
        fault = "public.fault_long"
    if not fault:
        desk(request).rates.form("appeal", _address(request))
        at_hand = desk(request)
        try:
            Appeals(at_hand.store, at_hand.clock, casework(request).settings).open(token, text, found.lang)
        except AppealRefused:
            fault = "public.fault_appeal"
    if fault:
        return _notice(request, token, _page(request, token), 422, fault, text)
    return RedirectResponse(f"/n/{token}#appeal", 303)


@router.get("/report")
def report_form(request: Request, visitor: Anybody) -> Response:
    """Report something, without an account, with or without an address."""
    return _form(request, {"what": request.query_params.get("url", "")[:2000]})


@router.post("/report")
def report(
    request: Request,
    visitor: Anybody,
    what: Text = "",
    reason: Text = "",
    comment: Text = "",
    contact: Text = "",
) -> Response:
    """Take the report in; what comes back is its receipt."""
    values = {"what": what.strip(), "reason": reason, "comment": comment, "contact": contact.strip()}
    fault = _fault(values)
    if fault:
        return _form(request, values, 422, fault)
    desk(request).rates.form("report", _address(request))
    kind = ReportKind.USER if values["contact"] else ReportKind.ANONYMOUS
    return _filed(request, values, Report(kind=kind, contact=values["contact"] or None, **_common(values)))


@router.get("/reports/new")
def staff_form(request: Request, person: Adder) -> Response:
    """Enter a report that came by letter: of a trusted flagger, or an order of an authority."""
    return _form(request, {"kind": ReportKind.TRUSTED_FLAGGER}, staff=True)


@router.post("/reports/new")
def staff_report(
    request: Request,
    person: Adder,
    what: Text = "",
    reason: Text = "",
    comment: Text = "",
    contact: Text = "",
    kind: Text = "",
    authority: Text = "",
    legal_basis: Text = "",
    jurisdiction: Text = "",
    reporter: Text = "",
) -> Response:
    """Take it in with its clock."""
    given = (what, reason, comment, contact, kind, authority, legal_basis, jurisdiction, reporter)
    values = {name: value.strip() for name, value in zip(FIELDS, given, strict=True)}
    fault = _fault(values)
    if kind not in (ReportKind.TRUSTED_FLAGGER, ReportKind.GOVERNMENT_ORDER):
        fault = "public.fault_kind"
    elif kind == ReportKind.GOVERNMENT_ORDER and not (
        authority.strip() and legal_basis.strip() and jurisdiction.strip()
    ):
        fault = "public.fault_order"  # fmt: skip
    elif kind == ReportKind.TRUSTED_FLAGGER and not values["reporter"]:
        fault = "public.fault_flagger"
    if fault:
        return _form(request, values, 422, fault, staff=True)
    made = Report(
        kind=ReportKind(kind),
        contact=values["contact"] or None,
        reporter=values["reporter"] or values["authority"] or None,
        authority=values["authority"] or None,
        legal_basis=values["legal_basis"] or None,
        jurisdiction=values["jurisdiction"] or None,
        **_common(values),
    )
    return _filed(request, values, made, person)


@router.get("/r/{token}")
def receipt(request: Request, token: str, visitor: Anybody) -> Response:
    """What became of a report, for who has its receipt."""
    at_hand = desk(request)
    found = Intake(at_hand.store, at_hand.clock).status(token) if _TOKEN.fullmatch(token) else None
    if found is None:
        raise NotFound
    address = f"{at_hand.settings.public_url}/r/{token}"
    return render(request, "receipt.html", report=found, address=address, fresh="new" in request.query_params)


def _address(request: Request) -> str:
    return request.client.host if request.client else "?"


def _page(request: Request, token: str) -> NoticePage:
    at_hand = desk(request)
    try:
        if not _TOKEN.fullmatch(token):
            raise NoticeNotFound
        return Notices(at_hand.store, at_hand.clock, casework(request).settings).page(token)
    except NoticeNotFound:
        raise NotFound from None


def _notice(
    request: Request, token: str, page: NoticePage, status: int = 200, fault: str = "", text: str = ""
) -> Response:
    return render(
        request, "notice.html", status, lang=page.lang, page=page, token=token, fault=fault, text=text, longest=TEXT
    )  # fmt: skip


def _fault(values: dict[str, str]) -> str:
    if not values["what"] or len(values["what"]) > 2000:
        return "public.fault_what"
    if not values["reason"].strip():
        return "public.fault_reason"
    if max(len(values["reason"]), len(values["comment"])) > 5000:
        return "public.fault_long"
    if values["contact"] and not _MAIL.fullmatch(values["contact"]):
        return "public.fault_contact"
    return ""


def _common(values: dict[str, str]) -> dict[str, Any]:
    # The words that a reporter quotes are the reporter's: they stand with the report, never as the post itself.
    at = values["what"]
    url = at if at.lower().startswith(("https://", "http://")) else None
    return {
        "item": Item(kind=ItemKind.POST, external_id=at, url=url),
        "reason": values["reason"].replace("\r\n", "\n").strip(),
        "comment": values["comment"].replace("\r\n", "\n").strip() or None,
    }


def _filed(request: Request, values: dict[str, str], made: Report, person: Person | None = None) -> Response:
    at_hand = desk(request)
    intake = Intake(at_hand.store, at_hand.clock)
    try:
        took = intake.report(made, person.actor) if person else intake.report(made)
    except ReportRefused as refused:
        return _form(
            request, values, 422, "public.fault_refused", said=str(refused), staff=person is not None
        )
    reported(request, took)
    if person:
        return RedirectResponse(f"/cases/{took.case_id}", 303)
    return RedirectResponse(f"/r/{took.token}?new=1", 303)


def _form(
    request: Request,
    values: dict[str, str],
    status: int = 200,
    fault: str = "",
    said: str = "",
    staff: bool = False,
) -> Response:
    filled = dict.fromkeys(FIELDS, "") | values
    return render(
        request, "report.html", status, values=filled, fault=fault, said=said, staff=staff
    )  # fmt: skip
