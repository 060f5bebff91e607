"""Which map keys change routes, for mappers: the project file that taginfo reads."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from accessibility.tags.taginfo import taginfo
from api.operations import Operation, json_answer

TAGINFO = Operation(
    "The map keys that are read",
    description="A project file for taginfo: every key that can change a route, and how.",
    answer=dict[str, Any],
    group="Map",
)


@get("/taginfo.json", opt={"operation": TAGINFO})
async def project_file(request: Request[Any, Any, Any]) -> Response[bytes]:
    home = str(request.base_url).rstrip("/")
    return json_answer(
        taginfo(data_url=f"{home}/taginfo.json", project_url=f"{home}/", contact_name="stepfree", contact_email="")
    )


ROUTE_HANDLERS = [project_file]
