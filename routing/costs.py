"""The seam between meaning and numbers: (graph, profile) → weights per arc.

Everything per arc here comes from one verdict per interned row, multiplied by the arc's length; the engine sees only
the two weight arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from accessibility.profiles import Profile, built_in
from accessibility.time_rules import at_best
from accessibility.verdict import Columns, Verdict, columns, grades, judge_passages, judge_runs, judge_ways
from routing.engine import BLOCKED
from routing.graph import StreetGraph
from routing.runs import runs

UNITS_PER_S = 100
"""The strict metric counts hundredths of a second."""
POINT_STEPS = 8
"""The harm metric counts eighths of a harm point …"""
HARM_SHIFT = 15
"""… above 15 bits of seconds; a path beyond either range is found by the exact search instead (ENGINE 1)."""

GRADE_TOLERANCE = 5e-4
"""Grades are compared with this much tolerance (CONTRACT §3)."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Weights = NDArray[np.uint32]
Arcs = NDArray[np.integer]


@dataclass(frozen=True)
class Weighing:
    """One person's view of every arc [2E]."""

    profile: Profile
    forbidden: Bools
    """Never passed."""
    private: Bools
    """Forbidden for access alone: may be used at an end of the route that lies on it."""
    violated: Bools
    """Breaks a hard limit: strict routing does not pass."""
    duration_s: Floats
    cost_s: Floats
    """Duration and soft penalties; never below the duration."""
    points: Floats
    """Harm points; 0 where no limit is broken."""
    run_length_m: Floats
    """Length of the ramp run an arc lies in, where that run is too long; else NaN."""
    run_grade: Floats

    def of(self, arcs: Arcs | None) -> Weighing:
        """The view of these arcs only."""
        if arcs is None:
            return self
        columns = {name: value[arcs] for name, value in vars(self).items() if name != "profile"}
        return Weighing(self.profile, **columns)

    def closed(self, private: bool) -> Bools:
        """What is never passed; with `private`, what is closed for more than its access."""
        return self.forbidden & ~self.private if private else self.forbidden


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
        # Rounded up, so that no arc is free by rounding.
        units = np.minimum(np.ceil(w.cost_s * UNITS_PER_S - 1e-6), BLOCKED - 1).astype(np.uint32)
        return np.where(w.closed(private) | w.violated, np.uint32(BLOCKED), units)

    def bars(self, forbidden: bool, violated: bool) -> bool:
        return forbidden or violated

    def of(self, points: float, cost_s: float) -> int:
        return math.ceil(cost_s * UNITS_PER_S)


class Harm:
    """Least harm first, then time."""

    name = "harm"

    def weights(self, weighing: Weighing, arcs: Arcs | None = None, *, private: bool = False) -> Weights:
        w = weighing.of(arcs)
        points = np.minimum(np.rint(w.points * POINT_STEPS), BLOCKED >> HARM_SHIFT).astype(np.int64)
        seconds = np.minimum(np.rint(w.cost_s), (1 << HARM_SHIFT) - 1).astype(np.int64)
        units = np.minimum((points << HARM_SHIFT) + seconds, BLOCKED - 1).astype(np.uint32)
        return np.where(w.closed(private), np.uint32(BLOCKED), units)

    def bars(self, forbidden: bool, violated: bool) -> bool:
        return forbidden

    def of(self, points: float, cost_s: float) -> int:
        return (round(points * POINT_STEPS) << HARM_SHIFT) + round(cost_s)


class Weigher:
    """Weighs one graph for many people: the columns of its facts are made once.

    Places are weighed as when they are open; what closes them by the clock is laid over that (`routing.timing`).
    """

    def __init__(self, graph: StreetGraph) -> None:
        self._graph = graph
        self._ways: Columns = columns([at_best(facts) for facts in graph.way_facts])
        self._incline = grades(self._ways)
        passages = [at_best(facts) for facts in graph.passage_facts]
        self._passages: Columns | None = columns(passages) if passages else None

    def weigh(self, profile: Profile) -> Weighing:
        """What every arc means to this person; a speed of their own changes durations, never which way is chosen."""
        usual = built_in[profile.id].speed_mps
        if profile.speed_mps == usual:
            return self._weigh(profile)
        chosen = self._weigh(structs.replace(profile, speed_mps=usual))
        return replace(chosen, profile=profile, duration_s=self._weigh(profile).duration_s)

    def _weigh(self, profile: Profile) -> Weighing:
        graph, s = self._graph, self._graph.first_passage
        rows, length = graph.edge_facts[:s], graph.edge_length_m[:s]
        along = judge_ways(self._ways, profile, reverse=False)
        against = judge_ways(self._ways, profile, reverse=True)
        arcs = 2 * graph.edge_count
        out = Weighing(
            profile,
            *(np.zeros(arcs, bool) for _ in range(3)),
            *(np.zeros(arcs) for _ in range(3)),
            *(np.full(arcs, np.nan) for _ in range(2)),
        )
        _spread(out, slice(0, 2 * s, 2), along, rows, length)
        _spread(out, slice(1, 2 * s, 2), against, rows, length)
        if self._passages is not None:
            rows = graph.edge_facts[s:]
            nothing = np.zeros(len(rows))
            _spread(out, slice(2 * s, None, 2), judge_passages(self._passages, profile, reverse=False), rows, nothing)
            _spread(
                out, slice(2 * s + 1, None, 2), judge_passages(self._passages, profile, reverse=True), rows, nothing
            )
        self._judge_runs(out, along, against)
        return out

    def _judge_runs(self, out: Weighing, along: Verdict, against: Verdict) -> None:
        """Arcs steeper than the limit but within the short one pass only while their whole run fits the ramp table."""
        graph, s, limits = self._graph, self._graph.first_passage, out.profile.limits
        if limits.incline_up_max is None or not (along.needs_run.any() or against.needs_run.any()):
            return
        grade = np.full(2 * graph.edge_count, np.nan)
        incline = self._incline[graph.edge_facts[:s]]
        grade[0 : 2 * s : 2], grade[1 : 2 * s : 2] = incline, -incline
        length, steepest = runs(graph, grade, limits.incline_up_max + GRADE_TOLERANCE)
        needs, per_m = np.zeros(2 * graph.edge_count, bool), np.zeros(2 * graph.edge_count)
        for start, verdict in ((0, along), (1, against)):
            needs[start : 2 * s : 2] = verdict.needs_run[graph.edge_facts[:s]]
            per_m[start : 2 * s : 2] = verdict.run_points_per_m[graph.edge_facts[:s]]
        too_long = np.flatnonzero(needs & judge_runs(grade, length, steepest, out.profile))
        out.violated[too_long] = True
        out.points[too_long] += per_m[too_long] * graph.edge_length_m[too_long >> 1]
        out.run_length_m[too_long], out.run_grade[too_long] = length[too_long], steepest[too_long]


def _spread(out: Weighing, arcs: slice, verdict: Verdict, rows: NDArray[np.int32], length: Floats) -> None:
    """Copy the verdict of each interned row to its arcs, per-metre terms times their length."""
    out.forbidden[arcs] = verdict.forbidden[rows]
    out.private[arcs] = verdict.private[rows]
    out.violated[arcs] = verdict.violated[rows]
    out.duration_s[arcs] = verdict.duration_per_m_s[rows] * length + verdict.duration_fixed_s[rows]
    out.cost_s[arcs] = verdict.cost_per_m_s[rows] * length + verdict.cost_fixed_s[rows]
    out.points[arcs] = verdict.points_per_m[rows] * length + verdict.points_fixed[rows]
