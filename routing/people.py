"""One person's map: weights under their limits, brought up to the barriers in force when next asked for, and searched
by a metric of their own or by one that somebody lends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from routing.attach import Prices, Private, Searched
from routing.costs import Scale, Strict, Weighing, Weights
from routing.engine import BLOCKED, Engine, Metric
from routing.graph import StreetGraph
from routing.overlay import NOTHING, OPEN, Closings, Overlay, Tolls
from routing.patched import Patched
from routing.placing import Part
from routing.tightening import Scratch
from routing.views import Lent, Own, View

NOWHERE = np.zeros(0, np.int64)
LIFTED_KEPT = 8


Lenders = Callable[["Person", Scale], "Person | None"]
"""Who may lend a metric of this scale to a person."""


def nobody(person: Person, scale: Scale) -> Person | None:
    """Everybody has a metric of their own."""
    return None


class Person:
    """Everything of one set of limits. Belongs to the engine thread."""

    def __init__(self, base: Weighing, engine: Engine, lenders: Lenders = nobody) -> None:
        self.base = base
        self._engine, self._lenders = engine, lenders
        self._overlay, self._closings = NOTHING, OPEN
        self.tolls = Tolls({})
        self.weighing = base
        self._open_to_all = Tolls({}), base
        self._scales: dict[str, Scale] = {}
        self._metrics: dict[str, Metric] = {}
        self._views: dict[str, View] = {}
        self._scratch: dict[str, Scratch] = {}
        self._lifted: dict[tuple[frozenset[UUID], frozenset[int]], Person] = {}
        self.asked = 0
        """So often somebody came with these limits."""

    @cached_property
    def broken(self) -> int:
        """How many arcs break a limit."""
        return int(np.count_nonzero(self.base.violated))

    @property
    def settled(self) -> bool:
        """Whether the strict metric is one's own."""
        return Strict.name in self._metrics

    def has(self, scale: Scale) -> bool:
        """Whether there is a metric of one's own for this scale."""
        return scale.name in self._metrics

    @property
    def nbytes(self) -> int:
        """About what is kept for this person alone."""
        metrics = len(self._metrics) + len(self._scratch)
        arcs = len(self.base.violated)
        return metrics * self._engine.metric_bytes + 9 * arcs * (2 if self.weighing is self.base else 4)

    @property
    def origin(self) -> Person:
        """Whose metrics these are: those of the person who is kept."""
        return self

    def bring_up(self, overlay: Overlay, closings: Closings = OPEN) -> None:
        """See the barriers of `overlay` and what the clock closes, and nothing else."""
        if self.sees(overlay, closings):
            return
        if closings is not self._closings:
            before, tolls = self._open_to_all[0], Tolls({}).plus(closings.laid)
            self._open_to_all = tolls, tolls.laid_on(self.base)
            self._update(BARE, Strict(), self._open_to_all[1], before, tolls)
        reported = Tolls.of(overlay, self.base.profile)
        before, self.tolls = self.tolls, reported.plus(closings.laid)
        self.weighing = self.tolls.laid_on(self.base) if reported.by_edge else self._open_to_all[1]
        for name, scale in self._scales.items():
            if name != BARE:
                self._update(name, scale, self.weighing, before, self.tolls)
        self._overlay, self._closings = overlay, closings
        self._views.clear()
        self._lifted.clear()

    def sees(self, overlay: Overlay, closings: Closings) -> bool:
        """Is this what the person sees already?"""
        return overlay is self._overlay and closings is self._closings

    def _update(self, name: str, scale: Scale, weighing: Weighing, before: Tolls, after: Tolls) -> None:
        touched = np.union1d(before.arcs(), after.arcs())
        if len(touched) and name in self._metrics:
            self._engine.update(self._metrics[name], touched, scale.weights(weighing, touched))

    def view(self, scale: Scale) -> View:
        """The weights of `scale` with everything in force."""
        return self._view(scale.name, scale, self.weighing, self.tolls)

    def unburdened(self) -> View:
        """The strict weights as they were without any reported barrier."""
        tolls, weighing = self._open_to_all
        return self._view(BARE, Strict(), weighing, tolls)

    def _view(self, name: str, scale: Scale, weighing: Weighing, tolls: Tolls) -> View:
        found = self._views.get(name)
        if found is None:
            found = self._views[name] = self._seen(name, scale, weighing, tolls)
        return found

    def _seen(self, name: str, scale: Scale, weighing: Weighing, tolls: Tolls) -> View:
        lender = None if name in self._metrics else self._lenders(self, scale)
        if lender is None:
            metric = self._customised(name, scale, weighing)
            return View(scale, self.base, weighing, tolls, metric.weights, Own(self._engine, metric))
        lent = lender.unburdened() if name == BARE else lender.view(scale)
        weights, theirs = scale.weights(weighing), lent.weights
        assert not isinstance(theirs, Patched)
        tolled = np.union1d(tolls.arcs(), lender.tolls.arcs())
        lower = tolled[weights[tolled] < theirs[tolled]]

        def own() -> Metric:
            self._views.pop(name, None)
            return self._customised(name, scale, weighing)

        return View(
            scale, self.base, weighing, tolls, weights, Lent(lender.scratch(name, theirs), theirs, weights, lower, own)
        )

    def _customised(self, name: str, scale: Scale, weighing: Weighing) -> Metric:
        """The metric of one's own, made when there is none."""
        metric = self._metrics.get(name)
        if metric is None:
            metric = self._metrics[name] = self._engine.customise(scale.weights(weighing))
            self._scales[name] = scale
        return metric

    def forget(self, name: str) -> None:
        """Let go of what is kept for the scale of this name."""
        for kept in (self._metrics, self._scales, self._views, self._scratch):
            kept.pop(name, None)

    def let_go(self) -> None:
        """Nobody keeps this person any more: what would keep itself, and some megabytes with it, goes at once."""
        self._views.clear()
        self._lifted.clear()

    def settle(self) -> None:
        """From now on on a metric of one's own."""
        self._lenders = nobody
        self._views.clear()
        self._lifted.clear()

    def scratch(self, name: str, lent: Weights) -> Scratch:
        """The metric for short questions beside the view of this name, whose weights are `lent`."""
        found = self._scratch.get(name)
        if found is None:
            found = self._scratch[name] = Scratch(self._engine, lent)
        return found

    def without(self, closed: Sequence[Part]) -> Person:
        """The same person for one question, these parts never passed."""
        return self.variant(self.tolls.with_closed(closed))

    def variant(self, tolls: Tolls) -> Person:
        """The same person with other tolls, for one question: until this one is brought up anew."""
        return Variant(self, tolls)

    def lifted(self, barriers: frozenset[UUID], edges: frozenset[int]) -> Person:
        """The variant without these barriers, and without what the clock closes on these edges; those who set out at
        about the same time share it."""
        key = barriers, edges
        found = self._lifted.get(key)
        if found is None:
            if len(self._lifted) >= LIFTED_KEPT:
                self._lifted.clear()
            found = self._lifted[key] = self.variant(self.tolls.lifted(barriers, edges))
        return found

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


BARE = "base"
"""The strict weights without reported barriers."""


class Variant(Person):
    """A person with a few other tolls, for one question."""

    def __init__(self, origin: Person, tolls: Tolls) -> None:
        self.base, self.tolls = origin.base, tolls
        self._origin, self._closings = origin, origin._closings
        edges = tolls.differing(origin.tolls)
        self.weighing = tolls.patched_on(origin.weighing, self.base, edges)
        self._touched = np.column_stack([2 * edges, 2 * edges + 1]).ravel()
        self._views, self._lifted = {}, {}

    @property
    def origin(self) -> Person:
        return self._origin

    def view(self, scale: Scale) -> View:
        found = self._views.get(scale.name)
        if found is None:
            origin = self._origin.view(scale)
            values = scale.weights(self.weighing, self._touched)
            weights = Patched(origin.weights, self._touched, values)
            by = self._by(scale.name, origin, weights)
            found = self._views[scale.name] = View(scale, self.base, self.weighing, self.tolls, weights, by, origin)
        return found

    def _by(self, name: str, origin: View, weights: Patched) -> Lent:
        if isinstance(origin.by, Lent):
            return origin.by.patched(weights)
        lent = origin.weights
        assert not isinstance(lent, Patched)
        return Lent(self._origin.scratch(name, lent), lent, weights, NOWHERE).patched(weights)

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
        metric = engine.customise(np.where(np.repeat(open_, 2), self._units, np.uint32(BLOCKED)))
        self.search = Searched(engine, metric)

    def prices(self, person: Person) -> Prices:
        """With the private ways that this person may use at the ends."""
        return Prices(self.search.metric.weights, Private(person.weighing.private, self._units))
