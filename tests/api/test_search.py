"""Search over HTTP: found, told whole, bounds held; the page finds the same."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from api.search import SearchAnswer
from tests.api.test_routes import HERE, problem_of


async def ask(client: httpx.AsyncClient, q: str, **query: Any) -> httpx.Response:
    return await client.get("/v1/search", params={"q": q} | query)


async def test_a_street_is_found_without_its_accents(app_client: httpx.AsyncClient) -> None:
    answer = await ask(app_client, "etelaesplanadi")
    assert answer.status_code == 200
    assert answer.headers["etag"]
    msgspec.json.decode(answer.content, type=SearchAnswer)
    found = answer.json()
    assert found["attribution"] == "© OpenStreetMap contributors"
    first = found["results"][0]
    assert (first["name"], first["kind"]) == ("Eteläesplanadi", "street")
    assert first["osm_id"].startswith("w")
    assert "distance_m" not in first


async def test_near_gives_distances(app_client: httpx.AsyncClient) -> None:
    found = (await ask(app_client, "katu", near="24.9414,60.1719", limit=5)).json()["results"]
    assert len(found) == 5
    assert all(one["distance_m"] > 0 for one in found)


async def test_a_route_can_end_where_the_search_says(app_client: httpx.AsyncClient) -> None:
    results = (await ask(app_client, "Ateneum")).json()["results"]
    goal = results[0].get("entrance", results[0]["location"])
    body = {"waypoints": [HERE, goal], "profile": "walk"}
    route = (await app_client.post("/v1/routes", json=body)).json()
    assert route["status"] == "ok"
    assert route["snapped"][1]["distance_m"] < 60


async def test_nothing_found_is_an_empty_list(app_client: httpx.AsyncClient) -> None:
    assert (await ask(app_client, "Timbuktu")).json()["results"] == []
    assert (await ask(app_client, "…")).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": ""}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"q": "a", "near": "1"}, "near"),
        ({"q": "a", "near": "inf,0"}, "near"),
        ({"q": "a", "limit": 0}, "limit"),
        ({"q": "a", "limit": 51}, "limit"),
        ({"q": "a", "kind": "street"}, "kind"),
        ({}, "q"),
    ],
)
async def test_bounds_are_strict(app_client: httpx.AsyncClient, query: dict[str, Any], field: str) -> None:
    found = problem_of(await app_client.get("/v1/search", params=query), 400, "invalid_query")
    assert found["errors"][0]["field"] == field
