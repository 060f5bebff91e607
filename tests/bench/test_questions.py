"""The mix of questions is what it says, and both engines are asked the same."""

from __future__ import annotations

import json

import pytest

from bench.questions import (
    CHOICES,
    JITTER_M,
    Question,
    for_router,
    for_stepfree,
    for_valhalla,
    mixed,
    repeated,
    spread_pairs,
)
from routing.geodesy import distance_m
from routing.graph import StreetGraph

PAIRS = [((24.93, 60.17), (24.95, 60.18)), ((24.94, 60.16), (24.92, 60.17))]


@pytest.fixture(scope="module")
def many() -> list[Question]:
    return mixed(PAIRS, 4000)


def test_no_two_questions_are_alike_and_none_is_far_from_its_pair(many: list[Question]) -> None:
    assert len({for_stepfree(question) for question in many}) == len(many)
    for number, question in enumerate(many[:200]):
        for asked, meant in zip((question.start, question.end), PAIRS[number % 2], strict=True):
            assert float(distance_m(*asked, *meant)) <= JITTER_M + 0.05


def test_shares_of_own_limits_and_avoided_areas(many: list[Question]) -> None:
    own = [question for question in many if question.limits is not None]
    assert len(own) / len(many) == pytest.approx(0.25, abs=0.03)
    assert sum(question.avoid is not None for question in many) / len(many) == pytest.approx(0.05, abs=0.015)
    seen = [question for question in own if not question.fresh]
    assert all(question.limits in CHOICES for question in seen)
    assert len(seen) / len(many) == pytest.approx(0.22, abs=0.03)


def test_limits_nobody_had_are_new_in_every_repetition(many: list[Question]) -> None:
    def fresh(seed: int) -> set[str]:
        return {json.dumps(each.limits) for each in repeated(many, 6000, seed) if each.fresh}

    first, second = fresh(1), fresh(2)
    assert len(first) > 100
    assert not first & second


def test_both_engines_are_asked_the_same(many: list[Question]) -> None:
    question = next(each for each in many if each.avoid and each.limits and each.limits.get("incline_up_max"))
    ours, theirs = json.loads(for_stepfree(question)), json.loads(for_valhalla(question))
    assert [[place["lon"], place["lat"]] for place in theirs["locations"]] == ours["waypoints"]
    assert theirs["exclude_polygons"] == ours["avoid"]["coordinates"]
    assert theirs["costing_options"]["pedestrian"]["type"] == "wheelchair"
    assert theirs["directions_type"] == "instructions"
    inside = for_router(question)
    assert [[place.lon, place.lat] for place in inside.waypoints] == ours["waypoints"]
    assert inside.avoid == ours["avoid"]
    assert inside.profile.limits.incline_up_max == ours["limits"]["incline_up_max"]


def test_spread_pairs_are_as_far_apart_as_wanted(sample_graph: StreetGraph) -> None:
    apart = [float(distance_m(*start, *end)) for start, end in spread_pairs(sample_graph, 60)]
    assert apart
    assert apart == sorted(apart), "each distance in its turn"
    assert all(280 < metres < 5200 for metres in apart)
