"""A canary in everything a resident writes sings in no public byte, no log line, no event, no audit row."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.city import SPOT, City, new_key, north
from tests.support.streams import streaming

CANARY = "kanarienvogel"
CONTACT = {"name": f"{CANARY} name", "email": f"{CANARY}@example.org", "phone": f"+49 {CANARY}"}
REPORT: dict[str, Any] = {"note": f"{CANARY} lives at number 5", "contact": CONTACT, "channel": "app"}


async def test_the_canary_stays_where_it_belongs(city: City, capfd: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []

    async def listen(response: httpx.Response) -> None:
        await response.aread()
        heard.append(response.text + str(response.headers))

    city.client.event_hooks = {"response": [listen]}
    async with streaming(city.app, "/v1/events") as stream:
        named = {"Idempotency-Key": new_key()}
        report = await city.report(headers=named, **REPORT)
        assert await city.report(headers=named, **REPORT) == report
        joined = await city.report(at=north(3), **REPORT)
        token, complaint_id, barrier_id = report["reporter_token"], report["complaint_id"], report["barrier_id"]
        await city.moderate(barrier_id, "confirm")
        await city.to_callback(complaint_id)
        await city.post(f"/v1/complaints/{complaint_id}/callback", {"answer": "not_fixed", "satisfaction": 1}, token)
        told = [await stream.event() for _ in range(2)]
    assert joined["joined"] is True
    for key in (
        None,
        token,
        await city.key("crew", "roads"),
        await city.key("dispatcher"),
        await city.key("moderator"),
    ):
        for path in (
            "/v1/barriers", "/v1/barriers?format=csv", "/v1/barriers?format=gpx", f"/v1/barriers/{barrier_id}",
            f"/v1/barriers/nearby?at={SPOT[0]},{SPOT[1]}", f"/v1/complaints/{complaint_id}", "/v1/complaints",
            "/v1/crews/roads/list", "/v1/crews/roads/list?format=csv", "/v1/crews/roads/list?format=gpx",
            "/v1/kinds", "/openapi.json", "/docs", "/metrics", f"/complaints/{complaint_id}",
        ):  # fmt: skip
            await city.get(path, key)
    await city.route(told[-1][0])
    assert len(heard) > 50
    assert barrier_id in "".join(heard)
    assert CANARY not in "".join(heard)
    assert CANARY not in json.dumps(told)
    logged = "".join(capfd.readouterr())
    assert "/v1/reports" in logged
    assert CANARY not in logged
    assert token not in logged
    for table, holds in (
        ("report", True), ("contact", True), ("barrier", False), ("complaint", False), ("complaint_step", False),
        ("audit", False), ("outbox", False), ("idempotency", False), ("evidence", False), ("reporter", False),
        ("limit_counter", False), ("change", False), ("api_key", False), ("callback_answer", False),
    ):  # fmt: skip
        rows = await city.rows(f"SELECT row_to_json(t)::text AS row FROM stepfree.{table} t")
        assert (CANARY in "".join(row["row"] for row in rows)) is holds, table


async def test_the_servers_own_role_cannot_read_contacts(city: City) -> None:
    await city.report(**REPORT)
    async with city.here.reports._pool.acquire() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM stepfree.contact")


async def test_refusals_quote_no_note(city: City, capfd: pytest.CaptureFixture[str]) -> None:
    body = {"kind": "other", "at": SPOT, "severity": 1, **REPORT}
    for wrong in (
        {"severity": 9},
        {"note": f"{CANARY} " * 300},
        {"contact": {"email": CANARY * 50}},
        {"until": CANARY},
    ):
        answer = await city.post("/v1/reports", body | wrong)
        assert answer.status_code == 400
        assert CANARY not in answer.text
    assert CANARY not in "".join(capfd.readouterr())


async def test_a_failure_of_ours_quotes_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from accessibility.complaints.store import complaints

    async def broken(*given: object, **named: object) -> None:
        raise ValueError(f"cannot store {given} {named}")

    monkeypatch.setattr(complaints, "insert_contact", broken)
    transport = httpx.ASGITransport(city.app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post("/v1/reports", json={"kind": "other", "at": SPOT, "severity": 1, **REPORT})
    assert answer.status_code == 500
    logged = "".join(capfd.readouterr())
    assert "ValueError" in logged
    assert CANARY not in answer.text + logged


async def test_routes_are_not_written_down(city: City, capfd: pytest.CaptureFixture[str]) -> None:
    await city.route(waypoints=[[24.941234, 60.171234], [24.951234, 60.171234]])
    logged = "".join(capfd.readouterr())
    assert "24.941234" not in logged
    assert "60.171234" not in logged
    for row in await city.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'stepfree'"):
        stored = await city.rows(f"SELECT row_to_json(t)::text AS row FROM stepfree.{row['tablename']} t")
        assert "24.941234" not in "".join(one["row"] for one in stored)


async def test_the_contact_of_a_report_is_optional_and_empty_ones_make_no_row(city: City) -> None:
    await city.report()
    await city.report(at=north(40), contact={})
    await city.report(at=north(80), contact={"name": None, "email": ""})
    assert await city.rows("SELECT 1 FROM stepfree.contact") == []
