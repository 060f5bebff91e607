"""From elements to a graph: where ways are cut, what is kept, what is joined, and that it is always the same."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from accessibility import tags
from accessibility.refusals import Refused
from routing.build import build
from routing.elements import RawMap, RawRelation
from routing.graph import StreetGraph
from tests.support.drawn import drawn

FOOT = "highway=footway"
PICTURE = """
    a----b----c----d
         |    |
         e    f
"""


def streets(graph: StreetGraph, letters: dict[int, str]) -> set[str]:
    """Every street by the letters of its nodes."""
    return {
        "".join(letters[node] for node in graph.geom_node[graph.vertices(edge)].tolist())
        for edge in range(graph.first_passage)
        if not graph.is_entrance(edge)
    }


def test_ways_are_cut_where_others_meet_them() -> None:
    town = drawn(PICTURE, ways={"abcd": FOOT, "be": FOOT})
    assert streets(town.graph, town.letters) == {"ab", "bcd", "be"}
    assert len(town.graph.passage_facts) == 0


def test_ways_are_cut_where_something_stands() -> None:
    for said in ("barrier=bollard", "kerb=raised", "highway=elevator", "wheelchair=no", "access=private"):
        town = drawn(PICTURE, ways={"abcd": FOOT}, nodes={"c": said})
        assert streets(town.graph, town.letters) == {"abc", "cd"}, said
    for said in ("highway=crossing", "natural=tree", "barrier=unheard_of name=x", "amenity=bench"):
        town = drawn(PICTURE, ways={"abcd": FOOT}, nodes={"c": said})
        assert town.graph.first_passage <= 2


def test_nodes_that_mean_nothing_stay_inside() -> None:
    town = drawn(PICTURE, ways={"abcd": FOOT}, nodes={"b": "highway=street_lamp", "c": "amenity=bench"})
    assert streets(town.graph, town.letters) == {"abcd"}
    assert town.graph.node_count == 2


def test_a_street_knows_its_way_name_facts_and_length() -> None:
    town = drawn(PICTURE, ways={"abcd": {"highway": "footway", "name": "Quay", "surface": "sett"}, "cf": FOOT})
    graph = town.graph
    [edge] = [e for e in range(graph.first_passage) if graph.geom_node[graph.vertices(e)].tolist()[0] == 100]
    assert graph.edge_way[edge] == 1000
    assert graph.names[graph.edge_name[edge]] == "Quay"
    assert str(graph.way_facts[graph.edge_facts[edge]].surface) == "sett"
    assert graph.edge_length_m[edge] == pytest.approx(50.0, abs=0.1)


def test_facts_and_names_are_kept_once() -> None:
    ways = dict.fromkeys(("ab", "bc", "cd", "be", "cf"), f"{FOOT} name=Same surface=asphalt")
    graph = drawn(PICTURE, ways=ways).graph
    assert len(graph.way_facts) == len(graph.names) == 1
    assert graph.first_passage == 5


def test_private_barred_and_unfinished_ways_are_there_and_closed() -> None:
    town = drawn(
        PICTURE,
        ways={
            "ab": FOOT,
            "bc": f"{FOOT} access=private",
            "cd": "highway=construction",
            "be": f"{FOOT} foot=no",
            "cf": "highway=motorway",
        },
    )
    graph = town.graph
    assert graph.first_passage == 5
    open_ = graph.edge_component[: graph.first_passage] >= 0
    assert {int(way) for way in graph.edge_way[open_]} == {1000}


def test_what_is_no_way_for_anybody_becomes_no_street() -> None:
    graph = drawn(PICTURE, ways={"ab": FOOT, "cd": "waterway=river", "be": "railway=rail", "cf": "building=yes"}).graph
    assert set(graph.edge_way.tolist()) == {1000}
    assert len(graph.elements.ways) == 4, "but it stays in the map"


def test_components_by_size() -> None:
    graph = drawn(PICTURE, ways={"ab": FOOT, "be": FOOT, "cd": FOOT, "f": FOOT}).graph
    assert graph.edge_component.tolist() == [0, 0, 1]


def test_a_map_without_ways_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        _ = drawn(PICTURE, ways={"ab": "waterway=river"}).graph
    assert refused.value.code == "map_empty"


def test_the_same_map_gives_the_same_graph(sample_graph: StreetGraph) -> None:
    again = build(sample_graph.elements)
    for field in dataclasses.fields(StreetGraph):
        one, other = getattr(again, field.name), getattr(sample_graph, field.name)
        if isinstance(one, np.ndarray):
            assert np.array_equal(one, other), field.name
    assert again.meta == sample_graph.meta
    assert list(again.way_facts) == list(sample_graph.way_facts)
    assert list(again.passage_facts) == list(sample_graph.passage_facts)


def test_the_build_id_follows_the_data_and_nothing_else() -> None:
    one = drawn(PICTURE, ways={"abcd": FOOT})
    same = dataclasses.replace(one.raw, source="elsewhere", timestamp="2026-01-01T00:00:00Z")
    other = drawn(PICTURE, ways={"abcd": f"{FOOT} surface=sand"})
    assert build(same).meta.build_id == one.graph.meta.build_id != other.graph.meta.build_id


def test_progress_is_told_in_order() -> None:
    seen: list[tuple[str, float]] = []
    build(drawn(PICTURE, ways={"abcd": FOOT}).raw, lambda stage, share: seen.append((stage, share)))
    assert [stage for stage, _ in seen] == ["streets", "junctions", "components", "order", "order"]
    assert seen[-1] == ("order", 1.0)


def test_losses_of_the_source_become_warnings() -> None:
    raw = drawn(PICTURE, ways={"abcd": FOOT}).raw
    lost = dataclasses.replace(raw.losses) if dataclasses.is_dataclass(raw.losses) else raw.losses
    lost = type(lost)(cut_ways=3, bad_nodes=1)
    graph = build(dataclasses.replace(raw, losses=lost))
    assert graph.meta.warnings == ["3 ways cut at the edge of the map", "1 nodes without a usable position"]


CUT = """
              x
              |
    a----b----m----c----d
"""


def test_a_cut_flight_has_entrances_of_no_length() -> None:
    town = drawn(CUT, ways={"ab": FOOT, "bmc": "highway=steps step_count=9", "cd": FOOT, "mx": FOOT})
    graph = town.graph
    entrances = [edge for edge in range(graph.first_passage) if graph.is_entrance(edge)]
    assert len(entrances) == 3, "at b, m and c"
    assert (graph.edge_length_m[entrances] == 0).all()
    assert {graph.way_facts[graph.edge_facts[edge]].flight_share for edge in entrances} == {0.5}
    inside = [edge for edge in range(graph.first_passage) if graph.edge_way[edge] == 1001 and edge not in entrances]
    assert {graph.way_facts[graph.edge_facts[edge]].flight_share for edge in inside} == {0.0}
    assert graph.way_metres[graph.edge_way == 1001] == pytest.approx(50.0, abs=0.1)


def test_a_flight_in_one_piece_has_none() -> None:
    graph = drawn(CUT, ways={"ab": FOOT, "bmc": "highway=steps step_count=9", "cd": FOOT}).graph
    assert not any(graph.is_entrance(edge) for edge in range(graph.first_passage))
    assert {facts.flight_share for facts in graph.way_facts} == {1.0}


def test_a_way_cut_only_by_something_on_it_has_none() -> None:
    """Nobody comes onto the flight there."""
    graph = drawn(CUT, ways={"bmc": "highway=steps step_count=9"}, nodes={"m": "barrier=gate"}).graph
    assert not any(graph.is_entrance(edge) for edge in range(graph.first_passage))


def test_roads_are_called_by_name_at_their_nodes() -> None:
    town = drawn(
        PICTURE,
        ways={"abc": "highway=residential name=Elm", "cd": "highway=residential name=Oak", "be": FOOT, "cf": FOOT},
    )
    ids = {letter: node for node, letter in town.letters.items()}
    assert town.graph.road_name_at(ids["b"]) == "Elm"
    assert town.graph.road_name_at(ids["c"]) is None, "two roads meet"
    assert town.graph.road_name_at(ids["e"]) is None


SQUARE = """
    a----b----c
         |    |
         e----d----f
"""


def relation_map(ring: str, found: dict[str, str]) -> RawMap:
    return drawn(
        SQUARE,
        ways={"ab": FOOT, "df": FOOT, ring: {"note": "a ring"}},
        relations=(RawRelation(7, (("w", 1002, "outer"),), found),),
    ).raw


def test_the_rim_of_a_square_drawn_by_a_relation_is_walked() -> None:
    square = {"type": "multipolygon", "highway": "pedestrian", "surface": "sett"}
    graph = build(relation_map("bcdeb", square))
    rim = np.flatnonzero(graph.edge_area == -7)
    assert len(rim)
    assert {str(graph.way_facts[graph.edge_facts[edge]].surface) for edge in rim} == {"sett"}
    assert (graph.edge_component == 0).all()


@pytest.mark.parametrize(
    "found",
    [{"type": "multipolygon", "building": "yes"}, {"type": "route", "highway": "pedestrian"}, {"type": "multipolygon"}],
)
def test_other_relations_are_no_squares(found: dict[str, str]) -> None:
    assert not (build(relation_map("bcdeb", found)).edge_area != 0).any()


def test_every_street_begins_and_ends_at_its_nodes(sample_graph: StreetGraph) -> None:
    graph, s = sample_graph, sample_graph.first_passage
    first, last = graph.geom_start[:-1], graph.geom_start[1:] - 1
    assert np.array_equal(graph.node_id[graph.edge_tail[:s]], graph.geom_node[first])
    assert np.array_equal(graph.node_id[graph.edge_head[:s]], graph.geom_node[last])
    assert np.array_equal(graph.node_lon[graph.edge_tail[:s]], graph.geom_lon[first])
    assert np.array_equal(graph.node_id[graph.edge_tail[s:]], graph.node_id[graph.edge_head[s:]])
    assert (graph.edge_tail != graph.edge_head).all()
    assert (graph.edge_length_m[s:] == 0).all()


def test_every_walkable_metre_of_the_map_is_in_the_graph(sample_graph: StreetGraph) -> None:
    """Each pair of neighbours on a walkable way is walked by a street of that way, and nothing else is."""
    graph = sample_graph
    walked: dict[int, list[tuple[int, int]]] = {}
    for edge in range(graph.first_passage):
        if graph.edge_area[edge] == 0 and not graph.is_entrance(edge):
            pairs = pairwise(graph.geom_node[graph.vertices(edge)].tolist())
            walked.setdefault(int(graph.edge_way[edge]), []).extend(pairs)
    drawn_pairs: dict[int, list[tuple[int, int]]] = {}
    for way in graph.elements.ways:
        if tags.walkable(way.tags):
            drawn_pairs.setdefault(way.id, []).extend(pairwise(way.refs))
    assert walked.keys() == drawn_pairs.keys()
    for way_id, expected in drawn_pairs.items():
        assert set(walked[way_id]) == set(expected), way_id
