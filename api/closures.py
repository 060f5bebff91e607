"""Closures over HTTP: operators close a place and open it again (CONTRACT §5)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, patch, post
from litestar.params import FromPath

from api.auth import at_desk
from api.operations import Operation, body_of, json_answer
from api.route_effects import Word, effect
from api.wire_closures import ClosedAnswer, ClosureBody, ClosurePatch, closure_at, closure_change_of, closure_of
from routing.router import Router

GROUP = "Closures"
WRITES = ("forbidden", "database_unavailable", "overloaded", "not_ready")
CLOSE = Operation(
    "Close a place",
    description=(
        "For operators: in force at once, or from its start on, for every profile. It is a barrier of kind `closure` "
        "with the same id. What lies on no way of this map is kept and says `effect: unmatched`."
    ),
    body=ClosureBody,
    answer=ClosedAnswer,
    status=201,
    errors=WRITES,
    group=GROUP,
    keyed=True,
    bearer="required",
)
CHANGE = Operation(
    "Change a closure",
    description="For operators. What is left out stays as it is; `effect` comes with a new geometry.",
    body=ClosurePatch,
    answer=ClosedAnswer,
    errors=("not_found", *WRITES),
    group=GROUP,
    bearer="required",
)
OPEN = Operation(
    "End a closure",
    description="For operators. The closure stays in the record.",
    answer=ClosedAnswer,
    errors=("not_found", *WRITES),
    group=GROUP,
    bearer="required",
)


@post("/v1/closures", status_code=201, opt={"operation": CLOSE})
async def close(request: Request[Any, Any, Any]) -> Response[bytes]:
    asked = closure_of(body_of(request, ClosureBody))
    at = await at_desk(request)
    closed = await at.desk.close(at.actor, asked, at.now, idempotency_key=at.key)
    found = await _effect(at.here.router, asked.geometry)
    headers = {"Location": f"/v1/barriers/{closed.closure_id}"}
    return json_answer(ClosedAnswer(closed.closure_id, closed.revision, found), status=201, headers=headers)


@patch("/v1/closures/{closure_id:uuid}", status_code=200, opt={"operation": CHANGE})
async def change(request: Request[Any, Any, Any], closure_id: FromPath[UUID]) -> Response[bytes]:
    asked = closure_change_of(body_of(request, ClosurePatch))
    at = await at_desk(request)
    closed = await at.desk.change_closure(at.actor, closure_id, asked, at.now)
    found = None if asked.geometry is None else await _effect(at.here.router, asked.geometry)
    return json_answer(ClosedAnswer(closed.closure_id, closed.revision, found))


@delete("/v1/closures/{closure_id:uuid}", status_code=200, opt={"operation": OPEN})
async def open_again(request: Request[Any, Any, Any], closure_id: FromPath[UUID]) -> Response[bytes]:
    at = await at_desk(request)
    closed = await at.desk.open_closure(at.actor, closure_id, at.now)
    return json_answer(ClosedAnswer(closed.closure_id, closed.revision))


async def _effect(router: Router, geometry: dict[str, Any]) -> Word:
    return await asyncio.to_thread(effect, closure_at(geometry), router)


ROUTE_HANDLERS = [close, change, open_again]
