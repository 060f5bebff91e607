"""Around every request: its id, one log line, meters, CORS, HEAD, and `ETag` with 304 for what has not changed."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from api.logs import request_answered
from api.meters import Meters

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_REQUEST_ID = re.compile(rb"[A-Za-z0-9_.-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_EVERY_ANSWER = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Location, Retry-After, X-Request-ID"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (b"access-control-max-age", b"86400"),
)


class Middleware:
    """Wraps the whole app, so that a 404 is counted, logged and readable across origins like any other answer."""

    def __init__(self, app: App, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        asked = dict(scope["headers"])
        method = str(scope["method"])
        answer = _Answer(send, method, asked.get(b"if-none-match"), _request_id(asked.get(b"x-request-id")))
        scope["state"]["request_id"] = answer.request_id
        if method == "HEAD":
            scope["method"] = "GET"
            scope["state"]["head_only"] = True
        try:
            if method == "OPTIONS" and b"access-control-request-method" in asked:
                await answer.preflight(asked.get(b"access-control-request-headers", b""))
            else:
                await self._app(scope, receive, answer.send)
        finally:
            self._report(scope, method, answer, time.perf_counter() - began)

    def _report(self, scope: Scope, method: str, answer: _Answer, seconds: float) -> None:
        # The template, not the address: addresses and queries hold coordinates.
        route = str(scope.get("path_template", "unmatched"))
        named = method if method in _METHODS else "other"
        self._meters.answered(named, route, answer.status, seconds)
        request_answered(answer.request_id, named, route, answer.status, seconds)


class _Answer:
    """One answer on its way out. `status` 0 means none was sent."""

    def __init__(self, send: Send, method: str, known: bytes | None, request_id: str) -> None:
        self._send = send
        self._head_only = method == "HEAD"
        self._taggable = method in ("GET", "HEAD")
        self._known = known
        self._start: Message | None = None
        self.request_id = request_id
        self.status = 0

    async def send(self, message: Message) -> None:
        """Holds the head back until the first piece of body says whether the answer is whole and may be tagged."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            body = await self._begin(self._start, body, more)
            self._start = None
        await self._send({"type": "http.response.body", "body": b"" if self._head_only else body, "more_body": more})

    async def _begin(self, start: Message, body: bytes, more: bool) -> bytes:
        headers: Headers = [*start.get("headers", ()), *_EVERY_ANSWER, (b"x-request-id", self.request_id.encode())]
        self.status = start["status"]
        if self._taggable and self.status == 200 and not more:
            tag = b'"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"'
            headers.append((b"etag", tag))
            if self._known is not None and _matches(self._known, tag):
                self.status, body = 304, b""
                headers = [pair for pair in headers if pair[0] not in (b"content-length", b"content-type")]
        await self._send({**start, "status": self.status, "headers": headers})
        return body

    async def preflight(self, wanted: bytes) -> None:
        """Any page may ask anything: answers never depend on cookies, so nothing is given away."""
        self.status = 204
        allowed = [(b"access-control-allow-headers", wanted)] if wanted else []
        headers: Headers = [*_EVERY_ANSWER, *_PREFLIGHT, *allowed, (b"vary", b"Access-Control-Request-Headers")]
        await self._send({"type": "http.response.start", "status": 204, "headers": headers})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _matches(known: bytes, tag: bytes) -> bool:
    candidates = (part.strip().removeprefix(b"W/") for part in known.split(b","))
    return known.strip() == b"*" or any(part == tag for part in candidates)


def _request_id(given: bytes | None) -> str:
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode()
    return os.urandom(16).hex()
