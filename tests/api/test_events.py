"""Server-sent events: one message a revision, in order, without gaps, and nobody's slowness holds anything up."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import events, feed
from tests.api.city import SPOT, City, north
from tests.api.test_routes import problem_of
from tests.support.processes import serving
from tests.support.streams import streaming

AROUND = f"{SPOT[0] - 0.0005},{SPOT[1] - 0.0005},{SPOT[0] + 0.0005},{SPOT[1] + 0.0005}"
FAR = [24.9300, 60.1650]


async def test_a_change_arrives_as_one_message_with_public_fields(city: City) -> None:
    async with streaming(city.app, "/v1/events") as stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["cache-control"] == "no-store"
        report = await city.report(
            kind="construction", measured={"width_m": 0.5}, note="canary", contact={"name": "canary"}
        )
        number, data = await stream.event()
        assert number == report["revision"] == data["revision"]
        assert data.keys() == {"revision", "at", "barriers"}
        assert data["barriers"] == [{
            "id": report["barrier_id"], "kind": "construction", "severity": 2, "standing": "suspected", "active": True,
            "from": None, "until": data["barriers"][0]["until"], "measured": {"width_m": 0.5}, "revision": 1,
            "effect": "penalised", "geometry": {"type": "Point", "coordinates": SPOT},
        }]  # fmt: skip
        confirmed = await city.moderate(report["barrier_id"], "confirm")
        number, data = await stream.event()
        assert (number, data["barriers"][0]["standing"]) == (confirmed["revision"], "confirmed")
        await city.vote(report["barrier_id"], "unsure", report["reporter_token"])
        assert await stream.silent(0.6), "what alters no route is no event"
        await city.moderate(report["barrier_id"], "hide")
        _, data = await stream.event()
        assert data["barriers"] == [
            {"id": report["barrier_id"], "standing": "confirmed", "active": False, "effect": "none", "hidden": True}
        ]


async def test_the_next_route_knows_what_an_event_told(city: City) -> None:
    async with streaming(city.app, "/v1/events") as stream:
        closed = await city.close()
        number, _ = await stream.event()
        assert number == closed["revision"]
        assert (await city.route(number)).json()["as_of"]["revision"] >= number


async def test_last_event_id_resumes_without_gap_or_repeat(city: City) -> None:
    for n in range(5):
        await city.report(at=north(20 * n))
    async with streaming(city.app, "/v1/events", {"Last-Event-ID": "2"}) as stream:
        assert [(await stream.event())[0] for _ in range(3)] == [3, 4, 5]
        await city.report(at=north(200))
        assert (await stream.event())[0] == 6
    async with streaming(city.app, "/v1/events", {"Last-Event-ID": "0"}) as stream:
        assert [(await stream.event())[0] for _ in range(6)] == [1, 2, 3, 4, 5, 6]
    async with streaming(city.app, "/v1/events", {"Last-Event-ID": "999999"}) as stream:
        await city.report(at=north(220))
        assert (await stream.event())[0] == 7, "an id from the future is now"


async def test_without_an_id_only_news_come(city: City) -> None:
    await city.report()
    await city.here.fresh(1)
    async with streaming(city.app, "/v1/events") as stream:
        assert await stream.silent(0.4)
        await city.report(at=north(50))
        assert (await stream.event())[0] == 2


async def test_resuming_reads_more_than_a_page(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Older than what is kept in memory, more than one page: the change table has it."""
    monkeypatch.setattr(feed, "KEPT", 3)
    monkeypatch.setattr(feed, "PAGE", 4)
    for n in range(15):
        await city.report(at=north(15 * n))
    await city.here.fresh(15)
    async with streaming(city.app, "/v1/events", {"Last-Event-ID": "1"}) as stream:
        assert [(await stream.event())[0] for _ in range(14)] == list(range(2, 16))
        await city.report(at=north(-100))
        assert (await stream.event())[0] == 16


async def test_a_box_filters(city: City) -> None:
    async with streaming(city.app, f"/v1/events?bbox={AROUND}") as stream:
        await city.report(at=FAR)
        near = await city.report()
        number, data = await stream.event()
        assert number == near["revision"] == 2
        assert [one["id"] for one in data["barriers"]] == [near["barrier_id"]]
        line = {"type": "LineString", "coordinates": [[SPOT[0] - 0.01, SPOT[1]], [SPOT[0] + 0.01, SPOT[1]]]}
        closed = await city.close(line)
        assert (await stream.event())[1]["barriers"][0]["id"] == closed["closure_id"]


async def test_a_comment_keeps_the_line_open(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    assert events.COMMENT_S == 15
    monkeypatch.setattr(events, "COMMENT_S", 0.2)
    async with streaming(city.app, "/v1/events") as stream:
        assert await stream.block() == "retry: 2000\n: stepfree"
        assert [await stream.block() for _ in range(3)] == [": still here"] * 3
        await city.report()
        assert (await stream.event())[0] == 1


async def test_a_slow_client_holds_nobody_up_and_is_dropped(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "KEPT", 3)
    async with streaming(city.app, "/v1/events") as slow, streaming(city.app, "/v1/events") as quick:
        assert await slow.block()
        slow.reading.clear()
        for n in range(8):
            await city.report(at=north(15 * n))
            assert (await quick.event())[0] == n + 1
        assert len(city.here.feed._kept) == 3  # type: ignore[union-attr]
        slow.reading.set()
        read = [number async for number in slow.numbers()]
        assert slow.ended
        assert read == list(range(1, len(read) + 1))
    async with streaming(city.app, "/v1/events", {"Last-Event-ID": str(len(read))}) as again:
        assert [(await again.event())[0] for _ in range(8 - len(read))] == list(range(len(read) + 1, 9))


async def test_a_client_that_takes_nothing_is_given_up(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SEND_WITHIN_S", 0.2)
    async with streaming(city.app, "/v1/events") as stuck:
        assert await stuck.block()
        stuck.reading.clear()
        await city.report()
        await asyncio.sleep(0.8)
        assert city.here.feed.listeners == 0  # type: ignore[union-attr]


async def test_those_who_leave_are_forgotten(city: City) -> None:
    async with streaming(city.app, "/v1/events"):
        assert city.here.feed.listeners == 1  # type: ignore[union-attr]
    assert city.here.feed.listeners == 0  # type: ignore[union-attr]


async def test_too_many_listeners(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LISTENERS_MAX", 1)
    async with streaming(city.app, "/v1/events"):
        answer = await city.get("/v1/events")
        problem_of(answer, 503, "overloaded")
        assert answer.headers["retry-after"] == "30"


async def test_head_ends(city: City) -> None:
    async with streaming(city.app, "/v1/events", method="HEAD") as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        assert await stream.block() == ""
        assert stream.ended


async def test_many_changes_at_once_reach_everybody_in_order(city: City) -> None:
    async with streaming(city.app, "/v1/events") as one, streaming(city.app, "/v1/events") as other:
        await asyncio.gather(*(city.report(at=north(15 * n)) for n in range(30)))
        for stream in (one, other):
            assert [(await stream.event())[0] for _ in range(30)] == list(range(1, 31))


async def test_what_is_refused(city: City) -> None:
    for query in ("bbox=1,2,3", "bbox=x", "since=1"):
        problem_of(await city.client.get(f"/v1/events?{query}"), 400, "invalid_query")
    for last in ("x", "-1", "1.5", "1" * 17, "\u0661"):
        answer = await city.client.get("/v1/events", headers={"Last-Event-ID": last.encode()})  # type: ignore[dict-item]
        problem_of(answer, 400, "invalid_field")
    refused = await city.client.get("/v1/events", headers={"Accept": "application/json"})
    problem_of(refused, 406, "not_acceptable")


async def test_without_a_database_there_is_nothing_to_tell(app_client: Any) -> None:
    problem_of(await app_client.get("/v1/events"), 503, "database_unavailable")


async def test_timed_starts_and_ends_are_events(city: City) -> None:
    async with streaming(city.app, "/v1/events") as stream:
        closed = await city.close(until=(city.clock().replace(year=2090)).isoformat())
        assert (await stream.event())[0] == closed["revision"]
        city.later(days=365 * 70)
        assert await city.here.reports.pass_time(city.clock()) == 1
        _, data = await stream.event()
        assert data["barriers"][0] | {"standing": "expired", "active": False, "effect": "none"} == data["barriers"][0]


def test_a_stop_does_not_wait_for_those_who_listen(sample_map: Path, tmp_path: Path) -> None:
    """The real server: SIGTERM while somebody listens. The stream ends whole, and the process soon after."""
    with serving(sample_map, tmp_path) as server, httpx.stream("GET", f"{server.url}/v1/events", timeout=20) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 2000"
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert not [line for line in lines if line.startswith("data")]
        assert server.process.wait(20) == 0
        assert time.monotonic() - began < 6
    assert "Traceback" not in server.log.read_text()
