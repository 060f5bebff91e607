"""Complaints over HTTP (CONTRACT §6)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import Meta, Struct, field, structs

from accessibility.complaints.lifecycle import STATES
from accessibility.complaints.requests import CallbackAnswer, ComplaintFilter
from api import wire_complaints as wire
from api.auth import actor_of, idempotency_key
from api.barriers_query import PAGE, Limit, Words, cursor_in, words_in
from api.errors import invalid
from api.operations import Operation, body_of, json_answer, query_of
from api.running import running

READS = ("unauthorized", "forbidden", "database_unavailable", "overloaded", "not_ready")
MOVES = (
    *READS, "not_found", "illegal_step", "stale_version", "idempotency_conflict", "not_yet_supported", "rate_limited",
)  # fmt: skip
GROUP = "Complaints"
CLASSES = ("P0", "P1", "P2", "P3")


class ComplaintsQuery(Struct, frozen=True):
    """Filters of the list; `state` takes several with commas."""

    state: Words | None = None
    unit: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    area: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    overdue: bool | None = None
    class_: Annotated[str, Meta(max_length=2)] | None = field(name="class", default=None)
    limit: Limit = PAGE
    cursor: Annotated[str, Meta(max_length=40)] | None = None


LIST = Operation(
    "Complaints", description="For staff; a unit and its crews see their own.", query=ComplaintsQuery,
    answer=wire.ComplaintsAnswer, errors=READS, group=GROUP,
)  # fmt: skip
ONE = Operation(
    "A complaint",
    description="For everybody. Texts in the timeline are for its reporters (by their token) and staff.",
    answer=wire.ComplaintAnswer, errors=(*READS, "not_found"), group=GROUP,
)  # fmt: skip
STEP = Operation(
    "A step of a complaint",
    description=(
        "`version` is the one you have read. A step the state does not allow, or a version that is no longer true, is "
        "409 with `allowed` and `version`."
    ),
    body=wire.StepBody, answer=wire.SteppedAnswer, errors=MOVES, group=GROUP,
)  # fmt: skip
ANSWER = Operation(
    "The resident's own verdict",
    description=(
        "Each reporter answers a callback once, with their token. `not_fixed` of the first reporter reopens a resolved "
        "complaint for 7 days; others' answers move it when they are verified."
    ),
    body=CallbackAnswer, answer=wire.SteppedAnswer, errors=(*MOVES, "already_answered"), group=GROUP,
)  # fmt: skip


@get("/v1/complaints", opt={"operation": LIST})
async def complaints(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    asked = _filter(query_of(request, ComplaintsQuery))
    wanted = structs.replace(asked, limit=asked.limit + 1)
    found = await here.reports.complaints(wanted, await actor_of(request), here.clock())
    more = str(found[asked.limit - 1].id) if len(found) > asked.limit else None
    return json_answer(wire.ComplaintsAnswer([wire.complaint_of(one) for one in found[: asked.limit]], more))


@get("/v1/complaints/{complaint_id:uuid}", opt={"operation": ONE})
async def complaint(request: Request[Any, Any, Any], complaint_id: UUID) -> Response[bytes]:
    here = running(request)
    actor = await actor_of(request)
    return json_answer(wire.complaint_of(await here.reports.complaint(complaint_id, actor, here.clock())))


@post("/v1/complaints/{complaint_id:uuid}/steps", status_code=200, opt={"operation": STEP})
async def step(request: Request[Any, Any, Any], complaint_id: UUID) -> Response[bytes]:
    here = running(request)
    taken = wire.step_of(body_of(request, object))
    key = idempotency_key(request)
    actor = await actor_of(request)
    return json_answer(await here.reports.take_step(actor, complaint_id, taken, here.clock(), idempotency_key=key))


@post("/v1/complaints/{complaint_id:uuid}/callback", status_code=200, opt={"operation": ANSWER})
async def callback(request: Request[Any, Any, Any], complaint_id: UUID) -> Response[bytes]:
    here = running(request)
    given = body_of(request, CallbackAnswer)
    key = idempotency_key(request)
    actor = await actor_of(request)
    return json_answer(
        await here.reports.answer_callback(actor, complaint_id, given, here.clock(), idempotency_key=key)
    )


def _filter(query: ComplaintsQuery) -> ComplaintFilter:
    if query.class_ is not None and query.class_ not in CLASSES:
        raise invalid("class", f"one of {', '.join(CLASSES)} is wanted", code="invalid_query")
    return ComplaintFilter(
        states=words_in(query.state, STATES, "state"), unit=query.unit, area=query.area, urgency=query.class_,
        overdue=query.overdue, after=cursor_in(query.cursor), limit=query.limit,
    )  # fmt: skip


ROUTE_HANDLERS = [complaints, complaint, step, callback]
