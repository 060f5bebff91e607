"""Reports that waited on a device: each by itself, each once, one stranger all the way."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest

from tests.api.city import SPOT, City, new_key, north
from tests.api.test_routes import problem_of

PATH = "/v1/reports/batch"


def waiting(city: City, *, minutes: float = 30, **fields: Any) -> dict[str, Any]:
    seen = (city.clock() - timedelta(minutes=minutes)).isoformat()
    return {"kind": "other", "at": SPOT, "severity": 1, "idempotency_key": new_key(), "at_time": seen} | fields


async def send(city: City, *reports: Any, key: str | None = None) -> list[dict[str, Any]]:
    answer = await city.post(PATH, {"reports": list(reports)}, key)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["reports"]
    assert len(found) == len(reports)
    return found


async def test_a_stranger_becomes_one_reporter(city: City) -> None:
    sent = [waiting(city, at=north(30 * n)) for n in range(3)]
    found = await send(city, *sent)
    assert [one["status"] for one in found] == [201, 201, 201]
    assert ["reporter_token" in one for one in found] == [True, False, False]
    assert [one["idempotency_key"] for one in found] == [one["idempotency_key"] for one in sent]
    assert len({one["barrier_id"] for one in found}) == 3
    assert len(await city.rows("SELECT 1 FROM stepfree.reporter")) == 1
    for one in found:
        assert (await city.complaint(one["complaint_id"], found[0]["reporter_token"]))["allowed"] == ["withdraw"]


async def test_sent_again_is_stored_once(city: City) -> None:
    sent = [waiting(city, at=north(30 * n)) for n in range(3)]
    first = await send(city, *sent[:2])
    again = await send(city, *sent)
    assert again[:2] == first
    assert again[2]["status"] == 201
    assert len(await city.rows("SELECT 1 FROM stepfree.report")) == 3
    other = await send(city, sent[0] | {"severity": 3})
    assert (other[0]["status"], other[0]["code"]) == (409, "idempotency_conflict")


async def test_each_is_refused_by_itself(city: City) -> None:
    good = waiting(city)
    refused: list[tuple[Any, int, str, str | None]] = [
        (waiting(city, severity=9), 400, "invalid_field", "severity"),
        (waiting(city, kind="dragon"), 400, "invalid_field", "kind"),
        (waiting(city, colour="red"), 400, "invalid_field", "colour"),
        (waiting(city, idempotency_key="short"), 400, "invalid_field", "idempotency_key"),
        (waiting(city, at=[0, 0]), 422, "outside_map", "at"),
        (waiting(city, minutes=-30), 400, "invalid_field", "at_time"),
        (waiting(city, minutes=60 * 24 * 8), 400, "invalid_field", "at_time"),
        (waiting(city, at_time="0001-01-01T00:00:00+23:59"), 400, "invalid_field", "at_time"),
        (waiting(city, on_behalf=True), 403, "forbidden", "on_behalf"),
        ({"kind": "other"}, 400, "invalid_field", "at"),
        (None, 400, "invalid_field", "body"),
        ([], 400, "invalid_field", "body"),
    ]
    found = await send(city, *(one for one, *_ in refused), good)
    for answer, (sent, status, code, field) in zip(found, refused, strict=False):
        assert (answer["status"], answer["code"]) == (status, code), sent
        assert [one["field"] for one in answer["errors"]] == [field], sent
        assert "report_id" not in answer
    assert found[-1]["status"] == 201
    assert len(await city.rows("SELECT 1 FROM stepfree.report")) == 1


async def test_the_whole_body_is_strict(city: City) -> None:
    for body in ({}, [], {"reports": []}, {"reports": None}, {"reports": {}}, {"reports": [waiting(city)], "x": 1}):
        problem_of(await city.post(PATH, body), 400, "invalid_field")
    problem_of(await city.post(PATH, {"reports": [waiting(city)] * 51}), 400, "invalid_field")
    json_type = {"Content-Type": "application/json"}
    for raw in (b"", b"{", b'{"reports": [{]}', b'{"reports": [{"kind": NaN}]}', b'{"reports": [\xff]}'):
        answer = await city.client.post(PATH, content=raw, headers=json_type)
        assert answer.status_code in (200, 400), raw
        if answer.status_code == 200:
            assert [one["status"] for one in answer.json()["reports"]] == [400]
    problem_of(await city.post(PATH, {"reports": [waiting(city, note="a\0b")]}), 400, "malformed_json")
    deep = await city.client.post(PATH, content=b'{"reports": [' + b"[" * 50_000, headers=json_type)
    assert deep.status_code == 400
    problem_of(await city.post(PATH, {"reports": [waiting(city)]}, "rt_unknown"), 401, "unauthorized")
    assert await city.rows("SELECT 1 FROM stepfree.report") == []


async def test_fifty_fit_and_count_one_by_one(city: City) -> None:
    city.configure(STEPFREE_TRUSTED_PROXIES="127.0.0.0/8")
    street = {"X-Forwarded-For": "198.51.100.7"}
    token = (await city.report(headers=street))["reporter_token"]
    body = {"reports": [waiting(city) for _ in range(50)]}
    first = await city.post(PATH, body, token, street)
    assert {one["status"] for one in first.json()["reports"]} == {201}
    second = await city.post(PATH, {"reports": [waiting(city) for _ in range(15)]}, token, street)
    found = second.json()["reports"]
    assert [one["status"] for one in found] == [201] * 10 + [429] * 5
    assert 0 < found[-1]["retry_after_s"] <= 3600
    stranger = {"X-Forwarded-For": "203.0.113.9"}
    await city.post(PATH, {"reports": [waiting(city) for _ in range(2)]}, None, stranger)
    counted = await city.rows("SELECT used FROM stepfree.limit_counter WHERE scope = 'report:network' ORDER BY used")
    assert [row["used"] for row in counted] == [2, 61], "also once the stranger is known by the token"


async def test_what_was_seen_earlier_ends_earlier(city: City) -> None:
    """A parked vehicle is believed for 12 h from when it was seen, not from when the network came back."""
    found = await send(city, waiting(city, kind="parked_vehicle", minutes=600))
    shown = await city.barrier(found[0]["barrier_id"])
    left = datetime.fromisoformat(shown["until"]) - city.clock()
    assert timedelta(minutes=115) < left < timedelta(minutes=121)
    old = await send(city, waiting(city, kind="parked_vehicle", minutes=13 * 60, at=north(60)))
    assert old[0]["standing"] == "expired"
    danger = await send(city, waiting(city, kind="flooded", severity=4, minutes=7 * 60, at=north(120)))
    assert (await city.barrier(danger[0]["barrier_id"]))["effect"] == "penalised", "its six hours are over"


async def test_callers_of_the_intake_are_people_of_their_own(city: City) -> None:
    calls = [waiting(city, on_behalf=True, channel="phone", at=north(30 * n)) for n in range(2)]
    found = await send(city, *calls, key=await city.key("intake"))
    assert len({one["reporter_token"] for one in found}) == 2


@pytest.mark.parametrize("count", [1, 2])
async def test_the_answer_matches_its_schema(city: City, count: int) -> None:
    sent = [waiting(city), waiting(city, severity=9)][:count]
    answer = (await city.post(PATH, {"reports": sent})).json()
    document = (await city.get("/openapi.json")).json()
    described = document["paths"][PATH]["post"]
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(schema | {"components": document["components"]}).validate(answer)
    body = described["requestBody"]["content"]["application/json"]["schema"] | {"components": document["components"]}
    assert jsonschema.Draft202012Validator(body).is_valid(json.loads(json.dumps({"reports": sent[:1]})))
