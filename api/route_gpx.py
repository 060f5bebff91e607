"""A route as GPX 1.1: a track to see, a route with its instructions to follow, waypoints for what is in the way."""

from __future__ import annotations

from collections.abc import Iterator

from accessibility.kind_words import KIND_WORDS
from api import exports, plain_words
from api.route_geojson import PlaceOf, Role, ways_of
from api.wire import RoutesAnswer
from routing.answers import Route

TITLES: dict[Role, str] = {"route": "Route", "alternative": "Another way", "return": "Way back"}


def route_gpx(answer: RoutesAnswer, place_of: PlaceOf) -> str:
    """The whole document. No heights: the answer knows none of single places, and 0 would be sea level."""
    marks: list[exports.Waypoint] = []
    routes, tracks = [], []
    for role, index, _, route in ways_of(answer):
        title = f"{TITLES[role]} {index}" if role == "alternative" else TITLES[role]
        facts = ", ".join(f"{label}: {words}" for label, words in plain_words.facts(route.summary, route))
        routes.append(exports.Course(title, facts, route.why, list(_instructions(route))))
        tracks.append(exports.Course(title, facts, route.why, [exports.Spot(*at) for at in route.geometry.coordinates]))
        marks += _marks(route, place_of)
    return exports.gpx(
        "Route",
        answer.attribution,
        note=plain_words.STATUS[answer.status],
        at=answer.as_of.at,
        waypoints=dict.fromkeys(marks),
        routes=routes,
        tracks=tracks,
    )


def _instructions(route: Route) -> Iterator[exports.Waypoint]:
    for leg in route.legs:
        for step in leg.steps:
            at = route.geometry.coordinates[step.geometry_index[0]]
            yield exports.Waypoint(*at, step.short, step.text, step.kind, comment=step.spoken)


def _marks(route: Route, place_of: PlaceOf) -> Iterator[exports.Waypoint]:
    for broken in route.violations:
        yield exports.Waypoint(*broken.at, plain_words.violation(broken), "A limit is broken here.", broken.code)
    for note in route.notes:
        yield exports.Waypoint(*note.at, plain_words.note(note), "", note.code)
    for barrier in route.barriers:
        place = place_of(barrier.barrier_id)
        if place is not None:
            words = f"{barrier.standing}, {barrier.effect}"
            yield exports.Waypoint(*place, KIND_WORDS[barrier.kind][0], words, barrier.kind)
