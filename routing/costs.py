"""The seam between meaning and numbers: (graph, profile) → weights per arc.

Everything per arc here comes from one verdict per interned row, multiplied by the arc's length; the engine sees only
the two weight arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from accessibility.profiles import Profile
from routing.engine import BLOCKED
from routing.patched import Column, Later, Places, Taken, dense

UNITS_PER_S = 100
"""The strict metric counts hundredths of a second."""
POINT_STEPS = 8
"""The harm metric counts eighths of a harm point …"""
HARM_SHIFT = 15
"""… above 15 bits of seconds; a path beyond either range is found by the exact search instead (ENGINE 1)."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Weights = NDArray[np.uint32]
Arcs = NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Breaks:
    """Which arcs break a limit: one for all whose limits are the same on this map, whatever their numbers."""

    violated: Bools
    strict: Weights
    """The strict weights of the bare map …"""
    inside: Later
    """… and where what access alone closes is open."""
    too_long: Places
    """Ascending arcs whose ramp run is too long …"""
    run_length_m: Floats
    """… with its length, and its steepest grade."""
    run_grade: Floats
    passable: Bools
    """Edges that may be passed at all in one direction at least [E]."""

    @cached_property
    def usable(self) -> Bools:
        """Edges that can be used within every limit, in one direction at least [E]."""
        open_ = self.strict < BLOCKED
        return np.asarray(open_[0::2] | open_[1::2])

    @cached_property
    def count(self) -> int:
        return int(np.count_nonzero(self.violated))

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        return np.packbits(self.violated)

    @property
    def nbytes(self) -> int:
        return self.violated.nbytes + self.strict.nbytes + self.violated.nbytes // 8

    def within(self, other: Breaks) -> bool:
        """Whether nothing breaks a limit here that does not break one there."""
        if self is other:
            return True
        return self.count <= other.count and not (self.bits & ~other.bits).any()


@dataclass(frozen=True, eq=False)
class Weighing:
    """One person's view of every arc [2E]; columns are arrays, or read like them."""

    profile: Profile
    forbidden: Column
    """Never passed."""
    private: Column
    """Forbidden for access alone: may be used at an end of the route that lies on it."""
    violated: Column
    """Breaks a hard limit: strict routing does not pass."""
    duration_s: Column
    cost_s: Column
    """Duration and soft penalties; never below the duration."""
    harm: Column
    """Harm points; 0 where no limit is broken."""
    run_length_m: Column
    """Length of the ramp run an arc lies in, where that run is too long; else NaN."""
    run_grade: Column
    units: Column
    """`cost_s` as the strict metric counts it."""
    breaks: Breaks
    """On the bare map."""

    @cached_property
    def points(self) -> Floats:
        """`harm` as an array."""
        return dense(self.harm)

    def of(self, arcs: Arcs | None) -> Weighing:
        """The view of these arcs only."""
        if arcs is None:
            return self
        now = {name: getattr(self, name)[arcs] for name in ("forbidden", "private", "violated", "cost_s", "units")}
        later = {name: Taken(getattr(self, name), arcs) for name in ("duration_s", "harm", "run_length_m", "run_grade")}
        return Weighing(self.profile, breaks=self.breaks, **now, **later)

    def closed(self, private: bool) -> Bools:
        """What is never passed; with `private`, what is closed for more than its access."""
        forbidden = dense(self.forbidden)
        return forbidden & ~dense(self.private) if private else forbidden


def units_of(cost_s: Floats) -> Weights:
    """Seconds as the strict metric counts them: rounded up, so that no arc is free by rounding."""
    return np.minimum(np.ceil(cost_s * UNITS_PER_S - 1e-6), BLOCKED - 1).astype(np.uint32)


class Scale(Protocol):
    """How one person's view of the map becomes one whole number per arc."""

    name: str

    def weights(self, weighing: Weighing, arcs: Arcs | None = None, *, private: bool = False) -> Weights:
        """Weights of these arcs (all without them); `private` opens what access alone closes."""
        ...

    def bars(self, forbidden: bool, violated: bool) -> bool:
        """Whether such a barrier cannot be passed."""
        ...

    def of(self, points: float, cost_s: float) -> int:
        """What such a barrier adds."""
        ...


class Strict:
    """Only arcs that keep every limit, by cost, in hundredths of a second."""

    name = "strict"

    def weights(self, weighing: Weighing, arcs: Arcs | None = None, *, private: bool = False) -> Weights:
        w = weighing.of(arcs)
        return np.where(w.closed(private) | dense(w.violated), np.uint32(BLOCKED), dense(w.units))

    def bars(self, forbidden: bool, violated: bool) -> bool:
        return forbidden or violated

    def of(self, points: float, cost_s: float) -> int:
        return math.ceil(cost_s * UNITS_PER_S)


class Harm:
    """Least harm first, then time."""

    name = "harm"

    def weights(self, weighing: Weighing, arcs: Arcs | None = None, *, private: bool = False) -> Weights:
        w = weighing.of(arcs)
        units: Weights = np.minimum(np.rint(dense(w.cost_s)), (1 << HARM_SHIFT) - 1).astype(np.uint32)
        # Points are where a limit is broken, and nowhere else.
        broken = dense(w.violated).nonzero()[0]
        points = np.minimum(np.rint(w.harm[broken] * POINT_STEPS), BLOCKED >> HARM_SHIFT).astype(np.int64)
        units[broken] = np.minimum((points << HARM_SHIFT) + units[broken], BLOCKED - 1)
        units[w.closed(private)] = BLOCKED
        return units

    def bars(self, forbidden: bool, violated: bool) -> bool:
        return forbidden

    def of(self, points: float, cost_s: float) -> int:
        return (round(points * POINT_STEPS) << HARM_SHIFT) + round(cost_s)
