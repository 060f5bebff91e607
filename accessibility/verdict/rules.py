"""What a rule is, and the one small interpreter that walks a table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.verdict.columns import Bools, Floats
from accessibility.verdict.view import View

Expr = Callable[[View], Any]
"""One value per row, or one for all."""


class Kind(StrEnum):
    """What a rule does where it applies."""

    FORBIDDEN = "forbidden"
    """Never passed, by nobody whom it concerns."""
    PRIVATE = "private"
    """Never passed, except at an end of the route."""
    VIOLATION = "violation"
    """A hard limit is broken: harm points."""
    RUN = "run"
    """Broken only when the whole run is too long: the caller decides; harm points if so."""
    UNKNOWN = "unknown"
    """Nobody has said: a violation, a cost or nothing, as the person chose."""
    TIME = "time"
    """Seconds that the watch shows."""
    COST = "cost"
    """Seconds of effort or risk that the watch does not show."""


@dataclass(frozen=True)
class Rule:
    """One row of policy.

    `points` and `seconds` count per event, `…_per_m` per metre; `value` names a fact or reckons one.
    """

    name: str
    code: str
    kind: Kind
    when: Expr
    points: Expr | None = None
    points_per_m: Expr | None = None
    seconds: Expr | None = None
    seconds_per_m: Expr | None = None
    value: str | Expr | None = None
    limit: Expr | None = None
    assumed: Expr | None = None


@dataclass(frozen=True)
class Verdict:
    """What rows of facts mean to one person in one direction; one entry per row, per-metre terms times the length."""

    forbidden: Bools
    """Never passed, not even in `least_bad`; private ways included."""
    private: Bools
    """Forbidden for access alone: may be used at an end of the route."""
    duration_per_m_s: Floats
    duration_fixed_s: Floats
    cost_per_m_s: Floats
    """Duration and soft penalties in seconds; never below the duration."""
    cost_fixed_s: Floats
    violated: Bools
    """A hard limit is broken: strict routing does not pass."""
    points_per_m: Floats
    points_fixed: Floats
    needs_run: Bools
    """Uphill between `incline_up_max` and the short one: `judge_runs` decides, and if broken …"""
    run_points_per_m: Floats
    """… these points per metre are added."""


class _Tally:
    """The sums while a table is walked."""

    def __init__(self, n: int) -> None:
        self.flags = {kind: np.zeros(n, np.bool_) for kind in (Kind.FORBIDDEN, Kind.PRIVATE, Kind.VIOLATION, Kind.RUN)}
        self.sums = {name: np.zeros(n) for name in ("time", "time_m", "cost", "cost_m", "points", "points_m", "run_m")}

    def add(self, name: str, applies: Bools, amount: Expr | None, view: View) -> None:
        if amount is not None:
            self.sums[name] += np.where(applies, amount(view), 0.0)


def judge(table: Iterable[Rule], view: View) -> Verdict:
    """Walk the table once for all rows."""
    tally = _Tally(view.cols.n)
    for rule in table:
        applies = view.everywhere(False) | rule.when(view)
        if applies.any():
            _apply(rule, effect(rule, view), applies, tally, view)
    flags, sums = tally.flags, tally.sums
    for once in ("time", "cost", "points"):
        sums[once] *= view.share
    return Verdict(
        forbidden=flags[Kind.FORBIDDEN] | flags[Kind.PRIVATE],
        private=flags[Kind.PRIVATE] & ~flags[Kind.FORBIDDEN],
        duration_per_m_s=sums["time_m"],
        duration_fixed_s=sums["time"],
        cost_per_m_s=sums["time_m"] + sums["cost_m"],
        cost_fixed_s=sums["time"] + sums["cost"],
        violated=flags[Kind.VIOLATION],
        points_per_m=sums["points_m"],
        points_fixed=sums["points"],
        needs_run=flags[Kind.RUN],
        run_points_per_m=sums["run_m"],
    )


def effect(rule: Rule, view: View) -> Kind | None:
    """What a rule does to this person: for what nobody has said, they chose it themselves."""
    if rule.kind is not Kind.UNKNOWN:
        return rule.kind
    if view.p.unknown == "avoid" and rule.code.startswith("unknown_"):
        return Kind.VIOLATION
    return None if view.p.unknown == "allow" else Kind.COST


def _apply(rule: Rule, kind: Kind | None, applies: Bools, tally: _Tally, view: View) -> None:
    if kind is None:
        return
    if kind in tally.flags:
        tally.flags[kind] |= applies
    if kind is Kind.VIOLATION:
        tally.add("points", applies, rule.points, view)
        tally.add("points_m", applies, rule.points_per_m, view)
    elif kind is Kind.RUN:
        tally.add("run_m", applies, rule.points_per_m, view)
    elif kind is Kind.TIME:
        tally.add("time", applies, rule.seconds, view)
        tally.add("time_m", applies, rule.seconds_per_m, view)
    elif kind is Kind.COST:
        tally.add("cost", applies, rule.seconds, view)
        tally.add("cost_m", applies, rule.seconds_per_m, view)


def empty() -> Verdict:
    """The verdict on no rows."""
    bools, floats = np.zeros(0, np.bool_), np.zeros(0)
    return Verdict(bools, bools, floats, floats, floats, floats, bools, floats, floats, bools, floats)


def first(value: Any) -> Any:
    """The single entry of a one-row expression."""
    found: NDArray[Any] = np.asarray(value).reshape(-1)
    return found[0].item()
