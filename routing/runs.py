"""Ramp runs: how long the steep stretch is that an arc belongs to (CONTRACT §3 "Incline", ENGINE 6)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from routing.graph import StreetGraph

RUN_CAP_M = 30.0
"""Longer than every row of the ramp table allows: beyond it the search need not look."""


def runs(
    graph: StreetGraph, grade: NDArray[np.float64], above: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Length in metres of the longest chain of arcs steeper than `above` through each arc, and its steepest grade.

    `grade` is signed in the direction of each arc [2E], NaN where unknown or on a passage. Arcs that are not steep get
    NaN. Edges of no length join what they lie between. A chain that closes on itself counts as `RUN_CAP_M`.
    """
    arcs = 2 * graph.edge_count
    length, steepest = np.full(arcs, np.nan), np.full(arcs, np.nan)
    steep = np.flatnonzero(np.nan_to_num(grade, nan=-1.0) > above)
    if not len(steep):
        return length, steepest
    search = _Chains(graph, grade, steep)
    for arc in steep.tolist():
        ahead_m, ahead_grade = search.reach(arc, forward=True)
        behind_m, behind_grade = search.reach(arc, forward=False)
        length[arc] = min(RUN_CAP_M, ahead_m + behind_m - search.metres[arc])
        steepest[arc] = max(ahead_grade, behind_grade)
    return length, steepest


class _Chains:
    """Steep arcs and how they join, both ways."""

    def __init__(self, graph: StreetGraph, grade: NDArray[np.float64], steep: NDArray[np.intp]) -> None:
        tail, head = graph.arcs()
        self.metres = {arc: float(graph.edge_length_m[arc >> 1]) for arc in steep.tolist()}
        self._grade = {arc: float(grade[arc]) for arc in steep.tolist()}
        # Nodes joined by an edge of no length (a passage, an entrance) answer to one of them.
        self._from: dict[int, int] = dict(zip(self.metres, graph.joined[tail[steep]].tolist(), strict=True))
        self._to: dict[int, int] = dict(zip(self.metres, graph.joined[head[steep]].tolist(), strict=True))
        self._leaving: defaultdict[int, list[int]] = defaultdict(list)
        self._arriving: defaultdict[int, list[int]] = defaultdict(list)
        for arc in self.metres:
            self._leaving[self._from[arc]].append(arc)
            self._arriving[self._to[arc]].append(arc)

    def reach(self, arc: int, *, forward: bool) -> tuple[float, float]:
        """Metres of the longest chain that starts with `arc` (or ends with it), and its steepest grade.

        Of two chains equally long the steeper counts.
        """
        return self._walk(arc, forward, frozenset(), RUN_CAP_M)

    def _walk(self, arc: int, forward: bool, seen: frozenset[int], left_m: float) -> tuple[float, float]:
        if arc in seen:
            return RUN_CAP_M, self._grade[arc]
        own, grade = self.metres[arc], self._grade[arc]
        best = own, grade
        if own >= left_m:
            return best
        onward = self._leaving[self._to[arc]] if forward else self._arriving[self._from[arc]]
        for other in onward:
            if other ^ 1 == arc:
                continue
            more_m, steepest = self._walk(other, forward, seen | {arc}, left_m - own)
            best = max(best, (own + more_m, max(grade, steepest)))
        return best
