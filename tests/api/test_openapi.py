"""The API description is valid, true, and its example works; schemathesis looks for answers it does not promise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from litestar import Litestar
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.openapi import operations
from api.wire import RouteQuery
from tests.api.test_routes import QUERY
from tests.support.processes import Server, serving


async def _document(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


async def test_the_document_is_valid_openapi_3_1(app_client: httpx.AsyncClient) -> None:
    document = await _document(app_client)
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()
    names = [call["operationId"] for methods in document["paths"].values() for call in methods.values()]
    assert len(names) == len(set(names))


async def test_schemas_keep_their_bounds(app_client: httpx.AsyncClient) -> None:
    schemas = (await _document(app_client))["components"]["schemas"]
    query = schemas["RouteQuery"]
    assert query["additionalProperties"] is False
    assert set(query["required"]) == {"waypoints", "profile"}
    assert query["properties"].keys() == {field.encode_name for field in msgspec.structs.fields(RouteQuery)}
    assert (query["properties"]["waypoints"]["minItems"], query["properties"]["waypoints"]["maxItems"]) == (2, 25)
    kerb = schemas["LimitOverrides"]["properties"]["kerb_max_m"]
    assert {"type": "number", "minimum": 0, "maximum": 10} in kerb["anyOf"]


async def test_the_example_works_on_the_bundled_map(app_client: httpx.AsyncClient) -> None:
    document = await _document(app_client)
    body = document["paths"]["/v1/routes"]["post"]["requestBody"]["content"]["application/json"]
    answer = await app_client.post("/v1/routes", json=body["example"])
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["routes"][0]["summary"]["step_free"] is True


@pytest.mark.parametrize("path", ["/v1/profiles", "/health/live", "/health/ready"])
async def test_answers_match_their_schema(app_client: httpx.AsyncClient, path: str) -> None:
    document = await _document(app_client)
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(schema | {"components": document["components"]}).validate(
        (await app_client.get(path)).json()
    )


async def test_a_route_matches_its_schema(app_client: httpx.AsyncClient) -> None:
    document = await _document(app_client)
    schema = document["paths"]["/v1/routes"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator(schema | {"components": document["components"]})
    validator.validate((await app_client.post("/v1/routes", json=QUERY)).json())


async def test_a_route_is_described_in_every_format_it_comes_in(app_client: httpx.AsyncClient) -> None:
    document = await _document(app_client)
    content = document["paths"]["/v1/routes"]["post"]["responses"]["200"]["content"]
    assert list(content) == [
        *("application/json", "application/geo+json", "application/gpx+xml"),
        *("image/svg+xml", "image/png"),
    ]
    for media, changes in (("application/json", {"geometries": "polyline"}), ("application/geo+json", {})):
        validator = jsonschema.Draft202012Validator(content[media]["schema"] | {"components": document["components"]})
        answer = await app_client.post("/v1/routes", json=QUERY | changes, headers={"Accept": media})
        assert answer.headers["content-type"] == media
        validator.validate(answer.json())
        broken = answer.json() | {"attribution": 3}
        assert not validator.is_valid(broken)


def test_every_endpoint_below_v1_is_described(app: Litestar) -> None:
    described = {(path, method) for path, method, _ in operations(app)}
    undescribed = {
        (route.path, method)
        for route in app.routes
        for method in getattr(route, "methods", ())
        if route.path.startswith("/v1")
        and method != "OPTIONS"
        and (re.sub(r":\w+}", "}", route.path), method.lower()) not in described
    }
    assert described
    assert not undescribed


async def test_the_docs_need_no_other_host(app_client: httpx.AsyncClient) -> None:
    page = (await app_client.get("/docs")).text
    assert "<script" not in page
    loaded = re.findall(r"""<(?:link|img|source|iframe)[^>]*(?:href|src)=["']([^"']+)""", page)
    assert loaded == ["/static/page.css"]
    for code in ("no_route", "outside_map", "invalid_field"):
        assert f'id="{code}"' in page
    for path in (await _document(app_client))["paths"]:
        assert path in page


@pytest.fixture(scope="module")
def server(sample_map: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The whole server with its database."""
    with serving(sample_map, tmp_path_factory.mktemp("openapi")) as server:
        yield server


ENDLESS = "/v1/events"
"""Server-sent events: an answer that does not end cannot be judged as a whole."""


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_random_questions_get_what_the_description_promises(server: Server, mode: GenerationMode) -> None:
    """Made from the description, good ones and broken ones: never 5xx, never an answer it does not describe.

    (A good question may still be refused: its places may lie outside the map.)
    """
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json").exclude(path=ENDLESS)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        try:
            ask()
        except Unsatisfiable:
            assert operation.method == "get", "only what has no input cannot be asked wrongly"
    assert asked >= 100
