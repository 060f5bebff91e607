"""One person's map: weights under their limits, brought up to the barriers in force when next asked for, and searched
by a metric of their own or by one that somebody lends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from routing.costs import Harm, Scale, Strict, Weighing, Weights
from routing.engine import Engine, Metric
from routing.laid import all_sums, laid_on, sums
from routing.overlay import NOTHING, OPEN, Closings, Overlay, Tolls
from routing.patched import NOWHERE, Asked, Patched, Places, Wanted, dense
from routing.placing import Part
from routing.tightening import Scratch
from routing.views import Lent, Own, View

LAID_BYTES = 100
"""About what one arc takes on which something lies."""
PERSON_BYTES = 4096
LIFTED_KEPT = 8


Lenders = Callable[["Person", Scale], "Person | None"]
"""Who may lend a metric of this scale to a person."""


def nobody(person: Person, scale: Scale) -> Person | None:
    """Everybody has a metric of their own."""
    return None


class Layer(NamedTuple):
    """The bare map of a person with some tolls on it."""

    tolls: Tolls
    weighing: Weighing
    arcs: Places
    """Where they lie, ascending."""


class Person:
    """Everything of one set of limits. Belongs to the engine thread."""

    def __init__(self, base: Weighing, engine: Engine, lenders: Lenders = nobody) -> None:
        self.base = base
        self._engine, self._lenders, self._alone = engine, lenders, False
        self._overlay, self._closings = NOTHING, OPEN
        self._layers = dict.fromkeys((BARE, BURDENED), Layer(Tolls({}), base, NOWHERE))
        self._scales: dict[str, Scale] = {}
        self._metrics: dict[str, Metric] = {}
        self._views: dict[str, View] = {}
        self._scratch: dict[str, Scratch] = {}
        self._open_streets: dict[int, NDArray[np.bool_]] = {}
        self._lifted: dict[tuple[frozenset[UUID], frozenset[int]], Person] = {}

    @property
    def tolls(self) -> Tolls:
        """What lies on the streets now."""
        return self._layers[BURDENED].tolls

    @property
    def weighing(self) -> Weighing:
        """The map with these tolls."""
        return self._layers[BURDENED].weighing

    @property
    def settled(self) -> bool:
        """Whether the strict metric is one's own."""
        return Strict.name in self._metrics

    def has(self, scale: Scale) -> bool:
        """Whether there is a metric of one's own for this scale."""
        return scale.name in self._metrics

    @property
    def nbytes(self) -> int:
        """About what is kept for this person alone; `base.breaks` is shared by all of one rank."""
        metrics = (len(self._metrics) + len(self._scratch)) * self._engine.metric_bytes
        laid = sum(len(layer.arcs) for layer in self._layers.values()) * LAID_BYTES
        return PERSON_BYTES + metrics + laid + sum(streets.nbytes for streets in self._open_streets.values())

    @property
    def origin(self) -> Person:
        """Whose metrics these are: those of the person who is kept."""
        return self

    def bring_up(self, overlay: Overlay, closings: Closings = OPEN) -> None:
        """See the barriers of `overlay` and what the clock closes, and nothing else."""
        if self.sees(overlay, closings):
            return
        self._move(BARE, closings.tolls)
        self._move(BURDENED, Tolls.of(overlay, self.base.profile, closings))
        if closings is not self._closings:
            self._open_streets.clear()
        self._overlay, self._closings = overlay, closings
        self._views.clear()
        self._lifted.clear()

    def sees(self, overlay: Overlay, closings: Closings) -> bool:
        """Is this what the person sees already?"""
        return overlay is self._overlay and closings is self._closings

    def _move(self, which: str, tolls: Tolls) -> None:
        """These tolls from now on; metrics are changed where they differ from those before."""
        before = self._layers[which].tolls
        if tolls is before:
            return
        differing = tolls.differing(before)
        touched, laid = both_arcs(differing), all_sums(tolls, before, differing)
        layer = self._layers[which] = Layer(tolls, laid_on(self.base, laid), laid.arcs)
        if len(touched):
            for name, metric in self._metrics.items():
                if (name == BARE) is (which == BARE):
                    self._engine.update(metric, touched, self._scales[name].weights(layer.weighing, touched))

    def view(self, scale: Scale) -> View:
        """The weights of `scale` with everything in force."""
        return self._view(scale.name, scale, self._layers[BURDENED])

    def unburdened(self) -> View:
        """The strict weights as they were without any reported barrier."""
        return self._view(BARE, Strict(), self._layers[BARE])

    def _view(self, name: str, scale: Scale, layer: Layer) -> View:
        found = self._views.get(name)
        if found is None or found.by.is_stale:
            found = self._views[name] = self._seen(name, scale, layer)
        return found

    def _seen(self, name: str, scale: Scale, layer: Layer) -> View:
        has_own = name in self._metrics or (self._alone and scale.name != Harm.name)
        lender = None if has_own else self._lenders(self, scale)
        if lender is None:
            metric = self._customised(name, scale, layer)
            by: Own | Lent = Own(self._engine, metric)
            return View(scale, self.base, layer.weighing, layer.tolls, metric.weights, by, layer.arcs)
        lent = lender.unburdened() if name == BARE else lender.view(scale)
        weights, theirs = self._weights(scale, layer), lent.weights
        assert not isinstance(theirs, Patched)
        tolled = np.union1d(layer.arcs, lender.laid_arcs(name))
        lower = tolled[weights[tolled] < theirs[tolled]]

        def own() -> Metric:
            self._views.pop(name, None)
            return self._customised(name, scale, layer)

        assert isinstance(lent.by, Own)
        by = Lent(lent.by, weights, lower, partial(self.scratch, name), own)
        return View(scale, self.base, layer.weighing, layer.tolls, weights, by, layer.arcs)

    def laid_arcs(self, name: str) -> Places:
        """Where something lies on what the view of this name weighs."""
        return self._layers[BARE if name == BARE else BURDENED].arcs

    def _weights(self, scale: Scale, layer: Layer) -> Wanted:
        """All weights with what lies there."""
        base = self.base
        bare: Wanted = base.breaks.strict
        if not isinstance(scale, Strict):
            bare = Asked(len(base.violated), lambda arcs: scale.weights(base, arcs))
        if not len(layer.arcs):
            return bare
        return Patched(bare, layer.arcs, scale.weights(layer.weighing, layer.arcs))

    def _customised(self, name: str, scale: Scale, layer: Layer) -> Metric:
        """The metric of one's own, made when there is none."""
        metric = self._metrics.get(name)
        if metric is None:
            metric = self._metrics[name] = self._engine.customise(dense(self._weights(scale, layer)))
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
        """From now on on metrics of one's own, but for harm, which few routes are found by."""
        self._alone = True
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
        known = self._open_streets.get(id(streets))
        if known is None:
            known = self._open_streets[id(streets)] = streets.copy()
            known[list(self._closings.edges)] = False
        return known

    @property
    def _keeping(self) -> NDArray[np.bool_]:
        return self.base.breaks.usable

    @property
    def _allowed(self) -> NDArray[np.bool_]:
        return self.base.breaks.passable


BARE, BURDENED = "base", "burdened"
"""The map with what the clock closes, and with the reported barriers besides; the first is also the name of the strict
weights on it."""


def both_arcs(edges: NDArray[np.int64]) -> Places:
    """Of ascending edges, ascending."""
    return np.column_stack([2 * edges, 2 * edges + 1]).ravel()


class Variant(Person):
    """A person with a few other tolls, for one question."""

    def __init__(self, origin: Person, tolls: Tolls) -> None:
        self.base, self._origin, self._closings = origin.base, origin, origin._closings
        found = sums(tolls, tolls.differing(origin.tolls).tolist())
        self._layers = {BURDENED: Layer(tolls, laid_on(self.base, found, origin.weighing), found.arcs)}
        self._views, self._lifted = {}, {}

    @property
    def origin(self) -> Person:
        return self._origin

    def view(self, scale: Scale) -> View:
        found = self._views.get(scale.name)
        if found is None:
            tolls, weighing, touched = self._layers[BURDENED]
            origin = self._origin.view(scale)
            weights = Patched(origin.weights, touched, scale.weights(weighing, touched))
            by = self._by(scale.name, origin, weights)
            found = self._views[scale.name] = View(scale, self.base, weighing, tolls, weights, by, touched, origin)
        return found

    def _by(self, name: str, origin: View, weights: Patched) -> Lent:
        if isinstance(origin.by, Lent):
            return origin.by.patched(weights)
        return Lent(origin.by, weights, NOWHERE, partial(self._origin.scratch, name)).patched(weights)

    def unburdened(self) -> View:
        return self._origin.unburdened()

    def variant(self, tolls: Tolls) -> Person:
        return Variant(self._origin, tolls)

    def _open_now(self, streets: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return self._origin._open_now(streets)
