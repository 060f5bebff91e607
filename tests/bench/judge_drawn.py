"""Tiny hand-drawn maps as real .osm files, and hand-made answers on them, for the judge's tests."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from bench.judge import JudgeMap, compliant_exists, least_points, load, points_of, violations

M = math.degrees(1 / 6_371_008.8)
LON, LAT = 8.0, 0.0  # at the equator a metre is the same both ways

Tags = dict[str, str]
Spot = str | tuple[float, float]


@dataclass
class Drawn:
    """A loaded map; names are nodes, tuples are metres east and north."""

    world: JudgeMap
    at: dict[str, tuple[float, float]]
    ids: dict[str, int]

    def lonlat(self, spot: Spot) -> list[float]:
        x, y = self.at[spot] if isinstance(spot, str) else spot
        return [LON + x * M, LAT + y * M]

    def snapped(self, *spots: Spot) -> list[dict[str, Any]]:
        return [{"location": self.lonlat(s), "distance_m": 0.0} for s in spots]

    def request(self, profile: str, *spots: Spot, **more: Any) -> dict[str, Any]:
        return {"waypoints": [self.lonlat(s) for s in spots or ((0.0, 0.0), (1.0, 0.0))], "profile": profile, **more}

    def route(
        self, *pieces: tuple[int, str] | tuple[int, str, dict[str, Any]], start: Spot = "", end: Spot = ""
    ) -> Any:
        """`(way, "a b c")` pieces; `start`/`end` are mid-edge places before the first and after the last node."""
        line: list[list[float]] = []
        segments = []
        for number, (way, names, *more) in enumerate(pieces):
            nodes = names.split()
            spots: list[Spot] = [*nodes]
            if start and number == 0:
                spots.insert(0, start)
            if end and number == len(pieces) - 1:
                spots.append(end)
            here = [self.lonlat(s) for s in spots]
            low = max(0, len(line) - 1)
            line += here[1:] if line else here
            length = sum(math.dist(a, b) for a, b in itertools.pairwise(here)) / M
            segment = {"geometry_index": [low, len(line) - 1], "way_id": way, "area_id": None, "side": None}
            segment |= {"node_ids": [self.ids[n] for n in nodes], "length_m": length}
            segments.append(segment | (more[0] if more else {}))
        geometry = {"type": "LineString", "coordinates": line}
        return {"why": "shortest", "geometry": geometry, "segments": segments, "violations": [], "barriers": []}

    def codes(self, profile: str, route: Any, **more: Any) -> list[str]:
        return sorted(f.code for f in violations(self.world, self.request(profile, **more), route))

    def points(self, profile: str, route: Any, **more: Any) -> float:
        return points_of(self.world, self.request(profile, **more), route)

    def ok(self, profile: str, *spots: Spot, ways: list[int | None] | None = None, **more: Any) -> bool:
        return compliant_exists(self.world, self.request(profile, *spots, **more), self.snapped(*spots), ways)

    def least(self, profile: str, *spots: Spot, ways: list[int | None] | None = None, **more: Any) -> float | None:
        return least_points(self.world, self.request(profile, *spots, **more), self.snapped(*spots), ways)


def draw(
    folder: Path,
    at: dict[str, tuple[float, float]],
    ways: list[tuple[int, str, Tags]],
    node_tags: dict[str, Tags] | None = None,
    relations: list[tuple[int, list[tuple[int, str]], Tags]] | None = None,
) -> Drawn:
    """Writes the map as OSM XML and lets the judge read it."""
    ids = {name: number for number, name in enumerate(at, start=101)}
    out = ['<osm version="0.6">']
    for name, (x, y) in at.items():
        tags = _tags((node_tags or {}).get(name, {}))
        out.append(f'<node id="{ids[name]}" version="1" lon="{LON + x * M:.9f}" lat="{LAT + y * M:.9f}">{tags}</node>')
    for way, names, tags in sorted(ways):
        refs = "".join(f'<nd ref="{ids[n]}"/>' for n in names.split())
        out.append(f'<way id="{way}" version="1">{refs}{_tags(tags)}</way>')
    for relation, members, tags in relations or []:
        inside = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
        out.append(f'<relation id="{relation}" version="1">{inside}{_tags(tags)}</relation>')
    path = folder / "drawn.osm"
    path.write_text("\n".join([*out, "</osm>"]), encoding="utf-8")
    return Drawn(load(path), at, ids)


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def line(
    folder: Path, tags: Tags, *, metres: float = 100.0, node: Tags | None = None, then: Tags | None = None
) -> Drawn:
    """West to east: way 1 is a–b–c (with `then`: way 1 is a–b, way 2 with those tags b–c); `node` = tags of b."""
    at = {"a": (0.0, 0.0), "b": (metres / 2, 0.0), "c": (metres, 0.0)}
    ways = [(1, "a b c", tags)] if then is None else [(1, "a b", tags), (2, "b c", then)]
    return draw(folder, at, ways, {"b": node or {}})
