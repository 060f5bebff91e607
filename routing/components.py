"""Connected parts of the map, for what anybody on foot may use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from accessibility import profiles
from accessibility.facts import WayFacts
from accessibility.time_rules import at_best
from accessibility.verdict import columns, judge_passages, judge_ways
from routing.graph import Int32
from routing.joining import Walk


def components_of(walk: Walk, way_facts: list[WayFacts]) -> Int32:
    """The component of every edge [E], numbered by size in edges (0 = the largest); −1 where nobody may walk."""
    passable = _passable(walk, way_facts)
    n = len(walk.node_id)
    ends = walk.tail[passable], walk.head[passable]
    links = coo_matrix((np.ones(len(ends[0]), np.int8), ends), shape=(n, n))
    _, label = connected_components(links, directed=False)
    sizes = np.bincount(label[ends[0]], minlength=int(label.max()) + 1)
    rank = np.empty(len(sizes), np.int32)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes), dtype=np.int32)
    return np.where(passable, rank[label[walk.tail]], -1).astype(np.int32)


def _passable(walk: Walk, way_facts: list[WayFacts]) -> NDArray[np.bool_]:
    """Edges that a person on foot may use in one direction at least [E]."""
    profile, s = profiles.built_in["walk"], walk.first_passage
    ways = columns([at_best(facts) for facts in way_facts])
    barred = [judge_ways(ways, profile, reverse=reverse).forbidden for reverse in (False, True)]
    out = np.empty(len(walk.tail), np.bool_)
    out[:s] = ~(barred[0] & barred[1])[walk.facts[:s]]
    if walk.passage_facts:
        out[s:] = ~judge_passages(columns([at_best(facts) for facts in walk.passage_facts]), profile).forbidden[
            walk.facts[s:]
        ]
    return out
