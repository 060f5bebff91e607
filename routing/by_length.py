"""The map by length alone: the straight way, with which every other is compared."""

from __future__ import annotations

import numpy as np

from routing.attach import Prices, Private, Searched
from routing.engine import BLOCKED, Engine
from routing.graph import StreetGraph
from routing.people import Person

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
