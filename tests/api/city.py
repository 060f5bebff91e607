"""People around a real server: residents, staff with keys, and a clock that only tests move."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
from litestar import Litestar

from api.app import create_app
from api.database import Database
from api.running import Running, keep
from api.settings import Settings, from_environment
from routing.graph import StreetGraph
from routing.router import Router

SECRET = b"a secret of the tests, 32 bytes."
HERE = [24.9414, 60.1719]
THERE = [24.9520, 60.1700]
SPOT = [24.94555, 60.16995]
"""On a street of the bundled map."""
METRE = 1 / 111_195
"""Degrees of latitude."""


class Clock:
    """The real time, moved on by a test."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def app_of(graph: StreetGraph, url: str, settings: Settings, clock: Clock) -> Litestar:
    """The real app over this map and this database."""
    return create_app(settings, lambda: Router(graph), database=Database(url, SECRET), clock=clock)


def bearer(key: str | None) -> dict[str, str]:
    return {} if key is None else {"Authorization": f"Bearer {key}"}


def north(metres: float, of: list[float] = SPOT) -> list[float]:
    """A place so many metres north of another."""
    return [of[0], of[1] + metres * METRE]


class City:
    """One server and who talks to it."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.clock = Clock()
        self._keys: dict[tuple[str, str | None], str] = {}

    def begin(self, client: httpx.AsyncClient, app: Litestar) -> None:
        self.client, self.app = client, app

    @property
    def here(self) -> Running:
        found: Running = self.app.state["running"]
        return found

    def configure(self, **environment: str) -> None:
        """The running server goes on with these settings."""
        keep(self.app.state, replace(self.here, settings=from_environment(environment)))

    def later(self, **time: float) -> None:
        self.clock.ahead += timedelta(**time)

    async def key(self, role: str, unit: str | None = None, *, fresh: bool = False) -> str:
        """A key of this role; the same one for the same role unless a fresh one is wanted."""
        if fresh or (role, unit) not in self._keys:
            made = await self.here.reports.create_key(role, self.clock(), unit=unit)
            if fresh:
                return made
            self._keys[role, unit] = made
        return self._keys[role, unit]

    async def get(self, path: str, key: str | None = None, **query: Any) -> httpx.Response:
        return await self.client.get(path, params=query, headers=bearer(key))

    async def post(
        self, path: str, body: Any, key: str | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        return await self.client.post(path, json=body, headers={**bearer(key), **(headers or {})})

    async def report(self, key: str | None = None, headers: dict[str, str] | None = None, **fields: Any) -> Any:
        """A report that is taken; its answer."""
        body = {"kind": "kerb_too_high", "at": SPOT, "severity": 2} | fields
        answer = await self.post("/v1/reports", body, key, headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def close(self, geometry: Any = None, **fields: Any) -> Any:
        body = {"geometry": geometry or {"type": "Point", "coordinates": SPOT}, "reason": "works"} | fields
        answer = await self.post("/v1/closures", body, await self.key("operator"))
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def moderate(self, barrier_id: str, action: str) -> Any:
        answer = await self.post(f"/v1/barriers/{barrier_id}/moderate", {"action": action}, await self.key("moderator"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def vote(self, barrier_id: str, vote: str, key: str) -> Any:
        answer = await self.post(f"/v1/barriers/{barrier_id}/votes", {"vote": vote}, key)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def barrier(self, barrier_id: str, key: str | None = None) -> Any:
        answer = await self.get(f"/v1/barriers/{barrier_id}", key)
        assert answer.status_code == 200, answer.text
        return answer.json()["properties"]

    async def step(self, complaint_id: str, key: str, step: str, **fields: Any) -> httpx.Response:
        """A step at the complaint's present version, unless another is given."""
        if "version" not in fields:
            fields["version"] = (await self.complaint(complaint_id))["version"]
        return await self.post(f"/v1/complaints/{complaint_id}/steps", {"step": step, **fields}, key)

    async def complaint(self, complaint_id: str, key: str | None = None) -> Any:
        answer = await self.get(f"/v1/complaints/{complaint_id}", key)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def to_callback(self, complaint_id: str, unit: str = "roads") -> None:
        """Everything a city does until it asks the resident."""
        expected = (self.clock() + timedelta(days=2)).isoformat()
        steps: list[tuple[str, str | None, dict[str, Any]]] = [
            ("moderator", None, {"step": "accept"}),
            ("dispatcher", None, {"step": "dispatch", "unit": unit}),
            ("unit", unit, {"step": "respond", "channel": "phone", "outcome": "reached", "text": "We called."}),
            ("unit", unit, {"step": "start", "plan": "Grind the kerb.", "expected_at": expected}),
            ("crew", unit, {"step": "claim_fixed", "action_code": "kerb_lowered", "at": SPOT, "reason": "No camera."}),
        ]
        if (await self.complaint(complaint_id))["state"] != "submitted":
            steps = steps[1:]
        for role, its_unit, fields in steps:
            answer = await self.step(complaint_id, await self.key(role, its_unit), fields.pop("step"), **fields)
            assert answer.status_code == 200, answer.text

    async def route(self, revision: int | None = None, **fields: Any) -> httpx.Response:
        body = {"waypoints": [HERE, THERE], "profile": "manual_wheelchair", "min_revision": revision} | fields
        return await self.post("/v1/routes", body)

    async def rows(self, query: str, *values: Any) -> list[Any]:
        """What the owner of the database sees."""
        connection = await asyncpg.connect(self.database)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()


def new_key() -> str:
    """An Idempotency-Key."""
    return uuid.uuid4().hex
