"""Many places to many places: time and length of the strict route between each two, exactly those of `routes`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from accessibility.profiles import Profile
from routing.answers import Waypoint
from routing.router import Router

CELLS_AT_ONCE = 32
"""So many cells are answered in one go (some milliseconds); routes of other people are answered in between."""


class Matrix(Struct, frozen=True):
    """Row per source, column per target; `None` where no path keeps every limit."""

    durations_s: list[list[float | None]]
    distances_m: list[list[float | None]]
    revision: int


def matrix(
    router: Router,
    sources: Sequence[Waypoint],
    targets: Sequence[Waypoint],
    profile: Profile,
    at: datetime | None = None,
) -> Matrix:
    """Every cell with the same barriers in force, and open what is open `at` the departure. Not in the engine thread.

    Raises `Refused("outside_map")` with the field of a place more than 500 m from any walkable way.
    """
    state = router.state
    starts = [router.near(place, f"sources[{row}]") for row, place in enumerate(sources)]
    goals = [router.near(place, f"targets[{column}]") for column, place in enumerate(targets)]
    pairs = [(start, goal) for start in starts for goal in goals]
    found: list[tuple[float, float] | None] = []
    for first in range(0, len(pairs), CELLS_AT_ONCE):
        found += router.ways(profile, state, pairs[first : first + CELLS_AT_ONCE], at)
    width = len(targets)
    rows = [found[row * width : (row + 1) * width] for row in range(len(sources))]
    return Matrix(
        [[None if cell is None else round(cell[0], 1) for cell in row] for row in rows],
        [[None if cell is None else round(cell[1], 1) for cell in row] for row in rows],
        state.revision,
    )
