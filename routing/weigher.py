"""One graph weighed for many people: what they share is made once (ENGINE 4).

Three things make a person's weights. How they go (profile, options, what not knowing means) gives costs, whatever the
limits. Where their limits lie among the values of the map gives what is broken, whatever the numbers. Their own numbers
give the harm of what is broken, and their own speed the time: both are reckoned for the few arcs that are looked at.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from msgspec import msgpack, structs
from numpy.typing import NDArray

from accessibility.profiles import Limits, Prefer, Profile, built_in
from accessibility.time_rules import at_best
from accessibility.verdict import Columns, Part, Ranks, Verdict, columns, grades, judge_passages, judge_runs, judge_ways
from accessibility.verdict.bounds import up_above
from routing.costs import Arcs, Bools, Breaks, Floats, Strict, Weighing, units_of
from routing.graph import StreetGraph
from routing.patched import NOWHERE, Later, Patched, Places
from routing.runs import runs

MANNERS_KEPT = 16
"""Ways of going (profile, options, what not knowing means) whose costs stay in memory."""
RUNS_KEPT = 8
TIMES_KEPT = 256
"""Speeds of their own that people came with; each takes some bytes for each row of facts."""

Rates = tuple[NDArray[Any], NDArray[Any]]
"""Per metre and once, for each row of the tables."""


class Weigher:
    """Weighs one graph for many people.

    Places are weighed as when they are open; what closes them by the clock is laid over that (`routing.timing`).
    """

    def __init__(self, graph: StreetGraph) -> None:
        self._graph = graph
        self._ways: Columns = columns([at_best(facts) for facts in graph.way_facts])
        self._incline = grades(self._ways)
        self._passages: Columns = columns([at_best(facts) for facts in graph.passage_facts])
        self._ranks = Ranks(self._ways, self._passages, built_in["walk"])
        self._row = _rows(graph)
        """Of each arc [2E]: ways along, ways against, passages along, passages against, one table behind the other."""
        self._metres = np.repeat(graph.edge_length_m, 2)
        self._metres[2 * graph.first_passage :] = 0.0
        self._nothing = np.full(2 * graph.edge_count, np.nan)
        self._manners: OrderedDict[bytes, Weighing] = OrderedDict()
        self._times: OrderedDict[bytes, Rates] = OrderedDict()
        self._breaks: WeakValueDictionary[Hashable, Breaks] = WeakValueDictionary()
        """Kept while somebody has them."""
        self._steep: OrderedDict[int, tuple[Floats, Floats]] = OrderedDict()

    def weigh(self, profile: Profile) -> Weighing:
        """What every arc means to this person; a speed of their own changes durations, never which way is chosen."""
        usual = built_in[profile.id].speed_mps
        key, manner = self._manner(structs.replace(profile, speed_mps=usual))
        rank = key, self._ranks.of(profile.limits)
        breaks = self._breaks.get(rank)
        if breaks is None:
            breaks = self._breaks[rank] = self._broken(manner, profile)
        out = replace(
            manner,
            profile=profile,
            violated=breaks.violated,
            breaks=breaks,
            harm=Reckoned(self, lambda: self._harm(profile), breaks.too_long),
            run_length_m=Patched(self._nothing, breaks.too_long, breaks.run_length_m),
            run_grade=Patched(self._nothing, breaks.too_long, breaks.run_grade),
        )
        if profile.speed_mps == usual:
            return out
        return replace(out, duration_s=Reckoned(self, lambda: self._time(profile), NOWHERE))

    def _manner(self, profile: Profile) -> tuple[bytes, Weighing]:
        """How this person goes when there are no limits, and its key; kept for a few."""
        # How often somebody wants to sit is a matter of the search for seats (`routing.resting`).
        bare = structs.replace(profile, limits=Limits(), prefer=structs.replace(profile.prefer, seat_every_m=None))
        key = msgpack.encode(bare)
        found = self._manners.get(key)
        if found is None:
            found = self._manners[key] = self._unlimited(bare)
            while len(self._manners) > MANNERS_KEPT:
                self._manners.popitem(last=False)
        self._manners.move_to_end(key)
        return key, found

    def _judged(self, profile: Profile, part: Part) -> list[Verdict]:
        """The verdicts behind `_row`."""
        ways, passages, ends = self._ways, self._passages, (False, True)
        return [
            *(judge_ways(ways, profile, reverse=reverse, part=part) for reverse in ends),
            *(judge_passages(passages, profile, reverse=reverse, part=part) for reverse in ends),
        ]

    def _unlimited(self, profile: Profile) -> Weighing:
        found = self._judged(profile, "all")
        row, metres, arcs = self._row, self._metres, len(self._row)
        forbidden, private = _whole(found, "forbidden")[row], _whole(found, "private")[row]
        cost_s = _whole(found, "cost_per_m_s")[row] * metres + _whole(found, "cost_fixed_s")[row]
        nothing, open_ = np.zeros(arcs, bool), ~forbidden
        passable = open_[0::2] | open_[1::2]
        empty = np.zeros(0)
        nobody = Breaks(nothing, empty.astype(np.uint32), Later(lambda: empty), NOWHERE, empty, empty, passable)
        return Weighing(
            profile,
            forbidden=forbidden,
            private=private,
            violated=nothing,
            duration_s=_whole(found, "duration_per_m_s")[row] * metres + _whole(found, "duration_fixed_s")[row],
            cost_s=cost_s,
            harm=np.zeros(arcs),
            run_length_m=self._nothing,
            run_grade=self._nothing,
            units=units_of(cost_s),
            breaks=nobody,
        )

    def _broken(self, manner: Weighing, profile: Profile) -> Breaks:
        """What breaks these limits."""
        found = self._judged(profile, "breaks")
        violated: Bools = _whole(found, "violated")[self._row]
        too_long, length, grade = self._runs_too_long(profile, _whole(found, "needs_run"))
        violated[too_long] = True
        limited = replace(manner, violated=violated)
        weights = Strict().weights(limited)
        weights.setflags(write=False)
        inside = Later(lambda: Strict().weights(limited, private=True))
        return Breaks(violated, weights, inside, too_long, length, grade, manner.breaks.passable)

    def _runs_too_long(self, profile: Profile, needs: Bools) -> tuple[Places, Floats, Floats]:
        """Arcs steeper than the limit but within the short one pass only while their whole run fits the ramp table."""
        if profile.limits.incline_up_max is None or not needs.any():
            return NOWHERE, np.zeros(0), np.zeros(0)
        arcs = needs[self._row].nonzero()[0]
        length, steepest = self._runs(up_above(profile.limits))
        too_long = arcs[judge_runs(self._grade(arcs), length[arcs], steepest[arcs], profile)]
        return too_long, length[too_long], steepest[too_long]

    def _grade(self, arcs: Arcs) -> Floats:
        """Signed grade of these arcs of streets, in the direction of travel."""
        incline = self._incline[self._graph.edge_facts[arcs >> 1]]
        return np.asarray(np.where(arcs & 1, -incline, incline))

    @cached_property
    def _grades(self) -> Floats:
        """Of every arc [2E]; NaN where unknown and on passages."""
        streets = self._graph.first_passage
        grade = np.full(len(self._row), np.nan)
        grade[: 2 * streets] = self._grade(np.arange(2 * streets))
        return grade

    def _runs(self, above: float) -> tuple[Floats, Floats]:
        """The runs steeper than this; limits between the same two grades of the map share them."""
        steep = int(np.count_nonzero(self._grades > above))
        found = self._steep.get(steep)
        if found is None:
            found = self._steep[steep] = runs(self._graph, self._grades, above)
            while len(self._steep) > RUNS_KEPT:
                self._steep.popitem(last=False)
        return found

    def _harm(self, profile: Profile) -> tuple[Rates, NDArray[Any]]:
        """Points of each row, and what each metre of a run adds that is too long."""
        found = self._judged(profile, "harm")
        return (_whole(found, "points_per_m"), _whole(found, "points_fixed")), _whole(found, "run_points_per_m")

    def _time(self, profile: Profile) -> tuple[Rates, NDArray[Any]]:
        """Seconds of each row; nothing more on runs."""
        bare = structs.replace(profile, limits=Limits(), prefer=Prefer(), unknown="warn")
        key = msgpack.encode(bare)
        rates = self._times.get(key)
        if rates is None:
            found = self._judged(bare, "time")
            rates = self._times[key] = _whole(found, "duration_per_m_s"), _whole(found, "duration_fixed_s")
            while len(self._times) > TIMES_KEPT:
                self._times.popitem(last=False)
        return rates, np.zeros(0)

    def reckon(self, rates: Rates, arcs: Any) -> Any:
        """What these rates come to on these arcs."""
        (per_m, fixed), row = rates, self._row[arcs]
        return per_m[row] * self._metres[arcs] + fixed[row]

    def per_m(self, rate: NDArray[Any], arcs: Any) -> Any:
        return rate[self._row[arcs]] * self._metres[arcs]


class Reckoned:
    """A column that is reckoned for the arcs that are looked at."""

    def __init__(
        self, weigher: Weigher, judge: Callable[[], tuple[Rates, NDArray[Any]]], runs: NDArray[np.int64]
    ) -> None:
        """`judge`: the rates of each row, and what counts besides on the ascending arcs `runs`; asked when first
        needed."""
        self._weigher, self._judge, self._runs = weigher, judge, runs

    @cached_property
    def _rates(self) -> tuple[Rates, NDArray[Any]]:
        return self._judge()

    def __len__(self) -> int:
        return len(self._weigher._row)

    def __getitem__(self, arcs: Any) -> Any:
        rates, in_run = self._rates
        found = self._weigher.reckon(rates, arcs)
        if len(self._runs):
            places = np.asarray(arcs)
            row = np.minimum(self._runs.searchsorted(places), len(self._runs) - 1)
            found = found + np.where(self._runs[row] == places, self._weigher.per_m(in_run, arcs), 0.0)
        return found

    def nowhere_above(self, other: Reckoned) -> bool:
        """Whether this is on no arc more than the other column, of the same map: by the rates, without a look at every
        arc."""
        (per_m, fixed), (theirs_per_m, theirs_fixed) = self._rates[0], other._rates[0]
        if (per_m > theirs_per_m).any() or (fixed > theirs_fixed).any():
            return False
        return not (len(self._runs) and (self[self._runs] > other[self._runs]).any())

    def dense(self) -> Floats:
        """Of every arc."""
        rates, in_run = self._rates
        out: Floats = self._weigher.reckon(rates, slice(None))
        out[self._runs] += self._weigher.per_m(in_run, self._runs) if len(self._runs) else 0.0
        return out


def _whole(verdicts: Sequence[Verdict], name: str) -> NDArray[Any]:
    """One column of all tables, one behind the other."""
    return np.concatenate([getattr(verdict, name) for verdict in verdicts])


def _rows(graph: StreetGraph) -> Arcs:
    """Where the verdict on each arc stands in the four tables [2E]."""
    s, ways = graph.first_passage, len(graph.way_facts)
    passages = len(graph.passage_facts)
    out = np.empty(2 * graph.edge_count, np.int32)
    out[0 : 2 * s : 2], out[1 : 2 * s : 2] = graph.edge_facts[:s], graph.edge_facts[:s] + ways
    out[2 * s :: 2] = graph.edge_facts[s:] + 2 * ways
    out[2 * s + 1 :: 2] = graph.edge_facts[s:] + (2 * ways + passages)
    return out
