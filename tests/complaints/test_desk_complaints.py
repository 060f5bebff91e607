"""Complaints at the desk: the whole loop, who may do what, versions, and the resident's own verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from accessibility.complaints import requests
from accessibility.complaints.requests import ComplaintFilter
from accessibility.refusals import Refused
from tests.complaints.town import HERE, Town, north


async def test_the_whole_loop(town: Town) -> None:
    received = await town.report()
    resident = await town.known_as(received)
    await town.moderate(received.barrier_id, "confirm")
    await town.bring_to_callback(received.complaint_id)
    complaint = await town.desk.complaint(received.complaint_id, resident, town.now)
    assert (complaint.state, complaint.unit, complaint.may_answer) == ("callback", "roads", True)
    assert await town.standing(received.barrier_id) == "confirmed", "a claim alone opens no way"
    before = await town.desk.revision()
    answered = await town.answer(resident, received.complaint_id, "fixed", 5)
    assert (answered.state, answered.standing, answered.revision) == ("resolved", "cleared", before + 1)
    complaint = await town.desk.complaint(received.complaint_id, resident, town.now)
    assert [(entry.step, entry.role, entry.state) for entry in complaint.timeline] == [
        ("submit", "reporter", "submitted"), ("accept", "moderator", "accepted"),
        ("dispatch", "dispatcher", "dispatched"),
        ("respond", "unit", "responded"), ("start", "unit", "in_progress"), ("claim_fixed", "crew", "fixed_claimed"),
        ("callback", "system", "callback"), ("fixed", "reporter", "resolved"),
    ]  # fmt: skip
    assert [entry.version for entry in complaint.timeline] == list(range(1, 9))
    assert (complaint.version, complaint.rating, complaint.may_answer) == (8, 5.0, False)
    assert complaint.expected_at == town.now + timedelta(days=2)
    assert (await town.desk.verify_audit())[1] is None


async def test_stale_and_illegal_steps_say_what_is_allowed(town: Town) -> None:
    received = await town.report()
    moderator = await town.staff("moderator")
    await town.step(moderator, received.complaint_id, requests.Accept)
    with pytest.raises(Refused) as caught:
        await town.step(moderator, received.complaint_id, requests.Accept, version=1)
    assert (caught.value.code, caught.value.details) == ("illegal_step", {"allowed": ["hide"], "version": 2})
    with pytest.raises(Refused) as caught:
        await town.step(await town.staff("dispatcher"), received.complaint_id, requests.Dispatch, version=1)
    assert (caught.value.code, caught.value.details) == ("stale_version", {"allowed": ["dispatch"], "version": 2})
    assert (await town.desk.complaint(received.complaint_id, moderator, town.now)).version == 2


async def test_a_verified_reporters_complaint_cannot_be_accepted_again(town: Town) -> None:
    received = await town.report(await town.verified())
    with pytest.raises(Refused) as caught:
        await town.step(await town.staff("moderator"), received.complaint_id, requests.Accept)
    assert caught.value.code == "illegal_step"


async def test_rejecting_closes_the_case_and_leaves_the_barrier(town: Town) -> None:
    received = await town.report()
    stepped = await town.step(
        await town.staff("moderator"), received.complaint_id, requests.Reject, reason_code="duplicate", text="We know."
    )
    assert stepped.state == "rejected"
    assert await town.standing(received.barrier_id) == "suspected"
    again = await town.report()
    assert again.barrier_id == received.barrier_id
    assert again.complaint_id != received.complaint_id, "a closed complaint is not joined"


async def test_dispatch_without_a_unit_goes_to_the_backstop(town: Town) -> None:
    received = await town.report(await town.verified())
    await town.step(await town.staff("dispatcher"), received.complaint_id, requests.Dispatch)
    complaint = await town.desk.complaint(received.complaint_id, await town.staff("dispatcher"), town.now)
    assert complaint.unit == "backstop"


async def test_another_units_complaint_is_not_touched(town: Town) -> None:
    received = await town.report(await town.verified())
    await town.step(await town.staff("dispatcher"), received.complaint_id, requests.Dispatch, unit="roads")
    fields = {"channel": "phone", "outcome": "reached", "text": "Hello."}
    with pytest.raises(Refused) as caught:
        await town.step(await town.staff("unit", "parks"), received.complaint_id, requests.Respond, **fields)
    assert caught.value.code == "forbidden"
    await town.step(await town.staff("unit", "roads"), received.complaint_id, requests.Respond, **fields)


async def test_danger_to_life_starts_without_a_call_first(town: Town) -> None:
    received = await town.report(await town.verified(), kind="flooded", severity=4)
    await town.step(await town.staff("dispatcher"), received.complaint_id, requests.Dispatch, unit="roads")
    started = await town.step(
        await town.staff("crew", "roads"), received.complaint_id, requests.Start, plan="Pump.",
        expected_at=town.now + timedelta(hours=1),
    )  # fmt: skip
    assert started.state == "in_progress"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"photo_id": UUID(int=1)}, "not_yet_supported", "photo_id"),
        ({}, "invalid_field", "reason"),
    ],
)
async def test_a_claim_needs_a_reason_while_there_are_no_photos(
    town: Town, fields: dict[str, Any], code: str, field: str
) -> None:
    received = await town.report(kind="flooded", severity=4)
    await town.step(await town.staff("moderator"), received.complaint_id, requests.Accept)
    await town.step(await town.staff("dispatcher"), received.complaint_id, requests.Dispatch, unit="roads")
    crew = await town.staff("crew", "roads")
    expected = town.now + timedelta(hours=1)
    await town.step(crew, received.complaint_id, requests.Start, plan="Pump.", expected_at=expected)
    with pytest.raises(Refused) as caught:
        await town.step(crew, received.complaint_id, requests.ClaimFixed, action_code="pumped", at=HERE, **fields)
    assert (caught.value.code, caught.value.field) == (code, field)


async def test_a_moderator_may_change_the_class_when_accepting(town: Town) -> None:
    received = await town.report()
    moderator = await town.staff("moderator")
    await town.step(moderator, received.complaint_id, requests.Accept, class_="P1")
    complaint = await town.desk.complaint(received.complaint_id, moderator, town.now)
    assert (complaint.urgency, complaint.deadlines.feedback) == ("P1", town.now + timedelta(hours=24))


async def test_hide_is_a_flag_and_unhide_takes_it_away(town: Town) -> None:
    received = await town.report()
    moderator = await town.staff("moderator")
    await town.step(moderator, received.complaint_id, requests.Hide, reason="insults")
    complaint = await town.desk.complaint(received.complaint_id, await town.anonymous(), town.now)
    assert (complaint.flags, complaint.state) == (["hidden"], "submitted")
    await town.step(moderator, received.complaint_id, requests.Unhide)
    assert (await town.desk.complaint(received.complaint_id, moderator, town.now)).flags == []


# The resident's verdict


async def test_not_fixed_reopens_and_goes_back_to_the_unit(town: Town) -> None:
    received = await town.report()
    resident = await town.known_as(received)
    await town.bring_to_callback(received.complaint_id)
    answered = await town.answer(resident, received.complaint_id, "not_fixed", 1)
    assert answered.state == "dispatched"
    complaint = await town.desk.complaint(received.complaint_id, resident, town.now)
    assert [entry.step for entry in complaint.timeline][-2:] == ["not_fixed", "dispatched"]
    assert complaint.timeline[-2].state == "reopened"
    assert complaint.unit == "roads"


async def test_partly_goes_on_where_it_was(town: Town) -> None:
    received = await town.report()
    await town.bring_to_callback(received.complaint_id)
    assert (await town.answer(await town.known_as(received), received.complaint_id, "partly")).state == "in_progress"


async def test_each_reporter_answers_once_a_round(town: Town) -> None:
    received = await town.report()
    resident = await town.known_as(received)
    await town.bring_to_callback(received.complaint_id)
    await town.answer(resident, received.complaint_id, "fixed")
    with pytest.raises(Refused) as caught:
        await town.answer(resident, received.complaint_id, "not_fixed")
    assert caught.value.code == "already_answered"


async def test_a_strangers_answer_is_noted_and_moves_nothing(town: Town) -> None:
    received, other = await town.report(), await town.report()
    await town.bring_to_callback(received.complaint_id)
    stranger = await town.known_as(other)
    answered = await town.answer(stranger, received.complaint_id, "fixed")
    assert (answered.state, answered.standing) == ("callback", "suspected")
    assert (await town.answer(await town.known_as(received), received.complaint_id, "fixed")).state == "resolved"


async def test_the_first_reporters_no_reopens_what_another_called_fixed_but_only_for_a_week(town: Town) -> None:
    for days, reopens in ((6.9, True), (7.1, False)):
        at = north(days * 1000)
        received = await town.report(at=at)
        key = await town.desk.create_key("reporter", town.now)
        await town.report(await town.desk.who(key), at=at)
        verified = await town.desk.who(key)
        await town.bring_to_callback(received.complaint_id)
        assert (await town.answer(verified, received.complaint_id, "fixed")).state == "resolved"
        town.later(days=days)
        if reopens:
            assert (
                await town.answer(await town.known_as(received), received.complaint_id, "not_fixed")
            ).state == "dispatched"
        else:
            with pytest.raises(Refused) as caught:
                await town.answer(await town.known_as(received), received.complaint_id, "not_fixed")
            assert caught.value.code == "illegal_step"


async def test_only_its_reporters_answer_and_never_staff(town: Town) -> None:
    received = await town.report()
    await town.bring_to_callback(received.complaint_id)
    elsewhere = await town.known_as(await town.report(at=north(500)))
    for actor, code in [
        (await town.anonymous(), "unauthorized"), (elsewhere, "forbidden"),
        (await town.staff("unit", "roads"), "forbidden"),
        (await town.staff("crew", "roads"), "forbidden"), (await town.staff("admin"), "forbidden"),
        (await town.staff("callback"), "forbidden"),
    ]:  # fmt: skip
        with pytest.raises(Refused) as caught:
            await town.answer(actor, received.complaint_id, "fixed")
        assert caught.value.code == code


async def test_nobody_is_asked_before_the_claim(town: Town) -> None:
    received = await town.report()
    with pytest.raises(Refused) as caught:
        await town.answer(await town.known_as(received), received.complaint_id, "fixed")
    assert caught.value.code == "illegal_step"


async def test_withdrawing_takes_the_report_back_and_leaves_what_others_say(town: Town) -> None:
    alone, shared = await town.report(), await town.report(at=north(100))
    await town.report(at=north(100))
    for received, standing in ((alone, "cleared"), (shared, "suspected")):
        stepped = await town.step(await town.known_as(received), received.complaint_id, requests.Withdraw)
        assert (stepped.state, stepped.standing) == ("withdrawn", standing)


async def test_only_the_first_reporter_withdraws(town: Town) -> None:
    received, second = await town.report(), await town.report()
    for actor in (await town.known_as(second), await town.staff("moderator")):
        with pytest.raises(Refused) as caught:
            await town.step(actor, received.complaint_id, requests.Withdraw)
        assert caught.value.code == "forbidden"


# Lists


async def test_staff_lists_and_their_limits(town: Town) -> None:
    ids = []
    for number, unit in enumerate(("roads", "roads", "parks")):
        received = await town.report(await town.verified(), at=north(100 * number))
        await town.step(await town.staff("dispatcher"), received.complaint_id, requests.Dispatch, unit=unit)
        ids.append(received.complaint_id)
    dispatcher, roads = await town.staff("dispatcher"), await town.staff("unit", "roads")

    async def found(actor: Any, **wanted: Any) -> list[UUID]:
        return [one.id for one in await town.desk.complaints(ComplaintFilter(**wanted), actor, town.now)]

    assert await found(dispatcher) == ids
    assert await found(dispatcher, unit="parks") == ids[2:]
    assert await found(roads) == ids[:2]
    assert await found(dispatcher, states=("submitted",)) == []
    assert await found(dispatcher, limit=1, after=ids[0]) == ids[1:2]
    assert await found(dispatcher, overdue=True) == []
    town.later(days=8)
    assert await found(dispatcher, overdue=True, limit=2) == ids[:2]
    for actor, code in ((await town.anonymous(), "unauthorized"), (await town.verified(), "forbidden")):
        with pytest.raises(Refused) as caught:
            await found(actor)
        assert caught.value.code == code
    with pytest.raises(Refused):
        await found(roads, unit="parks")


async def test_the_crew_list_is_in_visiting_order_and_for_the_unit(town: Town) -> None:
    dispatcher = await town.staff("dispatcher")
    kinds = ["kerb_too_high", "flooded", "lift_out_of_order", "no_sidewalk", "kerb_too_high"]
    received = [
        await town.report(await town.verified(), at=north(-100 * number), kind=kind, severity=4)
        for number, kind in enumerate(kinds)
    ]
    for one in received:
        await town.step(dispatcher, one.complaint_id, requests.Dispatch, unit="roads")
    crew = await town.staff("crew", "roads")
    listed = await town.desk.crew_list("roads", crew, town.now, start=HERE)
    assert [(one["order"], one["class"], one["kind"]) for one in listed] == [
        (1, "P0", "flooded"), (2, "P1", "lift_out_of_order"),
        (3, "P3", "no_sidewalk"), (4, "P2", "kerb_too_high"), (5, "P2", "kerb_too_high"),
    ]  # fmt: skip
    town.later(days=7, seconds=1)
    assert [one["class"] for one in await town.desk.crew_list("roads", crew, town.now)] == [
        "P0",
        "P1",
        "P2",
        "P2",
        "P3",
    ]
    for role, unit in (("crew", "parks"), ("reporter", None), ("moderator", None)):
        with pytest.raises(Refused) as caught:
            await town.desk.crew_list("roads", await town.staff(role, unit), town.now)
        assert caught.value.code == "forbidden"


# Keys


@pytest.mark.parametrize(
    ("role", "unit", "field"), [("king", None, "role"), ("crew", None, "unit"), ("unit", None, "unit")]
)
async def test_keys_that_make_no_sense(town: Town, role: str, unit: str | None, field: str) -> None:
    with pytest.raises(Refused) as caught:
        await town.desk.create_key(role, town.now, unit=unit)
    assert caught.value.field == field
