"""A tighter limit never makes the answer better (issue 4): not the status, not the harm, not the cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accessibility.profiles import built_in, with_overrides
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint
from routing.graph import StreetGraph
from routing.router import Router

STATUS = {"ok": 0, "least_bad": 1}

TIGHTER: dict[str, tuple[Any, Any]] = {
    "incline_up_max": (0.12, 0.03),
    "incline_down_max": (0.12, 0.03),
    "kerb_max_m": (0.16, 0.0),
    "width_min_m": (0.6, 2.0),
    "steps_max": (20, 0),
    "smoothness_worst": ("bad", "excellent"),
    "surfaces_refused": ([], ["sett", "cobblestone", "paving_stones", "compacted", "gravel"]),
}
"""Each limit loose, and tight."""


@pytest.fixture(scope="module")
def router(sample_graph: StreetGraph) -> Iterator[Router]:
    found = Router(sample_graph)
    yield found
    found.close()


def outcome(answer: RouteAnswer | NoRoute) -> int:
    return 2 if isinstance(answer, NoRoute) else STATUS[answer.status]


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_tightening_a_limit_never_improves_the_answer(router: Router, data: st.DataObject) -> None:
    graph = router.graph
    node = st.integers(0, graph.node_count - 1)
    ends = [data.draw(node), data.draw(node)]
    places = tuple(Waypoint(float(graph.node_lon[n]), float(graph.node_lat[n])) for n in ends)
    name = data.draw(st.sampled_from(sorted(TIGHTER)))
    loose, tight = TIGHTER[name]
    person = built_in[data.draw(st.sampled_from(["manual_wheelchair", "cane_elderly", "walk"]))]
    free, bound = (router.route(RouteRequest(places, with_overrides(person, limits={name: v}))) for v in (loose, tight))
    assert outcome(bound) >= outcome(free)
    if isinstance(free, NoRoute) or isinstance(bound, NoRoute):
        return
    assume([spot.location for spot in free.snapped] == [spot.location for spot in bound.snapped])
    if free.status == bound.status == "ok":
        # Costs do not depend on limits, and no arc opens when one is tightened: so no path gets cheaper.
        loosely, tightly = (router.weigh(with_overrides(person, limits={name: v})) for v in (loose, tight))
        assert (loosely.cost_s == tightly.cost_s).all()
        assert not (loosely.violated & ~tightly.violated).any()
