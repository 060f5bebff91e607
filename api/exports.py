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
BOM = "\ufeff"


class Waypoint(Struct, frozen=True):
    """One place on a device: `name` is what it shows, `kind` what it is."""

    lon: float
    lat: float
    name: str
    note: str
    kind: str
    at: datetime | None = None


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
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gpx version="1.1" creator="stepfree" xmlns="http://www.topografix.com/GPX/1/1">',
        f"<metadata><name>{xml(title)}</name><copyright author={attribute(attribution)}/></metadata>",
    ]
    for one in found:
        time = f"<time>{moment(one.at)}</time>" if one.at is not None else ""
        lines.append(
            f'<wpt lat="{one.lat:.7f}" lon="{one.lon:.7f}">{time}<name>{xml(one.name)}</name>'
            f"<desc>{xml(one.note)}</desc><type>{xml(one.kind)}</type></wpt>"
        )
    return "\n".join([*lines, "</gpx>", ""])


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
