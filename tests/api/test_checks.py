"""A line checked and the norms, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from accessibility.norms import NORMS
from api.checks import CheckAnswer, NormsAnswer
from tests.api.test_routes import QUERY, problem_of

LINE = [[24.9414, 60.1719], [24.9425, 60.1712]]


async def ask(client: httpx.AsyncClient, line: Any = LINE, **changes: Any) -> httpx.Response:
    geometry = {"type": "LineString", "coordinates": line}
    return await client.post("/v1/check", json={"geometry": geometry, "profile": "manual_wheelchair"} | changes)


async def test_the_line_of_a_route_is_usable(app_client: httpx.AsyncClient) -> None:
    route = (await app_client.post("/v1/routes", json=QUERY)).json()["routes"][0]
    answer = await ask(app_client, route["geometry"]["coordinates"])
    assert answer.status_code == 200
    found = answer.json()
    msgspec.json.decode(answer.content, type=CheckAnswer)
    assert (found["status"], found["usable"], found["violations"], found["forbidden"]) == ("ok", True, [], [])
    assert found["matched_share"] > 0.98
    assert found["attribution"] == "© OpenStreetMap contributors"
    assert found["as_of"]["revision"] == 0
    assert all("findings" in segment and "norms" in segment for segment in found["segments"])
    vertices = sum(map(len, found["geometry"]["coordinates"]))
    assert found["segments"][-1]["geometry_index"][1] == vertices - 1


async def test_own_limits_count_and_are_echoed(app_client: httpx.AsyncClient) -> None:
    route = (await app_client.post("/v1/routes", json=QUERY)).json()["routes"][0]
    line = route["geometry"]["coordinates"]
    found = (await ask(app_client, line, limits={"surfaces_refused": sorted(route["summary"]["surface_m"])})).json()
    assert found["status"] == "least_bad"
    assert {one["code"] for one in found["violations"]} == {"surface"}
    assert found["limits_used"]["surfaces_refused"] == sorted(route["summary"]["surface_m"])


async def test_a_line_through_the_sea_follows_nothing(app_client: httpx.AsyncClient) -> None:
    found = (await ask(app_client, [[0, 0], [0.01, 0]])).json()
    assert (found["status"], found["usable"], found["matched_share"]) == ("unmatched", False, 0.0)
    assert found["unmatched"][0]["start"] == [0, 0]


@pytest.mark.parametrize(
    ("geometry", "field"),
    [
        ({"type": "LineString", "coordinates": [[24.94, 60.17]]}, "geometry.coordinates"),
        ({"type": "LineString", "coordinates": [[24.94, 60.17]] * 2}, "geometry"),
        ({"type": "LineString", "coordinates": [[24.94, 60.17], [24.94, 60.36]]}, "geometry"),
        ({"type": "LineString", "coordinates": [[24.94, 60.17], [24.941, 60.17]] * 251}, "geometry.coordinates"),
        ({"type": "LineString", "coordinates": [[24.94, 60.17], [24.94, 91]]}, "geometry.coordinates[1][1]"),
        ({"type": "LineString", "coordinates": [[24.94, 60.17], [24.94, 60.171, 3]]}, "geometry.coordinates[1]"),
        ({"type": "Point", "coordinates": [24.94, 60.17]}, "geometry.type"),
        ({"coordinates": LINE}, "geometry.type"),
        ({"type": "LineString", "coordinates": LINE, "crs": 1}, "geometry.crs"),
    ],
)
async def test_what_is_no_such_line_is_refused(app_client: httpx.AsyncClient, geometry: Any, field: str) -> None:
    found = problem_of(await ask(app_client, geometry=geometry), 400, "invalid_field")
    assert found["errors"][0]["field"] == field


async def test_the_longest_lines_are_answered(app_client: httpx.AsyncClient) -> None:
    back_and_forth = [[24.9414 + 0.0005 * (i % 2), 60.1719 + 2e-5 * i] for i in range(500)]
    assert (await ask(app_client, back_and_forth)).status_code == 200


async def test_an_unknown_profile_is_named(app_client: httpx.AsyncClient) -> None:
    problem_of(await ask(app_client, profile="hovercraft"), 400, "unknown_profile")


async def test_norms_with_source_and_what_was_never_checked(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.get("/v1/norms")
    assert msgspec.json.decode(answer.content, type=NormsAnswer).norms == list(NORMS)
    found = answer.json()["norms"]
    assert all(norm["source"] and norm["unit"] in ("m", "fraction") for norm in found)
    width = {norm["id"]: norm for norm in found if norm["item"] == "clear_width"}
    assert (width["ada_prowag"]["at_least"], width["ada_prowag"]["checked"]) == (0.915, True)
    assert (width["gb_50763"]["at_least"], width["gb_50763"]["checked"]) == (1.2, False)
    assert answer.headers["etag"]
