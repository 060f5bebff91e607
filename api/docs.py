"""The API described for programs (`/openapi.json`) and for people (`/docs`, without any outside host)."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.response import Template

from api.body_examples import body_examples
from api.errors import COMMAND_LINE, PROBLEMS
from api.openapi import document
from api.operations import JSON, Operation
from api.running import running

OPENAPI = Operation("This description, as OpenAPI 3.1", group="About")


@get("/openapi.json", opt={"operation": OPENAPI})
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    return Response(msgspec.json.encode(described(request)), media_type=JSON)


@get("/docs")
async def docs(request: Request[Any, Any, Any]) -> Template:
    return Template("docs.html", context={"api": described(request), "problems": PROBLEMS, "commands": COMMAND_LINE})


def described(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The document of this app, made once."""
    state = request.app.state
    if "openapi" not in state:
        state["openapi"] = document(request.app, body_examples(running(request).example))
    found: dict[str, Any] = state["openapi"]
    return found


ROUTE_HANDLERS = [openapi, docs]
