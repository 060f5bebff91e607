"""Whether the parts of a saved map fit together: checksums prove that nothing changed, not that it ever made sense."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.graph import SIDES, StreetGraph


def misfit(graph: StreetGraph) -> str | None:
    """The first thing that does not fit, in words; `None` for a sound graph."""
    n, s, e, v = graph.node_count, graph.first_passage, graph.edge_count, len(graph.geom_lon)
    lengths = {
        "node_lon": n,
        "node_lat": n,
        "order": n,
        "edge_head": e,
        "edge_facts": e,
        "edge_length_m": e,
        "edge_component": e,
        "edge_way": s,
        "edge_area": s,
        "edge_side": s,
        "edge_name": s,
        "geom_start": s + 1,
        "geom_lat": v,
        "geom_node": v,
    }
    if not 0 < s <= e:
        return "first_passage"
    for name, length in lengths.items():
        if getattr(graph, name).shape != (length,):
            return name
    return _out_of_range(graph, n, s) or _shapeless(graph, v)


def _out_of_range(graph: StreetGraph, n: int, s: int) -> str | None:
    ranges: list[tuple[str, NDArray[np.integer], int, int]] = [
        ("edge_tail", graph.edge_tail, 0, n),
        ("edge_head", graph.edge_head, 0, n),
        ("edge_facts", graph.edge_facts[:s], 0, len(graph.way_facts)),
        ("edge_facts", graph.edge_facts[s:], 0, len(graph.passage_facts)),
        ("edge_name", graph.edge_name, -1, len(graph.names)),
        ("edge_side", graph.edge_side, 0, len(SIDES)),
        ("order", graph.order, 0, n),
    ]
    for name, values, low, high in ranges:
        if len(values) and not (low <= int(values.min()) and int(values.max()) < high):
            return name
    ordered = np.zeros(n, np.bool_)
    ordered[graph.order] = True
    return None if ordered.all() else "order"


def _shapeless(graph: StreetGraph, v: int) -> str | None:
    start = graph.geom_start
    if int(start[0]) != 0 or int(start[-1]) != v or int(np.diff(start).min(initial=2)) < 2:
        return "geom_start"
    for name in ("node_lon", "node_lat", "geom_lon", "geom_lat", "edge_length_m"):
        if not np.isfinite(getattr(graph, name)).all():
            return name
    return None if float(graph.edge_length_m.min(initial=0.0)) >= 0.0 else "edge_length_m"
