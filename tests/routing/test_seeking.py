"""The way back that nobody sees: what retraces the way there is found without a search, and says the same as one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.barriers import Barrier
from accessibility.profiles import built_in, with_overrides
from routing.answers import NoRoute, RouteRequest, Waypoint
from routing.graph import StreetGraph
from routing.line import encoded
from routing.router import Router
from routing.seeking import Seeker
from tests.support.drawn import drawn

MOMENTS = st.none() | st.datetimes(datetime(2026, 11, 24), datetime(2026, 11, 26), timezones=st.just(UTC))
LIMITS = st.fixed_dictionaries({}, optional={"incline_up_max": st.floats(0.01, 0.1), "kerb_max_m": st.floats(0, 0.1)})


@pytest.fixture(scope="module")
def router(sample_graph: StreetGraph) -> Iterator[Router]:
    found = Router(sample_graph)
    place = (24.9450, 60.1710)
    closure = {"type": "Point", "coordinates": place}
    found.apply([Barrier(UUID(int=1), "closure", 3, place, closure, "confirmed", True, 1)], 1)
    yield found
    found.close()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["manual_wheelchair", "walk", "cane_elderly"]), LIMITS, MOMENTS, st.data())
def test_a_search_says_the_same_of_the_way_back(
    router: Router, profile: str, limits: dict[str, float], at: datetime | None, data: st.DataObject
) -> None:
    node = st.integers(0, router.graph.node_count - 1)
    places = [data.draw(node) for _ in range(data.draw(st.integers(2, 3)))]
    way = tuple(Waypoint(float(router.graph.node_lon[n]), float(router.graph.node_lat[n])) for n in places)
    question = RouteRequest(way, with_overrides(built_in[profile], limits=limits), asked_at=at)
    found = encoded(router.route(question))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Seeker, "retraced", lambda seeker, there: None)
        assert encoded(router.route(question)) == found


def test_no_search_for_a_way_back_along_the_same_streets() -> None:
    town = drawn("a----b----c", ways={"abc": "highway=footway surface=asphalt width=2 incline=0%"})
    router, searched = town.router, 0
    query = router.engine.query

    def counted(*args: object) -> object:
        nonlocal searched
        searched += 1
        return query(*args)  # type: ignore[arg-type]

    router.engine.query = counted  # type: ignore[method-assign, assignment]
    places = tuple(Waypoint(*town.at[letter]) for letter in "ac")
    answer = router.route(RouteRequest(places, built_in["manual_wheelchair"]))
    assert not isinstance(answer, NoRoute)
    assert (answer.routes[0].summary.return_, searched) == ("ok", 1)
