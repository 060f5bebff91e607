"""The loop over HTTP: steps by role and version, what the public reads, the resident's answer, and the way back."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accessibility.complaints.lifecycle import NOT_YET, STEPS
from tests.api.city import SPOT, City, new_key, north
from tests.api.test_closures import middle_of_route
from tests.api.test_routes import problem_of

FIELDS = {
    "id", "number", "state", "flags", "class", "kind", "at", "area", "unit", "barrier_id", "deadlines", "expected_at",
    "version", "timeline", "followers", "rating",
}  # fmt: skip
FIXED = {"answer": "fixed", "satisfaction": 5}


async def test_the_whole_loop(city: City) -> None:
    """A resident reports, the next route knows, a crew sees it on its list, the resident's answer closes it."""
    place, before = await middle_of_route(city)
    report = await city.report(kind="construction", at=place)
    complaint_id, token = report["complaint_id"], report["reporter_token"]
    suspected = (await city.route(report["revision"])).json()
    assert suspected["status"] == before["status"]
    met = suspected["routes"][0]["barriers"]
    assert [(one["barrier_id"], one["standing"]) for one in met] == [(report["barrier_id"], "suspected")]
    assert met[0]["effect"] in ("penalised", "avoided")

    confirmed = await city.moderate(report["barrier_id"], "confirm")
    around = (await city.route(confirmed["revision"])).json()["routes"][0]
    assert around["geometry"] != before["routes"][0]["geometry"]
    assert around["barriers"][0]["effect"] == "avoided"

    states = [(await city.complaint(complaint_id))["state"]]
    expected = (city.clock() + timedelta(days=2)).isoformat()
    for role, unit, step, fields in (
        ("moderator", None, "accept", {}),
        ("dispatcher", None, "dispatch", {"unit": "roads"}),
        ("unit", "roads", "respond", {"channel": "phone", "outcome": "reached", "text": "We come tomorrow."}),
        ("crew", "roads", "start", {"plan": "Clear the way.", "expected_at": expected}),
        ("crew", "roads", "claim_fixed", {"action_code": "cleared", "at": place, "reason": "No camera."}),
    ):
        crew = await city.key("crew", "roads")
        if step == "respond":
            listed = (await city.get("/v1/crews/roads/list", crew)).json()["features"]
            assert [stop["id"] for stop in listed] == [complaint_id]
        answer = await city.step(complaint_id, await city.key(role, unit), step, **fields)
        assert answer.status_code == 200, answer.text
        states.append(answer.json()["state"])
    assert states == ["submitted", "accepted", "dispatched", "responded", "in_progress", "callback"]
    assert (await city.get("/v1/crews/roads/list", crew)).json()["features"] == []

    assert (await city.complaint(complaint_id, token))["may_answer"] is True
    answered = await city.post(f"/v1/complaints/{complaint_id}/callback", FIXED, token)
    assert answered.status_code == 200, answered.text
    assert (answered.json()["state"], answered.json()["standing"]) == ("resolved", "cleared")
    after = (await city.route(answered.json()["revision"])).json()
    assert after["routes"] == before["routes"]
    found = await city.complaint(complaint_id)
    assert (found["state"], found["rating"], found["allowed"]) == ("resolved", 5.0, [])
    assert [entry["state"] for entry in found["timeline"]] == [*states[:-1], "fixed_claimed", "callback", "resolved"]
    assert [entry["version"] for entry in found["timeline"]] == list(range(1, 9))
    assert (await city.here.reports.verify_audit())[1] is None


async def test_a_complaint_has_everything_the_contract_names(city: City) -> None:
    report = await city.report(kind="flooded", severity=4)
    answer = await city.get(f"/v1/complaints/{report['complaint_id']}")
    found = answer.json()
    assert found.keys() >= FIELDS
    assert (found["class"], found["state"], found["version"], found["at"]) == ("P0", "submitted", 1, SPOT)
    assert found["deadlines"].keys() == {"accept", "contact", "feedback", "overdue"}
    assert found["deadlines"]["overdue"] is False
    assert (found["followers"], found["rating"], found["flags"], found["unit"]) == (1, None, [], None)
    assert [entry.keys() >= {"at", "step", "role", "text"} for entry in found["timeline"]] == [True]
    assert "Authorization" in answer.headers["vary"]
    city.later(hours=3)
    assert (await city.complaint(report["complaint_id"]))["deadlines"]["overdue"] is True
    document = (await city.get("/openapi.json")).json()
    schema = document["components"]["schemas"]["ComplaintAnswer"] | {"components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(found)


async def test_words_are_for_those_concerned(city: City) -> None:
    report = await city.report()
    await city.to_callback(report["complaint_id"])

    async def texts(key: str | None) -> set[str | None]:
        return {entry["text"] for entry in (await city.complaint(report["complaint_id"], key))["timeline"]}

    assert await texts(None) == {None}
    stranger = (await city.report(at=north(300)))["reporter_token"]
    assert await texts(stranger) == {None}
    for key in (report["reporter_token"], await city.key("dispatcher"), await city.key("crew", "parks")):
        assert {"We called.", "Grind the kerb.", "No camera."} <= await texts(key)
    hidden = await city.step(report["complaint_id"], await city.key("moderator"), "hide", reason="abuse")
    assert hidden.status_code == 200
    assert await texts(None) == {None}
    assert (await city.complaint(report["complaint_id"]))["flags"] == ["hidden"]


async def test_an_illegal_step_says_what_is_allowed(city: City) -> None:
    report = await city.report()
    complaint_id, crew = report["complaint_id"], await city.key("crew", "roads")
    claim = {"action_code": "x", "at": SPOT, "reason": "x"}
    found = problem_of(await city.step(complaint_id, crew, "claim_fixed", **claim), 409, "illegal_step")
    assert (found["allowed"], found["version"]) == ([], 1)
    moderator = await city.key("moderator")
    assert (await city.step(complaint_id, moderator, "accept")).status_code == 200
    found = problem_of(await city.step(complaint_id, moderator, "accept"), 409, "illegal_step")
    assert (found["allowed"], found["version"]) == (["hide"], 2)


async def test_a_stale_step_says_which_version_there_is(city: City) -> None:
    report = await city.report()
    complaint_id = report["complaint_id"]
    dispatcher, moderator = await city.key("dispatcher"), await city.key("moderator")
    await city.step(complaint_id, moderator, "accept", version=1)
    found = problem_of(await city.step(complaint_id, dispatcher, "dispatch", version=1), 409, "stale_version")
    assert (found["allowed"], found["version"]) == (["dispatch"], 2)
    assert (await city.step(complaint_id, dispatcher, "dispatch", version=found["version"])).status_code == 200


async def test_of_many_at_once_one_wins(city: City) -> None:
    report = await city.report()
    moderator = await city.key("moderator")
    answers = await asyncio.gather(
        *(city.step(report["complaint_id"], moderator, "accept", version=1) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert (await city.complaint(report["complaint_id"]))["version"] == 2


async def test_steps_by_role(city: City) -> None:
    report = await city.report()
    complaint_id, token = report["complaint_id"], report["reporter_token"]
    for key, status, code in (
        (None, 401, "unauthorized"),
        ("rt_unknown", 401, "unauthorized"),
        (token, 403, "forbidden"),
        (await city.key("crew", "roads"), 403, "forbidden"),
        (await city.key("callback"), 403, "forbidden"),
    ):
        answer = await city.post(f"/v1/complaints/{complaint_id}/steps", {"step": "accept", "version": 1}, key)
        problem_of(answer, status, code)
    assert (await city.step(complaint_id, await city.key("intake"), "accept", **{"class": "P1"})).status_code == 200
    assert (await city.complaint(complaint_id))["class"] == "P1"
    await city.step(complaint_id, await city.key("dispatcher"), "dispatch", unit="roads")
    respond = {"channel": "phone", "outcome": "reached", "text": "x"}
    other = await city.key("unit", "parks")
    problem_of(await city.step(complaint_id, other, "respond", **respond), 403, "forbidden")
    stranger = (await city.report(at=north(300)))["reporter_token"]
    problem_of(await city.step(complaint_id, stranger, "withdraw"), 403, "forbidden")
    withdrawn = await city.step(complaint_id, token, "withdraw")
    assert (withdrawn.json()["state"], withdrawn.json()["standing"]) == ("withdrawn", "cleared")


async def test_a_rejected_complaint_says_why_to_its_reporter(city: City) -> None:
    report = await city.report()
    fields = {"reason_code": "not_public_land", "text": "This is private ground."}
    answer = await city.step(report["complaint_id"], await city.key("moderator"), "reject", **fields)
    assert answer.json()["state"] == "rejected"
    seen = (await city.complaint(report["complaint_id"], report["reporter_token"]))["timeline"][-1]
    assert (seen["text"], seen["fields"]) == (fields["text"], {"reason_code": "not_public_land"})


@pytest.mark.parametrize("step", sorted(NOT_YET))
def test_unbuilt_steps_are_no_steps(step: str) -> None:
    assert step not in STEPS


async def test_unbuilt_steps_are_refused_by_name(city: City) -> None:
    path = f"/v1/complaints/{(await city.report())['complaint_id']}/steps"
    admin = await city.key("admin")
    for step in sorted(NOT_YET):
        body = {"step": step, "version": 1, "into": str(uuid4()), "text": "x"}
        found = problem_of(await city.post(path, body, admin), 400, "not_yet_supported")
        assert found["errors"][0]["field"] == "step"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "step"),
    "no step": ({"version": 1}, "step"),
    "no version": ({"step": "accept"}, "version"),
    "unknown step": ({"step": "dance", "version": 1}, "step"),
    "an answer is no step": ({"step": "fixed", "version": 1}, "step"),
    "step a number": ({"step": 1, "version": 1}, "step"),
    "version 0": ({"step": "accept", "version": 0}, "version"),
    "version text": ({"step": "accept", "version": "1"}, "version"),
    "version huge": ({"step": "accept", "version": 2**40}, "version"),
    "unknown field": ({"step": "accept", "version": 1, "why": "x"}, "why"),
    "class": ({"step": "accept", "version": 1, "class": "P9"}, "class"),
    "reject without text": ({"step": "reject", "version": 1, "reason_code": "x"}, "text"),
    "reason code with blanks": ({"step": "reject", "version": 1, "reason_code": "no way", "text": "x"}, "reason_code"),
    "text too long": ({"step": "reject", "version": 1, "reason_code": "x", "text": "x" * 2001}, "text"),
    "unit empty": ({"step": "dispatch", "version": 1, "unit": ""}, "unit"),
    "expected no zone": (
        {"step": "start", "version": 1, "plan": "x", "expected_at": "2030-01-01T00:00:00"}, "expected_at",
    ),
    "expected never": (
        {"step": "start", "version": 1, "plan": "x", "expected_at": "9999-12-31T23:59:59-23:59"}, "expected_at",
    ),
    "claim nowhere": ({"step": "claim_fixed", "version": 1, "action_code": "x", "reason": "x"}, "at"),
    "claim off the earth": (
        {"step": "claim_fixed", "version": 1, "action_code": "x", "reason": "x", "at": [0, 91]}, "at[1]",
    ),
    "photo no id": (
        {"step": "claim_fixed", "version": 1, "action_code": "x", "at": SPOT, "photo_id": "x"}, "photo_id",
    ),
}  # fmt: skip


async def test_bodies_that_are_no_steps(city: City) -> None:
    path = f"/v1/complaints/{(await city.report())['complaint_id']}/steps"
    admin = await city.key("admin")
    for name, (body, field) in WRONG.items():
        found = problem_of(await city.post(path, body, admin), 400, "invalid_field")
        assert found["errors"][0]["field"] == field, name
    raw = {"Content-Type": "application/json", "Authorization": f"Bearer {admin}"}
    for content in (b"", b"{", b"[]", b'{"step": "merge"', b'{"step": "\xff"}', b"[" * 100_000):
        assert (await city.client.post(path, content=content, headers=raw)).status_code == 400


async def test_evidence_is_a_photo_or_a_reason(city: City) -> None:
    report = await city.report()
    complaint_id = report["complaint_id"]
    await city.to_callback(complaint_id)
    again = await city.report(at=north(80))
    crew = await city.key("crew", "roads")
    moderator, dispatcher, unit = (
        await city.key("moderator"),
        await city.key("dispatcher"),
        await city.key("unit", "roads"),
    )
    for key, step, fields in (
        (moderator, "accept", {}),
        (dispatcher, "dispatch", {"unit": "roads"}),
        (unit, "respond", {"channel": "letter", "outcome": "reached", "text": "x"}),
    ):
        assert (await city.step(again["complaint_id"], key, step, **fields)).status_code == 200
    late = await city.step(again["complaint_id"], crew, "start", plan="x", expected_at="2020-01-01T00:00:00Z")
    assert problem_of(late, 400, "invalid_field")["errors"][0]["field"] == "expected_at"
    soon = (city.clock() + timedelta(days=1)).isoformat()
    assert (await city.step(again["complaint_id"], crew, "start", plan="x", expected_at=soon)).status_code == 200
    claim = {"action_code": "done", "at": SPOT}
    photo = await city.step(again["complaint_id"], crew, "claim_fixed", **claim, photo_id=str(uuid4()))
    assert problem_of(photo, 400, "not_yet_supported")["errors"][0]["field"] == "photo_id"
    nothing = await city.step(again["complaint_id"], crew, "claim_fixed", **claim)
    assert problem_of(nothing, 400, "invalid_field")["errors"][0]["field"] == "reason"


async def test_each_reporter_answers_once(city: City) -> None:
    report = await city.report()
    complaint_id, token = report["complaint_id"], report["reporter_token"]
    path = f"/v1/complaints/{complaint_id}/callback"
    early = problem_of(await city.post(path, FIXED, token), 409, "illegal_step")
    assert early["version"] == 1
    await city.to_callback(complaint_id)
    for key, status, code in (
        (None, 401, "unauthorized"),
        ((await city.report(at=north(300)))["reporter_token"], 403, "forbidden"),
        (await city.key("unit", "roads"), 403, "forbidden"),
        (await city.key("admin"), 403, "forbidden"),
    ):
        problem_of(await city.post(path, FIXED, key), status, code)
    for body in (
        {}, {"answer": "fixed"}, {"satisfaction": 5}, FIXED | {"satisfaction": 0}, FIXED | {"satisfaction": 6},
        FIXED | {"satisfaction": 4.5}, FIXED | {"answer": "maybe"}, FIXED | {"note": "x"}, FIXED | {"pressured": "no"},
    ):  # fmt: skip
        problem_of(await city.post(path, body, token), 400, "invalid_field")
    partly = await city.post(path, {"answer": "partly", "satisfaction": 3, "pressured": True}, token)
    assert partly.json()["state"] == "in_progress"
    crew = await city.key("crew", "roads")
    await city.step(complaint_id, crew, "claim_fixed", action_code="done", at=SPOT, reason="No camera.")
    not_fixed = await city.post(path, {"answer": "not_fixed", "satisfaction": 1}, token)
    assert not_fixed.json()["state"] == "dispatched", "a new round, a new answer"
    assert not_fixed.json()["standing"] == "suspected"


async def test_not_fixed_reopens_within_a_week(city: City) -> None:
    first = await city.report()
    second = await city.report(at=north(3))
    complaint_id = first["complaint_id"]
    path = f"/v1/complaints/{complaint_id}/callback"
    await city.to_callback(complaint_id)
    named = {"Idempotency-Key": new_key()}
    answers = [(await city.post(path, FIXED, first["reporter_token"], named)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["state"] == "resolved"
    problem_of(await city.post(path, FIXED, first["reporter_token"]), 409, "already_answered")
    other = await city.post(path, {"answer": "not_fixed", "satisfaction": 1}, second["reporter_token"])
    assert other.json()["state"] == "resolved", "another reporter's word moves it only when verified"
    city.later(days=8)
    third = await city.report(at=north(300))
    await city.to_callback(third["complaint_id"])
    late_path = f"/v1/complaints/{third['complaint_id']}/callback"
    assert (await city.post(late_path, FIXED, third["reporter_token"])).json()["state"] == "resolved"


async def test_the_list_is_for_staff(city: City) -> None:
    kerb = await city.report()
    flood = await city.report(kind="flooded", severity=4, at=north(100))
    works = await city.report(kind="construction", at=north(200))
    dispatcher = await city.key("dispatcher")
    for key, status, code in (
        (None, 401, "unauthorized"),
        (kerb["reporter_token"], 403, "forbidden"),
        (await city.key("reporter"), 403, "forbidden"),
    ):
        answer = await city.get("/v1/complaints", key)
        assert answer.status_code in (401, 403), (key, status, code)
    await city.step(works["complaint_id"], await city.key("moderator"), "accept")
    await city.step(works["complaint_id"], dispatcher, "dispatch", unit="roads")

    async def listed(key: str | None = None, **query: Any) -> list[str]:
        answer = await city.get("/v1/complaints", key or dispatcher, **query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["complaints"]]

    ids = [one["complaint_id"] for one in (kerb, flood, works)]
    assert await listed() == ids
    assert await listed(state="submitted") == ids[:2]
    assert await listed(state="dispatched,accepted") == ids[2:]
    assert await listed(unit="roads") == ids[2:]
    assert await listed(**{"class": "P0"}) == ids[1:2]
    assert await listed(overdue="true") == []
    assert await listed(area="nowhere") == []
    city.later(hours=3)
    assert await listed(overdue="true") == ids[1:2]
    assert await listed(overdue="false") == [ids[0], ids[2]]
    assert await listed(await city.key("crew", "roads")) == ids[2:], "a crew sees its own"
    problem_of(await city.get("/v1/complaints", await city.key("crew", "roads"), unit="parks"), 403, "forbidden")
    page = (await city.get("/v1/complaints", dispatcher, limit=2)).json()
    assert [one["id"] for one in page["complaints"]] == ids[:2]
    rest = (await city.get("/v1/complaints", dispatcher, limit=2, cursor=page["next"])).json()
    assert ([one["id"] for one in rest["complaints"]], rest["next"]) == (ids[2:], None)
    for query in (
        {"state": "lost"},
        {"class": "P5"},
        {"overdue": "perhaps"},
        {"limit": "0"},
        {"cursor": "x"},
        {"a": "b"},
    ):
        problem_of(await city.get("/v1/complaints", dispatcher, **query), 400, "invalid_query")


async def test_what_is_not_there(city: City) -> None:
    admin = await city.key("admin")
    path = f"/v1/complaints/{uuid4()}"
    problem_of(await city.get(path), 404, "not_found")
    problem_of(await city.get("/v1/complaints/1"), 404, "not_found")
    problem_of(await city.post(f"{path}/steps", {"step": "accept", "version": 1}, admin), 404, "not_found")
    token = (await city.report())["reporter_token"]
    problem_of(await city.post(f"{path}/callback", FIXED, token), 404, "not_found")


async def test_steps_take_an_idempotency_key(city: City) -> None:
    report = await city.report()
    path = f"/v1/complaints/{report['complaint_id']}/steps"
    named, moderator = {"Idempotency-Key": new_key()}, await city.key("moderator")
    answers = [await city.post(path, {"step": "accept", "version": 1}, moderator, named) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].status_code == 200


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.lists(st.floats(), max_size=3)
)
NAMES = ["version", "class", "reason_code", "text", "unit", "channel", "outcome", "plan", "expected_at", "at", "reason"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(step=st.sampled_from(sorted(STEPS)), fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5))
async def test_random_steps_never_break_it(city: City, step: str, fields: dict[str, Any]) -> None:
    report = await city.report()
    body = json.dumps({"step": step, "version": 1} | fields).encode("utf-8", "surrogatepass")
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {await city.key('admin')}"}
    path = f"/v1/complaints/{report['complaint_id']}/steps"
    answer = await city.client.post(path, content=body, headers=headers)
    assert answer.status_code in (200, 400, 403, 409), answer.text
