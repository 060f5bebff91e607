"""Places over HTTP: in order, page by page, with what the map says about them."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from api.places import PlacesAnswer
from tests.api.test_routes import problem_of

HERE = "24.9414,60.1719"


async def ask(client: httpx.AsyncClient, **query: Any) -> httpx.Response:
    return await client.get("/v1/places", params={"at": HERE, "kind": "toilets"} | query)


async def test_toilets_come_with_time_and_details(app_client: httpx.AsyncClient) -> None:
    answer = await ask(app_client)
    assert answer.status_code == 200
    assert answer.headers["etag"]
    msgspec.json.decode(answer.content, type=PlacesAnswer)
    found = answer.json()
    assert found["attribution"] == "© OpenStreetMap contributors"
    first = found["places"][0]
    assert first["reachable"] is True
    assert first["duration_s"] > 0
    assert "toilets" in first["kinds"]
    assert {"key", "opening_hours", "changing_table", "door_width_m", "wheelchair", "levels"} <= first["details"].keys()
    for one in found["places"]:
        assert (one["duration_s"] is None) is (not one["reachable"])


async def test_the_time_is_that_of_a_route_there(app_client: httpx.AsyncClient) -> None:
    for one in (await ask(app_client, limit=5)).json()["places"]:
        goal = one.get("entrance", one["location"])
        if len(one["details"]["levels"]) == 1:
            goal = {"at": goal, "level": one["details"]["levels"][0]}
        body = {"waypoints": [[24.9414, 60.1719], goal], "profile": "manual_wheelchair"}
        route = (await app_client.post("/v1/routes", json=body)).json()
        assert route["status"] == ("ok" if one["reachable"] else "least_bad")
        if one["reachable"]:
            assert one["duration_s"] == pytest.approx(route["routes"][0]["duration_s"], abs=0.11)


async def test_pages_follow_each_other(app_client: httpx.AsyncClient) -> None:
    whole = (await ask(app_client, kind="bench", limit=50)).json()["places"]
    pages: list[Any] = []
    cursor = None
    while len(pages) < 50:
        page = (await ask(app_client, kind="bench", limit=20, **({"cursor": cursor} if cursor else {}))).json()
        pages += page["places"]
        cursor = page["next"]
        if cursor is None:
            break
    assert pages[:50] == whole
    assert len(whole) == 50


async def test_every_kind_is_answered(app_client: httpx.AsyncClient) -> None:
    for kind in ("toilets", "bench", "lift", "entrance", "shelter", "parking", "stop"):
        answer = await ask(app_client, kind=kind, profile="walk", limit=3)
        assert answer.status_code == 200
        assert all(kind in one["kinds"] for one in answer.json()["places"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"kind": "pub"}, "kind"),
        ({"at": "24.9"}, "at"),
        ({"at": "200,0"}, "at"),
        ({"at": "nan,0"}, "at"),
        ({"limit": 0}, "limit"),
        ({"limit": 501}, "limit"),
        ({"cursor": "-1"}, "cursor"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "500"}, "cursor"),
        ({"extra": 1}, "extra"),
    ],
)
async def test_bounds_are_strict(app_client: httpx.AsyncClient, query: dict[str, Any], field: str) -> None:
    found = problem_of(await ask(app_client, **query), 400, "invalid_query")
    assert found["errors"][0]["field"] == field


async def test_other_refusals(app_client: httpx.AsyncClient) -> None:
    problem_of(await ask(app_client, profile="hovercraft"), 400, "unknown_profile")
    problem_of(await ask(app_client, at="0,0"), 422, "outside_map")
    problem_of(await app_client.get("/v1/places"), 400, "invalid_query")
