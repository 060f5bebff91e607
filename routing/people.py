"""One person's map: weights and metrics under their limits, brought up to the barriers in force when next asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.attach import Prices, Private, part
from routing.costs import Harm, Scale, Strict, Weighing
from routing.engine import BLOCKED, Engine, Metric
from routing.graph import StreetGraph
from routing.overlay import NOTHING, Overlay, Tolls
from routing.path import Piece
from routing.placing import Part


class View:
    """One way to weigh the map: its metric, and what parts of streets cost at the ends of a route."""

    def __init__(self, scale: Scale, weighing: Weighing, tolls: Tolls, base: Weighing, metric: Metric) -> None:
        self.metric = metric
        self._scale, self._weighing, self._tolls, self._base = scale, weighing, tolls, base

    @cached_property
    def prices(self) -> Prices:
        private = Private(self._weighing.private, self._scale.weights(self._weighing, private=True))
        return Prices(self.metric.weights, private, frozenset(self._tolls.by_edge), self._with_tolls)

    def _with_tolls(self, piece: Piece) -> int:
        """A part of a street with barriers on it: only those on that very part count."""
        weight = int(self._scale.weights(self._base, np.array([piece.arc]), private=True)[0])
        met = self._tolls.on(piece)
        if weight >= BLOCKED or any(self._scale.bars(toll.forbidden, toll.violated) for toll in met):
            return BLOCKED
        return part(weight, piece.start, piece.end) + sum(self._scale.of(toll.points, toll.cost_s) for toll in met)


class Person:
    """Everything of one set of limits. Belongs to the engine thread."""

    def __init__(self, base: Weighing, engine: Engine) -> None:
        self.base = base
        self._engine = engine
        self._overlay: Overlay = NOTHING
        self.tolls = Tolls({})
        self.weighing = base
        self._metrics: dict[str, Metric] = {}
        self._views: dict[str, View] = {}

    def bring_up(self, overlay: Overlay) -> None:
        """See the barriers of `overlay` and no others."""
        if overlay is self._overlay:
            return
        tolls = Tolls.of(overlay, self.base.profile)
        weighing = tolls.laid_on(self.base)
        touched = np.union1d(self.tolls.arcs(), tolls.arcs())
        if len(touched):
            for scale in (Strict(), Harm()):
                if scale.name in self._metrics:
                    self._engine.update(self._metrics[scale.name], touched, scale.weights(weighing, touched))
        self._overlay, self.tolls, self.weighing = overlay, tolls, weighing
        self._views.clear()

    def view(self, scale: Scale) -> View:
        """The weights of `scale` with everything in force."""
        view = self._views.get(scale.name)
        if view is None:
            metric = self._metrics.get(scale.name)
            if metric is None:
                metric = self._metrics[scale.name] = self._engine.customise(scale.weights(self.weighing))
            view = self._views[scale.name] = View(scale, self.weighing, self.tolls, self.base, metric)
        return view

    def unburdened(self) -> View:
        """The strict weights as they were without any barrier."""
        metric = self._metrics.get("base")
        if metric is None:
            metric = self._metrics["base"] = self._engine.customise(Strict().weights(self.base))
        return View(Strict(), self.base, Tolls({}), self.base, metric)

    def without(self, closed: Sequence[Part]) -> Person:
        """The same person for one question, these parts never passed."""
        other = Person(self.base, self._engine)
        other.tolls = self.tolls.with_closed(closed)
        other.weighing = other.tolls.laid_on(self.base)
        return other

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """Streets this person can use within every limit, in one direction at least."""
        open_ = ~(self.base.forbidden | self.base.violated)
        return open_[0::2] | open_[1::2]

    @cached_property
    def passable(self) -> NDArray[np.bool_]:
        """Streets this person may pass at all."""
        open_ = ~self.base.forbidden
        return open_[0::2] | open_[1::2]


UNITS_PER_M = 100
"""The metric of lengths counts centimetres …"""
PASSAGE_UNITS = 1
"""… and one for each passage, so that none is passed for nothing."""


class ByLength:
    """Everything anybody may walk, by length alone: what is closed by a gate or for works is still there to be named.

    Belongs to the engine thread.
    """

    def __init__(self, graph: StreetGraph, engine: Engine) -> None:
        units = np.minimum(np.rint(graph.edge_length_m * UNITS_PER_M), BLOCKED - 1).astype(np.uint32)
        units[graph.first_passage :] = PASSAGE_UNITS
        self._units = np.repeat(units, 2)
        works = np.array([facts.construction for facts in graph.way_facts])
        # What has no length (a passage, the entrance to an obstacle) is as open as the streets it joins.
        open_ = (graph.edge_component >= 0) | (graph.edge_length_m == 0)
        open_[: graph.first_passage] |= works[graph.edge_facts[: graph.first_passage]]
        self.metric = engine.customise(np.where(np.repeat(open_, 2), self._units, np.uint32(BLOCKED)))

    def prices(self, person: Person) -> Prices:
        """With the private ways that this person may use at the ends."""
        return Prices(self.metric.weights, Private(person.weighing.private, self._units))
