"""The loop without JavaScript: report a barrier, follow it, say whether it is fixed, and a crew's list."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Template
from msgspec import Struct

from accessibility.complaints.answers import ComplaintRecord, Received
from accessibility.complaints.people import Actor
from accessibility.complaints.requests import CallbackAnswer, Contact, NewReport
from accessibility.kind_words import KIND_WORDS, SEVERITY_WORDS
from accessibility.kinds import KINDS
from accessibility.refusals import Refused
from api import loop_words
from api.errors import PROBLEMS
from api.forms import HEADERS, Field, form_of, place_of
from api.limits import counted_address
from api.reports import known_place
from api.running import Running, running

NOTE_MAX = 2000
KINDS_SHOWN = [(code, KIND_WORDS[code][0]) for code, kind in KINDS.items() if not kind.operators_only]
SEVERITIES = [(str(number), words[0]) for number, words in SEVERITY_WORDS.items()]
NO_PHOTO = "Photos cannot be taken yet. Please send the report without it."
NO_CODE = "This code is not known. It begins with rt_ and was shown after your report."


class ReportForm(Struct):
    """The questions of the report page. `once` keeps a form that is sent twice from being two reports."""

    kind: Field
    at: Field
    severity: Field
    note: Field
    name: Field
    email: Field
    phone: Field
    once: str

    @property
    def fields(self) -> list[Field]:
        return [self.kind, self.at, self.severity, self.note, self.name, self.email, self.phone]

    @property
    def errors(self) -> list[Field]:
        return [field for field in self.fields if field.error]


@get("/report")
async def report_form(request: Request[Any, Any, Any]) -> Template:
    return _report_page(_report_form({}), running(request))


@post("/report", status_code=200)
async def report(request: Request[Any, Any, Any]) -> Template:
    here = running(request)
    form = _report_form(await form_of(request))
    photo = (await request.form()).get("photo")
    if isinstance(photo, UploadFile) and photo.filename:
        return _report_page(form, here, status=400, problem=NO_PHOTO)
    asked = _report(form, here)
    if asked is None:
        return _report_page(form, here, status=400 if form.errors else 200)
    try:
        known = await known_place(here, asked)
        actor = await _who(request, here, None)
        key = form.once or None
        received = await here.reports.receive(actor, asked, here.clock(), known=known, idempotency_key=key)
    except Refused as refused:
        if refused.code == "outside_map":
            form.at.error = "This is more than 500 m from any way on this map."
            return _report_page(form, here, status=_status(refused))
        return _report_page(form, here, status=_status(refused), problem=loop_words.problem(refused))
    complaint = await here.reports.complaint(received.complaint_id, actor, here.clock())
    return _report_page(form, here, received=received, complaint=complaint)


@get("/complaints/{complaint_id:uuid}")
async def follow(request: Request[Any, Any, Any], complaint_id: FromPath[UUID]) -> Template:
    return await _complaint_page(request, complaint_id, Field("code", "Your code"))


@post("/complaints/{complaint_id:uuid}", status_code=200)
async def follow_with_code(request: Request[Any, Any, Any], complaint_id: FromPath[UUID]) -> Template:
    given = await form_of(request)
    return await _complaint_page(request, complaint_id, Field("code", "Your code", given.get("code", "").strip()))


@post("/complaints/{complaint_id:uuid}/answer", status_code=200)
async def answer(request: Request[Any, Any, Any], complaint_id: FromPath[UUID]) -> Template:
    given = await form_of(request)
    code = Field("code", "Your code", given.get("code", "").strip())
    problem = None
    try:
        verdict = msgspec.convert(
            {
                "answer": given.get("answer"), "satisfaction": int(given.get("satisfaction", "")),
                "pressured": given.get("pressured") == "yes",
            },
            CallbackAnswer,
        )  # fmt: skip
    except (msgspec.ValidationError, ValueError):
        return await _complaint_page(
            request, complaint_id, code, status=400, problem="Answer both questions, then send again."
        )
    here = running(request)
    try:
        actor = await _who(request, here, code.value or None)
        await here.reports.answer_callback(actor, complaint_id, verdict, here.clock())
    except Refused as refused:
        problem = loop_words.problem(refused)
        return await _complaint_page(request, complaint_id, code, status=_status(refused), problem=problem)
    return await _complaint_page(request, complaint_id, code, thanks=True)


@get("/crew")
async def crew_form(request: Request[Any, Any, Any]) -> Template:
    return _crew_page(running(request), *_crew_fields({}))


@post("/crew", status_code=200)
async def crew(request: Request[Any, Any, Any]) -> Template:
    here = running(request)
    key, unit, start = _crew_fields(await form_of(request))
    for field, wanted in ((key, "Enter your key."), (unit, "Enter the unit.")):
        field.error = None if field.value else wanted
    place = place_of(start, here) if start.value else None
    if key.error or unit.error or start.error or start.choices:
        return _crew_page(here, key, unit, start, status=400)
    try:
        actor = await _who(request, here, key.value)
        at = None if place is None else (place.lon, place.lat)
        stops = await here.reports.crew_list(unit.value, actor, here.clock(), start=at)
    except Refused as refused:
        return _crew_page(here, key, unit, start, status=_status(refused), problem=loop_words.problem(refused))
    return _crew_page(here, key, unit, start, stops=stops)


async def _who(request: Request[Any, Any, Any], here: Running, bearer: str | None) -> Actor:
    return await here.reports.who(bearer, counted_address(request, here.settings.trusted_proxies))


def _status(refused: Refused) -> int:
    return PROBLEMS[refused.code].status


def _report_form(given: Mapping[str, str]) -> ReportForm:
    def field(name: str, label: str, default: str = "") -> Field:
        return Field(name, label, given.get(name, default).strip())

    once = given.get("once", "")
    return ReportForm(
        kind=field("kind", "What is in the way?"), at=field("at", "Where?"),
        severity=field("severity", "How bad is it?"),
        note=field("note", "Anything else"), name=field("name", "Name"), email=field("email", "E-mail"),
        phone=field("phone", "Phone"),
        once=once if 16 <= len(once) <= 128 and once.isascii() else "" if given else secrets.token_urlsafe(24),
    )  # fmt: skip


def _report(form: ReportForm, here: Running) -> NewReport | None:
    """The report inside; otherwise the fields say what is wrong."""
    place = place_of(form.at, here)
    if form.kind.value not in dict(KINDS_SHOWN):
        form.kind.error = "Choose what is in the way."
    if form.severity.value not in dict(SEVERITIES):
        form.severity.error = "Choose how bad it is."
    for field, longest in ((form.note, NOTE_MAX), (form.name, 200), (form.email, 254), (form.phone, 40)):
        if len(field.value) > longest or "\0" in field.value:
            field.error = f"At most {longest} characters."
    if form.errors or place is None:
        return None
    contact = Contact(form.name.value or None, form.email.value or None, form.phone.value or None)
    return NewReport(
        kind=form.kind.value, at=(place.lon, place.lat), severity=int(form.severity.value),
        note=form.note.value or None, contact=contact, channel="web_form",
    )  # fmt: skip


def _report_page(
    form: ReportForm, here: Running, *, status: int = 200, problem: str | None = None,
    received: Received | None = None, complaint: ComplaintRecord | None = None,
) -> Template:  # fmt: skip
    context = {
        "form": form, "kinds": KINDS_SHOWN, "severities": SEVERITIES, "problem": problem, "received": received,
        "complaint": complaint, "token": here.reports.token(received) if received else None,
        "attribution": here.router.graph.meta.attribution, "words": loop_words,
    }  # fmt: skip
    return Template("report.html", context=context, status_code=status, headers=HEADERS)


async def _complaint_page(
    request: Request[Any, Any, Any], complaint_id: UUID, code: Field, *, status: int = 200, problem: str | None = None,
    thanks: bool = False,
) -> Template:  # fmt: skip
    """What became of a report; with the reporter's code also the texts, and the question when it is asked."""
    here = running(request)
    try:
        actor = await _who(request, here, code.value or None)
    except Refused as refused:
        if refused.code != "unauthorized":
            raise
        code.error, status = NO_CODE, 401
        actor = await _who(request, here, None)
    complaint = await here.reports.complaint(complaint_id, actor, here.clock())
    context = {
        "complaint": complaint, "code": code, "problem": problem, "thanks": thanks, "words": loop_words,
        "attribution": here.router.graph.meta.attribution,
    }  # fmt: skip
    return Template("complaint.html", context=context, status_code=status, headers=HEADERS)


def _crew_fields(given: Mapping[str, str]) -> tuple[Field, Field, Field]:
    asked = (("key", "Your key"), ("unit", "Unit"), ("start", "Where you start"))
    key, unit, start = (Field(name, label, given.get(name, "").strip()) for name, label in asked)
    return key, unit, start


def _crew_page(
    here: Running, key: Field, unit: Field, start: Field, *, status: int = 200, problem: str | None = None,
    stops: list[dict[str, Any]] | None = None,
) -> Template:  # fmt: skip
    context = {
        "key": key, "unit": unit, "start": start, "problem": problem, "stops": stops, "words": loop_words,
        "attribution": here.router.graph.meta.attribution,
    }  # fmt: skip
    return Template("crew.html", context=context, status_code=status, headers=HEADERS)


ROUTE_HANDLERS = [report_form, report, follow, follow_with_code, answer, crew_form, crew]
