"""Refusals and failures → RFC 9457 problems. The only file that knows which HTTP status a code has."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.routes import HTTPRoute
from msgspec import Struct

from accessibility.refusals import Refused

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 2
"""What a 429 or 503 tells clients when whoever raised it did not say better."""


class Problem(Struct, frozen=True):
    """What a code means to the world."""

    status: int
    title: str
    meaning: str


PROBLEMS: Mapping[str, Problem] = {
    "body_too_large": Problem(413, "Body too large", "The body is larger than this endpoint takes (1 MiB)."),
    "unsupported_media_type": Problem(415, "Unsupported media type", "The body must be sent as application/json."),
    "not_acceptable": Problem(406, "Not acceptable", "The Accept header asks for a format that is not offered here."),
    "body_incomplete": Problem(400, "Body incomplete", "The connection ended before the whole body had come."),
    "malformed_json": Problem(400, "Malformed JSON", "The body is not JSON: syntax, encoding, NaN or nesting."),
    "invalid_field": Problem(400, "Invalid field", "A field is unknown, missing, of the wrong type or out of range."),
    "invalid_query": Problem(400, "Invalid query", "A query parameter is unknown, repeated or out of range."),
    "bad_request": Problem(400, "Bad request", "Values contradict each other, or the request breaks a rule of HTTP."),
    "unknown_profile": Problem(400, "Unknown profile", "No profile has this id; `known` lists those there are."),
    "not_yet_supported": Problem(400, "Not yet supported", "The contract has this, this server not yet: leave it out."),
    "revision_unknown": Problem(400, "Revision unknown", "`min_revision` is beyond what the database has seen."),
    "unauthorized": Problem(401, "Unauthorized", "The key or token is missing or not known."),
    "forbidden": Problem(403, "Forbidden", "The key has not the role that this needs."),
    "not_found": Problem(404, "Not found", "Nothing is at this address."),
    "method_not_allowed": Problem(405, "Method not allowed", "This address exists but not for this method."),
    "no_route": Problem(404, "No route", "Nothing passable connects the places, not even with broken limits."),
    "idempotency_conflict": Problem(409, "Idempotency conflict", "This Idempotency-Key came with another body before."),
    "illegal_step": Problem(409, "Illegal step", "The complaint's state does not allow this step; see `allowed`."),
    "stale_version": Problem(409, "Stale version", "The complaint has moved on since; see `version`."),
    "already_answered": Problem(409, "Already answered", "Each reporter answers a callback once."),
    "outside_map": Problem(
        422, "Outside the map", "A waypoint is over 500 m from any walkable way; `waypoint` says which."
    ),
    "rate_limited": Problem(429, "Too many", "More was sent than one person or network may send; see Retry-After."),
    "not_yet_fresh": Problem(503, "Not yet fresh", "The routes did not reach `min_revision` within 2 s."),
    "database_unavailable": Problem(503, "Database unavailable", "What was asked needs the database, which is away."),
    "overloaded": Problem(503, "Overloaded", "More work came than this server can do; try again after Retry-After."),
    "not_ready": Problem(503, "Not ready", "The server has not loaded its map yet."),
    "internal_error": Problem(500, "Internal error", "Our fault. It was logged under `request_id`."),
}

COMMAND_LINE: Mapping[str, str] = {
    "setting_unknown": "An environment variable begins with STEPFREE_ but is no setting.",
    "setting_invalid": "A setting has a value that cannot be read.",
    "setting_refused": "A setting may not be used the way the server is started.",
    "argument_invalid": "An argument of the command cannot be read or cannot be used here.",
    "output_failed": "The file given to `--out` cannot be written.",
    "map_missing": "`--map` names nothing that exists.",
    "map_unreadable": "A map file is damaged, cut off, too large or of a format that is not read.",
    "map_empty": "A map holds no way that a person could walk on.",
    "map_foreign": "A folder is not a saved map of stepfree.",
    "map_damaged": "A saved map has a missing or changed file: build it again.",
    "map_outdated": "A saved map was written by another version of stepfree: build it again.",
    "map_target_taken": "The folder to write exists and is not a saved map.",
    "bbox_invalid": "A box is not west, south, east, north in degrees.",
    "area_too_large": "The area to download is larger than the map servers are asked for.",
    "place_unknown": "No area on the map has the name given to `--place`.",
    "download_failed": "The map servers did not answer as they should.",
    "secret_damaged": "The file with the server's secret in the data folder is not what it should be.",
    "database_schema": "The database was made by another version of stepfree.",
}
"""Codes that only ever end a command, never an HTTP request."""

_BY_STATUS: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media_type",
}

_log = structlog.get_logger("stepfree")


def invalid(field: str, message: str, *, code: str = "invalid_field") -> Refused:
    """A refusal of one input field, worded as the wire words it."""
    return Refused(code, f"{field}: {message}" if field else message, field=field)


def malformed(error: Exception) -> Refused:
    """What the decoder says about a body, as a refusal: `invalid_field` with the field's path, or `malformed_json`."""
    if isinstance(error, RecursionError):
        return Refused("malformed_json", "The body is nested too deeply.", field="body")
    if not isinstance(error, msgspec.ValidationError):
        said = str(error) if isinstance(error, msgspec.DecodeError) else "The body is not UTF-8."
        return Refused("malformed_json", said, field="body")
    message, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").removeprefix(".")
    for start in ("Object contains unknown field `", "Object missing required field `"):
        if message.startswith(start):
            field = f"{field}.{message[len(start) :].rstrip('`')}".lstrip(".")
    return invalid(field or "body", message)


def answer_refused(request: Request[Any, Any, Any], error: Refused) -> Response[bytes]:
    """A refusal with its code's status; an unlisted code is our own fault and logged as such."""
    if error.code not in PROBLEMS:
        return answer_unexpected(request, error)
    members = dict(error.details)
    headers = {}
    if PROBLEMS[error.code].status in (429, 503):
        headers["Retry-After"] = str(members.setdefault("retry_after_s", RETRY_AFTER_S))
    if PROBLEMS[error.code].status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if error.field is not None:
        members.setdefault("errors", [{"field": error.field, "message": error.message}])
    return problem(request, error.code, error.message, members, headers)


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's own refusals: no such address, no such method, a broken header."""
    code = _BY_STATUS.get(error.status_code)
    if code is None:
        return answer_unexpected(request, error)
    headers = {"Allow": ", ".join(sorted(_methods_at(request)))} if code == "method_not_allowed" else {}
    return problem(request, code, PROBLEMS[code].meaning, {}, headers)


def _methods_at(request: Request[Any, Any, Any]) -> set[str]:
    """The methods of the address, for the header that a 405 must carry."""
    path = request.scope["path"].rstrip("/") or "/"
    found: set[str] = set()
    for route in request.app.routes:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route.path_format))
        if isinstance(route, HTTPRoute) and re.fullmatch(pattern, path):
            found |= set(route.methods)
    return found | {"HEAD"} if "GET" in found else found


def answer_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A failure of ours: the place in the code goes to the log; the error's own words might quote a person's input."""
    frames = traceback.extract_tb(error.__traceback__)
    _log.error(
        "unexpected_error",
        request_id=_request_id(request),
        error=type(error).__name__,
        where=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    )
    return problem(request, "internal_error", PROBLEMS["internal_error"].meaning, {}, {})


def problem(
    request: Request[Any, Any, Any], code: str, detail: str, members: Mapping[str, object], headers: Mapping[str, str]
) -> Response[bytes]:
    """One `application/problem+json` answer."""
    known = PROBLEMS[code]
    content = {
        "type": f"/docs#{code}",
        "title": known.title,
        "status": known.status,
        "detail": detail,
        "code": code,
        "request_id": _request_id(request),
        **members,
    }
    return Response(
        msgspec.json.encode(content), status_code=known.status, media_type=PROBLEM_JSON, headers=dict(headers)
    )


def known_codes() -> Iterable[str]:
    """Every code that may leave this project."""
    return (*PROBLEMS, *COMMAND_LINE)


def _request_id(request: Request[Any, Any, Any]) -> str | None:
    found: str | None = request.scope["state"].get("request_id")
    return found


HANDLERS: dict[int | type[Exception], Any] = {
    Refused: answer_refused,
    HTTPException: answer_http,
    Exception: answer_unexpected,
}
