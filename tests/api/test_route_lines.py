"""Lines as encoded polylines: Google's own example, and back again for whatever lines there are."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.route_lines import encoded
from tests.api.test_routes import ask, problem_of

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


def decoded(text: str, digits: int) -> list[tuple[float, float]]:
    """The format read number by number, as its description says."""
    numbers: list[int] = []
    value = shift = 0
    for code in text.encode("ascii"):
        value |= ((code - 63) & 31) << shift
        shift += 5
        if code - 63 < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    assert shift == 0
    lat = lon = 0
    found = []
    for north, east in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + north, lon + east
        found.append((lon / 10**digits, lat / 10**digits))
    return found


def test_the_example_of_those_who_made_the_format() -> None:
    line = [(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)]
    assert encoded(line, 5) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


@given(line=st.lists(st.tuples(LON, LAT), min_size=1, max_size=60), digits=st.sampled_from([5, 6]))
def test_a_line_comes_back_vertex_for_vertex(line: list[tuple[float, float]], digits: int) -> None:
    text = encoded(line, digits)
    assert all(63 <= code <= 126 for code in text.encode("ascii"))
    back = decoded(text, digits)
    assert len(back) == len(line)
    for (lon, lat), (x, y) in zip(line, back, strict=True):
        assert (x, y) == pytest.approx((lon, lat), abs=0.51 * 10**-digits)


@given(st.lists(st.sampled_from([(-180.0, -90.0), (180.0, 90.0), (0.0, 0.0), (180.0, -90.0)]), min_size=1, max_size=9))
def test_the_longest_steps_there_are(line: list[tuple[float, float]]) -> None:
    assert decoded(encoded(line, 6), 6) == line


@pytest.mark.parametrize(("geometries", "digits"), [("polyline", 5), ("polyline6", 6)])
async def test_an_answer_with_encoded_lines_is_the_same_answer_in_fewer_bytes(
    app_client: httpx.AsyncClient, geometries: str, digits: int
) -> None:
    wanted: dict[str, Any] = {"explain": True, "return": True}
    plain = await ask(app_client, **wanted)
    short = await ask(app_client, geometries=geometries, **wanted)
    assert len(short.content) < len(plain.content)
    long_body, short_body = plain.json(), short.json()
    pairs = []
    for one, other in (
        (long_body["routes"][0], short_body["routes"][0]),
        (long_body["return"]["route"], short_body["return"]["route"]),
    ):
        pairs.append((one, other))
        if one["not_taken"] is not None:
            pairs.append((one["not_taken"], other["not_taken"]))
    assert len(pairs) > 2, "the straight way is a line too"
    for given_line, text in pairs:
        line, back = given_line.pop("geometry")["coordinates"], decoded(text.pop("geometry"), digits)
        assert len(back) == len(line)
        assert all(b == pytest.approx(a, abs=0.51 * 10**-digits) for a, b in zip(line, back, strict=True))
    for body in (long_body, short_body):
        del body["as_of"]["at"]
    assert long_body == short_body


async def test_geojson_is_the_neutral_value_and_others_are_refused(app_client: httpx.AsyncClient) -> None:
    assert (await ask(app_client, geometries="geojson")).json()["routes"][0]["geometry"]["type"] == "LineString"
    problem = problem_of(await ask(app_client, geometries="wkt"), 400, "invalid_field")
    assert problem["errors"][0]["field"] == "geometries"
