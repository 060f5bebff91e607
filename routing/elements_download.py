"""Downloads a map: OSMnx finds the place, Overpass gives its elements; both through OSMnx's settings."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from urllib.parse import urlencode

import httpx
from shapely.geometry.base import BaseGeometry

from accessibility.refusals import Refused
from accessibility.tags.keys import kept
from routing.elements_overpass import query, read_answer
from routing.elements_patience import Patience, ask, free_in_s
from routing.elements_place import Bbox, bbox_area, find_place
from routing.elements_raw import Keep, Progress, RawMap, silent
from routing.elements_select import Elements, select

_MEMORY_BYTES = 1 << 30  # what Overpass may use for the query, when OSMnx's settings do not say


def download(
    place: str | None = None,
    bbox: Bbox | None = None,
    *,
    overpass_url: str | None = None,
    nominatim_url: str | None = None,
    keep: Keep = kept,
    patience: Patience | None = None,
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress = silent,
) -> RawMap:
    """The raw map of a named place, or of a box (west, south, east, north in degrees), from OpenStreetMap's servers.

    OSMnx's `settings` give the servers (unless named here), headers, timeout, cache folder and rate limits; an answer
    in the cache is used again, whatever its age. `progress` is called with "place", "download", "read" and "select".
    Raises `Refused`: "bbox_invalid", "area_too_large", "place_unknown", "download_failed", "map_unreadable",
    "map_empty".
    """
    if (place is None) == (bbox is None):
        raise ValueError("either a place or a bbox")
    outline = None if bbox is None else bbox_area(bbox)
    import osmnx  # takes seconds: only who downloads waits for it

    progress("place", 0.0)
    area = find_place(osmnx, place or "", nominatim_url) if outline is None else outline
    progress("place", 1.0)
    elements = _fetch(osmnx.settings, area, overpass_url, keep, patience or Patience(), sleep, progress)
    source = place or "bbox " + ",".join(f"{degrees:g}" for degrees in bbox or ())
    return select(elements, area=area, source=source, progress=progress)


def _fetch(
    settings: ModuleType,
    area: BaseGeometry,
    overpass_url: str | None,
    keep: Keep,
    patience: Patience,
    sleep: Callable[[float], None],
    progress: Progress,
) -> Elements:
    url = (overpass_url or settings.overpass_url).rstrip("/")
    maxsize = f"[maxsize:{settings.overpass_memory or _MEMORY_BYTES}]"
    text = query(area, settings.overpass_settings.format(timeout=int(settings.requests_timeout), maxsize=maxsize))
    remembered = _cache_file(settings, f"{url}/interpreter?{urlencode({'data': text})}")
    with contextlib.suppress(OSError, Refused):
        if remembered is not None and remembered.is_file():
            return read_answer(remembered.read_bytes(), keep)
    headers = {
        "User-Agent": settings.http_user_agent,
        "Referer": settings.http_referer,
        "Accept-Language": settings.http_accept_language,
    }
    timeout = httpx.Timeout(settings.requests_timeout + 15, connect=30)  # the server's own timeout comes first
    with httpx.Client(headers=headers, timeout=timeout, follow_redirects=True) as client:
        if settings.overpass_rate_limit:
            sleep(min(free_in_s(client, f"{url}/status"), patience.wait_max_s))
        answer = ask(client, f"{url}/interpreter", {"data": text}, patience, sleep, progress)
    progress("read", 0.0)
    elements = read_answer(answer, keep)
    progress("read", 1.0)
    if remembered is not None:
        _remember(remembered, answer)
    return elements


def _cache_file(settings: ModuleType, request: str) -> Path | None:
    """Where OSMnx would keep the answer to this request; None when it keeps none."""
    if not settings.use_cache:
        return None
    name = hashlib.sha1(request.encode(), usedforsecurity=False).hexdigest()
    return Path(settings.cache_folder) / f"{name}.json"


def _remember(path: Path, answer: bytes | bytearray) -> None:
    """Keeps an answer; a folder that cannot be written only costs a download next time."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.write_bytes(answer)
        draft.replace(path)
