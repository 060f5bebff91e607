"""What GTFS rows become, and what becomes of bad rows, bad values and bad files."""

from __future__ import annotations

import math
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility import tags
from accessibility.refusals import Refused
from accessibility.tags.gtfs import Mode, pathway_tags
from routing.build import build
from routing.elements import add_gtfs
from routing.elements_gtfs import both_ways
from routing.elements_gtfs_feed import Pathway, read_feed
from routing.elements_gtfs_lay import METRE, wandering
from routing.geodesy import distance_m
from tests.support.stations import (
    LEVELS,
    PATHWAYS,
    STOPS,
    Table,
    ask,
    feed,
    path,
    stop,
    street_map,
)

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
    assert drawn_m == pytest.approx(max(straight, length), abs=0.11 + 0.021 * max(straight, length))
    if straight > 5:
        off = np.abs((line[:, 0] - start[0]) * slim / METRE * north - (line[:, 1] - lat) / METRE * east) / math.hypot(
            east, north
        )
        assert off.max() < 1.6


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
