"""Tiles: whole, side by side, joined to their neighbours, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium
import osmium.osm.mutable as osm
import pytest

from accessibility.profiles import built_in
from bench.cities import JOINT, joints, longest_joint_m, write_city
from bench.tile import METRES_PER_DEGREE, Tile, read_tile
from routing.answers import NoRoute, RouteRequest, Waypoint
from routing.build import build
from routing.elements import read_osm_file
from routing.router import Router

SIDE, STEP_DEG, SOUTH, WEST = 8, 100.0 / METRES_PER_DEGREE, 0.01, 10.0
"""A chessboard of streets at the equator, 100 m apart; one long street leaves it; a fragment lies beside it."""


@pytest.fixture(scope="module")
def chessboard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("city") / "board.osm.pbf"
    ids = {(x, y): 1000 + y * SIDE + x for y in range(SIDE) for x in range(SIDE)}
    places = {number: (WEST + x * STEP_DEG, SOUTH + y * STEP_DEG) for (x, y), number in ids.items()}
    places |= {5000: (WEST + 1.0, SOUTH), 6000: (WEST + 7.1 * STEP_DEG, SOUTH), 6001: (WEST + 7.2 * STEP_DEG, SOUTH)}
    streets = [[ids[x, y] for x in range(SIDE)] for y in range(SIDE)]
    streets += [[ids[x, y] for y in range(SIDE)] for x in range(SIDE)]
    streets += [[ids[7, 3], 5000], [6000, 6001]]
    with osmium.SimpleWriter(str(target)) as writer:
        for number, place in sorted(places.items()):
            writer.add_node(
                osm.Node(id=number, version=1, location=place, tags={"kerb": "flush"} if number == 1000 else {})
            )
        for number, refs in enumerate(streets, 1):
            writer.add_way(
                osm.Way(id=number, version=1, nodes=refs, tags={"highway": "residential", "name": f"S{number}"})
            )
        members = [("w", 1, ""), ("w", len(streets) - 1, ""), ("n", 1000, "sign")]
        writer.add_relation(osm.Relation(id=1, version=1, members=members, tags={"type": "route"}))
    return target


@pytest.fixture(scope="module")
def tile(chessboard: Path) -> Tile:
    return read_tile(chessboard)


def test_a_tile_is_the_city_without_what_lies_far_outside(tile: Tile) -> None:
    assert len(tile.lon) == SIDE * SIDE + 2
    assert tile.lon.max() < WEST + 0.1
    assert [way.tags["name"] for way in tile.ways] == [f"S{number}" for number in (*range(1, 17), 18)]
    assert list(tile.node_tags.values()) == [{"kerb": "flush"}]
    assert len(tile.relations) == 1
    assert len(tile.relations[0].members) == 2


def test_tiles_are_joined_every_two_hundred_metres_between_what_lies_nearest(tile: Tile) -> None:
    assert len(tile.eastwards) == len(tile.northwards) == 4
    for east, west in tile.eastwards:
        assert tile.lon[east] == pytest.approx(WEST + 7 * STEP_DEG), "not the fragment, which leads nowhere"
        assert tile.lon[west] == pytest.approx(WEST)
    assert 0 < longest_joint_m(tile) < 200


def test_a_larger_city_is_whole_and_its_tiles_lie_beside_each_other(tile: Tile, tmp_path: Path) -> None:
    target = tmp_path / "larger.osm.pbf"
    write_city(tile, target, 2, 3)
    read = [entity for entity in osmium.FileProcessor(str(target)) if entity.is_node()]
    assert len(read) == 6 * len(tile.lon)
    graph = build(read_osm_file(target))
    largest = graph.edge_component == 0
    assert np.unique(graph.edge_component).size == 1 + 6, "one net of streets, and six fragments"
    tails = graph.node_lon[graph.edge_tail[largest]]
    assert {int((lon - WEST) // tile.width_deg) for lon in tails + 1e-4} == {0, 1, 2}


def test_a_route_goes_from_one_corner_tile_to_the_other(tile: Tile, tmp_path: Path) -> None:
    target = tmp_path / "larger.osm.pbf"
    write_city(tile, target, 2, 3)
    router = Router(build(read_osm_file(target)))
    far = Waypoint(WEST + 2 * tile.width_deg + 7 * STEP_DEG, SOUTH + tile.height_deg + 7 * STEP_DEG)
    try:
        answer = router.route(RouteRequest((Waypoint(WEST, SOUTH), far), built_in["walk"]))
    finally:
        router.close()
    assert not isinstance(answer, NoRoute)
    crow_m = METRES_PER_DEGREE * (2 * tile.width_deg + tile.height_deg + 14 * STEP_DEG)
    assert answer.routes[0].distance_m == pytest.approx(crow_m, rel=0.1)


def test_a_single_tile_has_no_joint_and_each_border_has_its_own(tile: Tile, tmp_path: Path) -> None:
    assert list(joints(tile, 1, 1)) == []
    assert len(list(joints(tile, 2, 3))) == 4 * len(tile.eastwards) + 3 * len(tile.northwards)
    target = tmp_path / "pair.osm.pbf"
    write_city(tile, target, 1, 2)
    ways = [dict(entity.tags) for entity in osmium.FileProcessor(str(target)) if entity.is_way()]
    assert ways.count(JOINT) == len(tile.eastwards)
