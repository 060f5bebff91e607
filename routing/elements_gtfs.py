"""Stations of a GTFS feed laid into the raw map: stops become nodes, pathways ways, entrances meet the streets.

A pathway is as long as the feed says: where its ends lie closer together, its line wanders a little. Nodes to which
the feed gives no place are put between their neighbours. Both are drawings of an interior, not surveys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from accessibility.tags.gtfs import MOVING, Mode
from routing.elements_gtfs_feed import ENTRANCE, Feed, Pathway, Stop, read_feed
from routing.elements_gtfs_join import Joint, Streets
from routing.elements_gtfs_lay import METRE, Laid, Place, free_place, narrow
from routing.elements_raw import Progress, RawMap, silent

BEYOND_M = 50.0
"""Entrances up to here outside of the map's box may still meet its streets."""
SHORTEST_M, UNSAID_M = 0.5, 10.0
"""Lengths of pathways reckoned with, for the drawing alone: at least the first; the second where none is said [E]."""


def add_gtfs(raw: RawMap, source: Path, *, progress: Progress = silent) -> RawMap:
    """The map with the stations of a feed that have an entrance on one of its streets.

    What the feed gets wrong is in the map's `notes`. Raises `Refused`: "map_unreadable", "map_missing".
    """
    progress("stations", 0.0)
    feed = read_feed(source)
    pathways = both_ways(feed.pathways)
    joints = _joints(raw, feed, pathways)
    kept = _reached(pathways, joints)
    left = sum(pathway.start not in kept for pathway in pathways)
    if left:
        feed.odd["pathways of stations without an entrance on a street of this map"] += left
    places = _places(feed, kept, pathways)
    laid = Laid(f"{feed.publisher or feed.name}")
    for ref in sorted(kept):
        laid.add_stop(_told(feed, feed.stops[ref]), places[ref], joints.get(ref))
    for pathway in pathways:
        if pathway.start in kept:
            laid.add_pathway(pathway, feed)
    progress("stations", 1.0)
    return laid.onto(raw, feed, [joint for ref, joint in joints.items() if ref in kept])


def both_ways(pathways: Iterable[Pathway]) -> list[Pathway]:
    """Two rows, there and back, of what is one way through become one; things that move people stay two."""
    found: list[Pathway | None] = []
    waiting: dict[tuple[Mode, str, str], list[int]] = defaultdict(list)
    for pathway in pathways:
        if pathway.two_ways or pathway.mode in MOVING or pathway.mode is Mode.EXIT_GATE:
            found.append(pathway)
            continue
        backs = waiting[pathway.mode, pathway.end, pathway.start]
        partner = next((i for i in backs if _same_way(found[i], pathway)), None)
        if partner is None:
            waiting[pathway.mode, pathway.start, pathway.end].append(len(found))
            found.append(pathway)
        else:
            backs.remove(partner)
            there = found[partner]
            assert there is not None
            found[partner] = _joined(there, pathway)
    return [pathway for pathway in found if pathway is not None]


def _same_way(there: Pathway | None, back: Pathway) -> bool:
    """Whether the way back mirrors the way there: as many steps, down for up."""
    if there is None:
        return False
    counts = there.stair_count, back.stair_count
    return None in counts or counts[0] == -(counts[1] or 0)


def _joined(there: Pathway, back: Pathway) -> Pathway:
    lengths = [length for length in (there.length_m, back.length_m) if length is not None]
    widths = [width for width in (there.min_width_m, back.min_width_m) if width is not None]
    steps, slope = there.stair_count, there.max_slope
    return replace(
        there,
        two_ways=True,
        length_m=max(lengths, default=None),
        min_width_m=min(widths, default=None),
        stair_count=-back.stair_count if steps is None and back.stair_count is not None else steps,
        max_slope=-back.max_slope if slope is None and back.max_slope is not None else slope,
    )


def _joints(raw: RawMap, feed: Feed, pathways: list[Pathway]) -> dict[str, Joint]:
    """Where each entrance that leads into a station meets the streets."""
    used = {ref for pathway in pathways for ref in (pathway.start, pathway.end)}
    beyond = BEYOND_M * METRE
    wide = beyond / narrow(float(raw.lat.mean()))
    west, east = float(raw.lon.min()) - wide, float(raw.lon.max()) + wide
    south, north = float(raw.lat.min()) - beyond, float(raw.lat.max()) + beyond
    entrances = [
        stop
        for stop in feed.stops.values()
        if stop.kind == ENTRANCE
        and stop.id in used
        and stop.place is not None
        and west <= stop.place[0] <= east
        and south <= stop.place[1] <= north
    ]
    if not entrances:
        return {}
    streets = Streets(raw, [stop.place for stop in entrances if stop.place is not None])
    found = {stop.id: joint for stop in entrances if (joint := streets.joint(stop)) is not None}
    if len(found) < len(entrances):
        feed.odd["station entrances with no street within 30 m"] += len(entrances) - len(found)
    return found


def _reached(pathways: list[Pathway], joints: Iterable[str]) -> set[str]:
    """Stops that hang together with an entrance on a street."""
    beside: dict[str, list[str]] = defaultdict(list)
    for pathway in pathways:
        beside[pathway.start].append(pathway.end)
        beside[pathway.end].append(pathway.start)
    found, ahead = set(joints), list(joints)
    while ahead:
        for ref in beside[ahead.pop()]:
            if ref not in found:
                found.add(ref)
                ahead.append(ref)
    return found


def _places(feed: Feed, kept: set[str], pathways: list[Pathway]) -> dict[str, Place]:
    """A place of its own for every stop: as given, else between its neighbours, the nearer by pathway the more."""
    inside = [pathway for pathway in pathways if pathway.start in kept]
    shaft = _shafts(kept, inside)
    beside: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for pathway in inside:
        if shaft[pathway.start] != shaft[pathway.end]:
            metres = max(pathway.length_m or UNSAID_M, SHORTEST_M)
            beside[shaft[pathway.start]].append((shaft[pathway.end], metres))
            beside[shaft[pathway.end]].append((shaft[pathway.start], metres))
    given: dict[str, list[Place]] = defaultdict(list)
    for ref in sorted(kept):
        if (place := feed.stops[ref].place) is not None:
            given[shaft[ref]].append(place)
    found = {name: _middle([(place, 1.0) for place in places]) for name, places in given.items()}
    waiting = sorted(set(shaft.values()) - found.keys())
    while waiting:
        near = {name: sorted((found[o], 1 / metres) for o, metres in beside[name] if o in found) for name in waiting}
        # Every kept stop hangs together with an entrance that has a place: each round places at least one more.
        found |= {name: _middle(places) for name, places in near.items() if places}
        waiting = [name for name in waiting if name not in found]
    taken: set[tuple[int, int]] = set()
    known_first = sorted(kept, key=lambda ref: (feed.stops[ref].place is None, ref))
    return {ref: free_place(feed.stops[ref].place or found[shaft[ref]], taken) for ref in known_first}


def _shafts(kept: set[str], pathways: list[Pathway]) -> dict[str, str]:
    """For every stop the first (by id) of those above and below it: a lift goes straight up."""
    lifts: dict[str, list[str]] = defaultdict(list)
    for pathway in pathways:
        if pathway.mode is Mode.ELEVATOR:
            lifts[pathway.start].append(pathway.end)
            lifts[pathway.end].append(pathway.start)
    found: dict[str, str] = {}
    for ref in sorted(kept):
        ahead = [ref]
        while ahead:
            if (one := ahead.pop()) not in found:
                found[one] = ref
                ahead += lifts[one]
    return found


def _middle(places: list[tuple[Place, float]]) -> Place:
    """The weighted mean of places."""
    whole = sum(weight for _, weight in places)
    lon, lat = (sum(place[axis] * weight for place, weight in places) / whole for axis in (0, 1))
    return lon, lat


def _told(feed: Feed, stop: Stop) -> Stop:
    """The stop with what its station says about wheelchairs where it is silent."""
    station = feed.stations.get(feed.parents.get(stop.id, ""))
    if stop.wheelchair_boarding in ("1", "2") or station is None:
        return stop
    return replace(stop, wheelchair_boarding=station.wheelchair_boarding)
