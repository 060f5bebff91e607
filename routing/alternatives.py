"""Other ways worth choosing: each different from those before it, not much dearer, and within the same limits.

The meanings come first (gentler, better known, …), then ways through other streets (ENGINE 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import shapely

from routing.answers import Missing
from routing.costs import Scale
from routing.found import Found
from routing.graph import StreetGraph
from routing.path import Piece, Pieces
from routing.people import Person
from routing.preferences import MOST_SEATS, WISHES, Wishes, limits_of
from routing.priced import Price, price
from routing.punctual import is_late
from routing.seats import Seats
from routing.timing import Timetable
from routing.via_streets import COST_MAX, Between, ViaStreets

SHARE_MAX = 0.7
"""No more of a way than this may be that of a way before it."""
SAME_STREET_M = 12.0
"""The other side of the street is no other way: so near to a way is along it."""
HARM_SPARE = 0.5
"""Points by which a way may look more harmful through rounding."""
BETTER = 0.9
"""A way is called gentlest (best known, …) if it has at most so much of what is to be avoided as the others."""

SHORTEST, DIFFERENT = "shortest", "different"


class Ground(Protocol):
    """What the search for alternatives needs of the router."""

    graph: StreetGraph
    timetable: Timetable
    wishes: Wishes
    via_streets: ViaStreets
    seats: Seats

    @property
    def streets(self) -> np.ndarray:
        """The lines of all streets, in the plane."""
        ...


@dataclass(frozen=True)
class Option:
    """A way that may be taken."""

    found: Found
    price: Price
    edges: np.ndarray
    metres: float
    streets: np.ndarray
    """The lines it leads along, in the plane."""

    @cached_property
    def line(self) -> shapely.Geometry:
        """All of them as one."""
        line = shapely.multilinestrings(self.streets)
        shapely.prepare(line)
        return line


class Alternatives:
    """For one question. Belongs to the engine thread."""

    def __init__(
        self,
        ground: Ground,
        best: Found,
        person: Person,
        seek: Callable[[Scale], Found | None],
        *,
        bent: bool = False,
    ) -> None:
        """`seek`: the best way by another scale between the same spots, from the same moment on, for `person`.

        `bent`: the best way is not the cheapest, for the sake of seats or of the battery.
        """
        self._ground, self._best, self._person, self._seek, self._bent = ground, best, person, seek, bent
        self._scale = limits_of(best.status)
        self._taken = [self._option(best)]
        self.missing: set[Missing] = set()
        """Why there are not more."""

    def up_to(self, most: int) -> list[tuple[Found, str]]:
        """The best way and at most so many others, each with why one might take it."""
        if self._taken[0].metres > 0:
            for found in self._candidates():
                if len(self._taken) > most:
                    break
                self._consider(found)
        if len(self._taken) <= most and not self.missing:
            self.missing.add("no_other_way")
        given = [(option.found, why) for option, why in zip(self._taken, self._whys(), strict=True)]
        order = (SHORTEST, *WISHES[self._person.base.profile.id], DIFFERENT)
        return sorted(given, key=lambda one: order.index(one[1]))

    def _candidates(self) -> Iterator[Found]:
        plain = self._seek(self._scale) if self._bent else None
        if plain is not None:
            yield plain
        for code in self._wished():
            scale = self._ground.wishes.scale(code, self._scale)
            self._ground.wishes.used(self._person.origin, scale)
            found = self._seek(scale)
            if found is not None:
                yield found
        yield from self._through_others()

    def _wished(self) -> Sequence[str]:
        """The wishes of this person that the best way leaves something of."""
        profile = self._person.base.profile.id
        wishes = self._ground.wishes
        return [
            code for code in WISHES[profile] if wishes.measure(code, self._best.legs) > 0 and self._is_sensible(code)
        ]

    def _is_sensible(self, code: str) -> bool:
        return code != MOST_SEATS or len(self._ground.seats) > 0

    def _through_others(self) -> Iterator[Found]:
        """Ways that leave the best one on one leg, the dearest leg first; a short leg would not make it another way."""
        person, spots = self._best.person, self._best.spots
        view = person.view(self._scale)
        own = [price(person, self._scale, [pieces]) for pieces in self._best.legs]
        for number in sorted(range(len(own)), key=lambda leg: -own[leg].seconds):
            pieces = Pieces.of(self._best.legs[number])
            if self._metres([pieces]) < (1 - SHARE_MAX) * self._taken[0].metres:
                self.missing.add("too_similar")
                continue
            best = own[number]
            most = self._scale.of(best.points + HARM_SPARE, COST_MAX * best.seconds)
            cost = self._scale.of(best.points, best.seconds)
            between = Between(spots[number], spots[number + 1], cost, most, self._metres([pieces]))
            known = [option.line for option in self._taken]
            for _, other in self._ground.via_streets.ways(view.metric, view.prices, between, known):
                legs = [*self._best.legs]
                legs[number] = other
                before = len(self._taken)
                yield replace(self._best, legs=legs)
                known += [option.line for option in self._taken[before:]]

    def _consider(self, found: Found) -> None:
        """Take it, or remember why not."""
        option = self._option(found)
        if option.metres <= 0 or np.array_equal(option.edges, self._taken[0].edges):
            return
        reason = self._refused(option)
        if reason is None:
            self._taken.append(option)
        else:
            self.missing.add(reason)

    def _refused(self, option: Option) -> Missing | None:
        best = self._taken[0].price
        if option.price.points > best.points + HARM_SPARE:
            return "more_harm"
        if option.price.seconds > COST_MAX * best.seconds:
            return "too_long"
        if any(self._shared(option, other) > SHARE_MAX for other in self._taken):
            return "too_similar"
        found = option.found
        late = is_late(self._ground.timetable, found.person, found.departure, found.legs)
        return "closed_on_arrival" if late else None

    def _shared(self, option: Option, other: Option) -> float:
        """How much of the shorter of two ways is on the streets of both."""
        graph = self._ground.graph
        legs = list(map(Pieces.of, option.found.legs))
        edge, share = np.concatenate([p.edge for p in legs]), np.concatenate([p.share for p in legs])
        metres = graph.edge_length_m[edge] * share
        common = np.isin(edge, other.edges)
        apart = (~common & (metres > 0)).nonzero()[0]
        common[apart] = shapely.dwithin(other.line, self._middles(edge[apart]), SAME_STREET_M)
        return float(metres[common].sum()) / max(min(option.metres, other.metres), 1e-9)

    def _middles(self, edge: np.ndarray) -> np.ndarray:
        """A point halfway along each street."""
        return np.asarray(shapely.line_interpolate_point(self._ground.streets[edge], 0.5, normalized=True))

    def _option(self, found: Found) -> Option:
        pieces = list(map(Pieces.of, found.legs))
        edges = np.unique(np.concatenate([p.edge for p in pieces]))
        streets = self._ground.streets[edges[edges < self._ground.graph.first_passage]]
        return Option(found, price(found.person, self._scale, pieces), edges, self._metres(pieces), streets)

    def _metres(self, legs: Sequence[Sequence[Piece]]) -> float:
        length = self._ground.graph.edge_length_m
        return sum(float(length[found.edge] @ found.share) for found in map(Pieces.of, legs))

    def _whys(self) -> list[str]:
        """What each way is the best at, clearly, among all that are offered; the best way itself is the shortest."""
        whys = [SHORTEST] + [DIFFERENT] * (len(self._taken) - 1)
        for code in WISHES[self._person.base.profile.id]:
            found = [self._left(code, option) for option in self._taken]
            first = int(np.argmin(found))
            others = [value for row, value in enumerate(found) if row != first]
            if whys[first] == DIFFERENT and all(found[first] < BETTER * value for value in others):
                whys[first] = code
        return whys

    def _left(self, code: str, option: Option) -> float:
        """What is to be avoided on a way; of seats, how few there are."""
        if code == MOST_SEATS:
            gone = self._ground.seats.gone(option.found.departure.overlay)
            return 1 / (1 + self._ground.seats.rest(option.found.legs, gone).seats)
        return self._ground.wishes.measure(code, option.found.legs)
