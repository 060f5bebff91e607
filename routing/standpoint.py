"""One person's strict map at one moment, for questions about many places: nothing in it changes any more.

Made in the engine thread, looked at from any other: a long question never holds up the routes of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.attach import Attachments, Leg, Prices, Search, leg
from routing.costs import Weighing
from routing.graph import StreetGraph
from routing.overlay import Tolls
from routing.path import Piece
from routing.snap import Candidates, PrivateWays, Snap, choose_one
from routing.spots import readings
from routing.stretches import walked


@dataclass(frozen=True)
class Standpoint:
    """What this person can use within every limit, with the barriers up to `revision`."""

    graph: StreetGraph
    around: Attachments
    usable: NDArray[np.bool_]
    """Streets within the limits in one direction at least [S]."""
    component: NDArray[np.int32]
    base: Weighing
    """Without barriers."""
    weighing: Weighing
    tolls: Tolls
    prices: Prices
    revision: int

    def readings(self, near: Sequence[Candidates]) -> Iterator[list[Snap]]:
        """The spots a strict route between these places may use, as `routes` tries them; none where one has none."""
        return readings(near, self.usable, self.component, self._private_ways)

    def spot(self, near: Candidates) -> Snap | None:
        """Where this person sets out; `None` where no street near this place is within the limits."""
        found = choose_one(near, self.usable, self.component, self._private_ways)
        return None if found.last_metres else found

    def way(self, search: Search, near: Sequence[Candidates]) -> Leg | None:
        """The leg of the strict route between two places. In the engine thread, while `search` is of this moment."""
        for a, b in self.readings(near):
            found = leg(search, self.around, a, b, self.prices)
            if found is not None:
                return found
        return None

    def seconds_and_metres(self, pieces: Sequence[Piece]) -> tuple[float, float]:
        """Travel time and length of a path, as its route tells them."""
        kept = walked(self.graph, pieces)
        share = kept.share
        return float(self.weighing.duration_s[kept.arc] @ share), float(self.graph.edge_length_m[kept.edge] @ share)

    def _private_ways_of(self, edge: int) -> frozenset[int]:
        assert self.prices.private is not None
        return self.around.components(edge, self.prices.private)

    @property
    def _private_ways(self) -> PrivateWays:
        return self._private_ways_of
