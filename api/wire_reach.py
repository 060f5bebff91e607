"""The shapes of reach, matrix and places: strict on the way in, complete on the way out (CONTRACT §4)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from accessibility.profiles import Limits, Options, Profile, Speed, with_overrides
from api.errors import invalid
from api.wire import SPAN_MAX_M, AsOf, LimitOverrides, Position, ProfileId, Spot, given_limits, profile_named, span_m
from routing.answers import Coordinate, Snapped, Waypoint
from routing.reach import BANDS_MAX, REACH_MAX_M, REACH_MAX_S, Reached
from routing.reach_parts import Measure
from routing.reach_shapes import BUFFER_M, TOLERANCE_M, Ring

CELLS_MAX = 2_500

Seconds = Annotated[float, Meta(gt=0, le=REACH_MAX_S)]
Distance = Annotated[float, Meta(gt=0, le=REACH_MAX_M)]
Bands = Meta(min_length=1, max_length=BANDS_MAX, description="Ascending")
Places = Annotated[list[Position | Spot], Meta(min_length=1, max_length=CELLS_MAX)]
Revision = Annotated[int, Meta(ge=0, le=2**53)]


class ReachQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a person comes; one of `max_s` and `max_m` is required."""

    origin: Position | Spot
    profile: ProfileId
    limits: LimitOverrides | None = None
    options: Options | None = None
    speed_mps: Speed | None = None
    unknown: Literal["avoid", "warn", "allow"] = "warn"
    max_s: Annotated[list[Seconds], Bands] | None = None
    max_m: Annotated[list[Distance], Bands] | None = None
    as_: Literal["polygons", "ways"] = field(name="as", default="polygons")
    min_revision: Revision | None = None

    def bands(self) -> tuple[Measure, list[float]]:
        """What is counted, and the limits in ascending order."""
        if (self.max_s is None) == (self.max_m is None):
            raise invalid("max_s", "give one of max_s and max_m")
        measure: Measure = "metres" if self.max_s is None else "seconds"
        name, given = ("max_m", self.max_m or []) if self.max_s is None else ("max_s", self.max_s)
        if any(b <= a for a, b in pairwise(given)):
            raise invalid(name, "the limits ascend")
        return measure, given


class MatrixQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Places to set out from and places to go to."""

    sources: Places
    targets: Places
    profile: ProfileId
    limits: LimitOverrides | None = None
    options: Options | None = None
    speed_mps: Speed | None = None
    unknown: Literal["avoid", "warn", "allow"] = "warn"
    min_revision: Revision | None = None

    def places(self) -> tuple[list[Waypoint], list[Waypoint]]:
        """Sources and targets, when there are not too many and they are not too far apart."""
        if len(self.sources) * len(self.targets) > CELLS_MAX:
            raise invalid("targets", f"sources × targets may be {CELLS_MAX} cells at most")
        sources, targets = list(map(waypoint, self.sources)), list(map(waypoint, self.targets))
        if span_m(_corners([*sources, *targets])) > SPAN_MAX_M:
            raise invalid("targets", f"two of the places are more than {SPAN_MAX_M / 1000:.0f} km apart")
        return sources, targets


class ReachedArea(Struct, frozen=True, tag_field="type", tag="MultiPolygon"):
    """GeoJSON; outer rings run counter-clockwise. Empty where nothing is reached."""

    coordinates: list[list[Ring]]


class ReachedWays(Struct, frozen=True, tag_field="type", tag="MultiLineString"):
    """GeoJSON; every reached part of a street, cut at the limit."""

    coordinates: list[list[Coordinate]]


class ReachProperties(Struct, frozen=True):
    """Which band this is, counted from 0."""

    band: int
    profile: str
    max_s: float | UnsetType = UNSET
    max_m: float | UnsetType = UNSET


class ReachFeature(Struct, frozen=True):
    """Everything within one limit, what lies within the smaller ones included."""

    properties: ReachProperties
    geometry: ReachedArea | ReachedWays
    type: Literal["Feature"] = "Feature"


class ReachAnswer(Struct, frozen=True):
    """One feature per band, in the order asked. `snapped` is null where no street near the origin keeps the limits."""

    features: list[ReachFeature]
    snapped: Snapped | None
    limits_used: Limits
    options_used: Options
    as_of: AsOf
    attribution: str
    type: Literal["FeatureCollection"] = "FeatureCollection"


class MatrixAnswer(Struct, frozen=True):
    """A row per source, a column per target: travel time and length of the strict route; null where there is none."""

    durations_s: list[list[float | None]]
    distances_m: list[list[float | None]]
    limits_used: Limits
    options_used: Options
    as_of: AsOf
    attribution: str


REACH_SAYS = (
    "Everything the person reaches with every limit kept. A place counts by the cheapest path to it, the one `routes` "
    "gives: by its travel time (`max_s`) or its length (`max_m`), not by a faster or shorter path that the person "
    "would not be sent along. Streets are cut exactly where the limit is. As `ways`: the streets themselves. As "
    f"`polygons`: everything within {BUFFER_M:.0f} m of them, the outline at most {TOLERANCE_M:.0f} m off, holes kept. "
    f"At most {BANDS_MAX} bands, {REACH_MAX_S:.0f} s, {REACH_MAX_M:.0f} m. Private ways count only where the origin "
    "lies on them. What is closed now counts as closed."
)
MATRIX_SAYS = (
    "Travel time and length of the route with every limit kept, the one `routes` gives with status `ok`, from every "
    f"source to every target; null where there is no such route. What is closed now counts as closed. At most "
    f"{CELLS_MAX} cells."
)


def waypoint(given: tuple[float, float] | Spot) -> Waypoint:
    """A place as it was sent."""
    return (
        Waypoint(*given.at, level=given.level, heading=given.heading) if isinstance(given, Spot) else Waypoint(*given)
    )


def person_of(query: ReachQuery | MatrixQuery) -> Profile:
    """The person asked for, with every number of their own."""
    profile = profile_named(query.profile)
    limits = {} if query.limits is None else given_limits(query.limits)
    options: dict[str, bool] = {} if query.options is None else msgspec.structs.asdict(query.options)
    wanted = {name: True for name, on in options.items() if on}
    if not limits and not wanted and query.speed_mps is None and query.unknown == profile.unknown:
        return profile
    return with_overrides(profile, limits=limits, options=wanted, speed_mps=query.speed_mps, unknown=query.unknown)


def features_of(found: Reached, query: ReachQuery, measure: Measure) -> list[ReachFeature]:
    """The bands as GeoJSON."""
    out = []
    for number, band in enumerate(found.bands):
        limit: dict[str, Any] = {"max_s" if measure == "seconds" else "max_m": band.limit}
        shape = ReachedArea(band.area) if query.as_ == "polygons" else ReachedWays(band.lines)
        out.append(ReachFeature(ReachProperties(number, query.profile, **limit), shape))
    return out


def _corners(places: list[Waypoint]) -> list[Waypoint]:
    """The outermost places: no two are farther apart than two of these, or all are near."""
    by_lon, by_lat = sorted(places, key=lambda at: at.lon), sorted(places, key=lambda at: at.lat)
    west, south, east, north = by_lon[0].lon, by_lat[0].lat, by_lon[-1].lon, by_lat[-1].lat
    return [Waypoint(west, south), Waypoint(east, north), Waypoint(west, north), Waypoint(east, south)]
