"""Routing over HTTP."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from accessibility.profiles import Limits, Prefer, built_in, describe
from accessibility.refusals import Refused
from api.exports import GEOJSON
from api.languages import asked
from api.negotiation import chosen_format
from api.operations import JSON, Operation, body_of, json_answer
from api.route_files import FILES, VARY, file_of
from api.route_geojson import RouteFeatures
from api.route_lines import EncodedRoutesAnswer, with_encoded_lines
from api.running import running
from api.wire import AsOf, RouteQuery, RoutesAnswer, answer_of, question_of
from routing.answers import NoRoute, RouteAnswer
from routing.line import encoded


class ProfileAnswer(Struct, frozen=True):
    """A person as data: limits that hold, options that mean something here, and where each number is from.

    `step_m`: length of a step, for directions in steps; null for who rolls.
    """

    id: str
    name: str
    limits: Limits
    options: dict[str, bool]
    prefer: Prefer
    speed_mps: float
    step_m: float | None
    unknown: str
    tested_with_users: bool
    sources: dict[str, str]


class ProfilesAnswer(Struct, frozen=True):
    """The profiles, in the order in which they are shown."""

    profiles: list[ProfileAnswer]


PROFILES = Operation(
    "The profiles",
    description=(
        "Every number is a default that a request may override; null means no limit. `prefer` is what suits these "
        "people; it counts only where a question asks for it."
    ),
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
        "back. Each step has its words three times: `text` to read, `spoken` to hear (no symbols, no abbreviations), "
        "`short` for a small screen; in `language`, else by `Accept-Language`, as `Content-Language` says. `kind` and "
        "all other codes never change with the language.\n\n"
        "`alternatives` asks for so many other routes, best first; each keeps the same limits (beside a "
        "`least_bad` route: does no more harm), shares at most 70 % of its length with those before it and costs "
        "at most 1.4 times the best. `why` says what each is clearly the best at among those given: `gentlest` "
        "(slopes and steps), `best_known` (the least that nobody has said), `most_seats`, `fewest_crossings` "
        "(kerbs at carriageways); `different` goes through other streets. The first is `shortest`, the best by "
        "this person's cost, or `within_range` where that one is too long for the battery. `fewer_because` says "
        "why there are fewer: `too_similar`, `too_long`, `more_harm`, `closed_on_arrival`, `no_other_way`.\n\n"
        "`prefer.seat_every_m` leads by seats (benches, seated stops and shelters within 10 m): each such length "
        "more without one costs a minute, up to a way of twice the cost; `summary.longest_gap_without_seat_m` says "
        "what is left. `prefer.lit` makes unlit ways cost half as much again, and those of which nobody has said "
        "it a tenth. Both are wishes: they refuse nothing, and count only where they are asked for; the profile "
        "shows what suits its people.\n\n"
        "`range_m` is how far a battery goes. `summary.range` says whether it is enough: `ok` there and back "
        "(`there_and_back_m`), `one_way`, or `no`, with a note `beyond_range` where it would be empty or "
        "`no_range_for_return` at the end. Within the same limits a way that is short enough is preferred. Only "
        "lengths are compared: hills and cold take more, so give what you trust.\n\n"
        "By `Accept` the same answer comes as GeoJSON (features told apart by `role`), as GPX, or drawn, as SVG or "
        "PNG; their words too are in `language`, with metres for `units: steps`. With `geometries` every line of "
        "application/json is an encoded polyline, vertex for vertex.\n\n"
        "What the contract promises and is not built yet is refused with `not_yet_supported` and the field's "
        "name; its neutral value is accepted."
    ),
    body=RouteQuery,
    answer=RoutesAnswer,
    more_media=FILES,
    more_answers={JSON: (RoutesAnswer, EncodedRoutesAnswer), GEOJSON: RouteFeatures},
    headers=("Accept-Language",),
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


@get("/v1/profiles", opt={"operation": PROFILES})
async def profiles(request: Request[Any, Any, Any]) -> Response[bytes]:
    return json_answer({"profiles": [describe(profile) for profile in built_in.values()]})


@post("/v1/routes", status_code=200, opt={"operation": ROUTES})
async def routes(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    query = body_of(request, RouteQuery)
    language = asked(query.language, request.headers.get("accept-language"))
    question = question_of(query, here.clock(), language)
    await here.fresh(query.min_revision)
    meta, media = here.router.graph.meta, chosen_format(request, ROUTES)

    def told(answer: RouteAnswer | NoRoute) -> RoutesAnswer | bytes:
        if isinstance(answer, NoRoute):
            raise Refused("no_route", "Nothing passable connects these places.", because=answer.because)
        as_of = AsOf(meta.build_id, answer.revision, here.clock())
        shown = with_encoded_lines(answer, query.geometries) if media == JSON else answer
        whole = answer_of(shown, question.profile, as_of, meta.attribution)
        return encoded(whole) if media == JSON else whole

    answer = await here.route(question, told)
    if not isinstance(answer, bytes):
        return await file_of(media, answer, here, language, query.units)
    return json_answer(answer, headers={"Content-Language": language, "Vary": VARY})


ROUTE_HANDLERS = [profiles, routes]
