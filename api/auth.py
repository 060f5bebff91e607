"""Who asks: the key or token that was sent, the Idempotency-Key under which it was sent, and the way to the desk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request

from accessibility.complaints.desk import Desk
from accessibility.complaints.people import Actor
from accessibility.refusals import Refused
from api.errors import invalid
from api.limits import counted_address
from api.running import Running, running

BEARER_MAX = 256

_KEY = re.compile(r"[\x21-\x7e]{16,128}")


@dataclass(frozen=True)
class AtDesk:
    """One request at the desk: who asks, from which counted address, when, and under which Idempotency-Key."""

    here: Running
    desk: Desk
    actor: Actor
    address: str | None
    now: datetime
    key: str | None


async def at_desk(request: Request[Any, Any, Any]) -> AtDesk:
    """The desk for this request.

    Raises Refused: `invalid_field` for a broken Idempotency-Key, `unauthorized` for a bearer nobody knows,
    `database_unavailable` (as every call of the desk may).
    """
    here = running(request)
    key, bearer = idempotency_key(request), bearer_of(request)
    desk = here.reports
    address = counted_address(request, here.settings.trusted_proxies)
    return AtDesk(here, desk, await desk.who(bearer, address), address, here.clock(), key)


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
    """The client's own name for this request, where the endpoint takes one."""
    operation = request.route_handler.opt.get("operation")
    given = request.headers.getall("idempotency-key", [])
    if not given or operation is None or not operation.keyed:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise invalid("Idempotency-Key", "16 to 128 visible ASCII characters are wanted, once")
    return str(given[0])
