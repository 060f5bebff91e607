"""Routing over HTTP."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from accessibility.profiles import Limits, Prefer, built_in, describe
from accessibility.refusals import Refused
from api.exports import GEOJSON
from api.negotiation import chosen_format
from api.operations import JSON, Operation, body_of, json_answer
from api.route_files import FILES, file_of
from api.route_geojson import RouteFeatures
from api.route_lines import EncodedRoutesAnswer, with_encoded_lines
from api.running import running
from api.wire import AsOf, RouteQuery, RoutesAnswer, answer_of, question_of
from routing.answers import NoRoute


class ProfileAnswer(Struct, frozen=True):
    """A person as data: limits that hold, options that mean something here, and where each number is from."""

    id: str
    name: str
    limits: Limits
    options: dict[str, bool]
    prefer: Prefer
    speed_mps: float
    unknown: str
    tested_with_users: bool
    sources: dict[str, str]


class ProfilesAnswer(Struct, frozen=True):
    """The profiles, in the order in which they are shown."""

    profiles: list[ProfileAnswer]


PROFILES = Operation(
    "The profiles",
    description="Every number is a default that a request may override; null means no limit.",
    answer=ProfilesAnswer,
)
ROUTES = Operation(
    "A route",
    description=(
        "A path on which every hard limit of the person holds is `ok`. Only where there is none, the path that does "
        "least harm is given as `least_bad`, with every limit it breaks. Opening hours, conditional access and the "
        "spans of closures count as they are when the person gets there, from `depart_at` or now on, in the map's time "
        "zone; what is closed then is never passed, and where nobody can tell a note `hours_unknown` says so. "
        "`explain` adds the rules that spoke on every segment and why the straight way was not taken, `return` the way "
        "back. By `Accept` the same answer comes as GeoJSON (features told apart by `role`), as GPX, or drawn, as SVG "
        "or PNG. With `geometries` every line of application/json is an encoded polyline, vertex for vertex. What the "
        "contract promises and is not built yet is refused with `not_yet_supported` and the field's name; its neutral "
        "value is accepted."
    ),
    body=RouteQuery,
    answer=RoutesAnswer,
    more_media=FILES,
    more_answers={JSON: (RoutesAnswer, EncodedRoutesAnswer), GEOJSON: RouteFeatures},
    errors=(
        "unknown_profile",
        "not_yet_supported",
        "revision_unknown",
        "no_route",
        "outside_map",
        "not_yet_fresh",
        "overloaded",
        "not_ready",
    ),
)

VARY = {"Vary": "Accept"}


@get("/v1/profiles", opt={"operation": PROFILES})
async def profiles(request: Request[Any, Any, Any]) -> Response[bytes]:
    return json_answer({"profiles": [describe(profile) for profile in built_in.values()]})


@post("/v1/routes", status_code=200, opt={"operation": ROUTES})
async def routes(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    query = body_of(request, RouteQuery)
    question = question_of(query, here.clock())
    await here.fresh(query.min_revision)
    answer = await here.route(question)
    if isinstance(answer, NoRoute):
        raise Refused("no_route", "Nothing passable connects these places.", because=answer.because)
    meta = here.router.graph.meta
    as_of = AsOf(meta.build_id, answer.revision, here.clock())
    media = chosen_format(request, ROUTES)
    if media != JSON:
        return await file_of(media, answer_of(answer, question.profile, as_of, meta.attribution), here)
    shown = with_encoded_lines(answer, query.geometries)
    return json_answer(answer_of(shown, question.profile, as_of, meta.attribution), headers=VARY)


ROUTE_HANDLERS = [profiles, routes]
