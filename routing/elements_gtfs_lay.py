"""Stations drawn into the map: a node for every stop, a way for every pathway, each as long as the feed says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from accessibility.tags.gtfs import GATES, Mode, connector_tags, gate_tags, pathway_tags, stop_tags
from routing.elements_gtfs_feed import Feed, Pathway, Stop
from routing.elements_gtfs_join import Joint, spliced
from routing.elements_ids import stable_id
from routing.elements_raw import UNITS_PER_DEGREE, RawMap, RawWay, Tags
from routing.geodesy import EARTH_RADIUS_M, distance_m

Place = tuple[float, float]

METRE = math.degrees(1 / EARTH_RADIUS_M)
"""Degrees of latitude in a metre."""
WANDER_M = 1.5
"""How far from the straight line a pathway wanders to be as long as it is."""
MOST_TURNS = 200
BESIDE_M = 1.0
"""An entrance stands at least so far beside its street."""


@dataclass
class _Node:
    place: Place
    tags: Tags


class Laid:
    """Stations as nodes and ways."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._node: dict[str, int] = {}
        self._at: dict[str, Place] = {}
        self._nodes: dict[int, _Node] = {}
        self._ways: list[RawWay] = []

    def add_stop(self, stop: Stop, place: Place, joint: Joint | None) -> None:
        """A node for the stop, and for an entrance the way to its street.

        What an entrance says about wheelchairs must not stop those who pass along the street: it is never the street's
        own node, however near it lies.
        """
        if joint is not None and _apart_m(place, (joint.lon, joint.lat)) < BESIDE_M:
            place = joint.lon + BESIDE_M * METRE / narrow(joint.lat), joint.lat
        ref = self._put("stop", stop.id, place, stop_tags(stop.kind, stop.name, stop.wheelchair_boarding, stop.level))
        self._node[stop.id], self._at[stop.id] = ref, place
        if joint is not None:
            way = stable_id("gtfs connector", f"{self._feed}/{stop.id}")
            self._ways.append(RawWay(way, (ref, joint.node), connector_tags()))

    def add_pathway(self, pathway: Pathway, feed: Feed) -> None:
        start, end = self._node[pathway.start], self._node[pathway.end]
        tags = pathway_tags(
            pathway.mode,
            two_ways=pathway.two_ways,
            levels=(feed.stops[pathway.start].level, feed.stops[pathway.end].level),
            stair_count=pathway.stair_count,
            max_slope=pathway.max_slope,
            min_width_m=pathway.min_width_m,
        )
        number = stable_id("gtfs pathway", f"{self._feed}/{pathway.id}")
        between = []
        ends = self._at[pathway.start], self._at[pathway.end]
        bends = [] if pathway.mode is Mode.ELEVATOR else wandering(*ends, pathway.length_m or 0.0)
        if pathway.mode in GATES and not bends:
            bends = [((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)]
        for index, place in enumerate(bends):
            gate = pathway.mode in GATES and index == len(bends) // 2
            between.append(
                self._put("bend", f"{pathway.id}/{index}", place, gate_tags(pathway.min_width_m) if gate else {})
            )
        self._ways.append(RawWay(number, (start, *between, end), tags))

    def _put(self, kind: str, ref: str, place: Place, tags: Tags) -> int:
        number = stable_id(f"gtfs {kind}", f"{self._feed}/{ref}")
        self._nodes[number] = _Node(place, tags)
        return number

    def onto(self, raw: RawMap, feed: Feed, joints: list[Joint]) -> RawMap:
        """The map with all of it; what the map says about a node of its own stays."""
        lon = dict(zip(raw.node_ids.tolist(), raw.lon.tolist(), strict=True))
        lat = dict(zip(raw.node_ids.tolist(), raw.lat.tolist(), strict=True))
        for joint in joints:
            lon.setdefault(joint.node, joint.lon)
            lat.setdefault(joint.node, joint.lat)
        node_tags = dict(raw.node_tags)
        for number, node in self._nodes.items():
            lon[number], lat[number] = (round(degrees * UNITS_PER_DEGREE) / UNITS_PER_DEGREE for degrees in node.place)
            if node.tags:
                node_tags[number] = node.tags
        ids = np.array(sorted(lon), np.int64)
        notes = [f"{count} {what}" for what, count in feed.odd.most_common() if count]
        owed = f"{raw.attribution}, GTFS: {feed.publisher}" if feed.publisher and self._ways else raw.attribution
        return replace(
            raw,
            node_ids=ids,
            lon=np.array([lon[ref] for ref in ids.tolist()]),
            lat=np.array([lat[ref] for ref in ids.tolist()]),
            node_tags=dict(sorted(node_tags.items())),
            ways=sorted([*spliced(raw.ways, joints), *self._ways], key=lambda way: way.id),
            source=f"{raw.source} + {feed.name}",
            attribution=owed,
            notes=(*raw.notes, *notes),
        )


def wandering(start: Place, end: Place, length_m: float) -> list[Place]:
    """Vertices between two places that make the line as long as it is said to be; none where it is straight."""
    straight = _apart_m(start, end)
    if length_m <= straight * 1.02 + 0.1:
        return []
    extra = math.sqrt(length_m**2 - straight**2)
    turns = min(MOST_TURNS, math.ceil(extra / (2 * WANDER_M)))
    aside = extra / (2 * turns)
    slim = narrow(start[1])
    east, north = (end[0] - start[0]) * slim / METRE, (end[1] - start[1]) / METRE
    size = math.hypot(east, north) or 1.0
    off = (-north / size * aside * METRE / slim, east / size * aside * METRE)
    if not (east or north):
        off = (aside * METRE / slim, 0.0)
    found = []
    for step in range(1, 2 * turns):
        share, out = step / (2 * turns), step % 2
        found.append(
            (
                start[0] + share * (end[0] - start[0]) + out * off[0],
                start[1] + share * (end[1] - start[1]) + out * off[1],
            )
        )
    return found


def narrow(lat: float) -> float:
    """How much shorter a degree of longitude is than one of latitude."""
    return max(0.01, math.cos(math.radians(lat)))


def _apart_m(a: Place, b: Place) -> float:
    return float(distance_m(*a, *b))


def free_place(place: Place, taken: set[tuple[int, int]]) -> Place:
    """The place itself, or the nearest of a spiral of metres around it on which nothing lies yet."""
    slim = narrow(place[1])
    for east, north in _spiral():
        lon, lat = place[0] + east * METRE / slim, place[1] + north * METRE
        cell = round(lon * slim / METRE), round(lat / METRE)
        if cell not in taken:
            taken.add(cell)
            return lon, lat
    raise AssertionError("a spiral has no end")


def _spiral() -> Iterator[tuple[int, int]]:
    yield 0, 0
    ring = 0
    while True:
        ring += 1
        for step in range(-ring, ring):
            yield from ((step, -ring), (ring, step), (-step, ring), (-ring, -step))
