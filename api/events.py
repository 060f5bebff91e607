"""Server-sent events: one message per revision that changes routes (CONTRACT §5)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Request, get
from litestar.response import Stream
from msgspec import Meta, Struct

from accessibility.complaints.answers import Event
from accessibility.complaints.places import Box, bounds_of
from api.barriers_query import box_in
from api.errors import invalid
from api.operations import Operation, query_of
from api.running import Running, running

MEDIA = "text/event-stream"
LOOK_S = 0.25
COMMENT_S = 15.0
PAGE = 100  # revisions read at once: a slow client never makes the server hold more


class EventsQuery(Struct, frozen=True):
    """Where; without it everywhere."""

    bbox: Annotated[str, Meta(max_length=120, description="west,south,east,north")] | None = None


OPERATION = Operation(
    "Changes as they happen",
    description=(
        "Server-sent events, one message per revision; its id is the revision, so `Last-Event-ID` resumes where a lost "
        "connection stopped. A comment every 15 s keeps the connection open."
    ),
    query=EventsQuery, media=MEDIA, group="Reports and barriers", errors=("database_unavailable", "not_ready"),
)  # fmt: skip


@get("/v1/events", opt={"operation": OPERATION})
async def events(request: Request[Any, Any, Any]) -> Stream:
    here = running(request)
    bbox = query_of(request, EventsQuery).bbox
    last = request.headers.get("last-event-id", str(here.revision))
    if not last.isascii() or not last.isdecimal() or int(last) > 2**53:
        raise invalid("Last-Event-ID", "the id of the last event is wanted", code="bad_request")
    _ = here.reports  # without a database there is nothing to tell
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = messages(here, int(last), None if bbox is None else box_in(bbox))
    return Stream(told, media_type=MEDIA, headers=headers)


async def messages(here: Running, last: int, box: Box | None) -> AsyncIterator[bytes]:
    """Everything after revision `last`, for ever; reads from the database at the client's own pace."""
    yield b": stepfree\n\n"
    said = time.monotonic()
    while True:
        if here.revision > last:
            found = await here.reports.events_since(last, PAGE)
            last = min(here.revision, last + PAGE)
            for event in found:
                last = max(last, event.revision)
                if touches(event, box):
                    yield message(event)
                    said = time.monotonic()
        else:
            await asyncio.sleep(LOOK_S)
        if time.monotonic() - said >= COMMENT_S:
            yield b": still here\n\n"
            said = time.monotonic()


def touches(event: Event, box: Box | None) -> bool:
    """Whether anything of the event lies in the box."""
    if box is None:
        return True
    west, south, east, north = box
    for barrier in event.barriers:
        w, s, e, n = bounds_of(barrier.geometry)
        if w <= east and e >= west and s <= north and n >= south:
            return True
    return False


def message(event: Event) -> bytes:
    """One event on the wire; public fields only."""
    barriers = [
        {
            "id": barrier.id, "kind": barrier.kind, "standing": barrier.standing, "severity": barrier.severity,
            "active": barrier.active and not barrier.hidden, "geometry": barrier.geometry,
        }
        for barrier in event.barriers
    ]  # fmt: skip
    data = msgspec.json.encode({"revision": event.revision, "at": event.at, "barriers": barriers})
    return b"id: %d\nevent: barriers\ndata: %s\n\n" % (event.revision, data)


ROUTE_HANDLERS = [events]
