"""What belongs into the raw map when an area is given: drawn small, one rule a test.

The area is the square from (24, 60) to (24.01, 60.01). Nodes 1–4 lie in it, 11–14 east of it, 21 and 22 on both sides.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from shapely import Polygon, box

from accessibility.refusals import Refused
from routing.elements import RawMap, read_osm_file
from tests.support.osm_text import osm_xml

SQUARE = box(24.0, 60.0, 24.01, 60.01)
NODES = """
    n1 60.001,24.001
    n2 60.002,24.002
    n3 60.003,24.003 kerb=lowered
    n4 60.01,24.01           # a corner of the area itself
    n11 60.001,24.02
    n12 60.002,24.03
    n13 60.003,24.03 kerb=raised
    n14 60.003,24.04
    n21 60.005,23.99
    n22 60.005,24.02
    w1 1,2 highway=footway
"""


def clipped(folder: Path, text: str, area: Polygon = SQUARE) -> RawMap:
    path = folder / "town.osm"
    path.write_bytes(osm_xml(NODES + text))
    return read_osm_file(path, area=area)


def ways(town: RawMap) -> list[int]:
    return [way.id for way in town.ways]


def relations(town: RawMap) -> list[int]:
    return [relation.id for relation in town.relations]


@pytest.mark.parametrize(
    ("way", "kept"),
    [
        ("w2 1,2 highway=footway", True),
        ("w2 2,11,12 highway=footway", True),  # leaves the area: kept whole
        ("w2 11,12 highway=footway", False),
        ("w2 21,22 highway=footway", True),  # crosses it without a node inside
        ("w2 4,11 highway=footway", True),  # touches its corner
        ("w2 21,404,22 highway=footway", False),  # nobody knows whether it crosses
        ("w2 1,2 source=survey", False),
        ("w2 1,2", False),
    ],
)
def test_ways_are_kept_whole_when_near_and_meaningful(tmp_path: Path, way: str, kept: bool) -> None:
    town = clipped(tmp_path, "    " + way)
    assert ways(town) == ([1, 2] if kept else [1])
    if kept:
        refs = tuple(int(ref) for ref in way.split()[1].split(","))
        assert town.ways[1].refs == refs
        assert set(refs) <= set(town.node_ids.tolist())


def test_nodes_are_kept_when_used_or_tagged_inside(tmp_path: Path) -> None:
    town = clipped(tmp_path, "")
    assert town.node_ids.tolist() == [1, 2, 3]
    assert town.node_tags == {3: {"kerb": "lowered"}}


def test_tags_of_nodes_outside_are_kept_where_a_kept_way_uses_them(tmp_path: Path) -> None:
    town = clipped(tmp_path, "    w2 2,13 highway=footway")
    assert town.node_tags == {3: {"kerb": "lowered"}, 13: {"kerb": "raised"}}


@pytest.mark.parametrize(
    ("relation", "kept"),
    [
        ("r5 w1:outer type=multipolygon highway=pedestrian", True),
        ("r5 w9:outer type=multipolygon highway=pedestrian", True),  # its ring has no tags, but is near
        ("r5 n3: type=site", True),
        ("r5 n1: type=site", False),  # an untagged node tells nothing, and Overpass does not give it
        ("r5 n13: type=site", False),
        ("r5 w8: type=public_transport", False),
        ("r5 r6: type=site", False),
        ("r5 w1: type=associatedStreet name=Aleksanterinkatu", True),
        ("r5 w1: type=route", False),
        ("r5 w1: name=Nothing", False),
    ],
)
def test_relations_of_a_kept_type_with_a_near_member(tmp_path: Path, relation: str, kept: bool) -> None:
    town = clipped(tmp_path, f"    w8 11,12\n    w9 2,3\n    {relation}")
    assert relations(town) == ([5] if kept else [])


def test_the_rings_of_a_small_area_are_kept_beyond_the_edge(tmp_path: Path) -> None:
    town = clipped(
        tmp_path, "    w2 3,11,12\n    w3 12,14,3\n    r5 w2:outer,w3:outer type=multipolygon highway=pedestrian"
    )
    assert ways(town) == [1, 2, 3]
    far = clipped(tmp_path, "    w2 2,11\n    w3 12,14\n    r5 w2:outer,w3:outer type=multipolygon highway=pedestrian")
    assert ways(far) == [1, 2, 3]
    assert far.ways[2].refs == (12, 14)


def test_of_a_large_area_only_what_is_near(tmp_path: Path) -> None:
    rings = "\n".join(f"    w{ref} 11,12" for ref in range(100, 140))
    members = ",".join(f"w{ref}:outer" for ref in range(100, 140))
    text = f"{rings}\n    w2 2,11\n    r5 w2:outer,{members} type=multipolygon natural=water"
    assert ways(clipped(tmp_path, text)) == [1, 2]


def test_of_other_relations_only_what_is_near(tmp_path: Path) -> None:
    town = clipped(tmp_path, "    w2 2,3\n    w8 11,12\n    r5 w2:,w8: type=site")
    assert ways(town) == [1, 2]
    assert town.relations[0].members == (("w", 2, ""), ("w", 8, ""))  # the member is still named


def test_an_area_with_a_hole_and_two_parts(tmp_path: Path) -> None:
    ring = SQUARE.difference(box(24.0005, 60.0005, 24.0025, 60.0025)).union(box(24.029, 60.001, 24.05, 60.0025))
    town = clipped(tmp_path, "    w2 2,3 highway=path\n    w3 11,12 highway=path\n    w4 13,14 highway=path", ring)
    assert ways(town) == [2, 3]


def test_an_area_without_streets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        clipped(tmp_path, "", box(0, 0, 1, 1))
    assert caught.value.code == "map_empty"
