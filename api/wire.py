"""The shapes of routing requests and answers (CONTRACT §4): strict on the way in, complete on the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from accessibility.facts import Smoothness, Surface
from accessibility.profiles import (
    Count,
    Grade,
    Limits,
    Metres,
    Options,
    Prefer,
    Profile,
    Speed,
    built_in,
    with_overrides,
)
from accessibility.refusals import Refused
from api.errors import invalid
from routing.answers import Missing, Route, RouteAnswer, RouteRequest, Snapped, WayBack, Waypoint
from routing.geodesy import apart_m

WAYPOINTS_MAX = 25
SPAN_MAX_M = 100_000.0
AVOID_VERTICES_MAX = 500
DEPART_WITHIN = timedelta(days=3650)

Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Position = Annotated[tuple[Longitude, Latitude], Meta(description="[longitude, latitude] in degrees, WGS 84")]
ProfileId = Annotated[str, Meta(min_length=1, max_length=64, extra_json_schema={"enum": list(built_in)})]
DepartAt = Annotated[
    datetime, Meta(tz=True, description="When the journey begins, with its offset; left out: now. Within ten years")
]
Geometries = Literal["geojson", "polyline", "polyline6"]
Language = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=35,
        description="Language tag of the steps' words: `en`, `zh-Hans` (also `zh`, `zh-CN`, `zh-SG`) or `de`; English "
        "for any other. Left out: `Accept-Language`",
    ),
]
Units = Annotated[
    Literal["metric", "imperial", "steps"],
    Meta(
        description="How the words of the steps tell lengths; the figures stay metres. `steps`: the person's own, by "
        "the length of step of the profile (an estimate), kilometres from 1,000 on; metres for who rolls"
    ),
]
RangeMetres = Annotated[
    float, Meta(ge=100, le=200_000, description="How far the battery goes; `summary.range` says whether that is enough")
]
Ring = Annotated[list[Position], Meta(min_length=4, max_length=AVOID_VERTICES_MAX)]
Rings = Annotated[list[Ring], Meta(max_length=AVOID_VERTICES_MAX)]


class Spot(Struct, frozen=True, forbid_unknown_fields=True):
    """A waypoint with more than its position."""

    at: Position
    level: Annotated[float, Meta(ge=-100, le=200, description="Floor, as OpenStreetMap counts")] | None = None
    heading: Annotated[float, Meta(ge=0, le=360, description="Degrees clockwise from north")] | None = None
    entrance: Annotated[
        bool,
        Meta(
            description="Lead to the easiest entrance of the building this place is in, as an address in its middle "
            "wants it; `snapped` names the one taken. Where none is mapped, or no way within the limits leads there: "
            "to the nearest street"
        ),
    ] = False


class LimitOverrides(Struct, frozen=True, forbid_unknown_fields=True):
    """A person's own limits; what is left out stays as the profile has it, null lifts the limit."""

    incline_up_max: Grade | UnsetType | None = UNSET
    incline_up_short_max: Grade | UnsetType | None = UNSET
    incline_down_max: Grade | UnsetType | None = UNSET
    kerb_max_m: Metres | UnsetType | None = UNSET
    width_min_m: Metres | UnsetType | None = UNSET
    cross_slope_max: Grade | UnsetType | None = UNSET
    steps_max: Count | UnsetType | None = UNSET
    steps_max_without_handrail: Count | UnsetType | None = UNSET
    surfaces_refused: Annotated[list[Surface], Meta(max_length=64)] | UnsetType = UNSET
    smoothness_worst: Smoothness | UnsetType | None = UNSET


class Polygon(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="Polygon"):
    """GeoJSON polygon."""

    coordinates: Rings

    def vertices(self) -> int:
        return sum(len(ring) for ring in self.coordinates)


class MultiPolygon(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="MultiPolygon"):
    """GeoJSON polygons."""

    coordinates: Annotated[list[Rings], Meta(max_length=AVOID_VERTICES_MAX)]

    def vertices(self) -> int:
        return sum(len(ring) for rings in self.coordinates for ring in rings)


class RouteQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A routing question; only `waypoints` and `profile` are required."""

    waypoints: Annotated[list[Position | Spot], Meta(min_length=2, max_length=WAYPOINTS_MAX)]
    profile: ProfileId
    limits: LimitOverrides | None = None
    options: Options | None = None
    speed_mps: Speed | None = None
    prefer: Prefer | None = None
    unknown: Literal["avoid", "warn", "allow"] = "warn"
    avoid: Polygon | MultiPolygon | None = None
    alternatives: Annotated[int, Meta(ge=0, le=5, description="At most so many other routes, each with its `why`")] = 0
    return_: bool = field(name="return", default=False)
    depart_at: DepartAt | None = None
    range_m: RangeMetres | None = None
    language: Language | None = None
    units: Units = "metric"
    geometries: Annotated[
        Geometries, Meta(description="How lines are given in application/json: GeoJSON, or a string per line")
    ] = "geojson"
    explain: bool = False
    min_revision: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class AsOf(Struct, frozen=True):
    """What the answer knows: the build of the map, the revision of what was reported, and when it was given."""

    map: str
    revision: int
    at: datetime


class RoutesAnswer(Struct, frozen=True):
    """`ok`: every hard limit holds on the whole path. `least_bad`: there is none; `violations` say what is broken.

    `return`, when asked for: the way from the last waypoint back to the first, `null` where its status is `no`.
    `fewer_because`: why there are fewer alternatives than were asked for, in codes.
    """

    status: Literal["ok", "least_bad"]
    routes: list[Route]
    snapped: list[Snapped]
    limits_used: Limits
    options_used: Options
    as_of: AsOf
    attribution: str
    return_: WayBack | UnsetType = field(name="return", default=UNSET)
    fewer_because: list[Missing] | UnsetType = UNSET


def question_of(query: RouteQuery, now: datetime, language: str = "en") -> RouteRequest:
    """The question inside, asked now, by somebody who reads `language`.

    Raises `Refused` for what is contradictory, unknown or not built yet.
    """
    _require_small(query)
    _require_built(query)
    waypoints = tuple(_waypoint(given) for given in query.waypoints)
    if span_m(waypoints) > SPAN_MAX_M:
        raise invalid("waypoints", f"two of them are more than {SPAN_MAX_M / 1000:.0f} km apart")
    if query.depart_at is not None and abs(query.depart_at - now) > DEPART_WITHIN:
        raise invalid("depart_at", f"more than {DEPART_WITHIN.days // 365} years from now")
    return RouteRequest(
        waypoints,
        _profile_of(query),
        avoid=_area_of(query),
        depart_at=query.depart_at,
        asked_at=now,
        way_back=query.return_,
        explain=query.explain,
        language=language,
        units=query.units,
        alternatives=query.alternatives,
        seat_every_m=None if query.prefer is None else query.prefer.seat_every_m,
        range_m=query.range_m,
    )


def answer_of(answer: RouteAnswer, profile: Profile, as_of: AsOf, attribution: str) -> RoutesAnswer:
    """The answer as the wire shows it."""
    return RoutesAnswer(
        answer.status,
        answer.routes,
        answer.snapped,
        profile.limits,
        profile.options,
        as_of,
        attribution,
        UNSET if answer.back is None else answer.back,
        UNSET if answer.fewer_because is None else answer.fewer_because,
    )


def _area_of(query: RouteQuery) -> dict[str, Any] | None:
    """What the route keeps out of, as GeoJSON."""
    if query.avoid is None or query.avoid.vertices() == 0:
        return None
    plain: dict[str, Any] = msgspec.to_builtins(query.avoid)
    return plain


def profile_named(name: str) -> Profile:
    """The built-in profile; `unknown_profile` lists those there are."""
    found = built_in.get(name)
    if found is None:
        raise Refused(
            "unknown_profile",
            f"There is no such profile; there are: {', '.join(built_in)}.",
            field="profile",
            known=list(built_in),
        )
    return found


def span_m(waypoints: Sequence[Waypoint]) -> float:
    """The greatest distance between any two waypoints, in metres."""
    return max(apart_m(a.lon, a.lat, b.lon, b.lat) for a, b in combinations(waypoints, 2))


def _waypoint(given: tuple[float, float] | Spot) -> Waypoint:
    if isinstance(given, Spot):
        return Waypoint(*given.at, level=given.level, heading=given.heading, entrance=given.entrance)
    return Waypoint(*given)


def _profile_of(query: RouteQuery) -> Profile:
    profile = profile_named(query.profile)
    limits = {} if query.limits is None else given_limits(query.limits)
    options = {} if query.options is None else _chosen(query.options)
    prefer = {"lit": True} if query.prefer is not None and query.prefer.lit else {}
    own = limits or options or prefer or query.speed_mps is not None or query.unknown != profile.unknown
    if not own:
        return profile
    return with_overrides(
        profile, limits=limits, options=options, prefer=prefer, speed_mps=query.speed_mps, unknown=query.unknown
    )


def given_limits(limits: LimitOverrides) -> Mapping[str, Any]:
    """The limits that were sent, as plain values."""
    plain: dict[str, Any] = msgspec.to_builtins(limits)
    return plain


def _chosen(options: Options) -> dict[str, bool]:
    return {name: True for name, wanted in msgspec.structs.asdict(options).items() if wanted}


def _require_small(query: RouteQuery) -> None:
    if query.avoid is not None and query.avoid.vertices() > AVOID_VERTICES_MAX:
        raise invalid("avoid", f"more than {AVOID_VERTICES_MAX} vertices")


def _require_built(query: RouteQuery) -> None:
    """Promised by the contract, not built yet: neutral values pass, others are refused by name."""
    prefer = query.prefer or Prefer()
    wanted = {
        "prefer.shade": prefer.shade,
    }
    for name, not_yet in wanted.items():
        if not_yet:
            raise Refused("not_yet_supported", f"{name} is not supported yet; leave it out.", field=name)
