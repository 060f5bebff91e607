"""From map elements to a StreetGraph: split ways, keep what happens at nodes, intern what is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from accessibility import profiles, tags
from accessibility.facts import PassageFacts, WayFacts
from accessibility.refusals import Refused
from accessibility.verdict import columns, judge_passages, judge_ways
from routing.elements_raw import RawMap
from routing.elevation import Elevation
from routing.engine import order
from routing.graph import GraphMeta, Int32, StreetGraph
from routing.opened import Walk, opened
from routing.plazas import ways_across
from routing.streets import streets

BUILD_RULES = 3
"""Part of the build id: raise it whenever the same elements would give another graph."""

Progress = Callable[[str, float], None]


def _silent(stage: str, fraction: float) -> None:
    return None


def build(raw: RawMap, progress: Progress = _silent, elevation: Elevation | None = None) -> StreetGraph:
    """The graph of everything a person may or may not walk on in `raw`; the verdict decides which.

    Raises `Refused("map_empty")` when nothing in the map can be walked.
    """
    ways = [way for way in raw.ways if tags.walkable(way.tags)]
    if not ways:
        raise Refused("map_empty", "This map has no way that a person could walk on.")
    progress("streets", 0.0)
    across = list(ways_across(raw, ways))
    s = streets(raw, [*ways, *(way for _, way in across)], elevation)
    area = [0] * len(ways) + [area_id for area_id, _ in across]
    progress("junctions", 0.0)
    walk = opened(raw, s)
    progress("components", 0.0)
    component = _components(walk)
    progress("order", 0.0)
    bbox = (float(walk.lon.min()), float(walk.lat.min()), float(walk.lon.max()), float(walk.lat.max()))
    meta = GraphMeta(_build_id(raw, elevation), raw.source, raw.timestamp, raw.attribution, bbox, _warnings(raw))
    graph_order = order(len(walk.node_id), walk.tail, walk.head, walk.lat, walk.lon).astype(np.int32)
    progress("order", 1.0)
    return StreetGraph(
        meta=meta,
        first_passage=len(s.way),
        node_id=walk.node_id,
        node_lon=walk.lon,
        node_lat=walk.lat,
        edge_tail=walk.tail,
        edge_head=walk.head,
        edge_way=np.array(s.way, np.int64),
        edge_facts=walk.facts,
        edge_length_m=np.concatenate([s.length_m, np.zeros(len(walk.tail) - len(s.way))]),
        edge_area=np.array(area, np.int64)[s.owner],
        edge_side=np.array(s.side, np.int8),
        edge_name=np.array(s.name, np.int32),
        edge_component=component,
        geom_start=s.start,
        geom_lon=s.lon,
        geom_lat=s.lat,
        geom_node=s.node,
        order=graph_order,
        way_facts=s.way_facts,
        passage_facts=walk.passage_facts,
        names=s.names,
        elements=raw,
    )


def _warnings(raw: RawMap) -> list[str]:
    """What the source could not give, in words for the build's summary."""
    lost = raw.losses
    said = {
        "ways cut at the edge of the map": lost.cut_ways,
        "ways without a usable stretch": lost.dropped_ways,
        "nodes without a usable position": lost.bad_nodes,
        "objects given more than once": lost.repeated,
    }
    return [f"{count} {what}" for what, count in said.items() if count] + list(raw.notes)


def _build_id(raw: RawMap, elevation: Elevation | None) -> str:
    rules = f"{BUILD_RULES}:{WayFacts.__struct_fields__}:{PassageFacts.__struct_fields__}"
    if elevation is not None:
        rules += f":{elevation.digest}"
    return hashlib.blake2b(f"{rules}:{raw.digest()}".encode(), digest_size=12).hexdigest()


def _components(walk: Walk) -> Int32:
    """Connected parts of what somebody on foot may use, numbered by size (0 = the largest); −1 where nobody may."""
    profile = profiles.built_in["walk"]
    ways, passages = columns(walk.way_facts), columns(walk.passage_facts) if walk.passage_facts else None
    barred = judge_ways(ways, profile, reverse=False).forbidden & judge_ways(ways, profile, reverse=True).forbidden
    barred_edge = np.empty(len(walk.tail), bool)
    s = walk.first_passage
    barred_edge[:s] = barred[walk.facts[:s]]
    if passages is not None:
        barred_edge[s:] = judge_passages(passages, profile).forbidden[walk.facts[s:]]
    open_ = ~barred_edge
    n = len(walk.node_id)
    links = coo_matrix((np.ones(int(open_.sum()), np.int8), (walk.tail[open_], walk.head[open_])), shape=(n, n))
    _, label = connected_components(links, directed=False)
    sizes = np.bincount(label[walk.tail[open_]], minlength=int(label.max()) + 1)
    rank = np.empty(len(sizes), np.int32)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes), dtype=np.int32)
    return np.where(open_, rank[label[walk.tail]], -1).astype(np.int32)
