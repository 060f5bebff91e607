"""A crew's list: the order of visits, four formats, and nothing about any person."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from typing import Any

import jsonschema

from tests.api.city import METRE, SPOT, City
from tests.api.test_routes import problem_of

GPX = "{http://www.topografix.com/GPX/1/1}"
LIST = "/v1/crews/roads/list"


def east(metres: float) -> list[float]:
    return [SPOT[0] + 2 * metres * METRE, SPOT[1]]


async def dispatched(city: City, unit: str = "roads", **fields: Any) -> str:
    """A complaint that waits for the unit."""
    report = await city.report(**fields)
    complaint_id: str = report["complaint_id"]
    if (await city.complaint(complaint_id))["state"] == "submitted":
        await city.step(complaint_id, await city.key("moderator"), "accept")
    answer = await city.step(complaint_id, await city.key("dispatcher"), "dispatch", unit=unit)
    assert answer.status_code == 200, answer.text
    return complaint_id


async def order(city: City, **query: Any) -> list[str]:
    answer = await city.get(LIST, await city.key("crew", "roads"), **query)
    assert answer.status_code == 200, answer.text
    return [stop["id"] for stop in answer.json()["features"]]


async def test_danger_first_then_overdue_then_the_short_tour(city: City) -> None:
    far, near, middle = [await dispatched(city, at=east(metres)) for metres in (300, 100, 200)]
    assert await order(city, start=f"{SPOT[0]},{SPOT[1]}") == [near, middle, far]
    assert await order(city, start=f"{east(400)[0]},{SPOT[1]}") == [far, middle, near]
    city.later(days=8)
    fresh = await dispatched(city, at=east(50))
    sole = await dispatched(city, kind="lift_out_of_order", at=east(450))
    danger = await dispatched(city, kind="flooded", severity=4, at=east(500))
    assert await order(city, start=f"{SPOT[0]},{SPOT[1]}") == [danger, far, middle, near, sole, fresh]
    await dispatched(city, unit="parks", at=east(600))
    assert len(await order(city)) == 6


async def test_the_formats_tell_the_same(city: City) -> None:
    first = await dispatched(city, kind="flooded", severity=4)
    second = await dispatched(city, at=east(100))
    crew = await city.key("crew", "roads")
    found = (await city.get(LIST, crew, format="geojson")).json()
    assert (found["type"], found["unit"], found["attribution"]) == (
        "FeatureCollection", "roads", "© OpenStreetMap contributors",
    )  # fmt: skip
    stops = [feature["properties"] for feature in found["features"]]
    assert [(stop["order"], stop["class"], stop["complaint_id"]) for stop in stops] == [
        (1, "P0", first),
        (2, "P2", second),
    ]
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": SPOT}
    plain = (await city.get(LIST, crew, format="json")).json()
    assert plain == {"unit": "roads", "stops": stops, "attribution": found["attribution"]}
    sheet = await city.get(LIST, crew, format="csv")
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"), newline="")))
    assert [(row["order"], row["class"], row["complaint_id"]) for row in rows] == [
        ("1", "P0", first),
        ("2", "P2", second),
    ]
    assert [(float(row["lon"]), float(row["lat"])) for row in rows] == [tuple(stop["at"]) for stop in stops]
    assert rows[0]["word"] == "Flooded"
    assert rows[0]["due"].endswith("Z")
    device = ET.fromstring((await city.get(LIST, crew, format="gpx")).content)
    names = [point.findtext(f"{GPX}name") for point in device.iter(f"{GPX}wpt")]
    assert names == ["01 P0 Flooded", "02 P2 Kerb too high"]
    document = (await city.get("/openapi.json")).json()
    for name, answer in (("CrewCollection", found), ("CrewStops", plain)):
        schema = document["components"]["schemas"][name] | {"components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer)


async def test_nothing_about_any_person(city: City) -> None:
    await dispatched(city, note="canary-note", contact={"name": "canary-name", "phone": "canary-phone"})
    for form in ("geojson", "json", "csv", "gpx"):
        assert "canary" not in (await city.get(LIST, await city.key("crew", "roads"), format=form)).text


async def test_who_may_read_it(city: City) -> None:
    reporter = (await city.report())["reporter_token"]
    for key, status, code in (
        (None, 401, "unauthorized"),
        (reporter, 403, "forbidden"),
        (await city.key("moderator"), 403, "forbidden"),
        (await city.key("crew", "parks"), 403, "forbidden"),
        (await city.key("unit", "parks"), 403, "forbidden"),
    ):
        problem_of(await city.get(LIST, key), status, code)
    for role, unit in (("crew", "roads"), ("unit", "roads"), ("dispatcher", None), ("admin", None)):
        assert (await city.get(LIST, await city.key(role, unit))).status_code == 200
    assert (await city.get("/v1/crews/nobody/list", await city.key("dispatcher"))).json()["features"] == []


async def test_what_is_not_built_or_not_understood(city: City) -> None:
    crew = await city.key("crew", "roads")
    for name, value in (("by", "vehicle"), ("since", "2026-11-24T00:00:00Z")):
        found = problem_of(await city.get(LIST, crew, **{name: value}), 400, "not_yet_supported")
        assert found["errors"][0]["field"] == name
    assert (await city.get(LIST, crew, by="walk")).status_code == 200
    for name, value in (
        ("by", "broom"),
        ("format", "pdf"),
        ("start", "here"),
        ("start", "24.9"),
        ("start", "200,1"),
        ("x", "1"),
    ):
        problem_of(await city.get(LIST, crew, **{name: value}), 400, "invalid_query")


async def test_unchanged_is_304(city: City) -> None:
    await dispatched(city)
    crew = await city.key("crew", "roads")
    first = await city.get(LIST, crew)
    headers = {"Authorization": f"Bearer {crew}", "If-None-Match": first.headers["etag"]}
    assert (await city.client.get(LIST, headers=headers)).status_code == 304
    await dispatched(city, at=east(100))
    assert (await city.client.get(LIST, headers=headers)).status_code == 200
