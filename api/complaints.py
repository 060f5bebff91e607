"""Complaints over HTTP (CONTRACT §6)."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Meta, Struct, field, structs

from accessibility.complaints.lifecycle import STATES
from accessibility.complaints.requests import CallbackAnswer, ComplaintFilter, Step
from api.auth import at_desk
from api.operations import Operation, body_of, json_answer, query_of
from api.queries import PAGE, Cursor, Limit, Words, cursor_in, words_in
from api.wire_complaints import (
    ComplaintAnswer,
    ComplaintsAnswer,
    SteppedAnswer,
    complaint_answer,
    refuse_unbuilt,
    step_of,
)

GROUP = "Complaints"
READS = ("database_unavailable", "overloaded", "not_ready")
MOVES = (*READS, "forbidden", "not_found", "illegal_step", "stale_version")
PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}


class ComplaintsQuery(Struct, frozen=True):
    """Which complaints; `state` takes several with commas."""

    state: Words | None = None
    unit: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    area: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    overdue: bool | None = None
    class_: Literal["P0", "P1", "P2", "P3"] | None = field(name="class", default=None)
    limit: Limit = PAGE
    cursor: Cursor | None = None


LIST = Operation(
    "Complaints",
    description="For staff, without the timelines; a unit and its crews see their own.",
    query=ComplaintsQuery,
    answer=ComplaintsAnswer,
    errors=(*READS, "forbidden"),
    group=GROUP,
    bearer="required",
)
ONE = Operation(
    "A complaint",
    description="For everybody. Words in the timeline are for its reporters (by their token) and staff.",
    answer=ComplaintAnswer,
    errors=(*READS, "not_found"),
    group=GROUP,
    bearer="optional",
)
STEP = Operation(
    "A step of a complaint",
    description=(
        "`version` is the one you have read. A step the state does not allow, or a version that is no longer true, is "
        "409 with `allowed` and `version`. Steps that are not offered yet are refused with `not_yet_supported`."
    ),
    body=Step,
    answer=SteppedAnswer,
    errors=(*MOVES, "not_yet_supported"),
    group=GROUP,
    before_decoding=refuse_unbuilt,
    keyed=True,
    bearer="required",
)
ANSWER = Operation(
    "The resident's own verdict",
    description=(
        "Each reporter answers a callback once, with their token. `not_fixed` of the first reporter reopens a resolved "
        "complaint for 7 days; others' answers move it when they are verified."
    ),
    body=CallbackAnswer,
    answer=SteppedAnswer,
    errors=(*MOVES, "already_answered"),
    group=GROUP,
    keyed=True,
    bearer="required",
)


@get("/v1/complaints", opt={"operation": LIST})
async def complaints(request: Request[Any, Any, Any]) -> Response[bytes]:
    asked = _filter(query_of(request, ComplaintsQuery))
    at = await at_desk(request)
    found = await at.desk.complaints(structs.replace(asked, limit=asked.limit + 1), at.actor, at.now)
    shown = [complaint_answer(one, at.actor) for one in found[: asked.limit]]
    after = str(shown[-1].id) if len(found) > asked.limit else None
    return json_answer(ComplaintsAnswer(shown, after), headers=PRIVATE)


@get("/v1/complaints/{complaint_id:uuid}", opt={"operation": ONE})
async def complaint(request: Request[Any, Any, Any], complaint_id: FromPath[UUID]) -> Response[bytes]:
    at = await at_desk(request)
    found = await at.desk.complaint(complaint_id, at.actor, at.now)
    return json_answer(complaint_answer(found, at.actor), headers=PRIVATE)


@post("/v1/complaints/{complaint_id:uuid}/steps", status_code=200, opt={"operation": STEP})
async def step(request: Request[Any, Any, Any], complaint_id: FromPath[UUID]) -> Response[bytes]:
    taken: Step = step_of(body_of(request, object))  # type: ignore[arg-type]
    at = await at_desk(request)
    return json_answer(await at.desk.take_step(at.actor, complaint_id, taken, at.now, idempotency_key=at.key))


@post("/v1/complaints/{complaint_id:uuid}/callback", status_code=200, opt={"operation": ANSWER})
async def callback(request: Request[Any, Any, Any], complaint_id: FromPath[UUID]) -> Response[bytes]:
    given = body_of(request, CallbackAnswer)
    at = await at_desk(request)
    return json_answer(await at.desk.answer_callback(at.actor, complaint_id, given, at.now, idempotency_key=at.key))


def _filter(query: ComplaintsQuery) -> ComplaintFilter:
    return ComplaintFilter(
        states=words_in(query.state, STATES, "state"), unit=query.unit, area=query.area, urgency=query.class_,
        overdue=query.overdue, after=cursor_in(query.cursor), limit=query.limit,
    )  # fmt: skip


ROUTE_HANDLERS = [complaints, complaint, step, callback]
