"""OpenSidewalks datasets: properties as map tags, topology by ids, odd values, hostile files, two real campuses."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.facts import Barrier, Kerb, PassageFacts, WayRole
from accessibility.refusals import Refused
from accessibility.tags.opensidewalks import tags_of_opensidewalks
from routing.answers import RouteAnswer, RouteRequest, Waypoint
from routing.build import build
from routing.elements import RawMap, read_map_file, read_osw_files
from routing.graph import StreetGraph
from routing.router import Router

Json = dict[str, Any]
STEP = 1e-4  # degrees; about 11 m northwards


def collection(*features: Json, **head: Any) -> Json:
    return {"type": "FeatureCollection", "features": list(features), **head}


def node(ref: str, x: float, y: float, **properties: Any) -> Json:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [x * STEP, y * STEP]},
            "properties": {"_id": ref, **properties}}  # fmt: skip


def edge(ref: str, ends: str, *places: tuple[float, float], **properties: Any) -> Json:
    """Ends as `"a>b"`; properties with `__` for a colon."""
    u, v = ends.split(">")
    named = {"_id": ref, "_u_id": u, "_v_id": v, "highway": "footway"} | properties
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[x * STEP, y * STEP] for x, y in places]},
        "properties": {key.replace("__", ":"): value for key, value in named.items() if value is not None},
    }


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def read(folder: Path, *features: Json, **head: Any) -> RawMap:
    return read_map_file(write(folder / "town.geojson", collection(*features, **head)))


def way_tags(folder: Path, **properties: Any) -> dict[str, str]:
    return read(folder, edge("7", "1>2", (0, 0), (0, 1), **properties)).ways[0].tags


# What properties become


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"incline": 0.05}, {"incline": "5%"}),
        ({"incline": -0.0833}, {"incline": "-8.33%"}),
        ({"incline": -0.0}, {"incline": "0%"}),
        ({"incline": 0.455}, {}),
        ({"incline": -0.717}, {}),
        ({"incline": 777}, {}),
        ({"width": 1.5}, {"width": "1.5 m"}),
        ({"width": 888.0}, {}),
        ({"width": 0}, {}),
        ({"width": -2}, {}),
        ({"width": True}, {}),
        ({"step_count": 12}, {"step_count": "12"}),
        ({"step_count": 999}, {}),
        ({"step_count": 2.5}, {}),
        ({"surface": "paving_stones"}, {"surface": "paving_stones"}),
        ({"surface": ["asphalt"]}, {}),
        ({"crossing__markings": "zebra"}, {"crossing:markings": "zebra"}),
        ({"tactile_paving": True}, {"tactile_paving": "yes"}),
        ({"curb": "flush"}, {"kerb": "flush"}),
        ({"kerb": "raised", "curb": "flush"}, {"kerb": "raised"}),
        ({"kerb": "777"}, {}),
        ({"ext__maxspeed": "40 mph"}, {"maxspeed": "40 mph"}),
        ({"ext__level_1": "0", "length": 40.2, "description": "muddy"}, {}),
        ({"climb": "up"}, {"incline": "up"}),
        ({"climb": "up", "incline": 0.03}, {"incline": "3%"}),
        ({"climb": "sideways"}, {}),
        ({"name": "x" * 256}, {}),
        ({"foot": None}, {}),
    ],
)
def test_one_property_is_one_tag(properties: Json, expected: dict[str, str]) -> None:
    given = {key.replace("__", ":"): value for key, value in properties.items()}
    assert tags_of_opensidewalks(given)[0] == expected


def test_steps_keep_the_direction_they_climb_and_not_the_slope_of_the_ground() -> None:
    tags, _ = tags_of_opensidewalks({"highway": "steps", "climb": "down", "incline": 0.2, "step_count": 7})
    assert tags == {"highway": "steps", "incline": "down", "step_count": "7"}


def test_what_stays_unknown_is_named() -> None:
    assert tags_of_opensidewalks({"incline": 0.455, "width": 999, "surface": "asphalt"})[1] == {"incline", "width"}
    assert tags_of_opensidewalks({"incline": 0.1, "length": 1.9}) == ({}, {"incline"})
    assert tags_of_opensidewalks({"incline": 0.1, "length": 2.1}) == ({"incline": "10%"}, frozenset())


def test_values_reach_the_facts_through_the_same_reading(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        edge("1", "1>2", (0, 0), (0, 3), footway="sidewalk", incline=-0.04, width=1.2, surface="concrete"),
        edge("2", "2>3", (0, 3), (0, 6), highway="steps", climb="up", step_count=9),
        edge("3", "3>4", (0, 6), (0, 9), footway="crossing", crossing__markings="no"),
        edge("4", "4>5", (0, 9), (0, 12), incline=0.455),
    )
    sidewalk, steps, crossing, absurd = (build(raw).way_facts[row] for row in build(raw).edge_facts[:4])
    assert (sidewalk.incline, sidewalk.width_m, sidewalk.surface) == (pytest.approx(-0.04), 1.2, "concrete")
    assert (steps.role, steps.step_count, steps.incline_sign) == (WayRole.STEPS, 9, 1)
    assert (crossing.role, crossing.markings) == (WayRole.CROSSING, False)
    assert absurd.incline is None
    assert raw.notes == (
        "5 ends of edges at nodes that are not given",
        "1 values of incline that are absurd, codes or measured over too little, taken for unknown",
    )
    assert build(raw).meta.warnings == list(raw.notes)


# Topology


def test_edges_meet_where_they_name_one_node_and_nowhere_else(tmp_path: Path) -> None:
    """Two edges cross in the middle, with a vertex of each at one place: they do not meet there."""
    raw = read(
        tmp_path,
        edge("1", "a>b", (0, 0), (5, 5), (10, 10)),
        edge("2", "c>d", (0, 10), (5, 5), (10, 0)),
        edge("3", "b>e", (10, 10), (20, 10)),
    )
    graph = build(raw)
    assert sorted(graph.edge_component[:3].tolist()) == [0, 0, 1]
    ways = {way.id: way.refs for way in raw.ways}
    assert ways[1][-1] == ways[3][0]
    assert not set(ways[1]) & set(ways[2])


def test_without_ids_edges_meet_by_their_places(tmp_path: Path) -> None:
    features = [edge("1", ">", (0, 0), (1, 0)), edge("2", ">", (1, 0), (2, 0))]
    for one in features:
        del one["properties"]["_u_id"], one["properties"]["_v_id"]
    first, second = read(tmp_path, *features).ways
    assert first.refs[-1] == second.refs[0]


def test_whole_numbers_stay_and_other_ids_become_stable_negative_ones(tmp_path: Path) -> None:
    features = [
        node("n/7", 0, 0),
        edge("way-1", "n/7>2298864238", (0, 0), (1, 0)),
        edge("12", "2298864238>007", (1, 0), (2, 0)),
    ]
    first, again = read(tmp_path, *features), read(tmp_path, *reversed(features))
    assert first == again
    ids = {way.id for way in first.ways}
    assert 12 in ids
    assert min(ids) < 0
    assert 2298864238 in first.node_ids
    assert (first.node_ids < 0).sum() == 2  # "n/7" and "007", which is not the number 7
    digits = read(tmp_path, node("1", 0, 0), edge("3", "1>2", (0, 0), (1, 0)))
    numbers = read(tmp_path, node(1, 0, 0), edge(3, "1>2", (0, 0), (1, 0)) | {})  # type: ignore[arg-type]
    assert digits == numbers


def test_an_edge_goes_to_its_node_and_a_far_one_is_told(tmp_path: Path) -> None:
    raw = read(tmp_path, node("1", 0, 0), node("2", 3, 0), edge("9", "1>2", (0, 0), (2, 0)))
    assert raw.ways[0].refs == (1, 2)
    assert raw.lon.tolist() == pytest.approx([0, 3 * STEP])
    assert raw.notes == ("1 ends of edges drawn over 5 m from their node",)


def test_ends_at_nodes_that_are_not_given_are_made_and_told(tmp_path: Path) -> None:
    raw = read(tmp_path, edge("9", "1>2", (0, 0), (2, 0)), edge("10", "2>3", (2, 0), (4, 0)))
    assert raw.node_ids.tolist() == [1, 2, 3]
    assert raw.notes == ("3 ends of edges at nodes that are not given",)


def test_two_edges_with_one_id_are_both_kept(tmp_path: Path) -> None:
    raw = read(tmp_path, edge("9", "1>2", (0, 0), (1, 0)), edge("9", "2>3", (1, 0), (2, 0), surface="sand"))
    assert len({way.id for way in raw.ways}) == 2
    assert read(tmp_path, edge("9", "1>2", (0, 0), (1, 0))).ways[0].id == 9


def test_kerbs_obstacles_benches_and_buildings_arrive(tmp_path: Path) -> None:
    ring = [[0, 0], [0, STEP], [STEP, STEP], [STEP, 0], [0, 0]]
    hole = [[x / 2 + STEP / 4, y / 2 + STEP / 4] for x, y in ring]
    write(
        tmp_path / "c.nodes.geojson",
        collection(node("1", 0, 0), node("2", 4, 0, barrier="kerb", kerb="lowered"), node("3", 8, 0)),
    )
    write(
        tmp_path / "c.points.geojson", collection(node("2", 2, 0, barrier="bollard"), node("80", 2, 1, amenity="bench"))
    )
    polygons = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": rings}, "properties": properties}
        for rings, properties in (
            ([ring], {"_id": "5", "building": "yes"}),
            ([ring, hole], {"_id": "6", "building": "yes"}),
        )
    ]
    write(tmp_path / "c.polygons.geojson", collection(*polygons))
    edges = write(
        tmp_path / "c.edges.geojson",
        collection(
            edge("5", "1>2", (0, 0), (2, 0), (4, 0), footway="sidewalk"),
            edge("6", "2>3", (4, 0), (8, 0), footway="crossing"),
        ),
    )
    raw = read_map_file(edges)
    assert raw == read_map_file(tmp_path / "c.points.geojson")
    passages = {facts.barrier or facts.kerb for facts in passages_of(build(raw))}
    assert passages == {Kerb.LOWERED, Barrier.GAP}
    bench = [ref for ref, tags in raw.node_tags.items() if tags.get("amenity") == "bench"]
    assert bench == [80]
    buildings = [way for way in raw.ways if way.tags.get("building")]
    assert len(buildings) == 1
    assert buildings[0].closed
    assert buildings[0].id < 0  # 5 is taken by an edge
    assert [[role for _, _, role in relation.members] for relation in raw.relations] == [["outer", "inner"]]


def passages_of(graph: StreetGraph) -> list[PassageFacts]:
    return [graph.passage_facts[row] for row in graph.edge_facts[graph.first_passage :]]


def test_a_zone_is_joined_to_the_edges_that_end_on_it(tmp_path: Path) -> None:
    ring = [[0, 0], [0, STEP], [STEP, STEP], [STEP, 0], [0, 0]]
    zone = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"_id": "z", "highway": "pedestrian", "_w_id": ["1", "2"]}}  # fmt: skip
    raw = read(
        tmp_path,
        node("1", 0, 1),
        node("2", 1, 0),
        edge("1", "9>1", (0, 5), (0, 1)),
        edge("2", "2>8", (1, 0), (5, 0)),
        zone,
    )
    area = next(way for way in raw.ways if way.tags.get("area") == "yes")
    assert area.closed
    assert {1, 2} < set(area.refs)
    assert set(build(raw).edge_component.tolist()) == {0}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"name": "OpenStreetMap", "license": "ODbL"}, "© OpenStreetMap contributors (ODbL)"),
        ({"name": "City of Seattle"}, "City of Seattle"),
        ({"name": "NYC DOT, OpenStreetMap"}, "NYC DOT, OpenStreetMap, © OpenStreetMap contributors"),
        ("OpenStreetMap", "OpenSidewalks dataset town.geojson"),
        (None, "OpenSidewalks dataset town.geojson"),
    ],
)
def test_the_data_is_owed_to_whom_it_names(tmp_path: Path, source: object, said: str) -> None:
    raw = read(tmp_path, edge("1", "1>2", (0, 0), (1, 0)), dataSource=source, dataTimestamp="2023-08-08T20:22:00Z")
    assert (raw.attribution, raw.timestamp) == (said, "2023-08-08T20:22:00Z")


# Hostile files


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "not json",
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": {}}',
        '{"type": "FeatureCollection", "features": [1, 2]}',
        '{"type": "FeatureCollection", "features": []}',
        '{"type": "Feature", "features": []}',
        '{"type": "FeatureCollection", "features": [{"geometry": {"type": "LineString", "coordinates": NaN}}]}',
        '{"type": "FeatureCollection", "features": ' + "[" * 100_000,
        '{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point", "coordinates": '
        + "[" * 50_000 + "]" * 50_000 + "}}]}",
        '{"type": "FeatureCollection", "features": [{"properties": {"a":' * 5_000,
        "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_dataset_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.geojson"
    path.write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(Refused) as caught:
        read_map_file(path)
    assert caught.value.code in ("map_unreadable", "map_empty")
    assert len(caught.value.message) < 400


def test_a_missing_file_is_refused_and_another_kind_too(tmp_path: Path) -> None:
    for path in (tmp_path / "none.edges.geojson", write(tmp_path / "town.csv", {})):
        with pytest.raises(Refused, match=r"not there|not one of"):
            read_osw_files([path])


@pytest.mark.parametrize(
    "coordinates",
    [None, 5, "ab", [], [[0, 0]], [[0, 0], [0]], [[0, 0], ["1", "2"]], [[0, 0], [0, 91]], [[0, 0], [None, 1]],
     [[0, 0], [True, 1]], {"0": 1}, [[0, 0], {"0": 1, "1": 2}], [[0, 0], [1e308, 0]]],
)  # fmt: skip
def test_a_line_that_lies_nowhere_is_left_out_and_told(tmp_path: Path, coordinates: object) -> None:
    broken = edge("1", "1>2", (0, 0), (1, 0))
    broken["geometry"]["coordinates"] = coordinates
    raw = read(
        tmp_path, broken, edge("2", "2>3", (1, 0), (2, 0)), {"type": "Feature", "geometry": None, "properties": {}}
    )
    assert [way.id for way in raw.ways] == [2]
    assert {"1 features without a usable geometry", "1 features that are not read"} < set(raw.notes)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
places = st.lists(st.floats(-200, 200) | st.integers(-3, 3), min_size=0, max_size=3) | json_values
geometries = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Sphere"]),
        "coordinates": places | st.lists(places, max_size=5) | st.lists(st.lists(places, max_size=5), max_size=2),
    }
)
known_keys = [
    "_id",
    "_u_id",
    "_v_id",
    "highway",
    "incline",
    "width",
    "kerb",
    "barrier",
    "step_count",
    "building",
    "length",
]
properties = st.dictionaries(
    st.sampled_from(known_keys), json_values | st.sampled_from(["a", "b", "1", "2", "footway", "steps"]), max_size=8
)
features = st.fixed_dictionaries({"geometry": geometries | st.none(), "properties": properties | st.none()})


@settings(max_examples=80, deadline=None)
@given(st.lists(features, max_size=8))
def test_any_features_make_a_map_that_builds_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, items: list[Json]
) -> None:
    path = write(tmp_path_factory.getbasetemp() / "any.geojson", collection(*items, edge("9", "a>b", (0, 0), (1, 1))))
    with suppress(Refused):
        raw = read_osw_files([path])
        assert np.isin(np.concatenate([way.refs for way in raw.ways]), raw.node_ids).all()
        assert (np.diff(raw.node_ids) > 0).all()
        build(raw)


# Real datasets


@pytest.mark.real_map
def test_the_microsoft_campus_is_one_walkable_town(shared_data: Path) -> None:
    folder = shared_data / "opensidewalks"
    raw = read_map_file(folder / "wa.microsoft.graph.edges.OSW.geojson")
    assert len([way for way in raw.ways if "highway" in way.tags and way.tags.get("area") != "yes"]) == 4_368
    assert sum(tags.get("amenity") == "bench" for tags in raw.node_tags.values()) == 118
    assert sum(tags.get("barrier") == "kerb" for tags in raw.node_tags.values()) == 757
    assert "OpenStreetMap" in raw.attribution
    graph = build(raw)
    component = graph.edge_component
    assert (component == 0).sum() > 0.9 * (component >= 0).sum()
    assert max(abs(facts.incline or 0) for facts in graph.way_facts) <= 0.35
    kerbs = [facts.kerb for facts in passages_of(graph) if facts.kerb_events and facts.kerb]
    assert kerbs.count(Kerb.LOWERED) > 500
    assert kerbs.count(Kerb.RAISED) > 20
    router = Router(graph)
    try:
        ends = (Waypoint(-122.1370, 47.6400), Waypoint(-122.1340, 47.6440))
        answers = {name: router.route(RouteRequest(ends, person)) for name, person in people().items()}
    finally:
        router.close()
    assert all(isinstance(answer, RouteAnswer) for answer in answers.values())
    steps = {
        name: answer.routes[0].summary.steps for name, answer in answers.items() if isinstance(answer, RouteAnswer)
    }
    assert steps["manual_wheelchair"] == 0


def people() -> dict[str, Any]:
    from accessibility import profiles

    return {name: profiles.built_in[name] for name in ("manual_wheelchair", "walk", "stroller")}


@pytest.mark.real_map
def test_a_dataset_with_missing_nodes_and_absurd_slopes(shared_data: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(shared_data / "opensidewalks" / "4151.zip").extractall(tmp_path)
    raw = read_map_file(tmp_path / "osw.edges.geojson")
    assert len([way for way in raw.ways if "highway" in way.tags]) == 241
    assert any("nodes that are not given" in note for note in raw.notes)
    graph = build(raw)
    assert all(abs(facts.incline or 0) < 0.455 for facts in graph.way_facts)
    assert sum(facts.kerb_events and facts.kerb is None for facts in passages_of(graph)) > 20  # 58 of 60 kerbs: unsaid
