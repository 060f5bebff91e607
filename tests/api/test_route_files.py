"""Files of long routes with many waypoints: whole, and of a size that a phone can take."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api import picture_streets
from api.plain_words import plain_words
from api.route_files import bytes_of
from tests.api.test_picture_png import PNG
from tests.api.test_route_geojson import features, of_role
from tests.api.test_route_gpx import SPACE as GPX_SPACE
from tests.api.test_route_gpx import gpx_of
from tests.api.test_route_picture import SVG, answered, checked, nowhere, words_of
from tests.api.test_routes import HERE, QUERY, THERE
from tests.support.drawn import drawn

MANY: dict[str, Any] = {"waypoints": [HERE if i % 2 else THERE for i in range(25)], "unknown": "avoid"}
"""25 waypoints, twelve times there and back, a limit broken at every step."""


async def test_twenty_five_waypoints_in_every_format(app_client: httpx.AsyncClient) -> None:
    plain = (await app_client.post("/v1/routes", json=QUERY | MANY)).json()
    assert len(plain["routes"][0]["legs"]) == 24
    found = await features(app_client, **MANY)
    assert len(of_role(found, "snapped")) == 25
    root = await gpx_of(app_client, **MANY)
    steps = sum(len(leg["steps"]) for leg in plain["routes"][0]["legs"])
    assert len(list(root.iter(f"{GPX_SPACE}rtept"))) == steps
    svg = await app_client.post("/v1/routes", json=QUERY | MANY, headers=SVG)
    assert set("ABCDEFGHIJKLMNOPQRSTUVWXY") <= set(words_of(checked(svg.text)))
    assert len(svg.content) < 1_000_000
    png = await app_client.post("/v1/routes", json=QUERY | MANY, headers=PNG)
    assert png.status_code == 200
    assert len(png.content) < 2_000_000


def test_chinese_names_of_streets_are_on_the_png() -> None:
    """A name without letters in our fonts would be left out, and the pictures the same."""
    pictures = set()
    for name in ("清华路", "长安街", "서울로", "도로명"):
        town = drawn("a---------b---------c", ways={"abc": {"highway": "footway", "name": name}})
        answer = answered(town, "a", "c")
        pictures.add(bytes_of("image/png", answer, nowhere, town.router, plain_words("zh-Hans")))
    assert len(pictures) == 3, "two names in Chinese, none in Korean"


def test_the_streets_of_a_picture_are_bounded_in_bytes() -> None:
    """A vertex is at most 15 characters; roads are drawn twice."""
    assert picture_streets.VERTICES_MAX * 15 * 2 < 1_000_000


@pytest.mark.parametrize("accept", ["application/geo+json", "application/gpx+xml", "image/svg+xml", "image/png"])
async def test_encoded_lines_are_for_json_alone(app_client: httpx.AsyncClient, accept: str) -> None:
    answer = await app_client.post("/v1/routes", json=QUERY | {"geometries": "polyline"}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"], answer.headers["vary"]) == (
        200,
        accept,
        "Accept, Accept-Language",
    )
