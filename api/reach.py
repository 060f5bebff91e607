"""How far a person comes, and how far it is between many places, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, post

from accessibility.profiles import Profile
from api.exports import GEOJSON
from api.operations import JSON, Operation, body_of, json_answer
from api.running import Running, running
from api.wire import AsOf
from api.wire_reach import (
    MATRIX_SAYS,
    REACH_SAYS,
    MatrixAnswer,
    MatrixQuery,
    ReachAnswer,
    ReachQuery,
    features_of,
    person_of,
    waypoint,
)
from routing.answers import Snapped
from routing.matrix import matrix as matrix_of
from routing.reach import reached

ERRORS = ("unknown_profile", "revision_unknown", "outside_map", "not_yet_fresh", "overloaded", "not_ready")

REACH = Operation(
    "How far a person comes",
    description=REACH_SAYS,
    body=ReachQuery,
    answer=ReachAnswer,
    media=GEOJSON,
    more_media=(JSON,),
    errors=ERRORS,
)
MATRIX = Operation(
    "Times and lengths between many places",
    description=MATRIX_SAYS,
    body=MatrixQuery,
    answer=MatrixAnswer,
    errors=ERRORS,
)


@post("/v1/reach", status_code=200, opt={"operation": REACH})
async def reach(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    query = body_of(request, ReachQuery)
    (measure, limits), person, origin = query.bands(), person_of(query), waypoint(query.origin)
    await here.fresh(query.min_revision)
    areas = query.as_ == "polygons"
    found = await asyncio.to_thread(reached, here.router, origin, person, measure, limits, areas=areas, at=here.clock())
    spot = found.spot
    snapped = None if spot is None else Snapped((spot.lon, spot.lat), round(spot.distance_m, 1))
    answer = ReachAnswer(features_of(found, query, measure), snapped, *_used(here, person, found.revision))
    return json_answer(answer, media=GEOJSON)


@post("/v1/matrix", status_code=200, opt={"operation": MATRIX})
async def matrix(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    query = body_of(request, MatrixQuery)
    (sources, targets), person = query.places(), person_of(query)
    await here.fresh(query.min_revision)
    found = await asyncio.to_thread(matrix_of, here.router, sources, targets, person, here.clock())
    return json_answer(MatrixAnswer(found.durations_s, found.distances_m, *_used(here, person, found.revision)))


def _used(here: Running, person: Profile, revision: int) -> tuple[Any, Any, AsOf, str]:
    """What the answer was reckoned with."""
    meta = here.router.graph.meta
    return person.limits, person.options, AsOf(meta.build_id, revision, here.clock()), meta.attribution


ROUTE_HANDLERS = [reach, matrix]
