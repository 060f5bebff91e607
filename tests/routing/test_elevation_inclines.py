"""How steep streets become by elevation: drawn towns on made-up ground, and three real cities on real models."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.facts import WayFacts
from routing.build import build
from routing.elements import RawMap, RawWay, read_osm_file
from routing.elevation import Elevation
from routing.elevation_raster import METRES_PER_DEGREE
from routing.graph import StreetGraph
from tests.support.drawn import ORIGIN, Town, drawn
from tests.support.terrain import slope, terrain

FOOTWAY = "highway=footway"


def facts_of(town: Town | RawMap, model: Elevation | None) -> dict[int, WayFacts]:
    """Facts by way id, for ways of one street each."""
    graph = build(town.raw if isinstance(town, Town) else town, elevation=model)
    return {int(way): graph.way_facts[graph.edge_facts[edge]] for edge, way in enumerate(graph.edge_way)}


def street(tags: str | Mapping[str, str], model: Elevation, *, cells: int = 10, line: str = "ab") -> WayFacts:
    """One straight street eastwards, 5 m a cell."""
    return facts_of(drawn("a" + "-" * (cells - 1) + "b", ways={line: tags}), model)[1000]


@pytest.mark.parametrize("grade", [-0.12, -0.06, 0.0, 0.03, 0.08, 0.25])
def test_a_street_is_as_steep_as_its_ground(grade: float) -> None:
    model = terrain(slope(east=grade))
    assert street(FOOTWAY, model).incline == pytest.approx(grade, abs=0.0026)
    assert street(FOOTWAY, model, line="ba").incline == pytest.approx(-grade, abs=0.0026)
    assert street(FOOTWAY, model).incline_source == "dem"


def test_along_the_contour_it_is_level() -> None:
    found = street(FOOTWAY, terrain(slope(north=0.2)))
    assert found.incline == 0.0
    assert str(found.incline) == "0.0"  # never −0.0: that would be another fact


@pytest.mark.parametrize(
    ("pixel_m", "coarse"), [(1.0, False), (10.3, False), (15.0, False), (15.1, True), (92.0, True)]
)
def test_pixels_above_fifteen_metres_are_coarse(pixel_m: float, coarse: bool) -> None:
    found = street(FOOTWAY, terrain(slope(east=0.1), pixel_m=pixel_m, around_m=60 * max(pixel_m, 8)), cells=40)
    said, silent = (found.incline_coarse, found.incline) if coarse else (found.incline, found.incline_coarse)
    assert said == pytest.approx(0.1)
    assert silent is None
    assert found.incline_source == (None if coarse else "dem")


def test_grades_come_in_steps_of_half_a_percent_or_of_one() -> None:
    for east in np.linspace(-0.2, 0.2, 23).tolist():
        fine = street(FOOTWAY, terrain(slope(east=east))).incline
        rough = street(FOOTWAY, terrain(slope(east=east), pixel_m=20.0)).incline_coarse
        assert fine is not None
        assert rough is not None
        assert fine == round(round(fine / 0.005) * 0.005, 4)
        assert rough == round(round(rough / 0.01) * 0.01, 4)
        assert (abs(fine - east) <= 0.00251, abs(rough - east) <= 0.00501) == (True, True)


def test_a_tagged_number_always_wins() -> None:
    model = terrain(slope(east=0.12))
    for text, grade in (("4%", 0.04), ("-3%", -0.03), ("0", 0.0), ("1:20", 0.05)):
        found = street({"highway": "footway", "incline": text}, model)
        assert (found.incline, found.incline_source) == (pytest.approx(grade), "tag")


def test_a_tagged_direction_is_given_a_number_and_never_contradicted() -> None:
    model = terrain(slope(east=0.12))
    assert street("highway=footway incline=up", model).incline == 0.12
    assert street("highway=footway incline=down", model).incline is None
    assert street("highway=footway incline=down", model).incline_sign == -1


@pytest.mark.parametrize(
    "tags",
    [
        "highway=footway bridge=yes",
        "highway=footway tunnel=yes",
        "highway=footway indoor=yes",
        "highway=corridor",
        "highway=footway level=-1",
        "highway=steps",
        "highway=steps conveying=yes",
        "highway=elevator",
    ],
)
def test_where_feet_are_not_on_the_ground_it_says_nothing(tags: str) -> None:
    found = street(tags, terrain(slope(east=0.12)))
    assert (found.incline, found.incline_coarse) == (None, None)


def test_below_ten_metres_nothing_is_said() -> None:
    model = terrain(slope(east=0.1))
    short = drawn("a-b-c----------d", ways={"ab": FOOTWAY, "bc": "highway=path", "cd": FOOTWAY}, cell_m=4.9)
    ten = drawn("a-b-c----------d", ways={"ab": FOOTWAY, "bc": "highway=path", "cd": FOOTWAY}, cell_m=5.1)
    assert [f.incline for f in facts_of(short, model).values()] == [None, None, 0.1]
    assert [f.incline for f in facts_of(ten, model).values()] == [0.1, 0.1, 0.1]


def test_a_short_street_is_judged_with_the_ways_it_continues_into() -> None:
    """A wall 3 m high beside 12 m of street would be 25 %; over 30 m of the way it is 10 %."""
    town = drawn("a---b--c---d", ways={"ab": FOOTWAY, "bc": "highway=path", "cd": FOOTWAY}, cell_m=4.0)

    def step(x: Any, y: Any) -> Any:
        return 200 + np.clip(x - 20.5, 0, 3)

    found = facts_of(town, terrain(step, pixel_m=1.0, around_m=400))
    assert found[1001].incline == pytest.approx(0.1, abs=0.0026)


def test_noise_of_the_model_does_not_become_a_slope() -> None:
    """±0.5 m from pixel to pixel, as survey models have: 12 m streets must not look like ramps."""
    pixel = np.random.default_rng(7).uniform(-0.5, 0.5, (400, 400))

    def rough(x: Any, y: Any) -> Any:
        return 200 + pixel[np.rint(x / 10).astype(int) % 400, np.rint(y / 10).astype(int) % 400]

    line = "-".join("abcdefghijklmnopqrstuvwxyz")
    town = drawn(line, ways={a + b: FOOTWAY for a, b in zip(line[:-2:2], line[2::2], strict=True)}, cell_m=6.0)
    found = [facts.incline for facts in facts_of(town, terrain(rough)).values()]
    assert len(found) == 25
    assert None not in found
    assert max(map(abs, found)) <= 1.0 / 30 + 0.0025
    raw = terrain(rough).at(*(np.array([town.at[c][i] for c in line[::2]]) for i in (0, 1)))
    assert np.abs(np.diff(raw) / 12).max() > 0.04  # what judging each edge by itself would have said


def test_a_dead_end_borrows_from_behind_and_a_lonely_scrap_stays_unknown() -> None:
    model = terrain(slope(east=0.08))
    dead_end = drawn("a----b----------c", ways={"ab": FOOTWAY, "bc": "highway=path"}, cell_m=4.0)
    assert facts_of(dead_end, model)[1000].incline == 0.08
    scrap = drawn("a----b", ways={"ab": FOOTWAY}, cell_m=4.0)
    assert facts_of(scrap, model)[1000].incline is None


def test_a_way_is_not_borrowed_from_around_the_corner_or_off_a_bridge() -> None:
    model = terrain(slope(east=0.08))
    corner = drawn(
        """
             d
             |
             |
        a----b
             |
             |
             c
        """,
        ways={"ab": FOOTWAY, "cbd": FOOTWAY},
        cell_m=4.0,
    )
    assert facts_of(corner, model)[1000].incline is None
    bridge = drawn("a----b----------c", ways={"ab": FOOTWAY, "bc": "highway=path bridge=yes"}, cell_m=4.0)
    assert facts_of(bridge, model)[1000].incline is None


def test_a_long_street_is_as_steep_as_its_steepest_piece() -> None:
    """60 m level, 60 m up at 10 %, 60 m level: the hill counts, not the mean of 3 %."""

    def hump(x: Any, y: Any) -> Any:
        return 200 + 0.1 * np.clip(x - 60, 0, 60)

    assert street(FOOTWAY, terrain(hump, pixel_m=1.0, around_m=400), cells=36).incline == 0.1
    assert street(FOOTWAY, terrain(hump, pixel_m=1.0, around_m=400), cells=36, line="ba").incline == -0.1


def test_a_long_street_with_vertices_is_cut_where_its_grade_changes() -> None:
    """The same hill, with a vertex every 15 m: pieces of 45 m, each with its own grade, climb 6 m and no more."""

    def hump(x: Any, y: Any) -> Any:
        return 200 + 0.1 * np.clip(x - 60, 0, 60)

    town = drawn("a-b-c-d-e-f-g-h-i-j-k-l-m", ways={"abcdefghijklm": FOOTWAY}, cell_m=7.5)
    graph = build(town.raw, elevation=terrain(hump, pixel_m=1.0, around_m=400))
    assert graph.edge_way.tolist() == [1000] * 4
    grades = [graph.way_facts[row].incline or 0.0 for row in graph.edge_facts[:4]]
    assert grades == [0.0, pytest.approx(0.065, abs=0.003), pytest.approx(0.065, abs=0.003), 0.0]
    assert float((graph.edge_length_m[:4] * grades).sum()) == pytest.approx(6, abs=0.3)
    assert build(town.raw).first_passage == 1


@pytest.mark.parametrize("tags", ["highway=steps", "highway=footway bridge=yes", "highway=footway incline=3%"])
def test_what_needs_no_elevation_is_not_cut(tags: str) -> None:
    town = drawn("a-b-c-d-e-f-g-h-i-j-k-l-m", ways={"abcdefghijklm": tags}, cell_m=7.5)
    assert build(town.raw, elevation=terrain(slope(east=0.1))).first_passage == 1


def test_in_a_void_and_outside_nothing_is_known() -> None:
    hole = terrain(lambda x, y: np.where((abs(x - 25) < 8) & (abs(y) < 30), np.nan, 200.0))
    assert street(FOOTWAY, hole, cells=6).incline is None
    assert street(FOOTWAY, terrain(slope(), around_m=100), cells=60).incline is None


def test_a_cliff_beside_the_way_is_no_slope_of_the_way() -> None:
    assert street(FOOTWAY, terrain(slope(east=0.45))).incline is None
    assert street(FOOTWAY, terrain(slope(east=0.39))).incline == 0.39


def test_a_coarse_model_speaks_where_the_fine_one_ends() -> None:
    fine, rough = terrain(slope(east=0.1), around_m=200), terrain(slope(east=0.05), pixel_m=90.0)
    both = Elevation((*fine.grids, *rough.grids), "both")
    town = drawn(
        "a" + "-" * 20 + "b" + "-" * 20 + "c" + "-" * 60 + "d", ways={"ab": FOOTWAY, "bc": FOOTWAY, "cd": FOOTWAY}
    )
    found = facts_of(town, both)
    assert [(f.incline, f.incline_coarse) for f in found.values()] == [(0.1, None), (None, 0.05), (None, 0.05)]


@cache
def _bumps() -> Elevation:
    return terrain(lambda x, y: 200 + 9 * np.sin(x / 37) * np.cos(y / 23) + 2 * np.sin(x / 5), pixel_m=5.0)


@settings(max_examples=80, deadline=None)
@given(
    steps=st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=1, max_size=12),
    cuts=st.sets(st.integers(1, 11), max_size=4),
)
def test_drawn_the_other_way_round_the_grade_is_the_same_with_the_other_sign(
    steps: list[tuple[float, float]], cuts: set[int]
) -> None:
    east, north = np.cumsum([(0.0, 0.0), *steps], axis=0).T
    lat = ORIGIN[1] + north / METRES_PER_DEGREE
    lon = ORIGIN[0] + east / METRES_PER_DEGREE / np.cos(np.radians(ORIGIN[1]))
    ids = np.arange(1, len(lon) + 1)
    ends = [0, *sorted(cut for cut in cuts if cut < len(steps)), len(steps)]
    parts = [tuple(ids[a : b + 1].tolist()) for a, b in pairwise(ends)]
    found = []
    for turned in (False, True):
        ways = [RawWay(7 + i, refs[::-1] if turned else refs, {"highway": "path"}) for i, refs in enumerate(parts)]
        graph = build(RawMap(ids, lon, lat, {}, ways, [], "test"), elevation=_bumps())
        grades: dict[int, list[float | None]] = {}
        for edge, way in enumerate(graph.edge_way.tolist()):
            grades.setdefault(way, []).append(graph.way_facts[graph.edge_facts[edge]].incline)
        found.append(grades)
    for way, along in found[0].items():
        assert along == [None if grade is None else 0.0 - grade for grade in reversed(found[1][way])]


def route(model: Elevation | None, *places: str, **limits: Any) -> Any:
    """Asked on a straight street of 100 m eastwards."""
    town = drawn("a" + "-" * 19 + "b", ways={"ab": "highway=footway surface=asphalt width=2"})
    object.__setattr__(town, "graph", build(town.raw, elevation=model))
    try:
        return town.route(*places, **limits)
    finally:
        town.close()


def test_a_fine_model_refuses_a_slope_and_a_coarse_one_only_charges_for_it() -> None:
    fine, coarse = terrain(slope(east=0.12)), terrain(slope(east=0.12), pixel_m=30.0)
    flat = route(terrain(slope(), pixel_m=30.0), "a", "b").routes[0]
    refused, charged = route(fine, "a", "b"), route(coarse, "a", "b")
    assert (refused.status, charged.status) == ("least_bad", "ok")
    assert "incline" in [violation.code for violation in refused.routes[0].violations]
    segment = charged.routes[0].segments[0]
    assert (segment.incline, segment.incline_source) == (0.12, "dem")
    assert refused.routes[0].segments[0].incline_source == "dem"
    assert "incline" not in segment.unknown
    assert charged.routes[0].duration_s > 1.2 * flat.duration_s


def test_the_same_street_is_a_climb_one_way_and_a_descent_back() -> None:
    model = terrain(slope(east=0.05))
    up, back = route(model, "a", "b").routes[0], route(model, "b", "a").routes[0]
    assert (up.segments[0].incline, back.segments[0].incline) == (0.05, -0.05)
    assert (up.summary.incline_up_max, back.summary.incline_down_max) == (0.05, 0.05)
    assert (up.ascent_m, up.descent_m) == (pytest.approx(5, abs=0.1), 0.0)
    assert (back.ascent_m, back.descent_m) == (0.0, pytest.approx(5, abs=0.1))


def test_the_map_is_another_one_with_another_model() -> None:
    town = drawn("a----------b", ways={"ab": FOOTWAY})
    ids = {
        build(town.raw, elevation=model).meta.build_id
        for model in (None, terrain(slope(east=0.1)), terrain(slope(east=0.2)), terrain(slope(east=0.1)))
    }
    assert len(ids) == 3


def dem_grades(graph: StreetGraph) -> tuple[np.ndarray, np.ndarray]:
    """(grade by elevation, NaN = none; length) of every street."""
    rows = graph.edge_facts[: graph.first_passage]
    said = [f.incline if f.incline_source == "dem" else f.incline_coarse for f in graph.way_facts]
    return np.array([np.nan if value is None else value for value in said])[rows], graph.edge_length_m[: len(rows)]


def clipped(raw: RawMap, west: float, south: float, east: float, north: float) -> RawMap:
    """The ways that lie wholly in a box: a smaller map to build."""
    within = (raw.lon > west) & (raw.lon < east) & (raw.lat > south) & (raw.lat < north)
    inside = set(raw.node_ids[within].tolist())
    ways = [way for way in raw.ways if inside.issuperset(way.refs)]
    return RawMap(raw.node_ids, raw.lon, raw.lat, raw.node_tags, ways, [], raw.source)


@pytest.mark.real_map
def test_monaco_is_steep_and_its_signs_agree_with_the_mappers(shared_data: Path) -> None:
    raw = read_osm_file(shared_data / "osm" / "monaco_2026.osm.pbf")
    model = Elevation.open([shared_data / "dem" / "N43E007.hgt.zip"])
    graph = build(raw, elevation=model)
    grade, length = dem_grades(graph)
    known = np.isfinite(grade)
    assert length[known].sum() > 0.5 * length.sum()
    assert not any(facts.incline_source == "dem" for facts in graph.way_facts)  # 90 m pixels are never judged
    assert np.nanpercentile(np.abs(grade), 50) >= 0.02
    assert len(graph.way_facts) < 3_000
    # Where mappers wrote `up` or `down`, mostly on steps, the model is asked as if these were untold slopes.
    signed = {
        w.id: {"up": 1, "down": -1}[w.tags["incline"]] for w in raw.ways if w.tags.get("incline") in ("up", "down")
    }
    silent = [RawWay(w.id, w.refs, {"highway": "path"} if w.id in signed else w.tags) for w in raw.ways]
    untold = build(RawMap(raw.node_ids, raw.lon, raw.lat, raw.node_tags, silent, [], "untold"), elevation=model)
    grade, length = dem_grades(untold)
    votes = [
        np.sign(grade[edge]) * signed[way] * length[edge]
        for edge, way in enumerate(untold.edge_way.tolist())
        if way in signed and abs(np.nan_to_num(grade[edge])) > 0.02
    ]
    agreeing, disagreeing = (sum(abs(v) for v in votes if (v > 0) == positive) for positive in (True, False))
    assert len(votes) > 20
    assert agreeing > 2 * disagreeing


@pytest.mark.real_map
def test_portland_is_judged_by_ten_metre_pixels(shared_data: Path) -> None:
    raw = clipped(read_osm_file(shared_data / "osm" / "portland_2015.osm.pbf"), -122.73, 45.512, -122.63, 45.525)
    graph = build(raw, elevation=Elevation.open([shared_data / "dem" / "portland-ned.tif"]))
    grade, length = dem_grades(graph)
    inside = np.isfinite(grade)
    assert 0.6 < length[inside].sum() / length.sum() < 0.8  # west of -122.71 the model ends
    assert {facts.incline_source for facts in graph.way_facts} >= {"dem"}
    assert not any(facts.incline_coarse is not None for facts in graph.way_facts)
    west, south, east, north = (-122.664, 45.512, -122.632, 45.530)  # the flat east side of the river
    lon, lat = graph.geom_lon[graph.geom_start[:-1]], graph.geom_lat[graph.geom_start[:-1]]
    flats = inside & (lon > west) & (lon < east) & (lat > south) & (lat < north)
    hills = inside & (lon < -122.69) & (lat < 45.52)
    assert np.percentile(np.abs(grade[flats]), 50) <= 0.02
    assert np.percentile(np.abs(grade[hills]), 50) >= 0.04


@pytest.mark.real_map
def test_lauf_on_its_tile(shared_data: Path) -> None:
    raw = clipped(read_osm_file(shared_data / "osm" / "lauf_2020.osm.pbf"), 11.26, 49.49, 11.31, 49.53)
    graph = build(raw, elevation=Elevation.open([shared_data / "dem" / "N49E011.hgt.zip"]))
    grade, length = dem_grades(graph)
    assert length[np.isfinite(grade)].sum() > 0.7 * length.sum()
    assert np.nanpercentile(np.abs(grade), 95) < 0.12
    assert len(graph.way_facts) < 3_000
