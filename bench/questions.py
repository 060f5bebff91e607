"""What is asked: pairs of places, and the mix of questions a served city would hear, in the words of either engine."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from accessibility import profiles
from routing.answers import RouteRequest, Waypoint
from routing.geodesy import distance_m
from routing.graph import StreetGraph

Place = tuple[float, float]
Pair = tuple[Place, Place]

PROFILE = "manual_wheelchair"
JITTER_M = 5.0
METRES_PER_DEGREE = 111_195.0
OWN_SHARE, NEVER_SEEN_SHARE, AVOID_SHARE = 0.25, 0.03, 0.05
"""A quarter asks under its own limits; a few of them under limits nobody had before; one in twenty avoids an area."""
AVOID_HALF_SIDE_M = 40.0

_KERBS: tuple[float | None, ...] = (0.01, 0.06, 0.10, None)
_INCLINES: tuple[float | None, ...] = (0.03, 0.0833, 0.10, 0.12, 0.15, None)
_WIDTHS = (0.8, 1.0)
CHOICES: tuple[dict[str, float | None], ...] = (
    *({"kerb_max_m": kerb} for kerb in _KERBS),
    *({"incline_up_max": incline} for incline in _INCLINES),
    *({"width_min_m": width} for width in _WIDTHS),
    *({"kerb_max_m": kerb, "incline_up_max": incline} for kerb in _KERBS for incline in _INCLINES),
)
"""The sets of limits a page offers (PROFILES §1, user choice lists): one limit changed, or kerb and incline."""


class Question(NamedTuple):
    """One routing question, whoever is asked."""

    start: Place
    end: Place
    limits: dict[str, float | None] | None = None
    avoid: tuple[Place, ...] | None = None
    """A closed ring."""
    fresh: bool = False
    """Its limits are to be such as nobody had before."""

    @property
    def kind(self) -> str:
        if self.avoid is not None:
            return "avoids an area"
        if self.fresh:
            return "limits nobody had before"
        return "plain" if self.limits is None else "limits a page offers"


def random_pairs(
    graph: StreetGraph, count: int, *, apart_m: tuple[float, float] = (0.0, math.inf), seed: int = 20261124
) -> list[Pair]:
    """Pairs of street corners of the largest component, so far apart as the crow flies; the same in every run."""
    chance = random.Random(seed)
    nodes = graph.edge_tail[np.flatnonzero(graph.edge_component == 0)]

    def place() -> Place:
        node = int(nodes[chance.randrange(len(nodes))])
        return float(graph.node_lon[node]), float(graph.node_lat[node])

    pairs: list[Pair] = []
    for _ in range(1000 * count):
        a, b = place(), place()
        if apart_m[0] <= float(distance_m(*a, *b)) <= apart_m[1]:
            pairs.append((a, b))
        if len(pairs) == count:
            return pairs
    raise SystemExit(f"this map has no {count} pairs {apart_m[0]:.0f} to {apart_m[1]:.0f} m apart")


def spread_pairs(graph: StreetGraph, count: int, seed: int = 20261125) -> list[Pair]:
    """Pairs whose distances are the same on every map: 0.3 to 5 km as the crow flies, evenly spread, within 3 %.

    A start is drawn at random, and its partner among the corners at the wanted distance.
    """
    chance = random.Random(seed)
    nodes = np.unique(graph.edge_tail[np.flatnonzero(graph.edge_component == 0)])
    lon, lat = graph.node_lon[nodes].astype(float), graph.node_lat[nodes].astype(float)
    narrow = np.cos(np.radians(float(lat.mean()))) * METRES_PER_DEGREE
    pairs: list[Pair] = []
    for number in range(count):
        wanted_m = 300.0 + 4700.0 * (number + 0.5) / count
        for _ in range(200):
            first = chance.randrange(len(nodes))
            apart = np.hypot((lon - lon[first]) * narrow, (lat - lat[first]) * METRES_PER_DEGREE)
            partners = np.flatnonzero(np.abs(apart - wanted_m) < 0.03 * wanted_m)
            if partners.size:
                second = int(partners[chance.randrange(len(partners))])
                pairs.append(((float(lon[first]), float(lat[first])), (float(lon[second]), float(lat[second]))))
                break
    return pairs


def mixed(pairs: Sequence[Pair], count: int, seed: int = 1) -> list[Question]:
    """`count` questions about `pairs` in turn, no two alike: jittered, some with own limits, some avoiding an area."""
    chance = random.Random(seed)
    questions = []
    for number in range(count):
        start, end = pairs[number % len(pairs)]
        kind, avoids = chance.random(), chance.random() < AVOID_SHARE
        fresh = kind < NEVER_SEEN_SHARE
        limits = never_seen(chance) if fresh else chance.choice(CHOICES) if kind < OWN_SHARE else None
        questions.append(
            Question(
                jittered(start, chance),
                jittered(end, chance),
                limits,
                _area_between(start, end) if avoids else None,
                fresh,
            )
        )
    return questions


def repeated(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """`count` questions out of the given ones, in another order; those with limits nobody had get new ones again."""
    chance = random.Random(seed)
    found: list[Question] = []
    while len(found) < count:
        found.extend(
            question._replace(limits=never_seen(chance)) if question.fresh else question
            for question in chance.sample(questions, len(questions))
        )
    return found[:count]


def never_seen(chance: random.Random) -> dict[str, float | None]:
    """Limits as somebody's own measuring would give them."""
    return {
        "kerb_max_m": round(chance.uniform(0.01, 0.15), 3),
        "incline_up_max": round(chance.uniform(0.04, 0.15), 4),
        "width_min_m": round(chance.uniform(0.7, 1.1), 2),
    }


def jittered(place: Place, chance: random.Random) -> Place:
    """A place at most 5 m away."""
    away_m, towards = JITTER_M * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
    east, north = away_m * math.cos(towards), away_m * math.sin(towards)
    return (
        round(place[0] + east / (METRES_PER_DEGREE * math.cos(math.radians(place[1]))), 7),
        round(place[1] + north / METRES_PER_DEGREE, 7),
    )


def _area_between(start: Place, end: Place) -> tuple[Place, ...]:
    """A square around the middle of the straight line."""
    lon, lat = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    north = AVOID_HALF_SIDE_M / METRES_PER_DEGREE
    east = north / math.cos(math.radians(lat))
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return tuple((round(lon + x * east, 7), round(lat + y * north, 7)) for x, y in corners)


def for_stepfree(question: Question) -> str:
    """The body of `POST /v1/routes`."""
    body: dict[str, Any] = {"waypoints": [question.start, question.end], "profile": PROFILE}
    if question.limits is not None:
        body["limits"] = question.limits
    if question.avoid is not None:
        body["avoid"] = {"type": "Polygon", "coordinates": [question.avoid]}
    return json.dumps(body)


def for_valhalla(question: Question) -> str:
    """The body of Valhalla's `POST /route`: its wheelchair, directions with text, the line of the way."""
    options: dict[str, Any] = {"type": "wheelchair"}
    if question.limits is not None and question.limits.get("incline_up_max") is not None:
        options["max_grade"] = round(100 * question.limits["incline_up_max"])  # type: ignore[operator]
    body: dict[str, Any] = {
        "locations": [{"lon": lon, "lat": lat} for lon, lat in (question.start, question.end)],
        "costing": "pedestrian",
        "costing_options": {"pedestrian": options},
        "directions_type": "instructions",
        "language": "en-US",
    }
    if question.avoid is not None:
        body["exclude_polygons"] = [question.avoid]
    return json.dumps(body)


def noon() -> datetime:
    """When everybody sets out, here and on the server: a run by night would ask for a city that is closed."""
    return datetime.now(UTC).replace(hour=11, minute=0, second=0, microsecond=0)


def for_router(question: Question, at: datetime | None = None) -> RouteRequest:
    """The question as the router in this process takes it, with the clock, as the server asks it."""
    person = profiles.with_overrides(profiles.built_in[PROFILE], limits=question.limits)
    return RouteRequest(
        (Waypoint(*question.start), Waypoint(*question.end)),
        person,
        avoid=None if question.avoid is None else {"type": "Polygon", "coordinates": [list(map(list, question.avoid))]},
        asked_at=at or noon(),
    )
