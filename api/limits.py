"""From which address a request comes, as limits count it: the peer, or whom a trusted proxy says it speaks for."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from litestar import Request

from api.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def counted_address(request: Request[Any, Any, Any], trusted: Sequence[Network]) -> str | None:
    """The address limits count, None for a loopback peer without a forwarded address: it is exempt."""
    peer = request.scope.get("client")
    return address_of(peer[0] if peer else None, request.headers.getall("x-forwarded-for", []), trusted)


def address_of(peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str | None:
    """Walks the forwarded addresses from the nearest proxy outwards and stops at the first that is not trusted."""
    found = _read(peer)
    if found is None or (found.is_loopback and not forwarded):
        return None
    given = [part for line in forwarded for part in line.split(",")]
    while given and any(found in network for network in trusted):
        further = _read(given.pop())
        if further is None:
            break
        found = further
    return str(found)


def _read(text: str | None) -> Address | None:
    """One address, with or without a port; None for anything else. IPv4 inside IPv6 counts as IPv4."""
    plain = (text or "").strip().strip('"')
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        found = ipaddress.ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
