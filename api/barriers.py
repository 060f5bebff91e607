"""Reports, barriers, votes, moderation and closures over HTTP (CONTRACT §5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from msgspec import UNSET, structs

from accessibility.complaints.places import place_of
from accessibility.complaints.requests import Moderation
from accessibility.refusals import Refused
from api import wire_barriers as wire
from api.auth import actor_of, idempotency_key
from api.barriers_query import BarriersQuery, NearbyQuery, filter_of, kinds_of, place_in, within_map
from api.operations import Operation, body_of, json_answer, query_of
from api.running import Running, running

WRITES = (
    "unauthorized", "forbidden", "idempotency_conflict", "rate_limited", "database_unavailable", "overloaded",
    "not_ready",
)  # fmt: skip
READS = ("unauthorized", "database_unavailable", "overloaded", "not_ready")
GROUP = "Reports and barriers"

REPORT = Operation(
    "Report a barrier",
    description=(
        "Needs no key. A report of the same group within 10 m of an open barrier joins it and its open complaint. The "
        "first report of somebody answers with a `reporter_token`: send it as bearer from then on. `contact` goes where "
        "the server itself cannot read it; `note` is not shown to the public. With an `Idempotency-Key` the same "
        "report is stored once."
    ),
    body=wire.ReportBody, answer=wire.ReceivedAnswer, status=201, errors=(*WRITES, "outside_map"), group=GROUP,
)  # fmt: skip
VOTE = Operation(
    "Vote on a barrier", description="Needs a reporter's token or a key. Only verified votes change the standing.",
    body=wire.VoteBody, answer=wire.BarrierChangedAnswer, errors=(*WRITES, "not_found"), group=GROUP,
)  # fmt: skip
MODERATE = Operation(
    "Decide about a barrier", description="For moderators. merge, split and blur are not offered yet.",
    body=wire.ModerateBody, answer=wire.BarrierChangedAnswer, errors=(*WRITES, "not_found", "not_yet_supported"),
    group=GROUP,
)  # fmt: skip
CLOSE = Operation(
    "Close a place", description="For operators: in force at once, or from its start on.", body=wire.ClosureBody,
    answer=wire.ClosedAnswer, status=201, errors=WRITES, group=GROUP,
)  # fmt: skip
CHANGE = Operation(
    "Change a closure", description="For operators. What is left out stays.", body=wire.ClosurePatch,
    answer=wire.ClosedAnswer, errors=(*WRITES, "not_found"), group=GROUP,
)  # fmt: skip
OPEN = Operation("End a closure", answer=wire.ClosedAnswer, errors=(*WRITES, "not_found"), group=GROUP)
LIST = Operation(
    "Barriers",
    description=(
        "`bbox` is west,south,east,north; `kind` and `standing` take several codes with commas; `since_revision` asks "
        "for what changed after a revision. In the order of their ids; `cursor` is the `next` of the page before."
    ),
    query=BarriersQuery, answer=wire.BarriersAnswer, errors=(*READS, "not_yet_supported"), group=GROUP,
)  # fmt: skip
NEARBY = Operation(
    "Barriers within 50 m", description="Open ones, the nearest first.", query=NearbyQuery,
    answer=wire.BarriersAnswer, errors=READS, group=GROUP,
)  # fmt: skip
ONE = Operation("A barrier", answer=wire.BarrierFeature, errors=(*READS, "not_found"), group=GROUP)


@post("/v1/reports", status_code=201, opt={"operation": REPORT})
async def report(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    body = body_of(request, wire.ReportBody)
    within_map(here, body.at)
    received = await here.reports.receive(
        await actor_of(request), wire.report_of(body), here.clock(), idempotency_key=idempotency_key(request)
    )
    answer = {name: value for name, value in structs.asdict(received).items() if name != "first"}
    shown = wire.ReceivedAnswer(reporter_token=here.reports.token(received), **answer)
    return json_answer(shown, status=201)


@post("/v1/barriers/{barrier_id:uuid}/votes", status_code=200, opt={"operation": VOTE})
async def vote(request: Request[Any, Any, Any], barrier_id: UUID) -> Response[bytes]:
    here = running(request)
    word = body_of(request, wire.VoteBody).vote
    key = idempotency_key(request)
    return json_answer(
        await here.reports.vote(await actor_of(request), barrier_id, word, here.clock(), idempotency_key=key)
    )


@post("/v1/barriers/{barrier_id:uuid}/moderate", status_code=200, opt={"operation": MODERATE})
async def moderate(request: Request[Any, Any, Any], barrier_id: UUID) -> Response[bytes]:
    here = running(request)
    body = body_of(request, wire.ModerateBody)
    if body.action in ("merge", "split", "blur"):
        raise Refused("not_yet_supported", f"{body.action} is not offered by this server yet.", field="action")
    asked = Moderation(body.action, body.reason)
    key = idempotency_key(request)
    actor = await actor_of(request)
    return json_answer(await here.reports.moderate(actor, barrier_id, asked, here.clock(), idempotency_key=key))


@post("/v1/closures", status_code=201, opt={"operation": CLOSE})
async def close(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    asked = wire.closure_of(body_of(request, wire.ClosureBody))
    key = idempotency_key(request)
    closed = await here.reports.close(await actor_of(request), asked, here.clock(), idempotency_key=key)
    answer = wire.ClosedAnswer(closed.closure_id, closed.revision, _effect_of(here, asked.geometry))
    return json_answer(answer, status=201)


@patch("/v1/closures/{closure_id:uuid}", status_code=200, opt={"operation": CHANGE})
async def change(request: Request[Any, Any, Any], closure_id: UUID) -> Response[bytes]:
    here = running(request)
    body = body_of(request, wire.ClosurePatch)
    asked = wire.closure_change_of(body)
    closed = await here.reports.change_closure(await actor_of(request), closure_id, asked, here.clock())
    effect = None if body.geometry is UNSET else _effect_of(here, asked.geometry or {})
    return json_answer(wire.ClosedAnswer(closed.closure_id, closed.revision, effect))


@delete("/v1/closures/{closure_id:uuid}", status_code=200, opt={"operation": OPEN})
async def open_again(request: Request[Any, Any, Any], closure_id: UUID) -> Response[bytes]:
    here = running(request)
    closed = await here.reports.open_closure(await actor_of(request), closure_id, here.clock())
    return json_answer(wire.ClosedAnswer(closed.closure_id, closed.revision))


@get("/v1/barriers", opt={"operation": LIST})
async def barriers(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    asked = filter_of(query_of(request, BarriersQuery))
    found = await here.reports.barriers(structs.replace(asked, limit=asked.limit + 1))
    more = found[asked.limit - 1].barrier.id if len(found) > asked.limit else None
    return json_answer(_collection(here, found[: asked.limit], more))


@get("/v1/barriers/nearby", opt={"operation": NEARBY})
async def nearby(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    query = query_of(request, NearbyQuery)
    found = await here.reports.nearby(place_in(query.at, "at"), kinds_of(query.kind))
    return json_answer(_collection(here, found, None))


@get("/v1/barriers/{barrier_id:uuid}", opt={"operation": ONE})
async def barrier(request: Request[Any, Any, Any], barrier_id: UUID) -> Response[bytes]:
    here = running(request)
    found = await here.reports.barrier(barrier_id, await actor_of(request))
    return json_answer(wire.feature_of(found, unmatched=barrier_id in here.router.state.overlay.unmatched))


def _collection(here: Running, found: list[Any], more: UUID | None) -> wire.BarriersAnswer:
    unmatched = here.router.state.overlay.unmatched
    features = [wire.feature_of(one, unmatched=one.barrier.id in unmatched) for one in found]
    return wire.BarriersAnswer(features, None if more is None else str(more), here.router.graph.meta.attribution)


def _effect_of(here: Running, geometry: dict[str, Any]) -> str | None:
    """`unmatched` for a closure that lies on nothing of this map."""
    parts = here.router.placer.place(wire.new_barrier_like(geometry, place_of(geometry)))
    return None if parts else "unmatched"


ROUTE_HANDLERS = [report, vote, moderate, close, change, open_again, barriers, nearby, barrier]
