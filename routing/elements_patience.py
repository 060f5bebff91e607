"""Asks a map server politely: waits when it is busy, takes no more than was agreed, gives up in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import msgspec

from accessibility.refusals import Refused
from routing.elements_raw import Progress

_BUSY = frozenset({429, 502, 503, 504})
_NEXT_SLOT = re.compile(r"in (\d+) seconds")


class Patience(msgspec.Struct, frozen=True):
    """How long to ask, and how much to take."""

    attempts: int = 5
    wait_s: float = 15.0  # after the first busy answer; doubles with every further one
    wait_max_s: float = 300.0
    answer_bytes: int = 1 << 30


def free_in_s(client: httpx.Client, status_url: str) -> float:
    """Seconds until the Overpass server has a free slot for us, by its status page; 0 when it does not say."""
    try:
        status = client.get(status_url).text
    except httpx.HTTPError:
        return 0.0  # the query itself will tell
    waits = [int(seconds) for seconds in _NEXT_SLOT.findall(status)]
    if "slots available now" in status or not waits:
        return 0.0
    return float(min(waits))


def ask(
    client: httpx.Client,
    url: str,
    form: Mapping[str, str],
    patience: Patience,
    sleep: Callable[[float], None],
    progress: Progress,
) -> bytearray:
    """The body of the server's answer to this form.

    Raises `Refused("download_failed")` when the server stays busy, refuses, breaks off or sends too much.
    """
    progress("download", 0.0)
    try:
        for attempt in range(patience.attempts):
            with client.stream("POST", url, data=form) as response:
                if response.status_code == httpx.codes.OK:
                    return _body(response, patience, progress)
                if response.status_code not in _BUSY:
                    raise _failed(f"answers {response.status_code} {response.reason_phrase}".rstrip())
                wait_s = _asked_wait_s(response) or patience.wait_s * 2**attempt
            if wait_s > patience.wait_max_s:
                raise _failed(f"is busy and asks to wait {wait_s:.0f} s: try again later")
            if attempt + 1 < patience.attempts:
                sleep(wait_s)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _failed(f"cannot be reached or broke off: {error or type(error).__name__}") from error
    raise _failed(f"is still busy after {patience.attempts} attempts: try again later")


def _body(response: httpx.Response, patience: Patience, progress: Progress) -> bytearray:
    body = bytearray()
    size = int(response.headers.get("Content-Length", "0").strip() or 0)
    for piece in response.iter_bytes(1 << 20):
        body += piece
        if len(body) > patience.answer_bytes:
            raise _failed(f"sends more than {patience.answer_bytes:,} bytes: choose a smaller area")
        progress("download", min(0.99, len(body) / size) if size else 0.5)
    progress("download", 1.0)
    return body


def _asked_wait_s(response: httpx.Response) -> float | None:
    """What `Retry-After` asks for, in seconds: it is a number of seconds or a date."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked[:9])
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _failed(why: str) -> Refused:
    return Refused("download_failed", f"The map server {why}.")
