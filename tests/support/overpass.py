"""A local server that plays Overpass and Nominatim: real HTTP, its answers worked out from an OSM file.

`Planet` holds a file's objects and evaluates the part of Overpass QL that this project writes, statement by statement,
with shapely; anything else in a query is answered with 400, as Overpass answers what it cannot read.
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import osmium
import shapely
from shapely import MultiLineString, Point, Polygon, box

Key = tuple[str, int]
_KINDS = {"node": "node", "way": "way", "rel": "relation"}
_SETTINGS = re.compile(r"\[out:json\]\[timeout:\d+\]\[maxsize:\d+\]$")
_QUERY = re.compile(r"(node|way|rel)(?:\.(\w+))?([\[(].*?)?(?:->\.(\w+))?$", re.DOTALL)
_FILTER = re.compile(r"\[[^\]]*\]|\((?:[^()\"]|\"[^\"]*\"|\(\))*\)")


class QueryError(ValueError):
    """A statement this player does not know."""


class Planet:
    """Every object of an OSM file, and what an Overpass query finds among them."""

    def __init__(self, path: str) -> None:
        self.objects: dict[Key, dict[str, Any]] = {}
        for item in osmium.FileProcessor(path):
            kind = {"n": "node", "w": "way", "r": "relation"}[item.type_str()]
            entry: dict[str, Any] = {"type": kind, "id": item.id}
            if kind == "node":
                entry |= {"lat": item.lat, "lon": item.lon}
            elif kind == "way":
                entry["nodes"] = [node.ref for node in item.nodes]
            else:
                entry["members"] = [{"type": _LONG[m.type], "ref": m.ref, "role": m.role} for m in item.members]
            if len(item.tags):
                entry["tags"] = dict(item.tags)
            self.objects[kind, item.id] = entry

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all nodes, and a little more."""
        nodes = [entry for (kind, _), entry in self.objects.items() if kind == "node"]
        lons, lats = [node["lon"] for node in nodes], [node["lat"] for node in nodes]
        return (min(lons) - 1e-5, min(lats) - 1e-5, max(lons) + 1e-5, max(lats) + 1e-5)

    def answer(self, query: str) -> dict[str, Any]:
        """Overpass's JSON answer to a query."""
        statements = _split(query)
        if not _SETTINGS.match(statements[0]):
            raise QueryError(statements[0])
        sets: dict[str, set[Key]] = {"_": set()}
        found: list[Key] | None = None
        for statement in statements[1:]:
            if statement.startswith("out "):
                if statement not in ("out body", "out body qt"):
                    raise QueryError(statement)
                found = sorted(sets["_"], reverse=True)  # real answers are not in the order of ids either
            else:
                self._run(statement, sets)
        if found is None:
            raise QueryError("no output")
        return {
            "version": 0.6,
            "generator": "Overpass API, played",
            "osm3s": {"timestamp_osm_base": "2019-04-21T09:50:14Z", "copyright": "see the file"},
            "elements": [self.objects[key] for key in found],
        }

    def _run(self, statement: str, sets: dict[str, set[Key]]) -> set[Key]:
        if union := re.fullmatch(r"\((.*)\)(?:->\.(\w+))?", statement, re.DOTALL):
            target = union.group(2) or "_"
            sets[target] = set().union(*(self._run(part, sets) for part in _split(union.group(1))))
        elif item := re.fullmatch(r"\.(\w+)", statement):
            return sets[item.group(1)]
        elif down := re.fullmatch(r"\.(\w+)\s*>\s*->\.(\w+)", statement):
            target = down.group(2)
            ways = {key for key in sets[down.group(1)] if key[0] == "way"}
            sets[target] = {key for way in ways for key in self._members(way)}
        elif query := _QUERY.fullmatch(statement):
            kind, source, filters, name = query.groups()
            target = name or "_"
            sets[target] = self._filtered(_KINDS[kind], sets[source] if source else None, filters or "", sets)
        else:
            raise QueryError(statement)
        return sets[target]

    def _filtered(self, kind: str, source: set[Key] | None, filters: str, sets: dict[str, set[Key]]) -> set[Key]:
        found = {key for key in (self.objects if source is None else source) if key[0] == kind}
        parts = _FILTER.findall(filters)
        if "".join(parts) != filters or (source is None and not parts):
            raise QueryError(filters)
        for part in parts:
            found = {key for key in found if self._passes(key, part, sets)}
        return found

    def _passes(self, key: Key, part: str, sets: dict[str, set[Key]]) -> bool:
        entry = self.objects[key]
        tags = entry.get("tags", {})
        if same := re.fullmatch(r'\["([^"]+)"="([^"]+)"\]', part):
            return tags.get(same.group(1)) == same.group(2)
        if like := re.fullmatch(r'\["([^"]+)"~"([^"]+)"\]', part):
            return like.group(1) in tags and re.search(like.group(2), tags[like.group(1)]) is not None
        if part == "(if:count_tags()>0)":
            return bool(tags)
        if few := re.fullmatch(r"\(if:count_members\(\)<=(\d+)\)", part):
            return len(entry["members"]) <= int(few.group(1))
        if step := re.fullmatch(r"\((bn|bw|r|w)\.(\w+)\)", part):
            return self._linked(key, step.group(1), frozenset(sets[step.group(2)]))
        return self._near(key, _area(part))

    def _linked(self, key: Key, step: str, others: frozenset[Key]) -> bool:
        if step in ("bn", "bw"):
            kind = "node" if step == "bn" else "way"
            return any(member in others and member[0] == kind for member in self._members(key))
        return key in self._all_members(others)

    def _all_members(self, others: frozenset[Key]) -> set[Key]:
        if getattr(self, "_last", None) is None or self._last[0] is not others:
            self._last = (others, {member for other in others for member in self._members(other)})
        return self._last[1]

    def _members(self, key: Key) -> Iterator[Key]:
        entry = self.objects[key]
        named = [("node", ref) for ref in entry.get("nodes", ())]
        named += [(member["type"], member["ref"]) for member in entry.get("members", ())]
        return (member for member in named if member in self.objects)

    def _near(self, key: Key, area: Polygon) -> bool:
        entry = self.objects[key]
        if key[0] == "node":
            return bool(area.intersects(Point(entry["lon"], entry["lat"])))
        nodes = [self.objects.get(("node", ref)) for ref in entry["nodes"]]
        places = [(node["lon"], node["lat"]) if node else None for node in nodes]
        if any(place and area.intersects(Point(place)) for place in places):
            return True
        lines = [pair for pair in pairwise(places) if None not in pair]
        return bool(lines) and bool(area.intersects(MultiLineString(lines)))


_LONG = {"n": "node", "w": "way", "r": "relation"}


@lru_cache
def _area(part: str) -> Polygon:
    if rectangle := re.fullmatch(r"\(([-\d.]+),([-\d.]+),([-\d.]+),([-\d.]+)\)", part):
        south, west, north, east = map(float, rectangle.groups())
        area = box(west, south, east, north)
    elif outline := re.fullmatch(r'\(poly:"([-\d. ]+)"\)', part):
        numbers = [float(word) for word in outline.group(1).split()]
        area = Polygon(zip(numbers[1::2], numbers[::2], strict=True))
    else:
        raise QueryError(part)
    shapely.prepare(area)
    return area


def _split(text: str) -> list[str]:
    """Statements, each without its semicolon, brackets and quotes respected."""
    found, depth, quoted, start = [], 0, False, 0
    for at, letter in enumerate(text):
        quoted ^= letter == '"'
        depth += (letter == "(") - (letter == ")") if not quoted else 0
        if letter == ";" and depth == 0 and not quoted:
            found.append(text[start:at].strip())
            start = at + 1
    if text[start:].strip() or depth or quoted:
        raise QueryError(text[start:])
    return found


@dataclass
class Reply:
    """An answer prepared for one request; `cut` breaks the connection off after that many bytes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class MapServer:
    """What the server was asked, and what it will say: prepared replies come first, then the planet's own."""

    url: str
    planet: Planet | None
    places: dict[str, list[dict[str, Any]]]
    script: deque[Reply] = field(default_factory=deque)
    pauses: list[float] = field(default_factory=list)  # for callers that note their waiting instead of doing it
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    status: str = "Connected as: 1\nCurrent time: 2026-01-01T00:00:00Z\nRate limit: 2\n2 slots available now.\n"

    def reply(self, path: str, form: dict[str, str]) -> Reply:
        if path == "/api/status":
            return Reply(body=self.status.encode())
        if self.script:
            return self.script.popleft()
        if path == "/search":
            return Reply(body=json.dumps(self.places.get(form["q"], [])).encode())
        if path != "/api/interpreter" or self.planet is None:
            return Reply(404)
        try:
            return Reply(body=json.dumps(self.planet.answer(form["data"])).encode())
        except QueryError as error:
            return Reply(400, f"<html>parse error: {error}</html>".encode())

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


@contextmanager
def map_server(
    planet: Planet | None = None, places: dict[str, list[dict[str, Any]]] | None = None
) -> Iterator[MapServer]:
    """A server on a free port of 127.0.0.1, for as long as the block runs."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server = MapServer(f"http://127.0.0.1:{httpd.server_address[1]}", planet, places or {})
    httpd.play = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._answer(parts.path, parts.query)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self._answer(urlsplit(self.path).path, self.rfile.read(length).decode())

    def _answer(self, path: str, form: str) -> None:
        server: MapServer = self.server.play  # type: ignore[attr-defined]
        fields = {name: values[0] for name, values in parse_qs(form).items()}
        server.asked.append((path, dict(self.headers.items()), fields))
        reply = server.reply(path, fields)
        self.send_response(reply.status)
        for name, value in ({"Content-Type": "application/json"} | reply.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: tests look at `asked`."""
