"""Relax and verify, held against the plain truth on small random towns: nobody stands before a closed gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.barriers import Barrier
from accessibility.profiles import built_in
from accessibility.time_rules import State
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint
from routing.costs import Harm, Strict
from routing.laid import laid_on, sums
from routing.overlay import BARRIER_POINTS, Overlay, Toll, Tolls
from routing.path import Piece
from routing.people import Person
from routing.placing import Part
from routing.timing import Timetable
from tests.support.drawn import Town, drawn

HERE = ZoneInfo("Europe/Berlin")
GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=2"
NAMES = "abcdefghijklmnop"
HOURS = [
    "",
    "08:00-08:10",
    "00:00-08:05",
    "08:03-24:00",
    "08:08-08:12",
    "off",
    "as they like",
    "08:00-08:02,08:06-09:00",
]


TOWNS: list[Town] = []


@pytest.fixture(scope="module", autouse=True)
def _close_towns() -> Iterator[None]:
    yield
    for town in TOWNS:
        town.close()


@cache
def grid(hours: tuple[str, ...]) -> Town:
    """Four by four crossings, 20 m apart; the ways between them have these hours in turn."""
    rows = [("    ".join(NAMES[4 * row : 4 * row + 4])) for row in range(4)]
    pairs = [(NAMES[i], NAMES[i + 1]) for i in range(16) if i % 4 < 3] + [(NAMES[i], NAMES[i + 4]) for i in range(12)]
    ways: dict[str, Any] = {}
    for number, pair in enumerate(pairs):
        tags = dict(part.split("=", 1) for part in GOOD.split())
        text = hours[number % len(hours)]
        ways["".join(pair)] = tags | ({"opening_hours": text} if text else {})
    TOWNS.append(drawn("\n\n\n\n".join(rows), ways=ways, cell_m=4))
    return TOWNS[-1]


def closed_on_arrival(town: Town, answer: RouteAnswer, begin: datetime) -> list[str]:
    """Ways that were closed while the person was on them, by a clock of our own."""
    table, found, at = town.router.timetable, [], begin
    for segment in answer.routes[0].segments:
        leave = at + timedelta(seconds=segment.length_m / 0.75)
        edges = [edge for edge in table.rules if town.graph.edge_way[edge] == segment.way_id]
        if edges and table.state_on(Piece(2 * edges[0]), at, leave) is State.CLOSED:
            found.append(town.way_names[segment.way_id or 0])
        at = leave
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(HOURS), min_size=1, max_size=9).map(tuple),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.integers(-5, 14),
)
def test_what_is_answered_is_open_on_arrival(hours: tuple[str, ...], a: str, b: str, minute: int) -> None:
    if a == b:
        return
    town = grid(hours)
    begin = datetime(2026, 11, 24, 8, 0, tzinfo=HERE) + timedelta(minutes=minute)
    person = built_in["manual_wheelchair"]
    places = tuple(Waypoint(*town.at[letter]) for letter in (a, b))
    plain, timed = (town.router.route(RouteRequest(places, person, depart_at=at)) for at in (None, begin))
    assert isinstance(plain, RouteAnswer)
    plain_is_open = not closed_on_arrival(town, plain, begin)
    if isinstance(timed, NoRoute):
        assert not plain_is_open
        assert timed.because == ["hours"]
        return
    assert closed_on_arrival(town, timed, begin) == []
    if plain_is_open and timed.snapped == plain.snapped:
        assert timed.routes[0].distance_m == pytest.approx(plain.routes[0].distance_m, abs=0.2)


@pytest.fixture(scope="module")
def person() -> Person:
    """Somebody in a small town."""
    router = grid(("",)).router
    return Person(router.weigh(built_in["manual_wheelchair"]), router.engine)


def _toll(number: int, forbidden: bool, violated: bool, seconds: float) -> Toll:
    place = (8.69, 49.41)
    barrier = Barrier(
        UUID(int=number), "obstacle", 2, place, {"type": "Point", "coordinates": place}, "confirmed", True, 1
    )
    return Toll(barrier, forbidden, violated or forbidden, BARRIER_POINTS * violated, seconds, ())


TOLLS = st.lists(
    st.tuples(
        st.integers(0, 23),
        st.builds(_toll, st.integers(1, 4), st.booleans(), st.booleans(), st.floats(0, 300)),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TOLLS, min_size=1, max_size=4))
def test_a_variant_sees_what_a_person_made_anew_would_see(person: Person, laid: list[list[tuple[int, Toll]]]) -> None:
    for tolls in (Tolls({}).plus((Part(edge, 0.0, 1.0), toll) for edge, toll in one) for one in laid):
        variant = person.variant(tolls)
        anew = laid_on(person.base, sums(tolls, sorted(tolls.by_edge)))
        for scale in (Strict(), Harm()):
            view = variant.view(scale)
            np.testing.assert_array_equal(view.metric.weights, scale.weights(anew))
            np.testing.assert_array_equal(view.prices.weights, scale.weights(anew))
            np.testing.assert_array_equal(view.weights_inside, scale.weights(anew, private=True))


def test_two_variants_at_once_do_not_mix(person: Person) -> None:
    one, other = (person.variant(Tolls({}).plus([(Part(edge, 0.0, 1.0), _toll(1, True, True, 0))])) for edge in (0, 5))
    views = [one.view(Strict()), other.view(Strict())]
    for view, edge in [*zip(views, (0, 5), strict=True)] * 2:
        shut = np.flatnonzero(view.metric.weights == 2**31 - 1)
        assert set((shut // 2).tolist()) == {edge}


def test_lifting_and_laying_again_is_nothing() -> None:
    tolls = Tolls({}).plus(
        [(Part(3, 0.0, 1.0), _toll(1, True, True, 0)), (Part(3, 0.2, 0.4), _toll(2, False, False, 9))]
    )
    assert tolls.lifted({UUID(int=9)}, {3}).differing(tolls).size == 0
    assert tolls.lifted({UUID(int=1)}, set()).differing(tolls).tolist() == [3]
    assert tolls.lifted({UUID(int=1), UUID(int=2)}, set()).by_edge == {}


MOMENTS = [datetime(2026, 11, 24, hour, tzinfo=HERE) for hour in range(6, 20)]


def _spans() -> st.SearchStrategy[list[tuple[int | None, int | None, bool]]]:
    end = st.one_of(st.none(), st.integers(0, len(MOMENTS) - 1))
    return st.lists(st.tuples(end, end, st.booleans()), max_size=6)


@settings(max_examples=100, deadline=None)
@given(_spans(), st.integers(0, len(MOMENTS) - 2), st.integers(1, 5))
def test_an_overlay_at_another_moment(spans: list[tuple[int | None, int | None, bool]], now: int, hours: int) -> None:
    """In force then: its span holds the moment; from now on only what turns in between may differ."""
    known = {}
    for number, (begin, end, active) in enumerate(spans):
        place = (8.69, 49.41)
        known[UUID(int=number)] = Barrier(
            UUID(int=number), "closure", 4, place, {"type": "Point", "coordinates": place}, "confirmed", active, 1,
            starts_at=None if begin is None else MOMENTS[begin], ends_at=None if end is None else MOMENTS[end],
        )  # fmt: skip
    overlay = Overlay({}, {}).changed(_Nowhere(), known.values())  # type: ignore[arg-type]
    then = MOMENTS[min(now + hours, len(MOMENTS) - 1)]

    def holds(barrier: Barrier, at: datetime) -> bool:
        begun = barrier.starts_at is None or barrier.starts_at <= at
        return begun and (barrier.ends_at is None or at < barrier.ends_at)

    assert overlay.at(then).barriers.keys() == {key for key, barrier in known.items() if holds(barrier, then)}
    turned = {
        key
        for key, barrier in known.items()
        if any(at is not None and MOMENTS[now] < at <= then for at in (barrier.starts_at, barrier.ends_at))
    }
    assert overlay.turning(MOMENTS[now], then).keys() == turned
    later = overlay.at(then, since=MOMENTS[now]).barriers.keys()
    assert later == {
        key for key, barrier in known.items() if (holds(barrier, then) if key in turned else barrier.active)
    }
    again = overlay.at(then).at(then)
    assert again.barriers.keys() == overlay.at(then).barriers.keys()
    assert {**again.barriers, **again.waiting} == known


class _Nowhere:
    """A placer of a map without streets."""

    def place(self, barrier: Barrier) -> tuple[Part, ...]:
        return ()


def test_every_moment_of_a_day_has_its_closings() -> None:
    town = grid(("08:00-20:00", "", "12:00-13:00"))
    table: Timetable = town.router.timetable
    counts = [len(table.closings(datetime(2026, 11, 24, hour, 30, tzinfo=HERE)).edges) for hour in range(24)]
    assert [a for a, b in pairwise(counts) if a != b] == [counts[0], counts[8], counts[12], counts[13]]
    assert table.closings(MOMENTS[3]) is table.closings(MOMENTS[3] + timedelta(seconds=5))
