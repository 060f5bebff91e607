"""Whatever is sent, a refusal is a 4xx problem with a code: a table of known nastiness, then random input."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from litestar import Litestar

from api.wire import RouteQuery
from tests.api.test_routes import QUERY, problem_of
from tests.support.serving import asked, served

JSON = {"Content-Type": "application/json"}
GOOD = json.dumps(QUERY)


def changed(**changes: Any) -> bytes:
    return json.dumps(QUERY | changes).encode()


def raw(field: str, text: str) -> bytes:
    """The good question with one more field, spelled as it is."""
    return f'{GOOD[:-1]}, "{field}": {text}}}'.encode()


MALFORMED: dict[str, bytes] = {
    "empty": b"",
    "not json": b"hello",
    "cut off": GOOD.encode()[:-5],
    "two values": GOOD.encode() * 2,
    "comment": GOOD.encode() + b"// no",
    "byte order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "utf-16": GOOD.encode("utf-16"),
    "single quotes": GOOD.replace('"', "'").encode(),
    "nan": raw("speed_mps", "NaN"),
    "infinity": raw("speed_mps", "Infinity"),
    "minus infinity": raw("speed_mps", "-Infinity"),
    "leading zero": raw("alternatives", "00"),
    "hexadecimal": raw("alternatives", "0x0"),
    "invalid utf-8 in a text": raw("language", '"').replace(b'": "', b'": "\xff\xfe'),
    "encoded surrogate": b'{"profile": "\xed\xa0\x80"}',
    "lone surrogate": raw("language", '"\\ud800"'),
    "nul escaped": raw("language", '"\\u0000"'),
    "nul raw": raw("language", '"\x00"'),
    "control character": raw("language", '"\x01"'),
}
INVALID: dict[str, tuple[bytes, str]] = {
    "null": (b"null", "body"),
    "a list": (b"[]", "body"),
    "deep lists": (b"[" * 100_000, "body"),
    "deep objects": (b'{"limits":' + b'{"kerb_max_m":' * 50_000, "limits.kerb_max_m"),
    "a number": (b"3", "body"),
    "nothing in it": (b"{}", "waypoints"),
    "no profile": (b'{"waypoints": [[24.9, 60.1], [24.9, 60.2]]}', "profile"),
    "unknown field": (changed(colour="red"), "colour"),
    "unknown limit": (changed(limits={"fear": 1}), "limits.fear"),
    "unknown option": (changed(options={"fly": True}), "options.fly"),
    "huge exponent": (raw("speed_mps", "1e999"), "speed_mps"),
    "huge negative exponent": (raw("speed_mps", "-1e999"), "speed_mps"),
    "huge integer": (raw("speed_mps", "9" * 400), "speed_mps"),
    "huge coordinate": (b'{"waypoints": [[1e999, 60], [24, 60]], "profile": "walk"}', "waypoints[0][0]"),
    "no waypoints": (changed(waypoints=[]), "waypoints"),
    "one waypoint": (changed(waypoints=[[24.9, 60.1]]), "waypoints"),
    "26 waypoints": (changed(waypoints=[[24.94, 60.17]] * 26), "waypoints"),
    "longitude": (changed(waypoints=[[180.1, 60], [24.9, 60.1]]), "waypoints[0][0]"),
    "latitude": (changed(waypoints=[[24.9, 60], [24.9, -90.1]]), "waypoints[1][1]"),
    "three numbers": (changed(waypoints=[[24.9, 60.1, 5], [24.9, 60.1]]), "waypoints[0]"),
    "one number": (changed(waypoints=[[24.9], [24.9, 60.1]]), "waypoints[0]"),
    "text for a number": (changed(waypoints=[["24.9", 60.1], [24.9, 60.1]]), "waypoints[0][0]"),
    "true for a number": (changed(waypoints=[[True, 60.1], [24.9, 60.1]]), "waypoints[0][0]"),
    "null for a waypoint": (changed(waypoints=[None, [24.9, 60.1]]), "waypoints[0]"),
    "unknown word in a waypoint": (
        changed(waypoints=[{"at": [24.9, 60.1], "floor": 1}, [24.9, 60.1]]),
        "waypoints[0].floor",
    ),
    "waypoint without at": (changed(waypoints=[{"level": 1}, [24.9, 60.1]]), "waypoints[0].at"),
    "heading": (changed(waypoints=[{"at": [24.9, 60.1], "heading": 361}, [24.9, 60.1]]), "waypoints[0].heading"),
    "profile a number": (changed(profile=5), "profile"),
    "profile empty": (changed(profile=""), "profile"),
    "profile long": (changed(profile="x" * 65), "profile"),
    "kerb negative": (changed(limits={"kerb_max_m": -0.01}), "limits.kerb_max_m"),
    "kerb a text": (changed(limits={"kerb_max_m": "3 cm"}), "limits.kerb_max_m"),
    "steps a fraction": (changed(limits={"steps_max": 1.5}), "limits.steps_max"),
    "surface unknown": (changed(limits={"surfaces_refused": ["lava"]}), "limits.surfaces_refused[0]"),
    "surfaces null": (changed(limits={"surfaces_refused": None}), "limits.surfaces_refused"),
    "smoothness unknown": (changed(limits={"smoothness_worst": "nice"}), "limits.smoothness_worst"),
    "speed 0": (changed(speed_mps=0), "speed_mps"),
    "speed of light": (changed(speed_mps=3e8), "speed_mps"),
    "option a number": (changed(options={"assisted": 1}), "options.assisted"),
    "unknown unknown": (changed(unknown="perhaps"), "unknown"),
    "alternatives negative": (changed(alternatives=-1), "alternatives"),
    "alternatives many": (changed(alternatives=6), "alternatives"),
    "alternatives a fraction": (changed(alternatives=0.5), "alternatives"),
    "range short": (changed(range_m=99.9), "range_m"),
    "range long": (changed(range_m=200_001), "range_m"),
    "range a text": (changed(range_m="20 km"), "range_m"),
    "seats everywhere": (changed(prefer={"seat_every_m": 0}), "prefer.seat_every_m"),
    "seats nowhere": (changed(prefer={"seat_every_m": 1e9}), "prefer.seat_every_m"),
    "lit a number": (changed(prefer={"lit": 1}), "prefer.lit"),
    "return a text": (changed(**{"return": "yes"}), "return"),
    "depart_at no date": (changed(depart_at="tomorrow"), "depart_at"),
    "depart_at no zone": (changed(depart_at="2026-11-24T08:00:00"), "depart_at"),
    "units": (changed(units="furlongs"), "units"),
    "revision negative": (changed(min_revision=-1), "min_revision"),
    "revision huge": (raw("min_revision", "1" + "0" * 30), "min_revision"),
    "avoid a point": (changed(avoid={"type": "Point", "coordinates": [24, 60]}), "avoid.type"),
    "avoid a triangle left open": (
        changed(avoid={"type": "Polygon", "coordinates": [[[24, 60], [25, 60], [25, 61]]]}),
        "avoid.coordinates[0]",
    ),
    "avoid too fine": (
        changed(avoid={"type": "MultiPolygon", "coordinates": [[[[24, 60]] * 300], [[[24, 60]] * 300]]}),
        "avoid",
    ),
    "span": (changed(waypoints=[[24.9, 60.1], [24.9, 61.1]]), "waypoints"),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_what_is_not_json_is_malformed(app_client: httpx.AsyncClient, body: bytes) -> None:
    problem_of(await app_client.post("/v1/routes", content=body, headers=JSON), 400, "malformed_json")


@pytest.mark.parametrize(("body", "field"), INVALID.values(), ids=INVALID.keys())
async def test_a_wrong_field_is_named(app_client: httpx.AsyncClient, body: bytes, field: str) -> None:
    found = problem_of(await app_client.post("/v1/routes", content=body, headers=JSON), 400, "invalid_field")
    assert found["errors"] == [{"field": field, "message": found["detail"]}]


async def test_the_good_question_is_good(app_client: httpx.AsyncClient) -> None:
    """Otherwise the tables above would prove nothing."""
    assert (await app_client.post("/v1/routes", content=GOOD, headers=JSON)).status_code == 200
    escaped = await app_client.post("/v1/routes", content=raw("language", '"a\\\\u0000"'), headers=JSON)
    assert escaped.status_code == 200, "an escaped backslash before u0000 is no NUL"


async def _pieces(count: int, size: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        await asyncio.sleep(0)
        yield b" " * size


async def test_a_body_over_the_limit_is_refused_announced_or_not(app_client: httpx.AsyncClient) -> None:
    announced = await app_client.post("/v1/routes", content=b" " * 10_000_000, headers=JSON)
    problem_of(announced, 413, "body_too_large")
    chunked = await app_client.post("/v1/routes", content=_pieces(100, 100_000), headers=JSON)
    problem_of(chunked, 413, "body_too_large")
    just = GOOD.encode().ljust(1_048_576)
    assert (await app_client.post("/v1/routes", content=just, headers=JSON)).status_code == 200
    problem_of(await app_client.post("/v1/routes", content=just + b" ", headers=JSON), 413, "body_too_large")


async def test_the_order_is_413_415_400_422(app_client: httpx.AsyncClient) -> None:
    outside = {"waypoints": [[0, 0], [0.001, 0]], "profile": "walk"}
    text = {"Content-Type": "text/plain"}
    large, small = b"{" * 2_000_000, b"{"
    problem_of(await app_client.post("/v1/routes?x=1", content=large, headers=text), 413, "body_too_large")
    problem_of(await app_client.post("/v1/routes?x=1", content=small, headers=text), 415, "unsupported_media_type")
    problem_of(await app_client.post("/v1/routes?x=1", content=small, headers=JSON), 400, "invalid_query")
    problem_of(await app_client.post("/v1/routes", content=small, headers=JSON), 400, "malformed_json")
    shady = outside | {"prefer": {"shade": True}}
    problem_of(await app_client.post("/v1/routes", json=shady), 400, "not_yet_supported")
    problem_of(await app_client.post("/v1/routes", json=outside), 422, "outside_map")


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ('Application/JSON; charset="UTF-8"', 200),
        ("application/json; charset=utf-16", 415),
        ("text/json", 415),
        ("application/geo+json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("", 415),
        (";;;", 415),
    ],
)
async def test_media_types(app_client: httpx.AsyncClient, media_type: str, status: int) -> None:
    answer = await app_client.post("/v1/routes", content=GOOD, headers={"Content-Type": media_type})
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/v1/profiles", "/health/live", "/health/ready", "/openapi.json", "/metrics"])
async def test_unknown_query_parameters_are_refused(app_client: httpx.AsyncClient, path: str) -> None:
    found = problem_of(await app_client.get(path, params={"nonsense": "1"}), 400, "invalid_query")
    assert found["errors"][0]["field"] == "nonsense"


async def test_unknown_addresses_and_methods_are_problems(app_client: httpx.AsyncClient) -> None:
    problem_of(await app_client.get("/v1/nothing"), 404, "not_found")
    problem_of(await app_client.get("/v1/%00%ff/../x"), 404, "not_found")
    answer = await app_client.get("/v1/routes")
    problem_of(answer, 405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) >= {"POST", "OPTIONS"}
    assert "GET" not in answer.headers["allow"]


async def test_a_failure_of_ours_is_a_problem_without_a_trace(
    app: Litestar, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(question: object) -> None:
        raise ValueError(f"secret {question}")

    async with served(app) as client:
        monkeypatch.setattr(app.state["running"].router, "route", broken)
        answer = await client.post("/v1/routes", json=QUERY)
    problem_of(answer, 500, "internal_error")
    logged = "".join(capsys.readouterr())
    assert "ValueError" in logged
    assert "secret" not in answer.text + logged, "the error's words may quote a person's input"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(["x", *(field.encode_name for field in msgspec.structs.fields(RouteQuery))])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(FIELDS, JSON_VALUES, min_size=1, max_size=3))
@example(changes={"waypoints": [[24.94, 60.17], [24.94, 60.17]]})
@example(changes={"limits": {"kerb_max_m": 0.0}})
def test_random_values_never_break_it(app: Litestar, changes: dict[str, Any]) -> None:
    body = json.dumps(QUERY | changes).encode("utf-8", "surrogatepass")
    _check_never_5xx(app, body)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(GOOD)), put=st.binary(max_size=12), drop=st.integers(0, 12))
def test_damaged_bytes_never_break_it(app: Litestar, cut: int, put: bytes, drop: int) -> None:
    _check_never_5xx(app, GOOD.encode()[:cut] + put + GOOD.encode()[cut + drop :])


def _check_never_5xx(app: Litestar, body: bytes) -> None:
    answer = asked(app, "POST", "/v1/routes", content=body, media_type="application/json")
    if answer.status_code != 200:
        assert 400 <= answer.status_code < 500
        problem_of(answer, answer.status_code, answer.json()["code"])
