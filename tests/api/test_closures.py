"""Closures over HTTP: shapes and their bounds, what they close, and that the very next route knows."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.city import SPOT, City, new_key
from tests.api.test_routes import problem_of

LON, LAT = SPOT
RING = [[LON, LAT], [LON + 0.001, LAT], [LON + 0.001, LAT + 0.001], [LON, LAT + 0.001], [LON, LAT]]
SHAPES: dict[str, dict[str, Any]] = {
    "point": {"type": "Point", "coordinates": SPOT},
    "line": {"type": "LineString", "coordinates": [[LON - 0.001, LAT - 0.0005], [LON + 0.001, LAT + 0.0005]]},
    "area": {"type": "Polygon", "coordinates": [RING]},
    "area with a hole": {
        "type": "Polygon",
        "coordinates": [RING, [[LON + 0.0004, LAT + 0.0004], [LON + 0.0006, LAT + 0.0004], [LON + 0.0005, LAT + 0.0006],
                               [LON + 0.0004, LAT + 0.0004]]],
    },
    "areas": {"type": "MultiPolygon", "coordinates": [[RING], [[[x + 0.003, y] for x, y in RING]]]},
    "a line back and forth": {"type": "LineString", "coordinates": [SPOT, [LON + 0.001, LAT], SPOT]},
    "a line of one place": {"type": "LineString", "coordinates": [SPOT, SPOT]},
    "an area without size": {"type": "Polygon", "coordinates": [[SPOT, SPOT, SPOT, SPOT]]},
    "a bow tie": {"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3], RING[0]]]},
}  # fmt: skip


def circle(vertices: int) -> list[list[float]]:
    ring = [[LON + n / 1_000_000, LAT + (n % 2) / 1_000_000] for n in range(vertices - 1)]
    return [*ring, ring[0]]


async def middle_of_route(city: City, **fields: Any) -> tuple[list[float], dict[str, Any]]:
    """A place in the middle of the way from HERE to THERE, and the answer."""
    answer = (await city.route(**fields)).json()
    line = answer["routes"][0]["geometry"]["coordinates"]
    a, b = line[len(line) // 2 - 1], line[len(line) // 2]
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], answer


async def test_the_very_next_route_avoids_a_closure_and_says_so(city: City) -> None:
    place, before = await middle_of_route(city)
    closed = await city.close({"type": "Point", "coordinates": place})
    assert closed == {"closure_id": closed["closure_id"], "revision": 1, "effect": "blocked"}
    after = (await city.route(closed["revision"])).json()
    assert after["as_of"]["revision"] == 1
    assert after["routes"][0]["geometry"] != before["routes"][0]["geometry"]
    assert after["routes"][0]["barriers"] == [
        {"barrier_id": closed["closure_id"], "kind": "closure", "standing": "confirmed", "effect": "avoided"}
    ]
    opened = await city.client.delete(
        f"/v1/closures/{closed['closure_id']}", headers={"Authorization": f"Bearer {await city.key('operator')}"}
    )
    assert opened.json() == {"closure_id": closed["closure_id"], "revision": 2}
    again = (await city.route(2)).json()
    assert again["routes"] == before["routes"]


async def test_fifty_of_fifty(city: City) -> None:
    """Each closure is known to the route that asks for its revision, also while many are made at once."""
    _, before = await middle_of_route(city)
    line = before["routes"][0]["geometry"]["coordinates"]
    shown = [line[1 + n % (len(line) - 2)] for n in range(50)]

    async def one(at: list[float]) -> bool:
        closed = await city.close({"type": "Point", "coordinates": at})
        found = (await city.route(closed["revision"])).json()
        return closed["closure_id"] in [met["barrier_id"] for met in found["routes"][0]["barriers"]]

    done = []
    for start in range(0, 50, 5):
        done += await asyncio.gather(*(one(at) for at in shown[start : start + 5]))
    assert done.count(True) == 50


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
async def test_shapes_are_taken_as_they_are(city: City, shape: dict[str, Any]) -> None:
    closed = await city.close(shape)
    assert closed["effect"] in ("blocked", "unmatched")
    found = (await city.get(f"/v1/barriers/{closed['closure_id']}")).json()
    assert found["geometry"] == shape
    properties = found["properties"]
    assert (properties["kind"], properties["standing"], properties["reason"]) == ("closure", "confirmed", "works")
    assert properties["effect"] == closed["effect"]
    assert set(properties["effects"].values()) == {"blocked"}
    assert (await city.route(closed["revision"])).status_code in (200, 404)


async def test_what_lies_nowhere_is_kept_and_says_so(city: City) -> None:
    for at in ([24.9, 59.9], [0, 0], [-155.1, -60.2], [114.9, 0], [180, 90]):
        closed = await city.close({"type": "Point", "coordinates": at})
        assert closed["effect"] == "unmatched"
        await city.here.fresh(closed["revision"])
        assert (await city.barrier(closed["closure_id"]))["effect"] == "unmatched"
    line = {"type": "LineString", "coordinates": [[24.0, 59.0], [24.1, 59.0]]}
    assert (await city.close(line))["effect"] == "unmatched"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no geometry": ({"geometry": ...}, "geometry"),
    "no reason": ({"reason": ...}, "reason"),
    "reason empty": ({"reason": ""}, "reason"),
    "reason too long": ({"reason": "x" * 501}, "reason"),
    "geometry null": ({"geometry": None}, "geometry"),
    "unknown type": ({"geometry": {"type": "Circle", "coordinates": SPOT}}, "geometry.type"),
    "no type": ({"geometry": {"coordinates": SPOT}}, "geometry.type"),
    "collection": ({"geometry": {"type": "GeometryCollection", "geometries": []}}, "geometry.type"),
    "a feature": ({"geometry": {"type": "Feature", "geometry": SHAPES["point"]}}, "geometry.type"),
    "longitude": ({"geometry": {"type": "Point", "coordinates": [181, 60]}}, "geometry.coordinates[0]"),
    "three numbers": ({"geometry": {"type": "Point", "coordinates": [*SPOT, 3]}}, "geometry.coordinates"),
    "empty point": ({"geometry": {"type": "Point", "coordinates": []}}, "geometry.coordinates"),
    "line of one": ({"geometry": {"type": "LineString", "coordinates": [SPOT]}}, "geometry.coordinates"),
    "line of 501": ({"geometry": {"type": "LineString", "coordinates": circle(501)}}, "geometry.coordinates"),
    "no ring": ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry.coordinates"),
    "empty ring": ({"geometry": {"type": "Polygon", "coordinates": [[]]}}, "geometry.coordinates[0]"),
    "ring of three": ({"geometry": {"type": "Polygon", "coordinates": [RING[:3]]}}, "geometry.coordinates[0]"),
    "ring left open": ({"geometry": {"type": "Polygon", "coordinates": [RING[:4]]}}, "geometry.coordinates"),
    "501 in one ring": ({"geometry": {"type": "Polygon", "coordinates": [circle(501)]}}, "geometry.coordinates[0]"),
    "501 in rings": (
        {"geometry": {"type": "Polygon", "coordinates": [circle(251), circle(250)]}}, "geometry.coordinates",
    ),
    "501 in areas": (
        {"geometry": {"type": "MultiPolygon", "coordinates": [[circle(251)], [circle(250)]]}}, "geometry.coordinates",
    ),
    "no area": ({"geometry": {"type": "MultiPolygon", "coordinates": []}}, "geometry.coordinates"),
    "area without ring": ({"geometry": {"type": "MultiPolygon", "coordinates": [[]]}}, "geometry.coordinates[0]"),
    "crs": ({"geometry": SHAPES["point"] | {"crs": "x"}}, "geometry.crs"),
    "until in the past": ({"until": "2020-01-01T00:00:00Z"}, "until"),
    "until before from": ({"from": "2030-01-02T00:00:00Z", "until": "2030-01-01T00:00:00Z"}, "until"),
    "no zone": ({"from": "2030-01-02T00:00:00"}, "from"),
    "too far": ({"until": "9999-12-31T23:59:59-23:59"}, "until"),
    "unknown field": ({"kind": "closure"}, "kind"),
}  # fmt: skip


async def test_what_cannot_be_is_refused_and_nothing_is_stored(city: City) -> None:
    operator = await city.key("operator")
    for name, (changes, field) in REFUSED.items():
        body = {"geometry": SHAPES["point"], "reason": "works"} | changes
        body = {key: value for key, value in body.items() if value is not ...}
        found = problem_of(await city.post("/v1/closures", body, operator), 400, "invalid_field")
        assert found["errors"][0]["field"] == field, name
    for text in ("NaN", "Infinity", "1e999"):
        body_text = f'{{"geometry": {{"type": "Point", "coordinates": [{text}, 60]}}, "reason": "x"}}'
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {operator}"}
        answer = await city.client.post("/v1/closures", content=body_text, headers=headers)
        assert answer.status_code == 400
    assert await city.rows("SELECT 1 FROM stepfree.barrier") == []


async def test_500_vertices_fit(city: City) -> None:
    await city.close({"type": "LineString", "coordinates": circle(500)})
    await city.close({"type": "Polygon", "coordinates": [circle(250), circle(250)]})


async def test_only_operators_close(city: City) -> None:
    body = {"geometry": SHAPES["point"], "reason": "works"}
    closed = await city.close()
    path = f"/v1/closures/{closed['closure_id']}"
    reporter = (await city.report())["reporter_token"]
    for key, status, code in (
        (None, 401, "unauthorized"),
        ("sk_nobody-knows-this-key", 401, "unauthorized"),
        (reporter, 403, "forbidden"),
        (await city.key("moderator"), 403, "forbidden"),
    ):
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        problem_of(await city.post("/v1/closures", body, key), status, code)
        problem_of(await city.client.patch(path, json={}, headers=headers), status, code)
        problem_of(await city.client.delete(path, headers=headers), status, code)
    assert (await city.post("/v1/closures", body, await city.key("admin"))).status_code == 201


async def test_a_closure_is_changed(city: City) -> None:
    operator = {"Authorization": f"Bearer {await city.key('operator')}"}
    closed = await city.close()
    path = f"/v1/closures/{closed['closure_id']}"

    async def change(**fields: Any) -> Any:
        answer = await city.client.patch(path, json=fields, headers=operator)
        assert answer.status_code == 200, answer.text
        return answer.json(), await city.barrier(closed["closure_id"])

    answer, shown = await change(reason="Gas pipe")
    assert (shown["reason"], shown["from"], shown["until"]) == ("Gas pipe", None, None)
    until = datetime.now(UTC) + timedelta(days=2)
    answer, shown = await change(until=until.isoformat())
    assert datetime.fromisoformat(shown["until"]) == until
    assert shown["reason"] == "Gas pipe"
    moved, shown = await change(geometry={"type": "Point", "coordinates": [24.9, 59.9]})
    assert moved["effect"] == "unmatched"
    assert moved["revision"] > answer["revision"]
    _, shown = await change(until=None)
    assert shown["until"] is None
    for body, field in (({"until": "2020-01-01T00:00:00Z"}, "until"), ({"reason": None}, "reason"), ({"x": 1}, "x")):
        found = problem_of(await city.client.patch(path, json=body, headers=operator), 400, "invalid_field")
        assert found["errors"][0]["field"] == field


async def test_what_is_no_closure_cannot_be_changed(city: City) -> None:
    operator = {"Authorization": f"Bearer {await city.key('operator')}"}
    report = await city.report()
    for closure_id in (uuid4(), report["barrier_id"]):
        path = f"/v1/closures/{closure_id}"
        problem_of(await city.client.patch(path, json={}, headers=operator), 404, "not_found")
        problem_of(await city.client.delete(path, headers=operator), 404, "not_found")


async def test_the_same_key_and_body_is_one_closure(city: City) -> None:
    named, operator = {"Idempotency-Key": new_key()}, await city.key("operator")
    body = {"geometry": SHAPES["point"], "reason": "works"}
    first, again = [(await city.post("/v1/closures", body, operator, named)).json() for _ in range(2)]
    assert first == again
    other = await city.post("/v1/closures", body | {"reason": "more works"}, operator, named)
    problem_of(other, 409, "idempotency_conflict")
    assert len(await city.rows("SELECT 1 FROM stepfree.barrier")) == 1


async def test_timed_closures_begin_and_end_as_revisions(city: City) -> None:
    place, before = await middle_of_route(city)
    now = city.clock()
    closed = await city.close(
        {"type": "Point", "coordinates": place},
        **{"from": (now + timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=2)).isoformat()},
    )
    assert (await city.barrier(closed["closure_id"]))["active"] is False
    assert (await city.route(closed["revision"])).json()["routes"] == before["routes"]
    city.later(minutes=61)
    assert await city.here.reports.pass_time(city.clock()) == 1
    begun = await city.here.reports.revision()
    assert begun == closed["revision"] + 1
    assert (await city.route(begun)).json()["routes"][0]["geometry"] != before["routes"][0]["geometry"]
    city.later(minutes=60)
    assert await city.here.reports.pass_time(city.clock()) == 1
    assert (await city.route(begun + 1)).json()["routes"] == before["routes"]
    assert (await city.barrier(closed["closure_id"]))["standing"] == "expired"


async def test_residents_do_not_open_what_the_city_closed(city: City) -> None:
    closed = await city.close()
    for _ in range(4):
        voted = await city.vote(closed["closure_id"], "gone", await city.key("reporter", fresh=True))
    assert voted["standing"] == "confirmed"


NUMBERS = st.floats(-200, 200) | st.integers(-200, 200) | st.none()
COORDINATES = st.recursive(
    st.lists(NUMBERS, max_size=3), lambda inner: st.lists(inner, max_size=5), max_leaves=20
) | st.text(max_size=3)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon"]), coordinates=COORDINATES)
async def test_random_shapes_never_break_it(city: City, kind: str, coordinates: Any) -> None:
    body = json.dumps({"geometry": {"type": kind, "coordinates": coordinates}, "reason": "x"})
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {await city.key('operator')}"}
    answer = await city.client.post("/v1/closures", content=body, headers=headers)
    assert answer.status_code in (201, 400), answer.text


PLACES = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list)
NEAR = st.tuples(st.floats(LON - 0.01, LON + 0.01), st.floats(LAT - 0.01, LAT + 0.01)).map(list)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(places=st.lists(NEAR | PLACES, min_size=3, max_size=8), kind=st.sampled_from(["LineString", "Polygon"]))
async def test_any_line_and_any_area_can_be_closed_and_routes_go_on(
    city: City, places: list[list[float]], kind: str
) -> None:
    coordinates = places if kind == "LineString" else [[*places, places[0]]]
    closed = await city.close({"type": kind, "coordinates": coordinates})
    assert (await city.route(closed["revision"])).status_code in (200, 404)
    assert (await city.get("/v1/barriers", limit=1)).status_code == 200
    operator = {"Authorization": f"Bearer {await city.key('operator')}"}
    assert (await city.client.delete(f"/v1/closures/{closed['closure_id']}", headers=operator)).status_code == 200
