"""The clock over HTTP: now by the server's clock, another time by `depart_at`, in the time zone of the map."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from routing.router import Router
from tests.api.test_routes import problem_of
from tests.specs.test_time_drawn import HERE, park
from tests.support.drawn import Town
from tests.support.serving import served

NOON, NIGHT = "2026-11-24T12:00:00+01:00", "2026-11-24T22:00:00+01:00"


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """A park with a gate that is open from eight to eight, and a way around it."""
    found = park('barrier=gate opening_hours="08:00-20:00"')
    yield found
    found.close()


@asynccontextmanager
async def at(town: Town, clock: str, zone: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server whose clock stands still."""
    moment = datetime.fromisoformat(clock)
    app = create_app(Settings(timezone=zone), lambda: Router(town.graph), clock=lambda: moment)
    async with served(app) as client:
        yield client


async def metres(town: Town, client: httpx.AsyncClient, **asking: Any) -> float:
    """100 m to the gate and on; around it is 30 m more."""
    body = {"waypoints": [town.at["a"], town.at["d"]], "profile": "manual_wheelchair", **asking}
    answer = await client.post("/v1/routes", json=body)
    assert answer.status_code == 200, answer.text
    return float(answer.json()["routes"][0]["distance_m"])


async def test_without_a_time_the_clock_of_the_server_counts(town: Town) -> None:
    found = []
    for clock in (NOON, NIGHT, "2026-11-24T21:00:00Z", "2026-11-24T11:00:00Z"):
        async with at(town, clock) as client:
            found.append(await metres(town, client) > 260)
    assert found == [False, True, True, False]


async def test_another_time_counts_when_it_is_given(town: Town) -> None:
    async with at(town, NOON) as client:
        assert await metres(town, client, depart_at=NIGHT) > await metres(town, client, depart_at=NOON)
        assert await metres(town, client, depart_at="2026-11-24T22:00:00Z") > 260
        assert await metres(town, client, depart_at="2026-11-25T12:00:00Z") < 260
        assert await metres(town, client) < 260, "and those who set out now are not disturbed"


async def test_the_time_zone_can_be_set(town: Town) -> None:
    """Noon in Heidelberg is eight in the evening in Tokyo."""
    async with at(town, "2026-11-24T12:05:00+01:00", zone="Asia/Tokyo") as client:
        assert await metres(town, client) > 260


@pytest.mark.parametrize("text", ["2026-11-24T12:00:00", "tomorrow", "2036-12-24T12:00:00Z", "1999-01-01T00:00:00Z", 5])
async def test_moments_that_are_none_are_refused(town: Town, text: object) -> None:
    async with at(town, NOON) as client:
        body = {"waypoints": [town.at["a"], town.at["d"]], "profile": "walk", "depart_at": text}
        found = problem_of(await client.post("/v1/routes", json=body), 400, "invalid_field")
    assert found["errors"][0]["field"] == "depart_at"


async def test_the_clock_is_named_as_a_reason(town: Town) -> None:
    async with at(town, NIGHT) as client:
        body = {"waypoints": [town.at["a"], town.at["d"]], "profile": "manual_wheelchair", "explain": True}
        told = (await client.post("/v1/routes", json=body)).json()["routes"][0]["not_taken"]
        line = {"type": "LineString", "coordinates": [town.at[letter] for letter in "ad"]}
        checked = (await client.post("/v1/check", json={"geometry": line, "profile": "manual_wheelchair"})).json()
    assert told["because"] == ["hours"]
    assert (told["findings"][0]["value"], told["findings"][0]["kind"]) == ("08:00-20:00", "forbidden")
    assert (checked["status"], [one["code"] for one in checked["forbidden"]]) == ("not_passable", ["hours"])


def test_the_town_lies_where_these_times_are_local() -> None:
    assert datetime.fromisoformat(NOON).astimezone(HERE).hour == 12
