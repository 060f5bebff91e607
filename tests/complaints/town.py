"""People around a desk: residents, moderators, crews, and a clock that only moves when a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from accessibility.complaints import requests
from accessibility.complaints.answers import Received, Stepped
from accessibility.complaints.desk import Desk
from accessibility.complaints.people import Actor
from accessibility.complaints.requests import CallbackAnswer, Moderation, NewClosure, NewReport

SECRET = b"a secret of the tests"
T0 = datetime(2026, 11, 24, 8, tzinfo=UTC)
HERE = (24.9384, 60.1699)
METRE = 1 / 111_195  # degrees of latitude


def north(metres: float) -> tuple[float, float]:
    """A place so many metres north of HERE."""
    return HERE[0], HERE[1] + metres * METRE


class Town:
    """One desk; `now` is the time of whatever happens next."""

    def __init__(self, desk: Desk, pool: Any) -> None:
        self.desk = desk
        self.pool = pool
        self.now = T0

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def staff(self, role: str, unit: str | None = None) -> Actor:
        """Somebody with a new key."""
        return await self.desk.who(await self.desk.create_key(role, self.now, unit=unit))

    async def verified(self) -> Actor:
        """A verified reporter."""
        return await self.staff("reporter")

    async def anonymous(self, address: str | None = None) -> Actor:
        return await self.desk.who(None, address)

    async def report(self, actor: Actor | None = None, **fields: Any) -> Received:
        given = {"kind": "kerb_too_high", "at": HERE, "severity": 2} | fields
        known = given.pop("known", None)
        key = given.pop("idempotency_key", None)
        who = actor or await self.anonymous()
        return await self.desk.receive(who, NewReport(**given), self.now, known=known, idempotency_key=key)

    async def known_as(self, received: Received) -> Actor:
        """Who sent a first report, by its token."""
        token = self.desk.token(received)
        assert token is not None
        return await self.desk.who(token)

    async def standing(self, barrier_id: UUID) -> str:
        return (await self.desk.barrier(barrier_id, await self.staff("moderator"))).barrier.standing

    async def moderate(self, barrier_id: UUID, action: Any) -> Any:
        return await self.desk.moderate(await self.staff("moderator"), barrier_id, Moderation(action), self.now)

    async def close(self, **fields: Any) -> Any:
        point = {"type": "Point", "coordinates": list(HERE)}
        asked = NewClosure(**({"geometry": point, "reason": "works"} | fields))
        return await self.desk.close(await self.staff("operator"), asked, self.now)

    async def step(
        self, actor: Actor, complaint_id: UUID, step: Any, version: int | None = None, **fields: Any
    ) -> Stepped:
        if version is None:
            version = (await self.desk.complaint(complaint_id, actor, self.now)).version
        return await self.desk.take_step(actor, complaint_id, step(version=version, **fields), self.now)

    async def bring_to_callback(self, complaint_id: UUID, unit: str = "roads") -> None:
        """Everything a city does until it asks the resident."""
        crew, its_unit = await self.staff("crew", unit), await self.staff("unit", unit)
        moderator = await self.staff("moderator")
        if (await self.desk.complaint(complaint_id, moderator, self.now)).state == "submitted":
            await self.step(moderator, complaint_id, requests.Accept)
        await self.step(await self.staff("dispatcher"), complaint_id, requests.Dispatch, unit=unit)
        await self.step(
            its_unit, complaint_id, requests.Respond, channel="phone", outcome="reached", text="We called the resident."
        )
        await self.step(
            its_unit, complaint_id, requests.Start, plan="Grind the kerb.", expected_at=self.now + timedelta(days=2)
        )
        await self.step(
            crew, complaint_id, requests.ClaimFixed, action_code="kerb_lowered", at=HERE, reason="The camera is broken."
        )

    async def answer(self, actor: Actor, complaint_id: UUID, answer: Any, satisfaction: int = 4) -> Stepped:
        return await self.desk.answer_callback(actor, complaint_id, CallbackAnswer(answer, satisfaction), self.now)
