"""Reports over HTTP (CONTRACT §5)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, post

from accessibility.barriers import Barrier
from accessibility.complaints.requests import FromRouting, NewReport
from accessibility.kinds import KINDS
from accessibility.refusals import Refused
from api.auth import AtDesk, at_desk
from api.operations import Operation, body_of, json_answer
from api.running import Running
from api.wire_reports import ReceivedAnswer, ReportBody, received_answer, report_of
from routing.impact import cuts_last_way
from routing.placing import POINT_REACH_M

GROUP = "Reports and barriers"
REPORT = Operation(
    "Report a barrier",
    description=(
        "Needs no key. A report of the same group of kinds within 10 m of an open barrier joins it and its complaint. "
        "Somebody's first report answers with a `reporter_token`: send it as bearer from then on. `contact` goes where "
        "the server itself cannot read it, `note` is not shown to the public. `on_behalf` is for the intake."
    ),
    body=ReportBody,
    answer=ReceivedAnswer,
    status=201,
    errors=("forbidden", "outside_map", "rate_limited", "database_unavailable", "overloaded", "not_ready"),
    group=GROUP,
    keyed=True,
    bearer="optional",
)


@post("/v1/reports", status_code=201, opt={"operation": REPORT})
async def report(request: Request[Any, Any, Any]) -> Response[bytes]:
    asked = report_of(body_of(request, ReportBody))
    answer = await received(await at_desk(request), asked)
    return json_answer(answer, status=201, headers={"Location": f"/v1/complaints/{answer.complaint_id}"})


async def received(at: AtDesk, asked: NewReport) -> ReceivedAnswer:
    """The report stored, whole or not at all."""
    known = await known_place(at.here, asked)
    stored = await at.desk.receive(at.actor, asked, at.now, known=known, idempotency_key=at.key)
    return received_answer(stored, at.desk.token(stored))


async def known_place(here: Running, asked: NewReport) -> FromRouting:
    """What the map knows about the place; `outside_map` more than 500 m from any way that somebody may walk."""
    nearest = await asyncio.to_thread(here.router.placer.nearest, *asked.at, asked.level)
    if nearest is None:
        raise Refused("outside_map", "This place is more than 500 m from any way on this map.", field="at")
    street = nearest.street if nearest.distance_m <= POINT_REACH_M else None
    return FromRouting(
        street=street,
        cuts_last_way=await _cuts_last_way(here, asked),
        map_build=here.router.graph.meta.build_id,
    )


async def _cuts_last_way(here: Running, asked: NewReport) -> bool:
    """Whether a danger that would block at once would leave somebody without any way; nothing else blocks at once."""
    if asked.severity < 4 or not KINDS[asked.kind].is_danger(asked.severity):
        return False
    place = {"type": "Point", "coordinates": asked.at}
    danger = Barrier(UUID(int=0), asked.kind, asked.severity, asked.at, place, "suspected", True, 0, level=asked.level)
    return await asyncio.to_thread(cuts_last_way, here.router, danger)


ROUTE_HANDLERS = [report]
