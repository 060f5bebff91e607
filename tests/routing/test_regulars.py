"""Limits nobody had before: the same answers as with a metric of their own, in bounded memory, and never too many."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.barriers import Barrier
from accessibility.profiles import Profile, built_in, with_overrides
from accessibility.refusals import Refused
from routing.answers import RouteRequest, Waypoint
from routing.costs import Harm, Strict
from routing.graph import StreetGraph
from routing.line import encoded
from routing.people import Person
from routing.regulars import COUNTED_EVERY, LATER_KEPT, OFTEN, TAKES_METRICS
from routing.router import Router
from routing.views import View

MORNING = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def router(sample_graph: StreetGraph) -> Iterator[Router]:
    found = Router(sample_graph)
    yield found
    found.close()


LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "kerb_max_m": st.one_of(st.none(), st.floats(0, 0.2)),
        "incline_up_max": st.one_of(st.none(), st.floats(0.01, 0.2)),
        "incline_down_max": st.one_of(st.none(), st.floats(0.01, 0.2)),
        "width_min_m": st.one_of(st.none(), st.floats(0.5, 2.5)),
        "steps_max": st.one_of(st.none(), st.integers(0, 20)),
        "surfaces_refused": st.lists(st.sampled_from(["sett", "gravel", "asphalt"]), unique=True),
    },
)
WAY = ((24.9385, 60.1719), (24.9520, 60.1700))


def closure_at(lon: float, lat: float) -> Barrier:
    point = {"type": "Point", "coordinates": (lon, lat)}
    return Barrier(UUID(int=1), "closure", 3, (lon, lat), point, "confirmed", True, 1)


def ask(router: Router, person: Profile, places: Any = WAY) -> bytes:
    answer = router.route(RouteRequest(tuple(Waypoint(*place) for place in places), person, asked_at=MORNING))
    return encoded(answer)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["manual_wheelchair", "cane_elderly"]), LIMITS, st.data())
def test_borrowed_metrics_answer_like_ones_own(
    sample_graph: StreetGraph, profile: str, limits: dict[str, Any], data: st.DataObject
) -> None:
    """The same question to a router that knows many people, and to one that gives everybody a metric."""
    one, other = routers(sample_graph)
    node = st.integers(0, sample_graph.node_count - 1)
    ends = [data.draw(node), data.draw(node)]
    places = [(float(sample_graph.node_lon[n]), float(sample_graph.node_lat[n])) for n in ends]
    person = with_overrides(built_in[profile], limits=limits)
    assert ask(one, person, places) == ask(other, person, places)


_routers: list[Router] = []


def routers(graph: StreetGraph) -> list[Router]:
    """One as it is, and one in which nobody borrows."""
    if not _routers:
        _routers.extend([Router(graph), Router(graph)])
        for router in _routers:
            closure = closure_at(24.9450, 60.1710)
            router.apply([closure], 1)
        _routers[1].regulars._lender = lambda person, scale: None  # type: ignore[method-assign]
    return _routers


def test_limits_of_one_rank_share_a_metric_and_keep_their_own_numbers(router: Router) -> None:
    """Between two kerb heights of the map it does not matter where the limit lies."""
    made: list[Any] = []
    customise = router.engine.customise
    router.engine.customise = lambda weights: (made.append(1), customise(weights))[1]  # type: ignore[method-assign]
    ask(router, built_in["manual_wheelchair"])
    people = [with_overrides(built_in["manual_wheelchair"], limits={"kerb_max_m": kerb}) for kerb in (0.031, 0.032)]
    before = len(made)
    answers = [ask(router, person) for person in people]
    assert answers[0] == answers[1]
    assert len(made) == before
    assert [person.limits.kerb_max_m for person in people] == [0.031, 0.032]


def test_who_comes_often_gets_a_metric_of_their_own(router: Router) -> None:
    ask(router, built_in["manual_wheelchair"])
    person = with_overrides(built_in["manual_wheelchair"], limits={"width_min_m": 1.3})
    departure = router.timetable.departure(MORNING, router.state.overlay, now=True)
    kept = router.engine.call(router.person, person, departure)
    first = ask(router, person)
    assert not kept.has(Strict())
    for _ in range(OFTEN):
        assert ask(router, person) == first
    assert kept.has(Strict())


def test_who_breaks_limits_borrows_from_whom_less_harm_is_done(router: Router) -> None:
    """No street is of wood: the way of least harm is found by the metric of somebody whose other limits are looser."""
    made: list[Any] = []
    customise = router.engine.customise
    router.engine.customise = lambda weights: (made.append(1), customise(weights))[1]  # type: ignore[method-assign]
    refused = ["asphalt", "paving_stones", "sett", "concrete", "gravel", "ground"]
    loose, tight = (
        with_overrides(built_in["manual_wheelchair"], limits={"surfaces_refused": refused, "kerb_max_m": kerb})
        for kerb in (0.08, 0.02)
    )
    ask(router, built_in["manual_wheelchair"])
    assert b'"least_bad"' in ask(router, loose)
    before = len(made)
    assert b'"least_bad"' in ask(router, tight)
    departure = router.timetable.departure(MORNING, router.state.overlay, now=True)
    assert not router.engine.call(router.person, tight, departure).has(Harm())
    assert len(made) - before <= 1, "one for the strict way, none for that of least harm"


def test_who_borrowed_before_the_lender_knew_of_a_report_borrows_again(router: Router) -> None:
    """No metric beside the lender's is made for it."""
    made: list[Any] = []
    alone = router.engine.customise_alone
    router.engine.customise_alone = lambda weights: (made.append(1), alone(weights))[1]  # type: ignore[method-assign]
    lender = built_in["manual_wheelchair"]
    borrower = with_overrides(lender, limits={"width_min_m": 1.3})
    ask(router, lender)
    ask(router, borrower)
    router.apply([closure_at(24.9450, 60.1710)], 1)
    first = ask(router, borrower)
    ask(router, lender)
    assert ask(router, borrower) == first
    assert not made


def test_memory_is_bounded_in_bytes_and_the_built_in_people_stay(sample_graph: StreetGraph) -> None:
    """Everybody refuses other surfaces: nobody can lend a metric, each makes one."""
    room = 8 * 2**20
    router = Router(sample_graph, kept_bytes=room)
    surfaces = ["sett", "gravel", "asphalt", "ground", "wood", "paving_stones"]
    try:
        router.regulars._budget._left_s = 1e6
        ask(router, built_in["manual_wheelchair"])
        for number in range(60):
            refused = [surface for bit, surface in enumerate(surfaces) if number >> bit & 1]
            ask(router, with_overrides(built_in["manual_wheelchair"], limits={"surfaces_refused": refused}))
            slack = (COUNTED_EVERY + 1) * TAKES_METRICS * router.engine.metric_bytes
            assert router.regulars.nbytes <= room + slack
        kept = [person.base.profile for person in router.regulars._kept.values()]
        assert built_in["manual_wheelchair"] in kept
        assert len(kept) < 40
    finally:
        router.close()


def test_a_barrier_reaches_who_borrows_and_who_lends(router: Router) -> None:
    people = [
        built_in["manual_wheelchair"],
        *(with_overrides(built_in["manual_wheelchair"], limits={"width_min_m": width}) for width in (0.8, 1.1)),
    ]
    lines = [msgspec.json.decode(ask(router, person))["routes"][0]["geometry"]["coordinates"] for person in people]
    middle = lines[0][len(lines[0]) // 2]
    closure = closure_at(*middle)
    router.apply([closure], 1)
    for person in people:
        found = msgspec.json.decode(ask(router, person))
        assert middle not in found["routes"][0]["geometry"]["coordinates"]
        assert found["routes"][0]["barriers"][0]["effect"] == "avoided"


def test_too_many_new_limits_at_once_are_told_to_come_again(router: Router) -> None:
    """Steps allowed: nobody lends a metric that is looser in that. The clock stands still."""
    budget = router.regulars._budget
    ask(router, built_in["manual_wheelchair"])
    budget._clock, budget._at, budget._left_s = lambda: 0.0, 0.0, 0.05
    people = [
        with_overrides(built_in["manual_wheelchair"], limits={"steps_max": steps, "surfaces_refused": []})
        for steps in range(1, 40)
    ]

    def all_ask() -> None:
        for person in people:
            router.regulars._kept.clear()
            ask(router, person)

    with pytest.raises(Refused) as refused:
        all_ask()
    assert refused.value.code == "overloaded"
    assert refused.value.details["retry_after_s"] == 1
    ask(router, built_in["manual_wheelchair"])
    budget._clock = lambda: 10.0
    ask(router, people[-1])


def test_moments_that_have_passed_are_forgotten(router: Router) -> None:
    """Every report makes another map of tomorrow; those of yesterday's reports go."""
    person = built_in["manual_wheelchair"]
    for number in range(2 * LATER_KEPT):
        where = 24.94 + number / 5000, 60.171
        router.apply([msgspec.structs.replace(closure_at(*where), id=UUID(int=number + 1))], number + 1)
        tomorrow = MORNING + timedelta(days=1)
        router.route(RouteRequest(tuple(Waypoint(*place) for place in WAY), person, depart_at=tomorrow))
        ask(router, person)
    assert len(router.regulars) <= LATER_KEPT + 2


def test_what_a_report_makes_stale_goes_at_once(router: Router) -> None:
    """Not when the collector comes: views are megabytes, and it counts objects."""
    person = built_in["manual_wheelchair"]
    ask(router, person)

    def view() -> weakref.ref[View]:
        departure = router.timetable.departure(MORNING, router.state.overlay, now=True)
        found = router.engine.call(lambda: router.person(person, departure).view(Strict()))
        assert found.prices.toll is not None
        return weakref.ref(found)

    gc.disable()
    try:
        before = view()
        router.apply([closure_at(24.945, 60.171)], 1)
        assert view()() is not None
        assert before() is None
    finally:
        gc.enable()


def test_who_is_let_go_is_gone_at_once(sample_graph: StreetGraph) -> None:
    router = Router(sample_graph, kept_bytes=1)
    gc.disable()
    try:

        def met(kerb: float) -> weakref.ref[Person]:
            person = with_overrides(built_in["manual_wheelchair"], limits={"kerb_max_m": kerb})
            ask(router, person)
            departure = router.timetable.departure(MORNING, router.state.overlay, now=True)
            return weakref.ref(router.engine.call(lambda: router.person(person, departure)))

        people = [met(0.01 + number / 1000) for number in range(2 * COUNTED_EVERY)]
        assert sum(person() is not None for person in people) <= COUNTED_EVERY
    finally:
        gc.enable()
        router.close()
