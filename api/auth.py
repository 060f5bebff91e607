"""Who asks: the key or token that was sent, and the Idempotency-Key under which it was sent."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request

from accessibility.complaints.people import Actor
from accessibility.refusals import Refused
from api.errors import invalid
from api.limits import counted_address
from api.running import running

BEARER_MAX = 256

_KEY = re.compile(r"[\x21-\x7e]{16,128}")


async def actor_of(request: Request[Any, Any, Any]) -> Actor:
    """Who sent this request; `unauthorized` for a key or token nobody knows, `database_unavailable`."""
    here = running(request)
    address = counted_address(request, here.settings.trusted_proxies)
    return await here.reports.who(bearer_of(request), address)


def bearer_of(request: Request[Any, Any, Any]) -> str | None:
    """The key or token that was sent; `unauthorized` for another scheme or what cannot be one."""
    given = request.headers.get("authorization")
    if given is None:
        return None
    scheme, _, bearer = given.partition(" ")
    bearer = bearer.strip()
    if scheme.lower() != "bearer" or not bearer or len(bearer) > BEARER_MAX:
        raise Refused("unauthorized", "Send the key or token as `Authorization: Bearer KEY`.")
    return bearer


def idempotency_key(request: Request[Any, Any, Any]) -> str | None:
    """The client's own name for this request; raises `invalid_field` for what cannot be one."""
    given = request.headers.getall("idempotency-key", [])
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise invalid("Idempotency-Key", "16 to 128 visible ASCII characters are wanted, once")
    return str(given[0])
