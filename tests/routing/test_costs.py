"""From verdicts to weights: every arc has what its facts mean, in units the engine can bear."""

from __future__ import annotations

import math

import numpy as np
import pytest

from accessibility.profiles import built_in, with_overrides
from accessibility.verdict import columns, judge_passages, judge_ways
from routing.costs import HARM_SHIFT, POINT_STEPS, UNITS_PER_S, Harm, Strict, Weighing
from routing.engine import BLOCKED
from routing.graph import StreetGraph
from routing.patched import dense
from routing.weigher import Weigher
from tests.support.drawn import drawn


@pytest.fixture(scope="module", params=["manual_wheelchair", "walk", "low_vision"])
def weighing(request: pytest.FixtureRequest, sample_graph: StreetGraph) -> Weighing:
    return Weigher(sample_graph).weigh(built_in[request.param])


def test_every_arc_is_weighed_by_its_own_facts(sample_graph: StreetGraph, weighing: Weighing) -> None:
    graph, chance = sample_graph, np.random.default_rng(3)
    for arc in chance.integers(0, 2 * graph.edge_count, 400).tolist():
        edge, reverse = arc >> 1, bool(arc & 1)
        row, metres = int(graph.edge_facts[edge]), float(graph.edge_length_m[edge])
        if graph.is_passage(edge):
            found = judge_passages(columns([graph.passage_facts[row]]), weighing.profile, reverse=reverse)
        else:
            found = judge_ways(columns([graph.way_facts[row]]), weighing.profile, reverse=reverse)
        assert weighing.forbidden[arc] == found.forbidden[0]
        assert weighing.private[arc] == found.private[0]
        assert weighing.violated[arc] >= found.violated[0]
        for name in ("duration", "cost"):
            expected = getattr(found, f"{name}_per_m_s")[0] * metres + getattr(found, f"{name}_fixed_s")[0]
            assert getattr(weighing, f"{name}_s")[arc] == pytest.approx(expected)


def test_effort_is_never_less_than_time(weighing: Weighing) -> None:
    assert (weighing.cost_s >= weighing.duration_s - 1e-9).all()
    assert (weighing.duration_s >= 0).all()
    assert (weighing.points >= 0).all()
    assert not (weighing.private & ~weighing.forbidden).any()


def test_points_only_where_a_limit_is_broken(weighing: Weighing) -> None:
    assert not ((weighing.points > 0) & ~weighing.violated).any()


def test_strict_weights_close_what_is_broken_or_forbidden(weighing: Weighing) -> None:
    weights = Strict().weights(weighing)
    closed = weighing.forbidden | weighing.violated
    assert weights.dtype == np.uint32
    assert (weights[closed] == BLOCKED).all()
    assert np.array_equal(weights[~closed], np.ceil(weighing.cost_s[~closed] * UNITS_PER_S - 1e-6).astype(np.uint32))
    opened = Strict().weights(weighing, private=True)
    assert (opened[weighing.private & ~weighing.violated] < BLOCKED).all()
    assert np.array_equal(opened[~weighing.private], weights[~weighing.private])


def test_harm_comes_before_time(weighing: Weighing) -> None:
    weights = Harm().weights(weighing).astype(np.int64)
    open_ = ~weighing.forbidden
    assert (weights[~open_] == BLOCKED).all()
    points = weights[open_] >> HARM_SHIFT
    assert np.abs(points / POINT_STEPS - weighing.points[open_]).max() <= 0.5 / POINT_STEPS + 1e-9
    assert np.abs((weights[open_] & ((1 << HARM_SHIFT) - 1)) - weighing.cost_s[open_]).max() <= 0.5


def test_weights_of_some_arcs_are_those_of_all(weighing: Weighing) -> None:
    arcs = np.array([5, 3, 900, 3])
    for scale in (Strict(), Harm()):
        assert np.array_equal(scale.weights(weighing, arcs), scale.weights(weighing)[arcs])


def test_enormous_costs_stay_below_what_is_closed() -> None:
    """A thousand kilometres at 0.1 m/s are more hundredths of a second than the engine can count."""
    town = drawn("a" + "-" * 60 + "b", ways={"ab": "highway=footway surface=asphalt"}, cell_m=20_000)
    slow = with_overrides(built_in["walk"], speed_mps=0.1)
    weighing = Weigher(town.graph).weigh(slow)
    for scale in (Strict(), Harm()):
        assert (scale.weights(weighing) < BLOCKED).all()


def test_speed_moves_time_and_nothing_else(sample_graph: StreetGraph) -> None:
    weigher = Weigher(sample_graph)
    base, fast = (weigher.weigh(with_overrides(built_in["walk"], speed_mps=speed)) for speed in (1.0, 2.0))
    slow_s, fast_s = dense(base.duration_s), dense(fast.duration_s)
    plain = (slow_s > 0) & (slow_s < 1e6)
    assert (fast_s[plain] < slow_s[plain] + 1e-9).all()
    assert (fast_s < slow_s).any()
    assert np.array_equal(fast.forbidden, base.forbidden)
    assert np.array_equal(fast.violated, base.violated)
    assert np.array_equal(fast.points, base.points)


def test_a_run_that_is_too_long_is_broken_on_every_piece_of_it() -> None:
    ramp = "highway=footway surface=asphalt width=2 incline=8%"
    town = drawn("a---b---c---d", ways={"ab": ramp, "bc": ramp, "cd": "highway=footway"}, cell_m=1.25)
    weighing = Weigher(town.graph).weigh(built_in["manual_wheelchair"])
    up = [0, 2]
    assert weighing.violated[up].all()
    assert weighing.run_length_m[up].tolist() == pytest.approx([10.0, 10.0], abs=0.01)
    assert weighing.run_grade[up].tolist() == pytest.approx([0.08, 0.08])
    assert (weighing.points[up] > 0).all()
    assert not weighing.violated[[1, 3, 4, 5]].any()
    assert all(math.isnan(metres) for metres in weighing.run_length_m[[1, 3, 4, 5]])
