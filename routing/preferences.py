"""Other wishes under the same hard limits: the gentlest way, the best known, … and the shortest by length.

Each is one more scale beside the strict one and that of least harm: what an arc costs this person, and so much on top.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accessibility.facts import PassageFacts, WayFacts, WayRole
from accessibility.profiles import built_in
from accessibility.verdict import unknowns
from routing.costs import Arcs, Harm, Scale, Strict, Weighing, Weights, units_of
from routing.graph import StreetGraph
from routing.path import Piece, Pieces
from routing.people import Person
from routing.seats import Seats
from routing.summary import known_kerb_m

Floats = NDArray[np.float64]

# What a wish adds, in metres of level way. All [E].
COMFORTABLE_GRADE = 0.04
"""A slope of so much is as bad as as many metres of way again; one twice as steep, four times."""
STEPS_GRADE = 0.20
"""Steps count as this steep, and nothing as steeper."""
UNKNOWN_SHARE = 0.2
"""Each of incline, surface and width that nobody has said."""
UNKNOWN_KERB_M = 20.0
SEATLESS_SHARE = 0.5
"""A street without seats …"""
SEAT_SERVES_M = 50.0
"""… where each would serve so many metres of it [S30]."""
CROSSING_M = 60.0
"""Stepping onto a carriageway or off it."""

GENTLEST, BEST_KNOWN, MOST_SEATS, FEWEST_CROSSINGS = "gentlest", "best_known", "most_seats", "fewest_crossings"
WISHES: dict[str, tuple[str, ...]] = {
    "manual_wheelchair": (GENTLEST, BEST_KNOWN, FEWEST_CROSSINGS),
    "power_wheelchair": (BEST_KNOWN, GENTLEST, FEWEST_CROSSINGS),
    "mobility_scooter": (GENTLEST, BEST_KNOWN, FEWEST_CROSSINGS),
    "rollator": (MOST_SEATS, GENTLEST, BEST_KNOWN, FEWEST_CROSSINGS),
    "cane_elderly": (MOST_SEATS, GENTLEST, FEWEST_CROSSINGS, BEST_KNOWN),
    "stroller": (GENTLEST, FEWEST_CROSSINGS, BEST_KNOWN, MOST_SEATS),
    "low_vision": (FEWEST_CROSSINGS, BEST_KNOWN, MOST_SEATS),
    "walk": (GENTLEST, FEWEST_CROSSINGS, MOST_SEATS),
}
"""What is worth another way to whom, the most useful first; who sits anyway wants no seats [E]."""

METRICS_KEPT = 32
"""So many customised wishes stay in memory, whosever they are."""


class Wishes:
    """What each wish adds to the edges of one map, in metres of level way [E]; made when first wished for."""

    def __init__(self, graph: StreetGraph, seats: Seats) -> None:
        self._graph, self._seats = graph, seats
        self._recent: OrderedDict[tuple[int, str], weakref.ref[Person]] = OrderedDict()

    def scale(self, code: str, base: Scale) -> Preferred:
        """The scale of this wish beside `base`."""
        return Preferred(code, base, self.metres(code))

    def shortest(self, base: Scale) -> Shortest:
        """By length alone, under the limits of `base`."""
        return Shortest(base, np.asarray(self._graph.edge_length_m))

    def metres(self, code: str) -> Floats:
        found: Floats = getattr(self, f"_{code}")
        return found

    def measure(self, code: str, legs: Sequence[Sequence[Piece]]) -> float:
        """How much of what the wish is to avoid there is on a way."""
        metres = self.metres(code)
        return sum(float(metres[found.edge] @ found.share) for found in map(Pieces.of, legs))

    def used(self, person: Person, scale: Scale) -> None:
        """This person's metric of this wish is about to be asked; the one not asked for longest is forgotten."""
        if basis(scale) is scale:
            return
        key = id(person), scale.name
        self._recent[key] = weakref.ref(person)
        self._recent.move_to_end(key)
        while len(self._recent) > METRICS_KEPT:
            (_, name), whose = self._recent.popitem(last=False)
            other = whose()
            if other is not None:
                other.forget(name)

    @cached_property
    def _gentlest(self) -> Floats:
        return self._of_streets([_steepness(facts) for facts in self._graph.way_facts])

    @cached_property
    def _best_known(self) -> Floats:
        streets = [UNKNOWN_SHARE * len(list(unknowns(facts))) for facts in self._graph.way_facts]
        passages = [UNKNOWN_KERB_M if _kerb_unknown(facts) else 0.0 for facts in self._graph.passage_facts]
        return self._of_streets(streets) + self._of_passages(passages)

    @cached_property
    def _most_seats(self) -> Floats:
        graph = self._graph
        bare = np.maximum(graph.edge_length_m - SEAT_SERVES_M * self._seats.on, 0.0)
        bare[graph.first_passage :] = 0.0
        return np.asarray(SEATLESS_SHARE * bare)

    @cached_property
    def _fewest_crossings(self) -> Floats:
        onto_roads = [
            CROSSING_M * facts.kerb_events if facts.mapped_crossing is not None else 0.0
            for facts in self._graph.passage_facts
        ]
        return self._of_passages(onto_roads)

    def _of_streets(self, per_m: Sequence[float]) -> Floats:
        """`per_m`: for each row of facts."""
        graph, out = self._graph, np.zeros(self._graph.edge_count)
        s = graph.first_passage
        if len(per_m):
            out[:s] = np.array(per_m)[graph.edge_facts[:s]] * graph.edge_length_m[:s]
        return out

    def _of_passages(self, each: Sequence[float]) -> Floats:
        graph, out = self._graph, np.zeros(self._graph.edge_count)
        s = graph.first_passage
        if len(each):
            out[s:] = np.array(each)[graph.edge_facts[s:]]
        return out


class Preferred:
    """A wish on top of another scale: its limits, its harm, and cost with what the wish adds."""

    def __init__(self, code: str, base: Scale, metres: Floats) -> None:
        """`metres`: what the wish adds to each edge, in metres of level way [E]."""
        self.name = f"{base.name} {code}"
        self.base, self._metres = base, metres

    def weights(self, weighing: Weighing, arcs: Arcs | None = None, *, private: bool = False) -> Weights:
        mine = weighing.of(arcs)
        more = self._metres.repeat(2) if arcs is None else self._metres[np.asarray(arcs) >> 1]
        # As everywhere, a speed of one's own does not change which way is chosen.
        pace = 1 / built_in[weighing.profile.id].speed_mps
        cost_s = mine.cost_s + more * pace
        return self.base.weights(replace(mine, cost_s=cost_s, units=units_of(cost_s)), private=private)

    def bars(self, forbidden: bool, violated: bool) -> bool:
        return self.base.bars(forbidden, violated)

    def of(self, points: float, cost_s: float) -> int:
        return self.base.of(points, cost_s)


class Shortest:
    """By length alone, under the limits and the harm of another scale: a metre instead of a second."""

    def __init__(self, base: Scale, metres: Floats) -> None:
        self.name = f"{base.name} shortest"
        self.base, self._metres = base, metres

    def weights(self, weighing: Weighing, arcs: Arcs | None = None, *, private: bool = False) -> Weights:
        mine = weighing.of(arcs)
        metres = self._metres.repeat(2) if arcs is None else self._metres[np.asarray(arcs) >> 1]
        return self.base.weights(replace(mine, cost_s=metres, units=units_of(metres)), private=private)

    def bars(self, forbidden: bool, violated: bool) -> bool:
        return self.base.bars(forbidden, violated)

    def of(self, points: float, cost_s: float) -> int:
        return self.base.of(points, 0.0)


def basis(scale: Scale) -> Scale:
    """The strict scale or that of harm, whose limits this one keeps."""
    return scale.base if isinstance(scale, Preferred | Shortest) else scale


def limits_of(status: str) -> Scale:
    """The scale that routes of this status are found by."""
    return Strict() if status == "ok" else Harm()


def _steepness(facts: WayFacts) -> float:
    """Metres of level way that each metre is as hard as, beyond itself."""
    grade = facts.incline if facts.incline is not None else facts.incline_coarse
    steep = STEPS_GRADE if facts.role is WayRole.STEPS else min(abs(grade or 0.0), STEPS_GRADE)
    return (steep / COMFORTABLE_GRADE) ** 2


def _kerb_unknown(facts: PassageFacts) -> bool:
    return facts.kerb_events > 0 and known_kerb_m(facts) is None
