"""A route as GeoJSON: the same facts as the JSON answer, as features told apart by their role."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from api.route_geojson import RouteFeatures
from tests.api.city import City
from tests.api.test_routes import QUERY

GEOJSON = {"Accept": "application/geo+json"}


async def features(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """The whole collection, after checking that it is one."""
    answer = await client.post("/v1/routes", json=QUERY | changes, headers=GEOJSON)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    msgspec.json.decode(answer.content, type=RouteFeatures)
    found: dict[str, Any] = answer.json()
    assert found["type"] == "FeatureCollection"
    assert all(feature["type"] == "Feature" for feature in found["features"])
    return found


def of_role(found: dict[str, Any], role: str) -> list[dict[str, Any]]:
    return [feature for feature in found["features"] if feature["properties"]["role"] == role]


async def test_what_json_says_is_in_the_features(app_client: httpx.AsyncClient) -> None:
    found = await features(app_client)
    plain = (await app_client.post("/v1/routes", json=QUERY)).json()
    route = plain["routes"][0]
    assert found["attribution"] == plain["attribution"]
    assert found["as_of"]["map"] == plain["as_of"]["map"]
    way = of_role(found, "route")[0]
    assert way["geometry"] == route["geometry"]
    for name in ("why", "distance_m", "duration_s", "ascent_m", "summary"):
        assert way["properties"][name] == route[name]
    segments = of_role(found, "segment")
    assert len(segments) == len(route["segments"])
    joined = [segments[0]["geometry"]["coordinates"][0]]
    for feature, segment in zip(segments, route["segments"], strict=True):
        joined += feature["geometry"]["coordinates"][1:]
        facts = feature["properties"]
        for name in ("incline", "surface", "kerb_m", "steps", "unknown", "way_id", "width_m", "smoothness", "side"):
            assert facts[name] == segment[name]
    assert joined == route["geometry"]["coordinates"]
    snapped = of_role(found, "snapped")
    assert [feature["geometry"]["coordinates"] for feature in snapped] == [one["location"] for one in plain["snapped"]]


async def test_the_way_back_has_its_own_role(app_client: httpx.AsyncClient) -> None:
    found = await features(app_client, **{"return": True})
    back = of_role(found, "return")[0]
    assert back["properties"]["status"] == "ok"
    assert back["properties"]["route_index"] is None
    assert {feature["properties"]["route_index"] for feature in of_role(found, "segment")} == {0, None}


async def test_other_ways_have_their_own_role(app_client: httpx.AsyncClient) -> None:
    found = await features(app_client, alternatives=2)
    routes = (await app_client.post("/v1/routes", json=QUERY | {"alternatives": 2})).json()["routes"]
    assert len(routes) > 1
    others = of_role(found, "alternative")
    assert [one["geometry"] for one in others] == [route["geometry"] for route in routes[1:]]
    assert [one["properties"]["route_index"] for one in others] == list(range(1, len(routes)))


async def test_broken_limits_are_points_where_they_are(app_client: httpx.AsyncClient) -> None:
    strict = {"unknown": "avoid"}
    plain = (await app_client.post("/v1/routes", json=QUERY | strict)).json()
    assert plain["status"] == "least_bad"
    found = await features(app_client, **strict)
    assert found["status"] == "least_bad"
    assert of_role(found, "route")[0]["properties"]["status"] == "least_bad"
    points = of_role(found, "violation")
    broken = plain["routes"][0]["violations"]
    assert [point["geometry"]["coordinates"] for point in points] == [one["at"] for one in broken]
    assert [point["properties"]["code"] for point in points] == [one["code"] for one in broken]


async def test_a_barrier_is_a_point_without_a_word_of_who_reported_it(city: City) -> None:
    line = (await city.route()).json()["routes"][0]["geometry"]["coordinates"]
    there = line[len(line) // 2]
    told = {"note": "kanarienvogel", "contact": {"name": "kanarienvogel"}}
    report = await city.report(kind="construction", severity=4, at=there, **told)
    await city.moderate(report["barrier_id"], "confirm")
    revision = (await city.barrier(report["barrier_id"]))["revision"]
    found = await features(city.client, min_revision=revision)
    (barrier,) = of_role(found, "barrier")
    assert barrier["properties"].keys() == {"role", "route_index", "barrier_id", "kind", "text", "standing", "effect"}
    assert barrier["properties"]["barrier_id"] == report["barrier_id"]
    assert barrier["geometry"]["coordinates"] == there
    assert "kanarienvogel" not in str(found)
