"""A route as GPX 1.1: a track to see, a route with its instructions to follow, waypoints for what is in the way."""

from __future__ import annotations

from collections.abc import Iterator

from api import exports
from api.plain_words import PlainWords
from api.route_geojson import PlaceOf, ways_of
from api.wire import RoutesAnswer
from routing.answers import Route


def route_gpx(answer: RoutesAnswer, place_of: PlaceOf, words: PlainWords) -> str:
    """The whole document. No heights: the answer knows none of single places, and 0 would be sea level."""
    marks: list[exports.Waypoint] = []
    routes, tracks = [], []
    for role, index, _, route in ways_of(answer):
        title = words.title(role, index)
        facts = words.in_a_row(words.facts(route.summary, route))
        routes.append(exports.Course(title, facts, route.why, list(_instructions(route))))
        tracks.append(exports.Course(title, facts, route.why, [exports.Spot(*at) for at in route.geometry.coordinates]))
        marks += _marks(route, place_of, words)
    return exports.gpx(
        words.title("route", 0),
        answer.attribution,
        note=words.status(answer.status),
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


def _marks(route: Route, place_of: PlaceOf, words: PlainWords) -> Iterator[exports.Waypoint]:
    for broken in route.violations:
        yield exports.Waypoint(*broken.at, words.violation(broken), words.broken_here(), broken.code)
    for note in route.notes:
        yield exports.Waypoint(*note.at, words.note(note), "", note.code)
    for barrier in route.barriers:
        place = place_of(barrier.barrier_id)
        if place is not None:
            yield exports.Waypoint(*place, words.kind(barrier.kind), words.barrier(barrier), barrier.kind)
