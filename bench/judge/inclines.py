"""Incline by direction of travel, with the run rule for ramps (CONTRACT section 3, PROFILES section 2).

Lengths of runs are computed, not tagged, so a band of 1 % + 0.1 m around the table belongs to nobody: the accuser
measures short, the searcher long.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from bench.judge import words
from bench.judge.limits import Limits
from bench.judge.osm import JudgeMap
from bench.judge.tables import GRADE_POINTS_PER_M, RAMP_ROWS, TOLERANCE_GRADE
from bench.judge.ways import way_stance

FUZZ = 1e-9
BAND_SHARE, BAND_M = 0.01, 0.1


class Inclines(NamedTuple):
    """Per directed arc: grade in the direction of travel (NaN = unknown), the limit it breaks (NaN = none), harm per
    metre.
    """

    grade: np.ndarray
    limit: np.ndarray
    per_m: np.ndarray


def inclines(world: JudgeMap, limits: Limits, *, fearful: bool) -> Inclines:
    """Judges every arc of the map once for one person."""
    grade = _grades(world, fearful=fearful)
    broken = np.full(len(grade), np.nan)
    slack = TOLERANCE_GRADE + (-FUZZ if fearful else FUZZ)
    if limits.down is not None:
        broken[-grade > limits.down + slack] = limits.down
    if limits.up is not None:
        short = limits.up if limits.up_short is None else limits.up_short
        broken[grade > limits.up + slack] = limits.up
        between = np.flatnonzero((grade > limits.up + slack) & (grade <= short + slack))
        if len(between):
            steep = np.flatnonzero((grade > limits.up + slack) & _passable(world, fearful=fearful))
            fits = _runs(world, steep, grade, fearful=fearful)
            broken[[a for a in between.tolist() if fits.get(a, True)]] = np.nan
    over = np.where(np.isnan(broken), 0.0, np.abs(np.nan_to_num(grade)) - np.nan_to_num(broken))
    return Inclines(grade, broken, over * GRADE_POINTS_PER_M)


def _grades(world: JudgeMap, *, fearful: bool) -> np.ndarray:
    """Signed grade of every directed arc; steps and lifts are judged by their own rules, never by a grade."""
    key = ("grades", fearful)
    if key not in world.memo:
        said = [
            None
            if row.tags.get("highway") in ("steps", "elevator")
            else words.grade(row.tags.get("incline"), fearful=fearful)
            for row in world.rows
        ]
        along = np.array([np.nan if g is None else g for g in said])[world.row_of]
        world.memo[key] = np.stack([along, -along], axis=1).ravel()
    return world.memo[key]


def _passable(world: JudgeMap, *, fearful: bool) -> np.ndarray:
    """Arcs that can be part of a run: for the accuser those surely walkable, for the searcher all."""
    if fearful:
        return np.ones(2 * len(world.tail), dtype=bool)
    open_rows = np.array([way_stance(row.tags, fearful=True).kind != "never" for row in world.rows])
    return np.repeat(open_rows[world.row_of], 2)


def _runs(world: JudgeMap, steep: np.ndarray, grade: np.ndarray, *, fearful: bool) -> dict[int, bool]:
    """For each steep arc: does the longest chain of steep arcs through it fit the ramp table."""
    tail = {a: int(world.head[a // 2] if a % 2 else world.tail[a // 2]) for a in steep.tolist()}
    head = {a: int(world.tail[a // 2] if a % 2 else world.head[a // 2]) for a in tail}
    leaving, entering = defaultdict(list), defaultdict(list)
    for arc in tail:
        leaving[tail[arc]].append(arc)
        entering[head[arc]].append(arc)
    size = {a: (float(world.length[a // 2]), float(grade[a])) for a in tail}
    after = _longest({a: leaving[head[a]] for a in tail}, size)
    before = _longest({a: entering[tail[a]] for a in tail}, size)
    out = {}
    for arc, (length, slope) in size.items():
        (more, rise, top), (less, fall, crest) = after[arc], before[arc]
        run = more + less - length
        out[arc] = _fits(run, rise + fall - length * slope, max(top, crest), fearful=fearful)
    return out


def _fits(length: float, rise: float, steepest: float, *, fearful: bool) -> bool:
    share, extra = (1 + BAND_SHARE, BAND_M) if fearful else (1 - BAND_SHARE, -BAND_M)
    for row_grade, longest, highest in RAMP_ROWS:
        if steepest <= row_grade + TOLERANCE_GRADE:
            return length * share + extra <= longest and rise * share + extra * steepest <= highest
    return False


def _longest(
    following: dict[int, list[int]], size: dict[int, tuple[float, float]]
) -> dict[int, tuple[float, float, float]]:
    """Longest chain starting with each arc: (length, rise, steepest grade); a circle is endless."""
    done: dict[int, tuple[float, float, float]] = {}
    open_: set[int] = set()
    for start in following:
        stack = [start]
        while stack:
            arc = stack[-1]
            if arc in done:
                stack.pop()
                continue
            waiting = [b for b in following[arc] if b not in done and b != arc ^ 1]
            if arc in open_ or not waiting:
                stack.pop()
                open_.discard(arc)
                length, slope = size[arc]
                nexts = [done.get(b, (np.inf, np.inf, 1.0)) for b in following[arc] if b != arc ^ 1]
                more, rise, top = max(nexts, default=(0.0, 0.0, 0.0))
                done[arc] = (length + more, length * slope + rise, max(slope, top))
            else:
                open_.add(arc)
                stack += [b for b in waiting if b not in open_]
                if any(b in open_ for b in waiting):
                    done.update({b: (np.inf, np.inf, 1.0) for b in waiting if b in open_})
    return done
