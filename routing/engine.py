"""The customizable contraction hierarchy behind one door: order once, customise per person, update live; arrays alone.

Weights are whole numbers from 0 to `BLOCKED`; arcs and nodes go by index. Search objects of the library belong to the
thread that made them and block updates while they live, so one engine thread per process makes and drops them all.
Filling a metric with weights releases the interpreter and touches no search object: it happens in the caller's thread,
on a spare, while the engine thread serves on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from routingkit_cch import (
    CCH,
    CCHManyToOne,
    CCHMetric,
    CCHMetricPartialUpdater,
    CCHOneToMany,
    CCHQuery,
)

from routing.dijkstra import Ends, Path, cheapest_at, dijkstra, distances
from routing.heap import one_heap
from routing.islands import Neighbours
from routing.metrics import BLOCKED, Customised, EngineFault, Metric, Spares, guarded, seam
from routing.one_thread import OneThread
from routing.ordering import check_arcs, order

__all__ = ["BLOCKED", "Ends", "Engine", "EngineFault", "Metric", "Path", "dijkstra", "order"]

T = TypeVar("T")

APPLY_MAX = 150
"""Up to so many changed arcs the library's partial update is cheaper than customising anew."""

SPARES_KEPT = 4
SEARCH_BYTES = 128
"""More than a search takes for each node."""


class Engine:
    """Shortest paths on one graph under many weightings. Every method may be called from any thread."""

    def __init__(self, order: NDArray[np.integer], tail: NDArray[np.integer], head: NDArray[np.integer]) -> None:
        """`order` from `order()`; arc i leads from `tail[i]` to `head[i]`."""
        self.n_nodes = len(order)
        self.n_arcs = len(tail)
        check_arcs(self.n_nodes, tail, head)
        if self.n_nodes == 0:
            raise EngineFault("a graph without nodes")
        if not np.array_equal(np.sort(order), np.arange(self.n_nodes)):
            raise EngineFault("the order is no permutation of the nodes")
        self._tail, self._head = tail.astype(np.int32), head.astype(np.int32)
        with seam("build"):
            cch = CCH(order.tolist(), tail.tolist(), head.tolist(), False)
        one_heap(SEARCH_BYTES * self.n_nodes)
        self._cch = cch
        self._spares = Spares(cch, SPARES_KEPT)
        self._thread = OneThread("stepfree-engine")
        self._closed = False
        self.making_s = 0.0
        """How long the last metric took to make."""

    @property
    def metric_bytes(self) -> int:
        """About what one metric takes in memory, rounded up (measured: 22 bytes an arc in Heidelberg and Milan)."""
        return 4096 + 26 * self.n_arcs

    def submit(self, fn: Callable[..., T], *args: Any) -> Future[T]:
        """Run `fn(*args)` in the engine thread; the future may be cancelled or forgotten at any time."""
        if self._closed:
            raise EngineFault("the engine is closed")
        return self._thread.submit(fn, *args)

    def ask(self, fn: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        """`submit` from an event loop: the awaitable result; who stops waiting takes the job from the queue."""
        if self._closed:
            raise EngineFault("the engine is closed")
        return self._thread.ask(fn, *args)

    def call(self, fn: Callable[..., T], *args: Any) -> T:
        """`submit` and wait; called inside the engine thread it runs at once."""
        if self._closed:
            raise EngineFault("the engine is closed")
        return self._thread.call(fn, *args)

    def customise(self, weights: NDArray[np.number]) -> Metric:
        """A new metric (weights: one per arc, `BLOCKED` or more = never passed)."""
        with self._timed():
            return Metric(self._spares.customised(guarded(weights, self.n_arcs)), self._spares)

    def customise_alone(self, weights: NDArray[np.number]) -> Metric:
        """A new metric for whoever changes it with `patch` in the engine thread, and shows it to nobody else."""
        own = guarded(weights, self.n_arcs).copy()
        with self._timed():
            return Metric(self._spares.customised(own), self._spares)

    @contextmanager
    def _timed(self) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.making_s = time.perf_counter() - started

    def patch(self, metric: Metric, arcs: NDArray[np.integer], weights: NDArray[np.number]) -> None:
        """In the engine thread: give these arcs of a metric made by `customise_alone` these weights, in place."""
        changed, now = guarded(weights, arcs.size), metric.now
        open_ = changed < BLOCKED
        dearer = np.maximum(changed.astype(np.int64) - now.weights[arcs], 0)
        now.weights[arcs] = changed
        if now.longest is not None:
            now.longest += int(dearer[open_].sum())
        if arcs.size > APPLY_MAX:
            with seam("reset"):
                now.raw.reset(now.weights.tolist())
            return
        self._put(now.raw, dict(zip(arcs.tolist(), changed.tolist(), strict=True)))

    def bend(self, metric: Metric, changes: Mapping[int, int]) -> None:
        """In the engine thread: search with a few other weights until `straighten`; `metric.weights` stays as it is."""
        self._put(metric.now.raw, {arc: min(weight, BLOCKED) for arc, weight in changes.items()})

    def straighten(self, metric: Metric, arcs: Iterable[int]) -> None:
        """In the engine thread: these arcs of a bent metric weigh again what they weighed before."""
        now = metric.now
        try:
            self._put(now.raw, {arc: int(now.weights[arc]) for arc in arcs})
        except EngineFault:
            metric.now = self._spares.customised(now.weights)

    def _put(self, raw: CCHMetric, changes: Mapping[int, int]) -> None:
        updater = None
        try:
            with seam("apply"):
                updater = CCHMetricPartialUpdater(self._cch)
                updater.apply(raw, dict(changes))
        finally:
            del updater

    def update(self, metric: Metric, arcs: NDArray[np.integer], weights: NDArray[np.number]) -> None:
        """Give these arcs these weights; when it returns, every later query sees them. Serving never stops.

        Few arcs: changed in place between two queries. Many: a spare is filled here and swapped in.
        """
        if arcs.size and not (arcs.min() >= 0 and arcs.max() < self.n_arcs):
            raise EngineFault("no such arc")
        changed = guarded(weights, arcs.size)
        if arcs.size <= APPLY_MAX:
            self.call(self._apply, metric, arcs, changed)
            return
        with metric.lock:
            fresh = metric.weights.copy()
            fresh[arcs] = changed
            fresh.setflags(write=False)
            before, metric.now = metric.now, self._spares.customised(fresh)
        # The engine thread may still be searching `before`: it is a spare once everything asked earlier is done.
        self.submit(self._spares.give, before.raw)

    def query(self, metric: Metric, sources: Ends, targets: Ends, bent: Mapping[int, int] | None = None) -> Path | None:
        """The cheapest path from any source to any target, or None where none exists.

        `bent`: how the metric is bent just now.

        Ends are `(node, cost)`, costs whole and ≥ 0; a cost of `BLOCKED` or more takes that end away.
        Exact even where the sum passes 2³¹−1: there the hierarchy is silent and Dijkstra answers (some 25 ms).
        """
        starts, goals = self._ends(sources), self._ends(targets)
        if not starts or not goals:
            return None
        found, now = self.call(self._search, metric, starts, goals)
        if found is None:
            if bent:
                weights = now.weights.copy()
                weights[list(bent)] = [min(weight, BLOCKED) for weight in bent.values()]
                now = Customised(now.raw, weights)
            found = self._beyond_range(now, starts, goals)
        if found is None:
            return None
        source, target = cheapest_at(sources, found[2]), cheapest_at(targets, found[3])
        return Path(found[0], found[1], source, target)

    def many_to_many(self, metric: Metric, sources: Sequence[Ends], targets: Sequence[Ends]) -> NDArray[np.int64]:
        """Cheapest cost from each source to each target (int64[S, T], −1 = unreachable); each is a list of ends."""
        goals = [self._ends(ends) for ends in targets]
        nodes = sorted({node for ends in goals for node, _ in ends})
        costs = np.full((len(sources), len(targets)), -1, np.int64)
        starts = {row: ends for row, ends in enumerate(map(self._ends, sources)) if ends}
        if not nodes or not starts:
            return costs
        found, now = self.call(self._sweeps, metric, list(starts.values()), nodes)
        column = {node: i for i, node in enumerate(nodes)}
        for row, to_nodes in zip(starts, found, strict=True):
            lost = [(nodes[at], BLOCKED) for at in np.flatnonzero(~np.isfinite(to_nodes)).tolist()]
            if lost and self._may_overflow(now, starts[row], lost) and self._lead(now, starts[row], lost):
                to_nodes = distances(self._tail, self._head, _open(now), starts[row], self.n_nodes)[nodes]
            for at, ends in enumerate(goals):
                best = min((to_nodes[column[node]] + cost for node, cost in ends), default=np.inf)
                costs[row, at] = best if np.isfinite(best) else -1
        return costs

    def sweep(self, metric: Metric, sources: Sequence[Ends], nodes: Sequence[int]) -> NDArray[np.float64]:
        """Cheapest cost from each source to each node (float64[S, n], infinite where there is no way, or one too dear
        for the hierarchy to tell); a source is a list of ends."""
        starts = [self._ends(ends) for ends in sources]
        out = np.full((len(starts), len(nodes)), np.inf)
        rows = [row for row, ends in enumerate(starts) if ends]
        if rows and len(nodes):
            out[rows] = self.call(self._sweeps, metric, [starts[row] for row in rows], list(nodes))[0]
        return out

    def many_to_one(self, metric: Metric, nodes: Sequence[int], targets: Ends) -> NDArray[np.float64]:
        """The same the other way: from each node to the nearest of the targets (float64[n])."""
        goals = self._ends(targets)
        if not goals or not len(nodes):
            return np.full(len(nodes), np.inf)
        return self.call(self._sweep_back, metric, list(nodes), goals)

    def rest(self) -> None:
        """End the engine thread until something is asked again: a process that is about to fork has no threads."""
        self._thread.rest()

    def close(self) -> None:
        """End the engine thread; questions still waiting are cancelled."""
        self._closed = True
        self._thread.close()

    def _ends(self, ends: Ends) -> list[tuple[int, int]]:
        kept = []
        for node, cost in ends:
            if not 0 <= node < self.n_nodes or cost < 0 or cost != int(cost):
                raise EngineFault(f"no such end: node {node}, cost {cost}")
            if cost < BLOCKED:
                kept.append((int(node), int(cost)))
        return kept

    def _search(self, metric: Metric, sources: Ends, targets: Ends) -> tuple[_Found | None, Customised]:
        """In the engine thread: one query object, made and dropped here, whatever happens."""
        now = metric.now
        query = result = None
        try:
            with seam("query"):
                query = CCHQuery(now.raw)
                result = query.run_multi(list(sources), list(targets))
                cost = result.distance
                if cost is None:
                    return None, now
                arcs = np.array(result.arc_path, np.int32)
                ends = (self._tail[arcs[0]], self._head[arcs[-1]]) if len(arcs) else result.node_path * 2
        finally:
            del result, query
        return (cost, arcs, int(ends[0]), int(ends[1])), now

    def _sweeps(
        self, metric: Metric, sources: list[Ends], nodes: list[int]
    ) -> tuple[list[NDArray[np.float64]], Customised]:
        """In the engine thread: one pinned sweep per source."""
        now = metric.now
        sweep = None
        try:
            with seam("sweep"):
                sweep = CCHOneToMany(now.raw, nodes)
                found = [np.array(sweep.distances_from_multi(list(ends)), np.float64) for ends in sources]
        finally:
            del sweep
        return [np.where(np.isnan(row), np.inf, row) for row in found], now

    def _sweep_back(self, metric: Metric, nodes: list[int], targets: Ends) -> NDArray[np.float64]:
        """In the engine thread: one sweep against the arcs."""
        sweep = None
        try:
            with seam("sweep"):
                sweep = CCHManyToOne(metric.now.raw, nodes)
                found = np.array(sweep.distances_to_multi(list(targets)), np.float64)
        finally:
            del sweep
        return np.where(np.isnan(found), np.inf, found)

    def _apply(self, metric: Metric, arcs: NDArray[np.integer], weights: NDArray[np.uint32]) -> None:
        """In the engine thread, so between two queries: change few arcs in place."""
        with metric.lock:
            now = metric.now
            differs = arcs[weights != now.weights[arcs]]
            if not differs.size:
                return
            fresh = now.weights.copy()
            fresh[arcs] = weights
            fresh.setflags(write=False)
            changes = dict(zip(differs.tolist(), fresh[differs].tolist(), strict=True))
            try:
                self._put(now.raw, changes)
            except EngineFault:
                metric.now = self._spares.customised(fresh)
            else:
                metric.now = Customised(now.raw, fresh)

    def _beyond_range(self, now: Customised, sources: Ends, targets: Ends) -> _Found | None:
        """The hierarchy said "no route": true, or a sum it cannot hold? Where it may be, Dijkstra is asked."""
        if not (self._may_overflow(now, sources, targets) and self._lead(now, sources, targets)):
            return None
        path = dijkstra(self._tail, self._head, _open(now), sources, targets, n_nodes=self.n_nodes)
        if path is None:
            return None
        return path.cost, path.arcs, sources[path.source][0], targets[path.target][0]

    def _may_overflow(self, now: Customised, sources: Ends, targets: Ends) -> bool:
        """Could a path sum reach `BLOCKED`? A cheapest path leaves each node once, at most by its dearest open arc."""
        if now.longest is None:
            dearest = np.zeros(self.n_nodes, np.int64)
            usable = now.weights < BLOCKED
            np.maximum.at(dearest, self._tail[usable], now.weights[usable].astype(np.int64))
            now.longest = int(dearest.sum())
        return now.longest + max(c for _, c in sources) + max(c for _, c in targets) >= BLOCKED

    def _lead(self, now: Customised, sources: Ends, targets: Ends) -> bool:
        return self.neighbours.lead(now.weights, (node for node, _ in sources), (node for node, _ in targets))

    @cached_property
    def neighbours(self) -> Neighbours:
        """The arcs at each node; made at first use."""
        return Neighbours(self.n_nodes, self._tail, self._head)


_Found = tuple[int, NDArray[np.int32], int, int]
"""Cost, arcs, first node, last node."""


def _open(now: Customised) -> NDArray[np.float64]:
    """The weights as float64, infinite where blocked."""
    return np.where(now.weights < BLOCKED, now.weights.astype(np.float64), np.inf)
