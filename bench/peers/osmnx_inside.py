"""OSMnx in a process of its own: load a city as XML, snap both ends, shortest way by length. No access rules, no text.

python -m bench.peers.osmnx_inside CITY.osm PAIRS.json
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import osmnx
from pyproj import Transformer

from bench.figures import median, percentile


def main() -> None:
    started = time.perf_counter()
    # Projected, because its search for the nearest node wants that or one more package.
    graph = osmnx.project_graph(osmnx.graph_from_xml(sys.argv[1]))
    projected = Transformer.from_crs("EPSG:4326", graph.graph["crs"], always_xy=True)
    load_s = time.perf_counter() - started
    snap, route = [], []
    for start, end in json.loads(Path(sys.argv[2]).read_text()):
        started = time.perf_counter()
        nodes = [osmnx.nearest_nodes(graph, *projected.transform(*place)) for place in (start, end)]
        snapped = time.perf_counter()
        osmnx.shortest_path(graph, *nodes, weight="length")
        snap.append(1e3 * (snapped - started))
        route.append(1e3 * (time.perf_counter() - snapped))
    whole = [a + b for a, b in zip(snap, route, strict=True)]
    figures = {
        "pairs": len(whole),
        "load_s": round(load_s, 1),
        "snap_both_ends_median_ms": round(median(snap), 1),
        "route_median_ms": round(median(route), 1),
        "median_ms": round(median(whole), 1),
        "p99_ms": round(percentile(whole, 0.99), 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
