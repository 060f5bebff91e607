"""The judge's own search graph for one person: raw nodes, and at nodes where passing means something one end per
arc.

Private arcs live twice, as the beginning and as the end of a route; only the public copy lies between. Built on
the fearful reading, so every path found surely keeps the limits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from bench.judge.findings import total
from bench.judge.limits import Limits
from bench.judge.osm import JudgeMap
from bench.judge.tables import INFINITE
from bench.judge.verdicts import Verdicts, passage, remembered, side_of, verdicts

FIRST, PUBLIC, LAST = 0, 1, 2
ALLOWED_STEPS = {(FIRST, FIRST), (FIRST, PUBLIC), (PUBLIC, PUBLIC), (PUBLIC, LAST), (LAST, LAST)}
PER_METRE = 1e-6
"""A trifle per metre so that scipy sees every arc and the shorter of equals wins; 0.01 points in 10 km."""


class Groups(NamedTuple):
    """Positions by value."""

    order: np.ndarray
    values: np.ndarray

    def get(self, value: int) -> list[int]:
        low, high = np.searchsorted(self.values, [value, value + 1])
        return self.order[low:high].tolist()


class SearchGraph(NamedTuple):
    """Copies of usable arcs with their vertices.

    `matrix` holds weights in points, its last row is empty (for a start).
    """

    arc: np.ndarray
    layer: np.ndarray
    tail_vertex: np.ndarray
    head_vertex: np.ndarray
    by_arc: Groups
    by_tail: Groups
    by_head: Groups
    matrix: csr_matrix
    verdict: Verdicts


def search_graph(world: JudgeMap, limits: Limits, *, strict: bool) -> SearchGraph:
    """`strict`: nothing that breaks a limit; else everything passable, weighted in harm points."""
    return remembered(world, ("graph", limits, strict), lambda: _build(world, limits, strict=strict))  # type: ignore[return-value]


def _build(world: JudgeMap, limits: Limits, *, strict: bool) -> SearchGraph:
    verdict = verdicts(world, limits, fearful=True)
    usable = ~verdict.never & ~(verdict.broken if strict else np.zeros_like(verdict.broken))
    public = np.flatnonzero(usable & ~verdict.private)
    private = np.flatnonzero(usable & verdict.private)
    arc = np.concatenate([public, private, private])
    layer = np.repeat([PUBLIC, FIRST, LAST], [len(public), len(private), len(private)])
    tail = np.where(arc % 2, world.head[arc // 2], world.tail[arc // 2])
    head = np.where(arc % 2, world.tail[arc // 2], world.head[arc // 2])
    n = len(world.node_id)
    inner = n + np.arange(n)  # vertices of the private layers are spread behind the public ones and squeezed below
    base = {PUBLIC: np.arange(n), FIRST: inner, LAST: inner + n}
    tail_vertex = np.choose(layer, [base[FIRST][tail], base[PUBLIC][tail], base[LAST][tail]])
    head_vertex = np.choose(layer, [base[FIRST][head], base[PUBLIC][head], base[LAST][head]])
    by_tail, by_head = groups_of(tail), groups_of(head)
    special = _special(world, limits, verdict, arc, tail, head, strict=strict)
    links = _links(world, limits, verdict, special, (arc, layer, tail_vertex, head_vertex), (by_tail, by_head), strict)
    between = _layer_steps(world, private, base, special)
    walked = (tail_vertex, head_vertex, world.length[arc // 2] * (verdict.per_m[arc] + PER_METRE))
    parts = [np.concatenate(column) for column in zip(walked, links, between, strict=True)]
    seen, packed = np.unique(
        np.concatenate([parts[0], parts[1], tail_vertex, head_vertex]).astype(np.int64), return_inverse=True
    )
    m = len(parts[0])
    matrix = _matrix(packed[:m], packed[m : 2 * m], parts[2], len(seen) + 1)
    ends = packed[2 * m :]
    by_arc = groups_of(arc)
    return SearchGraph(
        arc, layer, ends[: len(arc)], ends[len(arc) :], by_arc, by_tail, by_head, matrix=matrix, verdict=verdict
    )


def groups_of(values: np.ndarray) -> Groups:
    """Positions of every value."""
    order = np.argsort(values, kind="stable")
    return Groups(order, values[order])


def _special(
    world: JudgeMap,
    limits: Limits,
    verdict: Verdicts,
    arc: np.ndarray,
    tail: np.ndarray,
    head: np.ndarray,
    *,
    strict: bool,
) -> set[int]:
    """Nodes whose passing is judged arc by arc: barriers, kerbs, lifts, and both ends of ways that weigh once."""
    special = set(world.acting)
    if not strict:
        once = verdict.fixed[arc] > 0
        special |= set(tail[once].tolist()) | set(head[once].tolist())
    if limits.avoid_unknown:
        special |= set(np.flatnonzero(world.on_road).tolist())
        crossing = np.array([row.kind == "X" for row in world.rows])[world.row_of]
        special |= set(world.tail[crossing].tolist()) | set(world.head[crossing].tolist())
    return special


def _links(
    world: JudgeMap,
    limits: Limits,
    verdict: Verdicts,
    special: set[int],
    copies: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    groups: tuple[Groups, Groups],
    strict: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gives every arc its own end at special nodes and joins those that may follow each other there."""
    arc, layer, tail_vertex, head_vertex = copies
    by_tail, by_head = groups
    fresh = 3 * len(world.node_id)
    source: list[int] = []
    target: list[int] = []
    weight: list[float] = []
    for node in special:
        ins, outs = by_head.get(node), by_tail.get(node)
        for e in ins:
            head_vertex[e] = fresh = fresh + 1
        for f in outs:
            tail_vertex[f] = fresh = fresh + 1
        known: dict[tuple[int, int, bool], float] = {}
        for e in ins:
            for f in outs:
                if arc[e] ^ 1 == arc[f] or (layer[e], layer[f]) not in ALLOWED_STEPS:
                    continue
                rows = int(world.row_of[arc[e] // 2]), int(world.row_of[arc[f] // 2])
                key = (*rows, bool(layer[e] != PUBLIC or layer[f] != PUBLIC))
                if key not in known:
                    known[key] = _harm(world, node, key, limits)
                harm = known[key]
                if harm == INFINITE or (strict and harm > 0):
                    continue
                source.append(int(head_vertex[e]))
                target.append(int(tail_vertex[f]))
                weight.append(harm + (float(verdict.fixed[arc[f]]) if rows[0] != rows[1] else 0.0) + PER_METRE)
    return np.array(source, dtype=np.int64), np.array(target, dtype=np.int64), np.array(weight)


def _harm(world: JudgeMap, node: int, key: tuple[int, int, bool], limits: Limits) -> float:
    one, other = side_of(world, key[0]), side_of(world, key[1])
    return total(passage(world, node, one, other, limits, fearful=True, private_end=key[2]))


def _layer_steps(
    world: JudgeMap, private: np.ndarray, base: dict[int, np.ndarray], special: set[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At plain nodes of private ways: from the private beginning to the public middle to the private end."""
    touched = np.unique(np.concatenate([world.tail[private // 2], world.head[private // 2]]))
    plain = np.array([n for n in touched.tolist() if n not in special], dtype=np.int64)
    source = np.concatenate([base[FIRST][plain], base[PUBLIC][plain]])
    target = np.concatenate([base[PUBLIC][plain], base[LAST][plain]])
    return source, target, np.full(len(source), PER_METRE)


def _matrix(source: np.ndarray, target: np.ndarray, weight: np.ndarray, size: int) -> csr_matrix:
    """Parallel arcs keep their lightest weight (scipy would add them up)."""
    order = np.lexsort((weight, target, source))
    source, target, weight = source[order], target[order], weight[order]
    keep = np.ones(len(source), dtype=bool)
    keep[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    return csr_matrix((weight[keep], (source[keep], target[keep])), shape=(size, size))
