"""Barriers at the desk: votes, moderators, closures, time, and what readers and routing are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from accessibility.complaints.requests import BarrierFilter, ClosureChange
from accessibility.refusals import Refused
from tests.complaints.town import HERE, T0, Town, north


async def test_votes_are_one_a_person_changeable_and_three_verified_confirm(town: Town) -> None:
    received = await town.report()
    people = [await town.verified() for _ in range(3)]
    for person in people[:2]:
        for word in ("gone", "unsure", "still_there"):
            changed = await town.desk.vote(person, received.barrier_id, word, town.now)  # type: ignore[arg-type]
            town.later(minutes=1)
    assert (changed.standing, changed.votes.still_there, changed.revision) == ("suspected", 2, 1)
    changed = await town.desk.vote(people[2], received.barrier_id, "still_there", town.now)
    assert (changed.standing, changed.votes.still_there, changed.votes.gone, changed.revision) == ("confirmed", 3, 0, 2)
    assert (await town.desk.barrier(received.barrier_id)).votes == changed.votes


async def test_three_verified_gone_bring_the_way_back(town: Town) -> None:
    received = await town.report()
    await town.moderate(received.barrier_id, "confirm")
    town.later(hours=1)
    for _ in range(3):
        changed = await town.desk.vote(await town.verified(), received.barrier_id, "gone", town.now)
    assert (changed.standing, changed.revision) == ("cleared", 3)
    assert (await town.desk.barrier(received.barrier_id)).barrier.active is False


async def test_who_never_reported_cannot_vote_but_a_token_can(town: Town) -> None:
    received = await town.report()
    with pytest.raises(Refused) as caught:
        await town.desk.vote(await town.anonymous(), received.barrier_id, "gone", town.now)
    assert caught.value.code == "unauthorized"
    changed = await town.desk.vote(await town.known_as(received), received.barrier_id, "gone", town.now)
    assert (changed.standing, changed.votes.gone) == ("suspected", 1)


async def test_votes_about_nothing(town: Town) -> None:
    with pytest.raises(Refused) as caught:
        await town.desk.vote(await town.verified(), UUID(int=5), "gone", town.now)
    assert caught.value.code == "not_found"


@pytest.mark.parametrize(("action", "standing"), [("confirm", "confirmed"), ("refute", "refuted")])
async def test_a_moderator_decides_at_once(town: Town, action: str, standing: str) -> None:
    received = await town.report()
    changed = await town.moderate(received.barrier_id, action)
    assert (changed.standing, changed.revision) == (standing, 2)


@pytest.mark.parametrize("role", ["reporter", "crew", "unit", "operator", "callback"])
async def test_others_do_not_moderate(town: Town, role: str) -> None:
    received = await town.report()
    with pytest.raises(Refused) as caught:
        await town.desk.moderate(await town.staff(role, "roads"), received.barrier_id, moderation("confirm"), town.now)
    assert caught.value.code == "forbidden"


def moderation(action: Any) -> Any:
    from accessibility.complaints.requests import Moderation

    return Moderation(action)


async def test_a_hidden_barrier_is_gone_for_the_public_and_back_when_shown_again(town: Town) -> None:
    received = await town.report()
    before = await town.desk.revision()
    await town.moderate(received.barrier_id, "hide")
    assert await town.desk.revision() == before + 1
    with pytest.raises(Refused, match="no such barrier"):
        await town.desk.barrier(received.barrier_id)
    assert (await town.desk.barrier(received.barrier_id, await town.staff("moderator"))).barrier.hidden
    assert await town.desk.barriers(BarrierFilter()) == []
    assert await town.desk.nearby(HERE) == []
    assert [one.hidden for one in (await town.desk.changes_since(before)).barriers] == [True]
    await town.moderate(received.barrier_id, "unhide")
    assert len(await town.desk.barriers(BarrierFilter())) == 1
    assert await town.desk.revision() == before + 2


# Closures


async def test_a_closure_is_in_force_at_once(town: Town) -> None:
    line = {"type": "LineString", "coordinates": [[24.93, 60.16], [24.94, 60.17], [24.95, 60.17]]}
    closed = await town.close(geometry=line)
    found = await town.desk.barrier(closed.closure_id)
    assert (found.barrier.kind, found.barrier.standing, found.barrier.active) == ("closure", "confirmed", True)
    assert (found.barrier.geometry, found.reason, closed.revision) == (line, "works", 1)
    assert len(await town.desk.barriers(BarrierFilter(box=(24.949, 60.165, 24.96, 60.18)))) == 1
    assert await town.desk.barriers(BarrierFilter(box=(24.951, 60.165, 24.96, 60.18))) == []


async def test_a_closure_starts_and_ends_by_itself_each_with_a_revision(town: Town) -> None:
    closed = await town.close(starts_at=T0 + timedelta(hours=1), ends_at=T0 + timedelta(hours=3))
    seen = []
    for _ in range(8):
        found = (await town.desk.barrier(closed.closure_id)).barrier
        seen.append((found.active, found.standing, await town.desk.revision()))
        town.later(minutes=30)
        await town.desk.pass_time(town.now)
    assert seen == [
        (False, "confirmed", 1), (False, "confirmed", 1), (True, "confirmed", 2), (True, "confirmed", 2),
        (True, "confirmed", 2), (True, "confirmed", 2), (False, "expired", 3), (False, "expired", 3),
    ]  # fmt: skip


async def test_a_closure_is_changed_and_ended_by_operators_alone(town: Town) -> None:
    closed = await town.close(ends_at=T0 + timedelta(hours=3))
    operator = await town.staff("operator")
    there = {"type": "Point", "coordinates": [25.0, 60.2]}
    changed = await town.desk.change_closure(operator, closed.closure_id, ClosureChange(geometry=there), town.now)
    found = await town.desk.barrier(closed.closure_id)
    assert (found.barrier.place, found.barrier.ends_at, changed.revision) == ((25.0, 60.2), T0 + timedelta(hours=3), 2)
    change = ClosureChange(ends_at=None, keeps_end=False, reason="longer works")
    await town.desk.change_closure(operator, closed.closure_id, change, town.now)
    found = await town.desk.barrier(closed.closure_id)
    assert (found.barrier.ends_at, found.reason) == (None, "longer works")
    for role in ("reporter", "moderator", "crew"):
        with pytest.raises(Refused) as caught:
            await town.desk.open_closure(await town.staff(role, "roads"), closed.closure_id, town.now)
        assert caught.value.code == "forbidden"
    await town.desk.open_closure(operator, closed.closure_id, town.now)
    found = await town.desk.barrier(closed.closure_id)
    assert (found.barrier.standing, found.barrier.active) == ("cleared", False)


async def test_a_report_never_joins_a_closure_and_an_operator_cannot_open_a_report(town: Town) -> None:
    await town.close()
    received = await town.report(kind="construction")
    assert received.joined is False
    with pytest.raises(Refused, match="no such closure"):
        await town.desk.open_closure(await town.staff("operator"), received.barrier_id, town.now)


@pytest.mark.parametrize("span", [(None, 0), (None, -1), (5, 5), (5, 4)])
async def test_a_closure_ends_after_it_starts_and_not_before_now(town: Town, span: tuple[int | None, int]) -> None:
    starts, ends = (None if hours is None else T0 + timedelta(hours=hours) for hours in span)
    with pytest.raises(Refused) as caught:
        await town.close(starts_at=starts, ends_at=ends)
    assert (caught.value.code, caught.value.field) == ("invalid_field", "until")


# Time


async def test_a_parked_car_expires_after_twelve_hours_and_is_not_looked_at_again(town: Town) -> None:
    received = await town.report(kind="parked_vehicle")
    town.later(hours=11.9)
    assert await town.desk.pass_time(town.now) == 0
    town.later(hours=0.1)
    assert await town.desk.pass_time(town.now) == 1
    assert await town.desk.pass_time(town.now + timedelta(days=900)) == 0
    assert await town.standing(received.barrier_id) == "expired"
    actions = [(row.action, row.role, row.to_state) for row in await town.desk.audit()]
    assert ("standing", "system", "expired") in actions


async def test_many_due_at_once_are_one_revision_a_transaction(town: Town) -> None:
    for number in range(5):
        await town.report(kind="parked_vehicle", at=north(100 * number))
    before = await town.desk.revision()
    town.later(hours=12)
    assert await town.desk.pass_time(town.now) == 5
    assert await town.desk.revision() == before + 1
    assert len((await town.desk.changes_since(before)).barriers) == 5


# Reading


async def test_changes_since_a_revision_are_whole_and_in_one_snapshot(town: Town) -> None:
    first = await town.report()
    second = await town.report(at=north(100))
    await town.moderate(first.barrier_id, "confirm")
    changes = await town.desk.changes_since(1)
    assert changes.revision == 3
    assert {one.id: (one.standing, one.revision) for one in changes.barriers} == {
        first.barrier_id: ("confirmed", 3),
        second.barrier_id: ("suspected", 2),
    }
    assert (await town.desk.changes_since(3)).barriers == []
    assert (await town.desk.changes_since(2)).barriers[0].id == first.barrier_id


async def test_from_the_start_only_what_still_counts_is_told(town: Town) -> None:
    first, second = await town.report(), await town.report(at=north(100))
    await town.moderate(first.barrier_id, "refute")
    assert [one.id for one in (await town.desk.changes_since(0)).barriers] == [second.barrier_id]
    assert [one.id for one in (await town.desk.changes_since(2)).barriers] == [first.barrier_id]


async def test_events_are_one_a_revision_in_order_and_resume(town: Town) -> None:
    first = await town.report()
    await town.report(at=north(100))
    await town.report()  # no revision
    await town.moderate(first.barrier_id, "confirm")
    events = await town.desk.events_since(0)
    assert [event.revision for event in events] == [1, 2, 3]
    assert [event.revision for event in await town.desk.events_since(2)] == [3]
    assert [event.revision for event in await town.desk.events_since(0, limit=2)] == [1, 2]


async def test_filters_and_pages(town: Town) -> None:
    ids = [(await town.report(at=north(50 * number), kind=kind)).barrier_id
           for number, kind in enumerate(["kerb_too_high", "flooded", "flooded", "slippery", "other"])]  # fmt: skip
    await town.moderate(ids[1], "confirm")

    async def found(**wanted: Any) -> list[UUID]:
        return [one.barrier.id for one in await town.desk.barriers(BarrierFilter(**wanted))]

    assert await found() == ids
    assert await found(kinds=("flooded",)) == ids[1:3]
    assert await found(standings=("confirmed",)) == ids[1:2]
    assert await found(since_revision=5) == ids[1:2]
    assert await found(box=(*north(40), *north(110))) == ids[1:3]
    pages = [await found(limit=2), await found(limit=2, after=ids[1]), await found(limit=2, after=ids[3])]
    assert pages == [ids[:2], ids[2:4], ids[4:]]


async def test_nearby_is_fifty_metres_nearest_first_and_open(town: Town) -> None:
    far, near = await town.report(at=north(49)), await town.report(at=north(20))
    over = await town.report(at=north(-20))
    await town.report(at=north(51))
    await town.moderate(over.barrier_id, "refute")
    assert [one.barrier.id for one in await town.desk.nearby(HERE)] == [near.barrier_id, far.barrier_id]
    assert await town.desk.nearby(HERE, ["flooded"]) == []
