"""Settings from the environment: names with the prefix `STEPFREE_`, read once at start, then frozen."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from accessibility.refusals import Refused

PREFIX = "STEPFREE_"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Settings(Struct, frozen=True):
    """What an operator may choose; every name is explained in docs/settings.md (a test holds them together)."""

    clock_offset_s: float = 0.0
    log_level: str = "info"
    outbound_allow: tuple[Network, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    timezone: str | None = None
    limits_memory_mb: int = 128
    smtp_url: str | None = None
    sms_webhook: str | None = None


NOT_IN_USE_YET = frozenset({"outbound_allow", "smtp_url", "sms_webhook"})
"""Accepted and checked, but nothing reads them yet: a start that sets one says so in its log."""


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings of this process; an unknown name or a value that cannot be read raises `Refused`."""
    given: dict[str, Any] = {}
    for name, text in sorted(environment.items()):
        if not name.startswith(PREFIX):
            continue
        key = name[len(PREFIX) :].lower()
        if key not in _READERS or name != PREFIX + key.upper():
            known = ", ".join(PREFIX + known.upper() for known in Settings.__struct_fields__)
            raise Refused("setting_unknown", f"There is no setting {name}. Known: {known}.", field=name)
        try:
            given[key] = _READERS[key](text.strip())
        except (ValueError, OSError) as error:
            raise Refused("setting_invalid", f"{name} cannot be read: {error}.", field=name) from error
    return Settings(**given)


def checked_for_host(settings: Settings, host: str) -> Settings:
    """The same settings, refused when they may not be used on a server that others can reach at `host`."""
    if settings.clock_offset_s and not is_loopback(host):
        raise Refused(
            "setting_refused",
            f"{PREFIX}CLOCK_OFFSET_S shifts every clock and is for tests only: it needs a loopback --host, not {host}.",
            field=f"{PREFIX}CLOCK_OFFSET_S",
        )
    return settings


def is_loopback(host: str) -> bool:
    """Whether a server bound to `host` can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def set_without_effect(settings: Settings) -> list[str]:
    """Environment names that were set although nothing reads them yet."""
    default = structs.asdict(Settings())
    chosen = structs.asdict(settings)
    return [PREFIX + name.upper() for name in sorted(NOT_IN_USE_YET) if chosen[name] != default[name]]


def _seconds(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or abs(value) > 10 * 366 * 86_400:
        raise ValueError("a number of seconds within ten years is wanted")
    return value


def _megabytes(text: str) -> int:
    value = int(text)
    if not 16 <= value <= 1_048_576:
        raise ValueError("from 16 to 1048576 megabytes are wanted")
    return value


def _level(text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("debug, info, warning or error is wanted")
    return text.lower()


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, OSError) as error:
        raise ValueError(f"no time zone is called {text!r}") from error


def _url(*schemes: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        if not text:
            return None
        found = urlsplit(text)
        if found.scheme not in schemes or not found.hostname:
            raise ValueError(
                f"an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)} is wanted"
            )
        return text

    return read


_READERS: Mapping[str, Callable[[str], object]] = {
    "clock_offset_s": _seconds,
    "log_level": _level,
    "outbound_allow": _networks,
    "trusted_proxies": _networks,
    "timezone": _zone,
    "limits_memory_mb": _megabytes,
    "smtp_url": _url("smtp", "smtps"),
    "sms_webhook": _url("http", "https"),
}
