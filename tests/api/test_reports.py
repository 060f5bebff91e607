"""Reports over HTTP: what is taken, what is refused, who becomes a reporter, what joins, how many are allowed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accessibility.complaints.desk import Desk
from accessibility.kinds import KINDS
from tests.api.city import SPOT, City, new_key, north
from tests.api.test_routes import problem_of

GOOD: dict[str, Any] = {"kind": "kerb_too_high", "at": SPOT, "severity": 2}
EVERYTHING: dict[str, Any] = GOOD | {
    "note": "A note of the resident.",
    "measured": {"kerb_m": 0.07, "width_m": 1.2, "incline": 0.05},
    "from": "2026-01-01T08:00:00+02:00",
    "until": "2199-01-01T00:00:00Z",
    "level": 0.5,
    "contact": {"name": "A", "email": "a@example.org", "phone": "+358 1"},
    "channel": "app",
    "on_behalf": False,
}


async def test_a_first_report_makes_a_reporter(city: City) -> None:
    answer = await city.post("/v1/reports", GOOD)
    assert answer.status_code == 201
    found = answer.json()
    assert found.keys() == {
        "report_id", "barrier_id", "complaint_id", "standing", "joined", "revision", "reporter_token",
    }  # fmt: skip
    assert all(UUID(found[name]).version == 7 for name in ("report_id", "barrier_id", "complaint_id"))
    assert (found["standing"], found["joined"], found["revision"]) == ("suspected", False, 1)
    assert answer.headers["location"] == f"/v1/complaints/{found['complaint_id']}"
    later = await city.report(found["reporter_token"], at=north(60))
    assert "reporter_token" not in later
    assert later["revision"] == 2


async def test_every_field_is_kept(city: City) -> None:
    found = await city.report(**EVERYTHING)
    shown = await city.barrier(found["barrier_id"])
    assert shown["measured"] == {"kerb_m": 0.07, "width_m": 1.2, "incline": 0.05}
    assert shown["from"] == "2026-01-01T06:00:00Z"
    assert shown["until"] == "2199-01-01T00:00:00Z"
    assert (shown["level"], shown["severity"], shown["kind"]) == (0.5, 2, "kerb_too_high")
    stored = (await city.rows("SELECT note, channel, on_behalf FROM stepfree.report"))[0]
    assert tuple(stored) == ("A note of the resident.", "app", False)
    contact = (await city.rows("SELECT name, email, phone FROM stepfree.contact"))[0]
    assert tuple(contact) == ("A", "a@example.org", "+358 1")


async def test_the_street_comes_from_the_map(city: City) -> None:
    graph = city.here.router.graph
    edge = int(np.argmax(graph.edge_length_m[: graph.first_passage] * (graph.edge_name >= 0)))
    span = graph.vertices(edge)
    middle = (np.array([graph.geom_lon[span], graph.geom_lat[span]]).T[:2]).mean(axis=0)
    found = await city.report(at=middle.tolist())
    assert (await city.barrier(found["barrier_id"]))["street"] == graph.names[graph.edge_name[edge]]


async def test_every_kind_may_be_reported(city: City) -> None:
    for number, kind in enumerate(code for code, kind in KINDS.items() if not kind.operators_only):
        assert (await city.report(kind=kind, at=north(20 * number)))["standing"] == "suspected"


async def test_the_same_group_within_ten_metres_joins(city: City) -> None:
    first = await city.report(kind="kerb_too_high")
    second = await city.report(kind="missing_kerb_ramp", at=north(5))
    assert second["joined"] is True
    assert (second["barrier_id"], second["complaint_id"]) == (first["barrier_id"], first["complaint_id"])
    assert second["reporter_token"] != first["reporter_token"]
    for other in ({"at": north(15)}, {"kind": "construction"}):
        assert (await city.report(**other))["joined"] is False
    assert (await city.complaint(first["complaint_id"]))["followers"] == 2


INVALID: dict[str, tuple[dict[str, Any], str]] = {
    "no kind": ({"kind": ...}, "kind"),
    "no place": ({"at": ...}, "at"),
    "no severity": ({"severity": ...}, "severity"),
    "unknown kind": ({"kind": "dragon"}, "kind"),
    "operators' kind": ({"kind": "closure"}, "kind"),
    "kind empty": ({"kind": ""}, "kind"),
    "kind null": ({"kind": None}, "kind"),
    "longitude": ({"at": [180.5, 60]}, "at[0]"),
    "latitude": ({"at": [24, -91]}, "at[1]"),
    "one number": ({"at": [24]}, "at"),
    "text place": ({"at": "24,60"}, "at"),
    "severity 0": ({"severity": 0}, "severity"),
    "severity 5": ({"severity": 5}, "severity"),
    "severity a fraction": ({"severity": 2.5}, "severity"),
    "severity text": ({"severity": "2"}, "severity"),
    "note too long": ({"note": "x" * 2001}, "note"),
    "note a number": ({"note": 3}, "note"),
    "measured unknown": ({"measured": {"fear": 1}}, "measured.fear"),
    "kerb negative": ({"measured": {"kerb_m": -0.01}}, "measured.kerb_m"),
    "kerb a tower": ({"measured": {"kerb_m": 11}}, "measured.kerb_m"),
    "width negative": ({"measured": {"width_m": -1}}, "measured.width_m"),
    "incline in percent": ({"measured": {"incline": 6}}, "measured.incline"),
    "from without zone": ({"from": "2026-11-24T08:00:00"}, "from"),
    "from no date": ({"from": "tomorrow"}, "from"),
    "until in the past": ({"until": "2020-01-01T00:00:00Z"}, "until"),
    "until before from": ({"from": "2030-01-02T00:00:00Z", "until": "2030-01-01T00:00:00Z"}, "until"),
    "until too far": ({"until": "9999-12-31T23:59:59-23:59"}, "until"),
    "from too early": ({"from": "0001-01-01T00:00:00+23:59"}, "from"),
    "level": ({"level": 1000}, "level"),
    "contact unknown": ({"contact": {"fax": "1"}}, "contact.fax"),
    "contact a text": ({"contact": "me"}, "contact"),
    "mail too long": ({"contact": {"email": "x" * 255}}, "contact.email"),
    "phone too long": ({"contact": {"phone": "1" * 41}}, "contact.phone"),
    "name too long": ({"contact": {"name": "x" * 201}}, "contact.name"),
    "channel": ({"channel": "By Phone"}, "channel"),
    "on_behalf": ({"on_behalf": 1}, "on_behalf"),
    "photo": ({"photo": "x"}, "photo"),
    "unknown field": ({"colour": "red"}, "colour"),
}


async def test_what_cannot_be_is_refused_and_nothing_is_stored(city: City) -> None:
    for name, (changes, field) in INVALID.items():
        body = {key: value for key, value in (GOOD | changes).items() if value is not ...}
        found = problem_of(await city.post("/v1/reports", body), 400, "invalid_field")
        assert found["errors"][0]["field"] == field, name
    for table in ("report", "barrier", "complaint", "reporter", "audit", "change", "evidence"):
        assert await city.rows(f"SELECT 1 FROM stepfree.{table}") == []


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999"])
async def test_numbers_must_be_numbers(city: City, text: str) -> None:
    body = json.dumps(GOOD)[:-1] + f', "level": {text}}}'
    answer = await city.client.post("/v1/reports", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


async def test_the_longest_note_fits_and_an_empty_one_is_none(city: City) -> None:
    await city.report(note="\u00e4" * 2000)
    await city.report(note="   ")
    notes = [row["note"] for row in await city.rows("SELECT note FROM stepfree.report ORDER BY report_id")]
    assert notes == ["\u00e4" * 2000, None]


async def test_a_place_off_the_map_is_refused(city: City) -> None:
    for at in ([0, 0], [24.9414, 60.30], [179.9, -89.9], [114.9, 0]):
        found = problem_of(await city.post("/v1/reports", GOOD | {"at": at}), 422, "outside_map")
        assert found["errors"][0]["field"] == "at"
    assert await city.rows("SELECT 1 FROM stepfree.report") == []


async def test_photos_do_not_exist_yet(city: City) -> None:
    report = await city.report()
    path = f"/v1/reports/{report['report_id']}/photos"
    problem_of(await city.client.post(path, files={"photo": b"\xff\xd8"}), 404, "not_found")


async def test_only_the_intake_reports_for_others(city: City) -> None:
    body = GOOD | {"on_behalf": True, "channel": "phone"}
    problem_of(await city.post("/v1/reports", body), 403, "forbidden")
    problem_of(await city.post("/v1/reports", body, await city.key("reporter")), 403, "forbidden")
    callers = [await city.report(await city.key("intake"), on_behalf=True, channel="phone") for _ in range(3)]
    tokens = {caller["reporter_token"] for caller in callers}
    assert len(tokens) == 3, "each caller is a person of their own, and can answer"
    assert callers[-1]["standing"] == "suspected"
    shown = await city.barrier(callers[0]["barrier_id"])
    assert shown["reports"] == (await city.complaint(callers[0]["complaint_id"]))["followers"] == 3
    allowed = [(await city.complaint(one["complaint_id"], one["reporter_token"]))["allowed"] for one in callers]
    assert allowed == [["withdraw"], [], []], "only the first may take it back"


async def test_a_verified_report_is_accepted_at_once_and_a_crew_is_believed(city: City) -> None:
    verified = await city.report(await city.key("reporter"))
    assert verified["standing"] == "suspected"
    assert (await city.complaint(verified["complaint_id"]))["state"] == "accepted"
    crew = await city.report(await city.key("crew", "roads"), at=north(80))
    assert crew["standing"] == "confirmed"


async def test_the_same_key_and_body_is_one_report(city: City) -> None:
    named = {"Idempotency-Key": new_key()}
    first, again = [await city.report(headers=named, **EVERYTHING) for _ in range(2)]
    assert first == again
    assert first["reporter_token"]
    assert len(await city.rows("SELECT 1 FROM stepfree.report")) == 1
    problem_of(await city.post("/v1/reports", GOOD | {"severity": 3}, headers=named), 409, "idempotency_conflict")
    other = await city.report(first["reporter_token"], headers=named, at=north(40))
    assert other["report_id"] != first["report_id"], "the key is scoped to the bearer"
    stored = str(await city.rows("SELECT * FROM stepfree.idempotency"))
    assert first["reporter_token"] not in stored
    assert "A note of the resident" not in stored


async def test_a_day_later_the_key_is_new(city: City) -> None:
    named = {"Idempotency-Key": new_key()}
    first = await city.report(headers=named)
    city.later(hours=23)
    assert await city.report(headers=named) == first
    city.later(hours=2)
    assert (await city.report(headers=named))["report_id"] != first["report_id"]


@pytest.mark.parametrize("key", ["short", "x" * 15, "x" * 129, "with a blank in it", "", "\u00e4" * 20])
async def test_keys_that_are_none(city: City, key: str) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key.encode()}
    answer = await city.client.post("/v1/reports", content=json.dumps(GOOD), headers=headers)  # type: ignore[arg-type]
    found = problem_of(answer, 400, "invalid_field")
    assert found["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("length", [16, 128])
async def test_the_shortest_and_the_longest_key(city: City, length: int) -> None:
    await city.report(headers={"Idempotency-Key": "k" * length})


async def test_sixty_an_hour_from_one_person(city: City) -> None:
    """Counted in the database, so whichever process answers; a loopback client without a proxy is exempt."""
    city.configure(STEPFREE_TRUSTED_PROXIES="127.0.0.0/8")
    street = {"X-Forwarded-For": "198.51.100.7"}
    token = (await city.report(headers=street))["reporter_token"]
    for _ in range(60):
        await city.report(token, headers=street)
    refused = await city.post("/v1/reports", GOOD, token, street)
    found = problem_of(refused, 429, "rate_limited")
    wait_s = int(refused.headers["retry-after"])
    assert 0 < wait_s <= 3600
    assert found["retry_after_s"] == wait_s
    await city.report(headers=street)  # somebody else of the same network
    await city.report(token)  # exempt
    city.later(hours=1, minutes=1)
    await city.report(token, headers=street)


async def test_three_hundred_an_hour_from_one_network(city: City) -> None:
    city.configure(STEPFREE_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8")
    found = [await city.post("/v1/reports", GOOD, headers=_from(f"198.51.100.{n % 256}")) for n in range(301)]
    assert [one.status_code for one in found] == [201] * 300 + [429]
    others = {
        "203.0.113.5": 201,  # another network
        "198.51.100.9, 10.1.2.3": 429,  # behind two of our proxies
        "203.0.113.6, 198.51.100.9": 429,  # what a stranger claims is not believed
        "[2001:db8::1]:4711": 201,
        "unknown": 201,  # then the peer itself counts
    }
    for forwarded, status in others.items():
        assert (await city.post("/v1/reports", GOOD, headers=_from(forwarded))).status_code == status, forwarded
    stored = str(await city.rows("SELECT * FROM stepfree.limit_counter"))
    assert "198.51" not in stored
    assert "c63364" not in stored


def _from(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


async def test_a_proxy_nobody_trusts_is_not_believed(city: City) -> None:
    for n in range(300):
        await city.report(headers=_from(f"198.51.{n % 256}.1"))
    problem_of(await city.post("/v1/reports", GOOD, headers=_from("203.0.113.5")), 429, "rate_limited")
    await city.report()


async def test_without_a_database_it_says_so(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.post("/v1/reports", json=GOOD)
    problem_of(answer, 503, "database_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    problem_of(await app_client.post("/v1/reports", json=GOOD | {"severity": 9}), 400, "invalid_field")


async def test_a_failure_half_way_stores_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ConnectionResetError

    from accessibility.complaints.store import ledger

    monkeypatch.setattr(ledger, "insert_audit", broken)
    problem_of(await city.post("/v1/reports", GOOD), 503, "database_unavailable")
    monkeypatch.undo()
    for table in ("report", "barrier", "complaint", "reporter", "evidence", "outbox"):
        assert await city.rows(f"SELECT 1 FROM stepfree.{table}") == []
    assert (await city.report())["revision"] == 1
    assert isinstance(city.here.reports, Desk)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.dictionaries(st.sampled_from(sorted(EVERYTHING)), VALUES, min_size=1, max_size=3))
async def test_random_values_never_break_it(city: City, changes: dict[str, Any]) -> None:
    body = json.dumps(EVERYTHING | changes).encode("utf-8", "surrogatepass")
    answer = await city.client.post("/v1/reports", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (201, 400, 403, 422), answer.text


async def test_reports_may_begin_later(city: City) -> None:
    starts = datetime.now(UTC) + timedelta(hours=2)
    found = await city.report(**{"from": starts.isoformat()})
    assert (await city.barrier(found["barrier_id"]))["active"] is False
