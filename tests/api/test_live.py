"""What was reported and the routes: who blocks, who only costs, what brings a way back, and a database that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest_asyncio

from api.settings import Settings
from routing.graph import StreetGraph
from tests.api.city import HERE, SPOT, THERE, City, app_of, north
from tests.api.test_closures import middle_of_route
from tests.api.test_routes import problem_of
from tests.support.serving import served

FIXED = {"answer": "fixed", "satisfaction": 5}


def met(answer: httpx.Response, barrier_id: str) -> list[str]:
    """What the routes say of a barrier."""
    return [
        one["effect"]
        for route in answer.json()["routes"]
        for one in route["barriers"]
        if one["barrier_id"] == barrier_id
    ]  # fmt: skip


async def test_a_lone_report_never_makes_a_route_least_bad(city: City) -> None:
    """Severity 1 to 3, unverified, on every stretch of the way: it costs, it never takes a way."""
    _, before = await middle_of_route(city)
    assert before["status"] == "ok"
    line = before["routes"][0]["geometry"]["coordinates"]
    kinds = ("construction", "obstacle", "kerb_too_high", "too_narrow", "steps_without_ramp", "flooded")
    last: dict[str, Any] = {}
    for number, (a, b) in enumerate(zip(line[::3], line[1::3], strict=False)):
        last = await city.report(
            kind=kinds[number % len(kinds)], severity=1 + number % 3, at=[(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
            measured={"kerb_m": 0.5, "width_m": 0.1},
        )  # fmt: skip
    after = await city.route(last["revision"])
    assert after.json()["status"] == "ok"
    assert after.json()["routes"][0]["violations"] == []
    assert after.json()["routes"][0]["duration_s"] >= before["routes"][0]["duration_s"]
    pairs = [(HERE, SPOT), (SPOT, THERE), (THERE, HERE)]
    for a, b in pairs:
        assert (await city.route(waypoints=[a, b])).json()["status"] == "ok"


async def test_three_verified_reporters_block(city: City) -> None:
    place, before = await middle_of_route(city)
    report = await city.report(kind="construction", at=place)
    barrier_id = report["barrier_id"]
    for number in range(3):
        assert (await city.barrier(barrier_id))["standing"] == "suspected", number
        joined = await city.report(await city.key("reporter", fresh=True), kind="construction", at=place)
        assert joined["barrier_id"] == barrier_id
    assert joined["standing"] == "confirmed"
    after = await city.route(joined["revision"])
    assert met(after, barrier_id) == ["avoided"]
    assert after.json()["routes"][0]["geometry"] != before["routes"][0]["geometry"]


async def test_votes_bring_the_way_back(city: City) -> None:
    place, before = await middle_of_route(city)
    report = await city.report(await city.key("crew", "roads"), kind="construction", at=place)
    assert met(await city.route(report["revision"]), report["barrier_id"]) == ["avoided"]
    for _ in range(3):
        voted = await city.vote(report["barrier_id"], "gone", await city.key("reporter", fresh=True))
    assert voted["standing"] == "cleared"
    assert (await city.route(voted["revision"])).json()["routes"] == before["routes"]


async def test_unverified_votes_bring_nothing_back(city: City) -> None:
    place, _ = await middle_of_route(city)
    report = await city.report(await city.key("crew", "roads"), kind="construction", at=place)
    for number in range(5):
        token = (await city.report(at=north(200 + 20 * number)))["reporter_token"]
        voted = await city.vote(report["barrier_id"], "gone", token)
    assert voted["standing"] == "confirmed"
    assert met(await city.route(voted["revision"]), report["barrier_id"]) == ["avoided"]


async def test_the_reporters_fixed_brings_the_way_back(city: City) -> None:
    place, before = await middle_of_route(city)
    report = await city.report(kind="construction", at=place)
    await city.moderate(report["barrier_id"], "confirm")
    await city.to_callback(report["complaint_id"])
    still = await city.route()
    assert met(still, report["barrier_id"]) == ["avoided"], "a crew's word without a photo opens nothing"
    path = f"/v1/complaints/{report['complaint_id']}/callback"
    answered = (await city.post(path, FIXED, report["reporter_token"])).json()
    assert (await city.route(answered["revision"])).json()["routes"] == before["routes"]


async def test_a_danger_blocks_for_six_hours_and_one_at_a_time(city: City) -> None:
    place, before = await middle_of_route(city)
    report = await city.report(kind="flooded", severity=4, at=place)
    first = await city.route(report["revision"])
    assert met(first, report["barrier_id"]) == ["avoided"]
    assert first.json()["routes"][0]["geometry"] != before["routes"][0]["geometry"]
    line = first.json()["routes"][0]["geometry"]["coordinates"]
    second = await city.report(report["reporter_token"], kind="flooded", severity=4, at=line[len(line) // 2])
    assert (await city.route(second["revision"])).json()["status"] == "ok"
    effects = [(await city.barrier(one["barrier_id"]))["effect"] for one in (report, second)]
    assert effects == ["blocked", "penalised"]
    city.later(hours=6, minutes=1)
    assert await city.here.reports.pass_time(city.clock()) >= 1
    assert (await city.route(await city.here.reports.revision())).json()["status"] == "ok"
    assert (await city.barrier(report["barrier_id"]))["effect"] == "penalised"


async def test_min_revision_is_held_refused_or_known(city: City) -> None:
    found = problem_of(await city.route(1), 400, "revision_unknown")
    assert found["errors"][0]["field"] == "min_revision"
    await city.report()
    assert (await city.route(1)).json()["as_of"]["revision"] == 1
    problem_of(await city.route(2), 400, "revision_unknown")


async def test_a_restarted_server_knows_everything(database: str, sample_graph: StreetGraph) -> None:
    people = City(database)
    app = app_of(sample_graph, database, Settings(), people.clock)
    async with served(app) as client:
        people.begin(client, app)
        place, before = await middle_of_route(people)
        closed = await people.close({"type": "Point", "coordinates": place})
        token = (await people.report(at=north(300)))["reporter_token"]
    again = app_of(sample_graph, database, Settings(), people.clock)
    async with served(again) as client:
        people.begin(client, again)
        after = (await people.route()).json()
        assert after["as_of"]["revision"] == 2
        assert after["routes"][0]["geometry"] != before["routes"][0]["geometry"]
        assert met(await people.route(), closed["closure_id"]) == ["avoided"]
        assert (await people.vote(closed["closure_id"], "gone", token))["votes"]["gone"] == 1


async def test_two_servers_on_one_database(database: str, sample_graph: StreetGraph) -> None:
    """Whichever takes the report, the other's next route knows, and both hand out the same next page."""
    one, other = City(database), City(database)
    apps = [app_of(sample_graph, database, Settings(), city.clock) for city in (one, other)]
    async with served(apps[0]) as first, served(apps[1]) as second:
        one.begin(first, apps[0])
        other.begin(second, apps[1])
        place, before = await middle_of_route(one)
        for _ in range(5):
            closed = await one.close({"type": "Point", "coordinates": place})
            assert met(await other.route(closed["revision"]), closed["closure_id"]) == ["avoided"]
            operator = {"Authorization": f"Bearer {await one.key('operator')}"}
            opened = (await second.delete(f"/v1/closures/{closed['closure_id']}", headers=operator)).json()
            assert (await one.route(opened["revision"])).json()["routes"] == before["routes"]


async def test_ready_says_map_and_revision(city: City) -> None:
    report = await city.report()
    found = await city.get("/health/ready")
    assert (found.status_code, found.json()["revision"]) == (200, report["revision"])


@pytest_asyncio.fixture
async def doomed(city: City, postgres: str) -> AsyncIterator[City]:
    """A city whose database goes away when `lose` is called; other databases of the server stay."""
    yield city
    await _allow(postgres, city, True)


async def _allow(postgres: str, city: City, allowed: bool) -> None:
    name = urlsplit(city.database).path.removeprefix("/")
    connection = await asyncpg.connect(postgres)
    try:
        await connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {str(allowed).lower()}")
        if not allowed:
            gone = "SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity WHERE datname = $1"
            while await connection.fetchval(gone, name):
                pass
    finally:
        await connection.close()


async def ready(city: City) -> None:
    """Returns when the server has its database again."""
    async with asyncio.timeout(10):
        while (await city.get("/health/ready")).status_code != 200:  # noqa: ASYNC110  (asked from outside)
            await asyncio.sleep(0.1)


async def test_without_its_database_it_routes_and_says_what_it_cannot(doomed: City, postgres: str) -> None:
    city = doomed
    place, before = await middle_of_route(city)
    closed = await city.close({"type": "Point", "coordinates": place})
    token = (await city.report(at=north(300)))["reporter_token"]
    around = (await city.route(closed["revision"])).json()
    operator = await city.key("operator")
    await _allow(postgres, city, False)
    asked: list[tuple[str, str, Any, str | None]] = [
        ("POST", "/v1/reports", {"kind": "other", "at": SPOT, "severity": 1}, None),
        ("GET", "/v1/barriers", None, None),
        ("GET", f"/v1/barriers/nearby?at={SPOT[0]},{SPOT[1]}", None, None),
        ("GET", f"/v1/barriers/{closed['closure_id']}", None, None),
        ("POST", f"/v1/barriers/{closed['closure_id']}/votes", {"vote": "gone"}, token),
        ("DELETE", f"/v1/closures/{closed['closure_id']}", None, operator),
        ("GET", f"/v1/complaints/{closed['closure_id']}", None, None),
        ("GET", "/v1/crews/roads/list", None, operator),
        ("GET", "/v1/events", None, operator),
    ]
    for method, path, body, key in asked:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        answer = await city.client.request(method, path, json=body, headers=headers)
        problem_of(answer, 503, "database_unavailable")
        assert int(answer.headers["retry-after"]) > 0
    routed = (await city.route()).json()
    assert routed["routes"] == around["routes"], "at the last revision it knew"
    assert routed["routes"] != before["routes"]
    assert (await city.get("/v1/kinds")).status_code == 200
    not_ready = await city.get("/health/ready")
    problem_of(not_ready, 503, "not_ready")
    assert (await city.get("/health/live")).status_code == 200
    problem_of(await city.route(99), 503, "not_yet_fresh")

    await _allow(postgres, city, True)
    await ready(city)
    reopened = await city.client.delete(
        f"/v1/closures/{closed['closure_id']}", headers={"Authorization": f"Bearer {operator}"}
    )
    assert (await city.route(reopened.json()["revision"])).json()["routes"] == before["routes"]


async def test_a_short_loss_leaves_no_gap_in_the_events(doomed: City, postgres: str) -> None:
    from tests.support.streams import streaming

    city = doomed
    async with streaming(city.app, "/v1/events") as stream:
        await city.report()
        assert (await stream.event())[0] == 1
        await _allow(postgres, city, False)
        await asyncio.sleep(0.5)
        await _allow(postgres, city, True)
        await ready(city)
        await city.report(at=north(40))
        assert (await stream.event())[0] == 2


async def test_what_expires_is_gone_for_routes(city: City) -> None:
    place, before = await middle_of_route(city)
    report = await city.report(await city.key("crew", "roads"), kind="parked_vehicle", at=place)
    assert met(await city.route(report["revision"]), report["barrier_id"]) == ["avoided"]
    city.clock.ahead += timedelta(hours=12, minutes=1)
    assert await city.here.reports.pass_time(city.clock()) == 1
    after = await city.route(report["revision"] + 1)
    assert after.json()["routes"] == before["routes"]
    assert (await city.barrier(report["barrier_id"]))["standing"] == "expired"
