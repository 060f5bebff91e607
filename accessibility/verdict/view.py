"""The facts as one person meets them in one direction of travel: the words in which rules are written."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.facts import Kerb, Surface, WayRole, Wheelchair
from accessibility.profiles import Profile
from accessibility.verdict.columns import Bools, Columns, Floats, codes
from accessibility.verdict.surfaces import SURFACES

GRADE_TOLERANCE = 5e-4
LENGTH_TOLERANCE_M = 1e-6

STEPS_ASSUMED = 10.0
"""Steps in a flight nobody has counted (PROFILES, head)."""

SLOWEST = 0.1
"""No slope slows anybody below this share of their level speed: beyond it the number says nothing any more [E]."""

KERB_ASSUMED_M: dict[Kerb, float] = {
    Kerb.FLUSH: 0.0,
    Kerb.NONE: 0.0,
    Kerb.LOWERED: 0.03,
    Kerb.ROLLED: 0.04,
    Kerb.RAISED: 0.16,
    Kerb.YES: np.nan,
}
"""Metres a kerb word stands for where nobody measured (CONTRACT §3)."""


def _by_code(kind: type[StrEnum], values: dict[Any, float], silent: float) -> Floats:
    """Values in the order of the codes; the last one, which code −1 picks, is for `None`."""
    return np.array([values[member] for member in kind] + [silent])


_KERB_BY_CODE = _by_code(Kerb, KERB_ASSUMED_M, np.nan)
_ROLL_BY_CODE = _by_code(Surface, {surface: row.roll for surface, row in SURFACES.items()}, 1.0)
_UNEVEN_BY_CODE = _by_code(Surface, {surface: row.uneven for surface, row in SURFACES.items()}, 0.0)


class View:
    """Columns, person and direction together. Every property is an array with one entry per row."""

    def __init__(self, cols: Columns, profile: Profile, *, reverse: bool = False) -> None:
        self.cols, self.p, self.limits = cols, profile, profile.limits
        self.direction = -1.0 if reverse else 1.0
        self.reverse = reverse

    def num(self, name: str) -> Floats:
        return self.cols[name]

    def is_(self, name: str, *members: StrEnum) -> Bools:
        """Is the enum column one of `members`?"""
        column, code = self.cols[name], codes(type(members[0]))
        found: Bools = column == code[members[0]]
        for member in members[1:]:
            found = found | (column == code[member])
        return found

    def worse(self, name: str, member: StrEnum | None) -> Floats:
        """How many places further down the enum's scale than `member`; 0 where not said, not worse or no limit."""
        if member is None:
            return np.zeros(self.cols.n)
        return np.maximum(self.cols[name].astype(np.float64) - codes(type(member))[member], 0.0)

    def said(self, name: str) -> Bools:
        """Has anybody said?"""
        column = self.cols[name]
        known: Bools = ~np.isnan(column) if column.dtype.kind == "f" else column != -1
        return known

    def yes(self, name: str) -> Bools:
        found: Bools = self.cols[name] == 1
        return found

    def no(self, name: str) -> Bools:
        """Said to be not so; silence is not a no."""
        found: Bools = self.cols[name] == 0
        return found

    def everywhere(self, value: float | bool) -> NDArray[Any]:
        return np.full(self.cols.n, value)

    @cached_property
    def share(self) -> Floats:
        """How much of what counts once on a way counts on this stretch of it; 1 at nodes."""
        return self.num("flight_share") if "flight_share" in self.cols else np.ones(self.cols.n)

    @cached_property
    def vouched(self) -> Bools:
        """Somebody on site said that a wheelchair can pass: lifts what is unknown, and refusals of the ground."""
        return self.is_("wheelchair", Wheelchair.YES)

    @cached_property
    def level_ground(self) -> Bools:
        """Ways on which incline, width and surface are judged: neither steps nor lifts."""
        return ~steps_or_lift(self.cols)

    @cached_property
    def known_grade(self) -> Floats:
        """Signed grade in the direction of travel; NaN where no judgeable number is there."""
        return self.direction * grades(self.cols)

    @cached_property
    def grade(self) -> Floats:
        """Signed grade that travel is reckoned with: known, else coarse, else level."""
        coarse = self.direction * self.num("incline_coarse")
        found = np.where(np.isnan(self.known_grade), np.where(self.level_ground, coarse, np.nan), self.known_grade)
        return np.nan_to_num(found, nan=0.0)

    @cached_property
    def up(self) -> Floats:
        """Known grade uphill; 0 where it is level, downhill or unknown."""
        return np.maximum(np.nan_to_num(self.known_grade, nan=0.0), 0.0)

    @cached_property
    def down(self) -> Floats:
        return np.maximum(-np.nan_to_num(self.known_grade, nan=0.0), 0.0)

    @cached_property
    def kerb_m(self) -> Floats:
        """Height of the kerb: measured, else what its word stands for, else NaN."""
        measured = self.num("kerb_height_m")
        return np.where(np.isnan(measured), _KERB_BY_CODE[self.cols["kerb"]], measured)

    @cached_property
    def kerb_events(self) -> Floats:
        """Changes of level: what the passage was given; one for a crossing way that names its own kerbs."""
        if "kerb_events" in self.cols:
            return self.num("kerb_events")
        return np.where(self.yes("crossing") & (self.said("kerb") | self.said("kerb_height_m")), 1.0, 0.0)

    @cached_property
    def steps(self) -> Floats:
        """Steps in the flight: counted, else assumed; 0 where there are none."""
        counted = self.num("step_count")
        flight = self.is_("role", WayRole.STEPS, WayRole.ESCALATOR)
        return np.where(np.isnan(counted), np.where(flight, STEPS_ASSUMED, 0.0), counted)

    @cached_property
    def level_pace(self) -> float:
        """Seconds per metre on the level."""
        return 1.0 / self.p.speed_mps

    @cached_property
    def pace(self) -> Floats:
        """Seconds per metre with slope, ground and cross slope."""
        factor = slope_factor(self.grade, self.p)
        if self.p.gait.rolls:
            factor = factor * _ROLL_BY_CODE[self.cols["surface"]]
        if self.p.gait.drifts:
            beyond = np.maximum(np.nan_to_num(self.num("cross_slope"), nan=0.0) * 100 - 2, 0.0)
            factor = factor / (1 + self.p.gait.drifts * beyond)
        paced: Floats = self.level_pace / factor
        return paced

    @cached_property
    def uneven(self) -> Floats:
        """0 (smooth underfoot) to 1 (worst), by surface; 0 where not said."""
        found: Floats = _UNEVEN_BY_CODE[self.cols["surface"]]
        return found


def steps_or_lift(cols: Columns) -> Bools:
    """Ways that are climbed or ridden: their slope is no ramp."""
    code, role = codes(WayRole), cols["role"]
    found: Bools = np.isin(role, [code[WayRole.STEPS], code[WayRole.ESCALATOR], code[WayRole.LIFT]])
    return found


def grades(cols: Columns) -> Floats:
    """Signed grade along each way that limits and runs are judged by; NaN where nobody said, on steps and in lifts."""
    return np.where(steps_or_lift(cols), np.nan, cols["incline"])


def slope_factor(grade: Floats, profile: Profile) -> Floats:
    """f(g) of PROFILES §3: the share of the level speed that is left on a signed grade."""
    gait = profile.gait
    if gait.tobler:
        factor = np.minimum(1.2, np.exp(-3.5 * (np.abs(grade + 0.05) - 0.05)))
    else:
        factor = np.exp(-gait.k_up * np.maximum(grade, 0.0) - gait.k_down * np.maximum(-grade - 0.03, 0.0))
    slowed: Floats = np.maximum(factor, SLOWEST)
    return slowed
