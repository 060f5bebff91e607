"""Questions under other weights than a metric holds: relax and verify (ENGINE 4, 5).

A metric that is nowhere dearer than what is wanted finds a way that is too cheap or right. What on this way really
costs more is put right in the metric, and it is asked again: when nothing on the way differs, no way is better. So a
set of limits that nobody had before, an area to keep out of, a gate that will be closed, need no metric of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.dijkstra import Ends, Path
from routing.engine import Engine, Metric
from routing.patched import Patched, Places, Wanted, dense

ROUNDS = 12
"""So often what was found too cheap is put right arc by arc; then all at once."""

Weights = NDArray[np.uint32]


def tightened(
    engine: Engine, metric: Metric, wanted: Wanted, lower: Places, sources: Ends, targets: Ends
) -> Path | None:
    """The cheapest path under `wanted`, which may be below the weights of `metric` only at the few arcs `lower`.

    In the engine thread; while it is asked the metric is bent, afterwards it is as before.
    """
    lent, off = metric.weights, _Bent(engine, metric)
    try:
        off.put(lower, wanted[lower])
        for _ in range(ROUNDS):
            path = engine.query(metric, sources, targets, off.weights)
            if path is None:
                return None
            real = wanted[path.arcs]
            rows = (real != lent[path.arcs]).nonzero()[0]
            if not off.put(path.arcs[rows], real[rows]):
                return path
    finally:
        off.undo()
    return engine.query(engine.customise(dense(wanted)), sources, targets)


class _Bent:
    """A metric of somebody else and what it was given for a while."""

    def __init__(self, engine: Engine, metric: Metric) -> None:
        self._engine, self._metric = engine, metric
        self.weights: dict[int, int] = {}

    def put(self, arcs: NDArray[Any], values: NDArray[Any]) -> bool:
        """Give these arcs these weights; whether any had another one."""
        lent, own = self._metric.weights, self.weights
        changes = {
            arc: weight
            for arc, weight in zip(arcs.tolist(), values.tolist(), strict=True)
            if own.get(arc, int(lent[arc])) != weight
        }
        if changes:
            own.update(changes)
            self._engine.bend(self._metric, changes)
        return bool(changes)

    def undo(self) -> None:
        if self.weights:
            self._engine.straighten(self._metric, self.weights)


class Scratch:
    """A metric for questions that nobody's metric can be bent for, or that look at more than one path.

    It is always a few arcs away from the weights of whoever lends it.

    Belongs to the engine thread.
    """

    def __init__(self, engine: Engine, lent: Weights) -> None:
        """`lent`: weights that are never changed in place; later ones come with each question."""
        self._engine, self._lent = engine, lent
        self._metric = engine.customise_alone(lent)
        self._off: set[int] = set()
        """Arcs at which it differs from what was lent."""

    @property
    def weights(self) -> Weights:
        return self._metric.weights

    def query(self, lent: Weights, wanted: Wanted, lower: Places, sources: Ends, targets: Ends) -> Path | None:
        """The cheapest path under `wanted`, which may be below `lent` only at the arcs `lower`."""
        self._begin(lent, wanted, lower)
        for _ in range(ROUNDS):
            path = self._engine.query(self._metric, sources, targets)
            if path is None:
                return None
            real = wanted[path.arcs]
            wrong = real != self.weights[path.arcs]
            if not wrong.any():
                return path
            self._put(path.arcs[wrong].astype(np.int64), real[wrong])
        self._hold(wanted)
        return self._engine.query(self._metric, sources, targets)

    def holding(self, lent: Weights, wanted: Wanted, lower: Places) -> Metric:
        """The metric with exactly these weights, until the next question."""
        self._begin(lent, wanted, lower)
        self._hold(wanted)
        return self._metric

    def _begin(self, lent: Weights, wanted: Wanted, lower: Places) -> None:
        """Nothing dearer than wanted, and little else than lent."""
        if lent is not self._lent:
            differs = np.flatnonzero(self.weights != lent)
            self._lent = lent
            self._put(differs, lent[differs])
        self._put(_places(self._off, lower), None, wanted)

    def _hold(self, wanted: Wanted) -> None:
        if isinstance(wanted, Patched) and wanted.base is self._lent:
            self._put(_places(self._off, wanted.at), None, wanted)
            return
        whole = dense(wanted)
        differs = np.flatnonzero(self.weights != whole)
        self._put(differs, whole[differs])

    def _put(self, arcs: Places, values: NDArray[Any] | None, of: Wanted | None = None) -> None:
        """Give these arcs these values (or those that `of` has there)."""
        if not len(arcs):
            return
        if values is None:
            assert of is not None
            values = of[arcs]
        differs = values != self.weights[arcs]
        if not differs.any():
            return
        arcs, values = arcs[differs], values[differs]
        self._engine.patch(self._metric, arcs, values)
        same = values == self._lent[arcs]
        self._off.difference_update(arcs[same].tolist())
        self._off.update(arcs[~same].tolist())


def _places(some: Iterable[int], others: Places) -> Places:
    """All of them, each once."""
    own = np.array(list(some), np.int64)
    return np.union1d(own, others) if len(others) else own
