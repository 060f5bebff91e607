"""Lists as tables and waypoints: CSV that a spreadsheet opens without running anything, GPX that a device shows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from litestar import Response
from msgspec import Struct

CSV = "text/csv"
GPX = "application/gpx+xml"
GEOJSON = "application/geo+json"
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What a spreadsheet may take for a formula at the start of a cell."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
OPEN_DATABASE_LICENCE = "https://opendatacommons.org/licenses/odbl/1-0/"
BOM = "\ufeff"


class Waypoint(Struct, frozen=True):
    """One place on a device: `name` is what it shows, `kind` what it is."""

    lon: float
    lat: float
    name: str
    note: str
    kind: str
    at: datetime | None = None
    comment: str = ""


class Spot(Struct, frozen=True):
    """A place on a line."""

    lon: float
    lat: float


class Course(Struct, frozen=True):
    """A way on a device: `name` is what it shows; `points` are instructions in a route, bare places in a track."""

    name: str
    note: str
    kind: str
    points: Sequence[Waypoint | Spot]


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """CSV (RFC 4180) with a byte order mark; text that could be a formula is prefixed with `'`."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in columns])
    return out.getvalue()


def cell(value: Any) -> str:
    """One cell: nothing for None, RFC 3339 for a moment, numbers as they are, text that cannot run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return moment(value)
    text = str(value)
    return f"'{text}" if text.startswith(RUNS) else text


def waypoints(title: str, attribution: str, found: Iterable[Waypoint]) -> str:
    """GPX 1.1, in the order given."""
    return gpx(title, attribution, waypoints=found)


def gpx(
    title: str,
    attribution: str,
    *,
    note: str = "",
    at: datetime | None = None,
    waypoints: Iterable[Waypoint] = (),
    routes: Iterable[Course] = (),
    tracks: Iterable[Course] = (),
) -> str:
    """GPX 1.1: its schema wants waypoints, then routes, then tracks, and a fixed order inside each."""
    licence = f"<license>{OPEN_DATABASE_LICENCE}</license>" if "OpenStreetMap" in attribution else ""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gpx version="1.1" creator="stepfree" xmlns="http://www.topografix.com/GPX/1/1">',
        f"<metadata><name>{xml(title)}</name>{_said('desc', note)}"
        f"<copyright author={attribute(attribution)}>{licence}</copyright>{_time(at)}</metadata>",
        *(_point("wpt", one) for one in waypoints),
    ]
    for course in routes:
        lines += ["<rte>", _about(course), *(_point("rtept", one) for one in course.points), "</rte>"]
    for course in tracks:
        points = (_point("trkpt", one) for one in course.points)
        lines += ["<trk>", _about(course), "<trkseg>", *points, "</trkseg>", "</trk>"]
    return "\n".join([*lines, "</gpx>", ""])


def _about(course: Course) -> str:
    return f"<name>{xml(course.name)}</name>{_said('desc', course.note)}{_said('type', course.kind)}"


def _point(tag: str, one: Waypoint | Spot) -> str:
    place = f'<{tag} lat="{one.lat:.7f}" lon="{one.lon:.7f}"'
    if isinstance(one, Spot):
        return f"{place}/>"
    return (
        f"{place}>{_time(one.at)}<name>{xml(one.name)}</name>{_said('cmt', one.comment)}"
        f"<desc>{xml(one.note)}</desc><type>{xml(one.kind)}</type></{tag}>"
    )


def _time(at: datetime | None) -> str:
    return f"<time>{moment(at)}</time>" if at is not None else ""


def _said(tag: str, text: str) -> str:
    return f"<{tag}>{xml(text)}</{tag}>" if text else ""


def moment(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.isoformat().replace("+00:00", "Z")


def xml(text: str) -> str:
    """Text for XML 1.0: escaped, without the characters that XML cannot hold."""
    return escape(_NOT_XML.sub("", text))


def attribute(text: str) -> str:
    """A quoted attribute value."""
    return '"' + xml(text).replace('"', "&quot;") + '"'


def file_answer(text: str, media: str, name: str, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """A file to keep."""
    kept = {"Content-Disposition": f'attachment; filename="{name}"', **(headers or {})}
    return Response(text.encode(), media_type=media, headers=kept)
