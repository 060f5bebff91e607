"""What others say about a barrier: votes, a moderator's word, an operator's closures, and the passing of time."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from accessibility.barriers import Barrier
from accessibility.complaints.answers import BarrierChanged, Closed
from accessibility.complaints.audit import commit
from accessibility.complaints.places import bounds_of, place_of
from accessibility.complaints.requests import ClosureChange, Moderation, NewClosure, VoteWord
from accessibility.complaints.store import barriers, ledger, people
from accessibility.complaints.weighing import locked_barrier, say, votes, weigh
from accessibility.complaints.work import Work
from accessibility.refusals import Refused
from accessibility.standing import Evidence, Said

DUE_AT_ONCE = 200  # barriers a due-time transaction takes


async def vote(work: Work, barrier_id: UUID, word: VoteWord) -> BarrierChanged:
    """One vote per person, changeable. Raises Refused: `unauthorized`, `not_found`, `rate_limited`."""
    reporter_id = await work.reporter()
    await work.count("vote")
    return await _said(work, barrier_id, word, reporter_id, action="vote")


async def moderate(work: Work, barrier_id: UUID, asked: Moderation) -> BarrierChanged:
    """A moderator confirms, refutes, hides or shows a barrier again."""
    work.actor.need("moderator")
    reporter_id = await work.reporter()
    barrier = await locked_barrier(work, barrier_id)
    if asked.action in ("confirm", "refute"):
        said: Said = "confirm" if asked.action == "confirm" else "refute"
        spoken = Evidence(kind=said, at=work.now, reporter=reporter_id, weight=work.actor.weight)
        await say(work, barrier_id, spoken)
        await _keep_reason(work, barrier_id, asked)
        return await _answer(work, barrier)
    hidden = asked.action == "hide"
    await barriers.hide_barrier(work.connection, work.city_id, barrier_id, hidden, work.now)
    await _keep_reason(work, barrier_id, asked)
    return await _answer(work, barrier, changed=barrier.hidden is not hidden)


async def _keep_reason(work: Work, barrier_id: UUID, asked: Moderation) -> None:
    """The decision for other moderators; the audit log, public for ever, holds only a promise about the words."""
    salt = secrets.token_bytes(16) if asked.reason else None
    await barriers.insert_moderation(
        work.connection, work.city_id, barrier_id, action=asked.action, reason=asked.reason, salt=salt,
        pseudonym=work.actor.pseudonym, now=work.now,
    )  # fmt: skip
    commitment = commit(salt, asked.reason) if salt and asked.reason else None
    work.record(barrier_id, asked.action, commitment=commitment, said=asked.action)


async def _said(work: Work, barrier_id: UUID, said: Said, reporter_id: UUID, *, action: str) -> BarrierChanged:
    barrier = await locked_barrier(work, barrier_id)
    if barrier.hidden and not work.actor.staff:
        raise Refused("not_found", "there is no such barrier")
    await say(work, barrier_id, Evidence(kind=said, at=work.now, reporter=reporter_id, weight=work.actor.weight))
    work.record(barrier_id, action, said=said)
    return await _answer(work, barrier)


async def _answer(work: Work, barrier: Barrier, *, changed: bool = False) -> BarrierChanged:
    found = await weigh(work, barrier, changed=changed)
    said = await barriers.evidence_of(work.connection, work.city_id, barrier.id)
    return BarrierChanged(barrier.id, found.value, votes(said))


async def close(work: Work, asked: NewClosure) -> Closed:
    """An operator closes a place, in force at once or from its start on."""
    work.actor.need("operator")
    if work.actor.key_id is None:
        raise Refused("unauthorized", "closures need a key")
    _check_span(work, asked.starts_at, asked.ends_at)
    bounds = bounds_of(asked.geometry)
    barrier = Barrier(
        id=await ledger.new_id(work.connection), kind="closure", severity=4, place=place_of(asked.geometry),
        geometry=asked.geometry, standing="confirmed", active=False, revision=0,
    )  # fmt: skip
    await barriers.insert_barrier(work.connection, work.city_id, barrier, "closure", bounds, work.now)
    await barriers.insert_closure(work.connection, work.city_id, barrier.id, asked.reason, work.actor.key_id)
    await _operate(work, barrier, "closed", asked.starts_at, asked.ends_at)
    work.record(barrier.id, "close")
    await weigh(work, barrier, new=True)
    return Closed(barrier.id)


async def change_closure(work: Work, closure_id: UUID, asked: ClosureChange) -> Closed:
    """Another place, time or reason for a closure."""
    barrier = await _closure(work, closure_id)
    starts_at = barrier.starts_at if asked.keeps_start else asked.starts_at
    ends_at = barrier.ends_at if asked.keeps_end else asked.ends_at
    if not (asked.keeps_start and asked.keeps_end):
        _check_span(work, starts_at, ends_at)
    if asked.geometry is not None:
        await barriers.move_barrier(
            work.connection, work.city_id, closure_id, asked.geometry, place_of(asked.geometry),
            bounds_of(asked.geometry),
        )  # fmt: skip
    if asked.reason is not None:
        await barriers.update_closure(work.connection, work.city_id, closure_id, asked.reason)
    await _operate(work, barrier, "closed", starts_at, ends_at)
    work.record(closure_id, "change_closure")
    await weigh(work, barrier, changed=asked.geometry is not None)
    return Closed(closure_id)


async def open_closure(work: Work, closure_id: UUID) -> Closed:
    """The operator opens the place again; the closure stays in the record."""
    barrier = await _closure(work, closure_id)
    await _operate(work, barrier, "opened", None, None)
    work.record(closure_id, "open_closure")
    await weigh(work, barrier)
    return Closed(closure_id)


async def _closure(work: Work, closure_id: UUID) -> Barrier:
    work.actor.need("operator")
    await work.reporter()  # before the barrier is locked, as everywhere
    found = await barriers.lock_barrier(work.connection, work.city_id, closure_id)
    if found is None or found.kind != "closure":
        raise Refused("not_found", "there is no such closure")
    return found


async def _operate(
    work: Work, barrier: Barrier, said: Said, starts_at: datetime | None, ends_at: datetime | None
) -> None:
    spoken = Evidence(
        kind=said, at=work.now, reporter=await work.reporter(), weight="authority", severity=4,
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip
    await say(work, barrier.id, spoken)


def _check_span(work: Work, starts_at: datetime | None, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= max(work.now, starts_at or work.now):
        raise Refused("invalid_field", "must lie in the future and after `from`", field="until")


async def pass_time(work: Work) -> int:
    """Turns every start and end that has come into a changed barrier; how many there were.

    One process leads; the others find nothing to do.
    """
    if not await ledger.try_lead(work.connection, work.city_id):
        return 0
    await people.forget_old(work.connection, work.city_id, work.now)
    due = await barriers.due_barriers(work.connection, work.city_id, work.now, DUE_AT_ONCE)
    for barrier in due:
        await weigh(work, barrier)
    return len(due)
