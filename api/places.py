"""Places that help on the way, by a person's own travel time, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from litestar import Request, Response, get
from msgspec import UNSET, Meta, Struct, UnsetType

from accessibility.facts import Access, Key, PlaceFacts, PlaceKind, Wheelchair
from accessibility.profiles import Limits
from api.errors import invalid
from api.operations import Operation, json_answer, query_of
from api.queries import PlaceText, place_in
from api.running import running
from api.wire import AsOf, ProfileId, profile_named
from routing.answers import Coordinate, Waypoint
from routing.places import CONSIDERED, FAR_M, Nearby, nearby

PAGE = 20
PAGE_MAX = CONSIDERED
DEFAULT_PROFILE = "manual_wheelchair"

PlaceWord = Literal["toilets", "bench", "lift", "entrance", "shelter", "parking", "stop"]


class PlacesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Around where, what, and for whom."""

    at: PlaceText
    kind: PlaceWord
    profile: ProfileId = DEFAULT_PROFILE
    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE
    cursor: Annotated[str, Meta(max_length=40, description="The `next` of the page before")] | None = None


class PlaceDetails(Struct, frozen=True):
    """What the map says; null = nobody has said."""

    wheelchair: Wheelchair | None
    wheelchair_text: str | None
    access: Access | None
    opening_hours: str | None
    key: Key | None
    """The key it needs."""
    fee: bool | None
    changing_table: bool | None
    door_width_m: float | None
    automatic_door: bool | None
    steps: int | None
    backrest: bool | None
    covered: bool | None
    lit: bool | None
    tactile: bool | None
    disabled_spaces: int | None
    levels: list[float]


class PlaceAnswer(Struct, frozen=True):
    """One place; `entrance` is where the way ends when the place is in a building with mapped entrances."""

    osm_id: str
    kinds: list[PlaceKind]
    name: str | None
    location: Coordinate
    reachable: bool
    duration_s: float | None
    distance_m: float | None
    straight_m: float
    details: PlaceDetails
    entrance: Coordinate | UnsetType = UNSET


class PlacesAnswer(Struct, frozen=True):
    """Places by travel time, those without a way that keeps every limit last; `next` leads to the next page."""

    places: list[PlaceAnswer]
    next: str | None
    limits_used: Limits
    as_of: AsOf
    attribution: str


PLACES = Operation(
    "Places by a person's own travel time",
    description=(
        "Toilets, benches, lifts, entrances, shelters, parking spaces for disabled people and stops, in the order of "
        "the travel time of the way that keeps every limit of the profile, as `routes` gives it. Those without such a "
        f"way come last with `reachable: false`. The {CONSIDERED} nearest in a straight line, up to "
        f"{FAR_M / 1000:.0f} km away, are looked at. The way to a place in a building ends at the mapped "
        "entrance that is easiest to use. What is closed now counts as closed on the way; `opening_hours` of the place "
        "itself are given as text."
    ),
    query=PlacesQuery,
    answer=PlacesAnswer,
    errors=("unknown_profile", "outside_map", "overloaded", "not_ready"),
)


@get("/v1/places", opt={"operation": PLACES})
async def places(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    query = query_of(request, PlacesQuery)
    origin, person, first = Waypoint(*place_in(query.at, "at")), profile_named(query.profile), _first(query.cursor)
    kind = PlaceKind(query.kind)
    found, revision = await asyncio.to_thread(
        lambda: nearby(here.router, here.places, origin, kind, person, here.clock())
    )
    page = [_answer(one) for one in found[first : first + query.limit]]
    following = str(first + query.limit) if first + query.limit < len(found) else None
    meta = here.router.graph.meta
    as_of = AsOf(meta.build_id, revision, here.clock())
    return json_answer(PlacesAnswer(page, following, person.limits, as_of, meta.attribution))


def _first(cursor: str | None) -> int:
    """How many places the pages before showed."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and int(cursor) < CONSIDERED):
        raise invalid("cursor", "send the `next` of the page before", code="invalid_query")
    return int(cursor)


def _answer(one: Nearby) -> PlaceAnswer:
    place, way = one.place, one.way
    return PlaceAnswer(
        place.osm_id,
        list(place.facts.kinds),
        place.facts.name,
        _rounded(place.at),
        way is not None,
        None if way is None else round(way.seconds, 1),
        None if way is None else round(way.metres, 1),
        round(one.straight_m, 1),
        _details(place.facts),
        UNSET if one.door is None else _rounded(one.door),
    )


def _details(facts: PlaceFacts) -> PlaceDetails:
    said = {name: getattr(facts, name) for name in PlaceDetails.__struct_fields__ if name != "levels"}
    return PlaceDetails(**said, levels=list(facts.levels))


def _rounded(at: Coordinate) -> Coordinate:
    return round(at[0], 7), round(at[1], 7)


ROUTE_HANDLERS = [places]
