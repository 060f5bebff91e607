"""The OpenAPI 3.1 document, made from the operations of the handlers and the schemas msgspec itself checks by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec import Struct

from api.errors import PROBLEM_JSON, PROBLEMS
from api.operations import JSON, Operation

_REF = "#/components/schemas/{name}"
_OF_EVERY_ENDPOINT = ("invalid_query", "bad_request", "not_acceptable", "internal_error")
_OF_EVERY_KEYED = ("idempotency_conflict",)
_OF_EVERY_BEARER = ("unauthorized",)
_BEARER: dict[str, list[dict[str, list[str]]]] = {
    "never": [],
    "optional": [{}, {"bearer": []}],
    "required": [{"bearer": []}],
}
_HEADERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {
        "description": "Made by the client; the same key with the same body gives the first answer again, for 24 h.",
        "schema": {"type": "string", "minLength": 16, "maxLength": 128, "pattern": "^[!-~]{16,128}$"},
    },
    "Last-Event-ID": {
        "description": "The revision after which to go on.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Accept-Language": {
        "description": "`en`, `zh-Hans` or `de`; English for any other.",
        "schema": {"type": "string"},
    },
}
_OF_EVERY_BODY = ("body_too_large", "unsupported_media_type", "malformed_json", "invalid_field", "body_incomplete")
_PATH_PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
_PATH_TYPES = {
    "int": {"type": "integer"},
    "uuid": {"type": "string", "format": "uuid"},
    "float": {"type": "number"},
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_WHO = "A key made by `stepfree key create`, or the `reporter_token` of a first report."

ABOUT = """\
Routes for people for whom a kerb, a slope or a step decides, on OpenStreetMap data.

Coordinates are `[longitude, latitude]` (WGS 84). Units are in the names: `_m` metres, `_s` seconds, `_mps` metres per
second. Inclines are fractions, positive uphill in the direction of travel. Times are RFC 3339 in UTC. Bodies are strict
JSON: an unknown field or query parameter, a number out of range, NaN or infinite is refused; of equal names in one
object the last counts. Every refusal is an RFC 9457 problem with a stable `code`. Every GET carries an `ETag`.
"""


class FieldError(Struct, frozen=True):
    """One input at fault: its dotted path and what is wrong with it."""

    field: str
    message: str


class ProblemAnswer(Struct, frozen=True):
    """An RFC 9457 problem; some codes carry further members."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None
    errors: list[FieldError] = []


def operations(app: Litestar) -> Iterator[tuple[str, str, Operation]]:
    """Every documented endpoint as (path as OpenAPI spells it, method in lower case, operation), in path order."""
    for route in sorted(app.routes, key=lambda route: route.path_format):
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            operation = handler.opt.get("operation")
            if operation is not None:
                for method in sorted(handler.http_methods & set(_METHODS), key=_METHODS.index):
                    yield _PATH_PARAMETER.sub(r"{\1}", route.path), method.lower(), operation


def document(app: Litestar, examples: Mapping[str, object]) -> dict[str, Any]:
    """The whole document, ready to encode; `examples` are bodies by "method path" that work on the map served."""
    found = list(operations(app))
    schemas = _Schemas(operation for _, _, operation in found)
    paths: dict[str, dict[str, Any]] = {}
    types = dict(pair for route in app.routes for pair in _PATH_PARAMETER.findall(route.path))
    for path, method, operation in found:
        paths.setdefault(path, {})[method] = _described(path, method, operation, schemas, types)
        if example := examples.get(f"{method} {path}"):
            paths[path][method]["requestBody"]["content"][JSON]["example"] = example
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "stepfree",
            "version": version("stepfree"),
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(operation.group for _, _, operation in found)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": _WHO}},
        },
    }


def one_or_more(kinds: Any) -> tuple[Any, ...]:
    """The types of one media type's bodies: one, or a tuple of them."""
    return kinds if isinstance(kinds, tuple) else (kinds,)


class _Schemas:
    """Schemas of all types of all operations, named once."""

    def __init__(self, found: Iterable[Operation]) -> None:
        kinds: list[Any] = [ProblemAnswer]
        for operation in found:
            more = (kind for shapes in operation.more_answers.values() for kind in one_or_more(shapes))
            shapes = (operation.body, operation.query, operation.answer, *more)
            kinds += [kind for kind in shapes if kind is not None]
        self._kinds = kinds
        schemas, self.components = msgspec.json.schema_components(kinds, ref_template=_REF)
        self._schemas = list(schemas)

    def of(self, kind: Any) -> dict[str, Any]:
        if isinstance(kind, tuple):
            return {"anyOf": [self.of(one) for one in kind]}
        return self._schemas[self._kinds.index(kind)]

    def properties(self, kind: Any) -> tuple[dict[str, Any], set[str]]:
        """Properties of a Struct and the names of the required ones."""
        schema = self.components[self.of(kind)["$ref"].rpartition("/")[2]]
        return schema["properties"], set(schema.get("required", ()))


def _described(
    path: str, method: str, operation: Operation, schemas: _Schemas, types: dict[str, str]
) -> dict[str, Any]:
    words = [part for part in re.split(r"\W+", path.removeprefix("/v1")) if part]
    described: dict[str, Any] = {
        "operationId": "_".join([method, *words]),
        "tags": [operation.group],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [
            *_path_parameters(path, types),
            *_query_parameters(operation, schemas),
            *({"name": name, "in": "header", "required": False} | _HEADERS[name] for name in operation.headers),
        ],
        "security": _BEARER[operation.bearer],
        "responses": _responses(operation, schemas),
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas.of(operation.body)}}}
    return described


def _path_parameters(path: str, types: dict[str, str]) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _PATH_TYPES.get(types[name], {"type": "string"}),
        }


def _query_parameters(operation: Operation, schemas: _Schemas) -> Iterator[dict[str, Any]]:
    if operation.query is not None:
        properties, required = schemas.properties(operation.query)
        for name, schema in properties.items():
            yield {"name": name, "in": "query", "required": name in required, "schema": schema}


def _codes(operation: Operation) -> list[str]:
    """Everything it may refuse with."""
    return [
        *dict.fromkeys(
            (
                *operation.errors,
                *(_OF_EVERY_BEARER if operation.bearer != "never" else ()),
                *(_OF_EVERY_KEYED if operation.keyed else ()),
                *_OF_EVERY_ENDPOINT,
                *(_OF_EVERY_BODY if operation.body is not None else ()),
            )
        )
    ]


def _responses(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    content: dict[str, dict[str, Any]] = {}
    for media in (operation.media, *operation.more_media):
        answer = operation.more_answers.get(media, operation.answer if media.endswith("json") else None)
        content[media.partition(";")[0]] = {} if answer is None else {"schema": schemas.of(answer)}
    responses: dict[str, Any] = {str(operation.status): {"description": operation.summary, "content": content}}
    codes = _codes(operation)
    for status in sorted({PROBLEMS[code].status for code in codes}):
        lines = [f"`{code}`: {PROBLEMS[code].meaning}" for code in codes if PROBLEMS[code].status == status]
        responses[str(status)] = {
            "description": "\n\n".join(lines),
            "content": {PROBLEM_JSON: {"schema": schemas.of(ProblemAnswer)}},
        }
    return responses
