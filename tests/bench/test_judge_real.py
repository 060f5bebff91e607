"""The judge on real maps: it loads them, agrees with itself, and is fast enough for 500 pairs of eight profiles."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.judge import JudgeMap, compliant_exists, least_points, load, violations
from bench.judge.limits import limits_of
from bench.judge.search import places
from bench.judge.tables import PERSONS
from bench.judge.verdicts import verdicts

SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
MONACO = SHARED / "osm" / "monaco_2026.osm.pbf"
pytestmark = [
    pytest.mark.real_map,
    pytest.mark.skipif(not MONACO.exists(), reason=f"no real maps: neither $SHARED_DATA nor {SHARED} holds osm/"),
]
Pair = list[dict[str, Any]]


@pytest.fixture(scope="module")
def monaco() -> JudgeMap:
    return load(MONACO)


def _pairs(world: JudgeMap, count: int) -> list[Pair]:
    rng = np.random.default_rng(4)
    ends = rng.integers(0, len(world.tail), (count, 2))
    middle = [(world.lon[world.tail] + world.lon[world.head]) / 2, (world.lat[world.tail] + world.lat[world.head]) / 2]
    return [[{"location": [float(middle[0][s]), float(middle[1][s])]} for s in pair] for pair in ends.tolist()]


def _request(profile: str) -> dict[str, Any]:
    return {"profile": profile, "waypoints": [[0, 0], [0, 0]]}


def test_every_profile_finds_both_answers(monaco: JudgeMap) -> None:
    pairs = _pairs(monaco, 60)
    for profile in PERSONS:
        found = [compliant_exists(monaco, _request(profile), pair) for pair in pairs]
        assert any(found), profile
        assert not all(found), profile


def test_harmless_and_compliant_are_the_same(monaco: JudgeMap) -> None:
    """The strict search and the least-harm search are built apart and must agree."""
    for profile in PERSONS:
        for pair in _pairs(monaco, 40):
            least = least_points(monaco, _request(profile), pair)
            harmless = least is not None and least < 0.05
            assert compliant_exists(monaco, _request(profile), pair) == harmless


def test_a_looser_person_goes_wherever_a_tighter_one_does(monaco: JudgeMap) -> None:
    own = {"incline_up_max": 0.02, "incline_down_max": 0.02, "kerb_max_m": 0.0, "surfaces_refused": ["sett", "paved"]}
    loose, tight = _request("power_wheelchair"), _request("power_wheelchair") | {"limits": own}
    lost = 0
    for pair in _pairs(monaco, 60):
        before, after = (compliant_exists(monaco, r, pair) for r in (tight, loose))
        assert after or not before
        lost += after and not before
    assert lost


def test_the_accuser_never_blames_what_the_searcher_uses(monaco: JudgeMap) -> None:
    """The sure reading is weaker than the fearful one on every arc of a real map."""
    for profile in PERSONS:
        limits = limits_of(_request(profile))
        sure, feared = (verdicts(monaco, limits, fearful=f) for f in (False, True))
        assert not (sure.never & ~feared.never).any(), profile
        assert not (sure.broken & ~feared.broken & ~feared.never).any(), profile
        assert (sure.per_m <= feared.per_m + 1e-9)[~feared.never].all(), profile


def test_single_ways_are_judged_as_the_whole_map_is(monaco: JudgeMap) -> None:
    """Walking one stretch of a real way as an answer finds what the arrays say."""
    request = _request("manual_wheelchair")
    sure = verdicts(monaco, limits_of(request), fearful=False)
    rng = np.random.default_rng(7)
    checked = 0
    for stretch in rng.integers(0, len(monaco.tail), 400).tolist():
        row = monaco.rows[monaco.row_of[stretch]]
        if row.relation_id is not None or sure.private[2 * stretch] or sure.never[2 * stretch]:
            continue
        ends = [int(monaco.tail[stretch]), int(monaco.head[stretch])]
        line = [[float(monaco.lon[n]), float(monaco.lat[n])] for n in ends]
        segment = {"geometry_index": [0, 1], "way_id": row.way_id, "area_id": None, "side": None}
        segment |= {"node_ids": [int(monaco.node_id[n]) for n in ends], "length_m": float(monaco.length[stretch])}
        found = violations(monaco, request, {"geometry": {"coordinates": line}, "segments": [segment]})
        assert bool(found) == bool(sure.broken[2 * stretch]), row
        checked += 1
    assert checked > 100


def test_a_place_on_a_way_is_found_again(monaco: JudgeMap) -> None:
    for pair in _pairs(monaco, 50):
        for snapped in pair:
            assert places(monaco, *snapped["location"])


def test_five_hundred_pairs_are_feasible(monaco: JudgeMap) -> None:
    """A bound against hanging, ten times what it takes; figures belong to bench/."""
    pairs = _pairs(monaco, 50)
    began = time.perf_counter()
    for profile in PERSONS:
        for pair in pairs:
            if not compliant_exists(monaco, _request(profile), pair):
                least_points(monaco, _request(profile), pair)
    assert time.perf_counter() - began < 120
