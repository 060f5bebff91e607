"""The desk: every use case of the loop, one transaction each. The only place where transactions are opened."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from accessibility.complaints import moderating, reading, receiving, stepping
from accessibility.complaints.answers import (
    BarrierChanged,
    BarrierRecord,
    Changes,
    Closed,
    ComplaintRecord,
    Event,
    Moderated,
    Received,
    Stepped,
)
from accessibility.complaints.audit import START, AuditRow, first_bad
from accessibility.complaints.crew_list import Travel, crow_seconds
from accessibility.complaints.people import (
    ANONYMOUS,
    ROLES,
    Actor,
    digest,
    hashed_network,
    new_key,
    new_pseudonym,
    token_for,
)
from accessibility.complaints.places import Place
from accessibility.complaints.requests import (
    BarrierFilter,
    CallbackAnswer,
    ClosureChange,
    ComplaintFilter,
    FromRouting,
    Moderation,
    NewClosure,
    NewReport,
    Step,
    VoteWord,
)
from accessibility.complaints.store import barriers, ledger, people
from accessibility.complaints.store.connection import Connection, Pool, acquired
from accessibility.complaints.work import SYSTEM, Limits, Work
from accessibility.refusals import Refused

Answer = TypeVar("Answer", Received, BarrierChanged, Closed, Stepped)
AUDIT_PAGE = 1000


class Desk:
    """Takes reports, votes and steps, and answers what may be read. Time is always an argument.

    `secret` makes reporter tokens and hides networks: the same for every process and every restart.
    """

    def __init__(self, pool: Pool, *, secret: bytes, city_id: int = 1, limits: Limits | None = None) -> None:
        self._pool = pool
        self._secret = secret
        self._city = city_id
        self._limits = limits or Limits()

    async def who(self, bearer: str | None, address: str | None = None) -> Actor:
        """Who sent this key or token from this address (None = exempt from limits); `unauthorized` when unknown."""
        network = hashed_network(self._secret, address)
        if bearer is None:
            return Actor(ANONYMOUS, new_pseudonym(), digest(""), network=network)
        hashed = digest(bearer)
        async with acquired(self._pool) as connection:
            key = await people.key_by_hash(connection, self._city, hashed)
            if key is not None:
                return Actor(
                    key["role"], key["pseudonym"], hashed, key["reporter_id"], key["key_id"],
                    verified=key["role"] == "reporter", unit=key["unit"], area=key["area"], network=network,
                )  # fmt: skip
            token = await people.reporter_by_token(connection, self._city, hashed)
        if token is None:
            raise Refused("unauthorized", "this key or token is not known")
        return Actor(
            "reporter", token["pseudonym"], hashed, token["reporter_id"], verified=token["verified"], network=network
        )

    async def create_key(self, role: str, now: datetime, *, unit: str | None = None, area: str | None = None) -> str:
        """A new API key, shown this once."""
        if role not in ROLES:
            raise Refused("invalid_field", f"a role is one of {', '.join(ROLES)}", field="role")
        if role in reading.OWN_UNIT and not unit:
            raise Refused("invalid_field", f"a key of role {role} needs a unit", field="unit")
        key = new_key()
        async with self._work(SYSTEM, now) as work:
            key_id = await people.insert_key(
                work.connection, self._city, digest(key), role, unit, area, new_pseudonym(), now
            )
            work.record(key_id, "create_key", key_role=role)
        return key

    async def receive(
        self, actor: Actor, report: NewReport, now: datetime, *, known: FromRouting | None = None,
        idempotency_key: str | None = None,
    ) -> Received:  # fmt: skip
        """A report: stored whole or not at all. A token for a `first` report comes from `token`."""
        place = known or FromRouting()
        return await self._once(
            actor, now, "reports", idempotency_key, report, Received,
            lambda work: receiving.receive(work, report, place),
        )  # fmt: skip

    def token(self, received: Received) -> str | None:
        """The reporter token of a first report, None for a later one."""
        return token_for(self._secret, received.report_id) if received.first else None

    async def vote(
        self, actor: Actor, barrier_id: UUID, word: VoteWord, now: datetime, *, idempotency_key: str | None = None
    ) -> BarrierChanged:
        """One vote per reporter and barrier, changeable."""
        return await self._once(
            actor, now, f"votes/{barrier_id}", idempotency_key, word, BarrierChanged,
            lambda work: moderating.vote(work, barrier_id, word),
        )  # fmt: skip

    async def moderate(
        self, actor: Actor, barrier_id: UUID, asked: Moderation, now: datetime, *, idempotency_key: str | None = None
    ) -> BarrierChanged:
        """A moderator confirms, refutes, hides or shows a barrier."""
        return await self._once(
            actor, now, f"moderate/{barrier_id}", idempotency_key, asked, BarrierChanged,
            lambda work: moderating.moderate(work, barrier_id, asked),
        )  # fmt: skip

    async def close(
        self, actor: Actor, asked: NewClosure, now: datetime, *, idempotency_key: str | None = None
    ) -> Closed:
        """An operator closes a place."""
        return await self._once(
            actor, now, "closures", idempotency_key, asked, Closed, lambda work: moderating.close(work, asked)
        )

    async def change_closure(self, actor: Actor, closure_id: UUID, asked: ClosureChange, now: datetime) -> Closed:
        """An operator changes a closure."""
        return await self._once(
            actor, now, "", None, asked, Closed, lambda work: moderating.change_closure(work, closure_id, asked)
        )

    async def open_closure(self, actor: Actor, closure_id: UUID, now: datetime) -> Closed:
        """An operator opens a place again."""
        return await self._once(
            actor, now, "", None, None, Closed, lambda work: moderating.open_closure(work, closure_id)
        )

    async def take_step(
        self, actor: Actor, complaint_id: UUID, step: Step, now: datetime, *, idempotency_key: str | None = None
    ) -> Stepped:
        """A step of a complaint."""
        return await self._once(
            actor, now, f"steps/{complaint_id}", idempotency_key, step, Stepped,
            lambda work: stepping.take_step(work, complaint_id, step),
        )  # fmt: skip

    async def answer_callback(
        self, actor: Actor, complaint_id: UUID, given: CallbackAnswer, now: datetime, *,
        idempotency_key: str | None = None,
    ) -> Stepped:  # fmt: skip
        """The resident's own verdict."""
        return await self._once(
            actor, now, f"callback/{complaint_id}", idempotency_key, given, Stepped,
            lambda work: stepping.answer_callback(work, complaint_id, given),
        )  # fmt: skip

    async def pass_time(self, now: datetime) -> int:
        """Turns starts and ends that have come into revisions; call it again while it answers more than 0."""
        async with self._work(SYSTEM, now) as work:
            return await moderating.pass_time(work)

    async def revision(self) -> int:
        """The database's own revision."""
        async with acquired(self._pool) as connection:
            return await ledger.current_revision(connection, self._city)

    async def changes_since(self, revision: int) -> Changes:
        """Barriers changed after a revision and the revision they show, in one snapshot; from 0: all that count."""
        async with acquired(self._pool) as connection:
            return await barriers.changes_since(connection, self._city, revision)

    async def events_since(self, revision: int, limit: int = 100) -> list[Event]:
        """One event for each of the next `limit` revisions."""
        async with acquired(self._pool) as connection:
            return await barriers.events_since(connection, self._city, revision, limit)

    async def barrier(self, barrier_id: UUID, actor: Actor | None = None) -> BarrierRecord:
        """One barrier; hidden ones are there for moderators alone."""
        moderator = actor is not None and actor.role in ("moderator", "admin")
        async with acquired(self._pool) as connection:
            found = await barriers.barrier_record(connection, self._city, barrier_id, with_hidden=moderator)
        if found is None:
            raise Refused("not_found", "there is no such barrier")
        return found

    async def moderations(self, barrier_id: UUID, actor: Actor) -> list[Moderated] | None:
        """What moderators decided about a barrier and why; None for anybody else."""
        if actor.role not in ("moderator", "admin"):
            return None
        async with acquired(self._pool) as connection:
            return await barriers.moderations_of(connection, self._city, barrier_id)

    async def barriers(self, asked: BarrierFilter) -> list[BarrierRecord]:
        """Barriers by id; the next page starts after the last one."""
        async with acquired(self._pool) as connection:
            return await barriers.barriers_in_box(
                connection, self._city, box=asked.box, kinds=asked.kinds, standings=asked.standings,
                since_revision=asked.since_revision, after=asked.after, limit=asked.limit,
            )  # fmt: skip

    async def nearby(self, at: Place, kinds: Sequence[str] | None = None) -> list[BarrierRecord]:
        """Open barriers within 50 m, the nearest first."""
        async with acquired(self._pool) as connection:
            return await reading.nearby(connection, self._city, at, kinds)

    async def complaint(self, complaint_id: UUID, actor: Actor, now: datetime) -> ComplaintRecord:
        """One complaint with its history."""
        async with acquired(self._pool) as connection:
            return await reading.complaint(connection, self._city, complaint_id, actor, now)

    async def complaints(self, asked: ComplaintFilter, actor: Actor, now: datetime) -> list[ComplaintRecord]:
        """Complaints for staff."""
        async with acquired(self._pool) as connection:
            return await reading.complaint_list(connection, self._city, asked, actor, now)

    async def crew_list(
        self, unit: str, actor: Actor, now: datetime, *, start: Place | None = None, travel: Travel = crow_seconds
    ) -> list[dict[str, Any]]:
        """What a unit has to do, in visiting order."""
        async with acquired(self._pool) as connection:
            return await reading.crew_list(connection, self._city, unit, actor, now, start=start, travel=travel)

    async def audit(self, after_seq: int = 0, limit: int = AUDIT_PAGE) -> list[AuditRow]:
        """A stretch of the audit log."""
        async with acquired(self._pool) as connection:
            return await ledger.audit_rows(connection, self._city, after_seq, limit)

    async def verify_audit(self) -> tuple[int, int | None]:
        """Rows looked at, and the number of the first bad one (None = the chain holds)."""
        previous, seq = START, 0
        while rows := await self.audit(seq):
            bad = first_bad(rows, previous, seq)
            if bad is not None:
                return seq + len(rows), bad
            previous, seq = rows[-1].hash, rows[-1].seq
        return seq, None

    @asynccontextmanager
    async def _work(self, actor: Actor, now: datetime) -> AsyncIterator[Work]:
        """A transaction: what it leaves behind is written last; an exception leaves nothing."""
        async with acquired(self._pool) as connection, connection.transaction():
            work = Work(connection, self._city, actor, now, self._secret, self._limits)
            yield work
            await work.finish()

    async def _once(
        self, actor: Actor, now: datetime, endpoint: str, key: str | None, request: Struct | str | None,
        kind: type[Answer], do: Callable[[Work], Awaitable[Answer]],
    ) -> Answer:  # fmt: skip
        """One transaction; with an idempotency key at most once a day, and the same answer again."""
        async with acquired(self._pool) as connection, connection.transaction():
            work = Work(connection, self._city, actor, now, self._secret, self._limits)
            if key is not None:
                earlier = await self._earlier(connection, actor, now, endpoint, key, request)
                if earlier is not None:
                    return msgspec.convert(earlier, kind)
            answer = await do(work)
            answer = structs.replace(answer, revision=await work.finish())
            if key is not None:
                plain = msgspec.to_builtins(answer)
                await people.keep_answer(connection, self._city, actor.bearer, endpoint, key, plain)
            return answer

    async def _earlier(
        self, connection: Connection, actor: Actor, now: datetime, endpoint: str, key: str,
        request: Struct | str | None,
    ) -> Any | None:  # fmt: skip
        body = hmac.digest(self._secret, msgspec.json.encode(request, order="deterministic"), "sha256")
        scope = (connection, self._city, actor.bearer, endpoint, key)
        if await people.claim_idempotency(*scope, body, now):
            return None
        first_body, answer = await people.idempotent_answer(*scope)
        if first_body != body:
            raise Refused("idempotency_conflict", "this Idempotency-Key was used with another body")
        return answer
