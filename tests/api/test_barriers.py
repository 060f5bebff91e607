"""Barriers over HTTP: lists in every format, pages, one barrier, votes, moderation, kinds."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from typing import Any
from uuid import uuid4

import httpx
import jsonschema
import pytest

from accessibility.kind_words import KIND_WORDS, SEVERITY_WORDS
from accessibility.kinds import KINDS
from accessibility.profiles import built_in
from api import exports
from api.languages import wanted
from tests.api.city import SPOT, City, new_key, north
from tests.api.test_routes import problem_of

GPX = "{http://www.topografix.com/GPX/1/1}"
PROPERTIES = {
    "id", "kind", "severity", "standing", "from", "until", "measured", "votes", "reports", "revision", "effect",
    "photos", "complaint_id", "updated_at",
}  # fmt: skip
AROUND = f"{SPOT[0] - 0.01},{SPOT[1] - 0.01},{SPOT[0] + 0.01},{SPOT[1] + 0.01}"


async def ids(city: City, **query: Any) -> list[str]:
    answer = await city.get("/v1/barriers", **query)
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


async def test_a_barrier_has_everything_the_contract_names(city: City) -> None:
    report = await city.report(measured={"kerb_m": 0.12}, note="not for everybody")
    answer = await city.get(f"/v1/barriers/{report['barrier_id']}")
    assert answer.headers["content-type"] == "application/geo+json"
    found = answer.json()
    assert found["type"] == "Feature"
    assert found["geometry"] == {"type": "Point", "coordinates": SPOT}
    assert found["attribution"] == "© OpenStreetMap contributors"
    shown = found["properties"]
    assert shown.keys() >= PROPERTIES
    assert (shown["id"], shown["complaint_id"]) == (report["barrier_id"], report["complaint_id"])
    assert shown["votes"] == {"still_there": 0, "gone": 0, "unsure": 0}
    assert (shown["reports"], shown["revision"], shown["photos"]) == (1, 1, [])
    assert shown["measured"] == {"kerb_m": 0.12}
    assert shown["effects"].keys() == built_in.keys()
    assert "not for everybody" not in answer.text


async def test_effects_are_what_routes_do(city: City) -> None:
    """A suspected barrier costs, a confirmed one blocks whom its kind stops, a measured one asks the person's limit."""
    report = await city.report(kind="construction")
    await city.here.fresh(report["revision"])
    assert (await city.barrier(report["barrier_id"]))["effect"] == "penalised"
    await city.moderate(report["barrier_id"], "confirm")
    shown = await city.barrier(report["barrier_id"])
    assert shown["effect"] == "blocked"
    assert (shown["effects"]["manual_wheelchair"], shown["effects"]["walk"]) == ("blocked", "penalised")
    kerb = await city.report(await city.key("moderator"), at=north(40), measured={"kerb_m": 0.05})
    effects = (await city.barrier(kerb["barrier_id"]))["effects"]
    assert (effects["manual_wheelchair"], effects["walk"]) == ("blocked", "none")
    await city.moderate(report["barrier_id"], "refute")
    assert (await city.barrier(report["barrier_id"]))["effect"] == "none"


async def test_what_lies_on_no_way_says_so_and_what_lies_beside_does_not(city: City) -> None:
    square = await city.report(kind="obstacle", at=[24.9520, 60.1655])
    toilet = await city.report(kind="toilet_closed")
    for revision in (toilet["revision"],):
        await city.here.fresh(revision)
    nearest = city.here.router.placer.nearest(24.9520, 60.1655)
    assert nearest is not None
    assert (await city.barrier(square["barrier_id"]))["effect"] == (
        "unmatched" if nearest.distance_m > 25 else "penalised"
    )
    assert (await city.barrier(toilet["barrier_id"]))["effect"] == "none"


async def test_the_list_is_geojson_with_filters(city: City) -> None:
    kerb = await city.report()
    works = await city.report(kind="construction", at=north(60))
    await city.moderate(works["barrier_id"], "confirm")
    far = await city.report(kind="other", at=[24.9300, 60.1650])
    everything = [kerb["barrier_id"], works["barrier_id"], far["barrier_id"]]
    found = (await city.get("/v1/barriers")).json()
    assert found["type"] == "FeatureCollection"
    assert found["next"] is None
    assert found["revision"] == 4
    assert found["attribution"] == "© OpenStreetMap contributors"
    assert [feature["id"] for feature in found["features"]] == everything
    assert all(feature["properties"].keys() >= PROPERTIES for feature in found["features"])
    assert await ids(city, bbox=AROUND) == everything[:2]
    assert await ids(city, bbox="24,59,24.5,59.5") == []
    assert await ids(city, kind="construction") == everything[1:2]
    assert await ids(city, kind="construction,other") == everything[1:]
    assert await ids(city, standing="confirmed") == everything[1:2]
    assert await ids(city, standing="suspected, cleared") == [everything[0], everything[2]]
    assert await ids(city, since_revision=0) == everything
    assert await ids(city, since_revision=2) == everything[1:], "what changed after revision 2"
    assert await ids(city, since_revision=4) == []


async def test_pages_follow_each_other_without_gap_or_repeat(city: City) -> None:
    made = [(await city.report(at=north(15 * n)))["barrier_id"] for n in range(7)]
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3, "bbox": AROUND}
    for size in (3, 3, 1):
        answer = await city.get("/v1/barriers", **query)
        page = answer.json()
        seen += [feature["id"] for feature in page["features"]]
        assert len(page["features"]) == size
        if page["next"] is not None:
            link = answer.headers["link"]
            assert link.endswith('>; rel="next"')
            followed = await city.client.get(link[1 : link.index(">")])
            query["cursor"] = page["next"]
            assert (await city.get("/v1/barriers", **query)).json() == followed.json()
    assert seen == made
    assert page["next"] is None
    assert len(await ids(city, limit=7)) == 7
    assert (await city.get("/v1/barriers", limit=7)).json()["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "24,60,25"},
        {"bbox": "25,60,24,61"},
        {"bbox": "24,61,25,60"},
        {"bbox": "24,60,25,inf"},
        {"bbox": "24,60,nan,61"},
        {"bbox": "-181,60,25,61"},
        {"bbox": ""},
        {"bbox": "a,b,c,d"},
        {"kind": "dragon"},
        {"kind": ""},
        {"standing": "perhaps"},
        {"since_revision": "-1"},
        {"since_revision": "x"},
        {"since_revision": "9" * 30},
        {"limit": "0"},
        {"limit": "1001"},
        {"limit": "ten"},
        {"cursor": "not-a-cursor"},
        {"cursor": "x" * 100},
        {"format": "kml"},
        {"colour": "red"},
    ],
    ids=str,
)
async def test_queries_that_mean_nothing(app_client: httpx.AsyncClient, query: dict[str, str]) -> None:
    found = problem_of(await app_client.get("/v1/barriers", params=query), 400, "invalid_query")
    assert found["errors"][0]["field"] == next(iter(query))


async def test_nearby_is_within_fifty_metres_the_nearest_first(city: City) -> None:
    for metres in (45, 5, 60, 25):
        await city.report(at=north(metres))
    cleared = await city.report(kind="other", at=north(10))
    await city.moderate(cleared["barrier_id"], "refute")
    answer = await city.get("/v1/barriers/nearby", at=f"{SPOT[0]},{SPOT[1]}")
    away = [feature["properties"]["distance_m"] for feature in answer.json()["features"]]
    assert away == pytest.approx([5, 25, 45], abs=0.2)
    only = await city.get("/v1/barriers/nearby", at=f"{SPOT[0]},{SPOT[1]}", kind="other")
    assert only.json()["features"] == []
    for wrong in ({}, {"at": "1"}, {"at": "24,95"}, {"at": "200,60"}, {"at": "24.9,60.1", "kind": "dragon"}):
        problem_of(await city.get("/v1/barriers/nearby", **wrong), 400, "invalid_query")


async def test_csv_opens_in_a_spreadsheet_and_runs_nothing(city: City) -> None:
    await city.report(measured={"kerb_m": 0.1})
    await city.close(reason='=HYPERLINK("http://evil.example","x")')
    for asked in ({"params": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}):
        answer = await city.client.get("/v1/barriers", **asked)  # type: ignore[arg-type]
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert [row["kind"] for row in rows] == ["kerb_too_high", "closure"]
        assert (float(rows[0]["lon"]), float(rows[0]["lat"])) == tuple(SPOT)
        assert rows[0]["kerb_m"] == "0.1"
        assert rows[0]["effect"] in ("penalised", "unmatched")
        assert rows[1]["reason"] == '\'=HYPERLINK("http://evil.example","x")'
        assert rows[0]["updated_at"].endswith("Z")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("|cmd", "'|cmd"),
        ("plain", "plain"),
        ("a=b", "a=b"),
        (-24.5, "-24.5"),
        (True, "true"),
        (None, ""),
    ],
)
def test_cells(value: Any, shown: str) -> None:
    assert exports.cell(value) == shown


async def test_gpx_is_xml_whatever_people_write(city: City) -> None:
    await city.close(reason='Fish & <chips> "today"\x0b\ufffe')
    answer = await city.get("/v1/barriers", format="gpx")
    assert answer.headers["content-type"] == "application/gpx+xml"
    tree = ET.fromstring(answer.content)
    point = tree.find(f"{GPX}wpt")
    assert point is not None
    assert (float(point.attrib["lon"]), float(point.attrib["lat"])) == pytest.approx(tuple(SPOT))
    assert point.findtext(f"{GPX}name") == "Closed by the city"
    assert 'Fish & <chips> "today"' in (point.findtext(f"{GPX}desc") or "")
    assert [child.tag.removeprefix(GPX) for child in point] == ["time", "name", "desc", "type"], "the schema's order"


async def test_formats_by_accept(city: City) -> None:
    for accept, media in {
        "*/*": "application/geo+json",
        "application/json": "application/json",
        "application/geo+json": "application/geo+json",
        "application/gpx+xml": "application/gpx+xml",
        "text/html, */*;q=0.1": "application/geo+json",
    }.items():
        answer = await city.client.get("/v1/barriers", headers={"Accept": accept})
        assert answer.headers["content-type"] == media
    refused = await city.client.get("/v1/barriers", headers={"Accept": "image/png"})
    problem_of(refused, 406, "not_acceptable")


async def test_what_is_not_there(city: City) -> None:
    problem_of(await city.get(f"/v1/barriers/{uuid4()}"), 404, "not_found")
    problem_of(await city.get("/v1/barriers/not-an-id"), 404, "not_found")
    voter = (await city.report())["reporter_token"]
    problem_of(await city.post(f"/v1/barriers/{uuid4()}/votes", {"vote": "gone"}, voter), 404, "not_found")


async def test_unchanged_is_304(city: City) -> None:
    report = await city.report()
    for path in ("/v1/barriers", f"/v1/barriers/{report['barrier_id']}", "/v1/kinds"):
        first = await city.get(path)
        again = await city.client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    await city.moderate(report["barrier_id"], "confirm")
    changed = await city.client.get("/v1/barriers", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


async def test_one_vote_per_reporter_changeable(city: City) -> None:
    report = await city.report()
    barrier_id, token = report["barrier_id"], report["reporter_token"]
    problem_of(await city.post(f"/v1/barriers/{barrier_id}/votes", {"vote": "gone"}), 401, "unauthorized")
    for vote in ("still_there", "gone", "unsure", "gone"):
        found = await city.vote(barrier_id, vote, token)
        assert found.keys() == {"barrier_id", "standing", "votes", "revision"}
        assert found["votes"][vote] == sum(found["votes"].values()) == 1
    other = (await city.report(at=north(200)))["reporter_token"]
    assert (await city.vote(barrier_id, "gone", other))["votes"]["gone"] == 2
    assert (await city.barrier(barrier_id))["standing"] == "suspected", "unverified votes are shown, they do not count"
    for body in ({}, {"vote": "maybe"}, {"vote": None}, {"vote": "gone", "why": "x"}, [], {"vote": ["gone"]}):
        problem_of(await city.post(f"/v1/barriers/{barrier_id}/votes", body, token), 400, "invalid_field")
    key = {"Idempotency-Key": new_key()}
    path = f"/v1/barriers/{barrier_id}/votes"
    answers = [await city.post(path, {"vote": "gone"}, token, key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    problem_of(await city.post(path, {"vote": "unsure"}, token, key), 409, "idempotency_conflict")


async def test_three_verified_reporters_confirm_and_three_clear(city: City) -> None:
    verified = [await city.key("reporter", fresh=True) for _ in range(3)]
    barrier_id = (await city.report())["barrier_id"]
    standings = [(await city.vote(barrier_id, "still_there", key))["standing"] for key in verified]
    assert standings == ["suspected", "suspected", "confirmed"]
    standings = [(await city.vote(barrier_id, "gone", key))["standing"] for key in verified]
    assert standings == ["confirmed", "confirmed", "cleared"]


async def test_moderators_decide(city: City) -> None:
    barrier_id = (await city.report())["barrier_id"]
    path = f"/v1/barriers/{barrier_id}/moderate"
    for key, status, code in ((None, 401, "unauthorized"), (await city.key("crew", "roads"), 403, "forbidden")):
        problem_of(await city.post(path, {"action": "confirm"}, key), status, code)
    assert (await city.moderate(barrier_id, "confirm"))["standing"] == "confirmed"
    moderator = await city.key("moderator")
    why = {"action": "refute", "reason": "I was there: nothing in the way."}
    assert (await city.post(path, why, moderator)).json()["standing"] == "refuted"
    decided = (await city.barrier(barrier_id, moderator))["moderation"]
    assert [(one["action"], one["reason"]) for one in decided] == [("confirm", None), ("refute", why["reason"])]
    assert "moderation" not in await city.barrier(barrier_id), "why is for moderators"
    assert "moderation" not in await city.barrier(barrier_id, await city.key("crew", "roads"))
    assert why["reason"] not in str(await city.rows("SELECT * FROM stepfree.audit"))
    for action in ("merge", "split", "blur"):
        found = problem_of(await city.post(path, {"action": action}, moderator), 400, "not_yet_supported")
        assert found["errors"][0]["field"] == "action"
    asked = {"action": "merge", "into": str(uuid4())}
    problem_of(await city.post(path, asked, moderator), 400, "not_yet_supported")
    for body in ({}, {"action": "bless"}, {"action": "hide", "reason": ""}, {"action": "hide", "into": "x"}):
        problem_of(await city.post(path, body, moderator), 400, "invalid_field")
    missing = await city.post(f"/v1/barriers/{uuid4()}/moderate", {"action": "hide"}, moderator)
    problem_of(missing, 404, "not_found")


async def test_what_is_hidden_is_gone_for_the_public(city: City) -> None:
    report = await city.report(kind="construction")
    barrier_id = report["barrier_id"]
    await city.moderate(barrier_id, "confirm")
    hidden = await city.moderate(barrier_id, "hide")
    problem_of(await city.get(f"/v1/barriers/{barrier_id}"), 404, "not_found")
    assert await ids(city) == []
    assert (await city.get("/v1/barriers/nearby", at=f"{SPOT[0]},{SPOT[1]}")).json()["features"] == []
    token = report["reporter_token"]
    problem_of(await city.post(f"/v1/barriers/{barrier_id}/votes", {"vote": "gone"}, token), 404, "not_found")
    shown = await city.barrier(barrier_id, await city.key("moderator"))
    assert (shown["standing"], shown["effect"]) == ("confirmed", "none")
    back = await city.moderate(barrier_id, "unhide")
    assert back["revision"] == hidden["revision"] + 1
    assert await ids(city) == [barrier_id]


async def test_kinds_are_data(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.get("/v1/kinds")
    found = answer.json()
    assert [kind["kind"] for kind in found["kinds"]] == list(KINDS)
    kerb = next(kind for kind in found["kinds"] if kind["kind"] == "kerb_too_high")
    assert (kerb["word"], kerb["group"], kerb["class"], kerb["measured"]) == ("Kerb too high", "kerb", "P2", "kerb_m")
    assert kerb["effects"]["manual_wheelchair"] == {"concerns": True, "blocks_from_severity": 1}
    assert kerb["effects"]["cane_elderly"] == {"concerns": True, "penalty_s": 30}
    assert kerb["effects"]["walk"] == {"concerns": False}
    assert kerb["lifetime_s"] is None
    lift = next(kind for kind in found["kinds"] if kind["kind"] == "lift_out_of_order")
    assert (lift["lifetime_s"], lift["asked_again"], lift["class"]) == (86_400, True, "P1")
    closure = found["kinds"][[kind["kind"] for kind in found["kinds"]].index("closure")]
    assert (closure["operators_only"], closure["class"]) == (True, None)
    assert all(kind["effects"].keys() == built_in.keys() for kind in found["kinds"])
    assert [one["severity"] for one in found["severities"]] == [1, 2, 3, 4]


async def test_kinds_speak_three_languages_and_codes_never_change(app_client: httpx.AsyncClient) -> None:
    for language, column in (("en", 0), ("zh-Hans", 1), ("de", 2)):
        answer = await app_client.get("/v1/kinds", headers={"Accept-Language": language})
        found = answer.json()
        assert (found["language"], answer.headers["content-language"]) == (language, language)
        assert [kind["word"] for kind in found["kinds"]] == [KIND_WORDS[code][column] for code in KINDS]
        assert [one["word"] for one in found["severities"]] == [words[column] for words in SEVERITY_WORDS.values()]
        assert [kind["kind"] for kind in found["kinds"]] == list(KINDS)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "en"),
        ("de-AT", "de"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("zh-TW", "en"),
        ("fr, de;q=0.5, zh-CN;q=0.8", "zh-Hans"),
        ("de;q=0", "en"),
        ("de;q=x", "en"),
        ("fr;q=1, en;q=0.2, de;q=0.9", "de"),
        ("*", "en"),
        (";;,,=", "en"),
    ],
)
def test_the_language_that_is_wanted(header: str | None, language: str) -> None:
    assert wanted(header) == language


async def test_answers_match_their_schema(city: City) -> None:
    report = await city.report(measured={"width_m": 0.7})
    await city.close()
    document = (await city.get("/openapi.json")).json()
    asked = {
        "/v1/barriers": "/v1/barriers",
        "/v1/barriers/nearby": f"/v1/barriers/nearby?at={SPOT[0]},{SPOT[1]}",
        "/v1/barriers/{barrier_id}": f"/v1/barriers/{report['barrier_id']}",
        "/v1/kinds": "/v1/kinds",
    }
    for path, address in asked.items():
        content = document["paths"][path]["get"]["responses"]["200"]["content"]
        schema = next(iter(content.values()))["schema"] | {"components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate((await city.client.get(address)).json())
