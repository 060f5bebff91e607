"""How steep streets are by an elevation model: never finer than the model can say, never noisier than the ground.

A grade is the rise over a stretch of at least max(30 m, 1.5 pixels). A street shorter than that borrows the rest from
the ways it continues into; one longer than two such stretches is cut where it has vertices, and else as steep as the
steepest two stretches of it: over a single one, the noise of the model would make every long street steep.

Nothing is said of bridges, tunnels, indoor ways, steps and lifts (the ground is not where the feet are), of streets
under 10 m, and where no stretch of that length leads straight on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from accessibility.facts import WayFacts, WayRole
from routing.elevation import Elevation, Grid
from routing.geodesy import bearing_deg

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BASELINE_M, BASELINE_PIXELS = 30.0, 1.5  # TAGS, elevation
SHORTEST_M = 10.0  # PROFILES §2: below this a grade from elevation alone is unknown
FINE_PIXEL_M = 15.0  # CONTRACT §3: pixels above this cost and are never held against a way
QUANTUM_FINE, QUANTUM_COARSE = 0.005, 0.01
"""Grades are rounded to these steps: below what the models can tell, and few enough to keep interned facts few."""
LONGEST, WINDOW_STEP = 2.0, 0.25
"""In stretches: what a grade is told of at most, and how far apart a longer street is looked at."""
CUT, CUT_SLACK = 1.5, 0.25
"""In stretches: how long the pieces of a long street should be, and how far from there a vertex may lie."""
STEEPEST = 0.4
"""No street is steeper (Baldwin Street: 0.35): beyond it the model shows a wall or a cliff beside the way."""
STRAIGHT_ON_DEG = 60.0
"""A way continues into another that turns by no more than this."""
_HOPS = 64


@dataclass(frozen=True)
class Lines:
    """Streets as the build cuts them; S streets, V vertices, street e owns `start[e]:start[e + 1]`."""

    way: Ints
    """Equal for streets of one way [S]."""
    start: Ints
    """[S + 1]"""
    node: Ints
    """[V]"""
    lon: Floats
    lat: Floats
    step_m: Floats
    """Metres from each vertex to the next of the same street; 0 at the last one [V]."""
    on_ground: NDArray[np.bool_]
    """Whether feet are where the model shows the ground [S]."""


@dataclass(frozen=True)
class Inclines:
    """Per street the signed grade as a fraction, positive uphill along the way, NaN = unknown; and how it was found."""

    grade: Floats
    coarse: NDArray[np.bool_]
    """From pixels above 15 m."""


def baseline_m(pixel_m: float) -> float:
    """The shortest stretch over which a model of such pixels can tell a grade."""
    return max(BASELINE_M, BASELINE_PIXELS * pixel_m)


def cut_long(refs: Sequence[int], step_m: Floats, pixel_m: float) -> list[list[int]]:
    """A long street in pieces of one to two stretches, cut at its own vertices; `step_m` from each one to the next."""
    along = np.concatenate([[0.0], np.cumsum(step_m)])
    stretch = baseline_m(pixel_m)
    count = round(float(along[-1]) / (CUT * stretch))
    cuts = {0, len(refs) - 1}
    for number in range(1, count):
        off = np.abs(along - along[-1] * number / count)
        if off.min() <= CUT_SLACK * stretch:
            cuts.add(int(off.argmin()))
    return [list(refs[a : b + 1]) for a, b in pairwise(sorted(cuts))]


def inclines(elevation: Elevation, lines: Lines) -> Inclines:
    """Grade of every street from the finest model that knows it."""
    chains = _Chains(lines)
    count = len(lines.way)
    grade, coarse = np.full(count, np.nan), np.zeros(count, np.bool_)
    for grid in elevation.grids:
        asked = np.flatnonzero(np.isnan(grade) & lines.on_ground & (chains.length >= SHORTEST_M))
        if not len(asked):
            break
        is_coarse = grid.pixel_m > FINE_PIXEL_M
        quantum = QUANTUM_COARSE if is_coarse else QUANTUM_FINE
        raw = _grades(grid, chains, asked, baseline_m(grid.pixel_m))
        with np.errstate(invalid="ignore"):
            usable = np.abs(raw) <= STEEPEST
        # Adding zero turns the negative zero of a level street into zero: both are one fact.
        grade[asked[usable]] = np.rint(raw[usable] / quantum) * quantum + 0.0
        coarse[asked[usable]] = is_coarse
    return Inclines(np.round(grade, 4), coarse)


def _grades(grid: Grid, chains: _Chains, asked: Ints, baseline: float) -> Floats:
    """Signed grades of these streets, unrounded; NaN where the model or the ways do not reach far enough."""
    length = chains.length[asked]
    over = np.clip(length, baseline, LONGEST * baseline)
    spare = np.maximum(length - over, 0.0)
    windows = np.ceil(spare / (WINDOW_STEP * baseline)).astype(np.intp) + 1
    street = np.repeat(asked, windows)
    first = np.cumsum(windows) - windows
    number = np.arange(len(street)) - np.repeat(first, windows)
    offset: Floats = (number * np.repeat(spare / np.maximum(windows - 1, 1), windows)).astype(np.float64)
    begin, end = chains.spot(street, offset), chains.spot(street, offset + np.repeat(over, windows))
    for position in np.flatnonzero(length < baseline).tolist():
        begin[first[position]], end[first[position]] = chains.widened(int(asked[position]), baseline)
    heights = [grid.at(*chains.place(spot)) for spot in (begin, end)]
    grade = (heights[1] - heights[0]) / np.repeat(over, windows)
    steepest = np.maximum.reduceat(np.abs(grade), first)
    signed = _signed(grade, first, steepest)
    return np.where(np.isnan(steepest), np.nan, signed)  # a void anywhere along it: nobody can say


def _signed(grade: Floats, first: NDArray[np.intp], steepest: Floats) -> Floats:
    """The steepest grade with its sign; where up and down are equally steep, the one that outweighs the other."""
    up = np.isclose(np.maximum.reduceat(grade, first), steepest, rtol=0, atol=1e-9)
    down = np.isclose(-np.minimum.reduceat(grade, first), steepest, rtol=0, atol=1e-9)
    return np.where(up & ~(down & (np.add.reduceat(grade, first) < 0)), steepest, -steepest)


class _Chains:
    """Streets end to end on one long ruler, and what continues each at its ends.

    End `2e` is the start of street e, `2e + 1` its finish. A *spot* is a place on the ruler, NaN = nowhere.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        first, last = lines.start[:-1], lines.start[1:] - 1
        self.length: Floats = np.add.reduceat(lines.step_m, first)
        # A metre between neighbours keeps the last vertex of one street apart from the first of the next.
        step = lines.step_m.copy()
        step[last] = 1.0
        self._ruler: Floats = np.concatenate([[0.0], np.cumsum(step)[:-1]])
        self._base = self._ruler[first]
        out = np.empty(2 * len(first))
        lon, lat = lines.lon, lines.lat
        out[0::2] = bearing_deg(lon[first + 1], lat[first + 1], lon[first], lat[first])
        out[1::2] = bearing_deg(lon[last - 1], lat[last - 1], lon[last], lat[last])
        self._outward = out.tolist()
        self._node = np.stack([lines.node[first], lines.node[last]], axis=1).ravel().tolist()
        self._way = lines.way.tolist()
        self._metres: list[float] = self.length.tolist()
        self._at: dict[int, list[int]] = {}
        for street in np.flatnonzero(lines.on_ground).tolist():
            for end in (2 * street, 2 * street + 1):
                self._at.setdefault(self._node[end], []).append(end)

    def spot(self, street: Ints, along_m: Floats) -> Floats:
        """Places on streets by their distance from the start."""
        return self._base[street] + np.minimum(along_m, self.length[street])

    def place(self, spot: Floats) -> tuple[Floats, Floats]:
        """Degrees of these spots; nowhere stays NaN."""
        known = np.nan_to_num(spot, nan=0.0)
        lon, lat = (np.interp(known, self._ruler, degrees) for degrees in (self._lines.lon, self._lines.lat))
        nowhere = np.isnan(spot)
        return np.where(nowhere, np.nan, lon), np.where(nowhere, np.nan, lat)

    def widened(self, street: int, baseline: float) -> tuple[float, float]:
        """The stretch of `baseline` metres around a shorter street, half to each side where ways lead on."""
        missing = baseline - self._metres[street]
        before, after = self._onward(2 * street, missing), self._onward(2 * street + 1, missing)
        reach_before, reach_after = (sum(metres for _, metres in way) for way in (before, after))
        if reach_before + reach_after < missing - 1e-6:
            return np.nan, np.nan
        taken = min(reach_before, max(missing / 2, missing - reach_after))
        return self._along(2 * street, before, taken), self._along(2 * street + 1, after, missing - taken)

    def _onward(self, end: int, metres: float) -> list[tuple[int, float]]:
        """(end entered, metres used) of the streets that lead on from an end, until so much is gathered."""
        found: list[tuple[int, float]] = []
        seen = {end >> 1}
        while metres > 0 and len(found) < _HOPS:
            entered = self._next(end)
            if entered is None or entered >> 1 in seen:
                break
            seen.add(entered >> 1)
            used = min(metres, self._metres[entered >> 1])
            found.append((entered, used))
            metres -= used
            end = entered ^ 1
        return found

    def _next(self, end: int) -> int | None:
        """The end at which one goes straight on: the same way before others, then the least turn."""
        best, best_rank = None, (True, STRAIGHT_ON_DEG)
        for other in self._at.get(self._node[end], ()):
            if other >> 1 == end >> 1:
                continue
            turn = abs((self._outward[end] - self._outward[other]) % 360 - 180)
            rank = (self._way[other >> 1] != self._way[end >> 1], turn)
            if turn <= STRAIGHT_ON_DEG and rank <= best_rank:
                best, best_rank = other, rank
        return best

    def _along(self, end: int, onward: list[tuple[int, float]], metres: float) -> float:
        """The spot so many metres beyond an end."""
        for entered, used in onward:
            if metres <= used:
                return self._spot_inside(entered, metres)
            metres -= used
        # Nothing left to walk (or less than rounding): the end itself, or the far end of the last street.
        return self._spot_inside(onward[-1][0] ^ 1 if onward else end, 0.0)

    def _spot_inside(self, end: int, metres: float) -> float:
        """The spot so many metres inside a street from one of its ends."""
        street = end >> 1
        inside = self._metres[street] - metres if end & 1 else metres
        return float(self._base[street]) + min(max(inside, 0.0), self._metres[street])


def on_ground(facts: WayFacts) -> bool:
    """Whether an elevation model shows where the feet are on such a way, and a grade means something there."""
    climbs = facts.role in (WayRole.STEPS, WayRole.ESCALATOR, WayRole.LIFT)
    return not (facts.bridge or facts.tunnel or facts.indoor or climbs or any(facts.levels))


def wants_incline(facts: WayFacts) -> bool:
    """Whether elevation can say something about such a way that nobody has said."""
    return on_ground(facts) and facts.incline is None


def with_incline(facts: WayFacts, grade: float, coarse: bool) -> WayFacts:
    """The facts with a grade from elevation: never over a tagged number, nor against a tagged direction."""
    if math.isnan(grade) or facts.incline is not None:
        return facts
    if facts.incline_sign is not None and grade * facts.incline_sign < 0:
        return facts
    if coarse:
        return replace(facts, incline_coarse=grade)
    return replace(facts, incline=grade, incline_source="dem")
