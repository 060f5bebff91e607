"""Wishes as scales of their own: never past a limit, never cheaper than the cost, and kept up with what is reported."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from uuid import uuid4

import numpy as np
import pytest
from msgspec.structs import replace

from accessibility.barriers import Barrier
from accessibility.profiles import built_in
from routing.costs import Harm, Strict
from routing.engine import BLOCKED
from routing.graph import StreetGraph
from routing.people import Person
from routing.preferences import METRICS_KEPT, WISHES
from routing.router import Router
from tests.routing.test_alternatives import request

CODES = sorted({code for codes in WISHES.values() for code in codes})


@pytest.fixture(scope="module")
def router(sample_graph: StreetGraph) -> Iterator[Router]:
    found = Router(sample_graph)
    yield found
    found.close()


def test_every_profile_has_wishes() -> None:
    assert WISHES.keys() == built_in.keys()
    assert all(len(set(codes)) == len(codes) for codes in WISHES.values())


@pytest.mark.parametrize("base", [Strict(), Harm()], ids=lambda scale: scale.name)
@pytest.mark.parametrize("code", CODES)
def test_a_wish_closes_and_opens_nothing_and_only_adds(router, code, base):
    weighing = router.weigh(built_in["walk"])
    plain, wished = base.weights(weighing), router.wishes.scale(code, base).weights(weighing)
    assert ((plain >= BLOCKED) == (wished >= BLOCKED)).all()
    assert (wished >= plain).all()
    assert (wished > plain).any()
    if isinstance(base, Harm):
        assert (wished >> 15 == plain >> 15).all(), "a wish is worth no harm"


@pytest.mark.parametrize("scale", [*CODES, "shortest"])
def test_some_arcs_weigh_what_they_weigh_among_all(router, scale):
    weighing = router.weigh(built_in["rollator"])
    wished = router.wishes.shortest(Strict()) if scale == "shortest" else router.wishes.scale(scale, Strict())
    arcs = np.random.default_rng(1).choice(2 * router.graph.edge_count, 500)
    assert (wished.weights(weighing, arcs) == wished.weights(weighing)[arcs]).all()


def test_kept_metrics_know_what_is_reported_later(sample_graph):
    """After a report every kept metric holds what it would hold if it were made anew."""
    router = Router(sample_graph)
    router.route(replace(request(sample_graph, 3, "walk"), alternatives=5))
    line = router.route(request(sample_graph, 3, "walk")).routes[0].geometry.coordinates
    place = line[len(line) // 2]
    report = {"type": "Point", "coordinates": place}
    router.apply([Barrier(uuid4(), "closure", 4, place, report, "confirmed", active=True, revision=1)], 1)
    router.route(replace(request(sample_graph, 3, "walk"), alternatives=5))
    [person] = router.regulars._kept.values()
    kept = {name: metric for name, metric in person._metrics.items() if name != "base"}
    scales = person._scales
    same = {name: (metric.weights == scales[name].weights(person.weighing)).all() for name, metric in kept.items()}
    router.close()
    assert len(kept) > 2
    assert all(same.values()), same


def test_wishes_not_asked_for_longest_are_forgotten(sample_graph):
    router = Router(sample_graph)
    for number in range(METRICS_KEPT):
        person = replace(built_in["walk"], limits=replace(built_in["walk"].limits, width_min_m=0.5 + number / 100))
        router.route(replace(request(sample_graph, 3, "walk"), profile=person, alternatives=5))
    people = [one for one in gc.get_objects() if isinstance(one, Person) and "_metrics" in vars(one)]
    people = [one for one in people if one._engine is router.engine]
    kept = sum(name not in ("base", "strict", "harm") for one in people for name in [*one._metrics, *one._scratch])
    router.close()
    assert 0 < kept <= 2 * METRICS_KEPT, "each with a scratch at most"
