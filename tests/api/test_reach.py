"""Reach and matrix over HTTP: GeoJSON as GeoJSON wants it, cells as routes say, bounds held."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest
import shapely

from api.wire_reach import MatrixAnswer, ReachAnswer
from tests.api.test_routes import HERE, QUERY, THERE, problem_of

REACH: dict[str, Any] = {"origin": HERE, "profile": "manual_wheelchair", "max_s": [300, 600]}
MATRIX: dict[str, Any] = {"sources": [HERE], "targets": [THERE, HERE], "profile": "manual_wheelchair"}


async def ask(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    body = {name: value for name, value in (REACH | changes).items() if value is not ...}
    return await client.post("/v1/reach", json=body)


async def test_areas_are_features_within_each_other(app_client: httpx.AsyncClient) -> None:
    answer = await ask(app_client)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/geo+json")
    msgspec.json.decode(answer.content, type=ReachAnswer)
    found = answer.json()
    assert found["type"] == "FeatureCollection"
    assert [one["properties"] for one in found["features"]] == [
        {"band": 0, "profile": "manual_wheelchair", "max_s": 300},
        {"band": 1, "profile": "manual_wheelchair", "max_s": 600},
    ]
    inner, outer = (shapely.geometry.shape(one["geometry"]) for one in found["features"])
    assert inner.geom_type == outer.geom_type == "MultiPolygon"
    assert inner.is_valid
    assert outer.is_valid
    assert inner.difference(outer).area < 0.01 * inner.area
    assert outer.contains(shapely.Point(HERE))
    assert found["attribution"] == "© OpenStreetMap contributors"
    assert found["as_of"]["revision"] == 0
    assert found["snapped"]["distance_m"] < 50
    assert found["limits_used"]["kerb_max_m"] == 0.03


async def test_ways_are_lines_and_own_numbers_count(app_client: httpx.AsyncClient) -> None:
    answers = [await ask(app_client, **{"as": "ways"}), await ask(app_client, **{"as": "ways"}, speed_mps=0.4)]
    usual, slow = (shapely.geometry.shape(answer.json()["features"][1]["geometry"]) for answer in answers)
    assert usual.geom_type == "MultiLineString"
    assert 0 < slow.length < 0.7 * usual.length
    strict = await ask(app_client, **{"as": "ways"}, limits={"width_min_m": 5}, unknown="avoid")
    assert sum(len(one["geometry"]["coordinates"]) for one in strict.json()["features"]) < 50


async def test_metres_instead_of_seconds(app_client: httpx.AsyncClient) -> None:
    found = (await ask(app_client, max_s=..., max_m=[250.5])).json()
    assert [one["properties"]["max_m"] for one in found["features"]] == [250.5]
    assert "max_s" not in found["features"][0]["properties"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"max_s": ...}, "max_s"),
        ({"max_m": [100]}, "max_s"),
        ({"max_s": []}, "max_s"),
        ({"max_s": [1, 2, 3, 4, 5]}, "max_s"),
        ({"max_s": [600, 300]}, "max_s"),
        ({"max_s": [300, 300]}, "max_s"),
        ({"max_s": [0]}, "max_s[0]"),
        ({"max_s": [7201]}, "max_s[0]"),
        ({"max_s": ..., "max_m": [20_001]}, "max_m[0]"),
        ({"max_s": 300}, "max_s"),
        ({"as": "hexagons"}, "as"),
        ({"origin": [200, 0]}, "origin[0]"),
        ({"origin": ...}, "origin"),
        ({"extra": 1}, "extra"),
        ({"limits": {"kerb": 1}}, "limits.kerb"),
        ({"speed_mps": 0}, "speed_mps"),
    ],
)
async def test_what_is_out_of_bounds_is_refused(
    app_client: httpx.AsyncClient, changes: dict[str, Any], field: str
) -> None:
    found = problem_of(await ask(app_client, **changes), 400, "invalid_field")
    assert found["errors"][0]["field"] == field


async def test_unknown_profiles_revisions_and_places_are_told_apart(app_client: httpx.AsyncClient) -> None:
    problem_of(await ask(app_client, profile="hovercraft"), 400, "unknown_profile")
    problem_of(await ask(app_client, min_revision=7), 400, "revision_unknown")
    found = problem_of(await ask(app_client, origin=[0, 0]), 422, "outside_map")
    assert found["errors"][0]["field"] == "origin"


async def test_a_matrix_says_what_routes_say(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.post("/v1/matrix", json=MATRIX)
    assert answer.status_code == 200
    found = msgspec.json.decode(answer.content, type=MatrixAnswer)
    asked = (await app_client.post("/v1/routes", json=QUERY)).json()
    assert asked["status"] == "ok"
    route = asked["routes"][0]
    assert found.durations_s == [[route["duration_s"], 0.0]]
    assert found.distances_m == [[route["distance_m"], 0.0]]
    assert found.attribution == "© OpenStreetMap contributors"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sources": []}, "sources"),
        ({"targets": []}, "targets"),
        ({"sources": [HERE] * 51, "targets": [THERE] * 50}, "targets"),
        ({"sources": [HERE] * 2501}, "sources"),
        ({"targets": [[24.95, 62.0]]}, "targets"),
        ({"targets": [[24.95]]}, "targets[0]"),
        ({"extra": 1}, "extra"),
    ],
)
async def test_a_matrix_has_bounds(app_client: httpx.AsyncClient, changes: dict[str, Any], field: str) -> None:
    found = problem_of(await app_client.post("/v1/matrix", json=MATRIX | changes), 400, "invalid_field")
    assert found["errors"][0]["field"] == field


async def test_a_cell_outside_the_map_is_named(app_client: httpx.AsyncClient) -> None:
    body = MATRIX | {"targets": [HERE, [24.95, 60.60]]}
    found = problem_of(await app_client.post("/v1/matrix", json=body), 422, "outside_map")
    assert found["errors"][0]["field"] == "targets[1]"
