"""Server-sent events: one message per revision that changes routes (CONTRACT §5)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from litestar import Request, get
from litestar.types import ASGIApp
from msgspec import Struct

from accessibility.complaints.places import Box
from accessibility.refusals import Refused
from api.auth import at_desk
from api.errors import invalid
from api.feed import Feed, Told
from api.operations import Operation, query_of
from api.queries import BoxText, box_in

MEDIA = "text/event-stream"
COMMENT_S = 15.0
SEND_WITHIN_S = 30.0
"""A client that takes nothing for so long is given up."""
LISTENERS_MAX = 1000
HEADERS = ((b"content-type", MEDIA.encode()), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"))

Send = Callable[[dict[str, Any]], Awaitable[None]]

log = structlog.get_logger("stepfree")


class EventsQuery(Struct, frozen=True):
    """Where; without it everywhere."""

    bbox: BoxText | None = None


OPERATION = Operation(
    "Changes as they happen",
    description=(
        "Server-sent events: one message per revision that changes routes, `{revision, at, barriers}`; its id is the "
        "revision. The header `Last-Event-ID` resumes after that revision, without it only what is new comes. A "
        "comment every 15 s keeps the connection open. Who reads too slowly is disconnected and resumes."
    ),
    query=EventsQuery,
    media=MEDIA,
    group="Reports and barriers",
    errors=("database_unavailable", "overloaded", "not_ready"),
    bearer="optional",
    headers=("Last-Event-ID",),
)


@get("/v1/events", opt={"operation": OPERATION})
async def events(request: Request[Any, Any, Any]) -> ASGIApp:
    bbox = query_of(request, EventsQuery).bbox
    box, last = None if bbox is None else box_in(bbox), _last_event(request)
    at = await at_desk(request)
    feed = at.here.feed
    if feed is None or feed.listeners >= LISTENERS_MAX:
        raise Refused("overloaded", "Too many listen already.", retry_after_s=30)
    known = at.here.revision
    after = known if last is None else min(last, known)
    silent = bool(request.scope["state"].get("head_only"))
    return _stream(_Listener(feed, after, box), silent)


def _last_event(request: Request[Any, Any, Any]) -> int | None:
    given = request.headers.get("last-event-id", "").strip()
    if given and not (given.isascii() and given.isdecimal() and len(given) <= 16):
        raise invalid("Last-Event-ID", "the id of the last event is wanted")
    return int(given) if given else None


class _Listener:
    """One client: where it is, and what it hears next."""

    def __init__(self, feed: Feed, last: int, box: Box | None) -> None:
        self._feed, self._last, self._box = feed, last, box
        self._caught_up = False
        self._comment_at = time.monotonic() + COMMENT_S

    async def next(self) -> bytes | None:
        """The next bytes, none while there is nothing to say; None when the client has to come back.

        That is when it fell behind, or the server stops.
        """
        feed = self._feed
        if feed.ended:
            return None
        if self._last < feed.oldest:
            if self._caught_up:
                return None
            told, self._last = await feed.read(self._last)
            return self._said(told)
        self._caught_up = True
        told = feed.since(self._last)
        self._last = max(self._last, feed.newest)
        if not told:
            await feed.beyond(self._last, max(0.0, self._comment_at - time.monotonic()))
        return self._said(told)

    def _said(self, told: list[Told]) -> bytes:
        said = [message for one in told if (message := one.message(self._box)) is not None]
        if time.monotonic() >= self._comment_at:
            self._comment_at += COMMENT_S
            said.append(b": still here\n\n")
        return b"".join(said)


def _stream(listener: _Listener, silent: bool) -> ASGIApp:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        """Talks until the client goes, is too slow, or the database is away: then it comes back by itself."""
        tasks = {asyncio.create_task(_gone(receive)), asyncio.create_task(_talk(listener, send, silent))}
        listener._feed.listeners += 1
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            listener._feed.listeners -= 1
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return answer


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _talk(listener: _Listener, send: Send, silent: bool) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
    said: bytes | None = b"retry: 2000\n: stepfree\n\n"
    try:
        while said is not None and not silent:
            if said:
                async with asyncio.timeout(SEND_WITHIN_S):
                    await send({"type": "http.response.body", "body": said, "more_body": True})
            said = await listener.next()
    except Refused as refused:
        log.warning("events_end", because=refused.code)
    except TimeoutError:
        log.info("events_end", because="slow")
        return
    await send({"type": "http.response.body", "body": b"", "more_body": False})


ROUTE_HANDLERS = [events]
