"""Files of a route in the language that was asked for: every word in it, whatever places are called."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import httpx
import numpy as np
import pytest

from api.app import create_app
from api.settings import Settings
from routing.router import Router
from tests.api.city import City
from tests.api.test_picture_png import PNG, pixels
from tests.api.test_route_geojson import features, of_role
from tests.api.test_route_gpx import GPX, HOSTILE
from tests.api.test_route_gpx import SPACE as GPX_SPACE
from tests.api.test_route_gpx import checked as checked_gpx
from tests.api.test_route_picture import SPACE, SVG, words_of
from tests.api.test_route_picture import checked as checked_svg
from tests.api.test_routes import QUERY
from tests.support.drawn import drawn
from tests.support.serving import served

BROKEN: dict[str, Any] = {"unknown": "avoid", "return": True}
"""A question whose answer has all sorts of words in it."""
LEAST_BAD = {
    "en": "There is no way that keeps every limit. This one breaks the least.",
    "de": "Kein Weg hält alle Grenzwerte ein. Dieser verletzt sie am wenigsten.",
    "zh-Hans": "没有完全符合限制的路线。这条路线超出限制最少。",
}
BACK = {"en": "Way back", "de": "Rückweg", "zh-Hans": "返程"}
OTHER = {"en": "Another way 1", "de": "Andere Route 1", "zh-Hans": "其他路线1"}
UNKNOWN = {"en": "Unknown ", "de": " unbekannt", "zh-Hans": "未知"}
BROKEN_HERE = {
    "en": "A limit is broken here.", "de": "Hier wird ein Grenzwert nicht eingehalten.", "zh-Hans": "此处超出限制。"
}  # fmt: skip
SILENT = {"en": "Not on the map", "de": "Nicht auf der Karte", "zh-Hans": "地图未标明"}
SITE = {
    "en": "Building works (confirmed): the way goes around it",
    "de": "Baustelle (bestätigt): der Weg führt darum herum",
    "zh-Hans": "施工（已证实）：路线已绕开",
}
LANGUAGES = sorted(LEAST_BAD)
ENGLISH = re.compile(r"\b(the|way|limit|unknown|map|of|at|for|none|steps|without|back)\b", re.IGNORECASE)


async def asked(client: httpx.AsyncClient, accept: dict[str, str], language: str, **changes: Any) -> httpx.Response:
    answer = await client.post("/v1/routes", json=QUERY | BROKEN | {"language": language} | changes, headers=accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == language
    assert answer.headers["vary"] == "Accept, Accept-Language"
    return answer


def of_no_other(words: str, language: str) -> None:
    """Names and attribution aside, nothing in another language."""
    words = words.replace("© OpenStreetMap contributors", "")
    assert language == "en" or not ENGLISH.search(words), words
    assert language == "zh-Hans" or not re.search("[\u4e00-\u9fff]", words), words
    assert language != "zh-Hans" or re.search("[\u4e00-\u9fff]", words), words


@pytest.mark.parametrize("language", LANGUAGES)
async def test_geojson(app_client: httpx.AsyncClient, language: str) -> None:
    found = await features(app_client, **BROKEN, language=language)
    plain = await features(app_client, **BROKEN)
    assert of_role(found, "return")[0]["properties"]["text"].startswith(BACK[language])
    said = [one["properties"]["text"] for one in of_role(found, "violation")]
    assert any(UNKNOWN[language] in words for words in said)
    for words in said:
        of_no_other(words, language)
    for one, other in zip(found["features"], plain["features"], strict=True):
        codes = {name: value for name, value in one["properties"].items() if name != "text"}
        assert codes == {name: value for name, value in other["properties"].items() if name != "text"}, "codes stay"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_gpx(app_client: httpx.AsyncClient, language: str) -> None:
    root = checked_gpx((await asked(app_client, GPX, language)).text)
    assert root.findtext(f"{GPX_SPACE}metadata/{GPX_SPACE}desc") == LEAST_BAD[language]
    assert BACK[language] in [one.findtext(f"{GPX_SPACE}name") for one in root.iter(f"{GPX_SPACE}trk")]
    facts = [one.findtext(f"{GPX_SPACE}desc") or "" for one in root.iter(f"{GPX_SPACE}rte")]
    assert all(SILENT[language] in one for one in facts)
    marks = list(root.iter(f"{GPX_SPACE}wpt"))
    names = [one.findtext(f"{GPX_SPACE}name") or "" for one in marks]
    assert any(UNKNOWN[language] in name for name in names), names
    assert BROKEN_HERE[language] in [one.findtext(f"{GPX_SPACE}desc") for one in marks]
    for words in (*facts, *names, root.findtext(f"{GPX_SPACE}metadata/{GPX_SPACE}name") or ""):
        of_no_other(words, language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_svg(app_client: httpx.AsyncClient, language: str) -> None:
    root = checked_svg((await asked(app_client, SVG, language)).text)
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
    words = words_of(root)
    assert f"! {LEAST_BAD[language]}" in words
    assert any(one.startswith(BACK[language]) for one in words)
    assert any(UNKNOWN[language] in one for one in words)
    told = root.findtext(f"{SPACE}desc") or ""
    assert LEAST_BAD[language] in told
    assert SILENT[language] in told
    json = (await app_client.post("/v1/routes", json=QUERY | BROKEN | {"language": language})).json()
    assert json["routes"][0]["legs"][0]["steps"][0]["text"] in told
    of_no_other(root.findtext(f"{SPACE}title") or "", language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_other_ways(app_client: httpx.AsyncClient, language: str) -> None:
    body = QUERY | {"alternatives": 1, "language": language}
    found = await features(app_client, **body)
    assert of_role(found, "alternative")[0]["properties"]["text"].startswith(OTHER[language])
    gpx = checked_gpx((await app_client.post("/v1/routes", json=body, headers=GPX)).text)
    assert OTHER[language] in [one.findtext(f"{GPX_SPACE}name") for one in gpx.iter(f"{GPX_SPACE}trk")]
    svg = checked_svg((await app_client.post("/v1/routes", json=body, headers=SVG)).text)
    assert any(one.startswith(OTHER[language]) for one in words_of(svg))


async def test_png(app_client: httpx.AsyncClient) -> None:
    """The line below the title is another one in each language, and what is drawn in Chinese has Chinese letters."""
    title = {one: pixels((await asked(app_client, PNG, one)).content)[36:60, 20:620, :3] for one in LANGUAGES}
    for one in LANGUAGES:
        assert (title[one].sum(axis=2) < 500).sum() > 400, one
    assert not np.array_equal(title["en"], title["de"])
    assert not np.array_equal(title["en"], title["zh-Hans"])
    strokes = title["zh-Hans"].sum(axis=2) < 500
    letters = [strokes[:, 17 + 14 * n : 31 + 14 * n] for n in range(20)]
    assert len({letter.tobytes() for letter in letters}) > 15, "the same box again and again"


@pytest.mark.parametrize(
    ("accept_language", "language"), [("de-AT, en;q=0.5", "de"), ("zh-CN", "zh-Hans"), ("fr", "en")]
)
async def test_without_a_language_the_header_decides(
    app_client: httpx.AsyncClient, accept_language: str, language: str
) -> None:
    headers = SVG | {"Accept-Language": accept_language}
    answer = await app_client.post("/v1/routes", json=QUERY | BROKEN, headers=headers)
    assert answer.headers["content-language"] == language
    assert f"! {LEAST_BAD[language]}" in words_of(checked_svg(answer.text))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_reported_barrier_is_told(city: City, language: str) -> None:
    line = (await city.route()).json()["routes"][0]["geometry"]["coordinates"]
    report = await city.report(kind="construction", severity=4, at=line[len(line) // 2])
    await city.moderate(report["barrier_id"], "confirm")
    revision = (await city.barrier(report["barrier_id"]))["revision"]
    body = QUERY | {"min_revision": revision, "language": language}
    (barrier,) = of_role(await features(city.client, **body), "barrier")
    assert barrier["properties"]["text"] == SITE[language]
    assert barrier["properties"]["kind"] == "construction"
    gpx = checked_gpx((await city.client.post("/v1/routes", json=body, headers=GPX)).text)
    assert SITE[language] in [one.findtext(f"{GPX_SPACE}desc") for one in gpx.iter(f"{GPX_SPACE}wpt")]
    svg = checked_svg((await city.client.post("/v1/routes", json=body, headers=SVG)).text)
    assert SITE[language] in words_of(svg)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE)
async def test_whatever_streets_are_called(name: str, language: str) -> None:
    """Escaped once and only once: what the parser reads is the name as the steps have it."""
    town = drawn("a---------b---------c", ways={"abc": {"highway": "footway", "name": name}})
    body = {"waypoints": [town.at["a"], town.at["c"]], "profile": "walk", "language": language}
    async with served(create_app(Settings(), lambda: Router(town.graph))) as client:
        steps = (await client.post("/v1/routes", json=body)).json()["routes"][0]["legs"][0]["steps"]
        gpx = checked_gpx((await client.post("/v1/routes", json=body, headers=GPX)).text)
        svg = checked_svg((await client.post("/v1/routes", json=body, headers=SVG)).text)
        assert (await client.post("/v1/routes", json=body, headers=PNG)).status_code == 200
    texts = [_in_xml(step["text"]) for step in steps]
    assert [one.findtext(f"{GPX_SPACE}desc") for one in gpx.iter(f"{GPX_SPACE}rtept")] == texts
    assert all(text in (svg.findtext(f"{SPACE}desc") or "") for text in texts)
    assert not [one for tree in (gpx, svg) for one in tree.iter() if "script" in one.tag]


def _in_xml(text: str) -> str:
    """What XML 1.0 can hold of a text."""
    kept = "".join(letter for letter in text if letter not in "\x00\x07\x1b\ufffe\uffff")
    return (
        ElementTree.fromstring(f"<a>{kept.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</a>").text
        or ""
    )


async def test_feet_for_who_asks_in_feet(app_client: httpx.AsyncClient) -> None:
    root = checked_svg((await asked(app_client, SVG, "en", units="imperial")).text)
    words = words_of(root)
    assert any(re.fullmatch(r"\d+ (ft|mi)", word) for word in words), "the scale"
    assert any(re.match(r"0\.\d mi, ", word) for word in words)
    assert not any(re.search(r"\d k?m\b", word) for word in words), words
    paces = words_of(checked_svg((await asked(app_client, SVG, "en", units="steps")).text))
    assert any(re.match(r"[\d.]+ k?m, ", word) for word in paces)
