"""`make bench`: what building, loading and answering take, and how that compares with a peer in the same run.

Figures are printed, never asserted. `SHARED_DATA` (default `../shared/data`) holds the maps; without it the bundled
sample is measured.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import networkx as nx
import numpy as np

from accessibility import profiles
from bench import live
from routing.answers import NoRoute, RouteRequest, Waypoint
from routing.costs import Weigher
from routing.graph import StreetGraph
from routing.router import Router
from routing.storage import load

Pair = tuple[tuple[float, float], tuple[float, float]]

PAIRS = 500
PEER_PAIRS = 25
SAMPLE = Path("samples/helsinki-centre.osm.pbf")


def map_file() -> Path:
    """The benchmark city where the shared maps are, else the bundled map."""
    heidelberg = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "osm" / "heidelberg_2024.osm.pbf"
    return heidelberg if heidelberg.is_file() else SAMPLE


def measure_build(source: Path, target: Path) -> None:
    """Build in a process of its own, so that its peak memory is its own."""
    started = time.perf_counter()
    code = "from api.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", code, "build", str(source), "-o", str(target)], check=True, stdout=subprocess.DEVNULL
    )
    seconds = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"build {source.name}: {seconds:.1f} s, peak {peak_mb:.0f} MB")


def random_pairs(graph: StreetGraph, count: int) -> list[Pair]:
    """Pairs of points on the largest component, the same in every run."""
    chance = random.Random(20261124)
    nodes = graph.edge_tail[np.flatnonzero(graph.edge_component == 0)]

    def point() -> tuple[float, float]:
        node = int(nodes[chance.randrange(len(nodes))])
        return float(graph.node_lon[node]), float(graph.node_lat[node])

    return [(point(), point()) for _ in range(count)]


def measure_answers(graph: StreetGraph, profile_id: str) -> float:
    """Median seconds of a whole answer in process."""
    router = Router(graph)
    person = profiles.built_in[profile_id]
    took, outcome = [], {"ok": 0, "least_bad": 0, "no_route": 0}
    pairs = random_pairs(graph, PAIRS)
    router.route(RouteRequest((Waypoint(*pairs[0][0]), Waypoint(*pairs[0][1])), person))
    for a, b in pairs:
        started = time.perf_counter()
        answer = router.route(RouteRequest((Waypoint(*a), Waypoint(*b)), person))
        took.append(time.perf_counter() - started)
        outcome["no_route" if isinstance(answer, NoRoute) else answer.status] += 1
    router.close()
    took.sort()
    p99 = took[int(len(took) * 0.99)]
    print(f"answer {profile_id}: median {statistics.median(took) * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms, {outcome}")
    return statistics.median(took)


def measure_peer(graph: StreetGraph, profile_id: str) -> float:
    """Median seconds of networkx's shortest path alone, on the same weights: no snapping, no answer."""
    weighing = Weigher(graph).weigh(profiles.built_in[profile_id])
    tail, head = graph.arcs()
    peer = nx.DiGraph()
    usable = ~(weighing.forbidden | weighing.violated)
    peer.add_weighted_edges_from(
        zip(tail[usable].tolist(), head[usable].tolist(), weighing.cost_s[usable].tolist(), strict=True)
    )
    nodes = list(max(nx.strongly_connected_components(peer), key=len))
    chance = random.Random(7)
    took = []
    for _ in range(PEER_PAIRS):
        a, b = chance.choice(nodes), chance.choice(nodes)
        started = time.perf_counter()
        nx.bidirectional_dijkstra(peer, a, b)
        took.append(time.perf_counter() - started)
    print(f"networkx {profile_id}: median {statistics.median(took) * 1e3:.1f} ms (path alone, {PEER_PAIRS} pairs)")
    return statistics.median(took)


def _a_walk_apart(graph: StreetGraph) -> Pair:
    """The first of the random pairs that lies half a kilometre to two apart and is `ok` for a wheelchair."""
    router, person = Router(graph), profiles.built_in["manual_wheelchair"]
    try:
        for a, b in random_pairs(graph, PAIRS):
            answer = router.route(RouteRequest((Waypoint(*a), Waypoint(*b)), person))
            if not isinstance(answer, NoRoute) and answer.status == "ok" and 500 < answer.routes[0].distance_m < 2000:
                return a, b
    finally:
        router.close()
    raise SystemExit("no pair of this map is a walk apart")


def main() -> None:
    source = map_file()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "map"
        measure_build(source, target)
        started = time.perf_counter()
        graph = load(target)
        print(f"load: {time.perf_counter() - started:.2f} s, {graph.node_count} nodes, {graph.edge_count} edges")
        started = time.perf_counter()
        Weigher(graph).weigh(profiles.built_in["manual_wheelchair"])
        print(f"weigh one profile: {(time.perf_counter() - started) * 1e3:.1f} ms")
        for profile_id in ("manual_wheelchair", "walk"):
            ours, peer = measure_answers(graph, profile_id), measure_peer(graph, profile_id)
            print(f"  networkx's path takes {peer / ours:.1f} times our whole answer")
        live.measure(target, _a_walk_apart(graph))


if __name__ == "__main__":
    main()
