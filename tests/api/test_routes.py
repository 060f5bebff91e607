"""Routing over HTTP: the answers of CONTRACT §4, and what is refused."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar import Litestar

from accessibility.barriers import Barrier
from accessibility.profiles import Limits, Options, built_in
from api.running import Running
from api.wire import LimitOverrides, RoutesAnswer
from tests.support.serving import served

HERE = [24.9414, 60.1719]
THERE = [24.9520, 60.1700]
QUERY: dict[str, Any] = {"waypoints": [HERE, THERE], "profile": "manual_wheelchair"}


async def ask(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await client.post("/v1/routes", json=QUERY | changes)


def problem_of(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem, after checking that it is a whole one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found: dict[str, Any] = answer.json()
    assert (answer.status_code, found["status"], found["code"]) == (status, status, code)
    assert {"type", "title", "detail", "request_id"} <= found.keys()
    assert found["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    return found


async def test_a_route_has_everything_the_contract_names(app_client: httpx.AsyncClient) -> None:
    answer = await ask(app_client)
    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] in ("ok", "least_bad")
    assert found["attribution"] == "© OpenStreetMap contributors"
    assert found["as_of"]["revision"] == 0
    assert datetime.fromisoformat(found["as_of"]["at"]).utcoffset() is not None
    assert msgspec.convert(found["limits_used"], Limits) == built_in["manual_wheelchair"].limits
    assert found["options_used"] == {"assisted": False, "guided": False, "carry": False, "double": False}
    assert [len(one["location"]) for one in found["snapped"]] == [2, 2]
    route = found["routes"][0]
    line = route["geometry"]["coordinates"]
    assert route["geometry"]["type"] == "LineString"
    spans = [segment["geometry_index"] for segment in route["segments"]]
    assert spans[0][0] == 0
    assert spans[-1][1] == len(line) - 1
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    assert all(segment["way_id"] or segment["area_id"] for segment in route["segments"])
    assert all(segment["node_ids"] for segment in route["segments"])
    assert [route["legs"][0]["steps"][i]["kind"] for i in (0, -1)] == ["depart", "arrive"]
    assert {"step_free", "confidence", "unknown_share", "surface_m"} <= route["summary"].keys()
    msgspec.json.decode(answer.content, type=RoutesAnswer)


async def test_the_map_of_the_answer_is_the_map_that_is_ready(app_client: httpx.AsyncClient) -> None:
    ready = (await app_client.get("/health/ready")).json()
    assert (await ask(app_client)).json()["as_of"]["map"] == ready["map"]


async def test_via_points_give_a_leg_each(app_client: httpx.AsyncClient) -> None:
    via = {"at": [24.9455, 60.1690], "level": 0, "heading": 90}
    found = (await ask(app_client, waypoints=[HERE, via, THERE])).json()
    assert len(found["routes"][0]["legs"]) == 2
    assert len(found["snapped"]) == 3


async def test_own_limits_change_what_is_used_and_null_lifts_one(app_client: httpx.AsyncClient) -> None:
    own = {"kerb_max_m": 0.06, "incline_up_max": None, "incline_up_short_max": None, "surfaces_refused": ["sand"]}
    found = (await ask(app_client, limits=own)).json()
    assert own.items() <= found["limits_used"].items()
    assert found["limits_used"]["width_min_m"] == 0.9


async def test_own_speed_changes_the_time_and_not_the_way(app_client: httpx.AsyncClient) -> None:
    slow, fast = [(await ask(app_client, speed_mps=speed)).json()["routes"][0] for speed in (0.4, 0.8)]
    assert slow["duration_s"] > 1.5 * fast["duration_s"]
    assert slow["geometry"] == fast["geometry"]


async def test_options_are_echoed(app_client: httpx.AsyncClient) -> None:
    found = (await ask(app_client, options={"assisted": True})).json()
    assert found["options_used"]["assisted"] is True
    assert found["limits_used"]["kerb_max_m"] == 0.06


async def test_an_option_of_another_profile_is_refused(app_client: httpx.AsyncClient) -> None:
    found = problem_of(await ask(app_client, options={"carry": True}), 400, "bad_request")
    assert found["errors"][0]["field"] == "options.carry"


def test_overrides_have_a_field_for_every_limit() -> None:
    assert LimitOverrides.__struct_fields__ == Limits.__struct_fields__
    assert set(msgspec.structs.asdict(Options())) == {"assisted", "guided", "carry", "double"}


@pytest.mark.parametrize(
    ("field", "neutral"),
    [
        ("prefer", None),
        ("prefer", {}),
        ("prefer", {"seat_every_m": None, "lit": False, "shade": False}),
        ("avoid", None),
        ("avoid", {"type": "MultiPolygon", "coordinates": []}),
        ("avoid", {"type": "Polygon", "coordinates": []}),
        ("alternatives", 0),
        ("range_m", None),
        ("return", False),
        ("depart_at", None),
        ("language", None),
        ("language", "en"),
        ("language", "en-GB"),
        ("language", "fi"),
        ("units", "metric"),
        ("units", "imperial"),
        ("units", "steps"),
        ("explain", False),
        ("min_revision", None),
        ("min_revision", 0),
        ("limits", {}),
        ("limits", None),
        ("options", {"assisted": False, "guided": False, "carry": False, "double": False}),
        ("speed_mps", None),
        ("unknown", "warn"),
        ("unknown", "avoid"),
        ("unknown", "allow"),
    ],
)
async def test_neutral_values_pass(app_client: httpx.AsyncClient, field: str, neutral: object) -> None:
    assert (await ask(app_client, **{field: neutral})).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("prefer", {"shade": True}, "prefer.shade"),
    ],
)
async def test_what_is_not_built_is_refused_by_name(
    app_client: httpx.AsyncClient, field: str, value: object, named: str
) -> None:
    found = problem_of(await ask(app_client, **{field: value}), 400, "not_yet_supported")
    assert found["errors"][0]["field"] == named


async def test_the_way_back_when_asked_for(app_client: httpx.AsyncClient) -> None:
    plain, both = (await ask(app_client)).json(), (await ask(app_client, **{"return": True})).json()
    assert "return" not in plain
    assert plain["routes"][0]["summary"]["return"] == both["return"]["status"] == "ok"
    back = both["return"]["route"]
    assert back["geometry"]["coordinates"][0] == both["routes"][0]["geometry"]["coordinates"][-1]
    assert back["legs"][0]["steps"][-1]["kind"] == "arrive"
    msgspec.json.decode(msgspec.json.encode(both), type=RoutesAnswer)


async def test_an_explained_route_says_which_rules_spoke(app_client: httpx.AsyncClient) -> None:
    plain, told = (await ask(app_client)).json()["routes"][0], (await ask(app_client, explain=True)).json()["routes"][0]
    assert plain["geometry"] == told["geometry"]
    assert "not_taken" not in plain
    assert all(segment["because"] == [] and "findings" not in segment for segment in plain["segments"])
    assert any(segment["because"] for segment in told["segments"])
    assert all(segment["because"] == [one["code"] for one in segment["findings"]] for segment in told["segments"])
    assert all({"norm", "item", "state", "value"} == one.keys() for one in told["segments"][0]["norms"])
    if told["not_taken"] is not None:
        assert told["not_taken"]["distance_m"] < told["distance_m"]


async def test_a_revision_that_does_not_exist_is_refused(app_client: httpx.AsyncClient) -> None:
    problem_of(await ask(app_client, min_revision=1), 400, "revision_unknown")


async def test_the_route_keeps_out_of_what_it_is_to_avoid(app_client: httpx.AsyncClient) -> None:
    route = (await ask(app_client)).json()["routes"][0]
    line = route["geometry"]["coordinates"]
    lon, lat = line[len(line) // 2]
    ring = [[lon + x, lat + y] for x, y in ((-2e-4, -1e-4), (2e-4, -1e-4), (2e-4, 1e-4), (-2e-4, 1e-4), (-2e-4, -1e-4))]
    other = (await ask(app_client, avoid={"type": "Polygon", "coordinates": [ring]})).json()["routes"][0]
    inside = [(x, y) for x, y in other["geometry"]["coordinates"] if abs(x - lon) < 1.9e-4 and abs(y - lat) < 0.9e-4]
    assert not inside


FIRST_WORDS = {"en": "Start towards", "de": "Starten Sie", "zh-Hans": "沿"}


@pytest.mark.parametrize(
    ("body", "header", "language"),
    [
        (None, None, "en"),
        (None, "de", "de"),
        (None, "fr, de-AT;q=0.8, en;q=0.5", "de"),
        (None, "zh-CN", "zh-Hans"),
        (None, "zh-TW", "en"),
        (None, "de;q=0", "en"),
        ("de", None, "de"),
        ("de-CH", "zh", "de"),
        ("zh", None, "zh-Hans"),
        ("zh-SG", "de", "zh-Hans"),
        ("ZH-hans", None, "zh-Hans"),
        ("en-GB", "de", "en"),
        ("fi", "de", "en"),
    ],
)
async def test_the_language_of_the_steps(
    app_client: httpx.AsyncClient, body: str | None, header: str | None, language: str
) -> None:
    headers = {} if header is None else {"Accept-Language": header}
    answer = await app_client.post("/v1/routes", json=QUERY | {"language": body}, headers=headers)
    assert answer.status_code == 200
    assert (answer.headers["content-language"], answer.headers["vary"]) == (language, "Accept, Accept-Language")
    step = answer.json()["routes"][0]["legs"][0]["steps"][0]
    assert step["kind"] == "depart"
    assert step["text"].startswith(FIRST_WORDS[language])


async def test_nothing_but_words_changes_with_language_and_units(app_client: httpx.AsyncClient) -> None:
    def without_words(answer: httpx.Response) -> object:
        found = answer.json()
        del found["as_of"]
        for step in found["routes"][0]["legs"][0]["steps"]:
            del step["text"], step["spoken"], step["short"]
        return found

    plain = await ask(app_client)
    for language, units in (("de", "metric"), ("zh-Hans", "steps"), ("en", "imperial")):
        other = await ask(app_client, language=language, units=units)
        assert without_words(other) == without_words(plain)
        assert other.json()["routes"][0]["legs"][0]["steps"] != plain.json()["routes"][0]["legs"][0]["steps"]


@pytest.mark.parametrize(
    ("profile", "units", "said"),
    [
        ("walk", "imperial", r"Go \d+ ft\."),
        ("walk", "steps", r"Go \d+ paces\."),
        ("manual_wheelchair", "steps", r"Go \d+ m\."),
        ("walk", "metric", r"Go \d+ m\."),
    ],
)
async def test_units_of_the_steps(app_client: httpx.AsyncClient, profile: str, units: str, said: str) -> None:
    steps = (await ask(app_client, profile=profile, units=units)).json()["routes"][0]["legs"][0]["steps"]
    assert any(re.search(said, step["text"]) for step in steps)
    assert not any(re.search(r"\b(m|ft|km|mi)\b", step["spoken"]) for step in steps)


async def test_the_way_back_speaks_the_same_language(app_client: httpx.AsyncClient) -> None:
    back = (await ask(app_client, language="de", **{"return": True})).json()["return"]["route"]
    assert back["legs"][0]["steps"][-1]["text"] == "Sie sind am Ziel."


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*;q=0.2, text/html", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/geo+json", 200),
        ("application/gpx+xml", 200),
        ("image/svg+xml", 200),
        ("image/png", 200),
        ("application/json;q=0", 406),
        ("application/json;q=0, */*", 200),
        ("application/json;q=0.0, application/geo+json;q=0, application/gpx+xml;q=0, image/*;q=0", 406),
        ("image/jpeg", 406),
        ("application/pdf, text/html", 406),
        ("nonsense", 406),
    ],
)
async def test_accept(app_client: httpx.AsyncClient, accept: str, status: int) -> None:
    answer = await app_client.post("/v1/routes", json=QUERY, headers={"Accept": accept})
    assert answer.status_code == status
    if status == 406:
        offered = ["application/json", "application/geo+json", "application/gpx+xml", "image/svg+xml", "image/png"]
        assert problem_of(answer, 406, "not_acceptable")["supported"] == offered
    else:
        assert answer.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json, application/geo+json", "application/json"),
        ("application/json;q=0.5, application/geo+json", "application/geo+json"),
        ("application/gpx+xml;q=0.9, application/geo+json;q=0.8, */*;q=0.1", "application/gpx+xml"),
        ("application/json;q=0, */*", "application/geo+json"),
        ("*/*;q=0.9, application/json;q=0.2", "application/geo+json"),
        ("APPLICATION/GPX+XML", "application/gpx+xml"),
        ("application/gpx+xml;q=1.0;x=y, application/json;q=0.999", "application/gpx+xml"),
        ("application/gpx+xml;q=0.001, text/html", "application/gpx+xml"),
        ("image/*", "image/svg+xml"),
        ("image/svg+xml;q=0.3, image/*", "image/png"),
        ("image/avif, image/png;q=0.8, */*;q=0.5", "image/png"),
    ],
)
async def test_the_format_that_is_wanted_most_comes(app_client: httpx.AsyncClient, accept: str, media: str) -> None:
    answer = await app_client.post("/v1/routes", json=QUERY, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)


@pytest.mark.parametrize("accept", ["application/geo+json", "application/gpx+xml", "image/svg+xml", "image/png"])
async def test_a_refusal_is_a_problem_whatever_was_wanted(app_client: httpx.AsyncClient, accept: str) -> None:
    headers = {"Accept": accept}
    unknown = await app_client.post("/v1/routes", json=QUERY | {"profile": "hovercraft"}, headers=headers)
    problem_of(unknown, 400, "unknown_profile")
    outside = await app_client.post("/v1/routes", json=QUERY | {"waypoints": [HERE, [24.95, 60.30]]}, headers=headers)
    problem_of(outside, 422, "outside_map")


async def test_an_unknown_profile_is_refused_with_the_known_ones(app_client: httpx.AsyncClient) -> None:
    found = problem_of(await ask(app_client, profile="hovercraft"), 400, "unknown_profile")
    assert found["known"] == list(built_in)


async def test_a_waypoint_off_the_map_is_named(app_client: httpx.AsyncClient) -> None:
    found = problem_of(await ask(app_client, waypoints=[HERE, [24.95, 60.30]]), 422, "outside_map")
    assert found["waypoint"] == 1


async def test_places_too_far_apart_are_refused(app_client: httpx.AsyncClient) -> None:
    problem_of(await ask(app_client, waypoints=[HERE, [24.9, 62.0]]), 400, "invalid_field")
    problem_of(await ask(app_client, waypoints=[[179.9, 60], [-179.9, 60]]), 422, "outside_map")


async def test_profiles_carry_their_numbers_and_sources(app_client: httpx.AsyncClient) -> None:
    found = (await app_client.get("/v1/profiles")).json()["profiles"]
    assert [profile["id"] for profile in found] == list(built_in)
    manual = found[0]
    assert manual["limits"]["kerb_max_m"] == 0.03
    assert manual["sources"]["kerb_max_m"]
    assert manual["tested_with_users"] is False


async def test_the_loop_stays_free_and_a_cancelled_question_leaves_nothing(app: Litestar) -> None:
    """Many questions at once, most of them given up: the engine's queue drains and its metrics can still be changed."""
    async with served(app) as client:
        tasks = [asyncio.create_task(ask(client)) for _ in range(40)]
        await asyncio.sleep(0.02)
        for task in tasks[5:]:
            task.cancel()
        live = await client.get("/health/live")
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert live.status_code == 200
        assert all(isinstance(one, asyncio.CancelledError) or one.status_code == 200 for one in done)  # type: ignore[union-attr]
        before = next(one for one in done if isinstance(one, httpx.Response)).json()["routes"][0]
        running: Running = app.state["running"]
        await asyncio.to_thread(running.router.apply, [_closure(before)], 1)
        after = (await asyncio.wait_for(ask(client), timeout=30)).json()["routes"][0]
        assert after["geometry"] != before["geometry"], "weights could not be changed: a search still holds them"


def _closure(route: dict[str, Any]) -> Barrier:
    """The middle of the route is closed."""
    line = route["geometry"]["coordinates"]
    lon, lat = line[len(line) // 2]
    spot = {"type": "Point", "coordinates": [lon, lat]}
    return Barrier(uuid4(), "closure", 4, (lon, lat), spot, standing="confirmed", active=True, revision=1)


async def test_more_new_limits_than_can_be_weighed_are_to_come_again(
    app: Litestar, app_client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who borrows, and everybody known, is answered all the same."""
    assert (await ask(app_client)).status_code == 200
    running: Running = app.state["running"]
    monkeypatch.setattr(running.router.regulars._budget, "spend", lambda: False)
    refused = await ask(app_client, limits={"steps_max": 7, "surfaces_refused": ["tiles"]})
    problem_of(refused, 503, "overloaded")
    assert refused.headers["retry-after"] == "1"
    assert (await ask(app_client, limits={"width_min_m": 0.901})).status_code == 200
    assert (await ask(app_client)).status_code == 200
