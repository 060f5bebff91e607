"""What the shared cities say and leave unsaid: `python -m bench.coverage` writes docs/coverage.md.

Two tables: how much of the walkable length (and of the kerb events) somebody has described, and what that means for
random wheelchair routes.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from accessibility.facts import WayRole
from accessibility.profiles import built_in
from accessibility.verdict import unknowns
from routing.answers import RouteAnswer, RouteRequest, Waypoint
from routing.build import build
from routing.elements import read_osm_file
from routing.graph import StreetGraph
from routing.router import Router

PAIRS = 100
PROFILE = "manual_wheelchair"
TARGET = Path(__file__).parent.parent / "docs" / "coverage.md"
HEAD = """# What the map says, city by city

Made by `python -m bench.coverage` from the shared maps (© OpenStreetMap contributors, ODbL 1.0); do not edit by hand.

Shares of the length of all streets one may walk (steps and lifts aside) on which somebody has said the thing, and of
kerb events (each change between walkway and carriageway, each side of a crossing) whose height is known.

| city | streets km | surface | smoothness | incline | width | kerbs known |
|---|---|---|---|---|---|---|
"""
ROUTES = f"""
What that means for a person: {PAIRS} random pairs per city on the largest connected part, profile `{PROFILE}`, unknown
`warn`. Shares unknown are means over the routes found; confidence counts routes.

| city | ok | least_bad | no route | unknown kerb | incline | surface | width | known | partly | mostly unknown |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    folder = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "osm"
    cities = sorted(folder.glob("*.osm.pbf"))
    if not cities:
        sys.exit("There are no shared maps: put them in ../shared/data or name their folder in SHARED_DATA.")
    said, routes = [], []
    for path in cities:
        graph = build(read_osm_file(path))
        name = path.name.removesuffix(".osm.pbf")
        said.append(_said(name, graph))
        routes.append(_routed(name, graph))
        print(said[-1], routes[-1], sep="\n", flush=True)
    TARGET.write_text(HEAD + "\n".join(said) + "\n" + ROUTES + "\n".join(routes) + "\n", encoding="utf-8")


def _said(name: str, graph: StreetGraph) -> str:
    """One row of the first table."""
    rows = graph.edge_facts[: graph.first_passage]
    walked = graph.edge_component[: graph.first_passage] >= 0
    level = np.array([facts.role not in (WayRole.STEPS, WayRole.ESCALATOR, WayRole.LIFT) for facts in graph.way_facts])
    length = graph.edge_length_m[: graph.first_passage] * (walked & level[rows])
    total = float(length.sum())
    shares = []
    for field in ("surface", "smoothness", "incline", "width_m"):
        known = np.array([getattr(facts, field) is not None for facts in graph.way_facts])
        shares.append(_percent(float(length[known[rows]].sum()), total))
    events = np.array([facts.kerb_events for facts in graph.passage_facts] or [0])
    known_kerb = np.array(["kerb" not in unknowns(facts) for facts in graph.passage_facts] or [True])
    at = graph.edge_facts[graph.first_passage :]
    shares.append(_percent(float((events * known_kerb)[at].sum()), float(events[at].sum())))
    return f"| {name} | {total / 1000:.0f} | " + " | ".join(shares) + " |"


def _routed(name: str, graph: StreetGraph) -> str:
    """One row of the second table."""
    router, person, chance = Router(graph), built_in[PROFILE], random.Random(4)
    nodes = graph.edge_tail[np.flatnonzero(graph.edge_component == 0)].tolist()
    status: Counter[str] = Counter()
    unknown, confidence = [], Counter[str]()
    for _ in range(PAIRS):
        ends = [chance.choice(nodes) for _ in "ab"]
        places = tuple(Waypoint(float(graph.node_lon[node]), float(graph.node_lat[node])) for node in ends)
        answer = router.route(RouteRequest(places, person))
        if not isinstance(answer, RouteAnswer):
            status["no_route"] += 1
            continue
        status[answer.status] += 1
        summary = answer.routes[0].summary
        share = summary.unknown_share
        unknown.append((share.kerb, share.incline, share.surface, share.width))
        confidence[summary.confidence] += 1
    router.close()
    means: Sequence[float] = np.mean(unknown, axis=0).tolist() if unknown else [0.0] * 4
    counts = [status["ok"], status["least_bad"], status["no_route"]]
    sure = [confidence["known"], confidence["partly_unknown"], confidence["mostly_unknown"]]
    cells = [*map(str, counts), *(f"{mean:.0%}" for mean in means), *map(str, sure)]
    return f"| {name} | " + " | ".join(cells) + " |"


def _percent(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "–"


if __name__ == "__main__":
    main()
