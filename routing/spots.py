"""Where a route may begin and end, from the likeliest choice to those that are as good a reading of the same place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from routing.snap import Candidates, PrivateWays, Snap, choose

SAME_PLACE_M = 0.5
"""Streets this close to the chosen spot are the same place: a bridge and what it crosses, storeys above each other."""
READINGS_MAX = 24

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]


def readings(near: Sequence[Candidates], usable: Bools, component: Ints, private: PrivateWays) -> Iterator[list[Snap]]:
    """Spots for all waypoints, likeliest first; none when a waypoint has no street that keeps the limits.

    Where private land leads nowhere, the public street beside it may; where two streets lie above each other, either.
    """
    first = choose(near, usable, component, private)
    if any(spot.last_metres for spot in first):
        return
    yield first
    public = first
    if any(component[spot.edge] < 0 for spot in first):
        public = choose(near, usable, component)
        if any(spot.last_metres for spot in public):
            return
        yield public
    options = [_same_place(found, spot, usable, component) for found, spot in zip(near, public, strict=True)]
    yield from map(list, islice(product(*options), 1, READINGS_MAX))


def _same_place(near: Candidates, chosen: Snap, usable: Bools, component: Ints) -> list[Snap]:
    """The chosen spot and the usable ones on it or hardly beside it."""
    found = [chosen]
    for row, edge in enumerate(near.edge.tolist()):
        if near.distance_m[row] > chosen.distance_m + SAME_PLACE_M:
            break
        if edge != chosen.edge and usable[edge] and component[edge] >= 0 and not near.is_cut(row):
            found.append(near[row])
    return found
