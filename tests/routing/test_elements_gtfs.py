"""Stations from GTFS: what rows become, where entrances meet the streets, how people get through, and bad feeds."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility import profiles, tags
from accessibility.refusals import Refused
from accessibility.tags.gtfs import Mode, pathway_tags
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint
from routing.build import build
from routing.elements import RawMap, RawWay, add_gtfs, read_osm_file
from routing.elements_gtfs import both_ways
from routing.elements_gtfs_feed import Pathway, read_feed
from routing.elements_gtfs_lay import METRE, wandering
from routing.elements_ids import stable_id
from routing.geodesy import distance_m
from routing.router import Router
from tests.support.drawn import ORIGIN, drawn

Table = Sequence[Mapping[str, object]]
NARROW = math.cos(math.radians(ORIGIN[1]))


def spot(east: float, north: float) -> dict[str, float]:
    """Columns of a place, metres from the lower left corner of drawn towns."""
    return {"stop_lon": ORIGIN[0] + east * METRE / NARROW, "stop_lat": ORIGIN[1] + north * METRE}


def table(rows: Table) -> str:
    out = io.StringIO()
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def feed(folder: Path, stops: Table, pathways: Table, levels: Table = (), **more: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "stops.txt").write_text(table(stops))
    (folder / "pathways.txt").write_text(table(pathways))
    (folder / "levels.txt").write_text(table(levels or [{"level_id": "L", "level_index": 0}]))
    for name, text in more.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def stop(ref: str, kind: int, east: float | None = None, north: float = 0.0, **more: object) -> dict[str, object]:
    return {"stop_id": ref, "location_type": kind, **({} if east is None else spot(east, north)), **more}


def path(ref: str, ends: str, mode: Mode, *, both: bool = True, **more: object) -> dict[str, object]:
    start, end = ends.split(">")
    return {
        "pathway_id": ref,
        "from_stop_id": start,
        "to_stop_id": end,
        "pathway_mode": int(mode),
        "is_bidirectional": int(both),
    } | more


STREET = {"ab": "highway=footway surface=asphalt width=3"}
LEVELS = [{"level_id": "street", "level_index": 0}, {"level_id": "deep", "level_index": -2}]
STOPS = [
    stop("station", 1, 50, 10, stop_name="Central", wheelchair_boarding=1),
    stop("door", 2, 50, 10, stop_name="North door", parent_station="station", level_id="street"),
    stop("hall", 3, parent_station="station", level_id="street"),
    stop("lift", 3, parent_station="station", level_id="deep"),
    stop("platform", 0, 75, 25, stop_name="Platform 1", parent_station="station", level_id="deep"),
]
PATHWAYS = [
    path("1", "door>hall", Mode.WALKWAY, length=12),
    path("2", "hall>lift", Mode.ELEVATOR),
    path("3", "lift>platform", Mode.WALKWAY, length=30),
    path("4", "hall>platform", Mode.STAIRS, stair_count=-30, length=20),
]


def street_map(ways: Mapping[str, str] | None = None, nodes: Mapping[str, str] | None = None) -> RawMap:
    """A street eastwards, 100 m long."""
    return drawn("a" + "-" * 19 + "b", ways=ways or STREET, nodes=nodes).raw


def ask(raw: RawMap, start: tuple[float, float], end: tuple[float, float], who: str, level: float = -2) -> Any:
    """From a place on the street (metres) to a place inside (metres)."""
    router = Router(build(raw))
    try:
        a, b = (spot(*place) for place in (start, end))
        ends = (Waypoint(a["stop_lon"], a["stop_lat"]), Waypoint(b["stop_lon"], b["stop_lat"], level=level))
        return router.route(RouteRequest(ends, profiles.built_in[who]))
    finally:
        router.close()


# What rows become


@pytest.mark.parametrize(
    ("mode", "given_", "expected"),
    [
        (Mode.WALKWAY, {}, {"highway": "footway"}),
        (Mode.WALKWAY, {"max_slope": -0.083}, {"highway": "footway", "incline": "-8.3%"}),
        (Mode.WALKWAY, {"max_slope": 83.0}, {"highway": "footway"}),
        (Mode.WALKWAY, {"min_width_m": 0.9}, {"highway": "footway", "width": "0.9 m"}),
        (Mode.WALKWAY, {"two_ways": False}, {"highway": "footway", "foot:backward": "no"}),
        (Mode.WALKWAY, {"stair_count": 4}, {"highway": "footway"}),
        (Mode.STAIRS, {"stair_count": 12}, {"highway": "steps", "step_count": "12", "incline": "up"}),
        (Mode.STAIRS, {"stair_count": -12}, {"highway": "steps", "step_count": "12", "incline": "down"}),
        (Mode.STAIRS, {"stair_count": 100_000}, {"highway": "steps"}),
        (Mode.MOVING_WALK, {"two_ways": False}, {"highway": "footway", "conveying": "forward"}),
        (Mode.ESCALATOR, {"two_ways": False}, {"highway": "steps", "conveying": "forward"}),
        (Mode.ESCALATOR, {}, {"highway": "steps", "conveying": "reversible"}),
        (Mode.ELEVATOR, {"levels": (-2.0, 0.0)}, {"highway": "elevator", "level": "-2;0"}),
        (Mode.STAIRS, {"levels": (0.0, -1.5)}, {"highway": "steps", "level": "-1.5;0"}),
        (Mode.WALKWAY, {"levels": (1.0, 1.0)}, {"highway": "footway", "level": "1"}),
        (Mode.WALKWAY, {"levels": (1.0, None)}, {"highway": "footway"}),
        (Mode.WALKWAY, {"levels": (math.inf, 1e300)}, {"highway": "footway"}),
        (Mode.FARE_GATE, {"min_width_m": 0.9}, {"highway": "footway"}),
        (Mode.EXIT_GATE, {"two_ways": False}, {"highway": "footway", "foot:backward": "no"}),
    ],
)
def test_a_pathway_is_a_way_of_its_kind(mode: Mode, given_: dict[str, Any], expected: dict[str, str]) -> None:
    found = pathway_tags(mode, **({"two_ways": True, "levels": (None, None)} | given_))
    assert found == expected | {"indoor": "yes"}
    assert tags.kept(found) == found
    assert tags.walkable(found)


def row(ref: str, ends: str, mode: Mode = Mode.STAIRS, *, both: bool = False, **more: Any) -> Pathway:
    start, end = ends.split(">")
    rest = {"length_m": None, "stair_count": None, "max_slope": None, "min_width_m": None} | more
    return Pathway(ref, start, end, mode, both, **rest)


def test_there_and_back_are_one_way_through() -> None:
    there = row("1", "a>b", stair_count=-9, length_m=5.0)
    back = row("2", "b>a", stair_count=9, length_m=6.0, max_slope=-0.1, min_width_m=1.0)
    (found,) = both_ways([there, back])
    assert found == row("1", "a>b", both=True, stair_count=-9, length_m=6.0, max_slope=0.1, min_width_m=1.0)
    (mirrored,) = both_ways([row("1", "a>b"), back])
    assert mirrored.stair_count == -9


def test_what_differs_or_moves_stays_apart() -> None:
    assert len(both_ways([row("1", "a>b", stair_count=-9), row("2", "b>a", stair_count=8)])) == 2
    assert len(both_ways([row("1", "a>b"), row("2", "b>a", Mode.WALKWAY)])) == 2
    for mode in (Mode.ESCALATOR, Mode.MOVING_WALK, Mode.EXIT_GATE):
        assert len(both_ways([row("1", "a>b", mode), row("2", "b>a", mode)])) == 2
    two_flights = [row("1", "a>b"), row("2", "a>b"), row("3", "b>a"), row("4", "b>a")]
    assert [(one.id, one.two_ways) for one in both_ways(two_flights)] == [("1", True), ("2", True)]


@settings(max_examples=200, deadline=None)
@given(
    east=st.floats(-80, 80),
    north=st.floats(-80, 80),
    length=st.floats(0, 400),
    lat=st.sampled_from([0.0, 49.41, -71.0]),
)
def test_a_line_wanders_until_it_is_as_long_as_it_is(east: float, north: float, length: float, lat: float) -> None:
    slim = math.cos(math.radians(lat))
    start, end = (8.0, lat), (8.0 + east * METRE / slim, lat + north * METRE)
    line = np.array([start, *wandering(start, end, length), end])
    straight = float(distance_m(*start, *end))
    drawn_m = float(distance_m(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]).sum())
    assert drawn_m == pytest.approx(max(straight, length), rel=0.021, abs=0.11)
    if straight > 5:
        off = np.abs((line[:, 0] - start[0]) * slim / METRE * north - (line[:, 1] - lat) / METRE * east) / math.hypot(
            east, north
        )
        assert off.max() < 1.6


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


# Bad feeds


STAIRS = path("x", "door>hall", Mode.STAIRS)
BAD_ROWS: dict[str, tuple[Table, Table]] = {
    "without an id of their own, a known mode or direction": (
        [],
        [
            STAIRS | {"pathway_id": "1"},
            STAIRS | {"pathway_id": ""},
            STAIRS | {"pathway_mode": 8},
            STAIRS | {"pathway_mode": "nan"},
            STAIRS | {"is_bidirectional": "2"},
        ],
    ),
    "do not lead from one stop of the feed to another": (
        [],
        [STAIRS | {"to_stop_id": "nowhere"}, STAIRS | {"to_stop_id": "door"}, STAIRS | {"to_stop_id": "station"}],
    ),
    "exit gates that claim to be entrances": ([], [path("x", "door>hall", Mode.EXIT_GATE)]),
    "without an id of their own or a known location_type": ([stop("door", 2, 1, 1), stop("", 3), stop("odd", 9)], []),
    "on a level that levels.txt does not tell": ([stop("more", 3, level_id="attic")], []),
}


@pytest.mark.parametrize("said", BAD_ROWS)
def test_bad_rows_are_told_and_the_rest_is_used(tmp_path: Path, said: str) -> None:
    stops, pathways = BAD_ROWS[said]
    raw = add_gtfs(street_map(), feed(tmp_path / "f", [*STOPS, *stops], [*PATHWAYS, *pathways], LEVELS))
    assert any(said in note for note in raw.notes), raw.notes
    assert ask(raw, (5, 0), (75, 25), "manual_wheelchair").status == "ok"
    assert any(said in warning for warning in build(raw).meta.warnings)


def test_unreadable_values_are_silence(tmp_path: Path) -> None:
    odd = {"length": "far", "stair_count": "many", "max_slope": "inf", "min_width": "-1"}
    found = read_feed(feed(tmp_path / "f", STOPS, [path("1", "door>hall", Mode.STAIRS) | odd], LEVELS)).pathways[0]
    assert (found.length_m, found.stair_count, found.max_slope, found.min_width_m) == (None, None, None, None)
    nowhere = [
        stop("a", 2) | {"stop_lon": lon, "stop_lat": lat}
        for lon, lat in (("x", 1), (1, ""), (181, 0), (0, 0), (1, "nan"))
    ]
    stops = [one | {"stop_id": f"s{i}"} for i, one in enumerate(nowhere)]
    assert [one.place for one in read_feed(feed(tmp_path / "g", stops, [], LEVELS)).stops.values()] == [None] * 5


def test_a_table_with_a_mark_quotes_short_and_long_rows(tmp_path: Path) -> None:
    folder = feed(tmp_path / "f", STOPS, PATHWAYS, LEVELS)
    text = '\ufeff stop_id ,location_type,stop_name\r\n"a",2,"Door, ""north"""\r\n\r\nb\r\nc,3,x,too,many\r\n'
    (folder / "stops.txt").write_bytes(text.encode())
    found = read_feed(folder)
    assert [(one.id, one.kind, one.name) for one in found.stops.values()] == [
        ("a", "2", 'Door, "north"'),
        ("b", "0", ""),
        ("c", "3", "x"),
    ]
    assert found.odd["rows of stops.txt with more cells than its head"] == 1
    (folder / "stops.txt").write_bytes("stop_id,stop_name\na,Zürich".encode("latin-1"))
    assert read_feed(folder).odd["GTFS table stops.txt that is not in UTF-8"] == 1


def zipped(target: Path, folder: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, prefix + one.name)
    return target


@pytest.mark.parametrize("prefix", ["", "feed/"])
def test_a_zip_is_the_folder(tmp_path: Path, prefix: str) -> None:
    folder = feed(tmp_path / "f", STOPS, PATHWAYS, LEVELS, agency="agency_name\nCity Rail\n")
    packed = add_gtfs(street_map(), zipped(tmp_path / "feed.zip", folder, prefix))
    assert packed == add_gtfs(street_map(), folder)
    assert packed.attribution == "drawn, GTFS: City Rail"


def test_what_is_no_feed_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    text = tmp_path / "feed.zip"
    text.write_text("not a zip")
    cells = feed(tmp_path / "cells", STOPS, PATHWAYS, LEVELS)
    (cells / "pathways.txt").write_text("pathway_id\n" + "x" * 200_000)
    for source, code in (
        (tmp_path / "none", "map_missing"),
        (empty, "map_unreadable"),
        (text, "map_unreadable"),
        (cells, "map_unreadable"),
    ):
        with pytest.raises(Refused) as caught:
            add_gtfs(street_map(), source)
        assert caught.value.code == code


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.elements_gtfs_feed.MAX_TABLE_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stops.txt", b"\n" * 5_000_000)
    with pytest.raises(Refused, match="more than"):
        read_feed(tmp_path / "bomb.zip")
    data = (
        (tmp_path / "bomb.zip").read_bytes().replace((5_000_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    )
    (tmp_path / "bomb.zip").write_bytes(data)
    with pytest.raises(Refused):
        read_feed(tmp_path / "bomb.zip")


names = st.sampled_from(["door", "hall", "lift", "platform", "station", "x", "", "door2"])
odd_cells = st.sampled_from(["0", "1", "2", "3", "4", "5", "7", "-2", "0.08", "1e9", "nan", "street", "deep"])
cell = st.one_of(names, odd_cells, st.text(max_size=5))
stop_rows = st.fixed_dictionaries(
    {
        "stop_id": names,
        "location_type": st.sampled_from(["", "0", "1", "2", "3", "4", "9"]),
        "level_id": cell,
        "parent_station": names,
        "wheelchair_boarding": cell,
        "stop_lon": cell | st.floats(8.689, 8.693).map(str),
        "stop_lat": cell | st.floats(49.409, 49.411).map(str),
    }
)
pathway_rows = st.fixed_dictionaries(
    {
        "pathway_id": cell | st.integers(0, 99).map(str),
        "from_stop_id": names,
        "to_stop_id": names,
        "pathway_mode": st.sampled_from(list("12345678")),
        "is_bidirectional": st.sampled_from(["0", "1", ""]),
        "length": cell,
        "stair_count": cell,
        "max_slope": cell,
        "min_width": cell,
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(stop_rows, max_size=6), st.lists(pathway_rows, max_size=8))
def test_any_rows_make_a_map_that_builds(
    tmp_path_factory: pytest.TempPathFactory, stops: Table, pathways: Table
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any-feed"
    raw = add_gtfs(street_map(), feed(folder, [*STOPS, *stops], [*PATHWAYS, *pathways], LEVELS))
    refs = np.concatenate([way.refs for way in raw.ways])
    assert np.isin(refs, raw.node_ids).all()
    assert (np.diff(raw.node_ids) > 0).all()
    graph = build(raw)
    assert (graph.edge_length_m[: graph.first_passage] > 0).all()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["stops.txt", "pathways.txt", "levels.txt"]))
def test_any_bytes_are_a_table_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    folder = feed(tmp_path_factory.getbasetemp() / "bytes-feed", STOPS, PATHWAYS, LEVELS)
    (folder / name).write_bytes(data)
    with suppress(Refused):
        add_gtfs(street_map(), folder)


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
