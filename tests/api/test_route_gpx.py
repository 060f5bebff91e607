"""A route as GPX: what the schema of GPX 1.1 wants, read by a parser, whatever places are called."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import httpx
import msgspec
import pytest

from api import exports
from api.plain_words import plain_words
from api.route_gpx import route_gpx
from api.wire import RoutesAnswer
from tests.api.test_routes import QUERY

GPX = {"Accept": "application/gpx+xml"}
SPACE = "{http://www.topografix.com/GPX/1/1}"
POINT = ["ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type"]
COURSE = ["name", "cmt", "desc", "src", "link", "number", "type", "extensions"]
ORDER = {
    "gpx": ["metadata", "wpt", "rte", "trk", "extensions"],
    "metadata": ["name", "desc", "author", "copyright", "link", "time", "keywords", "bounds"],
    "copyright": ["year", "license"],
    "wpt": POINT,
    "rtept": POINT,
    "trkpt": POINT,
    "rte": [*COURSE, "rtept"],
    "trk": [*COURSE, "trkseg"],
    "trkseg": ["trkpt", "extensions"],
}
"""Children in the order of the schema's sequences."""
HOSTILE = [
    "<script>alert(1)</script>",
    "]]>",
    "&amp;&",
    "a\x00b\x07\x1b[31m",
    "שלום \u202e עולם",
    "\"'",
    "\ufffe\uffff",
    "街道",
]


def checked(text: str) -> ElementTree.Element:
    """The document, after holding every element of it to the schema's order and bounds."""
    root = ElementTree.fromstring(text)
    for element in root.iter():
        name = element.tag.removeprefix(SPACE)
        children = [child.tag.removeprefix(SPACE) for child in element]
        order = ORDER.get(name, [])
        assert all(child in order for child in children), (name, children)
        assert [order.index(child) for child in children] == sorted(order.index(child) for child in children)
        if name in ("wpt", "rtept", "trkpt"):
            assert -90 <= float(element.attrib["lat"]) <= 90
            assert -180 <= float(element.attrib["lon"]) < 180
    assert (root.tag, root.attrib["version"]) == (f"{SPACE}gpx", "1.1")
    return root


async def gpx_of(client: httpx.AsyncClient, **changes: Any) -> ElementTree.Element:
    answer = await client.post("/v1/routes", json=QUERY | changes, headers=GPX)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/gpx+xml"
    assert answer.headers["content-disposition"] == 'attachment; filename="route.gpx"'
    return checked(answer.text)


async def test_a_track_to_see_and_a_route_to_follow(app_client: httpx.AsyncClient) -> None:
    root = await gpx_of(app_client)
    route = (await app_client.post("/v1/routes", json=QUERY)).json()["routes"][0]
    (track,) = root.findall(f"{SPACE}trk")
    line = [(float(one.attrib["lon"]), float(one.attrib["lat"])) for one in track.iter(f"{SPACE}trkpt")]
    assert line == [pytest.approx(at, abs=1e-7) for at in route["geometry"]["coordinates"]]
    steps = [step for leg in route["legs"] for step in leg["steps"]]
    points = list(root.iter(f"{SPACE}rtept"))
    assert [point.findtext(f"{SPACE}desc") for point in points] == [step["text"] for step in steps]
    assert [point.findtext(f"{SPACE}cmt") for point in points] == [step["spoken"] for step in steps]
    assert root.find(f"{SPACE}metadata/{SPACE}copyright").attrib["author"] == "© OpenStreetMap contributors"  # type: ignore[union-attr]
    assert "odbl" in (root.findtext(f"{SPACE}metadata/{SPACE}copyright/{SPACE}license") or "")
    assert not list(root.iter(f"{SPACE}ele")), "a height that nobody knows is left out"


async def test_broken_limits_are_waypoints(app_client: httpx.AsyncClient) -> None:
    root = await gpx_of(app_client, unknown="avoid")
    names = [point.findtext(f"{SPACE}name") for point in root.findall(f"{SPACE}wpt")]
    assert any(name and name.startswith("Unknown") for name in names), names


async def test_the_way_back_is_a_track_of_its_own(app_client: httpx.AsyncClient) -> None:
    root = await gpx_of(app_client, **{"return": True})
    assert [track.findtext(f"{SPACE}name") for track in root.findall(f"{SPACE}trk")] == ["Route", "Way back"]


async def test_whatever_places_are_called(app_client: httpx.AsyncClient) -> None:
    answer = (await app_client.post("/v1/routes", json=QUERY)).json()
    steps = answer["routes"][0]["legs"][0]["steps"]
    for step, name in zip(steps, HOSTILE * 2, strict=False):
        step["text"] = step["spoken"] = step["short"] = step["street"] = name
    answer["attribution"] = HOSTILE[0] + HOSTILE[5] + HOSTILE[3]
    root = checked(route_gpx(msgspec.convert(answer, RoutesAnswer), lambda _: None, plain_words()))
    said = [point.findtext(f"{SPACE}desc") or "" for point in root.iter(f"{SPACE}rtept")]
    for name in HOSTILE[: len(said)]:
        assert "".join(letter for letter in name if letter not in "\x00\x07\x1b\ufffe\uffff") in said
    assert not [element for element in root.iter() if "script" in element.tag]


def test_waypoints_alone_are_as_they_were() -> None:
    root = checked(exports.waypoints("Barriers", "© us", [exports.Waypoint(24.9, 60.1, "a", "b", "c")]))
    assert [child.tag for child in root[1]] == [f"{SPACE}{name}" for name in ("name", "desc", "type")]
    assert root.find(f"{SPACE}metadata/{SPACE}copyright/{SPACE}license") is None
