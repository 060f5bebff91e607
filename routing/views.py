"""One way to weigh the map for one person: what it is searched by, and what parts of streets cost at the ends."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from copy import copy
from functools import cached_property, partial

import numpy as np

from routing.attach import Prices, Private, Searched, part
from routing.costs import Scale, Strict, Weighing, Weights
from routing.dijkstra import Ends, Path
from routing.engine import BLOCKED, Metric
from routing.overlay import Tolls
from routing.patched import NOWHERE, Column, Later, Patched, Places, Wanted
from routing.path import Piece
from routing.tightening import Scratch, tightened

BENT_MAX = 100
"""A metric is bent on so many arcs at most before it is asked."""


class View:
    """One way to weigh the map: how it is searched, and what parts of streets cost at the ends of a route."""

    def __init__(
        self,
        scale: Scale,
        base: Weighing,
        weighing: Weighing,
        tolls: Tolls,
        weights: Wanted,
        by: Own | Lent,
        laid_at: Places = NOWHERE,
        origin: View | None = None,
    ) -> None:
        """`base`: without any toll; `laid_at`: where any lies; `origin`: for a variant, the view that is patched."""
        self._laid_at = laid_at
        self._scale, self._weighing, self._tolls, self._base = scale, weighing, tolls, base
        self.weights, self.by, self._origin = weights, by, origin

    @property
    def metric(self) -> Metric:
        """Exactly these weights, ready to be asked, now: for sweeps, which look at more than one path."""
        return self.by.exactly()

    def query(self, sources: Ends, targets: Ends) -> Path | None:
        """The cheapest path between nodes; see `Engine.query`."""
        return self.by.query(sources, targets)

    @property
    def weights_inside(self) -> Column:
        """Weights [2E] where what access alone closes is open."""
        return self._inside

    @cached_property
    def _inside(self) -> Later:
        origin = None if self._origin is None else self._origin.weights_inside
        return Later(partial(_inside, self._scale, self._base, self._weighing, self._laid_at, origin))

    @cached_property
    def prices(self) -> Prices:
        # Few ends lie on private ways: what these cost is weighed where one does. And no method of this view is passed
        # on: what a view keeps must not keep the view, or every report leaves something behind.
        private = Private(self._weighing.private, self._inside)
        toll = partial(_with_tolls, self._scale, self._base, self._tolls)
        return Prices(self.weights, private, frozenset(self._tolls.by_edge), toll)


def _inside(scale: Scale, base: Weighing, weighing: Weighing, laid_at: Places, origin: Column | None) -> Patched:
    """Weights where what access alone closes is open; `origin`: such weights of whoever this is a variant of."""
    if origin is not None:
        under: Column = origin
    else:
        under = base.breaks.inside if isinstance(scale, Strict) else scale.weights(base, private=True)
    return Patched(under, laid_at, scale.weights(weighing, laid_at, private=True))


def _with_tolls(scale: Scale, base: Weighing, tolls: Tolls, piece: Piece) -> int:
    """A part of a street with barriers on it: only those on that very part count."""
    weight = int(scale.weights(base, np.array([piece.arc]), private=True)[0])
    met = tolls.on(piece)
    if weight >= BLOCKED or any(scale.bars(toll.forbidden, toll.violated) for toll in met):
        return BLOCKED
    return part(weight, piece.start, piece.end) + sum(scale.of(toll.points, toll.cost_s) for toll in met)


class Own(Searched):
    """Searched by a metric of one's own."""

    is_stale = False

    def exactly(self) -> Metric:
        return self.metric


class Lent:
    """Searched by the metric of somebody of the same rank or with looser limits, or of the same person at another
    moment, bent where it matters."""

    def __init__(
        self,
        metric: Searched,
        weights: Wanted,
        lower: Places,
        scratch: Callable[[Weights], Scratch],
        own: Callable[[], Metric] | None = None,
    ) -> None:
        """`metric`: the lender's; `lower`: the only arcs at which one's own weights may be below those it has now.

        Where that is too much to bend, or it has changed since, a `scratch` is made beside its weights. `own` makes a
        metric of one's own where only that will do; without it the scratch is brought to it.
        """
        self._engine, self._lender = metric.engine, weakref.ref(metric.metric)
        self._lent, self._weights, self._lower = metric.metric.weights, weights, lower
        self._scratch, self._own = scratch, own

    @property
    def is_stale(self) -> bool:
        """Whether what was lent is gone, or has changed since."""
        metric = self._lender()
        return metric is None or metric.weights is not self._lent

    def query(self, sources: Ends, targets: Ends) -> Path | None:
        metric = self._lender()
        if metric is not None and metric.weights is self._lent and len(self._lower) <= BENT_MAX:
            return tightened(self._engine, metric, self._weights, self._lower, sources, targets)
        return self._scratch(self._lent).query(self._lent, self._weights, self._lower, sources, targets)

    def exactly(self) -> Metric:
        if self._own is not None:
            return self._own()
        return self._scratch(self._lent).holding(self._lent, self._weights, self._lower)

    def patched(self, weights: Patched) -> Lent:
        """The same for a question whose weights differ a little more."""
        lower = weights.at[weights.values < self._lent[weights.at]]
        found = copy(self)
        found._weights, found._lower, found._own = weights, np.union1d(self._lower, lower), None
        return found
