"""A small made-up station as GTFS tables, and people asked to get through it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from accessibility import profiles
from accessibility.tags.gtfs import Mode
from routing.answers import RouteRequest, Waypoint
from routing.build import build
from routing.elements import RawMap
from routing.elements_gtfs_lay import METRE
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
