"""Stations from GTFS in the street network: where entrances meet the streets, and how people get through."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from accessibility import profiles
from accessibility.tags.gtfs import Mode
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint
from routing.build import build
from routing.elements import RawMap, RawWay, add_gtfs, read_osm_file
from routing.elements_gtfs_feed import read_feed
from routing.elements_ids import stable_id
from routing.router import Router
from tests.support.drawn import drawn
from tests.support.stations import (
    LEVELS,
    PATHWAYS,
    STOPS,
    ask,
    feed,
    path,
    spot,
    stop,
    street_map,
)

# Through the station


def test_wheels_take_the_lift_and_walkers_the_stairs(tmp_path: Path) -> None:
    raw = add_gtfs(street_map(), feed(tmp_path / "f", STOPS, PATHWAYS, LEVELS))
    wheels, walker = (ask(raw, (5, 0), (75, 25), who).routes[0] for who in ("manual_wheelchair", "walk"))
    assert (wheels.summary.steps, walker.summary.steps) == (0, 30)
    assert [step.kind for leg in wheels.legs for step in leg.steps if step.kind == "lift"] == ["lift"]
    assert {segment.level for segment in wheels.segments} >= {0.0, -2.0}
    # 45 m of street, 10 m to the door, 12 + 30 m inside, as the feed says.
    assert wheels.distance_m == pytest.approx(45 + 10 + 12 + 30, abs=4)


def test_an_escalator_and_an_exit_gate_lead_one_way(tmp_path: Path) -> None:
    for mode in (Mode.ESCALATOR, Mode.EXIT_GATE):
        pathways = [path("1", "door>hall", Mode.WALKWAY), path("2", "platform>hall", mode, both=False)]
        raw = add_gtfs(street_map(), feed(tmp_path / mode.name, STOPS[:3] + STOPS[4:], pathways, LEVELS))
        router = Router(build(raw))
        a, b = spot(5, 0), spot(75, 25)
        out, inside = Waypoint(a["stop_lon"], a["stop_lat"]), Waypoint(b["stop_lon"], b["stop_lat"])
        try:
            up = router.route(RouteRequest((inside, out), profiles.built_in["walk"]))
            down = router.route(RouteRequest((out, inside), profiles.built_in["walk"]))
        finally:
            router.close()
        assert isinstance(up, RouteAnswer)
        assert up.status == "ok"
        assert isinstance(down, NoRoute) or down.snapped[-1].distance_m > 5


def test_a_narrow_fare_gate_stops_the_wide(tmp_path: Path) -> None:
    for width, status in ((0.5, "least_bad"), (0.95, "ok")):
        pathways = [path("1", "door>platform", Mode.FARE_GATE, min_width=width)]
        raw = add_gtfs(street_map(), feed(tmp_path / f"{width}", [STOPS[0], STOPS[1], STOPS[4]], pathways, LEVELS))
        assert ask(raw, (5, 0), (75, 25), "manual_wheelchair").status == status


def test_an_entrance_without_steps_is_told_and_never_blocks_the_street(tmp_path: Path) -> None:
    """The door lies on the street itself and says no to wheelchairs: passing by is still fine."""
    stops = [STOPS[0], stop("door", 2, 50, 0, wheelchair_boarding=2, level_id="street"), STOPS[4]]
    raw = add_gtfs(street_map(), feed(tmp_path / "f", stops, [path("1", "door>platform", Mode.WALKWAY)], LEVELS))
    past = ask(raw, (5, 0), (95, 0), "manual_wheelchair", level=0)
    into = ask(raw, (5, 0), (75, 25), "manual_wheelchair")
    assert (past.status, into.status) == ("ok", "least_bad")
    assert [violation.code for violation in into.routes[0].violations] == ["wheelchair"]


def test_stops_say_what_their_station_says_where_they_are_silent(tmp_path: Path) -> None:
    stops = [*STOPS[:4], STOPS[4] | {"wheelchair_boarding": 2}]
    raw = add_gtfs(street_map(), feed(tmp_path / "f", stops, PATHWAYS, LEVELS))
    said = {found["name"]: found for found in raw.node_tags.values() if "name" in found}
    assert said["North door"] == {"entrance": "yes", "name": "North door", "wheelchair": "yes", "level": "0"}
    assert said["Platform 1"]["wheelchair"] == "no"
    assert said["Platform 1"]["public_transport"] == "platform"


# Where entrances meet the streets


def joints_of(raw: RawMap, before: RawMap) -> list[int]:
    """Nodes of the old ways that an entrance was tied to."""
    old = {ref for way in raw.ways if way.id > 0 for ref in way.refs}
    return [way.refs[1] for way in raw.ways if way.id < 0 and "indoor" not in way.tags and way.refs[1] in old]


def test_the_street_gets_a_joint_and_keeps_its_line(tmp_path: Path) -> None:
    before = street_map()
    raw = add_gtfs(before, feed(tmp_path / "f", STOPS, PATHWAYS, LEVELS))
    (way,) = (way for way in raw.ways if way.id > 0)
    (joint,) = joints_of(raw, before)
    assert way.refs == (100, joint, 101)
    at = raw.positions([joint])[0]
    assert (raw.lon[at], raw.lat[at]) == pytest.approx(tuple(spot(50, 0).values()), abs=2e-7)
    assert (np.diff(raw.node_ids) > 0).all()
    assert raw.attribution == "drawn"


def test_the_sidewalk_is_taken_before_the_carriageway_unless_that_is_much_nearer(tmp_path: Path) -> None:
    town = drawn(
        "c--------------------d\n\n\na--------------------b",
        ways={"ab": "highway=footway", "cd": "highway=residential"},
    ).raw
    for north, way in ((6, 1000), (12, 1000), (13, 1001), (14.5, 1001)):
        stops = [STOPS[0], stop("door", 2, 50, north), STOPS[4]]
        raw = add_gtfs(town, feed(tmp_path / f"{north}", stops, [path("1", "door>platform", Mode.WALKWAY)], LEVELS))
        (joint,) = joints_of(raw, town)
        assert joint in next(one for one in raw.ways if one.id == way).refs


CLOSED = [
    "highway=steps",
    "highway=footway access=private",
    "highway=footway tunnel=yes",
    "highway=footway bridge=yes",
    "highway=corridor",
    "highway=motorway",
]


@pytest.mark.parametrize("shut", CLOSED)
def test_a_door_does_not_open_onto_what_is_closed_or_elsewhere(tmp_path: Path, shut: str) -> None:
    before = street_map({"ab": shut})
    raw = add_gtfs(before, feed(tmp_path / "f", STOPS, PATHWAYS, LEVELS))
    assert raw == before
    assert set(raw.notes) == {
        "4 pathways of stations without an entrance on a street of this map",
        "1 station entrances with no street within 30 m",
    }


@pytest.mark.parametrize(("north", "joined"), [(29, True), (31, False)])
def test_thirty_metres_are_near_enough(tmp_path: Path, north: float, joined: bool) -> None:
    stops = [STOPS[0], stop("door", 2, 50, north), STOPS[4]]
    raw = add_gtfs(street_map(), feed(tmp_path / "f", stops, [path("1", "door>platform", Mode.WALKWAY)], LEVELS))
    assert (len(raw.ways) > 1) is joined


def test_an_entrance_with_its_number_on_the_map_is_found_further_off(tmp_path: Path) -> None:
    town = drawn(
        "a---------c---------b", ways={"acb": "highway=footway"}, nodes={"c": "railway=subway_entrance ref=E7"}
    ).raw
    stops = [STOPS[0], stop("door", 2, 30, 45, stop_code="e7"), STOPS[4]]
    raw = add_gtfs(town, feed(tmp_path / "f", stops, [path("1", "door>platform", Mode.WALKWAY)], LEVELS))
    assert joints_of(raw, town) == [102]
    assert raw.node_tags[102] == town.node_tags[102]


def test_numbers_of_things_without_one_never_change() -> None:
    assert stable_id("a", "b") == -3665163352004673482
    assert stable_id("a", "b") != stable_id("a", "c") != stable_id("b", "c")


def test_the_same_feed_gives_the_same_map_whatever_the_order_of_its_rows(tmp_path: Path) -> None:
    one = add_gtfs(street_map(), feed(tmp_path / "one", STOPS, PATHWAYS, LEVELS))
    two = add_gtfs(street_map(), feed(tmp_path / "one", STOPS[::-1], PATHWAYS[::-1], LEVELS[::-1]))
    assert one == two
    assert build(one).meta.build_id != build(street_map()).meta.build_id


# Real feeds


def past_the_doors(source: Path, station: str) -> tuple[RawMap, tuple[float, float]]:
    """A drawn street that passes all doors of a real station at a few metres, and where it begins, 200 m away."""
    found = read_feed(source)
    doors = sorted(
        one.place
        for ref, one in found.stops.items()
        if one.kind == "2" and found.parents.get(ref) == station and one.place
    )
    lon, lat = (np.array([place[i] for place in doors]) + 3e-5 for i in (0, 1))
    lon, lat = np.append(lon, lon[-1] + 2.5e-3), np.append(lat, lat[-1])
    ids = np.arange(1, len(lon) + 1)
    way = RawWay(1, tuple(ids.tolist()), {"highway": "footway", "surface": "asphalt", "width": "3"})
    return RawMap(ids, lon, lat, {}, [way], [], "drawn", attribution="drawn"), (float(lon[-1]), float(lat[-1]))


@pytest.mark.real_map
@pytest.mark.parametrize(("station", "platforms"), [("place-chmnl", 2), ("place-spmnl", 2), ("place-pktrm", 8)])
def test_real_stations_are_step_free_from_door_to_platform(shared_data: Path, station: str, platforms: int) -> None:
    """Charles/MGH, Science Park and Park Street have lifts to every platform of theirs; the streets are drawn."""
    source = shared_data / "gtfs" / "boston_mbta"
    streets, begin = past_the_doors(source, station)
    raw = add_gtfs(streets, source)
    assert raw.attribution == "drawn, GTFS: MBTA"
    named = read_feed(source).stations[station].name
    ends = {
        ref: found for ref, found in raw.node_tags.items() if found.get("public_transport") and found["name"] == named
    }
    assert len(ends) == platforms
    router = Router(build(raw))
    try:
        for ref, found in ends.items():
            at = int(raw.positions([ref])[0])
            there = Waypoint(float(raw.lon[at]), float(raw.lat[at]), level=float(found["level"]))
            wheels, walker = (
                router.route(RouteRequest((Waypoint(*begin), there), profiles.built_in[who]))
                for who in ("manual_wheelchair", "walk")
            )
            assert isinstance(wheels, RouteAnswer)
            assert isinstance(walker, RouteAnswer)
            assert (wheels.status, walker.status) == ("ok", "ok")
            assert wheels.routes[0].summary.step_free
            assert "lift" in {step.kind for leg in wheels.routes[0].legs for step in leg.steps}
    finally:
        router.close()


@pytest.mark.real_map
def test_feeds_that_do_not_meet_the_map_leave_it_as_it_is(shared_data: Path) -> None:
    """No MBTA door lies within 30 m of the small Boston extract; the Helsinki feed has no pathways."""
    before = read_osm_file(shared_data / "osm" / "boston_2020.osm.pbf")
    for source in ("boston_mbta", "helsinki_gtfs.zip"):
        after = add_gtfs(before, shared_data / "gtfs" / source)
        assert after == before
        assert after.attribution == before.attribution
        assert after.notes
