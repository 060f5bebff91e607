"""Many at once: nothing lost, nothing twice, no revision skipped, the audit chain whole."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import asyncpg
import pytest

from accessibility.complaints.desk import Desk
from accessibility.complaints.requests import BarrierFilter
from accessibility.complaints.store.connection import open_pool
from accessibility.refusals import Refused
from tests.complaints.town import HERE, SECRET, Town, north


async def revisions(town: Town) -> list[int]:
    return [event.revision for event in await town.desk.events_since(0, limit=10_000)]


async def test_fifty_reports_at_once_are_all_there(town: Town) -> None:
    places = [north(100 * number) for number in range(50)]
    received = await asyncio.gather(*(town.report(at=place) for place in places))
    assert len({one.barrier_id for one in received}) == 50
    assert sorted(one.revision for one in received) == list(range(1, 51))
    assert await revisions(town) == list(range(1, 51))
    assert len(await town.desk.barriers(BarrierFilter(limit=1000))) == 50
    rows, bad = await town.desk.verify_audit()
    assert (rows, bad) == (150, None)


async def test_fifty_reports_of_one_place_are_one_barrier_and_one_complaint(town: Town) -> None:
    received = await asyncio.gather(*(town.report(at=north(number / 20)) for number in range(50)))
    assert len({one.barrier_id for one in received}) == 1
    assert len({one.complaint_id for one in received}) == 1
    assert len({one.report_id for one in received}) == 50
    assert [one.joined for one in received].count(False) == 1
    assert (await town.desk.barrier(received[0].barrier_id)).reports == 50
    assert (await town.desk.verify_audit())[1] is None


async def test_reports_at_the_corners_of_neighbouring_grid_cells_do_not_wait_in_a_circle(town: Town) -> None:
    corners = [(11.0 + x / 1000, 48.0 + y / 1000) for x in range(6) for y in range(6)]
    received = await asyncio.gather(*(town.report(at=place) for place in corners * 3))
    assert len({one.barrier_id for one in received}) == len(corners)


async def test_one_key_sent_twenty_times_at_once_is_one_report(town: Town) -> None:
    received = await asyncio.gather(*(town.report(idempotency_key="k" * 16) for _ in range(20)))
    assert len({one.report_id for one in received}) == 1
    assert await town.desk.revision() == 1


async def test_a_limit_holds_when_everything_comes_at_once(town: Town) -> None:
    actor = await town.anonymous("192.0.2.1")

    async def send(number: int) -> str:
        try:
            await town.report(actor, at=north(50 * number))
        except Refused as refused:
            return refused.code
        return "stored"

    from accessibility.complaints.work import Limits

    town.desk = Desk(town.pool, secret=SECRET, limits=Limits(reports_per_network=7))
    assert Counter(await asyncio.gather(*(send(number) for number in range(20)))) == {"stored": 7, "rate_limited": 13}


async def test_of_ten_who_take_the_same_step_one_succeeds(town: Town) -> None:
    from accessibility.complaints import requests

    received = await town.report()
    moderators = [await town.staff("moderator") for _ in range(10)]

    async def accept(actor: Any) -> str:
        try:
            return (await town.step(actor, received.complaint_id, requests.Accept, version=1)).state
        except Refused as refused:
            return refused.code

    assert Counter(await asyncio.gather(*map(accept, moderators))) == {"accepted": 1, "illegal_step": 9}


async def test_a_storm_of_everything_ends_in_order(town: Town) -> None:
    """Reports, votes, moderators, answers and the clock on a few barriers: no deadlock, no gap, a chain that holds."""
    chance = random.Random(5)
    first = [await town.report(at=north(40 * number), kind="parked_vehicle") for number in range(4)]
    people = [await town.verified() for _ in range(6)]
    moderator = await town.staff("moderator")
    from accessibility.complaints.requests import Moderation

    async def act() -> None:
        one = chance.choice(first)
        what = chance.randrange(5)
        if what == 0:
            await town.report(
                chance.choice(people), at=north(40 * chance.randrange(4) + chance.random()), kind="obstacle"
            )
        elif what == 1:
            await town.desk.vote(
                chance.choice(people), one.barrier_id, chance.choice(["gone", "still_there"]), town.now
            )  # type: ignore[arg-type]
        elif what == 2:
            await town.desk.moderate(
                moderator, one.barrier_id, Moderation(chance.choice(["confirm", "hide", "unhide"])), town.now
            )  # type: ignore[arg-type]
        elif what == 3:
            town.later(minutes=chance.randrange(90))
            await town.desk.pass_time(town.now)
        else:
            await town.desk.changes_since(chance.randrange(3))

    ended = await asyncio.gather(*(act() for _ in range(150)), return_exceptions=True)
    failures = [one for one in ended if one is not None]
    assert {getattr(one, "code", repr(one)) for one in failures} <= {"not_found"}, "a vote on what is hidden just then"
    assert len(failures) < 60
    found = await revisions(town)
    assert found == list(range(1, len(found) + 1))
    assert found[-1] == await town.desk.revision()
    assert (await town.desk.verify_audit())[1] is None


async def test_a_failure_in_the_middle_leaves_nothing_and_no_gap(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from accessibility.complaints.store import ledger

    await town.report()
    before = await town.desk.audit()

    async def broken(*_: object) -> int:
        raise RuntimeError("the cable was pulled")

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "mark_changed", broken)
        with pytest.raises(RuntimeError):
            await town.report(at=north(100), note="lost", idempotency_key="k" * 16)
    assert await town.desk.audit() == before
    assert len(await town.desk.barriers(BarrierFilter())) == 1
    assert (await town.report(at=north(100), idempotency_key="k" * 16)).revision == 2


async def test_whoever_listens_hears_every_revision_after_it_can_be_read(town: Town, database: str) -> None:
    heard: list[str] = []
    connection = await asyncpg.connect(database)
    await connection.add_listener("stepfree_revision", lambda *arguments: heard.append(arguments[3]))
    await asyncio.gather(*(town.report(at=north(100 * number)) for number in range(10)))
    for _ in range(100):
        if len(heard) == 10:
            break
        await asyncio.sleep(0.01)
    await connection.close()
    assert heard == [f"1:{number}" for number in range(1, 11)]


async def test_two_servers_on_one_database_are_one_desk(town: Town, database: str) -> None:
    async with open_pool(database) as other_pool:
        other = Town(Desk(other_pool, secret=SECRET), other_pool)
        received = await asyncio.gather(*((town, other)[number % 2].report(at=HERE) for number in range(20)))
        assert len({one.barrier_id for one in received}) == 1
        token = town.desk.token(received[0])
        assert token is not None
        assert (await other.desk.who(token)).reporter_id is not None
        assert sum(await asyncio.gather(town.desk.pass_time(town.now), other.desk.pass_time(town.now))) == 0
