"""From map elements to a StreetGraph: ways cut into streets, joined at their ends, connected parts, search order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from msgspec.structs import replace

from accessibility import tags
from accessibility.facts import PassageFacts, WayFacts
from accessibility.refusals import Refused
from routing.components import components_of
from routing.elements_raw import RawMap
from routing.elevation import Elevation
from routing.engine import order
from routing.graph import BUILD_RULES, GraphMeta, StreetGraph
from routing.joining import Walk, join
from routing.streets import Streets, courses_of, streets_of

Progress = Callable[[str, float], None]
"""Told the stage and how much of it is done, 0–1."""


def _silent(stage: str, fraction: float) -> None:
    return None


def build(raw: RawMap, progress: Progress = _silent, elevation: Elevation | None = None) -> StreetGraph:
    """The graph of everything a person may or may not walk on in `raw`; the verdict decides which.

    `elevation` fills in inclines that nobody has tagged. Raises `Refused("map_empty")` when nothing can be walked.
    """
    courses = courses_of(raw)
    if not courses:
        raise Refused("map_empty", "This map has no way that a person could walk on.")
    progress("streets", 0.0)
    streets = streets_of(raw, courses, elevation)
    progress("junctions", 0.0)
    streets, walk = join(raw, streets)
    progress("components", 0.0)
    graph = _assembled(raw, streets, walk, _build_id(raw, elevation), progress)
    progress("order", 1.0)
    return graph


def _assembled(raw: RawMap, streets: Streets, walk: Walk, build_id: str, progress: Progress) -> StreetGraph:
    way_facts = [_without_kerb(facts) for facts in streets.way_facts]
    component = components_of(walk, way_facts)
    progress("order", 0.0)
    return StreetGraph(
        meta=_meta(raw, walk, build_id),
        first_passage=walk.first_passage,
        node_id=walk.node_id,
        node_lon=walk.lon,
        node_lat=walk.lat,
        edge_tail=walk.tail,
        edge_head=walk.head,
        edge_way=np.array(streets.way, np.int64),
        edge_area=np.array(streets.area, np.int64),
        edge_facts=walk.facts,
        edge_length_m=np.concatenate([streets.length_m, np.zeros(len(walk.tail) - walk.first_passage)]),
        edge_side=np.array(streets.side, np.int8),
        edge_name=np.array(streets.name, np.int32),
        edge_component=component,
        geom_start=streets.start,
        geom_lon=streets.lon,
        geom_lat=streets.lat,
        geom_node=streets.node,
        order=order(len(walk.node_id), walk.tail, walk.head, walk.lat, walk.lon).astype(np.int32),
        way_facts=way_facts,
        passage_facts=walk.passage_facts,
        names=streets.names,
        elements=raw,
    )


def _without_kerb(facts: WayFacts) -> WayFacts:
    """The kerbs a crossing way speaks of are met at its ends: the passages there have them."""
    return replace(facts, kerb=None, kerb_height_m=None) if tags.says_kerb(facts) else facts


def _meta(raw: RawMap, walk: Walk, build_id: str) -> GraphMeta:
    bbox = (float(walk.lon.min()), float(walk.lat.min()), float(walk.lon.max()), float(walk.lat.max()))
    return GraphMeta(build_id, raw.source, raw.timestamp, raw.attribution, bbox, _warnings(raw))


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
