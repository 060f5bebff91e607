"""Barriers over HTTP: lists, one, votes, moderation (CONTRACT §5)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import UNSET, Meta, Struct, structs

from accessibility.complaints.answers import BarrierRecord
from accessibility.complaints.places import Place, haversine_m
from accessibility.complaints.requests import BarrierFilter
from accessibility.kinds import KINDS
from api import exports
from api.auth import at_desk
from api.barrier_files import barrier_table, barrier_waypoints
from api.negotiation import chosen_format
from api.operations import JSON, Operation, body_of, json_answer, query_of
from api.queries import PAGE, BoxText, Cursor, Limit, PlaceText, Words, box_in, cursor_in, place_in, words_in
from api.running import Running
from api.wire_barriers import (
    BarrierChangedAnswer,
    BarrierFeature,
    BarriersAnswer,
    ModerateBody,
    VoteBody,
    feature_of,
    moderation_of,
)

GROUP = "Reports and barriers"
STANDINGS = ("suspected", "confirmed", "cleared", "expired", "refuted")
READS = ("database_unavailable", "overloaded", "not_ready")
WRITES = ("rate_limited", "not_found", "database_unavailable", "overloaded", "not_ready")


class BarriersQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which barriers, in what shape."""

    bbox: BoxText | None = None
    kind: Words | None = None
    standing: Words | None = None
    since_revision: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    format: Literal["geojson", "csv", "gpx"] | None = None
    limit: Limit = PAGE
    cursor: Cursor | None = None


class NearbyQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Around which place."""

    at: PlaceText
    kind: Words | None = None


LIST = Operation(
    "Barriers",
    description=(
        "In the order of their ids, whatever their standing unless `standing` says which; `since_revision` asks for "
        "those that changed after a revision. `next` (also in the header `Link`) leads to the next page. As CSV and "
        "GPX too, by `format` or `Accept`."
    ),
    query=BarriersQuery,
    answer=BarriersAnswer,
    media=exports.GEOJSON,
    more_media=(JSON, exports.CSV, exports.GPX),
    errors=READS,
    group=GROUP,
    bearer="optional",
)
NEARBY = Operation(
    "Barriers within 50 m",
    description="Open ones, the nearest first; ask before you report: the same barrier may be known.",
    query=NearbyQuery,
    answer=BarriersAnswer,
    media=exports.GEOJSON,
    more_media=(JSON,),
    errors=READS,
    group=GROUP,
    bearer="optional",
)
ONE = Operation(
    "A barrier",
    answer=BarrierFeature,
    media=exports.GEOJSON,
    more_media=(JSON,),
    errors=(*READS, "not_found"),
    group=GROUP,
    bearer="optional",
)
VOTE = Operation(
    "Vote on a barrier",
    description="One vote per reporter, changeable. Everybody's is shown, verified reporters' count.",
    body=VoteBody,
    answer=BarrierChangedAnswer,
    errors=WRITES,
    group=GROUP,
    keyed=True,
    bearer="required",
)
MODERATE = Operation(
    "Decide about a barrier",
    description="For moderators. `merge`, `split` and `blur` are not offered yet.",
    body=ModerateBody,
    answer=BarrierChangedAnswer,
    errors=(*WRITES, "forbidden", "not_yet_supported"),
    group=GROUP,
    keyed=True,
    bearer="required",
)


@get("/v1/barriers", opt={"operation": LIST})
async def barriers(request: Request[Any, Any, Any]) -> Response[bytes]:
    query = query_of(request, BarriersQuery)
    asked = filter_of(query)
    at = await at_desk(request)
    revision = await at.desk.revision()
    found = await at.desk.barriers(structs.replace(asked, limit=asked.limit + 1))
    shown = found[: asked.limit]
    after = str(shown[-1].barrier.id) if len(found) > asked.limit else None
    answer = await collection(at.here, shown, revision, after=after)
    return _in_format(chosen_format(request, LIST, query.format), answer, shown, query)


@get("/v1/barriers/nearby", opt={"operation": NEARBY})
async def nearby(request: Request[Any, Any, Any]) -> Response[bytes]:
    query = query_of(request, NearbyQuery)
    place, kinds = place_in(query.at, "at"), words_in(query.kind, tuple(KINDS), "kind")
    at = await at_desk(request)
    revision = await at.desk.revision()
    found = await at.desk.nearby(place, kinds)
    answer = await collection(at.here, found, revision, around=place)
    return json_answer(answer, media=chosen_format(request, NEARBY))


@get("/v1/barriers/{barrier_id:uuid}", opt={"operation": ONE})
async def barrier(request: Request[Any, Any, Any], barrier_id: FromPath[UUID]) -> Response[bytes]:
    at = await at_desk(request)
    found = await at.desk.barrier(barrier_id, at.actor)
    decided = await at.desk.moderations(barrier_id, at.actor)
    attribution = at.here.router.graph.meta.attribution
    feature = feature_of(found, at.here.router, moderation=decided, attribution=attribution)
    return json_answer(feature, media=chosen_format(request, ONE), headers={"Vary": "Accept, Authorization"})


@post("/v1/barriers/{barrier_id:uuid}/votes", status_code=200, opt={"operation": VOTE})
async def vote(request: Request[Any, Any, Any], barrier_id: FromPath[UUID]) -> Response[bytes]:
    word = body_of(request, VoteBody).vote
    at = await at_desk(request)
    return json_answer(await at.desk.vote(at.actor, barrier_id, word, at.now, idempotency_key=at.key))


@post("/v1/barriers/{barrier_id:uuid}/moderate", status_code=200, opt={"operation": MODERATE})
async def moderate(request: Request[Any, Any, Any], barrier_id: FromPath[UUID]) -> Response[bytes]:
    asked = moderation_of(body_of(request, ModerateBody))
    at = await at_desk(request)
    return json_answer(await at.desk.moderate(at.actor, barrier_id, asked, at.now, idempotency_key=at.key))


def filter_of(query: BarriersQuery) -> BarrierFilter:
    """The filter inside; raises `invalid_query`."""
    return BarrierFilter(
        box=None if query.bbox is None else box_in(query.bbox), kinds=words_in(query.kind, tuple(KINDS), "kind"),
        standings=words_in(query.standing, STANDINGS, "standing"), since_revision=query.since_revision,
        after=cursor_in(query.cursor), limit=query.limit,
    )  # fmt: skip


async def collection(
    here: Running, found: Sequence[BarrierRecord], revision: int, *, after: str | None = None,
    around: Place | None = None,
) -> BarriersAnswer:  # fmt: skip
    """The barriers as GeoJSON; what they do to routes is looked up outside the event loop."""

    def features() -> list[BarrierFeature]:
        away = [UNSET if around is None else round(haversine_m(one.barrier.place, around), 1) for one in found]
        return [feature_of(one, here.router, distance_m=metres) for one, metres in zip(found, away, strict=True)]

    return BarriersAnswer(await asyncio.to_thread(features), after, revision, here.router.graph.meta.attribution)


def _in_format(
    media: str, answer: BarriersAnswer, found: Sequence[BarrierRecord], query: BarriersQuery
) -> Response[bytes]:
    headers = {"Vary": "Accept"}
    if answer.next is not None:
        given = {name: value for name, value in msgspec.to_builtins(query).items() if value is not None}
        headers["Link"] = f'</v1/barriers?{urlencode(given | {"cursor": answer.next})}>; rel="next"'
    if media == exports.CSV:
        return exports.file_answer(barrier_table(answer, found), media, "barriers.csv", headers)
    if media == exports.GPX:
        return exports.file_answer(barrier_waypoints(answer, found), media, "barriers.gpx", headers)
    return json_answer(answer, media=media, headers=headers)


ROUTE_HANDLERS = [barriers, nearby, barrier, vote, moderate]
