"""One person's map: weights and metrics under their limits, brought up to the barriers in force when next asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.attach import Prices, Private, part
from routing.costs import Arcs, Scale, Strict, Weighing, Weights
from routing.engine import BLOCKED, Engine, Metric
from routing.graph import StreetGraph
from routing.overlay import NOTHING, OPEN, Closings, Overlay, Tolls
from routing.path import Piece
from routing.placing import Part


class View:
    """One way to weigh the map: its metric, and what parts of streets cost at the ends of a route."""

    def __init__(self, scale: Scale, weighing: Weighing, tolls: Tolls, base: Weighing, metric: Metric) -> None:
        self._metric = metric
        self._weights = metric.weights
        self._scale, self._weighing, self._tolls, self._base = scale, weighing, tolls, base

    @property
    def metric(self) -> Metric:
        """Ready to be asked, now."""
        return self._metric

    @cached_property
    def weights_inside(self) -> Weights:
        """Weights [2E] where what access alone closes is open."""
        return self._scale.weights(self._weighing, private=True)

    @cached_property
    def prices(self) -> Prices:
        private = Private(self._weighing.private, self.weights_inside)
        return Prices(self._weights, private, frozenset(self._tolls.by_edge), self._with_tolls)

    def _with_tolls(self, piece: Piece) -> int:
        """A part of a street with barriers on it: only those on that very part count."""
        weight = int(self._scale.weights(self._base, np.array([piece.arc]), private=True)[0])
        met = self._tolls.on(piece)
        if weight >= BLOCKED or any(self._scale.bars(toll.forbidden, toll.violated) for toll in met):
            return BLOCKED
        return part(weight, piece.start, piece.end) + sum(self._scale.of(toll.points, toll.cost_s) for toll in met)


class Scratch:
    """One metric for many short questions: brought from what it was to what is wanted, a few arcs at a time."""

    def __init__(self, engine: Engine, weights: Weights) -> None:
        self._engine = engine
        self._metric = engine.customise(weights)

    def holding(self, weights: Weights) -> Metric:
        """The metric, with these weights; what it held before is gone."""
        differs = np.flatnonzero(self._metric.weights != weights)
        if differs.size:
            self._engine.update(self._metric, differs, weights[differs])
        return self._metric


class VariantView(View):
    """As its origin sees the map, but for a few arcs; its metric is shared with other variants, so it is made ready
    anew whenever it is asked for."""

    def __init__(self, origin: View, scale: Scale, weighing: Weighing, tolls: Tolls, touched: Arcs, scratch: Scratch):
        self._scale, self._weighing, self._tolls, self._base = scale, weighing, tolls, origin._base
        self._origin, self._touched, self._scratch = origin, touched, scratch
        self._weights = origin._weights.copy()
        self._weights[touched] = scale.weights(weighing, touched)

    @property
    def metric(self) -> Metric:
        return self._scratch.holding(self._weights)

    @cached_property
    def weights_inside(self) -> Weights:
        weights = self._origin.weights_inside.copy()
        weights[self._touched] = self._scale.weights(self._weighing, self._touched, private=True)
        return weights


class Person:
    """Everything of one set of limits. Belongs to the engine thread."""

    def __init__(self, base: Weighing, engine: Engine) -> None:
        self.base = base
        self._engine = engine
        self._overlay, self._closings = NOTHING, OPEN
        self.tolls = Tolls({})
        self.weighing = base
        self._open_to_all = Tolls({}), base
        self._metrics: dict[str, Metric] = {}
        self._scales: dict[str, Scale] = {}
        self._views: dict[str, View] = {}
        self._scratch: dict[str, Scratch] = {}

    def bring_up(self, overlay: Overlay, closings: Closings = OPEN) -> None:
        """See the barriers of `overlay` and what the clock closes, and nothing else."""
        if self.sees(overlay, closings):
            return
        if closings is not self._closings:
            before, tolls = self._open_to_all[0], Tolls({}).plus(closings.laid)
            self._open_to_all = tolls, tolls.laid_on(self.base)
            self._update("base", Strict(), self._open_to_all[1], before, tolls)
        before, self.tolls = self.tolls, Tolls.of(overlay, self.base.profile).plus(closings.laid)
        self.weighing = self.tolls.laid_on(self.base)
        for scale in self._scales.values():
            self._update(scale.name, scale, self.weighing, before, self.tolls)
        self._overlay, self._closings = overlay, closings
        self._views.clear()

    def sees(self, overlay: Overlay, closings: Closings) -> bool:
        """Is this what the person sees already?"""
        return overlay is self._overlay and closings is self._closings

    def _update(self, name: str, scale: Scale, weighing: Weighing, before: Tolls, after: Tolls) -> None:
        touched = np.union1d(before.arcs(), after.arcs())
        if len(touched) and name in self._metrics:
            self._engine.update(self._metrics[name], touched, scale.weights(weighing, touched))

    def view(self, scale: Scale) -> View:
        """The weights of `scale` with everything in force."""
        view = self._views.get(scale.name)
        if view is None:
            metric = self._metrics.get(scale.name)
            if metric is None:
                metric = self._metrics[scale.name] = self._engine.customise(scale.weights(self.weighing))
                self._scales[scale.name] = scale
            view = self._views[scale.name] = View(scale, self.weighing, self.tolls, self.base, metric)
        return view

    def forget(self, name: str) -> None:
        """Let go of what is kept for the scale of this name."""
        for kept in (self._metrics, self._scales, self._views, self._scratch):
            kept.pop(name, None)

    @property
    def origin(self) -> Person:
        """Whose metrics these are: those of the person who is kept."""
        return self

    def scratch(self, scale: Scale, weights: Weights) -> Scratch:
        """The metric that variants of this person share, at first with these weights."""
        found = self._scratch.get(scale.name)
        if found is None:
            found = self._scratch[scale.name] = Scratch(self._engine, weights)
        return found

    def unburdened(self) -> View:
        """The strict weights as they were without any reported barrier."""
        tolls, weighing = self._open_to_all
        metric = self._metrics.get("base")
        if metric is None:
            metric = self._metrics["base"] = self._engine.customise(Strict().weights(weighing))
        return View(Strict(), weighing, tolls, self.base, metric)

    def without(self, closed: Sequence[Part]) -> Person:
        """The same person for one question, these parts never passed."""
        return self.variant(self.tolls.with_closed(closed))

    def variant(self, tolls: Tolls) -> Person:
        """The same person with other tolls, for one question: until this one is brought up anew."""
        return Variant(self, tolls)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Streets this person can use within every limit, in one direction at least, and that are open now."""
        return self._open_now(self._keeping)

    @property
    def passable(self) -> NDArray[np.bool_]:
        """Streets this person may pass at all, and that are open now."""
        return self._open_now(self._allowed)

    @property
    def passable_ever(self) -> NDArray[np.bool_]:
        """Streets this person may pass at all, at some time."""
        return self._allowed

    def _open_now(self, streets: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if not self._closings.edges:
            return streets
        open_ = streets.copy()
        open_[list(self._closings.edges)] = False
        return open_

    @cached_property
    def _keeping(self) -> NDArray[np.bool_]:
        open_ = ~(self.base.forbidden | self.base.violated)
        return open_[0::2] | open_[1::2]

    @cached_property
    def _allowed(self) -> NDArray[np.bool_]:
        open_ = ~self.base.forbidden
        return open_[0::2] | open_[1::2]


class Variant(Person):
    """A person with a few other tolls, for one question."""

    def __init__(self, origin: Person, tolls: Tolls) -> None:
        self.base, self.tolls = origin.base, tolls
        self._origin, self._closings = origin, origin._closings
        edges = tolls.differing(origin.tolls)
        self.weighing = tolls.laid_on(origin.weighing, self.base, edges)
        self._touched = np.column_stack([2 * edges, 2 * edges + 1]).ravel()
        self._views = {}

    def view(self, scale: Scale) -> View:
        view = self._views.get(scale.name)
        if view is None:
            origin = self._origin.view(scale)
            scratch = self._origin.scratch(scale, origin._weights)
            view = VariantView(origin, scale, self.weighing, self.tolls, self._touched, scratch)
            self._views[scale.name] = view
        return view

    @property
    def origin(self) -> Person:
        return self._origin

    def unburdened(self) -> View:
        return self._origin.unburdened()

    def variant(self, tolls: Tolls) -> Person:
        return Variant(self._origin, tolls)

    @property
    def _keeping(self) -> NDArray[np.bool_]:
        return self._origin._keeping

    @property
    def _allowed(self) -> NDArray[np.bool_]:
        return self._origin._allowed


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
