"""The ramp rule: a steep stretch is fine while the whole run is short enough (CONTRACT §3, PROFILES §2)."""

from __future__ import annotations

import numpy as np

from accessibility.profiles import Profile
from accessibility.verdict.columns import Bools, Floats
from accessibility.verdict.view import GRADE_TOLERANCE, LENGTH_TOLERANCE_M

RAMP_TABLE: tuple[tuple[float, float], ...] = (
    (1 / 20, 24.0),
    (1 / 16, 14.4),
    (1 / 12, 9.0),
    (1 / 10, 6.0),
    (1 / 8, 2.4),
)
"""(grade as a fraction, longest run in metres), GB 50763-2012 table 3.4.4; the rise follows from both."""

STEEPEST_RUN = RAMP_TABLE[-1][0]
"""Steeper than this no run is short enough."""

_GRADES = np.array([grade for grade, _ in RAMP_TABLE])
_LENGTHS_M = np.array([length for _, length in RAMP_TABLE] + [0.0])


def longest_run_m(run_grade: Floats) -> Floats:
    """How long a run may be by its steepest grade: the first row at least as steep; 0 where steeper than 1:8."""
    row = np.searchsorted(_GRADES + GRADE_TOLERANCE, run_grade, side="left")
    return _LENGTHS_M[np.where(np.isnan(run_grade), len(_GRADES), row)]


def judge_runs(grade: Floats, run_length_m: Floats, run_grade: Floats, profile: Profile) -> Bools:
    """Which arcs break the uphill limit, given the run each lies in.

    `grade`: signed fraction in the direction of travel; `run_length_m`: length of the longest chain of arcs above
    `incline_up_max` in this direction through the arc, itself included; `run_grade`: steepest grade in that chain.
    Arrays of equal length. Above the limit a run of NaN counts as broken; an unknown grade does not.
    """
    top = profile.limits.incline_up_max
    if top is None:
        return np.zeros(len(grade), np.bool_)
    short = profile.limits.incline_up_short_max
    above: Bools = np.nan_to_num(grade, nan=0.0) > top + GRADE_TOLERANCE
    steep = grade > max(top, top if short is None else short) + GRADE_TOLERANCE
    fits = run_length_m <= longest_run_m(np.fmax(run_grade, grade)) + LENGTH_TOLERANCE_M
    broken: Bools = above & (steep | ~fits)
    return broken
