"""Barriers come and go: a person who follows them sees what one made anew would see, and metrics follow arc by arc."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.barriers import Barrier, Measured
from accessibility.profiles import built_in, with_overrides
from routing.costs import Harm, Strict
from routing.engine import Engine
from routing.graph import StreetGraph
from routing.laid import all_sums, sums
from routing.overlay import NOTHING, OPEN, Overlay, Tolls
from routing.patched import dense
from routing.people import Person
from routing.router import Router


@pytest.fixture(scope="module")
def router(sample_graph: StreetGraph) -> Iterator[Router]:
    found = Router(sample_graph)
    yield found
    found.close()


def barrier(graph: StreetGraph, number: int, at: int, severity: int, kerb_m: float | None, standing: str) -> Barrier:
    place = (float(graph.node_lon[at % graph.node_count]), float(graph.node_lat[at % graph.node_count]))
    kind = "construction" if kerb_m is None else "kerb_too_high"
    return Barrier(
        UUID(int=number),
        kind,
        severity,
        place,
        {"type": "Point", "coordinates": list(place)},
        standing,
        standing != "resolved",
        number,
        measured=Measured() if kerb_m is None else Measured(kerb_m=kerb_m),
    )


CHANGES = st.lists(
    st.lists(
        st.tuples(
            st.integers(1, 6),
            st.integers(0, 10**6),
            st.integers(1, 4),
            st.none() | st.floats(0.01, 0.2),
            st.sampled_from(["confirmed", "suspected", "resolved"]),
        ),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(CHANGES, st.sampled_from([{}, {"kerb_max_m": 0.05}, {"kerb_max_m": 0.15, "width_min_m": 1.0}]))
def test_who_follows_sees_what_one_made_anew_sees(router: Router, changes: Any, limits: dict[str, Any]) -> None:
    profile = with_overrides(built_in["manual_wheelchair"], limits=limits)
    base = router.weigh(profile)
    overlay, person = NOTHING, Person(base, router.engine)
    kept = {scale.name: person.view(scale).metric for scale in (Strict(), Harm())}
    for change in changes:
        overlay = overlay.changed(router.placer, [barrier(router.graph, *one) for one in change])
        person.bring_up(overlay, OPEN)
        anew = Person(base, router.engine)
        anew.bring_up(Overlay(overlay.barriers, overlay.parts), OPEN)
        assert person.tolls.by_edge == anew.tolls.by_edge
        for name in ("forbidden", "private", "violated", "cost_s", "harm", "units"):
            np.testing.assert_array_equal(dense(getattr(person.weighing, name)), dense(getattr(anew.weighing, name)))
        for scale in (Strict(), Harm()):
            view = person.view(scale)
            assert view.metric is kept[scale.name]
            np.testing.assert_array_equal(view.metric.weights, scale.weights(anew.weighing))
            np.testing.assert_array_equal(view.weights_inside, scale.weights(anew.weighing, private=True))


def test_one_more_barrier_changes_its_own_arcs_and_no_others(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many others are in force: a hundred would be more than a metric takes in place."""
    graph = router.graph
    many = [barrier(graph, number, 37 * number, 3, None, "confirmed") for number in range(1, 101)]
    overlay = NOTHING.changed(router.placer, many)
    person = Person(router.weigh(built_in["walk"]), router.engine)
    person.bring_up(overlay, OPEN)
    person.view(Strict())
    touched: list[int] = []
    update = Engine.update

    def counted(engine: Engine, metric: Any, arcs: Any, weights: Any) -> None:
        touched.append(len(arcs))
        update(engine, metric, arcs, weights)

    monkeypatch.setattr(Engine, "update", counted)
    later = overlay.changed(router.placer, [barrier(graph, 1000, 5000, 3, None, "confirmed")])
    person.bring_up(later, OPEN)
    mine = {part.edge for part in later.parts[UUID(int=1000)]}
    assert touched == [2 * len(mine)]


def test_all_of_a_profile_share_their_tolls_unless_a_measured_place_concerns_them(router: Router) -> None:
    graph = router.graph
    closed = NOTHING.changed(router.placer, [barrier(graph, 1, 10, 3, None, "confirmed")])
    chair = built_in["manual_wheelchair"]
    own = with_overrides(chair, limits={"kerb_max_m": 0.05})
    assert Tolls.of(closed, chair) is Tolls.of(closed, own)
    measured = closed.changed(router.placer, [barrier(graph, 2, 900, 2, 0.04, "confirmed")])
    mine, theirs = Tolls.of(measured, chair), Tolls.of(measured, own)
    differing = mine.differing(theirs)
    assert len(differing)
    assert all(toll.violated for _, toll in mine.by_edge[int(differing[0])])


def test_sums_that_follow_are_sums_from_the_start(router: Router) -> None:
    graph = router.graph
    one = Tolls.of(
        NOTHING.changed(router.placer, [barrier(graph, n, 50 * n, 3, None, "confirmed") for n in (1, 2)]),
        built_in["walk"],
    )
    other = Tolls.of(
        NOTHING.changed(router.placer, [barrier(graph, n, 50 * n, 3, None, "confirmed") for n in (2, 3)]),
        built_in["walk"],
    )
    nothing = Tolls({})
    all_sums(one, nothing, one.differing(nothing))
    followed = all_sums(other, one, other.differing(one))
    for found, expected in zip(followed, sums(other, sorted(other.by_edge)), strict=True):
        np.testing.assert_array_equal(found, expected)
