"""The seam between meaning and numbers: (graph, profile) → weights per arc.

Everything per arc here comes from one verdict per interned row, multiplied by the arc's length; the engine sees only
the two weight arrays.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from msgspec import msgpack, structs
from numpy.typing import NDArray

from accessibility.profiles import Limits, Profile, built_in
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

MANNERS_KEPT = 16
"""Ways of going (profile, options, what not knowing means, speed) whose costs stay in memory."""
RUNS_KEPT = 8

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
    units: Weights
    """`cost_s` as the strict metric counts it."""

    def of(self, arcs: Arcs | None) -> Weighing:
        """The view of these arcs only."""
        if arcs is None:
            return self
        columns = {name: value[arcs] for name, value in vars(self).items() if name != "profile"}
        return Weighing(self.profile, **columns)

    def closed(self, private: bool) -> Bools:
        """What is never passed; with `private`, what is closed for more than its access."""
        return self.forbidden & ~self.private if private else self.forbidden


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
        return np.where(w.closed(private) | w.violated, np.uint32(BLOCKED), w.units)

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
    """Weighs one graph for many people: the columns of its facts are made once, and so is what no limit changes.

    Places are weighed as when they are open; what closes them by the clock is laid over that (`routing.timing`).
    """

    def __init__(self, graph: StreetGraph) -> None:
        self._graph = graph
        self._ways: Columns = columns([at_best(facts) for facts in graph.way_facts])
        self._incline = grades(self._ways)
        self._passages: Columns = columns([at_best(facts) for facts in graph.passage_facts])
        self._row = _rows(graph)
        """Of each arc [2E]: ways along, ways against, passages along, passages against, one table behind the other."""
        self._metres = np.repeat(graph.edge_length_m, 2)
        self._metres[2 * graph.first_passage :] = 0.0
        self._nothing = np.full(2 * graph.edge_count, np.nan)
        self._manners: OrderedDict[bytes, Weighing] = OrderedDict()
        self._steep: OrderedDict[int, tuple[Floats, Floats]] = OrderedDict()

    def weigh(self, profile: Profile) -> Weighing:
        """What every arc means to this person; a speed of their own changes durations, never which way is chosen.

        Limits change what is violated and nothing else: the rest is shared by all who go the same way.
        """
        usual = built_in[profile.id].speed_mps
        manner = self._manner(structs.replace(profile, speed_mps=usual))
        out = self._limited(manner, profile)
        if profile.speed_mps == usual:
            return out
        return replace(out, duration_s=self._manner(profile).duration_s)

    def _manner(self, profile: Profile) -> Weighing:
        """How this person goes when there are no limits; kept for a few."""
        bare = structs.replace(profile, limits=Limits())
        key = msgpack.encode(bare)
        found = self._manners.get(key)
        if found is None:
            found = self._manners[key] = self._unlimited(bare)
            while len(self._manners) > MANNERS_KEPT:
                self._manners.popitem(last=False)
        self._manners.move_to_end(key)
        return found

    def _judged(self, profile: Profile, *, limits_only: bool) -> list[Verdict]:
        """The verdicts behind `_row`."""
        ways, passages, ends = self._ways, self._passages, (False, True)
        return [
            *(judge_ways(ways, profile, reverse=reverse, limits_only=limits_only) for reverse in ends),
            *(judge_passages(passages, profile, reverse=reverse, limits_only=limits_only) for reverse in ends),
        ]

    def _unlimited(self, profile: Profile) -> Weighing:
        found = self._judged(profile, limits_only=False)
        row, metres = self._row, self._metres

        def per_arc(name: str) -> Any:
            return np.concatenate([getattr(verdict, name) for verdict in found])[row]

        arcs = len(row)
        cost_s = per_arc("cost_per_m_s") * metres + per_arc("cost_fixed_s")
        return Weighing(
            profile,
            forbidden=per_arc("forbidden"),
            private=per_arc("private"),
            violated=np.zeros(arcs, bool),
            duration_s=per_arc("duration_per_m_s") * metres + per_arc("duration_fixed_s"),
            cost_s=cost_s,
            points=np.zeros(arcs),
            run_length_m=self._nothing,
            run_grade=self._nothing,
            units=units_of(cost_s),
        )

    def _limited(self, manner: Weighing, profile: Profile) -> Weighing:
        """The same with what breaks the limits of `profile`."""
        found = self._judged(profile, limits_only=True)
        broken = np.concatenate([verdict.violated for verdict in found])
        per_m = np.concatenate([verdict.points_per_m for verdict in found])
        fixed = np.concatenate([verdict.points_fixed for verdict in found])
        violated: Bools = broken[self._row]
        arcs = violated.nonzero()[0]
        rows = self._row[arcs]
        points = np.zeros(len(violated))
        points[arcs] = per_m[rows] * self._metres[arcs] + fixed[rows]
        out = replace(manner, profile=profile, violated=violated, points=points)
        return self._with_runs(out, found)

    def _with_runs(self, out: Weighing, found: list[Verdict]) -> Weighing:
        """Arcs steeper than the limit but within the short one pass only while their whole run fits the ramp table."""
        limits = out.profile.limits
        needs = np.concatenate([verdict.needs_run for verdict in found])
        if limits.incline_up_max is None or not needs.any():
            return out
        arcs = needs[self._row].nonzero()[0]
        length, steepest = self._runs(limits.incline_up_max + GRADE_TOLERANCE)
        grade = self._grade(arcs)
        too_long = arcs[judge_runs(grade, length[arcs], steepest[arcs], out.profile)]
        if not len(too_long):
            return out
        per_m = np.concatenate([verdict.run_points_per_m for verdict in found])
        run_length_m, run_grade = self._nothing.copy(), self._nothing.copy()
        run_length_m[too_long], run_grade[too_long] = length[too_long], steepest[too_long]
        out.violated[too_long] = True
        out.points[too_long] += per_m[self._row[too_long]] * self._metres[too_long]
        return replace(out, run_length_m=run_length_m, run_grade=run_grade)

    def _grade(self, arcs: Arcs) -> Floats:
        """Signed grade of these arcs of streets, in the direction of travel."""
        incline = self._incline[self._graph.edge_facts[arcs >> 1]]
        return np.asarray(np.where(arcs & 1, -incline, incline))

    def _runs(self, above: float) -> tuple[Floats, Floats]:
        """The runs steeper than this; limits between the same two grades of the map share them."""
        streets = self._graph.first_passage
        grade = np.full(len(self._row), np.nan)
        grade[: 2 * streets] = self._grade(np.arange(2 * streets))
        steep = int(np.count_nonzero(grade > above))
        found = self._steep.get(steep)
        if found is None:
            found = self._steep[steep] = runs(self._graph, grade, above)
            while len(self._steep) > RUNS_KEPT:
                self._steep.popitem(last=False)
        return found


def _rows(graph: StreetGraph) -> Arcs:
    """Where the verdict on each arc stands in the four tables [2E]."""
    s, ways = graph.first_passage, len(graph.way_facts)
    passages = len(graph.passage_facts)
    out = np.empty(2 * graph.edge_count, np.int32)
    out[0 : 2 * s : 2], out[1 : 2 * s : 2] = graph.edge_facts[:s], graph.edge_facts[:s] + ways
    out[2 * s :: 2] = graph.edge_facts[s:] + 2 * ways
    out[2 * s + 1 :: 2] = graph.edge_facts[s:] + (2 * ways + passages)
    return out
