"""A route as GeoJSON: every way a line, every stretch of it a line with its facts, everything met a point.

`role` tells the features apart, so that one layer of a map style draws one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from api.plain_words import PlainWords
from api.wire import AsOf, RoutesAnswer
from routing.answers import BarrierOnRoute, Coordinate, Note, Return, Route, Segment, Snapped, Summary, Violation

Role = Literal["route", "alternative", "return"]
PlaceOf = Callable[[str], Coordinate | None]
"""Where a barrier is, by its id."""


class PointShape(Struct, frozen=True, tag_field="type", tag="Point"):
    """GeoJSON point."""

    coordinates: Coordinate


class LineShape(Struct, frozen=True, tag_field="type", tag="LineString"):
    """GeoJSON line."""

    coordinates: Sequence[Coordinate]


class WayProperties(Struct, frozen=True, tag_field="role", tag="route"):
    """A whole way; `text` says it in words. `route_index` counts `routes` of the JSON answer; null on the way back and
    what lies on it."""

    route_index: int | None
    text: str
    why: str
    status: Return
    distance_m: float
    duration_s: float
    ascent_m: float | None
    descent_m: float | None
    summary: Summary


class AlternativeProperties(WayProperties, frozen=True, tag="alternative"):
    """Another way to go."""


class ReturnProperties(WayProperties, frozen=True, tag="return"):
    """The way back."""


class SegmentProperties(Struct, frozen=True, tag_field="role", tag="segment"):
    """A stretch of one way with the same facts; null where nobody has said, and then named in `unknown`."""

    route_index: int | None
    way_id: int | None
    length_m: float
    incline: float | None
    incline_source: str | None
    surface: str | None
    smoothness: str | None
    width_m: float | None
    kerb_m: float | None
    steps: int
    side: str | None
    level: float | None
    unknown: list[str]


class ViolationProperties(Struct, frozen=True, tag_field="role", tag="violation"):
    """A limit that the way breaks here; `text` says it in words."""

    route_index: int | None
    code: str
    text: str
    value: float | str | None
    limit: float | str | None
    assumed: bool
    length_m: float | UnsetType = UNSET
    way_id: int | UnsetType = UNSET
    node_id: int | UnsetType = UNSET
    barrier_id: str | UnsetType = UNSET


class NoteProperties(Struct, frozen=True, tag_field="role", tag="note"):
    """Something to know that breaks no limit; `text` says it in words."""

    route_index: int | None
    code: str
    text: str
    way_id: int | UnsetType = UNSET
    node_id: int | UnsetType = UNSET


class BarrierProperties(Struct, frozen=True, tag_field="role", tag="barrier"):
    """A reported barrier that mattered; without geometry where it is not in force any more."""

    route_index: int | None
    barrier_id: str
    kind: str
    text: str
    standing: str
    effect: str


class SnappedProperties(Struct, frozen=True, tag_field="role", tag="snapped"):
    """Where waypoint `index` met the walk network, so far from the place asked for."""

    index: int
    distance_m: float


Properties = (
    WayProperties
    | AlternativeProperties
    | ReturnProperties
    | SegmentProperties
    | ViolationProperties
    | NoteProperties
    | BarrierProperties
    | SnappedProperties
)


class RouteFeature(Struct, frozen=True):
    """GeoJSON."""

    geometry: LineShape | PointShape | None
    properties: Properties
    type: Literal["Feature"] = "Feature"


class RouteFeatures(Struct, frozen=True):
    """GeoJSON, with the members that every answer with map data has."""

    status: Literal["ok", "least_bad"]
    features: list[RouteFeature]
    as_of: AsOf
    attribution: str
    type: Literal["FeatureCollection"] = "FeatureCollection"


def route_features(answer: RoutesAnswer, place_of: PlaceOf, words: PlainWords) -> RouteFeatures:
    """The answer as features: the ways first, what lies on them after, the places asked for last."""
    ways = list(ways_of(answer))
    features = [_way(role, index, status, route, words) for role, index, status, route in ways]
    for _, index, _, route in ways:
        features += _on(index, route, place_of, words)
    features += [_snapped(index, found) for index, found in enumerate(answer.snapped)]
    return RouteFeatures(answer.status, features, answer.as_of, answer.attribution)


def ways_of(answer: RoutesAnswer) -> Iterator[tuple[Role, int | None, Return, Route]]:
    """Every way of an answer: its role, its place among `routes`, its status."""
    for index, route in enumerate(answer.routes):
        yield ("alternative" if index else "route"), index, ("least_bad" if route.violations else "ok"), route
    if answer.return_ is not UNSET and answer.return_.route is not None:
        yield "return", None, answer.return_.status, answer.return_.route


_WAYS = {"route": WayProperties, "alternative": AlternativeProperties, "return": ReturnProperties}


def _way(role: Role, index: int | None, status: Return, route: Route, words: PlainWords) -> RouteFeature:
    properties = _WAYS[role](
        index,
        words.labelled(words.title(role, index), words.size_and_steps(route)),
        route.why,
        status,
        route.distance_m,
        route.duration_s,
        route.ascent_m,
        route.descent_m,
        route.summary,
    )
    return RouteFeature(LineShape(route.geometry.coordinates), properties)


def _on(index: int | None, route: Route, place_of: PlaceOf, words: PlainWords) -> Iterator[RouteFeature]:
    line = route.geometry.coordinates
    for segment in route.segments:
        first, last = segment.geometry_index
        yield RouteFeature(LineShape(line[first : last + 1]), _segment(index, segment))
    for broken in route.violations:
        yield RouteFeature(PointShape(broken.at), _violation(index, broken, words))
    for note in route.notes:
        yield RouteFeature(PointShape(note.at), _note(index, note, words))
    for barrier in route.barriers:
        place = place_of(barrier.barrier_id)
        yield RouteFeature(None if place is None else PointShape(place), _barrier(index, barrier, words))


def _segment(index: int | None, found: Segment) -> SegmentProperties:
    return SegmentProperties(
        index,
        found.way_id,
        found.length_m,
        found.incline,
        found.incline_source,
        found.surface,
        found.smoothness,
        found.width_m,
        found.kerb_m,
        found.steps,
        found.side,
        found.level,
        found.unknown,
    )


def _violation(index: int | None, found: Violation, words: PlainWords) -> ViolationProperties:
    return ViolationProperties(
        index,
        found.code,
        words.violation(found),
        found.value,
        found.limit,
        found.assumed,
        found.length_m,
        found.way_id,
        found.node_id,
        found.barrier_id,
    )


def _note(index: int | None, found: Note, words: PlainWords) -> NoteProperties:
    return NoteProperties(index, found.code, words.note(found), found.way_id, found.node_id)


def _barrier(index: int | None, found: BarrierOnRoute, words: PlainWords) -> BarrierProperties:
    return BarrierProperties(index, found.barrier_id, found.kind, words.barrier(found), found.standing, found.effect)


def _snapped(index: int, found: Snapped) -> RouteFeature:
    return RouteFeature(PointShape(found.location), SnappedProperties(index, found.distance_m))
