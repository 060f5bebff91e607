"""Other routes, seats, light and the range of a battery over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from api.wire import RoutesAnswer

HERE = [24.9414, 60.1719]
THERE = [24.9520, 60.1700]
QUERY: dict[str, Any] = {"waypoints": [HERE, THERE], "profile": "walk"}


async def told(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/v1/routes", json=QUERY | changes)
    assert answer.status_code == 200, answer.text
    msgspec.json.decode(answer.content, type=RoutesAnswer)
    found: dict[str, Any] = answer.json()
    return found


async def test_others_come_after_the_first_each_with_its_why(app_client: httpx.AsyncClient) -> None:
    plain, more = await told(app_client), await told(app_client, alternatives=3)
    assert "fewer_because" not in plain
    assert len(plain["routes"]) == 1
    assert more["routes"][0] == plain["routes"][0]
    assert 2 <= len(more["routes"]) <= 4
    assert more["routes"][0]["why"] == "shortest"
    whys = {route["why"] for route in more["routes"][1:]}
    assert whys <= {"gentlest", "best_known", "most_seats", "fewest_crossings", "different"}
    for route in more["routes"]:
        assert route["violations"] == []
        assert route["summary"]["return"] in ("ok", "least_bad", "no")
        assert route["legs"][0]["steps"][-1]["kind"] == "arrive"
    if len(more["routes"]) < 4:
        assert more["fewer_because"]


async def test_a_way_of_no_length_has_no_other(app_client: httpx.AsyncClient) -> None:
    found = await told(app_client, waypoints=[HERE, HERE], alternatives=2)
    assert (len(found["routes"]), found["fewer_because"]) == (1, ["no_other_way"])


async def test_every_summary_says_where_one_can_sit(app_client: httpx.AsyncClient) -> None:
    found = await told(app_client, **{"return": True})
    for route in (found["routes"][0], found["return"]["route"]):
        assert route["summary"]["seats"] >= 0
        assert 0 <= route["summary"]["longest_gap_without_seat_m"] <= route["distance_m"] + 0.1
        assert "range" not in route["summary"]


async def test_wishes_are_taken_and_refuse_nothing(app_client: httpx.AsyncClient) -> None:
    plain = await told(app_client)
    for wish in ({"lit": True}, {"seat_every_m": 50}, {"lit": True, "seat_every_m": 50}):
        wished = await told(app_client, prefer=wish)
        assert wished["status"] == plain["status"] == "ok"
        gaps = [one["routes"][0]["summary"]["longest_gap_without_seat_m"] for one in (wished, plain)]
        assert "seat_every_m" not in wish or gaps[0] <= gaps[1]


@pytest.mark.parametrize(("range_m", "enough"), [(100, "no"), (1000, "one_way"), (20_000, "ok")])
async def test_the_battery_is_told_about(app_client: httpx.AsyncClient, range_m: float, enough: str) -> None:
    found = await told(app_client, range_m=range_m, profile="mobility_scooter")
    [route] = found["routes"]
    assert route["summary"]["range"] == enough
    assert route["summary"]["there_and_back_m"] >= route["distance_m"]
    notes = {note["code"] for note in route["notes"]} & {"beyond_range", "no_range_for_return"}
    assert notes == {"no": {"beyond_range"}, "one_way": {"no_range_for_return"}, "ok": set()}[enough]


async def test_everything_at_once(app_client: httpx.AsyncClient) -> None:
    found = await told(
        app_client,
        waypoints=[HERE, [24.9455, 60.1690], THERE],
        profile="rollator",
        alternatives=5,
        prefer={"seat_every_m": 50, "lit": True},
        range_m=3000,
        explain=True,
        **{"return": True},
    )
    for route in found["routes"]:
        assert {"range", "there_and_back_m", "seats", "return"} <= route["summary"].keys()
        assert len(route["legs"]) == 2
        assert "not_taken" in route
