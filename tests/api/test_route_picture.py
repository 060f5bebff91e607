"""A route drawn: a whole SVG that runs and loads nothing, with the way, the marks, the words and the scale in it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from msgspec.structs import replace

from accessibility.profiles import Profile, built_in
from api.picture_furniture import BROKEN, TEXT
from api.picture_symbols import SHAPES, sign
from api.plain_words import plain_words
from api.route_picture import GROUND, WAYS, route_picture
from api.wire import RoutesAnswer, answer_of
from routing.answers import BarrierOnRoute, Coordinate, Note
from tests.api.test_route_gpx import HOSTILE
from tests.api.test_routes import QUERY
from tests.support.drawn import Town, drawn
from tests.support.wire import AS_OF

SVG = {"Accept": "image/svg+xml"}
SPACE = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "clipPath", "g", "rect", "path", "text", "circle"}


def checked(text: str) -> ElementTree.Element:
    """The document, after making sure that nothing in it can run or be loaded, and that it is of one size."""
    root = ElementTree.fromstring(text)
    assert {element.tag.removeprefix(SPACE) for element in root.iter()} <= ELEMENTS
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert "href" not in name, name
            assert "url(" not in value or value == "url(#map)"
    assert (root.attrib["viewBox"], root.attrib["role"]) == ("0 0 1024 768", "img")
    assert root.attrib["aria-labelledby"] == "title desc"
    return root


def words_of(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SPACE}text")]


def answered(town: Town, *places: str, profile: str = "manual_wheelchair", **overrides: Any) -> RoutesAnswer:
    person: Profile = built_in[profile]
    return answer_of(town.route(*places, profile=profile, **overrides), person, AS_OF, town.graph.meta.attribution)


def nowhere(barrier_id: str) -> Coordinate | None:
    return None


async def test_the_picture_of_a_real_route(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.post("/v1/routes", json=QUERY, headers=SVG)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    root = checked(answer.text)
    words = words_of(root)
    route = (await app_client.post("/v1/routes", json=QUERY)).json()["routes"][0]
    assert {"A", "B", "N", "© OpenStreetMap contributors"} <= set(words)
    assert any(re.fullmatch(r"\d+ k?m", word) for word in words), "no scale"
    assert any(word.startswith("1.0 km") for word in words)
    streets = {step["street"] for leg in route["legs"] for step in leg["steps"] if step["street"]}
    assert len(streets & set(words)) > 2
    spoken = root.findtext(f"{SPACE}desc") or ""
    assert all(step["text"] in spoken for step in route["legs"][0]["steps"])
    assert len(answer.content) < 400_000


async def test_a_limit_broken_is_a_shape_with_a_number_and_words(app_client: httpx.AsyncClient) -> None:
    body = QUERY | {"unknown": "avoid"}
    root = checked((await app_client.post("/v1/routes", json=body, headers=SVG)).text)
    words = words_of(root)
    assert any(word.startswith("! There is no way") for word in words)
    assert any(word.startswith("Unknown ") for word in words)
    assert words.count("1") >= 2, "on the map and in the list"


def test_steps_are_drawn_as_a_ladder_and_named() -> None:
    town = drawn(
        "a----b----c----d", ways={"ab": "highway=footway", "bc": "highway=steps step_count=9", "cd": "highway=footway"}
    )
    with_steps = answered(town, "a", "d")
    assert with_steps.status == "least_bad"
    root = checked(route_picture(with_steps, nowhere, town.router, plain_words()))
    assert any(word.startswith("Steps: 9") for word in words_of(root))
    assert (
        sum(
            "stroke-dasharray" in element.attrib and element.attrib.get("stroke") == "#ffffff"
            for element in root.iter()
        )
        == 1
    )


def test_a_barrier_is_a_diamond_where_it_is() -> None:
    town = drawn("a----b----c", ways={"abc": "highway=footway"})
    answer = answered(town, "a", "c")
    barrier = BarrierOnRoute("018f0000-0000-7000-8000-000000000000", "construction", "suspected", "penalised")
    answer = replace(answer, routes=[replace(answer.routes[0], barriers=[barrier])])
    text = route_picture(answer, lambda _: town.at["b"], town.router, plain_words())
    assert text.count(SHAPES["diamond"]) == 2
    assert "Building works (suspected): the way passes it" in words_of(checked(text))
    assert route_picture(answer, nowhere, town.router, plain_words()).count(SHAPES["diamond"]) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_streets_are_called(name: str) -> None:
    town = drawn("a---------b---------c", ways={"abc": {"highway": "footway", "name": name}})
    root = checked(route_picture(answered(town, "a", "c"), nowhere, town.router, plain_words()))
    assert "\u202e" not in "".join(words_of(root))


def test_one_spot_is_a_picture_too() -> None:
    town = drawn("a----b", ways={"ab": "highway=footway"})
    checked(route_picture(answered(town, "a", "a"), nowhere, town.router, plain_words()))


def test_the_other_ways_are_in_the_list() -> None:
    town = drawn("a----b----c", ways={"abc": "highway=footway"})
    answer = answered(town, "a", "c")
    both = replace(answer, routes=[answer.routes[0], answer.routes[0]])
    words = words_of(checked(route_picture(both, nowhere, town.router, plain_words())))
    assert any(word.startswith("Another way 1: ") for word in words)


async def test_other_ways_have_their_number_on_the_map_and_in_the_list(app_client: httpx.AsyncClient) -> None:
    body = QUERY | {"alternatives": 2}
    ways = len((await app_client.post("/v1/routes", json=body)).json()["routes"])
    assert ways > 1
    text = (await app_client.post("/v1/routes", json=body, headers=SVG)).text
    checked(text)
    assert [text.count(sign(str(number))) for number in (1, ways - 1, ways)] == [2, 2, 0]


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """WCAG 2: from 1 to 21."""
    light, dark = sorted((_light(one), _light(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough_to_read() -> None:
    grounds = ["#ffffff", GROUND, "#eceef1"]
    assert all(contrast(TEXT, ground) >= 4.5 for ground in grounds)
    assert contrast(BROKEN, "#ffffff") >= 4.5
    fills = [re.search(r'fill="(#\w{6})"', shape) for shape in SHAPES.values()]
    assert all(fill and contrast("#ffffff", fill[1]) >= 4.5 for fill in fills)
    strokes = [re.search(r'stroke="(#\w{6})"', way) for way in WAYS.values()]
    assert all(stroke and contrast(stroke[1], GROUND) >= 3 for stroke in strokes)


def test_a_long_row_of_the_list_takes_two_lines_and_is_whole() -> None:
    town = drawn("a----b----c", ways={"abc": "highway=footway"})
    answer = answered(town, "a", "c")
    answer = replace(answer, routes=[replace(answer.routes[0], notes=[Note("hours_unknown", town.at["b"])])])
    for language in ("en", "de", "zh-Hans"):
        said = plain_words(language).note(Note("hours_unknown", town.at["b"]))
        words = words_of(checked(route_picture(answer, nowhere, town.router, plain_words(language))))
        assert any(f"{one} {two}" == said or one == said for one, two in pairwise(words)), words
