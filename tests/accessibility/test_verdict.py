"""The interpreter: columns, totals, order, and laws that hold for every person and every place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility import tags
from accessibility.facts import PassageFacts, Surface, WayFacts
from accessibility.profiles import Profile, built_in, with_overrides
from accessibility.verdict import Verdict, columns, explain, grades, judge_passages, judge_ways
from accessibility.verdict.columns import codes
from accessibility.verdict.judge import PASSAGE_RULES, WAY_RULES
from tests.accessibility.test_tags import any_tags

people = st.sampled_from(list(built_in.values()))
policies = st.sampled_from(["avoid", "warn", "allow"])
situations = st.fixed_dictionaries(
    {
        "kerb_events": st.integers(0, 2),
        "mapped_crossing": st.sampled_from([None, True, False]),
        "barrier_applies": st.booleans(),
        "lift_applies": st.booleans(),
    }
)


def test_columns_tell_silence_from_no() -> None:
    silent = tags.way_facts({"highway": "footway"})
    said = tags.way_facts({"highway": "steps", "handrail": "no", "width": "2", "surface": "sand", "step_count": "0"})
    cols = columns([silent, said])
    assert len(cols) == 2
    assert np.isnan(cols["width_m"][0])
    assert cols["width_m"][1] == 2
    assert cols["surface"].tolist() == [-1, codes(Surface)[Surface.SAND]]
    assert cols["surface"].dtype == np.int16
    assert cols["handrail"].tolist() == [-1, 0]
    assert cols["handrail"].dtype == np.int8
    assert cols["opening_hours"].tolist() == [False, False]
    assert np.isnan(cols["step_count"][1]), "a flight of no steps is a mistake, not a count"


def test_the_slope_of_stairs_and_lifts_is_no_grade_to_be_judged() -> None:
    texts = ({"highway": "footway"}, {"highway": "steps"}, {"highway": "elevator"}, {"highway": "path"})
    cols = columns([tags.way_facts({**text, "incline": "-30%"}) for text in texts])
    assert np.isnan(grades(cols)).tolist() == [False, True, True, False]
    assert grades(cols)[0] == -0.3


def test_every_fact_has_a_column() -> None:
    for facts in (WayFacts(), PassageFacts()):
        cols = columns([facts])
        assert set(cols.by_name) == set(type(facts).__struct_fields__)
        assert all(len(column) == 1 for column in cols.by_name.values())


def test_nothing_to_judge() -> None:
    for verdict in (
        judge_ways(columns([]), built_in["walk"], reverse=False),
        judge_passages(columns([]), built_in["walk"]),
    ):
        assert all(len(column) == 0 for column in vars(verdict).values())


def test_rules_are_named_once_and_do_something() -> None:
    for table in (WAY_RULES, PASSAGE_RULES):
        names = [rule.name for rule in table]
        assert len(names) == len(set(names))
        for rule in table:
            amounts = (rule.points, rule.points_per_m, rule.seconds, rule.seconds_per_m)
            assert rule.kind in ("forbidden", "private") or any(amount is not None for amount in amounts), rule.name


def _lawful(verdict: Verdict) -> None:
    for name, column in vars(verdict).items():
        assert not (column.dtype.kind == "f" and np.isnan(column).any()), name
        assert (column >= 0).all(), name
    assert (verdict.cost_per_m_s >= verdict.duration_per_m_s).all()
    assert (verdict.cost_fixed_s >= verdict.duration_fixed_s).all()
    assert (verdict.duration_per_m_s + verdict.duration_fixed_s < 1e6).all()
    assert verdict.forbidden[verdict.private].all()
    harmed = (verdict.points_per_m > 0) | (verdict.points_fixed > 0)
    assert (harmed <= verdict.violated).all(), "harm only where a limit is broken"
    assert (verdict.violated <= harmed).all(), "no limit is broken without harm"


@settings(max_examples=150, deadline=None)
@given(st.lists(any_tags, min_size=1, max_size=8), people, policies, st.booleans())
def test_laws_on_ways(found: list[dict[str, str]], person: Profile, policy: str, reverse: bool) -> None:
    ways = [tags.way_facts(each) for each in found]
    person = with_overrides(person, unknown=policy)
    verdict = judge_ways(columns(ways), person, reverse=reverse)
    _lawful(verdict)
    for row, facts in enumerate(ways):
        told = explain(facts, person, length_m=7.0, reverse=reverse, run_length_m=0.0)
        points = sum(finding.points for finding in told)
        assert points == pytest.approx(verdict.points_fixed[row] + 7 * verdict.points_per_m[row])
        assert any(finding.kind == "violation" for finding in told) == verdict.violated[row]
        assert any(finding.kind == "forbidden" for finding in told) == verdict.forbidden[row]
        travel = verdict.duration_per_m_s[row] * 7 if not facts.role.startswith(("steps", "escalator", "lift")) else 0
        seconds = sum(finding.seconds for finding in told) + travel
        assert seconds == pytest.approx(verdict.cost_fixed_s[row] + 7 * verdict.cost_per_m_s[row])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(any_tags, situations), min_size=1, max_size=8), people, policies)
def test_laws_on_passages(found: list[tuple[dict[str, str], dict[str, object]]], person: Profile, policy: str) -> None:
    passed = [tags.passage(tags.node_facts(each), **met) for each, met in found]  # type: ignore[arg-type]
    person = with_overrides(person, unknown=policy)
    verdict = judge_passages(columns(passed), person)
    _lawful(verdict)
    for row, facts in enumerate(passed):
        told = explain(facts, person)
        assert sum(finding.points for finding in told) == pytest.approx(verdict.points_fixed[row])
        assert sum(finding.seconds for finding in told) == pytest.approx(verdict.cost_fixed_s[row])


TIGHTER = {
    "incline_up_max": lambda value: {"incline_up_max": value / 2},
    "incline_down_max": lambda value: {"incline_down_max": value / 2},
    "kerb_max_m": lambda value: {"kerb_max_m": value / 2},
    "width_min_m": lambda value: {"width_min_m": value * 1.5},
    "cross_slope_max": lambda value: {"cross_slope_max": value / 2},
    "steps_max": lambda value: {"steps_max": value // 2},
}


@settings(max_examples=200, deadline=None)
@given(st.lists(any_tags, min_size=1, max_size=8), situations, people, st.sampled_from(sorted(TIGHTER)), st.booleans())
def test_a_tighter_limit_never_helps(
    found: list[dict[str, str]], met: dict[str, object], person: Profile, limit: str, reverse: bool
) -> None:
    value = getattr(person.limits, limit)
    if value is None:
        return
    tight = with_overrides(person, limits=TIGHTER[limit](value))
    ways = columns([tags.way_facts(each) for each in found])
    passed = columns([tags.passage(tags.node_facts(each), **met) for each in found])  # type: ignore[arg-type]
    for loose, strict in (
        (judge_ways(ways, person, reverse=reverse), judge_ways(ways, tight, reverse=reverse)),
        (judge_passages(passed, person), judge_passages(passed, tight)),
    ):
        assert (loose.violated <= strict.violated).all()
        assert (loose.points_fixed <= strict.points_fixed + 1e-9).all()
        assert (loose.points_per_m <= strict.points_per_m + 1e-9).all()
        assert ((loose.needs_run | loose.violated) <= (strict.needs_run | strict.violated)).all()
        assert (loose.cost_per_m_s == strict.cost_per_m_s).all(), "soft costs never depend on a limit"
        assert (loose.cost_fixed_s == strict.cost_fixed_s).all()
        assert (loose.forbidden == strict.forbidden).all()


@settings(max_examples=100, deadline=None)
@given(any_tags, people)
def test_against_the_way_is_along_the_mirrored_way(found: dict[str, str], person: Profile) -> None:
    from msgspec.structs import replace

    from accessibility.facts import Conveying

    facts = tags.way_facts(found)
    turn = {Conveying.FORWARD: Conveying.BACKWARD, Conveying.BACKWARD: Conveying.FORWARD}
    mirrored = replace(
        facts,
        incline=None if facts.incline is None else -facts.incline,
        incline_sign=None if facts.incline_sign is None else -facts.incline_sign,
        conveying=None if facts.conveying is None else turn.get(facts.conveying, facts.conveying),
    )
    one, other = (
        judge_ways(columns([facts]), person, reverse=True),
        judge_ways(columns([mirrored]), person, reverse=False),
    )
    for name, column in vars(one).items():
        assert column.tolist() == getattr(other, name).tolist(), name


def test_harm_of_a_flight_cut_in_pieces_adds_up_to_one_flight() -> None:
    from msgspec.structs import replace

    whole = tags.way_facts({"highway": "steps", "step_count": "12"})
    parts = [replace(whole, flight_share=share) for share in (0.25, 0.75)]
    verdict = judge_ways(columns([whole, *parts]), built_in["manual_wheelchair"], reverse=False)
    assert verdict.points_fixed[0] == 110
    assert verdict.points_fixed[1:].sum() == pytest.approx(110)
