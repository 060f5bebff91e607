"""What people share and what stays their own: costs by how they go, breaks by rank, harm and time by their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.profiles import Profile, built_in, with_overrides
from accessibility.verdict import columns, judge_ways
from routing.costs import Harm, Strict
from routing.graph import StreetGraph
from routing.patched import dense
from routing.weigher import Weigher
from tests.support.drawn import drawn

LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "kerb_max_m": st.none() | st.floats(0, 0.2),
        "incline_up_max": st.none() | st.floats(0.01, 0.2),
        "incline_down_max": st.none() | st.floats(0.01, 0.2),
        "width_min_m": st.none() | st.floats(0.5, 2.5),
        "cross_slope_max": st.none() | st.floats(0.0, 0.1),
        "steps_max": st.none() | st.integers(0, 20),
        "surfaces_refused": st.lists(st.sampled_from(["sett", "gravel", "asphalt"]), unique=True),
    },
)


def wheelchair(**limits: Any) -> Profile:
    return with_overrides(built_in["manual_wheelchair"], limits=limits)


@pytest.fixture(scope="module")
def known(sample_graph: StreetGraph) -> Weigher:
    """Somebody who has weighed for many."""
    return Weigher(sample_graph)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["manual_wheelchair", "cane_elderly"]), LIMITS, st.none() | st.floats(0.3, 2.0))
def test_shared_weights_are_those_made_for_one_alone(
    sample_graph: StreetGraph, known: Weigher, profile: str, limits: dict[str, Any], speed: float | None
) -> None:
    person = with_overrides(built_in[profile], limits=limits, speed_mps=speed)
    shared, alone = known.weigh(person), Weigher(sample_graph).weigh(person)
    for name in ("forbidden", "private", "violated", "duration_s", "cost_s", "harm", "run_length_m", "run_grade"):
        np.testing.assert_array_equal(dense(getattr(shared, name)), dense(getattr(alone, name)))
    for scale in (Strict(), Harm()):
        np.testing.assert_array_equal(scale.weights(shared), scale.weights(alone))
    np.testing.assert_array_equal(shared.breaks.strict, Strict().weights(alone))
    np.testing.assert_array_equal(shared.breaks.inside, Strict().weights(alone, private=True))
    assert not (dense(shared.harm)[~shared.violated]).any()


@settings(max_examples=60, deadline=None)
@given(LIMITS, LIMITS, st.booleans())
def test_who_does_less_harm_by_the_rates_does_so_on_every_arc(
    known: Weigher, some: dict[str, Any], others: dict[str, Any], both: bool
) -> None:
    """By the rates of the rows alone, which is what a metric of harm is lent by."""
    mild = known.weigh(wheelchair(**some))
    hard = known.weigh(wheelchair(**(some | others if both else others)))
    if mild.breaks.within(hard.breaks) and mild.harm.nowhere_above(hard.harm):
        assert (Harm().weights(mild) <= Harm().weights(hard)).all()


def test_looser_limits_do_less_harm(known: Weigher) -> None:
    usual, loose = known.weigh(wheelchair()), known.weigh(wheelchair(kerb_max_m=0.2, incline_up_max=0.2))
    assert loose.harm.nowhere_above(usual.harm)
    assert not usual.harm.nowhere_above(loose.harm)


def test_columns_of_some_arcs_are_those_of_all(known: Weigher) -> None:
    """Reckoned where one looks, runs that are too long among them."""
    weighing = known.weigh(with_overrides(built_in["rollator"], limits={"incline_up_max": 0.02}, speed_mps=0.5))
    chance = np.random.default_rng(5)
    arcs = np.concatenate([chance.integers(0, len(weighing.violated), 500), weighing.breaks.too_long[:50]])
    some = weighing.of(arcs)
    for name in ("duration_s", "harm", "run_length_m"):
        np.testing.assert_array_equal(dense(getattr(some, name)), dense(getattr(weighing, name))[arcs])
        assert float(getattr(weighing, name)[int(arcs[0])]) == pytest.approx(
            dense(getattr(weighing, name))[arcs[0]], nan_ok=True
        )


def test_limits_of_one_rank_share_what_breaks_and_keep_their_own_harm() -> None:
    town = drawn("a---b---c", ways={"ab": "highway=footway width=0.8", "bc": "highway=footway width=1.5"})
    weigher = Weigher(town.graph)
    tight, wide, wider = (weigher.weigh(wheelchair(width_min_m=width)) for width in (0.9, 1.4, 1.6))
    assert tight.breaks is wide.breaks
    assert tight.breaks is not wider.breaks
    assert tight.breaks.within(wider.breaks)
    assert not wider.breaks.within(tight.breaks)
    assert tight.points[0] == pytest.approx(10)
    assert wide.points[0] == pytest.approx(60)


def test_a_rank_is_forgotten_with_the_last_who_has_it() -> None:
    town = drawn("a---b", ways={"ab": "highway=footway width=0.8"})
    weigher = Weigher(town.graph)
    first = weigher.weigh(wheelchair(width_min_m=0.9))
    assert len(weigher._breaks) == 1
    del first
    assert len(weigher._breaks) == 0


def test_a_speed_of_ones_own_is_the_time_of_its_facts(known: Weigher, sample_graph: StreetGraph) -> None:
    slow = with_overrides(built_in["manual_wheelchair"], speed_mps=0.4)
    weighing, graph = known.weigh(slow), sample_graph
    for arc in (0, 1, 200, 333):
        row, metres = int(graph.edge_facts[arc >> 1]), float(graph.edge_length_m[arc >> 1])
        found = judge_ways(columns([graph.way_facts[row]]), slow, reverse=bool(arc & 1))
        expected = found.duration_per_m_s[0] * metres + found.duration_fixed_s[0]
        assert float(weighing.duration_s[arc]) == pytest.approx(expected)
    assert weighing.cost_s is known.weigh(built_in["manual_wheelchair"]).cost_s


def test_how_often_somebody_wants_to_sit_changes_no_weights(known: Weigher) -> None:
    restless = with_overrides(built_in["rollator"], prefer={"seat_every_m": 123})
    assert known.weigh(restless).breaks is known.weigh(built_in["rollator"]).breaks
