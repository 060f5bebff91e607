"""Reports at the desk: stored whole, joined, replayed, limited; and who may make a danger block at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec import structs

from accessibility.barriers import Measured
from accessibility.complaints.desk import Desk
from accessibility.complaints.requests import BarrierFilter, Contact, FromRouting
from accessibility.complaints.work import Limits
from accessibility.refusals import Refused
from tests.complaints.town import HERE, SECRET, Town, north


async def test_a_first_report_makes_everything_at_once(town: Town) -> None:
    received = await town.report(note="in front of the school", measured=Measured(kerb_m=0.12))
    assert (received.standing, received.joined, received.first, received.revision) == ("suspected", False, True, 1)
    found = await town.desk.barrier(received.barrier_id)
    assert (found.barrier.kind, found.barrier.severity, found.barrier.place) == ("kerb_too_high", 2, HERE)
    assert (found.barrier.active, found.barrier.revision, found.reports) == (True, 1, 1)
    assert found.barrier.measured == Measured(kerb_m=0.12)
    assert found.complaint_id == received.complaint_id
    complaint = await town.desk.complaint(received.complaint_id, await town.known_as(received), town.now)
    assert (complaint.state, complaint.urgency, complaint.version, complaint.mine) == ("submitted", "P2", 1, True)
    assert complaint.number.startswith("2026-")
    assert await town.desk.verify_audit() == (len(await town.desk.audit()), None)


async def test_a_token_is_the_same_person_again_and_is_nowhere_stored(town: Town) -> None:
    first = await town.report()
    token = town.desk.token(first)
    assert token is not None
    again = await town.report(await town.desk.who(token), at=north(500))
    assert again.first is False
    assert town.desk.token(again) is None
    assert (await town.known_as(first)).reporter_id == (await town.desk.who(token)).reporter_id
    async with town.pool.acquire() as connection:
        rows = await connection.fetch("SELECT reporter_id FROM reporter")
        texts = await connection.fetch(
            "SELECT answer::text AS text FROM idempotency UNION ALL SELECT data::text FROM outbox"
        )
    assert len(rows) == 1
    assert not any(token in (row["text"] or "") for row in texts)


async def test_an_unknown_token_is_refused(town: Town) -> None:
    with pytest.raises(Refused) as caught:
        await town.desk.who("rt_made_up")
    assert caught.value.code == "unauthorized"


@pytest.mark.parametrize(
    ("metres", "kind", "level", "street", "joins"),
    [
        (9.9, "kerb_too_high", None, None, True),
        (10.1, "kerb_too_high", None, None, False),
        (0, "missing_kerb_ramp", None, None, True),
        (0, "steps_without_ramp", None, None, False),
        (0, "kerb_too_high", 1.0, None, False),
        (5, "kerb_too_high", None, "Other Street", False),
        (5, "kerb_too_high", None, "Main Street", True),
    ],
)
async def test_joining_goes_by_group_distance_level_and_street(
    town: Town, metres: float, kind: str, level: float | None, street: str | None, joins: bool
) -> None:
    first = await town.report(level=0.0 if level else None, known=FromRouting(street="Main Street"))
    second = await town.report(at=north(metres), kind=kind, level=level, known=FromRouting(street=street))
    assert second.joined is joins
    assert (second.barrier_id == first.barrier_id) is joins
    assert (second.complaint_id == first.complaint_id) is joins
    assert second.first, "another person, another token"


async def test_a_report_joins_the_nearest_and_never_what_is_over(town: Town) -> None:
    far, near = await town.report(at=north(-6)), await town.report(at=north(9))
    assert (await town.report(at=north(4))).barrier_id == near.barrier_id
    await town.moderate(near.barrier_id, "refute")
    await town.moderate(far.barrier_id, "refute")
    assert (await town.report(at=north(4))).joined is False


async def test_a_joining_report_that_changes_nothing_for_routes_makes_no_revision(town: Town) -> None:
    first = await town.report()
    assert (await town.report()).revision == first.revision
    assert (await town.report(severity=3)).revision == first.revision + 1


async def test_the_reports_that_count_are_people_not_bursts(town: Town) -> None:
    first = await town.report(await town.anonymous("192.0.2.1"))
    for address in ("192.0.2.9", "192.0.2.77", "198.51.100.4"):
        await town.report(await town.anonymous(address))
    assert (await town.desk.barrier(first.barrier_id)).reports == 2
    for _ in range(2):
        await town.report(structs.replace(await town.verified(), network=(await town.anonymous("192.0.2.1")).network))
    assert (await town.desk.barrier(first.barrier_id)).reports == 4


async def test_three_verified_people_behind_one_network_confirm(town: Town) -> None:
    network = (await town.anonymous("192.0.2.1")).network
    for _ in range(3):
        received = await town.report(structs.replace(await town.verified(), network=network))
    assert received.standing == "confirmed"


async def test_a_verified_reporters_complaint_is_accepted_at_once(town: Town) -> None:
    actor = await town.verified()
    received = await town.report(actor)
    complaint = await town.desk.complaint(received.complaint_id, await town.staff("moderator"), town.now)
    assert complaint.state == "accepted"
    assert [(entry.step, entry.role) for entry in complaint.timeline] == [("submit", "reporter"), ("accept", "system")]


@pytest.mark.parametrize(
    ("kind", "severity", "known", "urgency"),
    [
        ("flooded", 4, FromRouting(), "P0"),
        ("flooded", 2, FromRouting(), "P1"),
        ("missing_kerb_ramp", 4, FromRouting(), "P3"),
        ("missing_kerb_ramp", 2, FromRouting(cuts_last_way=True), "P3"),
        ("missing_kerb_ramp", 2, FromRouting(cuts_last_way=True, cuts_essential=True, map_build="b1"), "P1"),
        ("flooded", 4, FromRouting(cuts_last_way=True, cuts_essential=True), "P0"),
    ],
)
async def test_urgency(town: Town, kind: str, severity: int, known: FromRouting, urgency: str) -> None:
    received = await town.report(kind=kind, severity=severity, known=known)
    found = await town.desk.complaint(received.complaint_id, await town.staff("moderator"), town.now)
    assert found.urgency == urgency


async def test_new_evidence_can_only_make_a_complaint_more_urgent(town: Town) -> None:
    first = await town.report(kind="flooded", severity=2)
    await town.report(kind="flooded", severity=4)
    complaint = await town.desk.complaint(first.complaint_id, await town.staff("moderator"), town.now)
    assert (complaint.urgency, complaint.timeline[-1].step) == ("P0", "reclassify")
    assert complaint.version == 2


# Idempotency


async def test_the_same_key_and_body_is_the_same_answer(town: Town) -> None:
    actor = await town.anonymous()
    first = await town.report(actor, idempotency_key="k" * 20)
    second = await town.report(await town.anonymous(), idempotency_key="k" * 20)
    assert second == first
    assert town.desk.token(second) == town.desk.token(first)
    assert (await town.desk.barrier(first.barrier_id)).reports == 1


async def test_the_same_key_and_another_body_is_a_conflict_and_nothing_is_stored(town: Town) -> None:
    await town.report(idempotency_key="k" * 20)
    with pytest.raises(Refused) as caught:
        await town.report(idempotency_key="k" * 20, severity=3)
    assert caught.value.code == "idempotency_conflict"
    assert await town.desk.revision() == 1


async def test_a_key_belongs_to_its_bearer_and_is_free_again_after_a_day(town: Town) -> None:
    first = await town.report(idempotency_key="k" * 20)
    other = await town.report(await town.verified(), idempotency_key="k" * 20, at=north(99))
    assert other.report_id != first.report_id
    town.later(hours=23.9)
    assert (await town.report(idempotency_key="k" * 20)).report_id == first.report_id
    town.later(hours=0.2)
    assert (await town.report(idempotency_key="k" * 20)).report_id != first.report_id


async def test_a_refused_report_can_be_sent_again_with_the_same_key(town: Town) -> None:
    with pytest.raises(Refused):
        await town.report(idempotency_key="k" * 20, ends_at=town.now)
    assert (await town.report(idempotency_key="k" * 20)).revision == 1


# Refusals


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "closure"}, "kind"),
        ({"kind": "no_such_kind"}, "kind"),
        ({"ends_at": -1}, "until"),
        ({"starts_at": 5, "ends_at": 5}, "until"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_nothing_is_stored(
    town: Town, fields: dict[str, object], field: str
) -> None:
    given = {
        name: town.now + timedelta(hours=value) if isinstance(value, int) else value for name, value in fields.items()
    }
    with pytest.raises(Refused) as caught:
        await town.report(**given)
    assert (caught.value.code, caught.value.field) == ("invalid_field", field)
    assert await town.desk.barriers(BarrierFilter()) == []
    assert await town.desk.audit() == []


async def test_only_the_intake_speaks_for_others(town: Town) -> None:
    with pytest.raises(Refused) as caught:
        await town.report(on_behalf=True)
    assert caught.value.code == "forbidden"
    received = await town.report(await town.staff("intake"), on_behalf=True, channel="phone")
    assert received.standing == "suspected", "who calls is not verified"


# Limits


async def test_limits_per_token_and_hour(town: Town) -> None:
    town.desk = Desk(town.pool, secret=SECRET, limits=Limits(reports_per_token=3, reports_per_network=100))
    token = town.desk.token(await town.report(await town.anonymous("192.0.2.1")))
    for number in range(3):
        await town.report(await town.desk.who(token, f"198.51.{number}.1"), at=north(50 * number + 50))
    town.later(minutes=20)
    with pytest.raises(Refused) as caught:
        await town.report(await town.desk.who(token, "203.0.113.1"))
    assert caught.value.code == "rate_limited"
    assert caught.value.details == {"retry_after_s": 40 * 60}
    town.later(minutes=40)
    await town.report(await town.desk.who(token, "203.0.113.1"))


async def test_limits_per_network_whatever_the_tokens(town: Town) -> None:
    town.desk = Desk(town.pool, secret=SECRET, limits=Limits(reports_per_network=4))
    for number in range(4):
        await town.report(await town.anonymous(f"192.0.2.{number}"))
    for address in ("192.0.2.200", "::ffff:192.0.2.201"):
        with pytest.raises(Refused, match="network"):
            await town.report(await town.anonymous(address))
    await town.report(await town.anonymous("192.0.3.1"))
    await town.report(await town.anonymous(None))
    intake = structs.replace(await town.staff("intake"), network=(await town.anonymous("192.0.2.1")).network)
    await town.report(intake)


async def test_a_replay_is_not_counted(town: Town) -> None:
    town.desk = Desk(town.pool, secret=SECRET, limits=Limits(reports_per_network=1))
    actor = await town.anonymous("192.0.2.1")
    first = await town.report(actor, idempotency_key="k" * 20)
    assert await town.report(await town.anonymous("192.0.2.1"), idempotency_key="k" * 20) == first


# A danger of severity 4 blocks at once


async def blocks(town: Town, barrier_id: UUID) -> bool:
    return (await town.desk.barrier(barrier_id)).barrier.blocks


async def test_a_danger_blocks_for_six_hours(town: Town) -> None:
    received = await town.report(kind="flooded", severity=4)
    assert await blocks(town, received.barrier_id)
    town.later(hours=5.99)
    assert await town.desk.pass_time(town.now) == 0
    town.later(hours=0.01)
    assert await town.desk.pass_time(town.now) == 1
    assert not await blocks(town, received.barrier_id)
    assert await town.standing(received.barrier_id) == "suspected"
    assert await town.desk.revision() == received.revision + 1


@pytest.mark.parametrize(("kind", "severity"), [("flooded", 3), ("obstacle", 4)])
async def test_less_than_that_does_not(town: Town, kind: str, severity: int) -> None:
    assert not await blocks(town, (await town.report(kind=kind, severity=severity)).barrier_id)


async def test_the_last_way_to_a_place_is_not_blocked_by_one_voice(town: Town) -> None:
    received = await town.report(kind="flooded", severity=4, known=FromRouting(cuts_last_way=True))
    assert not await blocks(town, received.barrier_id)


async def test_one_active_per_token_and_three_per_network(town: Town) -> None:
    first = await town.report(await town.anonymous("192.0.2.1"), kind="flooded", severity=4)
    same = await town.desk.who(town.desk.token(first), "198.51.100.1")
    second = await town.report(same, kind="flooded", severity=4, at=north(100))
    assert [await blocks(town, one.barrier_id) for one in (first, second)] == [True, False]
    others = [
        await town.report(await town.anonymous("192.0.2.9"), kind="flooded", severity=4, at=north(200 + 100 * number))
        for number in range(3)
    ]
    assert [await blocks(town, one.barrier_id) for one in others] == [True, True, False]
    town.later(hours=6)
    await town.desk.pass_time(town.now)
    assert await blocks(town, (await town.report(same, kind="flooded", severity=4, at=north(900))).barrier_id)


async def test_contact_goes_where_the_server_cannot_read_it(town: Town) -> None:
    received = await town.report(contact=Contact(name="Aino", email="aino@example.org"))
    async with town.pool.acquire() as connection:
        with pytest.raises(Exception, match="permission denied"):
            await connection.fetch("SELECT name FROM contact")
    assert received.revision == 1
