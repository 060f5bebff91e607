"""Matrices: each cell is the strict route between its places, no more and no less."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility import profiles
from accessibility.profiles import Profile
from accessibility.refusals import Refused
from routing.answers import RouteAnswer, RouteRequest, Waypoint
from routing.graph import StreetGraph
from routing.matrix import CELLS_AT_ONCE, matrix
from routing.router import Router
from tests.support.drawn import Town, drawn

WHEELCHAIR = profiles.built_in["manual_wheelchair"]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    found = drawn(
        """
        a----b----c----i
        |    |    |
        d----e----f    g----h
        """,
        ways={
            "abc": "highway=footway surface=asphalt",
            "ad": "highway=footway surface=gravel",
            "be": "highway=steps step_count=3",
            "cf": "highway=footway incline=4%",
            "de": "highway=footway surface=asphalt",
            "ef": "highway=residential",
            "gh": "highway=footway",
            "ci": "highway=footway access=private",
        },
        nodes={"e": "barrier=bollard maxwidth:physical=0.95"},
        cell_m=20.0,
    )
    yield found
    found.close()


@pytest.fixture(scope="module")
def helsinki(sample_graph: StreetGraph) -> Iterator[Router]:
    router = Router(sample_graph)
    yield router
    router.close()


def strict(router: Router, start: Waypoint, goal: Waypoint, profile: Profile) -> tuple[float, float] | None:
    """What `routes` says, where it says `ok`."""
    answer = router.route(RouteRequest((start, goal), profile))
    if not isinstance(answer, RouteAnswer) or answer.status != "ok":
        return None
    return answer.routes[0].duration_s, answer.routes[0].distance_m


def check_against_routes(router: Router, starts: list[Waypoint], goals: list[Waypoint], profile: Profile) -> int:
    """Every cell equals its route; how many there are."""
    found = matrix(router, starts, goals, profile)
    reached = 0
    for row, start in enumerate(starts):
        for column, goal in enumerate(goals):
            cell = found.durations_s[row][column], found.distances_m[row][column]
            assert cell == (strict(router, start, goal, profile) or (None, None)), (start, goal)
            reached += cell != (None, None)
    return reached


@pytest.mark.parametrize("profile", ["manual_wheelchair", "walk", "stroller"])
def test_every_cell_is_its_route(town: Town, profile: str) -> None:
    places = [Waypoint(*at) for at in town.at.values()]
    assert check_against_routes(town.router, places, places, profiles.built_in[profile]) > len(places)


def test_there_is_nothing_where_no_path_keeps_the_limits(town: Town) -> None:
    a, b, e, h = (Waypoint(*town.at[letter]) for letter in "abeh")
    found = matrix(town.router, [a, h], [b, h, a], WHEELCHAIR)
    assert found.durations_s[0][1] is None
    assert found.distances_m[1] == [None, 0.0, None]
    assert found.durations_s[0][2] == 0.0
    walker = matrix(town.router, [b], [e], profiles.built_in["walk"]).distances_m[0][0]
    wheeler = matrix(town.router, [b], [e], WHEELCHAIR).distances_m[0][0]
    assert walker == pytest.approx(40.0, abs=0.3)
    assert wheeler is not None
    assert wheeler > 200.0


def test_own_limits_count(town: Town) -> None:
    c, f = Waypoint(*town.at["c"]), Waypoint(*town.at["f"])
    level = profiles.with_overrides(WHEELCHAIR, limits={"incline_down_max": 0.01, "incline_up_max": 0.01})
    usual = matrix(town.router, [c], [f], WHEELCHAIR).distances_m[0][0]
    assert usual == pytest.approx(40.0, abs=0.3)
    assert matrix(town.router, [c], [f], level).distances_m[0][0] != usual


def test_a_place_outside_the_map_is_named(town: Town) -> None:
    here, far = Waypoint(*town.at["a"]), Waypoint(0.0, 0.0)
    with pytest.raises(Refused) as refused:
        matrix(town.router, [here], [here, far], WHEELCHAIR)
    assert (refused.value.code, refused.value.field) == ("outside_map", "targets[1]")
    with pytest.raises(Refused) as refused:
        matrix(town.router, [far], [here], WHEELCHAIR)
    assert refused.value.field == "sources[0]"


def test_rows_and_columns_stay_in_order_beyond_one_go(helsinki: Router) -> None:
    pick = random.Random(7)
    places = [Waypoint(24.935 + pick.random() * 0.02, 60.166 + pick.random() * 0.008) for _ in range(9)]
    assert len(places) ** 2 > 2 * CELLS_AT_ONCE
    assert check_against_routes(helsinki, places, places, WHEELCHAIR) > 20


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_matrix_equals_routes_one_by_one(helsinki: Router, data: st.DataObject) -> None:
    place = st.builds(Waypoint, st.floats(24.932, 24.958), st.floats(60.165, 60.175))
    starts, goals = (data.draw(st.lists(place, min_size=1, max_size=3)) for _ in range(2))
    profile = profiles.built_in[data.draw(st.sampled_from(["manual_wheelchair", "rollator", "walk", "low_vision"]))]
    check_against_routes(helsinki, starts, goals, profile)
