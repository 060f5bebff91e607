"""One piece of work inside one transaction: who does it, when, and what it leaves behind when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import structs

from accessibility.complaints.audit import AuditRow, canonical, row_hash
from accessibility.complaints.people import Actor, new_pseudonym
from accessibility.complaints.store import ledger, people
from accessibility.complaints.store.connection import Connection
from accessibility.refusals import Refused

SYSTEM = Actor(role="system", pseudonym="system", bearer=b"")
HOUR_S = 3600


@dataclass(frozen=True)
class Limits:
    """How much one token and one network may do; the numbers are settings."""

    reports_per_token: int = 60  # an hour
    reports_per_network: int = 300  # an hour
    blocks_per_token: int = 1  # unconfirmed dangers that block at the same time
    blocks_per_network: int = 3


@dataclass(frozen=True)
class Entry:
    """An audit row to be; its number and hashes come when everything else is done."""

    case_id: UUID
    action: str
    role: str
    pseudonym: str
    from_state: str | None
    to_state: str | None
    payload: dict[str, Any]
    commitment: bytes | None


@dataclass
class Work:
    """A transaction in progress. Locks are taken in one order: barrier, complaint, audit, revision."""

    connection: Connection
    city_id: int
    actor: Actor
    now: datetime
    secret: bytes
    limits: Limits
    entries: list[Entry] = field(default_factory=list)
    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)

    def record(
        self, case_id: UUID, action: str, *, by: Actor | None = None, from_state: str | None = None,
        to_state: str | None = None, commitment: bytes | None = None, **payload: str | int,
    ) -> None:  # fmt: skip
        """Remembers an audit row. The payload is public for ever: codes, ids and numbers, no free text."""
        who = by or self.actor
        self.entries.append(Entry(case_id, action, who.role, who.pseudonym, from_state, to_state, payload, commitment))

    def tell(self, kind: str, **data: Any) -> None:
        """Remembers a message that is delivered after the commit."""
        self.messages.append((kind, data))

    async def reporter(self) -> UUID:
        """The reporter this person is; a key becomes one with its first word. Anonymous people are refused."""
        actor = self.actor
        if actor.reporter_id is not None:
            return actor.reporter_id
        if actor.key_id is None:
            raise Refused("unauthorized", "this needs the token of a first report, or a key")
        return await people.ensure_key_reporter(
            self.connection, self.city_id, actor.key_id, actor.verified, new_pseudonym(), self.now
        )

    async def count(self, scope: str) -> None:
        """Counts one use against the limits of the token and the network; raises Refused when they are used up."""
        actor = self.actor
        if actor.network is None or actor.role == "intake":
            return
        limits = [("network", actor.network, self.limits.reports_per_network)]
        if actor.reporter_id or actor.key_id:
            limits.append(("token", actor.bearer, self.limits.reports_per_token))
        for subject_kind, subject, limit in limits:
            used, since = await people.count_use(
                self.connection, self.city_id, f"{scope}:{subject_kind}", subject, self.now
            )
            if used > limit:
                wait_s = max(1, HOUR_S - int((self.now - since).total_seconds()))
                raise Refused("rate_limited", f"this {subject_kind} may send {limit} an hour", retry_after_s=wait_s)

    async def finish(self) -> int:
        """Writes messages, audit rows and the revision, in the order of locks; the revision that shows this work."""
        if self.messages:
            await ledger.insert_outbox(self.connection, self.city_id, self.messages, self.now)
        if self.entries:
            await self._write_audit()
        if not self.changed:
            return await ledger.current_revision(self.connection, self.city_id)
        revision = await ledger.bump_revision(self.connection, self.city_id, self.now)
        await ledger.mark_changed(self.connection, self.city_id, revision, list(dict.fromkeys(self.changed)), self.now)
        return revision

    async def _write_audit(self) -> None:
        seq, previous = await ledger.lock_audit(self.connection, self.city_id)
        rows = []
        for entry in self.entries:
            seq += 1
            row = AuditRow(
                city_id=self.city_id, seq=seq, case_id=entry.case_id, at=self.now, actor_pseudonym=entry.pseudonym,
                role=entry.role, action=entry.action, from_state=entry.from_state, to_state=entry.to_state,
                payload=canonical(entry.payload), commitment=entry.commitment, prev_hash=previous, hash=b"",
            )  # fmt: skip
            row = structs.replace(row, hash=row_hash(row))
            previous = row.hash
            rows.append(row)
        await ledger.insert_audit(self.connection, rows)
