"""In which of its formats an endpoint answers: the query says, or else the Accept header."""

from __future__ import annotations

from typing import Any

from litestar import Request

from api import exports
from api.operations import JSON, Operation, quality

BY_NAME = {"geojson": exports.GEOJSON, "csv": exports.CSV, "gpx": exports.GPX, "json": JSON}


def chosen_format(request: Request[Any, Any, Any], operation: Operation, named: str | None = None) -> str:
    """The media type to answer in: the most wanted, of equals the first. `admit` has made sure that one is accepted."""
    if named is not None:
        return BY_NAME[named]
    wanted = request.headers.get("accept")
    if not wanted or wanted in ("*/*", operation.media):
        return operation.media
    return max((operation.media, *operation.more_media), key=lambda media: quality(wanted, media))
