"""Our own answers before the independent judge: random pairs through the router, every answer written and judged.

    python -m bench.judged MAP [--pairs 300] [--profiles manual_wheelchair walk] [--answers answers.ndjson]

MAP is a raw OSM file: the judge reads it again by itself. Exit status 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from accessibility import profiles
from accessibility.refusals import Refused
from bench.judge.__main__ import main as judge
from routing.answers import NoRoute, RouteRequest, Waypoint
from routing.build import build
from routing.elements import read_osm_file
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.line import encoded
from routing.router import Router

Place = tuple[float, float]
OFF_STREET_DEG = 2e-4
"""Half of the places lie up to some 20 m beside a street, as people do."""


def random_pairs(graph: StreetGraph, count: int, seed: int, farthest_m: float) -> list[tuple[Place, Place]]:
    """Pairs of places on or near streets of any component, at most `farthest_m` metres apart, the same in every run."""
    chance = random.Random(seed)
    corners = len(graph.geom_lon)

    def place() -> Place:
        corner, off = chance.randrange(corners), chance.choice((0.0, OFF_STREET_DEG))
        lon, lat = float(graph.geom_lon[corner]), float(graph.geom_lat[corner])
        return lon + chance.uniform(-off, off), lat + chance.uniform(-off, off)

    pairs: list[tuple[Place, Place]] = []
    while len(pairs) < count:
        a, b = place(), place()
        if 20.0 < float(distance_m(*a, *b)) <= farthest_m:
            pairs.append((a, b))
    return pairs


def record(router: Router, profile_id: str, places: Sequence[Place], **asked: Any) -> dict[str, Any]:
    """One line for the judge: the request as the wire has it, the status and the whole answer."""
    request = {"waypoints": [list(place) for place in places], "profile": profile_id, **asked}
    person = profiles.with_overrides(profiles.built_in[profile_id], limits=asked.get("limits"))
    try:
        answer = router.route(RouteRequest(tuple(Waypoint(*place) for place in places), person))
    except Refused as refused:
        return {"request": request, "status_code": 422, "answer": {"code": refused.code}}
    code = 404 if isinstance(answer, NoRoute) else 200
    return {"request": request, "status_code": code, "answer": msgspec.json.decode(encoded(answer))}


def records(
    router: Router, profile_ids: Sequence[str], pairs: Sequence[tuple[Place, Place]]
) -> Iterator[dict[str, Any]]:
    """Every pair for every profile."""
    return (record(router, profile_id, pair) for profile_id in profile_ids for pair in pairs)


def main(arguments: list[str] | None = None) -> int:
    """Exit status of the judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.judged", description=__doc__)
    parser.add_argument("map", type=Path, help="raw OSM file")
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument(
        "--profiles", nargs="+", choices=sorted(profiles.built_in), default=["manual_wheelchair", "walk"]
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--farthest", type=float, default=5_000.0, help="metres between the two places at most")
    parser.add_argument("--answers", type=Path, default=Path("answers.ndjson"), help="where the answers are written")
    parser.add_argument("--examples", type=int, default=5, help="how many complaints of each kind to explain")
    asked = parser.parse_args(arguments)
    graph = build(read_osm_file(asked.map))
    router = Router(graph)
    began, outcome = time.perf_counter(), Counter[str]()
    with asked.answers.open("w", encoding="utf-8") as lines:
        for line in records(router, asked.profiles, random_pairs(graph, asked.pairs, asked.seed, asked.farthest)):
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            outcome[f"{line['status_code']} {line['answer'].get('status', '')}".strip()] += 1
    router.close()
    total, spent = sum(outcome.values()), time.perf_counter() - began
    print(f"{total} answers in {spent:.0f} s, {100 * outcome['200 ok'] / max(1, total):.1f} % ok: {dict(outcome)}")
    return judge(["--osm", str(asked.map), "--answers", str(asked.answers), "--examples", str(asked.examples)])


if __name__ == "__main__":
    sys.exit(main())
