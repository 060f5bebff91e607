"""Larger cities out of a real one: tiles side by side, joined to their neighbours every 200 m on all sides.

python -m bench.cities SOURCE.osm.pbf TARGET.osm.pbf --rows 2 --columns 2
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmium
import osmium.osm.mutable as osm

from bench.tile import Tile, read_tile
from routing.geodesy import distance_m

SHAPES = {1: (1, 1), 4: (2, 2), 16: (4, 4), 40: (5, 8)}
"""How many times the city → rows and columns."""
JOINT = {"highway": "footway", "surface": "asphalt"}


def write_city(tile: Tile, target: Path, rows: int, columns: int) -> None:
    """`rows` × `columns` tiles and the joints between them, as one file sorted like any other."""
    if target.exists():
        target.unlink()
    places = [(row, column) for row in range(rows) for column in range(columns)]
    nodes, ways = len(tile.lon), len(tile.ways)
    tagged = {row: dict(tags) for row, tags in tile.node_tags.items()}
    lon, lat = tile.lon.tolist(), tile.lat.tolist()
    with osmium.SimpleWriter(str(target)) as writer:
        for number, (row, column) in enumerate(places):
            east, north, first = column * tile.width_deg, row * tile.height_deg, number * nodes + 1
            for place, (x, y) in enumerate(zip(lon, lat, strict=True)):
                writer.add_node(_node(first + place, x + east, y + north, tagged.get(place)))
        for number, _ in enumerate(places):
            for place, way in enumerate(tile.ways):
                refs = [number * nodes + 1 + ref for ref in way.nodes]
                writer.add_way(osm.Way(id=number * ways + 1 + place, version=1, nodes=refs, tags=dict(way.tags)))
        for joint, ends in enumerate(joints(tile, rows, columns)):
            writer.add_way(osm.Way(id=len(places) * ways + 1 + joint, version=1, nodes=list(ends), tags=dict(JOINT)))
        for number, _ in enumerate(places):
            for place, relation in enumerate(tile.relations):
                members = [
                    (kind, number * (nodes if kind == "n" else ways) + 1 + ref, role)
                    for kind, ref, role in relation.members
                ]
                new_id = number * len(tile.relations) + 1 + place
                writer.add_relation(osm.Relation(id=new_id, version=1, members=members, tags=dict(relation.tags)))


def _node(new_id: int, lon: float, lat: float, tags: Any) -> osm.Node:
    return osm.Node(id=new_id, version=1, location=(lon, lat), tags=tags or {})


def joints(tile: Tile, rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Ids of the two nodes of every joint: each tile with the one east and the one north of it."""
    nodes = len(tile.lon)
    for row in range(rows):
        for column in range(columns):
            here = (row * columns + column) * nodes + 1
            if column + 1 < columns:
                yield from ((here + one, here + nodes + other) for one, other in tile.eastwards)
            if row + 1 < rows:
                yield from ((here + one, here + columns * nodes + other) for one, other in tile.northwards)


def longest_joint_m(tile: Tile) -> float:
    """Metres between the ends of the longest joint; nought where nothing is joined."""
    east = [_apart(tile, one, other, tile.width_deg, 0.0) for one, other in tile.eastwards]
    north = [_apart(tile, one, other, 0.0, tile.height_deg) for one, other in tile.northwards]
    return max([*east, *north], default=0.0)


def _apart(tile: Tile, one: int, other: int, east_deg: float, north_deg: float) -> float:
    lon, lat = tile.lon[other] + east_deg, tile.lat[other] + north_deg
    return float(distance_m(tile.lon[one], tile.lat[one], lon, lat))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cities", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--rows", type=int, default=2)
    parser.add_argument("--columns", type=int, default=2)
    asked = parser.parse_args()
    tile = read_tile(asked.source)
    write_city(tile, asked.target, asked.rows, asked.columns)
    print(
        f"{asked.target.name}: {asked.rows} × {asked.columns} tiles of {len(tile.lon)} nodes, {len(tile.ways)} ways; "
        f"each joined in {len(tile.eastwards)} places eastwards and {len(tile.northwards)} northwards, "
        f"at most {longest_joint_m(tile):.0f} m long"
    )


if __name__ == "__main__":
    main()
