"""The Python peers: OSMnx from file to way, and networkx's search alone on our own weights."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import osmium

from accessibility import profiles
from bench.figures import Figures, median, percentile
from bench.kept import fingerprint
from bench.machine import run_measured, say
from bench.questions import Pair
from routing.costs import Weigher
from routing.graph import StreetGraph

PAIRS = 25


def networkx_path(graph: StreetGraph, profile_id: str, pairs: Sequence[Pair]) -> Figures:
    """networkx's shortest path on the same weights between the same corners: no snapping, no answer."""
    weighing = Weigher(graph).weigh(profiles.built_in[profile_id])
    tail, head = graph.arcs()
    usable = ~(weighing.forbidden | weighing.violated)
    peer = nx.DiGraph()
    peer.add_weighted_edges_from(
        zip(tail[usable].tolist(), head[usable].tolist(), weighing.cost_s[usable].tolist(), strict=True)
    )
    corner = dict(
        zip(zip(graph.node_lon.tolist(), graph.node_lat.tolist(), strict=True), range(graph.node_count), strict=True)
    )
    took: list[float] = []
    for start, end in pairs:
        started = time.perf_counter()
        try:
            nx.bidirectional_dijkstra(peer, corner[start], corner[end])
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            continue
        took.append(1e3 * (time.perf_counter() - started))
        if len(took) == PAIRS:
            break
    return {"pairs": len(took), "median_ms": round(median(took), 1), "p99_ms": round(percentile(took, 0.99), 1)}


def osmnx_way(source: Path, folder: Path, pairs: Sequence[Pair]) -> Figures:
    """OSMnx as its users run it, on the same extract."""
    xml = folder / f"osmnx-{source.name.partition('.')[0]}-{fingerprint(source)}.osm"
    if not xml.is_file():
        _as_xml(source, xml)
    asked, said = folder / "osmnx-pairs.json", folder / "osmnx-said.json"
    asked.write_text(json.dumps(pairs[:PAIRS]))
    say("OSMnx: loading the city, which takes it a while")
    with said.open("w") as out:
        command = [sys.executable, "-m", "bench.peers.osmnx_inside", str(xml), str(asked)]
        _, peak_mb = run_measured(command, out, None)
    figures: Figures = json.loads(said.read_text())
    return figures | {"peak_mb": round(peak_mb)}


def _as_xml(source: Path, target: Path) -> None:
    part = target.with_name(f"part-{target.name}")
    part.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(part)) as writer:
        for entity in osmium.FileProcessor(str(source)):
            writer.add(entity)
    part.rename(target)
