"""The verdict on many rows at once, and the same rules explained on one."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from accessibility.facts import PassageFacts, WayFacts, WayRole
from accessibility.profiles import Profile
from accessibility.verdict.columns import Columns, columns
from accessibility.verdict.passage_rules import PASSAGE_RULES
from accessibility.verdict.rules import Kind, Rule, Verdict, effect, empty, first, judge
from accessibility.verdict.runs import judge_runs
from accessibility.verdict.view import KERB_ASSUMED_M, View
from accessibility.verdict.way_costs import WAY_COSTS, WAY_TIMES
from accessibility.verdict.way_limits import WAY_LIMITS

WAY_RULES: tuple[Rule, ...] = WAY_LIMITS + WAY_TIMES + WAY_COSTS
BREAKS = (Kind.VIOLATION, Kind.RUN, Kind.UNKNOWN)
"""Kinds of rules that may break a limit."""
_WAY_LIMITS_ONLY = tuple(rule for rule in WAY_RULES if rule.kind in BREAKS)
_PASSAGE_LIMITS_ONLY = tuple(rule for rule in PASSAGE_RULES if rule.kind in BREAKS)


class Finding(Struct, frozen=True):
    """What one rule says about one place: `kind` is violation, forbidden, cost or unknown."""

    rule: str
    code: str
    value: float | str | bool | None
    limit: float | str | None
    assumed: bool
    kind: str
    points: float
    seconds: float


def judge_ways(cols: Columns, profile: Profile, *, reverse: bool, limits_only: bool = False) -> Verdict:
    """One entry per interned `WayFacts`, travelling along the way or, with `reverse`, against it.

    `limits_only`: only what breaks a limit and its harm; a person's limits change nothing else.
    """
    return _judge(_WAY_LIMITS_ONLY if limits_only else WAY_RULES, cols, profile, reverse)


def judge_passages(cols: Columns, profile: Profile, *, reverse: bool = False, limits_only: bool = False) -> Verdict:
    """One entry per interned `PassageFacts`; per-metre terms are zero."""
    return _judge(_PASSAGE_LIMITS_ONLY if limits_only else PASSAGE_RULES, cols, profile, reverse)


def _judge(table: tuple[Rule, ...], cols: Columns, profile: Profile, reverse: bool) -> Verdict:
    return empty() if cols.kind is None else judge(table, View(cols, profile, reverse=reverse))


def explain(
    facts: WayFacts | PassageFacts,
    profile: Profile,
    *,
    length_m: float = 0.0,
    reverse: bool = False,
    run_length_m: float | None = None,
    run_grade: float | None = None,
) -> list[Finding]:
    """Every rule that speaks about this place, in the order of the table, plain travel left out.

    Without a run the stretch is taken to be the whole run.
    """
    table = WAY_RULES if isinstance(facts, WayFacts) else PASSAGE_RULES
    view = View(columns([facts]), profile, reverse=reverse)
    found = []
    for rule in table:
        if rule.name == "travel" or not first(rule.when(view)):
            continue
        kind = effect(rule, view)
        if kind is Kind.RUN:
            grade = view.up
            length = np.array([length_m if run_length_m is None else run_length_m])
            steepest = grade if run_grade is None else np.array([run_grade])
            if not first(judge_runs(grade, length, steepest, profile)):
                continue
            kind = Kind.VIOLATION
        found.append(_finding(rule, kind, view, facts, length_m))
    return found


_WORDS = {Kind.PRIVATE: "forbidden", Kind.TIME: "cost"}


def _finding(rule: Rule, kind: Kind | None, view: View, facts: Struct, length_m: float) -> Finding:
    broken = kind is Kind.VIOLATION
    shown = (
        "unknown" if rule.kind is Kind.UNKNOWN and not broken else _WORDS.get(kind, str(kind)) if kind else "unknown"
    )
    points = _amount(rule.points, rule.points_per_m, view, length_m) if broken else 0.0
    spends = kind in (Kind.COST, Kind.TIME)
    return Finding(
        rule=rule.name,
        code=rule.code,
        value=_value(rule, view, facts),
        limit=None if rule.limit is None else _plain(rule.limit(view)),
        assumed=rule.assumed is not None and bool(first(rule.assumed(view))),
        kind=shown,
        points=points,
        seconds=_amount(rule.seconds, rule.seconds_per_m, view, length_m) if spends else 0.0,
    )


def _amount(fixed: object, per_m: object, view: View, length_m: float) -> float:
    total = 0.0
    if callable(fixed):
        total += float(first(fixed(view))) * float(first(view.share))
    if callable(per_m):
        total += float(first(per_m(view))) * length_m
    return total


def _value(rule: Rule, view: View, facts: Struct) -> float | str | bool | None:
    if isinstance(rule.value, str):
        value: float | str | bool | None = getattr(facts, rule.value)
        return str(value) if isinstance(value, str) else value
    return None if rule.value is None else _plain(rule.value(view))


def _plain(value: object) -> float | str | None:
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    number = float(first(value))
    return number if np.isfinite(number) else None


def unknowns(facts: WayFacts | PassageFacts) -> tuple[str, ...]:
    """What nobody has said here, in the words of the contract: kerb, incline, surface, width."""
    if isinstance(facts, PassageFacts):
        height = facts.kerb_height_m is None and (facts.kerb is None or np.isnan(KERB_ASSUMED_M[facts.kerb]))
        return ("kerb",) if facts.kerb_events and height else ()
    sloped = facts.role not in (WayRole.STEPS, WayRole.ESCALATOR, WayRole.LIFT)
    silent = {
        "incline": sloped and facts.incline is None and facts.incline_coarse is None,
        "surface": facts.surface is None,
        "width": facts.width_m is None,
    }
    return tuple(name for name, unsaid in silent.items() if unsaid)
