"""Around every request: ids, ETag, HEAD, CORS, meters, logs without places."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import httpx
import structlog

from api.logs import start_logs
from tests.api.test_routes import QUERY, ask


async def test_a_get_has_an_etag_and_honours_it(app_client: httpx.AsyncClient) -> None:
    first = await app_client.get("/v1/profiles")
    tag = first.headers["etag"]
    assert re.fullmatch('"[0-9a-f]{24}"', tag)
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await app_client.get("/v1/profiles", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-type" not in again.headers
    other = await app_client.get("/v1/profiles", headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)


async def test_what_is_not_a_good_get_has_no_etag(app_client: httpx.AsyncClient) -> None:
    assert "etag" not in (await app_client.get("/v1/nothing")).headers
    answer = await app_client.post("/v1/routes", json=QUERY, headers={"If-None-Match": "*"})
    assert answer.status_code == 200
    assert "etag" not in answer.headers


async def test_head_is_get_without_the_body(app_client: httpx.AsyncClient) -> None:
    whole, head = await app_client.get("/v1/profiles"), await app_client.head("/v1/profiles")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length"):
        assert head.headers[name] == whole.headers[name]


async def test_any_page_may_ask(app_client: httpx.AsyncClient) -> None:
    for answer in (await ask(app_client), await ask(app_client, profile="none"), await app_client.get("/v1/nothing")):
        assert answer.headers["access-control-allow-origin"] == "*"
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, x-own",
    }
    answer = await app_client.options("/v1/routes", headers=asked)
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "content-type, x-own"
    assert "access-control-allow-credentials" not in answer.headers


async def test_a_request_keeps_its_id_when_it_is_a_decent_one(app_client: httpx.AsyncClient) -> None:
    given = await app_client.get("/health/live", headers={"X-Request-ID": "trace-0001"})
    assert given.headers["x-request-id"] == "trace-0001"
    for bad in ("x", "a b c d e f g h", "x" * 65, "line{}feed{}here"):
        answer = await app_client.get("/health/live", headers={"X-Request-ID": bad})
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_meters_count_by_template(app_client: httpx.AsyncClient) -> None:
    await app_client.get("/v1/secret-place/24.94,60.17")
    await app_client.request("PROPFIND", "/v1/routes")
    page = (await app_client.get("/metrics")).text
    assert 'stepfree_requests_total{method="GET",route="unmatched",status="404"}' in page
    assert 'method="other"' in page
    assert "stepfree_revision 0.0" in page
    assert "secret-place" not in page


@contextmanager
def real_logs(level: str = "info") -> Iterator[io.StringIO]:
    """Logs as the server sets them up, for a while; gives what is written."""
    root = logging.getLogger()
    handlers, kept = root.handlers[:], root.level
    with redirect_stderr(io.StringIO()) as written:
        start_logs(level)
        try:
            yield written
        finally:
            structlog.reset_defaults()
            root.handlers[:] = handlers
            root.setLevel(kept)
            logging.getLogger("stepfree").setLevel(logging.INFO)


async def test_logs_are_json_and_hold_no_place(app_client: httpx.AsyncClient) -> None:
    waypoints = [[24.94321, 60.16789], [24.9520, 60.1700]]
    with real_logs() as written:
        await ask(app_client, waypoints=waypoints)
        await app_client.get("/v1/nearby/24.94321,60.16789", params={"at": "24.94321,60.16789"})
        await app_client.post("/route", data={"from": "24.94321,60.16789", "to": "24.95,60.17", "profile": "walk"})
        logging.getLogger("uvicorn.error").warning("from the web server")
    logged = written.getvalue()
    lines = [json.loads(line) for line in logged.splitlines()]
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/v1/routes", "unmatched", "/route"]
    assert all(line["request_id"] for line in lines if line["event"] == "request")
    assert "from the web server" in {line["event"] for line in lines}
    assert "94321" not in logged
    assert "16789" not in logged


async def test_a_request_is_logged_as_everything_else_is(app_client: httpx.AsyncClient) -> None:
    """Its line is written past the logging library: same members, same clock, same destination, same level."""
    with real_logs() as written:
        await app_client.get("/health/live", headers={"X-Request-ID": "trace-0002"})
        structlog.get_logger("stepfree").info("other")
    line, other = (json.loads(line) for line in written.getvalue().splitlines())
    assert (line["request_id"], line["method"], line["route"], line["status"]) == (
        "trace-0002",
        "GET",
        "/health/live",
        200,
    )
    assert 0 <= line["ms"] < 10_000
    assert set(other) <= set(line)
    assert line["level"] == other["level"]
    assert line["timestamp"] <= other["timestamp"]
    assert len(line["timestamp"]) == len(other["timestamp"])
    with real_logs("warning") as written:
        await app_client.get("/health/live")
    assert not written.getvalue()
