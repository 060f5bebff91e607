"""The first page: works without JavaScript, says what is wrong where it is wrong, escapes everything."""

from __future__ import annotations

import random
import re
from html.parser import HTMLParser
from itertools import pairwise

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar

from api.named_places import CHOICES, NamedPlaces
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.router import Router
from routing.search import Search
from tests.support.serving import asked

FORM = {"from": "24.9414,60.1719", "to": "24.9520,60.1700", "profile": "manual_wheelchair"}


class Page(HTMLParser):
    """The parts of a page that a test asks for."""

    VOID = frozenset({"input", "link", "meta", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1], " ".join(data.split())))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def text(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


async def send(client: httpx.AsyncClient, status: int = 200, **changes: str) -> Page:
    answer = await client.post("/route", data=FORM | changes)
    assert answer.status_code == status
    return Page(answer.text)


def check_accessible(page: Page) -> None:
    """What a screen reader and a keyboard need, on any state of the page."""
    assert page.all("html")[0]["lang"] == "en"
    assert [tag for tag, _ in page.tags if tag in ("header", "main", "footer")] == ["header", "main", "footer"]
    assert len(page.all("h1")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in pairwise(levels)), levels
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {label.get("for") for label in page.all("label")}
    for field in page.all("input") + page.all("select"):
        assert field["id"] in labelled
        for reference in (field.get("aria-describedby") or "").split():
            assert reference in ids
    for link in page.all("a"):
        target = link["href"] or ""
        assert not target.startswith("#") or target[1:] in ids
    assert not page.all("script")
    assert not [attributes for _, attributes in page.tags if any(name.startswith("on") for name in attributes)]
    assert not [attributes for _, attributes in page.tags if "style" in attributes]


async def test_the_first_page_asks_three_things(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.get("/")
    page = Page(answer.text)
    check_accessible(page)
    assert [field["name"] for field in page.all("input") + page.all("select")] == ["from", "to", "profile"]
    assert (page.all("form")[0]["action"], page.all("form")[0]["method"]) == ("/route", "post")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert any("OpenStreetMap" in text for _, text in page.texts)


async def test_a_route_is_a_list_of_steps(app_client: httpx.AsyncClient) -> None:
    page = await send(app_client)
    check_accessible(page)
    steps = page.text("li")
    wanted = await app_client.post(
        "/v1/routes", json={"waypoints": [[24.9414, 60.1719], [24.9520, 60.1700]], "profile": "manual_wheelchair"}
    )
    route = wanted.json()["routes"][0]
    for step in route["legs"][0]["steps"]:
        assert step["text"] in steps
    assert any("Your route" in text for text in page.text("h2"))


async def test_places_can_be_named(app_client: httpx.AsyncClient) -> None:
    page = await send(app_client, **{"from": "Ateneum", "to": "kaisaniemenkatu"})
    check_accessible(page)
    assert any("Your route" in text for text in page.text("h2"))
    assert {field["value"] for field in page.all("input")} == {"Ateneum", "Kaisaniemenkatu"}


async def test_an_ambiguous_name_offers_what_it_may_mean(app_client: httpx.AsyncClient) -> None:
    page = await send(app_client, **{"from": "esplan"})
    check_accessible(page)
    radios = [field for field in page.all("input") if field["type"] == "radio"]
    assert len(radios) >= 3
    assert "Pohjoisesplanadi" in " ".join(page.text("label"))
    chosen = radios[0]["value"] or ""
    page = await send(app_client, **{"from": chosen})
    assert any("Your route" in text for text in page.text("h2"))


@pytest.mark.parametrize(
    ("field", "value", "status", "words"),
    [
        ("from", "", 400, "Enter a street"),
        ("to", "   ", 400, "Enter a street"),
        ("to", "Timbuktu", 400, "no street or place"),
        ("from", "x" * 201, 400, "longer than 200"),
        ("from", "60.17,224.94", 400, "Longitude comes first"),
        ("to", "2.35,48.85", 400, "more than 100 km"),
        ("from", "24.95,60.60", 422, "more than 500 m"),
        ("profile", "hovercraft", 400, "Choose one of the profiles"),
    ],
)
async def test_an_error_is_told_at_its_field(
    app_client: httpx.AsyncClient, field: str, value: str, status: int, words: str
) -> None:
    page = await send(app_client, status, **{field: value})
    check_accessible(page)
    wrong = [one for one in page.all("input") + page.all("select") if one.get("aria-invalid") == "true"]
    assert [one["name"] for one in wrong] == [field]
    assert any(words in text for text in page.text("p"))
    assert f"#{field}" in {link["href"] for link in page.all("a")}
    assert [attributes for _, attributes in page.tags if attributes.get("role") == "alert"]
    assert page.text("title")[0].startswith("Error: ")


@pytest.mark.parametrize(
    "nasty", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "{{ 7*77777 }}", "\x00\x01", "'"]
)
async def test_everything_is_escaped(app_client: httpx.AsyncClient, nasty: str) -> None:
    answer = await app_client.post("/route", data=FORM | {"from": nasty, "profile": nasty})
    assert answer.status_code == 400
    check_accessible(Page(answer.text))
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "544439" not in answer.text


async def test_what_is_no_form_is_a_problem(app_client: httpx.AsyncClient) -> None:
    assert (await app_client.post("/route", json=FORM)).status_code == 415
    assert (await app_client.post("/route", data={"from": "x" * 1_100_000})).status_code == 413
    assert (await app_client.post("/route", data={})).status_code in (400, 415)
    multipart = await app_client.post("/route", files={name: (None, value) for name, value in FORM.items()})
    assert multipart.status_code == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200),
    media_type=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x"]
    ),
)
def test_broken_forms_never_break_it(app: Litestar, body: bytes, media_type: str) -> None:
    answer = asked(app, "POST", "/route", content=body, media_type=media_type)
    assert 400 <= answer.status_code < 500


async def test_a_reloaded_answer_leads_to_the_form(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.get("/route")
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


async def test_styles_are_served_from_here(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.get("/static/page.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "min-height: 48px" in answer.text
    assert (await app_client.get("/static/../templates/route.html")).status_code == 404
    assert (await app_client.get("/static/%2e%2e/templates/route.html")).status_code == 404


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        digits = colour.lstrip("#")
        digits = "".join(2 * c for c in digits) if len(digits) == 3 else digits
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


async def test_colours_have_contrast_in_light_and_dark(app_client: httpx.AsyncClient) -> None:
    styles = (await app_client.get("/static/page.css")).text
    palettes = [dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{([^}]*)\}", styles)]
    assert len(palettes) == 2
    for palette in palettes:
        for name in ("ink", "quiet", "act", "bad"):
            assert _contrast(palette[name], palette["ground"]) >= 4.5, name
        assert _contrast(palette["ink"], palette["warn"]) >= 4.5
        assert _contrast(palette["line"], palette["ground"]) >= 3


@pytest.fixture(scope="module")
def search(router: Router) -> Search:
    return Search(router.graph, router.plane, router.entrances)


@pytest.fixture
def names(router: Router, search: Search) -> NamedPlaces:
    return NamedPlaces(router, lambda: search)


def test_names_are_found_as_the_search_finds_them(names: NamedPlaces, search: Search) -> None:
    assert [found.name for found in names.exact("ETELAESPLANADI")] == ["Eteläesplanadi"]
    assert names.find("eteläesplan")[0].name == "Eteläesplanadi"
    assert names.find("etelaesplandi")[0].name == "Eteläesplanadi"
    assert names.find("") == []
    assert len(names.find("a")) == CHOICES
    assert [found.name for found in names.find("katu")] == [hit.row.name for hit in search.find("katu", limit=CHOICES)]
    assert names.find("katu")


def test_a_place_is_on_the_street_whose_middle_is_nearest(names: NamedPlaces, sample_graph: StreetGraph) -> None:
    """On the map, beside it and far away from it, held against all named streets at once."""
    graph, chance = sample_graph, random.Random(2)
    named = np.flatnonzero(graph.edge_name >= 0)
    middle = (graph.geom_start[named] + graph.geom_start[named + 1] - 1) // 2
    west, south, east, north = graph.meta.bbox
    for beside in (0.0, 0.02, 0.5):
        for _ in range(40):
            lon = chance.uniform(west - beside, east + beside)
            lat = chance.uniform(south - beside, north + beside)
            away = distance_m(lon, lat, graph.geom_lon[middle], graph.geom_lat[middle])
            near = named[away <= 1.001 * away.min()]
            assert names.street_at(lon, lat) in {graph.names[name] for name in graph.edge_name[near].tolist()}
    assert names.street_at(west + 180.0, -south) is None


@pytest.mark.parametrize(
    ("header", "language", "last"),
    [("de-DE", "de", "Sie sind am Ziel."), ("zh-CN", "zh-Hans", "已到达目的地。"), ("fr", "en", "You have arrived.")],
)
async def test_the_steps_are_in_the_language_of_the_visitor(
    app_client: httpx.AsyncClient, header: str, language: str, last: str
) -> None:
    """A screen reader needs to know: the rest of the page stays English."""
    answer = await app_client.post("/route", data=FORM, headers={"Accept-Language": header})
    page = Page(answer.text)
    assert [attrs.get("lang") for tag, attrs in page.tags if tag == "ol"] == [language]
    assert last in [text for _, text in page.texts]
