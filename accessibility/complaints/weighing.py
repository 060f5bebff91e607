"""From evidence to the barrier everybody sees: adds what was said, asks `standing()`, notes what routing must know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from accessibility.barriers import Barrier
from accessibility.complaints.answers import Votes
from accessibility.complaints.store import barriers
from accessibility.complaints.work import Work
from accessibility.kinds import KINDS
from accessibility.refusals import Refused
from accessibility.standing import Evidence, Said, Standing, standing

VOTES: tuple[Said, ...] = ("still_there", "gone", "unsure")
BURST = timedelta(hours=1)  # unverified reports from one network within it count once


async def locked_barrier(work: Work, barrier_id: UUID) -> Barrier:
    """The barrier, held until the transaction ends; Refused("not_found") when there is none."""
    found = await barriers.lock_barrier(work.connection, work.city_id, barrier_id)
    if found is None:
        raise Refused("not_found", "there is no such barrier")
    return found


async def say(work: Work, barrier_id: UUID, said: Evidence) -> None:
    """Adds evidence; `weigh` afterwards."""
    await barriers.insert_evidence(work.connection, work.city_id, barrier_id, said, work.actor.network)


async def weigh(work: Work, before: Barrier, *, new: bool = False, changed: bool = False) -> Standing:
    """Works out the standing anew and stores it; a change that can alter a route gets a revision.

    `before` is the locked barrier, `new` one just made, `changed` one whose place or visibility changed otherwise.
    """
    said = await barriers.evidence_of(work.connection, work.city_id, before.id)
    # Whoever waited for the lock may carry an earlier time than what was said meanwhile.
    now = max([work.now, *(one.at for one, _ in said)])
    found = standing([one for one, _ in said], now, KINDS[before.kind])
    await barriers.update_barrier(
        work.connection, work.city_id, before.id, found, counted_reports(said), votes(said), now
    )
    if new or changed or _for_routing(before) != (
        found.value, found.blocks, found.active, found.severity, found.measured, found.starts_at, found.until,
    ):  # fmt: skip
        work.changed.append(before.id)
    if new or found.value != before.standing:
        work.record(
            before.id, "standing", from_state=None if new else before.standing, to_state=found.value,
            kind=before.kind, severity=found.severity,
        )  # fmt: skip
        work.tell("barrier.standing", barrier_id=str(before.id), standing=found.value)
    return found


def _for_routing(barrier: Barrier) -> tuple[object, ...]:
    return (
        barrier.standing, barrier.blocks, barrier.active, barrier.severity, barrier.measured, barrier.starts_at,
        barrier.ends_at,
    )  # fmt: skip


def votes(said: Sequence[tuple[Evidence, bytes | None]]) -> Votes:
    """Each person's last vote."""
    last = {one.reporter: one.kind for one, _ in said if one.kind in VOTES}
    counted = list(last.values())
    return Votes(*(counted.count(kind) for kind in VOTES))


def counted_reports(said: Sequence[tuple[Evidence, bytes | None]]) -> int:
    """Reports as the public counts them: a person once, and a burst of strangers from one network once."""
    people: set[UUID] = set()
    last_of_network: dict[bytes, datetime] = {}
    counted = 0
    for one, network in said:
        if one.kind != "report" or one.reporter in people:
            continue
        people.add(one.reporter)
        if one.weight == "unverified" and network is not None:
            last, last_of_network[network] = last_of_network.get(network), one.at
            if last is not None and one.at - last <= BURST:
                continue
        counted += 1
    return counted
