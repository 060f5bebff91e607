"""A complaint moves: steps of staff, the resident's own verdict, and what both leave behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import structs

from accessibility.barriers import Barrier
from accessibility.complaints import requests
from accessibility.complaints.answers import Stepped
from accessibility.complaints.lifecycle import FLAG, allowed, path_after
from accessibility.complaints.people import Actor
from accessibility.complaints.store import complaints
from accessibility.complaints.store.complaints import Complaint
from accessibility.complaints.weighing import locked_barrier, say, weigh
from accessibility.complaints.work import Work
from accessibility.refusals import Refused
from accessibility.standing import Evidence, Said

BACKSTOP_UNIT = "backstop"  # who gets what nobody is named for; a catalogue of units replaces it
ANSWER_WITHIN = timedelta(days=7)  # in which the resident's "not fixed" reopens a resolved complaint

STEP_ROLES = {"unit": "unit", "crew": "unit"}  # these roles act for one unit only


async def take_step(work: Work, complaint_id: UUID, step: requests.Step) -> Stepped:
    """One step by staff or the reporter.

    Raises Refused: `not_found`, `unauthorized`, `forbidden`, `illegal_step`, `stale_version`, `not_yet_supported`.
    """
    name = str(step.__struct_config__.tag)
    barrier = await _barrier_of(work, complaint_id) if name == "withdraw" else None
    complaint = await _locked(work, complaint_id)
    role = await _role(work, complaint, name)
    _path(complaint, name, role)
    if step.version != complaint.version:
        raise Refused(
            "stale_version", "the complaint has moved on since you read it", version=complaint.version,
            allowed=_allowed(complaint, role),
        )  # fmt: skip
    moved = await move(work, complaint, name, role=role, **_effects(step, complaint, work))
    if barrier is not None:
        return await _weighed(work, moved, barrier, "withdrawn", role)
    return _stepped(moved, role)


def _path(complaint: Complaint, step: str, role: str) -> tuple[str, ...]:
    flags = frozenset(complaint.flags)
    return path_after(complaint.state, step, role, complaint.urgency, flags=flags, version=complaint.version)


def _allowed(complaint: Complaint, role: str) -> list[str]:
    return allowed(complaint.state, role, complaint.urgency, frozenset(complaint.flags))


async def move(
    work: Work, complaint: Complaint, step: str, *, by: Actor | None = None, role: str | None = None,
    text: str | None = None, text_public: bool = False, fields: dict[str, Any] | None = None, **changes: Any,
) -> Complaint:  # fmt: skip
    """Walks the path of a legal step: one row in the history, the audit log and the outbox for each state passed."""
    actor = by or work.actor
    role = role or actor.role
    path = _path(complaint, step, role)
    for number, state in enumerate(path):
        before, name = complaint, step if number == 0 else state
        entering = {**(changes if number == 0 else {}), **_on_entering(state, complaint, work)}
        complaint = structs.replace(
            complaint, state=state, version=complaint.version + 1, updated_at=work.now, **entering
        )
        await complaints.insert_step(
            work.connection, work.city_id, complaint.complaint_id, version=complaint.version, at=work.now, step=name,
            role=role if number == 0 else "system", from_state=before.state, to_state=state,
            text=text if number == 0 else None, text_public=text_public, fields=(fields or {}) if number == 0 else {},
            pseudonym=actor.pseudonym if number == 0 else "system",
        )  # fmt: skip
        work.record(
            complaint.complaint_id, name, by=actor, from_state=before.state, to_state=state, version=complaint.version
        )
        work.tell("complaint.state", case_id=str(complaint.complaint_id), state=state, version=complaint.version)
    await complaints.update_complaint(work.connection, work.city_id, complaint)
    return complaint


def _on_entering(state: str, complaint: Complaint, work: Work) -> dict[str, Any]:
    """What being in a state changes, however it was reached."""
    if state == "callback":
        return {"callback_at": work.now}
    return {"escalation": complaint.escalation + 1} if state == "reopened" else {}


async def reclassify(work: Work, complaint: Complaint, urgency: str, reason: str) -> None:
    """New evidence makes it more urgent: noted in the history like any step."""
    moved = structs.replace(complaint, urgency=urgency, version=complaint.version + 1, updated_at=work.now)
    await complaints.insert_step(
        work.connection, work.city_id, complaint.complaint_id, version=moved.version, at=work.now, step="reclassify",
        role="system", from_state=complaint.state, to_state=complaint.state, text=None, text_public=False,
        fields={"class": urgency, "reason": reason}, pseudonym="system",
    )  # fmt: skip
    work.record(
        complaint.complaint_id, "reclassify", from_state=complaint.urgency, to_state=urgency, version=moved.version
    )
    await complaints.update_complaint(work.connection, work.city_id, moved)


async def answer_callback(work: Work, complaint_id: UUID, given: requests.CallbackAnswer) -> Stepped:
    """The resident's own verdict, once a round. The first reporter's counts, others' when they are verified."""
    barrier = await _barrier_of(work, complaint_id)
    complaint = await _locked(work, complaint_id)
    role = await _role(work, complaint, given.answer)
    if role != "reporter":
        raise Refused("forbidden", "only residents answer, never staff")
    reporter_id = await work.reporter()
    round_ = await complaints.callback_round(work.connection, work.city_id, complaint_id)
    late = complaint.callback_at is not None and work.now > complaint.callback_at + ANSWER_WITHIN
    if round_ is None or complaint.state not in ("callback", "resolved") or (complaint.state == "resolved" and late):
        raise Refused(
            "illegal_step", "no answer is asked for now", version=complaint.version,
            allowed=_allowed(complaint, role),
        )  # fmt: skip
    counted = work.actor.verified or reporter_id == complaint.reporter_id
    if not await complaints.insert_callback_answer(
        work.connection, work.city_id, complaint_id, round_=round_, reporter_id=reporter_id, answer=given.answer,
        satisfaction=given.satisfaction, pressured=given.pressured, counted=counted, now=work.now,
    ):  # fmt: skip
        raise Refused("already_answered", "you have answered already", version=complaint.version, allowed=[])
    work.record(complaint_id, "callback_answer", answer=given.answer, counted=counted, round=round_)
    if counted and (complaint.state == "callback" or given.answer == "not_fixed"):
        complaint = await move(work, complaint, given.answer, role=role)
    fixed: Said = "callback_fixed" if counted else "gone"
    return await _weighed(work, complaint, barrier, fixed if given.answer == "fixed" else "still_there", role)


async def _weighed(work: Work, complaint: Complaint, barrier: Barrier, said: Said, role: str) -> Stepped:
    """The same words are evidence about the barrier; `standing()` alone decides what follows for routes."""
    spoken = Evidence(kind=said, at=work.now, reporter=await work.reporter(), weight=work.actor.weight)
    await say(work, barrier.id, spoken)
    found = await weigh(work, barrier)
    return _stepped(complaint, role, found.value)


async def _barrier_of(work: Work, complaint_id: UUID) -> Barrier:
    """The barrier is locked before the complaint, as everywhere."""
    barrier_id = await complaints.barrier_of_complaint(work.connection, work.city_id, complaint_id)
    if barrier_id is None:
        raise Refused("not_found", "there is no such complaint")
    return await locked_barrier(work, barrier_id)


async def _locked(work: Work, complaint_id: UUID) -> Complaint:
    found = await complaints.lock_complaint(work.connection, work.city_id, complaint_id)
    if found is None:
        raise Refused("not_found", "there is no such complaint")
    return found


async def _role(work: Work, complaint: Complaint, step: str) -> str:
    """In which role somebody acts here: staff as such, anybody else as a reporter of this very complaint."""
    actor = work.actor
    if actor.staff:
        if actor.role in STEP_ROLES and complaint.unit is not None and actor.unit != complaint.unit:
            raise Refused("forbidden", "this complaint is another unit's")
        return actor.role
    if actor.reporter_id is None:
        raise Refused("unauthorized", f"{step} needs a key, or the token of the report")
    if step == "withdraw" and actor.reporter_id != complaint.reporter_id:
        raise Refused("forbidden", "only who reported it first can withdraw it")
    if not await complaints.is_reporter_of(work.connection, work.city_id, complaint.complaint_id, actor.reporter_id):
        raise Refused("forbidden", "only its reporters can do this")
    return "reporter"


def _effects(step: requests.Step, complaint: Complaint, work: Work) -> dict[str, Any]:
    """What a step writes besides the state: columns of the complaint, public codes, text for those who may read it."""
    match step:
        case requests.Accept(class_=urgency):
            return {"urgency": urgency or complaint.urgency, "fields": {"class": urgency or complaint.urgency}}
        case requests.Reject():
            return {"text": step.text, "fields": {"reason_code": step.reason_code}}
        case requests.Dispatch():
            unit = step.unit or BACKSTOP_UNIT
            return {"unit": unit, "fields": {"unit": unit}}
        case requests.Respond():
            return {"text": step.text, "fields": {"channel": step.channel, "outcome": step.outcome}}
        case requests.Start():
            if step.expected_at <= work.now:
                raise Refused("invalid_field", "must lie in the future", field="expected_at")
            return {"text": step.plan, "expected_at": step.expected_at}
        case requests.ClaimFixed():
            if step.photo_id is not None:
                raise Refused("not_yet_supported", "photos cannot be sent to this server yet", field="photo_id")
            if step.reason is None:
                raise Refused("invalid_field", "without a photo a written reason is needed", field="reason")
            return {"text": step.reason, "fields": {"action_code": step.action_code}}
        case requests.Hide():
            return {"text": step.reason, "flags": _flagged(complaint, "hide")}
        case requests.Unhide():
            return {"flags": _flagged(complaint, "unhide")}
        case _:
            return {}


def _flagged(complaint: Complaint, step: str) -> list[str]:
    flag, wanted = FLAG[step]
    return sorted({*complaint.flags, flag} if wanted else set(complaint.flags) - {flag})


def _stepped(complaint: Complaint, role: str, standing: str | None = None) -> Stepped:
    return Stepped(complaint.complaint_id, complaint.state, complaint.version, _allowed(complaint, role), standing)
